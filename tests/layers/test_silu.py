"""Numbers that gate themselves."""

import math

import numpy as np
import pytest

from refdgm.layers.silu import gelu_tanh, silu

from ..kit import verify

TestSilu = verify(silu)
TestGeluTanh = verify(gelu_tanh)

BOTH = [silu, gelu_tanh]


def slope(ref, x):
    return ref.vjp(x)[1](np.ones_like(x))["x"]


def differences(ref, x, h=2.0**-10):
    """The slope by central differences of order four."""
    at = lambda k: ref(x + k * h)
    return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h)


class TestLaws:
    def test_where_the_exponentials_are_whole_numbers(self):
        """silu(log 3) = ¾ log 3, with the slope ¾ (1 + ¼ log 3). Kills: σ alone, either term of the slope, its sign."""
        x = np.log(np.array([3.0, 1 / 3, 1.0]))
        np.testing.assert_allclose(silu(x), [3 / 4 * x[0], x[1] / 4, 0], rtol=1e-15)
        np.testing.assert_allclose(slope(silu, x), [3 / 4 * (1 + x[0] / 4), (1 + 3 * x[1] / 4) / 4, 1 / 2], rtol=1e-15)

    def test_the_paper_s_form(self):
        """½ x (1 + tanh(√(2/π) (x + 0.044715 x³))) where it has its digits. Kills: √(π/2), no cube, no ½, σ(w/2)."""
        x = np.linspace(-2, 8, 41)
        want = [v / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (v + 0.044715 * v**3))) for v in x]
        np.testing.assert_allclose(gelu_tanh(x), want, rtol=1e-13)

    def test_near_the_exact_one(self):
        """Within 5·10⁻⁴ of x Φ(x), and not nearer. Kills: another constant."""
        x = np.linspace(-6, 6, 4001)
        apart = np.abs(gelu_tanh(x) - [v / 2 * math.erfc(-v / math.sqrt(2)) for v in x])
        assert 4.6e-4 < np.max(apart) < 4.8e-4

    @pytest.mark.parametrize("ref", BOTH)
    def test_a_number_and_its_negative(self, ref, rng):
        """y(x) − y(−x) = x, and slopes add up to one. Kills: any even function too many."""
        x = rng.normal(size=(5, 3)) * 3
        np.testing.assert_allclose(ref(x) - ref(-x), x, rtol=1e-13)
        np.testing.assert_allclose(slope(ref, x) + slope(ref, -x), 1, rtol=1e-13)

    @pytest.mark.parametrize("ref", BOTH)
    def test_the_slope_is_a_difference(self, ref):
        """Kills: a term of the slope forgotten, or 3 a x² for a x²."""
        x = np.linspace(-5, 5, 41)
        np.testing.assert_allclose(slope(ref, x), differences(ref, x), rtol=1e-9, atol=1e-10)

    def test_tails(self):
        """x e^{w}, where 1 + tanh is nothing: silu(−50) = −50 e⁻⁵⁰, gelu(−8). Kills: the form with tanh."""
        np.testing.assert_allclose(silu(np.array([-50.0, 50.0])), [-50 * math.exp(-50), 50], rtol=1e-15)
        w = math.sqrt(8 / math.pi) * (8 + 0.044715 * 512)
        np.testing.assert_allclose(gelu_tanh(np.array([-8.0])), [-8 * math.exp(-w)], rtol=1e-13)
        rate = math.sqrt(8 / math.pi) * (1 + 3 * 0.044715 * 64)
        np.testing.assert_allclose(slope(gelu_tanh, np.array([-8.0])), [(1 - 8 * rate) * math.exp(-w)], rtol=1e-13)

    @pytest.mark.parametrize("ref", BOTH)
    def test_far_out(self, ref):
        """Kills: ∞ · 0."""
        x = np.array([1e300, -1e300, 2000.0, -2000.0])
        np.testing.assert_array_equal(ref(x), np.maximum(x, 0))
        np.testing.assert_array_equal(slope(ref, x), x > 0)
