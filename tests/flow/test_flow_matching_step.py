"""Euler's steps along a velocity."""

from itertools import pairwise

import numpy as np

from refdgm.cases import draw
from refdgm.check.questions.question import Question, Terms
from refdgm.flow.flow_matching_step import flow_matching_step

from ..kit import verify

TestFlowMatchingStep = verify(flow_matching_step)

MU, V = 0.7, 2.25  # of Gaussian data


def velocity(x, t):
    """E[x₁ − x₀ | x_t] of N(0, 1) to N(μ, v)."""
    return MU + (t * V - (1 - t)) / ((1 - t) ** 2 + t**2 * V) * (x - t * MU)


def steps(x, grid):
    for t, t_next in pairwise(grid):
        x = flow_matching_step(x, velocity(x, t), np.full(len(x), t), np.full(len(x), t_next))
    return x


class TestLaws:
    def test_at_a_point(self):
        """x = 1, v = 8, t = ¼ → ½ and ¾ → ½: 3 and −1; for x_bar = 3 v_bar = ¾ and −¾, t_bar = −24, of t′ 24. Kills:
        the direction, |h|, t′ for h, the way to the end, a sign of either time."""
        x, v = np.ones((2, 1)), np.full((2, 1), 8.0)
        value, pullback = flow_matching_step.vjp(x, v, np.array([0.25, 0.75]), np.array([0.5, 0.5]))
        grads = pullback(np.full((2, 1), 3.0))
        np.testing.assert_array_equal(value, [[3.0], [-1.0]])
        np.testing.assert_array_equal(grads["xt"], [[3.0], [3.0]])
        np.testing.assert_array_equal(grads["velocity"], [[0.75], [-0.75]])
        np.testing.assert_array_equal([grads["t"], grads["t_next"]], [[-24.0, -24.0], [24.0, 24.0]])

    def test_along_a_pair_it_is_exact(self, rng):
        """From any point of x₀ + t (x₁ − x₀) to any other, forwards and back. Kills: a step that shrinks, one interval
        too many, one time shifted, the times of another example."""
        x0, x1 = rng.normal(size=(2, 5, 3))
        t, t_next = np.array([0.0, 0.25, 0.5, 1.0, 0.9]), np.array([1.0, 0.5, 0.125, 0.0, 0.95])
        now, later = (x0 + at[:, None] * (x1 - x0) for at in (t, t_next))
        np.testing.assert_allclose(flow_matching_step(now, x1 - x0, t, t_next), later, rtol=1e-13, atol=1e-14)

    def test_it_is_of_first_order(self):
        """Followed to μ + √v z, twice the steps leave half the error: 0.158, 0.080, 0.040 at z = 2. Kills: any
        other speed, for then the error does not fall."""
        end = MU + np.sqrt(V) * 2.0
        left = [abs(steps(np.full((1, 1), 2.0), np.linspace(0, 1, n + 1)).item() - end) for n in (25, 50, 100)]
        assert 1.9 < left[0] / left[1] < 2.1 and 1.9 < left[1] / left[2] < 2.1 and left[2] < 0.05

    def test_there_and_back(self):
        """In small steps to the data and back to the noise. Kills: |h|, a direction that is right one way only."""
        start, grid = np.array([[-1.0], [0.5], [2.0]]), np.linspace(0, 1, 401)
        np.testing.assert_allclose(steps(steps(start, grid), grid[::-1]), start, atol=0.03)

    def test_a_gaussian_arrives(self):
        """Whoever starts at ±1 ends at μ ± √v, so that mean and variance are those of the data."""
        low, high = steps(np.array([[-1.0], [1.0]]), np.linspace(0, 1, 401)).ravel()
        np.testing.assert_allclose([(low + high) / 2, (high - low) ** 2 / 4], [MU, V], rtol=0.01)

    def test_the_other_direction_is_a_convention(self):
        """x + (σ′ − σ) w with σ = 1 − t and w = −v, as diffusers has it, is the same state."""
        (name,) = flow_matching_step.conventions
        asked = Question(flow_matching_step, draw(flow_matching_step, 1), Terms(("value",), ("xt",), convention=name))
        given = {role.partition(".")[2]: x for role, x in asked.asked().items() if role.startswith("input.")}
        h = (given["t_next"] - given["t"])[:, None, None]
        want = asked.by(flow_matching_step.body, asked.inputs, asked.bars)["output.value"]
        np.testing.assert_allclose(given["xt"] + h * given["velocity"], want, rtol=1e-13, atol=1e-14)
