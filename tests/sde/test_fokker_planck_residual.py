"""The residual of the Fokker–Planck equation."""

import numpy as np
import pytest

from refdgm.sde.fokker_planck_residual import fokker_planck_residual

from ..kit import verify

TestFokkerPlanckResidual = verify(fokker_planck_residual)

ENDS = {"vp": (0.1, 20.0), "sub_vp": (0.1, 20.0), "ve": (0.01, 50.0)}
X = np.linspace(-2.5, 2.5, 7)


def law(t, process):
    """κ, ς², a and g² of Song et al.; t may be complex."""
    low, high = ENDS[process]
    if process == "ve":
        grown = np.log(high / low)
        return 1 + 0 * t, low**2 * np.expm1(2 * t * grown), 0.0, 2 * grown * low**2 * np.exp(2 * t * grown)
    total, rate = low * t + (high - low) * t**2 / 2, low + t * (high - low)
    gone = -np.expm1(-total)
    more = 1 if process == "vp" else -np.expm1(-2 * total)
    return np.exp(-total / 2), gone if process == "vp" else gone**2, -rate / 2, rate * more


def mixture(x, t, process):
    """p of 0.3 N(−1, 0.25) + 0.7 N(0.5, 0.64) at time t, and its first derivatives over it; x or t may be complex."""
    kappa, var, _, _ = law(t, process)
    p = slope = 0.0
    for weight, mean, std in ((0.3, -1.0, 0.5), (0.7, 0.5, 0.8)):
        v = kappa**2 * std**2 + var
        part = weight * np.exp(-((x - kappa * mean) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v)
        p, slope = p + part, slope - part * (x - kappa * mean) / v
    return p, slope / p


def slope_of(f, x):
    """The derivative at a real number, without differences: f(x + ih) = f(x) + ih f'(x)."""
    return np.imag(f(x + 1e-30j)) / 1e-30


class TestLaws:
    @pytest.mark.parametrize("process", ENDS)
    @pytest.mark.parametrize("t", [0.01, 0.2, 0.6])
    def test_zero_for_a_mixture_that_the_process_carries(self, process, t):
        """∂_t and ∇·s by complex steps, of a mixture under three processes. Kills: every sign, the ½, g for g², ‖s‖² or
        ∇·f left out, the state for the drift."""
        _, _, a, g2 = law(t, process)
        p, score = mixture(X, t, process)
        rate = slope_of(lambda t: mixture(X, t, process)[0], t) / p
        bent = slope_of(lambda x: mixture(x, t, process)[1], X)
        args = rate, (a * X)[:, None], np.full(7, a), score[:, None], bent, np.full(7, np.sqrt(g2))
        size = np.abs(rate) + np.abs(a) * (1 + np.abs(X * score)) + g2 * (np.abs(bent) + score**2)
        assert np.all(np.abs(fokker_planck_residual(*args)) <= 1e-13 * size)

    def test_zero_for_a_gaussian_in_the_plane(self):
        """f = M x, with rotation, and S' = M S + S Mᵀ + g² I: ∂_t log p = ½ xᵀ S⁻¹ S' S⁻¹ x − ½ tr S⁻¹ S'. Kills: what
        is right in one dimension or for drifts along x alone, means over components."""
        m, s, g = np.array([[-0.5, 1.5], [-1.0, 0.25]]), np.array([[1.2, 0.4], [0.4, 0.7]]), 0.9
        x = np.array([[1.0, 0.5], [-0.3, 2.0], [0.0, -1.1]])
        inverse, moved = np.linalg.inv(s), m @ s + s @ m.T + g**2 * np.eye(2)
        score = -x @ inverse
        rate = np.einsum("bi,ij,bj->b", score, moved, score) / 2 - np.trace(inverse @ moved) / 2
        args = rate, x @ m.T, np.full(3, np.trace(m)), score, np.full(3, -np.trace(inverse)), np.full(3, g)
        np.testing.assert_allclose(fokker_planck_residual(*args), 0, atol=1e-14)

    def test_langevin_dynamics_keep_their_law(self, rng):
        """f = ½ g² s with rate 0, for any s: what makes Langevin dynamics a sampler. Kills: f = g² s."""
        score, bent, g = rng.normal(size=(4, 2, 3)), rng.normal(size=4), rng.normal(size=4)
        drift = (g**2)[:, None, None] / 2 * score
        args = np.zeros(4), drift, g**2 / 2 * bent, score, bent, g
        np.testing.assert_allclose(fokker_planck_residual(*args), 0, atol=1e-14)
        doubled = np.zeros(4), 2 * drift, g**2 * bent, score, bent, g
        want = g**2 / 2 * (bent + np.sum(score**2, axis=(1, 2)))
        np.testing.assert_allclose(fokker_planck_residual(*doubled), want, rtol=1e-12)

    def test_by_hand(self):
        """Rate 1, f = (2, −1), ∇·f = 3, s = (1, 4), ∇·s = −5, g = 2: 1 + 3 − 2 − 2 (−5 + 17). f_bar = r_bar s, s_bar =
        r_bar (f − 4 s), g_bar = −2·12 r_bar. Kills: a wrong sum that vanishes for solutions; every gradient's
        factor."""
        args = [np.array([1.0]), np.array([[2.0, -1.0]]), np.array([3.0]), np.array([[1.0, 4.0]]), np.array([-5.0]),
                np.array([2.0])]
        value, pullback = fokker_planck_residual.vjp(*args)
        np.testing.assert_array_equal(value, [-22])
        grads = pullback(np.array([0.5]))
        wanted = {"rate": [0.5], "divergence": [0.5], "score_divergence": [-1.0], "drift": [[0.5, 2.0]],
                  "score": [[-1.0, -8.5]], "diffusion": [-12.0]}
        for name, want in wanted.items():
            np.testing.assert_array_equal(grads[name], want)
