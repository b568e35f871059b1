"""The log-likelihood of what is decoded from the nearest codes, less log K for every position."""

from refdgm.evidence import traced
from refdgm.evidence.latent.elbo.definition import normal
from refdgm.evidence.latent.vector_quantization.definition import code
from refdgm.evidence.primitives.bernoulli_log_likelihood.definition import (
    bernoulli_log_likelihood,
    bernoulli_log_likelihood__linear,
    bernoulli_log_likelihood__usual,
)


def vq_vae_elbo(xp, x, z, codebook, theta, *, decoder, likelihood, of_choices=bernoulli_log_likelihood, nearest=code):
    """Position after position: what the codes cost is added up as what the uniform prior gives each."""
    chosen = [codebook[nearest(xp, z[:, n], codebook)] for n in range(z.shape[1])]
    out = decoder(xp.concatenate(chosen, axis=1), theta)
    given = of_choices(xp, out, x) if likelihood == "bernoulli" else normal(xp, x, out)
    prior = 1 / (0 * x[:, 0] + codebook.shape[0])
    return given + xp.sum(xp.stack([xp.log(prior) for _ in range(z.shape[1])]), axis=0)


def held(xp, z, codebook):
    """Which is nearest has no slope."""
    return code(xp, traced.stopped(z), traced.stopped(codebook))


def vq_vae_elbo__usual(xp, x, z, codebook, theta, of_choices=bernoulli_log_likelihood__usual, **options):
    return vq_vae_elbo(xp, x, z, codebook, theta, of_choices=of_choices, nearest=held, **options)


def vq_vae_elbo__linear(xp, x, z, codebook, theta, **options):
    return vq_vae_elbo__usual(xp, x, z, codebook, theta, of_choices=bernoulli_log_likelihood__linear, **options)
