"""Rescaled guidance."""

import numpy as np
import pytest
from hypothesis import assume, given

from refdgm.diffusion.guidance_rescale import guidance_rescale

from ..kit import verify
from ..kit.drawing import cases
from ..kit.verify import along_a_direction


class TestGuidanceRescale(verify(guidance_rescale)):
    @given(case=cases(guidance_rescale, regimes=("unit",)))
    def test_pullback_is_the_slope_in_a_direction(self, case):
        """Not where two short numbers are drawn equal: an example of them has a pole there, no slope."""
        guided = case.arrays["input.guided"].reshape(case.arrays["input.guided"].shape[0], -1)
        assume(guided.shape[1] == 1 or np.all(np.ptp(guided, axis=1) > 0))
        along_a_direction(guidance_rescale, case)


PHIS = [0.0, 0.3, 0.7, 1.0]


@pytest.fixture
def predictions(rng):
    return 3 + rng.normal(size=(4, 3, 2)) * np.asarray([1.0, 5.0, 0.1, 2.0])[:, None, None], rng.normal(size=(4, 3, 2))


class TestLaws:
    @pytest.mark.parametrize("phi", PHIS)
    def test_the_deviation_is_the_mixture(self, predictions, phi):
        """std(y) = φ std(c) + (1 − φ) std(x) of each example, y parallel to x. Kills: φ exchanged with 1 − φ, the
        quotient turned over, variances for deviations, a deviation about zero, of a channel or of the batch.
        """
        guided, cond = predictions
        got = guidance_rescale(guided, cond, phi)
        of = lambda x: np.std(x, axis=(1, 2))
        np.testing.assert_allclose(of(got), phi * of(cond) + (1 - phi) * of(guided), rtol=1e-12)
        factor = got / guided
        np.testing.assert_allclose(factor, np.broadcast_to(factor[:, :1, :1], factor.shape), rtol=1e-12)
        assert np.all(factor > 0)

    def test_the_full_rescaling_forgets_the_scale_of_guidance(self, predictions):
        """φ = 1: λ x gives what x gives, so that x_bar is orthogonal to x; what is added to c does not count, so that
        c_bar sums to zero. Kills: the factor detached (x_bar = w y_bar), the mean not differentiated.
        """
        guided, cond = predictions
        want = guidance_rescale(guided, cond, 1.0)
        np.testing.assert_allclose(guidance_rescale(8.5 * guided, cond - 2, 1.0), want, rtol=1e-12)
        grads = guidance_rescale.vjp(guided, cond, 1.0)[1](np.cos(guided))
        for terms in (grads["guided"] * guided, grads["cond"]):
            assert np.all(abs(np.sum(terms, axis=(1, 2))) <= 1e-14 * np.sum(abs(terms), axis=(1, 2)))
        assert np.max(np.abs(grads["guided"])) > 0.01 < np.max(np.abs(grads["cond"]))

    @pytest.mark.parametrize("phi", PHIS)
    def test_euler_s_identity(self, predictions, phi):
        """y is of degree one in (x, c), of degree φ ρ in c: ⟨x_bar, x⟩ + ⟨c_bar, c⟩ = ⟨y_bar, y⟩ and ⟨c_bar, c⟩ = φ ρ
        ⟨y_bar, x⟩. Kills: the deviation of x or of c held fixed. """
        guided, cond = predictions
        bar = np.sin(cond + guided)
        got, pullback = guidance_rescale.vjp(guided, cond, phi)
        grads = pullback(bar)
        paired = lambda a, b: np.sum(a * b, axis=(1, 2))
        of_cond = phi * np.std(cond, axis=(1, 2)) / np.std(guided, axis=(1, 2)) * paired(bar, guided)
        np.testing.assert_allclose(paired(grads["cond"], cond), of_cond, rtol=1e-11, atol=1e-13)
        np.testing.assert_allclose(paired(grads["guided"], guided), paired(bar, got) - of_cond, rtol=1e-10, atol=1e-12)

    def test_two_numbers_by_hand(self):
        """x = (1, 4), c = (2, 3): ρ = ⅓; φ = ¾ gives w = ½. Kills: n − 1 on one side, ρ² for ρ."""
        got, pullback = guidance_rescale.vjp(np.asarray([[1.0, 4.0]]), np.asarray([[2.0, 3.0]]), 0.75)
        np.testing.assert_allclose(got, [[0.5, 2.0]], rtol=1e-15)
        np.testing.assert_allclose(pullback(np.asarray([[1.0, 1.0]]))["phi"], -5 * 2 / 3, rtol=1e-15)

    def test_predictions_that_agree_have_their_own_digits(self):
        """c = (1 + δ) x, δ = 2⁻⁴⁰: φ_bar = δ ⟨y_bar, x⟩. Kills: ρ − 1 formed from the quotient."""
        guided = np.asarray([[3.0, 5.0, 11.0]])
        phi_bar = guidance_rescale.vjp(guided, guided * (1 + 2.0**-40), 0.5)[1](np.ones((1, 3)))["phi"]
        np.testing.assert_allclose(phi_bar, 2.0**-40 * 19, rtol=1e-14)

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize("place", [0, 1])
    def test_an_element_that_outweighs_the_others_has_its_own_digits(self, dtype, place):
        """Of two elements, x_bar₁ = (1 − φ) y_bar₁ − φ ρ x₀ (y_bar₀ + y_bar₁)/(x₁ − x₀), here with φ = 1 and x₀ = 2⁻²⁰
        x₁, as small as x₀; and both where φ = ½. Kills: y_bar₁ − w_bar d₁/s² formed as it stands, which leaves no digit
        in single precision. """
        order = [1, 0] if place == 0 else [0, 1]
        of = lambda *numbers: np.asarray([numbers], dtype)[:, order]
        for phi in (1.0, 0.5):
            grads = guidance_rescale.vjp(of(2.0**-20, 1), of(3, 1), dtype(phi))[1](of(2, 5))["guided"][:, order][0]
            rho = 2 / (1 - 2.0**-20)
            want = [(1 - phi) * 2 + phi * rho * 7 / (1 - 2.0**-20),
                    (1 - phi) * 5 - phi * rho * 2.0**-20 * 7 / (1 - 2.0**-20)]
            np.testing.assert_allclose(grads, want, rtol=8 * np.finfo(dtype).eps)

    @pytest.mark.parametrize("phi", PHIS)
    def test_without_deviation_there_is_nothing_to_rescale(self, phi):
        """A constant and a single number come back as they are. Kills: 0/0."""
        for shape in ((2, 3), (2,), (2, 1, 1)):
            guided, cond, bar = np.full(shape, 0.1), np.ones(shape), np.full(shape, 2.0)
            cond.flat[0] = 7.0
            got, pullback = guidance_rescale.vjp(guided, cond, phi)
            np.testing.assert_array_equal(got, guided)
            grads = pullback(bar)
            np.testing.assert_array_equal(grads["guided"], bar)
            assert not np.any(grads["cond"]) and grads["phi"] == 0

    @pytest.mark.parametrize("phi", PHIS)
    def test_a_condition_without_deviation(self, phi):
        """s(c) = 0: y = (1 − φ) x, whose gradients are x_bar = (1 − φ) y_bar, φ_bar = −⟨y_bar, x⟩, and zero at the kink
        of s. Kills: another slope at the kink, φ_bar masked where s(c) = 0."""
        guided, cond, bar = np.asarray([[1.0, 4.0, -2.0]]), np.full((1, 3), 0.1), np.asarray([[2.0, 0.5, 1.0]])
        got, pullback = guidance_rescale.vjp(guided, cond, phi)
        np.testing.assert_allclose(got, (1 - phi) * guided, rtol=1e-15)
        grads = pullback(bar)
        np.testing.assert_allclose(grads["guided"], (1 - phi) * bar, rtol=1e-15)
        np.testing.assert_allclose(grads["phi"], -2.0, rtol=1e-14)
        assert not np.any(grads["cond"])

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_the_largest_numbers(self, predictions, dtype):
        """(±L, …) and (±L/4, …) near the end of the range: ρ = ¼, beside an example of ordinary size. Kills: a
        difference or a length that overflows (ρ silently 1 or 0), φ_bar in another unit."""
        large = dtype(1.5) * dtype(2.0) ** (127 if dtype is np.float32 else 1023)
        guided = np.stack([np.tile(np.asarray([large, -large]), 50), np.tile(np.asarray([3, 5], dtype), 50)])
        got, pullback = guidance_rescale.vjp(guided, guided / 4, dtype(0.5))
        np.testing.assert_array_equal(got, guided * dtype(0.625))
        bar = np.asarray([[1.0] + [0.0] * 99] * 2, dtype)
        grads = pullback(bar)
        np.testing.assert_allclose(grads["phi"], -0.75 * large, rtol=1e-6)
        away = np.tile(np.asarray([1, -1], dtype), 50) / 100
        for b, mean in enumerate((0, 4)):  # (x₀/s(x)) d(x)/s(x), with s(x)² = 100 (x₀ − mean)² for both
            of_s = away * (1 if mean == 0 else -3)
            np.testing.assert_allclose(grads["guided"][b], 0.625 * bar[b] - 0.5 / 4 * of_s, rtol=1e-5)
            np.testing.assert_allclose(grads["cond"][b], 0.5 * of_s, rtol=1e-5)
