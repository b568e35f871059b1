"""A law of NumPyro, and its bounds with given noise, for networks that are given."""

from unittest import mock

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import RenyiELBO, TraceMeanField_ELBO

numpyro.enable_validation(False)  # it gives shades between 0 and 1 the logarithm −∞

def normal(mean, logvar):
    return dist.Normal(mean, jnp.exp(logvar / 2)).to_event(1)


def bernoulli_log_likelihood(logits, x):
    return dist.Bernoulli(logits=logits).to_event(x.ndim - 1).log_prob(x)


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


BOUNDS = ("elbo", "importance_weighted_bound")
LOSS = {"framework": "jax", "reduction": "sum", "convention": "the negative bound, a loss"}
CANDIDATES = {
    "bernoulli_log_likelihood": {"function": bernoulli_log_likelihood, "framework": "jax"},
    **{name: {"function": globals()[name], **LOSS} for name in BOUNDS},
}
