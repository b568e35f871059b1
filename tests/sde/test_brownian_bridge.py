"""Brownian motion between two known points."""

import numpy as np

from refdgm import ArgumentError
from refdgm.sde.brownian_bridge import brownian_bridge

from ..kit import verify
from ..refusal import refused

TestBrownianBridge = verify(brownian_bridge)

SHARES = np.array([0.1, 0.25, 0.5, 0.8])


def bridged(left, right, eps, h, share):
    """For numbers: one example."""
    one = lambda x: np.array([float(x)])
    return brownian_bridge(one(left), one(right), one(eps), one(h), one(share))[0]


class TestLaws:
    def test_by_hand(self):
        """a = 1, b = 3, ε = 2, h = 4, s = 1/5: √v = 4/5 and w = 3; a_bar, b_bar, h_bar, s_bar for w_bar = 1 are 4/5,
        1/5, 1/5, 5. Kills: ends exchanged, h_bar without ½, s_bar without noise or with the rest held, every other
        v."""
        one = lambda x: np.array([x])
        value, pullback = brownian_bridge.vjp(one(1.0), one(3.0), one(2.0), one(4.0), one(0.2))
        grads = pullback(one(1.0))
        np.testing.assert_allclose(value, [3.0], rtol=1e-15)
        for name, want in {"left": 0.8, "right": 0.2, "h": 0.2, "share": 5.0}.items():
            np.testing.assert_allclose(grads[name], [want], rtol=1e-14, err_msg=name)

    def test_the_law_is_that_of_a_free_path(self):
        """A path drawn at two times, and then between them, has the covariances of one drawn in order: by unit noises
        of the three draws, min(t, t'). Kills: every other variance, a mean with other weights, noise that does not
        depend on the time."""
        before, h = 0.7, 1.9
        ends = np.array([[np.sqrt(before), 0, 0], [np.sqrt(before), np.sqrt(h), 0]])   # in units of (ε₁, ε₂, ε₃)
        for s in SHARES:
            between = [bridged(*ends[:, k], float(k == 2), h, s) for k in range(3)]
            covariances = np.array([*ends, between]) @ between
            np.testing.assert_allclose(covariances, [before, before + h * s, before + h * s], rtol=1e-14)

    def test_the_middle_twice_is_a_quarter(self):
        """Halved twice, or a quarter of the way at once: the same mean, and the same variance by unit noises. Kills: v
        without h, which does not know that the interval is halved."""
        def halved_twice(a, b, noise):
            return bridged(a, bridged(a, b, noise[0], 3.0, 0.5), noise[1], 1.5, 0.5)

        np.testing.assert_allclose(halved_twice(1.0, 4.0, (0, 0)), bridged(1, 4, 0, 3.0, 0.25), rtol=1e-15)
        variance = halved_twice(0, 0, (1, 0)) ** 2 + halved_twice(0, 0, (0, 1)) ** 2
        np.testing.assert_allclose(variance, bridged(0, 0, 1, 3.0, 0.25) ** 2, rtol=1e-15)

    def test_turned_round(self, rng):
        """From the other end: a and b exchanged, 1 − s for s; s_bar changes its sign. Kills: noise that is not the same
        from both ends, (1 − s)²."""
        left, right, eps, bar = rng.normal(size=(4, 4, 3))
        h = rng.uniform(1, 2, size=4)
        value, pullback = brownian_bridge.vjp(left, right, eps, h, SHARES)
        turned, back = brownian_bridge.vjp(right, left, eps, h, 1 - SHARES)
        np.testing.assert_allclose(value, turned, rtol=1e-13)
        np.testing.assert_allclose(pullback(bar)["share"], -back(bar)["share"], rtol=1e-12)

    def test_coordinates_are_independent(self):
        """√v I for unit noises, of every example its own. Kills: one draw for all coordinates, one share for all."""
        eps, none = np.broadcast_to(np.eye(3), (4, 3, 3)).copy(), np.zeros((4, 3, 3))
        got = brownian_bridge(none, none, eps, np.full(4, 4.0), SHARES)
        np.testing.assert_allclose(got, 2 * np.sqrt(SHARES * (1 - SHARES))[:, None, None] * eps, rtol=1e-14)


def test_the_ends_are_refused():
    none = np.zeros((1, 2))
    for share in (0.0, 1.0):
        said = refused(brownian_bridge, ArgumentError, "share must be strictly between 0 and 1", none, none, none,
                       np.ones(1), np.array([share]))
        assert said.endswith("; at 0 and 1 the path is known")
