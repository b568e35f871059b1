"""The logarithm of a partition function."""

from itertools import product
from math import gamma

import numpy as np
import pytest

from refdgm.energy.log_partition import log_partition

from ..kit import verify

TestLogPartition = verify(log_partition)

X = np.linspace(-12, 12, 1537)
SPACE = np.full(len(X), np.log(X[1] - X[0]))


class TestLaws:
    @pytest.mark.parametrize("c", [0.25, 1.0, 3.0])
    def test_a_quartic_energy(self, c):
        """E = c x⁴/4: Z = c^{−1/4} Γ(¼)/√2, so that d log Z/dc = −1/(4c), by the trapezium rule, which is exact to
        rounding here. Kills: e^{+E}, weights forgotten, averaged or not as logarithms, a gradient of the other sign."""
        energy = c * X[None] ** 4 / 4
        value, pullback = log_partition.vjp(energy, SPACE)
        np.testing.assert_allclose(value, np.log(c**-0.25 * gamma(0.25) / np.sqrt(2)), rtol=1e-13)
        of_c = np.sum(pullback(np.ones(1))["energy"] * X**4 / 4)
        np.testing.assert_allclose(of_c, -1 / (4 * c), rtol=1e-12)

    def test_a_gaussian_energy(self):
        """½ (x − 1)²/s² + 5: log √(2π s²) − 5; the mean of x under p is 1. Kills: a half taken twice, a temperature."""
        energy = (X[None] - 1) ** 2 / (2 * np.array([[0.25], [1.0]])) + 5
        value, pullback = log_partition.vjp(energy, SPACE)
        np.testing.assert_allclose(value, np.log(2 * np.pi * np.array([0.25, 1.0])) / 2 - 5, rtol=1e-13)
        np.testing.assert_allclose(-pullback(np.ones(2))["energy"] @ X, [1, 1], rtol=1e-12)

    @pytest.mark.parametrize("coupling", [-0.7, 0.3, 2.0])
    def test_a_ring_of_spins(self, coupling):
        """E = −J Σ s_i s_{i+1} on a ring of five: Z = λ₊⁵ + λ₋⁵ with 2 cosh J and 2 sinh J, the transfer matrix's own.
        Kills: e^{+E} (an odd ring tells), a mean over the states, the ground state alone."""
        spins = np.array(list(product((-1.0, 1.0), repeat=5)))
        energy = -coupling * np.sum(spins * np.roll(spins, 1, axis=1), axis=1)
        want = np.log((2 * np.cosh(coupling)) ** 5 + (2 * np.sinh(coupling)) ** 5)
        np.testing.assert_allclose(log_partition(energy[None], np.zeros(32)), [want], rtol=1e-14)

    def test_at_whole_numbers(self):
        """Weights 1, 2, 4 and factors 6, 3, ½: Z = 6 + 6 + 2, p = (3, 3, 1)/7, in both examples. Kills: every factor
        and sign, a mean over the batch, w for log w."""
        energy, log_weight = -np.log([[6, 3, 0.5]] * 2), np.log([1.0, 2.0, 4.0])
        value, pullback = log_partition.vjp(energy, log_weight)
        np.testing.assert_allclose(value, np.log([14, 14]), rtol=1e-15)
        g, p = pullback(np.array([7.0, 70.0])), np.array([3.0, 3.0, 1.0])
        np.testing.assert_allclose(g["energy"], [-p, -10 * p], rtol=1e-14)
        np.testing.assert_allclose(g["log_weight"], 11 * p, rtol=1e-14)

    def test_the_zero_of_energy(self, rng):
        """E + c lowers log Z by c, log w + c raises it, and both gradients sum to z_bar. Kills: a shift not given
        back."""
        energy, log_weight = rng.normal(size=(3, 7)), rng.normal(size=7)
        value, pullback = log_partition.vjp(energy, log_weight)
        for c in (-1000.0, 0.5, 1000.0):
            np.testing.assert_allclose(log_partition(energy + c, log_weight), value - c, rtol=1e-13)
            np.testing.assert_allclose(log_partition(energy, log_weight + c), value + c, rtol=1e-13)
        g = pullback(np.array([1.0, -2.0, 5.0]))
        np.testing.assert_allclose(np.sum(g["energy"], axis=1), [-1, 2, -5], rtol=1e-13)
        np.testing.assert_allclose(np.sum(g["log_weight"]), 4, rtol=1e-13)

    def test_impossible_states(self):
        """E = +∞ and log w = −∞ have no share. Kills: 0 · ∞."""
        value, pullback = log_partition.vjp(np.array([[0.0, np.inf, 1.0, 2.0]]), np.array([0.0, 0.0, 0.0, -np.inf]))
        np.testing.assert_allclose(value, np.log1p(np.exp(-1)), rtol=1e-14)
        g = pullback(np.ones(1))
        np.testing.assert_array_equal(g["energy"][0, [1, 3]] == 0, [True, True])
        np.testing.assert_array_equal(g["log_weight"][[1, 3]], [0, 0])
