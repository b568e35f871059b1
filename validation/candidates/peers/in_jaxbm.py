"""The chance of a unit of ±1 in jaxbm, as its sampler draws from it."""

from unittest import mock

import jax
import jax.numpy as jnp
from jaxbm._sampler import _bm_update


def boltzmann_conditional(y, W, b, temperature):
    units = jnp.arange(len(b))

    def chance(spins, unit):
        seen = []

        def drawn(key, p):
            seen.append(p)
            return p > 1 / 2

        with mock.patch("jax.random.bernoulli", drawn), mock.patch("jax.random.choice", lambda *_, **__: unit):
            _bm_update((W + W.T) / 2 / temperature, b / temperature, jax.random.key(0), spins, units, True)
        return seen[0]

    return jax.vmap(lambda spins: jax.vmap(lambda unit: chance(spins, unit))(units))(2 * y - 1)


CANDIDATES = {"boltzmann_conditional": {"function": boltzmann_conditional, "convention": "spins s = 2y − 1"}}
