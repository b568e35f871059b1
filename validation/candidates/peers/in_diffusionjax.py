"""Processes, reversed processes, their steps and losses of diffusionjax, their draws those of the question."""

from contextlib import contextmanager
from types import SimpleNamespace
from unittest import mock

import jax
import jax.numpy as jnp
from diffusionjax.sde import RSDE, VE, VP
from diffusionjax.solvers import EulerMaruyama
from diffusionjax.utils import get_exponential_sigma_function, get_linear_beta_function, get_loss

SAME = "for ve std = σ(t)"


def law_of(low, high, process):
    if process == "sub_vp":
        raise NotImplementedError("diffusionjax has no such process")
    if process == "ve":
        return VE(get_exponential_sigma_function(low, high))
    return VP(*get_linear_beta_function(low, high))


@contextmanager
def given(**draws):
    with mock.patch.multiple("jax.random", **{name: lambda *_, x=x, **__: x for name, x in draws.items()}):
        yield jax.random.key(0)


def sde_coefficients(t, low, high, *, process):
    drift, diffusion = law_of(low, high, process).sde(jnp.ones_like(t), t)
    return drift, diffusion


def perturbation_kernel(t, low, high, *, process):
    process = law_of(low, high, process)
    return process.mean_coeff(t), jnp.sqrt(process.variance(t))


def reverse_sde(drift, score, diffusion):
    return RSDE(lambda *_: score, lambda *_: (drift, diffusion)).sde(None, None)


def reverse_euler_maruyama(x, eps, times, h, slope, diffusion, theta, *, score):
    for n in range(len(h)):
        def forward(x, t, n=n):
            return slope[n] * x, diffusion[n] * jnp.ones(len(x))

        reversed_ = RSDE(lambda x, t: score(x, t, theta), forward)
        reversed_.prior = None
        solver = EulerMaruyama(reversed_, ts=jnp.arange(2.0))
        solver.dt = h[n]
        with given(normal=eps[:, n]) as key:
            x, _ = solver.update(key, x, times[n])
    return x


def continuous_score_matching(score, eps, t, low, high, *, process):
    """Its network gives minus the score, and would be asked at x_t, which is not formed."""
    loss = get_loss(law_of(low, high, process), SimpleNamespace(ts=jnp.zeros(1), t1=1.0),
                    SimpleNamespace(apply=lambda *_: -score), score_scaling=False,
                    likelihood_weighting=True, reduce_mean=False)
    with given(uniform=t, normal=eps) as key:
        return loss(None, key, jnp.zeros_like(eps))


CANDIDATES = {
    "sde_coefficients": {"function": sde_coefficients},
    "perturbation_kernel": {"function": perturbation_kernel, "convention": SAME},
    "reverse_sde": {"function": reverse_sde, "fixed": {"noise_scale": 1.0},
                    "convention": "the drift of τ = T − t, which increases"},
    "reverse_euler_maruyama": {"function": reverse_euler_maruyama, "fixed": {"noise_scale": 1.0}},
    "continuous_score_matching": {"function": continuous_score_matching, "fixed": {"weighting": "diffusion2"},
                                  "convention": SAME, "reduction": "mean"},
}
