"""The bilinear game."""

import numpy as np
import pytest

from refdgm.adversarial.bilinear_game import bilinear_game
from refdgm.ode.odeint import odeint

from ..kit import verify

TestBilinearGame = verify(bilinear_game)

METHODS = ("simultaneous", "alternating", "extragradient")
each = pytest.mark.parametrize("method", METHODS)


def one(value):
    return np.full((1, 1), float(value))


class TestLaws:
    def test_at_whole_numbers(self):
        """x = 2, y = 3, A = 5, η = 1, one step, x_bar = 7, y_bar = 11. Kills: every sign, order and point, a half step
        that starts or ends elsewhere, points that are held, an η² that is dropped."""
        wanted = {"simultaneous": (-13, 13, 62, -24, 1, 5), "alternating": (-13, -62, 62, -299, -329, -1645),
                  "extragradient": (-63, -62, -113, -299, -469, -2345)}
        for method, numbers in wanted.items():
            (x, y), pullback = bilinear_game.vjp(one(2), one(3), one(5), 1.0, method=method, steps=1)
            g = pullback(one(7), one(11))
            got = [float(np.squeeze(v)) for v in (x, y, g["x"], g["y"], g["matrix"], g["step"])]
            np.testing.assert_array_equal(got, numbers)

    def test_spirals_out_and_in(self):
        """A = 1, η = 0.1, a thousand steps: the distance grows by (1 + η²)^{T/2} = 144.77, or shrinks by
        (1 − η² + η⁴)^{T/2} = 0.00691. Kills: the midpoint rule, two half steps, the methods exchanged."""
        for method, rate in (("simultaneous", 1 + 0.1**2), ("extragradient", 1 - 0.1**2 + 0.1**4)):
            x, y = bilinear_game(one(0.6), one(0.8), one(1), 0.1, method=method, steps=1000)
            np.testing.assert_allclose(np.hypot(x, y), one(rate**500), rtol=1e-12)
        rates = [(1 + 0.1**2) ** 500, (1 - 0.1**2 + 0.1**4) ** 500]
        np.testing.assert_allclose(rates, [144.7728, 0.0069108], rtol=1e-5)

    def test_what_alternating_steps_conserve(self, rng):
        """‖x‖² + ‖y‖² − η xᵀAy, for any A and η. Kills: the order of the players, a sign, Aᵀ for A."""
        x, y, a = rng.normal(size=(5, 3)), rng.normal(size=(5, 2)), rng.normal(size=(3, 2))
        for eta, steps in ((0.3, 7), (0.6, 4)):
            kept = lambda x, y, m=eta * a: np.sum(x * x, 1) + np.sum(y * y, 1) - np.sum((x @ m) * y, 1)
            after = bilinear_game(x, y, a, eta, method="alternating", steps=steps)
            np.testing.assert_allclose(kept(*after), kept(x, y), rtol=1e-11)

    @each
    def test_along_singular_vectors(self, rng, method):
        """x = a u, y = b v with A v = s u: z = a + ib is multiplied by 1 + iηs, by 1 + iηs − η²s², or by the matrix of
        two moves. Kills: Aᵀ for A, a step too few, every exchange of points."""
        u, s, vt = np.linalg.svd(rng.normal(size=(3, 2)), full_matrices=False)
        a, b, eta, steps = 0.7, -1.3, 0.4, 5
        x, y = bilinear_game(a * u.T, b * vt, u @ np.diag(s) @ vt, eta, method=method, steps=steps)
        for i in range(2):
            r = eta * s[i]
            if method == "alternating":
                want = np.linalg.matrix_power(np.array([[1, 0], [r, 1]]) @ np.array([[1, -r], [0, 1]]), steps) @ [a, b]
            else:
                z = (a + 1j * b) * (1 + 1j * r - (r * r if method == "extragradient" else 0)) ** steps
                want = z.real, z.imag
            np.testing.assert_allclose(np.concatenate([x[i], y[i]]), [*(want[0] * u[:, i]), *(want[1] * vt[i])],
                                       rtol=1e-12, atol=1e-12)

    def test_simultaneous_steps_are_eulers(self, rng):
        """Of z_dot = (−Ay, Aᵀx), a linear field, with its own gradient. Kills: whatever is not that step."""
        x, y, a = rng.normal(size=(5, 3)), rng.normal(size=(5, 2)), rng.normal(size=(3, 2))
        field = np.block([[np.zeros((3, 3)), -a], [a.T, np.zeros((2, 2))]])
        theta = {"A": field, "b": np.zeros(5)}
        z, to_start = odeint.vjp(np.concatenate([x, y], 1), 0.0, 1.2, theta, velocity="linear", method="euler", steps=4)
        got, pullback = bilinear_game.vjp(x, y, a, 0.3, method="simultaneous", steps=4)
        np.testing.assert_allclose(np.concatenate(got, 1), z, rtol=1e-13)
        bar = rng.normal(size=(5, 5))
        g, want = pullback(bar[:, :3], bar[:, 3:]), to_start(bar)
        np.testing.assert_allclose(np.concatenate([g["x"], g["y"]], 1), want["z0"], rtol=1e-12)
        np.testing.assert_allclose(g["matrix"], want["theta"]["A"][3:, :3].T - want["theta"]["A"][:3, 3:], rtol=1e-12)
        np.testing.assert_allclose(g["step"], 4 * want["t1"], rtol=1e-12)

    @each
    def test_step_and_matrix_enter_by_their_product(self, rng, method):
        """η η_bar = ⟨A, A_bar⟩, and 2η with A/2 is the same game. Kills: an η_bar of the first order, an A_bar without
        η."""
        x, y, a = rng.normal(size=(5, 3)), rng.normal(size=(5, 2)), rng.normal(size=(3, 2))
        bars = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
        value, pullback = bilinear_game.vjp(x, y, a, 0.5, method=method, steps=3)
        g = pullback(*bars)
        np.testing.assert_allclose(0.5 * g["step"], np.sum(a * g["matrix"]), rtol=1e-13)
        again, other = bilinear_game.vjp(x, y, a / 2, 1.0, method=method, steps=3)
        np.testing.assert_array_equal(again[0], value[0])
        np.testing.assert_array_equal(2 * g["matrix"], other(*bars)["matrix"])

    @each
    def test_two_games_in_a_row(self, rng, method):
        """Two and three steps are five, values and gradients. Kills: what depends on the number of steps."""
        x, y, a = rng.normal(size=(2, 3)), rng.normal(size=(2, 2)), rng.normal(size=(3, 2))
        bars = rng.normal(size=(2, 3)), rng.normal(size=(2, 2))
        game = lambda *start, steps: bilinear_game.vjp(*start, a, 0.4, method=method, steps=steps)
        (middle, first), (end, whole) = game(x, y, steps=2), game(x, y, steps=5)
        after, second = game(*middle, steps=3)
        np.testing.assert_allclose(after[0], end[0], rtol=1e-13)
        late, all_of_it = second(*bars), whole(*bars)
        early = first(late["x"], late["y"])
        for name in ("x", "y"):
            np.testing.assert_allclose(early[name], all_of_it[name], rtol=1e-12)
        for name in ("matrix", "step"):
            np.testing.assert_allclose(early[name] + late[name], all_of_it[name], rtol=1e-11, atol=1e-12)
