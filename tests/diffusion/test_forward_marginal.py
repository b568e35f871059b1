"""The forward process and what can be predicted of it."""

import numpy as np
import pytest

from refdgm.diffusion.forward_marginal import forward_marginal
from refdgm.diffusion.score_from_eps import eps_from_score, score_from_eps
from refdgm.diffusion.v_from_x0_eps import eps_from_v, v_from_x0_eps, x0_from_v
from refdgm.diffusion.x0_from_eps import eps_from_x0, x0_from_eps

from ..kit import verify

TestForwardMarginal = verify(forward_marginal)
TestX0FromEps = verify(x0_from_eps)
TestEpsFromX0 = verify(eps_from_x0)
TestVFromX0Eps = verify(v_from_x0_eps)
TestX0FromV = verify(x0_from_v)
TestEpsFromV = verify(eps_from_v)
TestScoreFromEps = verify(score_from_eps)
TestEpsFromScore = verify(eps_from_score)

ALPHA_PROD = np.array([0.04, 0.36, 0.64, 0.9999, 0.5])
SIGNAL, NOISE = np.sqrt(ALPHA_PROD)[:, None], np.sqrt(1 - ALPHA_PROD)[:, None]


@pytest.fixture
def pair(rng):
    """(x₀, ε)."""
    return rng.normal(size=(2, 5, 3))


class TestMarginalLaws:
    def test_a_triangle_of_squares(self):
        """ᾱ = 0.36: x_t = 0.6 x₀ + 0.8 ε. Kills: ᾱ or 1 − ᾱ without its root, the two exchanged."""
        got = forward_marginal(np.array([[1.0]]), np.array([[10.0]]), np.array([0.36]))
        np.testing.assert_allclose(got, [[8.6]], rtol=1e-15)

    def test_moments_by_enumeration(self):
        """ε = ±1 has the first two moments of the normal law: mean √ᾱ x₀, variance 1 − ᾱ exactly. Kills: a variance
        taken for a deviation, √(1 − ᾱ) replaced by 1 − √ᾱ."""
        x0 = np.array([[0.7, -1.9]] * 5)
        up, down = (forward_marginal(x0, sign * np.ones_like(x0), ALPHA_PROD) for sign in (1, -1))
        np.testing.assert_allclose((up + down) / 2, SIGNAL * x0, rtol=1e-14)
        np.testing.assert_allclose((up - down) ** 2 / 4, NOISE**2 + 0 * x0, rtol=1e-11)

    def test_steps_compose(self, rng):
        """Two steps of x ← √α x + √β ε, on deviations: ᾱ is the product of the α, and 1 − ᾱ = α₂ β₁ + β₂.
        Kills: α for ᾱ, sums of β for 1 − ᾱ."""
        beta = np.array([0.19, 0.36])
        x0, first, second = x, *_ = rng.normal(size=3)
        for step, eps in zip(beta, (first, second), strict=True):
            x = np.sqrt(1 - step) * x + np.sqrt(step) * eps
        deviation = np.sqrt((1 - beta[1]) * beta[0] + beta[1])
        eps = (np.sqrt((1 - beta[1]) * beta[0]) * first + np.sqrt(beta[1]) * second) / deviation
        got = forward_marginal(np.array([[x0]]), np.array([[eps]]), np.array([(1 - beta[0]) * (1 - beta[1])]))
        np.testing.assert_allclose(got, [[x]], rtol=1e-14)

    def test_one_number_belongs_to_one_example(self):
        """A batch as large as an example: a (B,) schedule that meets components in place of examples is caught."""
        x0 = np.arange(9.0).reshape(3, 3)
        got = forward_marginal(x0, 0 * x0, np.array([0.25, 0.04, 0.81]))
        np.testing.assert_allclose(got, np.array([[0.5], [0.2], [0.9]]) * x0, rtol=1e-15)


