"""The law of a point of the data after a time."""

import numpy as np
import pytest

from refdgm.sde.perturbation_kernel import perturbation_kernel

from ..kit import verify

TestPerturbationKernel = verify(perturbation_kernel)

T = np.array([1e-4, 0.1, 0.3, 0.7, 1.0])
ENDS = {"vp": (0.1, 20.0), "sub_vp": (0.1, 20.0), "ve": (0.01, 50.0)}
processes = pytest.mark.parametrize("process", ENDS)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(60)


def integral(f, start, end):
    """By Gauss and Legendre."""
    half = (end - start) / 2
    return half * np.sum(WEIGHTS * f(start + half * (NODES + 1)))


def slope(t, process):
    """a(t) of Song et al.'s equations."""
    low, high = ENDS[process]
    return 0 * t if process == "ve" else -(low + t * (high - low)) / 2


def noise(t, process):
    """g(t)² of Song et al.'s equations."""
    low, high = ENDS[process]
    if process == "ve":
        return 2 * np.log(high / low) * (low * (high / low) ** t) ** 2
    rate = low + t * (high - low)
    return rate if process == "vp" else rate * -np.expm1(-2 * low * t - (high - low) * t**2)


class TestLaws:
    @processes
    def test_the_moments_are_those_of_the_equation(self, process):
        """κ = e^{∫a} and ς² = ∫ e^{2∫_s^t a} g² ds, the solution of dx = a x dt + g dw by variation of constants, by
        quadrature. Kills: every wrong factor in B, κ without ½, ς and ς² exchanged, sub_vp's root, σ for ve's ς."""
        got = perturbation_kernel(T, *ENDS[process], process=process)
        kept = [np.exp(integral(lambda s: slope(s, process), 0, t)) for t in T]
        np.testing.assert_allclose(got.scale, kept, rtol=1e-13)
        grown = [integral(lambda s, t=t: noise(s, process) * np.exp(
            [2 * integral(lambda u: slope(u, process), one, t) for one in s]), 0, t) for t in T]
        np.testing.assert_allclose(got.std**2, grown, rtol=1e-12)

    def test_the_variance_is_preserved_or_less(self):
        """vp: κ² + ς² = 1; sub_vp: ς = 1 − κ², less than vp's. Kills: the two processes exchanged."""
        (scale, std), (same, less) = (perturbation_kernel(T, 0.1, 20.0, process=p) for p in ("vp", "sub_vp"))
        np.testing.assert_array_equal(same, scale)
        np.testing.assert_allclose(scale**2 + std**2, 1, rtol=1e-15)
        np.testing.assert_allclose(less, 1 - scale**2, rtol=1e-11)
        np.testing.assert_allclose(less, std**2, rtol=1e-15)
        np.testing.assert_allclose(scale[-1] ** 2, np.exp(-10.05), rtol=1e-14)  # of 0.1 to 20, 4.3e-5

    @pytest.mark.parametrize("process", ["vp", "ve"])
    @pytest.mark.parametrize("start, end", [(0.25, 0.75), (0.1, 1.0)])
    def test_one_after_the_other(self, process, start, end):
        """From 0 to s, and then, as a process of its own with the ends that it has there, from s to t: scales multiply,
        variances add after the first has faded. Kills: ς = σ for ve (low² is counted twice), any other B."""
        low, high = ENDS[process]
        at = (lambda t: low + t * (high - low)) if process == "vp" else lambda t: low * (high / low) ** t
        share = end - start if process == "vp" else 1.0  # β is per time
        first, whole = (perturbation_kernel(np.array([t]), low, high, process=process) for t in (start, end))
        then = perturbation_kernel(np.ones(1), share * at(start), share * at(end), process=process)
        np.testing.assert_allclose(whole.scale, first.scale * then.scale, rtol=1e-13)
        np.testing.assert_allclose(whole.std**2, then.scale**2 * first.std**2 + then.std**2, rtol=1e-13)

    def test_the_two_deviations_of_ve(self):
        """ς² = σ² − low² is that of the equation: half of σ where σ = low·2/√3, all of it at the end. Kills: σ itself,
        σ − low."""
        early = np.log(2 / np.sqrt(3)) / np.log(5000)
        got = perturbation_kernel(np.array([early, 1.0]), 0.01, 50.0, process="ve").std
        np.testing.assert_allclose(got, [0.01 / np.sqrt(3), np.sqrt(2500 - 1e-4)], rtol=1e-12)

    @processes
    def test_the_gradient_of_time_is_the_equation(self, process):
        """κ' = a κ and ς' = (2 a ς² + g²)/(2ς). Kills: a gradient through κ alone, ς_bar taken for that of ς²."""
        (scale, std), pullback = perturbation_kernel.vjp(T, *ENDS[process], process=process)
        ones, none = np.ones(5), np.zeros(5)
        a, g2 = slope(T, process), noise(T, process)
        np.testing.assert_allclose(pullback(ones, none)["t"], a * scale, rtol=1e-13)
        want = (2 * a * std**2 + g2) / (2 * std)
        np.testing.assert_allclose(pullback(none, ones)["t"], want, rtol=1e-10, atol=1e-13)

    @processes
    def test_the_gradients_of_the_ends(self, process):
        """By Euler, ve's ς has degree one in low and high; of vp and sub_vp, d log κ/dB = −½ and B' in low and high are
        (2t − t²)/2 and t²/2. Kills: a mean for a sum, low and high exchanged, low's gradient through σ alone."""
        low, high = ENDS[process]
        (scale, std), pullback = perturbation_kernel.vjp(T, low, high, process=process)
        of_std, of_scale = pullback(np.zeros(5), np.ones(5)), pullback(np.ones(5), np.zeros(5))
        if process == "ve":
            np.testing.assert_allclose(low * of_std["low"] + high * of_std["high"], std.sum(), rtol=1e-12)
            by_high = np.sum(2 * T * (low * (high / low) ** T) ** 2 / high / (2 * std))
            np.testing.assert_allclose(of_std["high"], by_high, rtol=1e-12)
            return
        np.testing.assert_allclose(of_scale["low"], np.sum(-scale / 2 * (T - T**2 / 2)), rtol=1e-12)
        np.testing.assert_allclose(of_scale["high"], np.sum(-scale / 2 * T**2 / 2), rtol=1e-12)
        by_total = scale**2 / (2 * std) if process == "vp" else scale**2
        np.testing.assert_allclose(of_std["high"], np.sum(by_total * T**2 / 2), rtol=1e-12)


@processes
def test_float32_early(process):
    """√(1 − e^{−B}) of a difference is up to 2.4 % off at 1e-5, and zero at 1e-7."""
    early, ends = np.array([1e-7, 1e-5], np.float32), [np.float32(x) for x in ENDS[process]]
    got = perturbation_kernel(early, *ends, process=process).std
    want = perturbation_kernel(early.astype(float), *map(float, ends), process=process).std
    np.testing.assert_allclose(got, want, rtol=5e-7)
