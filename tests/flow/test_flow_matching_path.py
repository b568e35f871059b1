"""The straight path of flow matching."""

import numpy as np
import pytest

from refdgm.cases import draw
from refdgm.check.questions.question import Question, Terms
from refdgm.flow.flow_matching_path import flow_matching_path

from ..kit import verify

TestFlowMatchingPath = verify(flow_matching_path)

T = np.array([0.0, 0.125, 0.5, 0.75, 1.0])
SIGNS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])  # of (x₀, x₁): all moments of second order


@pytest.fixture
def pair(rng):
    return rng.normal(size=(2, 5, 3))


class TestLaws:
    def test_at_a_point(self):
        """x₀ = 8, x₁ = −4, t = ¼, σ = ½: k = 7/8, x_t = 7 − 1 = 6, u = −4 − 4 = −8; for x_bar_t = 2, u_bar = 3 x_bar₀ =
        7/4 − 3/2, x_bar₁ = 7/2, t_bar = −16, σ_bar = 8 · 7/2. Kills: t for 1 − t, σ in one of the two only, any
        sign."""
        x0, x1, two, three = (np.array([[number]]) for number in (8.0, -4.0, 2.0, 3.0))
        value, pullback = flow_matching_path.vjp(x0, x1, np.array([0.25]), 0.5)
        grads = pullback(two, three)
        assert [x.item() for x in value] == [6.0, -8.0]
        assert [grads[name].item() for name in ("x0", "x1", "t", "sigma_min")] == [0.25, 3.5, -16.0, 28.0]

    def test_its_ends(self, pair):
        """The noise itself at 0, the data and σ of it at 1. Kills: a path that runs backwards, σ at all times."""
        x0, x1 = pair
        for sigma in (0.0, 0.125, 1.0):
            np.testing.assert_array_equal(flow_matching_path(x0, x1, np.zeros(5), sigma).xt, x0)
            np.testing.assert_array_equal(flow_matching_path(x0, x1, np.ones(5), sigma).xt, sigma * x0 + x1)

    @pytest.mark.parametrize("sigma", [0.0, 0.25, 1.0])
    def test_the_target_is_the_velocity(self, pair, sigma):
        """(x_t(t + h) − x_t(t)) / h for a whole half of the way, for the path is straight. Kills: a target of another
        path, σ in one of the two only, the target towards the noise, a target that depends on t."""
        x0, x1 = pair
        t = T[:4] / 2
        (now, target), later = (flow_matching_path(x0[:4], x1[:4], at, sigma) for at in (t, t + 0.5))
        np.testing.assert_allclose((later.xt - now) * 2, target, rtol=1e-13, atol=1e-14)

    def test_the_paper_s_velocity_of_a_point(self, pair):
        """(x₁ − (1 − σ) x_t) / (1 − (1 − σ) t). Kills: what agrees at the ends alone, data less the point."""
        x0, x1 = pair
        for sigma in (1e-4, 0.3):
            xt, target = flow_matching_path(x0, x1, T, sigma)
            left = 1 - (1 - sigma) * T[:, None]
            np.testing.assert_allclose((x1 - (1 - sigma) * xt)[:4] / left[:4], target[:4], rtol=1e-12, atol=1e-12)

    @pytest.mark.parametrize("t", [0.0, 0.25, 0.5, 0.875, 1.0])
    def test_gaussian_data(self, t):
        """N(0, 1) to N(μ, v): E[u | x_t] = μ + (t v − (1 − t)) (x_t − t μ)/v_t, v_t = (1 − t)² + t² v, is the line of
        least squares, and four signs have its moments exactly. Kills: weights of equal variance, any wrong sign."""
        mu, v = 0.7, 2.25
        x0, x1 = SIGNS[:, :1], mu + np.sqrt(v) * SIGNS[:, 1:]
        xt, target = flow_matching_path(x0, x1, np.full(4, t), 0.0)
        variance = (1 - t) ** 2 + t**2 * v
        np.testing.assert_allclose(xt.mean(), t * mu, atol=1e-15)
        np.testing.assert_allclose(np.mean((xt - t * mu) ** 2), variance, rtol=1e-14)
        np.testing.assert_allclose(np.mean((xt - t * mu) * target), t * v - (1 - t), atol=1e-14)
        np.testing.assert_allclose(target.mean(), mu, rtol=1e-15)

    def test_pairs_move_together(self, pair):
        """Linear in the pair, and a shift of both ends shifts the point, and the target by σ of it. Kills: a constant,
        t in the place of x_t, a source of another example."""
        x0, x1 = pair
        xt, target = flow_matching_path(x0, x1, T, 0.25)
        moved = flow_matching_path(x0 + 1, x1 + 1, T, 0.25)
        np.testing.assert_allclose(moved.xt - xt, np.broadcast_to(1 + 0.25 * T[:, None], xt.shape), rtol=1e-13)
        np.testing.assert_allclose(moved.target - target, np.full(xt.shape, 0.25), rtol=1e-12)
        alone = flow_matching_path(x0[2:3], x1[2:3], T[2:3], 0.25)
        np.testing.assert_array_equal(alone.target, target[2:3])

    def test_the_other_direction_is_a_convention(self):
        """Data at time 0 and noise at 1, as Stable Diffusion 3 has it, answers to 1 − t with −u."""
        (name,) = flow_matching_path.conventions
        case = draw(flow_matching_path, 1)
        asked = Question(flow_matching_path, case, Terms(("xt", "target"), ("x0", "x1", "t"), convention=name))
        given = asked.asked()
        noise, data, tau = (given[f"input.{one}"] for one in ("x0", "x1", "t"))
        sigma, tau = given["input.sigma_min"], tau[:, None, None]
        left = tau + (1 - tau) * sigma
        want = asked.by(flow_matching_path.body, asked.inputs, asked.bars)
        np.testing.assert_allclose((1 - tau) * data + left * noise, want["output.xt"], rtol=1e-13, atol=1e-14)
        np.testing.assert_allclose((1 - sigma) * noise - data, want["output.target"], rtol=1e-13, atol=1e-14)

    def test_a_time_is_the_one_that_is_handed_over(self):
        """1 − t of t = 2⁻¹⁶ is one in bfloat16: then t = 0 is asked, and no right function is blamed for 2⁻¹⁶."""
        (name,) = flow_matching_path.conventions
        case = draw(flow_matching_path, 1)
        case.arrays["input.t"][:] = [2.0**-16, 0.25, 0.3, 0.75, 1.0]
        for dtype in ("float64", "float32", "bfloat16"):
            asked = Question(flow_matching_path, case, Terms(("xt",), ("x0",), convention=name), dtype)
            np.testing.assert_array_equal(asked.asked()["input.t"], 1 - asked.inputs["t"])
        assert asked.inputs["t"][0] == 0
