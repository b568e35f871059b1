"""Laws and bijectors of distrax: densities, divergences, draws with given noise, and a rounded logistic law."""

from unittest import mock

import distrax
import jax
import jax.numpy as jnp


def normal(mean, logvar):
    return distrax.MultivariateNormalDiag(mean, jnp.exp(logvar / 2))


def gaussian_log_density(x, mean, logvar):
    return normal(mean, logvar).log_prob(x)


def gaussian_kl(mean, logvar):
    return normal(mean, logvar).kl_divergence(normal(0 * mean, 0 * logvar))


def gaussian_kl_between(mean_q, logvar_q, mean_p, logvar_p):
    return normal(mean_q, logvar_q).kl_divergence(normal(mean_p, logvar_p))


def gaussian_reparameterization(mean, logvar, eps):
    with mock.patch("jax.random.normal", lambda key, shape, dtype: eps.reshape(shape)):
        return distrax.Normal(mean, jnp.exp(logvar / 2)).sample(seed=jax.random.key(0))


def bernoulli_log_likelihood(logits, x):
    law = distrax.Independent(distrax.Bernoulli(logits=logits), reinterpreted_batch_ndims=x.ndim - 1)
    return law.log_prob(x)


def categorical_kl(logits_p, logits_q):
    return distrax.Categorical(logits=logits_p).kl_divergence(distrax.Categorical(logits=logits_q))


def softmax(logits):
    return distrax.Categorical(logits=logits).probs


def log_softmax(logits):
    return distrax.Categorical(logits=logits).logits


def gumbel_max(logits, gumbel):
    with mock.patch("jax._src.random.core.gumbel", lambda *_, **__: gumbel):
        return distrax.Categorical(logits=logits).sample(seed=jax.random.key(0))


def discretized_logistic_log_likelihood(x, mean, log_scale, *, levels):
    """Its bins reach from the number below to a number: of bins around one the law is half lower. A level that is
    rounded itself, as x is, moves the law with it."""
    number = lambda y: (y + 1) / 2 * (levels - 1)
    level = jnp.round(number(x))
    law = distrax.Logistic(number(mean) - 0.5 + level - number(x), jnp.exp(log_scale) / 2 * (levels - 1))
    return distrax.Quantized(law, low=0.0, high=levels - 1.0).log_prob(level).reshape(len(x), -1).sum(1)


def gaussian_mixture_log_density(x, logits, means, factors, a, sigma):
    spread = a**2 * factors @ factors.mT + sigma**2 * jnp.eye(x.shape[1], dtype=x.dtype)
    parts = distrax.MultivariateNormalFullCovariance(a * means, spread)
    return distrax.MixtureSameFamily(distrax.Categorical(logits=logits), parts).log_prob(x)


def gaussian_mixture_score(x, *of):
    return jax.grad(lambda x: gaussian_mixture_log_density(x, *of).sum())(x)


def affine_transform(z, scale, shift):
    return distrax.Block(distrax.ScalarAffine(shift, scale), z.ndim - 1).forward_and_log_det(z)


def affine_coupling(x, log_scale, shift, *, direction):
    layer = distrax.Block(distrax.ScalarAffine(shift, log_scale=log_scale), x.ndim - 1)
    return layer.forward_and_log_det(x) if direction == "forward" else layer.inverse_and_log_det(x)


def log_abs_det(matrix):
    every = jax.vmap(lambda each: distrax.UnconstrainedAffine(each, each[0]).forward_log_det_jacobian(each[0]))
    return every(matrix)


PLAIN = ("gaussian_log_density", "gaussian_kl", "gaussian_kl_between", "gaussian_reparameterization",
         "bernoulli_log_likelihood", "categorical_kl", "softmax", "log_softmax", "gumbel_max", "affine_transform",
         "gaussian_mixture_log_density", "gaussian_mixture_score", "log_abs_det",
         "discretized_logistic_log_likelihood")
CANDIDATES = {
    **{name: {"function": globals()[name], "framework": "jax"} for name in PLAIN},
    "affine_coupling": {"function": affine_coupling, "framework": "jax", "fixed": {"scale": "exp"}},
}
