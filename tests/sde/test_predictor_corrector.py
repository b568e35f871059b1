"""Steps against the time, with corrections."""

import numpy as np
import pytest

from refdgm.sde.langevin import langevin_chain
from refdgm.sde.predictor_corrector import predictor_corrector
from refdgm.sde.reverse_euler_maruyama import reverse_euler_maruyama

from ..kit import verify
from .test_reverse_euler_maruyama import DATA, TIMES, A, G, H, clock, gaussian, grid, moments

TestPredictorCorrector = verify(predictor_corrector)

ETA = np.array([0.2, 0.05, 0.4, 0.1])


def ended(steps, rounds, size):
    """(mean, variance) of the end, started at N(0, 1), by unit inputs: the chain is affine in start and noise."""
    times, h, beta = grid(steps)
    count = steps * (1 + rounds)
    unit = np.zeros((count + 2, steps, 1 + rounds, 1))
    unit[2:] = np.eye(count).reshape(count, steps, 1 + rounds, 1)
    start = np.zeros((count + 2, 1))
    start[1] = 1
    ends = predictor_corrector(start, unit[:, :, 0], unit[:, :, 1:], times, h, -beta / 2, np.sqrt(beta),
                               np.full(steps, size), DATA, score=gaussian)[:, 0]
    return ends[0], np.sum((ends[1:] - ends[0]) ** 2)


def recursion(steps, rounds, size):
    times, h, beta = grid(steps)
    m, v = 0.0, 1.0
    for t, dt, b in zip(times, h, beta, strict=True):
        mean, spread = moments(t, DATA)
        kept = 1 + dt * (b / 2 - b / spread)
        m, v = kept * m + dt * b * mean / spread, kept**2 * v + b * dt
        mean, spread = moments(t - dt, DATA)
        slow, settled = (1 - size / (2 * spread)) ** rounds, spread / (1 - size / (4 * spread))
        m, v = mean + slow * (m - mean), settled + slow**2 * (v - settled)
    return m, v


