"""Steps against the time of a diffusion process."""

import numpy as np
import pytest

from refdgm.nets.field import Field
from refdgm.sde.euler_maruyama import euler_maruyama
from refdgm.sde.reverse_euler_maruyama import reverse_euler_maruyama

from ..kit import verify

TestReverseEulerMaruyama = verify(reverse_euler_maruyama)

H = np.array([0.3, 0.1, 0.7, 0.2])
A = np.array([-0.5, -1.5, 0.4, -0.8])
G = np.array([0.5, 1.5, -0.4, 2.0])
TIMES = np.array([0.9, 0.6, 0.5, 0.2])


def clock_vjp(z, t, theta):
    """s = c t for every component: the score is a clock."""
    return theta["c"] * t + 0 * z, lambda bar, wrt=None: {
        "z": 0 * bar, "t": theta["c"] * np.sum(bar), "theta": {"c": t * np.sum(bar)}}


clock = Field("clock", ("z", "t"), lambda z, t, theta: clock_vjp(z, t, theta)[0], clock_vjp)


def moments(t, theta):
    """Of N(mean, variance) under the variance-preserving process with β from 0.1 to 20."""
    kept = np.exp(-(0.1 * t + 19.9 * t**2 / 2) / 2)
    return kept * theta["mean"], kept**2 * theta["variance"] + 1 - kept**2


def gaussian_vjp(z, t, theta):
    m, v = moments(t, theta)
    return (m - z) / v, lambda bar, wrt=None: {"z": -bar / v, "t": np.zeros(()), "theta": theta}  # values alone


gaussian = Field("gaussian", ("z", "t"), lambda z, t, theta: gaussian_vjp(z, t, theta)[0], gaussian_vjp)
DATA = {"mean": np.array(2.0), "variance": np.array(0.25)}


def grid(steps):
    """Equal steps from 1 to 0: (times, h, β)."""
    times = 1 - np.arange(steps) / steps
    return times, np.full(steps, 1 / steps), 0.1 + 19.9 * times


def ended(steps, scale):
    """(mean, variance) of the end, started at N(0, 1), by unit inputs: the chain is affine in start and noise."""
    times, h, beta = grid(steps)
    probes = np.zeros((steps + 2, steps, 1))
    probes[2:] = np.eye(steps)[:, :, None]
    start = np.zeros((steps + 2, 1))
    start[1] = 1
    ends = reverse_euler_maruyama(start, probes, times, h, -beta / 2, np.sqrt(beta), scale, DATA, score=gaussian)[:, 0]
    return ends[0], np.sum((ends[1:] - ends[0]) ** 2)


