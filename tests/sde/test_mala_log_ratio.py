"""The Metropolis–Hastings ratio of a Langevin step."""

import numpy as np
import pytest

from refdgm.sde.mala_log_ratio import mala_log_ratio

from ..kit import verify

TestMalaLogRatio = verify(mala_log_ratio)


def quartic(x):
    """log p of a double well, up to a constant, and its slope."""
    return -(x**4) / 4 + x**2, -(x**3) + 2 * x


def proposal(to, at, step):
    """N(to; at + (η/2) s, η) on the line."""
    return np.exp(-((to - at - step / 2 * quartic(at)[1]) ** 2) / (2 * step)) / np.sqrt(2 * np.pi * step)


def ratio(x, y, step):
    """A for every pair of points of the line."""
    (at_x, slope_x), (at_y, slope_y) = quartic(x), quartic(y)
    return mala_log_ratio(x[:, None], y[:, None], slope_x[:, None], slope_y[:, None], at_x, at_y, step)


class TestLaws:
    @pytest.mark.parametrize("step", [0.05, 0.5, 2.0])
    def test_detailed_balance(self, step):
        """p(x) q(y|x) e^A = p(y) q(x|y) at all pairs of a grid. Kills: the ways exchanged, a proposal left out, the
        score at x for the way back, full drifts, 4η for 2η, an A that is cut off."""
        x, y = (z.ravel() for z in np.meshgrid(np.linspace(-2, 2, 9), np.linspace(-1.9, 2.1, 9)))
        there = quartic(x)[0] + np.log(proposal(y, x, step))
        back = quartic(y)[0] + np.log(proposal(x, y, step))
        np.testing.assert_allclose(there + ratio(x, y, step), back, rtol=1e-11, atol=1e-11)

    def test_the_law_is_kept(self):
        """One step with acceptance e^{min(A, 0)} leaves the law of a double well, by quadrature; one without moves it.
        Kills: the same by what it is for; the reciprocal of the ratio."""
        points = np.linspace(-4.5, 4.5, 241)
        h, step = points[1] - points[0], 0.4
        x, y = (z.ravel() for z in np.meshgrid(points, points, indexing="ij"))
        law = np.exp(quartic(points)[0])
        law /= np.sum(law) * h
        moves = np.reshape(proposal(y, x, step), (241, 241)) * h
        with np.errstate(over="ignore"):
            accepted = moves * np.exp(np.minimum(np.reshape(ratio(x, y, step), (241, 241)), 0.0))
        kept = law @ accepted + law * (1 - np.sum(accepted, axis=1))
        np.testing.assert_allclose(kept, law, rtol=1e-10, atol=1e-14)
        assert np.sum(np.abs(law @ moves - law)) * h > 0.05

    def test_the_way_back_has_the_other_sign(self, rng):
        """A(y, x) = −A(x, y) to the last bit, and A(x, x) = 0. Kills: an asymmetry of the two densities."""
        x, y, score_x, score_y = (rng.normal(size=(4, 2, 3)) for _ in range(4))
        at_x, at_y, step = rng.normal(size=4), rng.normal(size=4), 0.3
        there = mala_log_ratio(x, y, score_x, score_y, at_x, at_y, step)
        np.testing.assert_array_equal(mala_log_ratio(y, x, score_y, score_x, at_y, at_x, step), -there)
        assert not mala_log_ratio(x, x, score_x, score_x, at_x, at_x, step).any()

    @pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
    def test_components_multiply(self, rng, shape):
        """The densities of an example's components multiply, whatever its shape. Kills: a mean over components, a sum
        over the last axis alone or over the batch."""
        x, y, score_x, score_y = (rng.normal(size=(5, *shape)) for _ in range(4))
        at_x, at_y, step = rng.normal(size=5), rng.normal(size=5), 0.7
        want = at_y - at_x
        for i in range(5):
            want[i] += np.sum((y - x - step / 2 * score_x)[i] ** 2 - (x - y - step / 2 * score_y)[i] ** 2) / (2 * step)
        got = mala_log_ratio(x, y, score_x, score_y, at_x, at_y, step)
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)

    def test_no_step(self):
        """As η → 0 with y = x + √η ε the ratio goes to 0 as η^{3/2}: A/η^{3/2} has a limit. Kills: what is kept of
        ‖d‖²/η, a trapezium rule without its ½."""
        eps, x = np.array([0.7, -1.1, 0.4]), np.array([0.3, 0.9, -1.2])
        sizes = [np.max(np.abs(ratio(x, x + step / 2 * quartic(x)[1] + np.sqrt(step) * eps, step))) / step**1.5
                 for step in (1e-4, 1e-6)]
        np.testing.assert_allclose(sizes[0], sizes[1], rtol=0.05)
        assert sizes[0] > 0.1

    def test_gradients_by_hand(self):
        """d = 4, s_x = 1, s_y = 3, η = 2, A_bar = 2: u = 4, the rise 2. y_bar = −4, s_bar_x = −(4 − 1), s_bar_y = −(4 +
        3), η_bar = −⅛·2·4·2. Kills: η_bar of the means alone, a gradient that stops at the scores, the sign of
        x_bar."""
        args = [np.array([v]) for v in (1.0, 5.0, 1.0, 3.0, 0.5, 0.25)]
        value, pullback = mala_log_ratio.vjp(*args, 2.0)
        np.testing.assert_array_equal(value, [-0.25 - 2 * 5])
        grads = pullback(np.array([2.0]))
        for name, want in (("x", 4), ("y", -4), ("score_x", -3), ("score_y", -7), ("log_density_x", -2),
                           ("log_density_y", 2), ("step", -2)):
            np.testing.assert_array_equal(np.ravel(grads[name]), [want])


def test_far_proposals_keep_their_digits():
    """‖d‖²/η of 1e20 would leave no digit of A in the textbook's form."""
    x, y = np.array([[1e8, -3.0]]), np.array([[1e8 + 1, 2.0]])
    one = np.ones(1)
    got = mala_log_ratio(x, y, np.array([[0.5, 0.25]]), np.array([[0.5, 0.75]]), one, 2 * one, 2.0**-12)
    np.testing.assert_allclose(got, 1 - (1 * 1.0 + 1.0 * (5 + 2.0**-14 * 0.5)) / 2, rtol=1e-14)
