"""Hutchinson's estimate by matfree, of a Jacobian that JAX's jvp is, and of probes that are given."""

import jax
from matfree.stochtrace import estimator_monte_carlo, monte_carlo_trace


def hutchinson_trace(x, probe, theta, *, score):
    def one(x, probes):
        estimate = estimator_monte_carlo(monte_carlo_trace(), lambda key: probes)
        return estimate(lambda v: jax.jvp(lambda z: score(z[None], theta)[0], (x,), (v,))[1], None)

    return jax.vmap(one)(x, probe)


CANDIDATES = {"hutchinson_trace": {"function": hutchinson_trace, "framework": "jax"}}
