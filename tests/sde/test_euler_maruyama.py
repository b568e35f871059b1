"""Steps of Euler and Maruyama."""

import numpy as np
import pytest

from refdgm.nets.field import Field
from refdgm.sde.euler_maruyama import euler_maruyama
from refdgm.sde.langevin import langevin_chain

from ..kit import verify

TestEulerMaruyama = verify(euler_maruyama)

H = np.array([0.3, 0.1, 0.7, 0.2])
G = np.array([0.5, 1.5, -0.4, 2.0])
TIMES = np.array([0.1, 0.9, 0.4, 0.7])


def clock_vjp(z, t, theta):
    """f = a t for every component: the drift is a clock."""
    return theta["a"] * t + 0 * z, lambda bar, wrt=None: {
        "z": 0 * bar, "t": theta["a"] * np.sum(bar), "theta": {"a": t * np.sum(bar)}}


clock = Field("clock", ("z", "t"), lambda z, t, theta: clock_vjp(z, t, theta)[0], clock_vjp)


def ou(rate):
    """f = −rate x in one dimension."""
    return {"A": np.array([[-rate]]), "b": np.zeros(1)}


class TestLaws:
    @pytest.mark.parametrize("rate", [0.8, 5.5])
    def test_moments_of_a_linear_drift(self, rate):
        """By unit inputs: x_T = Π a_k x_0 + Σ_n (Π_{k>n} a_k) g_n √h_n ε_n with a = 1 − rate·h, stable or not. Kills: h
        for √h, g² for g, a step left out, noise of another step, one step too few, noise added before the drift."""
        probes, start = np.concatenate([np.zeros((1, 4)), np.eye(4)])[:, :, None], np.zeros((5, 1))
        start[0] = 1
        end = euler_maruyama(start, probes, TIMES, H, G, ou(rate), drift="linear")[:, 0]
        kept = [np.prod((1 - rate * H)[n:]) for n in range(5)]
        np.testing.assert_allclose(end, [kept[0], *(G * np.sqrt(H) * kept[1:])], rtol=1e-13)

    def test_the_variance_of_equal_steps(self):
        """g² h (1 − a^{2T})/(1 − a²), which is not that of the process it approximates."""
        h, g, a = 0.1, 1.3, 1 - 0.1 * 0.8
        end = euler_maruyama(np.zeros((50, 1)), np.eye(50)[:, :, None], np.zeros(50), np.full(50, h), np.full(50, g),
                             ou(0.8), drift="linear")
        np.testing.assert_allclose(np.sum(end**2), g**2 * h * (1 - a**100) / (1 - a**2), rtol=1e-13)

    def test_a_clock(self, rng):
        """f = a t: x_T = x_0 + a Σ h t + Σ g √h ε, and t_bar_n = a h_n Σλ, h_bar_n = a t_n Σλ + g_n Σλε_n/(2√h_n),
        g_bar_n = √h_n Σλε_n, a_bar = Σ h t Σλ. Kills: times frozen, shifted or detached, h_bar without noise or with
        t_bar, t_bar without h, θ_bar of one step, means for sums."""
        x, eps, bar = rng.normal(size=(3, 2)), rng.normal(size=(3, 4, 2)), rng.normal(size=(3, 2))
        end, pullback = euler_maruyama.vjp(x, eps, TIMES, H, G, {"a": np.array(1.7)}, drift=clock)
        np.testing.assert_allclose(end, x + 1.7 * (H @ TIMES) + np.einsum("t,btd->bd", G * np.sqrt(H), eps), rtol=1e-13)
        grads, along, whole = pullback(bar), np.einsum("bd,btd->t", bar, eps), np.sum(bar)
        np.testing.assert_allclose(grads["times"], 1.7 * H * whole, rtol=1e-12)
        np.testing.assert_allclose(grads["h"], 1.7 * TIMES * whole + G * along / (2 * np.sqrt(H)), rtol=1e-12)
        np.testing.assert_allclose(grads["diffusion"], np.sqrt(H) * along, rtol=1e-12)
        np.testing.assert_allclose(grads["theta"]["a"], H @ TIMES * whole, rtol=1e-12)
        np.testing.assert_array_equal(grads["x"], bar)

    def test_gradients_of_a_power(self):
        """x_T = (1 + hA)ᵀ x_0 without noise, differentiated by hand in x_0, h and A. Kills: λ without the drift's
        Jacobian, A_bar of one step only."""
        a, h, steps, x, bar = -0.7, 0.6, 5, 1.3, 1.7
        _, pullback = euler_maruyama.vjp(np.array([[x]]), np.zeros((1, steps, 1)), np.zeros(steps), np.full(steps, h),
                                         np.ones(steps), ou(-a), drift="linear")
        grads, r = pullback(np.array([[bar]])), 1 + h * a
        np.testing.assert_allclose(grads["x"], [[bar * r**steps]], rtol=1e-13)
        np.testing.assert_allclose(grads["theta"]["A"], [[bar * steps * h * r ** (steps - 1) * x]], rtol=1e-13)
        np.testing.assert_allclose(grads["h"], np.full(steps, bar * a * r ** (steps - 1) * x), rtol=1e-13)

    def test_strong_order_one(self, rng):
        """On one Brownian path the error of N steps halves with the steps: the noise is additive, and the order is one
        and not ½. Kills: noise that does not refine, as h ε or ε."""
        fine, examples = 1024, 300
        eps = rng.normal(size=(examples, fine, 1))
        theta = {"theta": np.array([-1.5])}

        def end(steps):
            shocks = eps.reshape(examples, steps, fine // steps, 1).sum(axis=2) / np.sqrt(fine // steps)
            return euler_maruyama(np.ones((examples, 1)), shocks, np.zeros(steps), np.full(steps, 1 / steps),
                                  np.full(steps, 0.7), theta, drift="theta_sin")

        last = end(fine)
        errors = [np.mean(np.abs(end(steps) - last)) for steps in (16, 32, 64)]
        orders = np.log2(np.array(errors[:-1]) / errors[1:])
        assert np.all((orders > 0.85) & (orders < 1.2)), orders

    def test_langevin_dynamics_is_a_case(self, rng):
        """f = s/2 and g = 1 at equal steps."""
        x, eps, a = rng.normal(size=(3, 2)), rng.normal(size=(3, 4, 2)), rng.normal(size=(2, 2))
        none = np.zeros(2)
        got = euler_maruyama(x, eps, TIMES, np.full(4, 0.3), np.ones(4), {"A": a / 2, "b": none}, drift="linear")
        want = langevin_chain(x, eps, 0.3, {"A": a, "b": none}, score="linear")
        np.testing.assert_allclose(got, want, rtol=1e-13)
