"""The logarithm of the mean of p(z) p(x | z) / q(z | x) over the draws, with log q in the noise."""

from refdgm.evidence.latent.elbo.definition import normal
from refdgm.evidence.primitives.bernoulli_log_likelihood.definition import (
    bernoulli_log_likelihood,
    bernoulli_log_likelihood__linear,
    bernoulli_log_likelihood__usual,
)
from refdgm.evidence.primitives.gaussian_log_density.definition import gaussian_log_density__usual
from refdgm.evidence.primitives.softmax.definition import log_sum_exp, log_sum_exp__usual


def of_noise(xp, noise, z, mean, logvar):
    """log q(z) in the noise that made z."""
    return normal(xp, noise, 0 * noise) - xp.sum(logvar, axis=1) / 2


def importance_weighted_bound(xp, x, eps, phi, theta, *, encoder, decoder, likelihood,
                              of_choices=bernoulli_log_likelihood, gathered=log_sum_exp, law=of_noise):
    """All draws one below the other; the density of q at z is that of the noise over the product of the deviations."""
    flat = lambda u: xp.reshape(u, (eps.shape[0] * eps.shape[1], u.shape[2]))
    code, size, noise = encoder(x, phi)[:, None, :], eps.shape[2], flat(eps)
    mean, logvar = code[:, :, :size], code[:, :, size:]
    z, data = flat(mean + xp.exp(logvar / 2) * eps), flat(x[:, None, :] + 0 * eps[:, :, :1])
    out = decoder(z, theta)
    given = of_choices(xp, out, data) if likelihood == "bernoulli" else normal(xp, data, out)
    taken = law(xp, noise, z, flat(mean + 0 * eps), flat(logvar + 0 * eps))
    logs = xp.reshape(given + normal(xp, z, 0 * z) - taken, eps.shape[:2])
    return gathered(xp, logs) - xp.log(0 * code[:, 0, 0] + eps.shape[1])


def importance_weighted_bound__usual(xp, x, eps, phi, theta, **options):
    return importance_weighted_bound(xp, x, eps, phi, theta, of_choices=bernoulli_log_likelihood__usual,
                                     gathered=log_sum_exp__usual, **options)


def importance_weighted_bound__linear(xp, x, eps, phi, theta, **options):
    return importance_weighted_bound(xp, x, eps, phi, theta, of_choices=bernoulli_log_likelihood__linear,
                                     gathered=log_sum_exp__usual, **options)


def importance_weighted_bound__of_the_draw(xp, x, eps, phi, theta, **options):
    """log q at z, by who has the law and no noise: z - mean has few digits where the deviation is small."""
    at_z = lambda xp, noise, z, mean, logvar: gaussian_log_density__usual(xp, z, mean, logvar)
    return importance_weighted_bound__usual(xp, x, eps, phi, theta, law=at_z, **options)
