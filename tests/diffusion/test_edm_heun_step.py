"""Heun's step between noise levels."""

from itertools import pairwise

import numpy as np
import pytest

from refdgm.diffusion.edm_heun_step import edm_heun_step

from ..kit import verify

TestEdmHeunStep = verify(edm_heun_step)


def stepped(denoiser, x, sigma, sigma_next):
    """One step for one number, asking the denoiser where and when the algorithm does."""
    first = denoiser(x, sigma)
    euler = x + (sigma_next - sigma) * (x - first) / sigma
    second = denoiser(euler, sigma_next)
    return edm_heun_step(*(np.array([u]) for u in (x, first, second, sigma, sigma_next)))[0]


class TestLaws:
    def test_by_hand(self):
        """σ = 2 → 1 from x = 3: d = (3 − 1)/2 = 1, x_e = 2, d′ = (2 − 0)/1 = 2, x′ = 3 − (1 + 2)/2. Kills: d′ over σ,
        d′ at x, one slope alone, the mean of the predictions, a step from x_e."""
        assert edm_heun_step(*(np.array([u]) for u in (3.0, 1.0, 0.0, 2.0, 1.0)))[0] == 1.5

    @pytest.mark.parametrize("to", [5.0, 2.5, 1.0, 0.01])
    def test_a_slope_that_grows_with_the_level_is_integrated_exactly(self, to):
        """D = x − σ (aσ + b): x′ = x + a (σ′² − σ²)/2 + b (σ′ − σ). Kills: the weight ½ p of D′, which has order two as
        well, and every other weight; σ and σ′ exchanged."""
        a, b, x, sigma = 0.7, -1.3, 0.4, 3.0
        got = stepped(lambda z, s: z - s * (a * s + b), x, sigma, to)
        np.testing.assert_allclose(got, x + a * (to**2 - sigma**2) / 2 + b * (to - sigma), rtol=1e-13)

    def test_one_point_is_met_exactly(self, rng):
        """Data that are one point c: x′ = c + (σ′/σ)(x − c), and at σ′ → 0 the point. Kills: weights that do not sum
        to one."""
        c, x, sigma, to = rng.normal(size=3), rng.normal(size=(4, 3)), np.full(4, 7.0), np.array([6.0, 3.0, 0.5, 1e-9])
        got = edm_heun_step(x, c + 0 * x, c + 0 * x, sigma, to)
        np.testing.assert_allclose(got, c + (to / sigma)[:, None] * (x - c), rtol=1e-13)

    def test_gaussian_data_with_order_two(self):
        """Data N(0, v), D = v x/(v + σ²): the flow is x √(v + σ²), and the error falls fourfold with the step. Kills:
        slopes of which one is asked in another place, Euler's step."""
        v, x, start, end, errors = 0.3, 0.8, 4.0, 0.5, []
        for steps in (16, 32, 64):
            levels, z = np.linspace(start, end, steps + 1), x
            for sigma, to in pairwise(levels):
                z = stepped(lambda u, s: v * u / (v + s * s), z, sigma, to)
            errors.append(z - x * np.sqrt((v + end**2) / (v + start**2)))
        orders = np.log2(np.abs(np.array(errors[:-1]) / np.array(errors[1:])))
        np.testing.assert_allclose(orders, 2, atol=0.1)

    def test_levels_count_by_their_ratio_alone(self, rng):
        """Both levels times 3 change nothing, so σ σ_bar + σ′ σ_bar′ = 0. Kills: a level that is not differentiated
        wherever it stands."""
        x, first, second, bar = rng.normal(size=(4, 5, 3))
        sigma = rng.uniform(1, 3, size=5)
        to = sigma * rng.uniform(0.2, 0.9, size=5)
        value, pullback = edm_heun_step.vjp(x, first, second, sigma, to)
        np.testing.assert_allclose(edm_heun_step(x, first, second, 3 * sigma, 3 * to), value, rtol=1e-12)
        grads = pullback(bar)
        np.testing.assert_allclose(sigma * grads["sigma"] + to * grads["sigma_next"], 0, atol=1e-13)
        assert np.all(np.abs(grads["sigma"]) > 1e-4)
