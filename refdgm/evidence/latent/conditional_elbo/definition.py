"""The mean log-likelihood of draws given a condition, less the divergence of the encoder's law from the prior's."""

from refdgm.evidence.latent.elbo.definition import normal
from refdgm.evidence.primitives.bernoulli_log_likelihood.definition import (
    bernoulli_log_likelihood,
    bernoulli_log_likelihood__linear,
    bernoulli_log_likelihood__usual,
)
from refdgm.evidence.primitives.gaussian_kl.definition import gaussian_kl_between, gaussian_kl_between__usual


def conditional_elbo(xp, x, y, eps, phi, theta, psi, *, encoder, decoder, prior, likelihood,
                     of_choices=bernoulli_log_likelihood):
    """One draw after the other."""
    size, many = eps.shape[2], eps.shape[1]
    code, law = encoder(xp.concatenate([x, y], axis=1), phi), prior(y, psi)
    mean, deviation = code[:, :size], xp.sqrt(xp.exp(code[:, size:]))
    divergence = gaussian_kl_between(xp, mean, code[:, size:], law[:, :size], law[:, size:])
    given = [decoder(xp.concatenate([mean + deviation * eps[:, r], y], axis=1), theta) for r in range(many)]
    each = [of_choices(xp, out, x) if likelihood == "bernoulli" else normal(xp, x, out) for out in given]
    return sum(each) / many - divergence


def conditional_elbo__usual(xp, x, y, eps, phi, theta, psi, *, encoder, decoder, prior, likelihood,
                            of_choices=bernoulli_log_likelihood__usual):
    """All draws through the decoder together, as so many examples; the divergence of log-variances."""
    code, law, (batch, many, size) = encoder(xp.concatenate([x, y], axis=1), phi), prior(y, psi), eps.shape
    mean, logvar = code[:, :size], code[:, size:]
    z = mean[:, None] + eps * xp.exp(logvar / 2)[:, None]
    flat = lambda u: xp.reshape(u, (batch * many, u.shape[2]))
    again = lambda u: flat(xp.stack([u] * many, axis=1))
    out = decoder(xp.concatenate([flat(z), again(y)], axis=1), theta)
    each = of_choices(xp, out, again(x)) if likelihood == "bernoulli" else normal(xp, again(x), out)
    divergence = gaussian_kl_between__usual(xp, mean, logvar, law[:, :size], law[:, size:])
    return xp.sum(xp.reshape(each, (batch, many)), axis=1) / many - divergence


def conditional_elbo__linear(xp, x, y, eps, phi, theta, psi, **options):
    return conditional_elbo__usual(xp, x, y, eps, phi, theta, psi, of_choices=bernoulli_log_likelihood__linear,
                                   **options)
