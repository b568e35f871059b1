"""The density of the Concrete distribution."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.latent.concrete_log_density import concrete_log_density

from ..kit import verify
from ..refusal import refused

TestConcreteLogDensity = verify(concrete_log_density)


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def line(reach, step):
    """Nodes of the trapezoidal rule, exponentially accurate for what is analytic and decays."""
    return step * np.arange(-round(reach / step), round(reach / step) + 1)


def pairs(t):
    """Points of the simplex of two categories, by their log-odds."""
    return np.stack([sigmoid(t), sigmoid(-t)], axis=1)


def alike(row, count):
    return np.broadcast_to(np.asarray(row), (count, len(row))).copy()


class TestLaws:
    @pytest.mark.parametrize("tau", [0.3, 0.7, 2.5])
    def test_it_integrates_to_one(self, tau):
        """K = 2, over x = σ(t), dx = x (1 − x) dt. Kills: a normaliser with K log τ, without (K − 1)!, 1/τ."""
        t = line(60 / tau, 0.1)
        p = np.exp(concrete_log_density(pairs(t), alike([0.8, -0.5], len(t)), tau))
        np.testing.assert_allclose(0.1 * np.sum(p * sigmoid(t) * sigmoid(-t)), 1, rtol=1e-12)

    @pytest.mark.parametrize("tau", [0.6, 1.7])
    def test_it_integrates_to_one_over_a_triangle(self, tau):
        """K = 3, c = softmax(t₁, t₂, 0) of area c₁ c₂ c₃ dt. Kills: 1 or K!/K² for (K − 1)!, right for K = 2."""
        step = 0.25
        grid = line(36 / tau, step)
        t = np.stack([*np.meshgrid(grid, grid), np.zeros((len(grid), len(grid)))], axis=-1).reshape(-1, 3)
        e = np.exp(t - np.max(t, axis=1, keepdims=True))
        c = e / np.sum(e, axis=1, keepdims=True)
        p = np.exp(concrete_log_density(c, alike([0.3, -0.9, 1.1], len(c)), tau))
        np.testing.assert_allclose(step**2 * np.sum(p * np.prod(c, axis=1)), 1, rtol=1e-10)

    @pytest.mark.parametrize("tau", [0.3, 2.5])
    def test_two_categories_have_a_logistic_distribution(self, tau):
        """P(c₁ ≤ x) = σ(u), u = τ logit x − a, so p = τ σ(u) σ(−u) / (x (1 − x)). Kills: ℓ₁, ℓ₂ exchanged, −τ."""
        x, a = np.array([0.003, 0.2, 0.5, 0.9]), 1.3
        u = tau * np.log(x / (1 - x)) - a
        got = concrete_log_density(np.stack([x, 1 - x], axis=1), alike([a + 0.25, 0.25], 4), tau)
        want = tau * sigmoid(u) * sigmoid(-u) / (x * (1 - x))
        np.testing.assert_allclose(np.exp(got), want, rtol=1e-13)

    @pytest.mark.parametrize("tau", [0.4, 3.0])
    def test_where_all_shares_are_equal(self, tau):
        """ℓ = τ log c: p = (K−1)! τ^{K−1} K^{−K} / Π c. Kills: log Γ(K+1), a power K of τ; K from a wrong axis."""
        c = np.array([[1, 2, 3, 4, 6, 8, 8]]) / 32
        got, pullback = concrete_log_density.vjp(c, tau * np.log(c), tau)
        want = np.log(720.0) + 6 * np.log(tau) - 7 * np.log(7.0) - np.sum(np.log(c))
        np.testing.assert_allclose(got, [want], rtol=1e-13)
        grads = pullback(np.array([2.0]))
        np.testing.assert_allclose(grads["c"], -2 / c, rtol=1e-12)
        np.testing.assert_allclose(grads["logits"], 0, atol=1e-14)
        np.testing.assert_allclose(grads["tau"], 2 * 6 / tau, rtol=1e-12)

    def test_the_value_is_homogeneous_in_c_and_blind_to_shifts_of_the_logits(self, rng):
        """Σ c c_bar = −K p_bar and Σ ℓ_bar = 0. Kills: τ for τ + 1 in c_bar, c_bar projected, 1 − w for 1 − K w."""
        c, bar = rng.dirichlet(np.ones(5), size=4), rng.normal(size=4)
        _, pullback = concrete_log_density.vjp(c, rng.normal(size=(4, 5)), 0.7)
        grads = pullback(bar)
        np.testing.assert_allclose(np.sum(c * grads["c"], axis=1), -5 * bar, rtol=1e-12)
        np.testing.assert_allclose(np.sum(grads["logits"], axis=1), 0, atol=1e-14)

    def test_the_expected_score_is_zero(self):
        """E ∂ log p = 0 for ℓ and τ, by quadrature. Kills: a wrong constant in either, as τ_bar without (K − 1)/τ."""
        tau, step = 0.8, 0.1
        t = line(60 / tau, step)
        c, logits = pairs(t), alike([0.8, -0.5], len(t))
        log_p, pullback = concrete_log_density.vjp(c, logits, tau)
        weights = step * np.exp(log_p) * c[:, 0] * c[:, 1]
        grads = pullback(weights)
        np.testing.assert_allclose(np.sum(grads["logits"], axis=0), 0, atol=1e-13)
        np.testing.assert_allclose(grads["tau"], 0, atol=1e-12)

    def test_almost_equal_shares_keep_their_digits(self):
        """At the centre, for small logits, ℓ_bar is mean ℓ − ℓ. Kills: 1 − K w as it stands, off by 1e-4 of itself
        here."""
        logits = 1e-12 * np.array([[3.0, -1.0, 0.5, -0.25]])
        grads = concrete_log_density.vjp(np.full((1, 4), 0.25), logits, 0.5)[1](np.ones(1))
        np.testing.assert_allclose(grads["logits"], np.mean(logits) - logits, rtol=1e-9)

    def test_one_share_of_many_keeps_its_digits(self):
        """w = onehot: ℓ_bar = 1 − K w. Kills: log1p of a mean near −1, off by K roundings."""
        logits = np.full((1, 3001), -1000.0)
        logits[0, 7] = 0.0
        grads = concrete_log_density.vjp(np.full((1, 3001), 1 / 3001), logits, 0.5)[1](np.ones(1))
        np.testing.assert_allclose(grads["logits"], 1 - 3001.0 * (logits == 0), rtol=1e-14)

    def test_at_the_centre_the_logits_do_not_reach_the_temperature(self, rng):
        """All log c equal: τ_bar = (K − 1)/τ, tiny for a large τ. Kills: Σ ⟨ℓ_bar, log c⟩ as it stands, off by Σ ℓ_bar
        log K."""
        logits, bar = 3 * rng.normal(size=(8, 7)), np.full(8, 0.125)
        grads = concrete_log_density.vjp(np.full((8, 7), 1 / 7), logits, 1e8)[1](bar)
        np.testing.assert_allclose(grads["tau"], 6e-8, rtol=1e-14)

    def test_one_category_is_certain(self):
        """K = 1: p = 1. Kills: a log-factorial of K − 1 that is off by one."""
        assert concrete_log_density(np.ones((1, 1)), np.array([[0.7]]), 0.3) == [0.0]


class TestWhatIsAPointOfTheSimplex:
    C, LOGITS = np.array([[0.25, 0.75], [0.5, 0.5]]), np.zeros((2, 2))

    @pytest.mark.parametrize("bad", [0.0, -0.25, np.nan, np.inf])
    def test_entries_are_positive(self, bad):
        c = self.C.copy()
        c[1, 0] = bad
        said = refused(concrete_log_density, ArgumentError, "c must be positive and finite", c, self.LOGITS, 0.5)
        assert "at [1, 0]" in said and "higher temperature" in said

    @pytest.mark.parametrize("row", [[0.5, 0.51], [2.0, 6.0], [0.01, 0.02]])
    def test_rows_sum_to_one(self, row):
        c = np.array([[0.25, 0.75], row])
        said = refused(concrete_log_density, ArgumentError, "c must have rows that sum to one", c, self.LOGITS, 0.5)
        assert f"got the sum {sum(row):g} in row [1]; divide by the sum" in said
        with pytest.raises(ArgumentError, match="rows that sum to one"):
            concrete_log_density.validate(c, self.LOGITS, 0.5)

    def test_what_a_lower_precision_rounded_is_taken(self, rng):
        """A sample may have been stored in half precision; as it is, and widened."""
        bfloat16 = pytest.importorskip("ml_dtypes").bfloat16
        for dtype in (bfloat16, np.float16, np.float32):
            c, logits = rng.dirichlet(np.full(257, 3.0), size=100).astype(dtype), np.zeros((100, 257), dtype)
            for x, y in ((c, logits), (c.astype(np.float64), logits.astype(np.float64))):
                concrete_log_density.validate(x, y, 0.5)
                assert np.isfinite(np.asarray(concrete_log_density(x, y, 0.5), np.float64)).all()

    def test_values_unchecked_is_the_formula_anyway(self):
        """Off the simplex (2) still has its value: scaling c by a adds −K log a."""
        near, far = (concrete_log_density(x * self.C, self.LOGITS, 0.5, check_values=False) for x in (1, 8))
        np.testing.assert_allclose(far, near - 2 * np.log(8.0), rtol=1e-14)
