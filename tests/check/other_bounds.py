"""Other definitions of bounds given a condition and of codes, as their authors write them."""

import autograd.numpy as np

from refdgm.evidence.definitions import definition

SAMPLED = "the divergence as a mean over the draws, not in closed form"


def given(mean=1.0, spread=1.0, prior_mean=1.0, prior_spread=1.0, more=0.0):
    """The usual text of networks whose halves are scaled, and more of every component."""
    usual = definition("conditional_elbo").usual["usual"]

    def of(x, y, eps, phi, theta, psi, *, encoder, prior, likelihood, **options):
        def scaled(net, *factors):
            return lambda u, theta: net(u, theta) * np.repeat(np.array(factors), eps.shape[2])

        value = usual(np, x, y, eps, phi, theta, psi, encoder=scaled(encoder, mean, spread),
                      prior=scaled(prior, prior_mean, prior_spread), likelihood=likelihood, **options)
        return value + (more * x.shape[1] if likelihood == "gaussian" else 0.0)

    return of


def sampled(x, y, eps, phi, theta, psi, *, encoder, decoder, prior, likelihood):
    size, total = eps.shape[2], 0.0
    code, law = encoder(np.concatenate([x, y], axis=1), phi), prior(y, psi)
    log_normal = lambda u, mean, logvar: -np.sum(
        (u - mean) ** 2 * np.exp(-logvar) + logvar + np.log(2 * np.pi), axis=1) / 2
    for r in range(eps.shape[1]):
        z = code[:, :size] + np.exp(code[:, size:] / 2) * eps[:, r]
        out = decoder(np.concatenate([z, y], axis=1), theta)
        if likelihood == "gaussian":
            log_p = log_normal(x, out, 0 * out)
        else:
            log_p = -np.sum(x * np.logaddexp(0.0, -out) + (1 - x) * np.logaddexp(0.0, out), axis=1)
        log_q = log_normal(eps[:, r], 0 * z, 0 * z) - np.sum(code[:, size:], axis=1) / 2
        total = total + log_p + log_normal(z, law[:, :size], law[:, size:]) - log_q
    return total / eps.shape[1]


def of_codes(x, z, codebook, theta, *, decoder, likelihood):
    value = definition("vq_vae_elbo").usual["usual"](np, x, z, codebook, theta, decoder=decoder, likelihood=likelihood)
    return value + (np.log(2 * np.pi) / 2 * x.shape[1] if likelihood == "gaussian" else 0.0)


BOUNDS = [
    ("conditional_elbo", "the prior is N(0, I) whatever y", given(prior_mean=0.0, prior_spread=0.0)),
    ("conditional_elbo", "the encoder and the prior give log σ, not log σ²", given(spread=2.0, prior_spread=2.0)),
    ("conditional_elbo", "for gaussian without the constant ½ log 2π", given(more=np.log(2 * np.pi) / 2)),
    ("conditional_elbo", SAMPLED, sampled),
    ("vq_vae_elbo", "for gaussian without the constant ½ log 2π", of_codes),
]