class TestPredictionLaws:
    """Right sides are the definitions of x_t and v in √ᾱ and √(1 − ᾱ), and closed forms for Gaussian data."""

    def test_each_returns_what_went_in(self, pair):
        """Kills: any sign, root or exchange of ᾱ and 1 − ᾱ that does not cancel."""
        x0, eps = pair
        xt, v = SIGNAL * x0 + NOISE * eps, SIGNAL * eps - NOISE * x0
        near = {"rtol": 1e-11, "atol": 1e-13}  # 1/√ᾱ and 1/√(1 − ᾱ) reach 100
        np.testing.assert_allclose(x0_from_eps(xt, eps, ALPHA_PROD), x0, **near)
        np.testing.assert_allclose(eps_from_x0(xt, x0, ALPHA_PROD), eps, **near)
        np.testing.assert_allclose(v_from_x0_eps(x0, eps, ALPHA_PROD), v, **near)
        np.testing.assert_allclose(x0_from_v(xt, v, ALPHA_PROD), x0, **near)
        np.testing.assert_allclose(eps_from_v(xt, v, ALPHA_PROD), eps, **near)

    def test_v_is_the_velocity_along_the_angle(self, pair):
        """v = dx_t/dφ with cos φ = √ᾱ, from finite differences of cos and sin. Kills: v = √ᾱ x₀ − √(1 − ᾱ) ε, −v."""
        x0, eps = pair
        phi, h = np.arccos(SIGNAL), 1e-5
        want = ((np.cos(phi + h) - np.cos(phi - h)) * x0 + (np.sin(phi + h) - np.sin(phi - h)) * eps) / (2 * h)
        np.testing.assert_allclose(v_from_x0_eps(x0, eps, ALPHA_PROD), want, rtol=1e-8, atol=1e-9)

    def test_turning_keeps_lengths(self, pair):
        """‖x_t‖² + ‖v‖² = ‖x₀‖² + ‖ε‖². Kills: 1 − ᾱ in place of its root."""
        x0, eps = pair
        xt = SIGNAL * x0 + NOISE * eps
        total = np.sum(xt**2 + v_from_x0_eps(x0, eps, ALPHA_PROD) ** 2, axis=1)
        np.testing.assert_allclose(total, np.sum(x0**2 + eps**2, axis=1), rtol=1e-14)

    @pytest.mark.parametrize("s2", [0.25, 1.0, 3.0])
    def test_gaussian_data(self, s2):
        """x₀ ~ N(μ, s²): x_t ~ N(√ᾱ μ, w), w = ᾱs² + 1 − ᾱ, so that the score is −(x_t − √ᾱ μ)/w, the best noise
        prediction √(1 − ᾱ)(x_t − √ᾱ μ)/w and E[x₀ | x_t] = μ + √ᾱ s² (x_t − √ᾱ μ)/w. All conversions must carry
        one into the other. Kills: the score's sign, 1 − ᾱ for its root, Tweedie without 1/√ᾱ."""
        mu, xt = 0.7, np.linspace(-2, 2, 5)[:, None]
        w = SIGNAL**2 * s2 + NOISE**2
        score, eps, x0 = (k * (xt - SIGNAL * mu) / w for k in (-1, NOISE, SIGNAL * s2))
        x0 = mu + x0
        v = SIGNAL * eps - NOISE * x0
        near = {"rtol": 1e-10, "atol": 1e-12}
        np.testing.assert_allclose(score_from_eps(eps, ALPHA_PROD), score, **near)
        np.testing.assert_allclose(eps_from_score(score, ALPHA_PROD), eps, **near)
        np.testing.assert_allclose(x0_from_eps(xt, eps, ALPHA_PROD), x0, **near)
        np.testing.assert_allclose(eps_from_x0(xt, x0, ALPHA_PROD), eps, **near)
        np.testing.assert_allclose(x0_from_v(xt, v, ALPHA_PROD), x0, **near)
        np.testing.assert_allclose(eps_from_v(xt, v, ALPHA_PROD), eps, **near)

    def test_the_schedule_s_cotangent_is_a_sum_over_one_example(self):
        """d/dᾱ √ᾱ = 1 at ᾱ = ¼: ⟨x_bar, x₀⟩ alone, for each example. Kills: a mean, a sum over the batch."""
        x0 = np.array([[1.0, 2.0], [3.0, 5.0]])
        _, pullback = forward_marginal.vjp(x0, 0 * x0, np.array([0.25, 0.25]))
        np.testing.assert_array_equal(pullback(np.ones((2, 2)))["alpha_prod"], [3.0, 8.0])