class TestLaws:
    @pytest.mark.parametrize("scale, variance", [(0.0, 0.248856), (1.0, 0.251811), (1.5, 0.253948)])
    def test_moments_of_a_gaussian(self, scale, variance):
        """N(2, ¼) from N(0, 1) in 200 steps: m ← A m + h c β m_t/v_t and V ← A² V + λ² β h with A =
        1 + h(β/2 − cβ/v_t). Near the data's law for every λ, and not on it. Kills: +h, the slope's sign,
        g for g², ½ twice, λ for λ², λ in one of its places, the score at another time, steps of another length."""
        times, h, beta = grid(200)
        c, m, v = (1 + scale**2) / 2, 0.0, 1.0
        for t, dt, b in zip(times, h, beta, strict=True):
            mean, spread = moments(t, DATA)
            kept = 1 + dt * (b / 2 - c * b / spread)
            m, v = kept * m + dt * c * b * mean / spread, kept**2 * v + scale**2 * b * dt
        got = ended(200, scale)
        np.testing.assert_allclose(got, [m, v], rtol=1e-12)
        np.testing.assert_allclose(got[1], variance, rtol=1e-5)

    @pytest.mark.parametrize("scale", [1.0, 0.5])
    def test_the_variance_that_steps_keep(self, scale):
        """Data N(0, 1) and constant β: the process is stationary, a step multiplies by A = 1 − λ²βh/2, and the
        variance that it keeps is 1/(1 − λ²βh/4), not one."""
        steps, beta, h = 200, 10.0, 0.005
        probes = np.concatenate([np.zeros((1, steps)), np.eye(steps)])[:, :, None]
        start = np.zeros((steps + 1, 1))
        start[0] = 1
        full = lambda value: np.full(steps, value)
        ends = reverse_euler_maruyama(start, probes, full(0.5), full(h), full(-beta / 2), full(np.sqrt(beta)), scale,
                                      {"A": -np.eye(1), "b": np.zeros(1)}, score="linear")
        settled, kept = 1 / (1 - scale**2 * beta * h / 4), (1 - scale**2 * beta * h / 2) ** (2 * steps)
        np.testing.assert_allclose(np.sum(ends**2), settled + kept * (1 - settled), rtol=1e-12)

    def test_a_clock(self, rng):
        """s = c t and a = 0: x_T = x_0 + Σ h w g² c t + λ Σ g √h ε with w = (1 + λ²)/2, and all gradients by hand.
        Kills: times frozen, shifted or detached, h_bar, g_bar or λ_bar without one of their two parts, g² without its
        2, sums of one step, means over the batch."""
        x, eps, bar = rng.normal(size=(3, 2)), rng.normal(size=(3, 4, 2)), rng.normal(size=(3, 2))
        scale, c, none = 1.3, 1.7, np.zeros(4)
        w, root = (1 + scale**2) / 2, np.sqrt(H)
        end, pullback = reverse_euler_maruyama.vjp(x, eps, TIMES, H, none, G, scale, {"c": np.array(c)}, score=clock)
        pushed = w * c * np.sum(H * G**2 * TIMES)
        np.testing.assert_allclose(end, x + pushed + scale * np.einsum("t,btd->bd", G * root, eps), rtol=1e-12)
        grads, along, whole = pullback(bar), np.einsum("bd,btd->t", bar, eps), np.sum(bar)
        want = {
            "times": H * w * G**2 * c * whole,
            "h": w * G**2 * c * TIMES * whole + scale * G * along / (2 * root),
            "diffusion": 2 * H * w * G * c * TIMES * whole + scale * root * along,
            "noise_scale": scale * c * np.sum(H * G**2 * TIMES) * whole + np.sum(G * root * along),
        }
        for name, grad in want.items():
            np.testing.assert_allclose(grads[name], grad, rtol=1e-11, err_msg=name)
        np.testing.assert_allclose(grads["theta"]["c"], pushed / c * whole, rtol=1e-12)
        np.testing.assert_array_equal(grads["x"], bar)

    def test_gradients_of_a_product(self):
        """s = −κx without noise: x_T = Π (1 − h a − h w g² κ) x_0; x_bar, κ_bar and a_bar by hand. Kills: x_bar without
        the score's Jacobian or without the slope, a_bar without h, A_bar of one step."""
        kappa, scale, x, bar = 0.9, 0.6, 1.3, 1.7
        w = (1 + scale**2) / 2
        factors = 1 - H * A - H * w * G**2 * kappa
        _, pullback = reverse_euler_maruyama.vjp(
            np.array([[x]]), np.zeros((1, 4, 1)), TIMES, H, A, G, scale,
            {"A": np.array([[-kappa]]), "b": np.zeros(1)}, score="linear")
        grads, whole = pullback(np.array([[bar]])), np.prod(factors)
        np.testing.assert_allclose(grads["x"], [[bar * whole]], rtol=1e-12)
        np.testing.assert_allclose(grads["slope"], -H * bar * x * whole / factors, rtol=1e-12)
        want = bar * x * np.sum(H * w * G**2 * whole / factors)
        np.testing.assert_allclose(grads["theta"]["A"], [[want]], rtol=1e-12)

    def test_it_is_the_forward_method_of_the_reversed_equation(self, rng):
        """With a linear score A x + b the reversed drift is linear too, and steps of Euler and Maruyama make the same
        path; the sign of λ is that of the noise."""
        x, eps, a = rng.normal(size=(3, 2)), rng.normal(size=(3, 4, 2)), rng.normal(size=(2, 2))
        full = lambda value: np.full(4, value)
        got = reverse_euler_maruyama(x, eps, TIMES, H, full(-0.7), full(1.2), -0.8, {"A": a, "b": np.ones(2)},
                                     score="linear")
        w = (1 + 0.64) / 2 * 1.44
        drift = {"A": 0.7 * np.eye(2) + w * a, "b": w * np.ones(2)}
        want = euler_maruyama(x, eps, TIMES, H, full(-0.96), drift, drift="linear")
        np.testing.assert_allclose(got, want, rtol=1e-12)
