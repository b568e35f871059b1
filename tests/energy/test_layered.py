"""What two-layer machines share: sums over the states between, in whatever form they are taken."""

import itertools

import numpy as np
import pytest

from refdgm.energy.layered import upper


@pytest.mark.parametrize("seed", range(40))
def test_upper_sums_over_the_states(seed):
    """Σ d(h) s and Σ d(h) s hᵀ as they stand, with laws from even to nearly certain and cotangents from 1 to 10⁴: each
    of the forms is the one with the smaller terms somewhere. Kills: a term of a form, which is seldom taken."""
    rng = np.random.Generator(np.random.Philox(key=seed))
    h = np.array(list(itertools.product([0.0, 1.0], repeat=5)))
    law = np.exp(h.sum(axis=1) * rng.uniform(-1, 6) + rng.normal(size=len(h)))
    law /= law.sum()
    d = rng.normal(size=len(h)) * law
    d = (d - law * d.sum()) * 10 ** rng.uniform(0, 4)
    W, c = rng.normal(size=(3, 5)) * 10 ** rng.uniform(-1, 0.5), 2 * rng.normal(size=3)
    on, off = (1 / (1 + np.exp(sign * (h @ W.T + c))) for sign in (-1, 1))
    alone, pairs = upper(d, d @ h, (h, 1 - h), law, W, (on, off), c)
    terms = d[:, None] * on
    np.testing.assert_allclose(alone, terms.sum(axis=0), rtol=0, atol=1e-14 * np.abs(terms).sum())
    np.testing.assert_allclose(pairs, terms.T @ h, rtol=0, atol=1e-14 * np.abs(terms).sum())
