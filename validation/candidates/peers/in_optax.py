"""Losses of optax: entropies of labels and between laws, squares, and the games' losses that its own make."""

import jax
import optax


def bernoulli_log_likelihood(logits, x):
    return optax.sigmoid_binary_cross_entropy(logits, x).reshape(len(x), -1).sum(1)


def categorical_kl(logits_p, logits_q):
    law, log_law = jax.nn.softmax(logits_p), jax.nn.log_softmax(logits_q)
    return optax.kl_divergence(log_law, law)


def fisher_divergence(score, target):
    return optax.l2_loss(score, target).reshape(len(score), -1).sum(1)


def gan_discriminator_loss(real, fake):
    loss = optax.sigmoid_binary_cross_entropy
    return loss(real, 0 * real + 1).mean() + loss(fake, 0 * fake).mean()


def gan_generator_loss(fake, *, objective):
    """The two that are entropies of a label."""
    if objective == "probability":
        raise NotImplementedError("optax has no such loss")
    label = 1.0 if objective == "non_saturating" else 0.0
    sign = 1 if objective == "non_saturating" else -1
    return sign * optax.sigmoid_binary_cross_entropy(fake, 0 * fake + label)


def hinge_discriminator_loss(real, fake):
    return optax.hinge_loss(real, 0 * real + 1).mean() + optax.hinge_loss(fake, 0 * fake - 1).mean()


def least_squares_discriminator_loss(real, fake):
    return optax.l2_loss(real, 0 * real + 1).mean() + optax.l2_loss(fake).mean()


CANDIDATES = {
    "bernoulli_log_likelihood": {"function": bernoulli_log_likelihood, "framework": "jax",
                                 "convention": "the negative log-likelihood, a loss"},
    "categorical_kl": {"function": categorical_kl, "framework": "jax"},
    "cross_entropy": {"function": optax.safe_softmax_cross_entropy, "framework": "jax",
                      "arguments": ["logits", "target"]},
    "fisher_divergence": {"function": fisher_divergence, "framework": "jax"},
    "gan_discriminator_loss": {"function": gan_discriminator_loss, "framework": "jax"},
    "gan_generator_loss": {"function": gan_generator_loss, "framework": "jax"},
    "hinge_discriminator_loss": {"function": hinge_discriminator_loss, "framework": "jax"},
    "least_squares_discriminator_loss": {"function": least_squares_discriminator_loss, "framework": "jax"},
}
