"""Slopes of expectations over draws that have none."""

from itertools import product

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.latent.gaussian_reparameterization import gaussian_reparameterization
from refdgm.latent.score_function_estimator import leave_one_out_estimator, score_function_estimator
from refdgm.primitives.gaussian_log_density import gaussian_log_density
from refdgm.primitives.softmax import log_softmax

from ..kit import verify
from ..refusal import refused

TestScoreFunctionEstimator = verify(score_function_estimator)
TestLeaveOneOutEstimator = verify(leave_one_out_estimator)

LAW, COST = np.array([0.5, 0.3, 0.2]), np.array([1.0, -2.0, 4.0])
MEAN = LAW @ COST


def enumerated(reference, draws, *baseline):
    """The expectations of the value and of the slope in the logits, over all draws of a law of three categories."""
    logs, to_logits = log_softmax.vjp(np.log(LAW)[None])
    value, slope = 0.0, np.zeros(3)
    for drawn in product(range(3), repeat=draws):
        chance, at = np.prod(LAW[list(drawn)]), np.array(drawn)
        found, pullback = reference.vjp(logs[:, at], COST[at][None], *baseline)
        to_logs = np.zeros((1, 3))
        np.add.at(to_logs[0], at, pullback(np.ones(1))["log_prob"][0])
        value, slope = value + chance * found[0], slope + chance * to_logits(to_logs)["logits"][0]
    return value, slope


class TestByEnumeration:
    @pytest.mark.parametrize("baseline", [0.0, 1.7, -30.0])
    def test_no_baseline_moves_the_mean(self, baseline):
        """Over all draws the slope is q (f − Σ q f), whatever b. Kills: a sign, a sum, a probability for its logarithm,
        a baseline of the draws themselves, a deviation that is divided by."""
        for draws in (1, 2):
            value, slope = enumerated(score_function_estimator, draws, np.array([baseline]))
            np.testing.assert_allclose(value, MEAN, rtol=1e-14)
            np.testing.assert_allclose(slope, LAW * (COST - MEAN), rtol=1e-12)

    @pytest.mark.parametrize("draws", [2, 3])
    def test_the_others_move_it_neither(self, draws):
        """The same with the mean of the others. Kills: R for R − 1, the draw in its own baseline, a sum, a sign."""
        value, slope = enumerated(leave_one_out_estimator, draws)
        np.testing.assert_allclose(value, MEAN, rtol=1e-14)
        np.testing.assert_allclose(slope, LAW * (COST - MEAN), rtol=1e-13)

    def test_three_draws_by_hand(self):
        """Costs 1, 2 and 6, b = 2: weights −⅓, 0 and 4/3; with the others −1, −½ and 3/2. Kills: any other weight."""
        logs, costs = np.log([[0.5, 0.25, 0.125]]), np.array([[1.0, 2.0, 6.0]])
        value, pullback = score_function_estimator.vjp(logs, costs, np.array([2.0]))
        np.testing.assert_array_equal(value, [3])
        g = pullback(np.array([3.0]))
        np.testing.assert_allclose(g["log_prob"], [[-1, 0, 4]], rtol=1e-15)
        np.testing.assert_allclose(g["cost"], [[1, 1, 1]], rtol=1e-15)
        value, pullback = leave_one_out_estimator.vjp(logs, costs)
        g = pullback(np.array([3.0]))
        np.testing.assert_allclose(g["log_prob"], [[-3, -1.5, 4.5]], rtol=1e-15)
        np.testing.assert_allclose(g["cost"], [[1, 1, 1]], rtol=1e-15)


class TestAgainstThePath:
    def test_same_expectation_as_along_the_path(self):
        """E z² of N(μ, e^λ) by Gauss–Hermite nodes: 2μ and e^λ, by the score and by the path. Kills: a gradient of the
        draw, of the density's own point, a factor."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(12)
        weights = weights / np.sum(weights)
        mu, lam = np.array([[0.75]]), np.array([[-0.5]])
        each = lambda x: np.broadcast_to(x, (12, 1)).copy()
        z, along = gaussian_reparameterization.vjp(each(mu), each(lam), nodes[:, None])
        logs, to_law = gaussian_log_density.vjp(z, each(mu), each(lam))
        _, pullback = score_function_estimator.vjp(logs[:, None], z**2, np.full(12, 0.3))
        score = to_law(pullback(weights)["log_prob"][:, 0])
        path = along(weights[:, None] * 2 * z)
        for name, want in (("mean", 1.5), ("logvar", np.exp(-0.5))):
            np.testing.assert_allclose(np.sum(score[name]), want, rtol=1e-13)
            np.testing.assert_allclose(np.sum(path[name]), want, rtol=1e-13)


class TestEdges:
    def test_equal_costs_prefer_nothing(self):
        """Thirds, of which no mean is exact. Kills: a baseline that rounds."""
        logs, costs = np.log(np.full((2, 7), 0.5)), np.full((2, 7), 1 / 3)
        assert not leave_one_out_estimator.vjp(logs, costs)[1](np.ones(2))["log_prob"].any()
        assert not score_function_estimator.vjp(logs, costs, costs[:, 0])[1](np.ones(2))["log_prob"].any()

    def test_too_few_draws_are_refused(self):
        said = refused(leave_one_out_estimator, ArgumentError, "", np.zeros((3, 1)), np.zeros((3, 1)))
        assert "R" in said and "use score_function_estimator" in said
        said = refused(score_function_estimator, ArgumentError, "", np.zeros((3, 0)), np.zeros((3, 0)), np.zeros(3))
        assert "a mean over none is no number" in said
