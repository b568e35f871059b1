"""Denoising score matching at a time of a process."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.sde.continuous_score_matching import continuous_score_matching

from ..kit import verify

TestContinuousScoreMatching = verify(continuous_score_matching)

ENDS = {"vp": (0.1, 20.0), "sub_vp": (0.1, 20.0), "ve": (0.01, 50.0)}
SIGNS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])  # (x_0, ε): all moments of a quadratic
pairs = pytest.mark.parametrize(("process", "weighting"), [
    (process, weighting) for process in ENDS for weighting in ("std2", "diffusion2", "one")])


def law(t, process):
    """κ, ς² and g² of Song et al."""
    low, high = ENDS[process]
    if process == "ve":
        grown = np.log(high / low)
        return 1 + 0 * t, low**2 * np.expm1(2 * t * grown), 2 * grown * low**2 * np.exp(2 * t * grown)
    total, rate = low * t + (high - low) * t**2 / 2, low + t * (high - low)
    gone = -np.expm1(-total)
    return np.exp(-total / 2), gone if process == "vp" else gone**2, rate * (
        1 if process == "vp" else -np.expm1(-2 * total))


def mean_loss(t, v, u, process, weighting):
    """E J over data N(0, v), of the score that is right for data N(0, u), by the signs of x_0 and ε."""
    kappa, var, _ = law(t, process)
    x = kappa * np.sqrt(v) * SIGNS[:, :1] + np.sqrt(var) * SIGNS[:, 1:]
    score = -x / (kappa**2 * u + var)
    args = score, SIGNS[:, 1:], np.full(4, t), *ENDS[process]
    return np.mean(continuous_score_matching(*args, process=process, weighting=weighting))


class TestLaws:
    @pairs
    @pytest.mark.parametrize("t", [1e-3, 0.3, 1.0])
    def test_what_is_left_at_the_optimum(self, process, weighting, t):
        """E J = ½ λ κ² v / (ς² (κ² v + ς²)) for the true score of data N(0, v). Kills: every wrong weight, ς² for ς
        under ε, the target's sign, g² of another process, σ(t) for ve's ς."""
        kappa, var, g2 = law(t, process)
        weight = {"std2": var, "diffusion2": g2, "one": 1.0}[weighting]
        want = weight * kappa**2 * 0.7 / (var * (kappa**2 * 0.7 + var)) / 2
        np.testing.assert_allclose(mean_loss(t, 0.7, 0.7, process, weighting), want, rtol=1e-10)

    @pytest.mark.parametrize("process", ENDS)
    def test_the_likelihood_weighting_counts_nats(self, process):
        """∫ (E J_q − E J_p) dt with λ = g² is KL(p_0‖q_0) − KL(p_1‖q_1), p and q the laws of data N(0, 0.7) and
        N(0, 0.3), by quadrature over the time. Kills: every wrong power of g, the ½, the weight g² on the noise."""

        def kl(v, u):
            return (v / u - 1 - np.log(v / u)) / 2

        nodes, weights = np.polynomial.legendre.leggauss(48)
        of_q, of_p = ([mean_loss(t, 0.7, u, process, "diffusion2") for t in (nodes + 1) / 2] for u in (0.3, 0.7))
        total = np.sum(weights / 2 * np.subtract(of_q, of_p))
        kappa, var, _ = law(1.0, process)
        want = kl(0.7, 0.3) - kl(kappa**2 * 0.7 + var, kappa**2 * 0.3 + var)
        np.testing.assert_allclose(total, want, rtol=1e-9)

    @pytest.mark.parametrize("process", ENDS)
    def test_the_noise_is_predicted(self, process, rng):
        """With s = −ε_hat/ς, std2 is ½ ‖ε − ε_hat‖² at every time, each example at its own, as many as components; with
        s = 0 the others are ½ g²/ς² ‖ε‖² and ½ ‖ε‖²/ς². Kills: times that meet components, a mean over components."""
        eps, predicted, t = rng.normal(size=(4, 4)), rng.normal(size=(4, 4)), np.array([1e-4, 0.1, 0.5, 1.0])
        _, var, g2 = law(t, process)
        got = continuous_score_matching(-predicted / np.sqrt(var)[:, None], eps, t, *ENDS[process], process=process,
                                        weighting="std2")
        np.testing.assert_allclose(got, np.sum((eps - predicted) ** 2, axis=1) / 2, rtol=1e-11)
        for weighting, factor in (("diffusion2", g2 / var), ("one", 1 / var)):
            got = continuous_score_matching(0 * eps, eps, t, *ENDS[process], process=process, weighting=weighting)
            np.testing.assert_allclose(got, factor * np.sum(eps**2, axis=1) / 2, rtol=1e-11)

    @pairs
    def test_the_gradient(self, process, weighting, rng):
        """s_bar = J_bar λ (s + ε/ς). Kills: s_bar without λ, without ε, of another weighting."""
        score, eps, t = rng.normal(size=(3, 2, 2)), rng.normal(size=(3, 2, 2)), np.array([0.01, 0.4, 0.9])
        _, var, g2 = (x[:, None, None] * np.ones((3, 2, 2)) for x in law(t, process))
        bar = np.array([1.0, -2.0, 0.5])
        got = continuous_score_matching.vjp(score, eps, t, *ENDS[process], process=process, weighting=weighting)[1](bar)
        weight = {"std2": var, "diffusion2": g2, "one": 1.0}[weighting]
        want = bar[:, None, None] * weight * (score + eps / np.sqrt(var))
        np.testing.assert_allclose(got["score"], want, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize(("word", "said"), [
    ("likelihood", "diffusion2"), ("sigma", "std2"), ("snr", "multiply"), ("min_snr", "min_snr_weight"),
])
def test_other_weightings_are_refused(word, said):
    with pytest.raises(ArgumentError, match=word) as error:
        continuous_score_matching(SIGNS, SIGNS, np.full(4, 0.5), 0.1, 20.0, process="vp", weighting=word)
    assert said in str(error.value)
