"""The logarithm of the mean of p(z) p(x | z) / q(z | x) over the draws, with log q in the noise."""

from refdgm.evidence.latent.elbo.definition import normal
from refdgm.evidence.primitives.bernoulli_log_likelihood.definition import (
    bernoulli_log_likelihood,
    bernoulli_log_likelihood__linear,
    bernoulli_log_likelihood__usual,
)
from refdgm.evidence.primitives.softmax.definition import log_sum_exp, log_sum_exp__usual


def importance_weighted_bound(xp, x, eps, phi, theta, *, encoder, decoder, likelihood,
                              of_choices=bernoulli_log_likelihood, gathered=log_sum_exp):
    """Draw by draw; the density of q at z is that of the noise over the product of the deviations."""
    code, size, logs = encoder(x, phi), eps.shape[2], []
    mean, logvar = code[:, :size], code[:, size:]
    for r in range(eps.shape[1]):
        noise = eps[:, r]
        z = mean + xp.exp(logvar / 2) * noise
        out = decoder(z, theta)
        given = of_choices(xp, out, x) if likelihood == "bernoulli" else normal(xp, x, out)
        law = normal(xp, noise, 0 * noise) - xp.sum(logvar, axis=1) / 2
        logs = [*logs, given + normal(xp, z, 0 * z) - law]
    return gathered(xp, xp.stack(logs, axis=1)) - xp.log(0 * code[:, 0] + len(logs))


def importance_weighted_bound__usual(xp, x, eps, phi, theta, **options):
    return importance_weighted_bound(xp, x, eps, phi, theta, of_choices=bernoulli_log_likelihood__usual,
                                     gathered=log_sum_exp__usual, **options)


def importance_weighted_bound__linear(xp, x, eps, phi, theta, **options):
    return importance_weighted_bound(xp, x, eps, phi, theta, of_choices=bernoulli_log_likelihood__linear,
                                     gathered=log_sum_exp__usual, **options)
