"""Laws and bounds of NumPyro: densities, divergences, mixtures, transforms, and its bounds with the question's noise,
for networks that are given."""

from unittest import mock

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.distributions import transforms
from numpyro.infer import RenyiELBO, TraceMeanField_ELBO

numpyro.enable_validation(False)  # it gives shades between 0 and 1 the logarithm −∞

def normal(mean, logvar):
    return dist.Normal(mean, jnp.exp(logvar / 2)).to_event(1)


def gaussian_log_density(x, mean, logvar):
    return normal(mean, logvar).log_prob(x)


def gaussian_kl(mean, logvar):
    return dist.kl_divergence(normal(mean, logvar), normal(0 * mean, 0 * logvar))


def gaussian_kl_between(mean_q, logvar_q, mean_p, logvar_p):
    return dist.kl_divergence(normal(mean_q, logvar_q), normal(mean_p, logvar_p))


def bernoulli_log_likelihood(logits, x):
    return dist.Bernoulli(logits=logits).to_event(x.ndim - 1).log_prob(x)


def categorical_kl(logits_p, logits_q):
    return dist.kl_divergence(dist.Categorical(logits=logits_p), dist.Categorical(logits=logits_q))


def gumbel_max(logits, gumbel):
    with mock.patch("jax._src.random.core.gumbel", lambda *_, **__: gumbel):
        return dist.Categorical(logits=logits).sample(jax.random.key(0))


def gaussian_mixture_log_density(x, logits, means, factors, a, sigma):
    spread = a**2 * factors @ factors.mT + sigma**2 * jnp.eye(x.shape[1], dtype=x.dtype)
    parts = dist.MultivariateNormal(a * means, covariance_matrix=spread)
    return dist.MixtureSameFamily(dist.Categorical(logits=logits), parts).log_prob(x)


def gaussian_mixture_score(x, *of):
    return jax.grad(lambda x: gaussian_mixture_log_density(x, *of).sum())(x)


def affine_transform(z, scale, shift):
    one = transforms.AffineTransform(shift, scale)
    x = one(z)
    return x, one.log_abs_det_jacobian(z, x).reshape(len(z), -1).sum(1)


def observed(x, out, likelihood):
    law = dist.Normal(out, 1.0) if likelihood == "gaussian" else dist.Bernoulli(logits=out)
    numpyro.sample("x", law.to_event(1), obs=x)


def bounded(bound, eps, model, guide):
    """Its particles one after the other, each with its own noise."""

    def each(one, keys):
        found = []
        for noise, key in zip(eps.swapaxes(0, 1), keys, strict=True):
            with mock.patch("jax.random.normal", lambda *_, noise=noise, **__: noise):
                found.append(one(key))
        return jax.tree.map(lambda *those: jnp.stack([jnp.asarray(it) for it in those]), *found)

    if eps.shape[1] == 1 and isinstance(bound, TraceMeanField_ELBO):  # then it asks for none
        with mock.patch("jax.random.normal", lambda *_, **__: eps[:, 0]):
            return bound.loss(jax.random.key(0), {}, model, guide)
    bound.vectorize_particles_fn = each
    return bound.loss(jax.random.key(0), {}, model, guide)


def pair(x, phi, theta, encoder, decoder, likelihood, beta):
    """A model of all examples at once, and its guide."""
    mean, logvar = jnp.split(encoder(x, phi), 2, -1)

    def model():
        with numpyro.plate("data", len(x)):
            with numpyro.handlers.scale(scale=beta):
                z = numpyro.sample("z", dist.Normal(jnp.zeros_like(mean), 1.0).to_event(1))
            observed(x, decoder(z, theta), likelihood)

    def guide():
        with numpyro.plate("data", len(x)), numpyro.handlers.scale(scale=beta):
            numpyro.sample("z", normal(mean, logvar))

    return model, guide


def elbo(x, eps, beta, phi, theta, *, encoder, decoder, likelihood):
    model, guide = pair(x, phi, theta, encoder, decoder, likelihood, beta)
    return bounded(TraceMeanField_ELBO(num_particles=eps.shape[1]), eps, model, guide)


def importance_weighted_bound(x, eps, phi, theta, *, encoder, decoder, likelihood):
    model, guide = pair(x, phi, theta, encoder, decoder, likelihood, 1.0)
    return bounded(RenyiELBO(alpha=0, num_particles=eps.shape[1]), eps, model, guide)


PLAIN = ("gaussian_log_density", "gaussian_kl", "gaussian_kl_between", "bernoulli_log_likelihood", "categorical_kl",
         "gumbel_max", "gaussian_mixture_log_density", "gaussian_mixture_score", "affine_transform")
BOUNDS = ("elbo", "importance_weighted_bound")
LOSS = {"framework": "jax", "reduction": "sum", "convention": "the negative bound, a loss"}
CANDIDATES = {
    **{name: {"function": globals()[name], "framework": "jax"} for name in PLAIN},
    **{name: {"function": globals()[name], **LOSS} for name in BOUNDS},
}