class TestLaws:
    @pytest.mark.parametrize("steps, rounds, variance", [(200, 0, 0.25181), (200, 1, 0.26154), (40, 10, None)])
    def test_moments_of_a_gaussian(self, steps, rounds, variance):
        """N(2, ¼) from N(0, 1), η = 0.05: the predictor's moments, then (1 − η/(2v))^L towards the mean and
        1/(1 − η/(4v)) times the variance of the *new* time. Kills: a corrector at the old time or half-way, a part of a
        correction in the other convention, fewer corrections, the predictor's drift halved or run with the time."""
        got = ended(steps, rounds, 0.05)
        np.testing.assert_allclose(got, recursion(steps, rounds, 0.05), rtol=1e-11)
        if variance:
            np.testing.assert_allclose(got[1], variance, atol=6e-6)

    def test_many_corrections_have_the_law_of_langevin_steps(self):
        """Whatever the predictor did: ¼/(1 − η) at η = 0.05, which is further from ¼ than the predictor alone."""
        assert abs(recursion(200, 10, 0.05)[1] - 0.26312) < 6e-6 < abs(recursion(200, 0, 0.05)[1] - 0.25) < 0.01

    def test_a_clock(self, rng):
        """s = c t and a = 0: x_T = x_0 + Σ h g² c t + g √h ε + L (η/2) c (t − h) + √η Σ z, and all gradients by hand.
        Kills: h_bar without the corrector's time, or with its sign turned; t_bar of the predictor alone; η_bar without
        noise or of one correction; one draw for all corrections, or the predictor's; one η for all steps."""
        x, eps, z, bar = (rng.normal(size=s) for s in ((3, 2), (3, 4, 2), (3, 4, 3, 2), (3, 2)))
        c, none, root, size = 1.7, np.zeros(4), np.sqrt(H), np.sqrt(ETA)
        end, pullback = predictor_corrector.vjp(x, eps, z, TIMES, H, none, G, ETA, {"c": np.array(c)}, score=clock)
        pushed = c * np.sum(H * G**2 * TIMES + 3 * ETA / 2 * (TIMES - H))
        moved = np.einsum("t,btd->bd", G * root, eps) + np.einsum("t,btkd->bd", size, z)
        np.testing.assert_allclose(end, x + pushed + moved, rtol=1e-12)
        grads, whole = pullback(bar), np.sum(bar)
        along, after = np.einsum("bd,btd->t", bar, eps), np.einsum("bd,btkd->t", bar, z)
        want = {
            "times": c * (H * G**2 + 3 * ETA / 2) * whole,
            "h": c * (G**2 * TIMES - 3 * ETA / 2) * whole + G * along / (2 * root),
            "diffusion": 2 * H * G * c * TIMES * whole + root * along,
            "step": 3 * c * (TIMES - H) / 2 * whole + after / (2 * size),
        }
        for name, grad in want.items():
            np.testing.assert_allclose(grads[name], grad, rtol=1e-11, err_msg=name)
        np.testing.assert_allclose(grads["theta"]["c"], pushed / c * whole, rtol=1e-11)
        np.testing.assert_array_equal(grads["x"], bar)

    def test_gradients_of_a_product(self):
        """s = −κx without noise: x_T = Π (1 − h a − h g² κ)(1 − ηκ/2)^L x_0, differentiated by hand. Kills: x_bar
        without the score's Jacobian in either part, a_bar of one step, A_bar of the predictor alone, η_bar of one
        correction."""
        kappa, x, bar, rounds = 0.9, 1.3, 1.7, 3
        predicts, corrects = 1 - H * A - H * G**2 * kappa, 1 - ETA * kappa / 2
        whole = np.prod(predicts * corrects**rounds)
        _, pullback = predictor_corrector.vjp(
            np.array([[x]]), np.zeros((1, 4, 1)), np.zeros((1, 4, rounds, 1)), TIMES, H, A, G, ETA,
            {"A": np.array([[-kappa]]), "b": np.zeros(1)}, score="linear")
        grads, unit = pullback(np.array([[bar]])), bar * x * whole
        np.testing.assert_allclose(grads["x"], [[bar * whole]], rtol=1e-12)
        np.testing.assert_allclose(grads["slope"], -H / predicts * unit, rtol=1e-12)
        np.testing.assert_allclose(grads["step"], -rounds * kappa / 2 / corrects * unit, rtol=1e-12)
        by_rate = np.sum(H * G**2 / predicts + rounds * ETA / 2 / corrects)
        np.testing.assert_allclose(grads["theta"]["A"], [[by_rate * unit]], rtol=1e-12)

    def test_its_parts_alone(self, rng):
        """No corrections are the sampler; one step of no length is a Langevin chain."""
        x, eps, z, a = (rng.normal(size=s) for s in ((3, 2), (3, 4, 2), (3, 4, 2, 2), (2, 2)))
        theta = {"A": a, "b": np.ones(2)}
        got = predictor_corrector(x, eps, z[:, :, :0], TIMES, H, A, G, ETA, theta, score="linear")
        want = reverse_euler_maruyama(x, eps, TIMES, H, A, G, 1.0, theta, score="linear")
        np.testing.assert_allclose(got, want, rtol=1e-13)
        got = predictor_corrector(x, eps[:, :1], z[:, :1], TIMES[:1], np.array([1e-40]), A[:1], G[:1], ETA[:1], theta,
                                  score="linear")
        np.testing.assert_allclose(got, langevin_chain(x, z[:, 0], 0.2, theta, score="linear"), rtol=1e-13)

    def test_the_other_convention(self, rng):
        """x + e s + √(2e) z after each step, in a loop of its own, is the size that `conventions` says."""
        x, eps, z = (rng.normal(size=s) for s in ((3, 1), (3, 4, 1), (3, 4, 2, 1)))
        (by,) = predictor_corrector.conventions.values()
        theta = {"A": np.array([[-0.8]]), "b": np.zeros(1)}
        got = predictor_corrector(x, eps, z, TIMES, H, A, G, ETA / by["step"].slope, theta, score="linear")
        for n in range(4):
            x = x - H[n] * (A[n] * x + 0.8 * G[n] ** 2 * x) + G[n] * np.sqrt(H[n]) * eps[:, n]
            for k in range(2):
                x = x - ETA[n] * 0.8 * x + np.sqrt(2 * ETA[n]) * z[:, n, k]
        np.testing.assert_allclose(got, x, rtol=1e-12)
