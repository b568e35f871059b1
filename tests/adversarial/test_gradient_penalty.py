"""Penalties of a critic's slope."""

from itertools import pairwise

import numpy as np
import pytest

from refdgm import ArgumentError, Field
from refdgm.adversarial.gradient_penalty import gradient_penalty, zero_centered_penalty

from ..kit import verify
from ..refusal import refused

TestGradientPenalty = verify(gradient_penalty)
TestZeroCenteredPenalty = verify(zero_centered_penalty)

PHI = {"mlp_tanh": np.tanh, "mlp_softplus": lambda a: np.logaddexp(0, a), "mlp_silu": lambda a: a / (1 + np.exp(-a))}


def draw_theta(rng, *widths):
    pairs = list(pairwise((*widths, 1)))
    weights = {f"W{n}": rng.normal(size=(out, into)) for n, (into, out) in enumerate(pairs, 1)}
    return weights | {f"b{n}": rng.normal(size=out) for n, (_, out) in enumerate(pairs, 1)}


def score(x, theta, critic):
    """A critic written out here."""
    for layer in range(1, len(theta) // 2):
        x = PHI[critic](x @ theta[f"W{layer}"].T + theta[f"b{layer}"])
    return (x @ theta[f"W{len(theta) // 2}"].T + theta[f"b{len(theta) // 2}"])[..., 0]


def half_square_vjp(x, theta):
    return np.sum(x * x, axis=1, keepdims=True) / 2, lambda bar, wrt=(): {"x": bar * x, "theta": theta}


def half_square_jvp(x, x_dot, theta):
    def pullback(bar, dot_bar, wrt=()):
        return {"x": bar * x + np.sum(dot_bar * x_dot, axis=1), "theta": theta}

    return (half_square_vjp(x, theta)[0], np.sum(x[:, None] * x_dot, axis=2, keepdims=True)), pullback


HALF_SQUARE = Field("½‖x‖²", ("x",), lambda x, theta: half_square_vjp(x, theta)[0], half_square_vjp, half_square_jvp,
                    gives=("B", 1))


class TestLaws:
    def test_a_linear_critic(self):
        """f = ⟨A, x⟩ + b: (‖A‖ − 1)², A_bar = Σ 2 J_bar (1 − 1/‖A‖) A, at every point. Kills: every other function of
        the norm, norms of the batch, means over components or examples, slopes of the mean; below one, the two sides
        for one."""
        x, u, bar = np.arange(6.0).reshape(3, 2), np.array([0.25, 0.5, 1.0]), np.array([1.0, 2.0, -5.0])
        for weight, n, costs in (([3.0, 4.0], 5.0, "two one"), ([0.3, 0.4], 0.5, "two")):
            theta = {"A": np.array([weight]), "b": np.array([7.0])}
            for sides in ("two", "one"):
                value, pullback = gradient_penalty.vjp(x, -x, u, theta, critic="linear", sides=sides)
                grads, counts = pullback(bar), float(sides in costs)
                np.testing.assert_allclose(value, counts * np.full(3, (n - 1) ** 2), rtol=1e-15)
                want = counts * -2 * 2 * (n - 1) * theta["A"] / n
                np.testing.assert_allclose(grads["theta"]["A"], want, rtol=1e-14)
                np.testing.assert_array_equal(grads["theta"]["b"], [0])
                assert not np.any(grads["real"]) and not np.any(grads["fake"])

    def test_a_half_square(self, rng):
        """f = ½‖x‖²: ∇f = p, (‖p‖ − 1)², and 2 (1 − 1/n) p for p, by shares. Kills: points elsewhere, shares for the
        batch or of components, or exchanged on the way back, samples held, directions not divided, no graph."""
        x, y, u = 2 * rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), np.array([0.0, 0.25, 0.75, 1.0])
        point = np.stack([y[0], (x[1] + 3 * y[1]) / 4, (3 * x[2] + y[2]) / 4, x[3]])
        n, bar = np.sqrt(np.sum(point**2, axis=1)), rng.normal(size=4)
        for sides, e in (("two", n - 1), ("one", np.where(n > 1, n - 1, 0))):
            value, pullback = gradient_penalty.vjp(x, y, u, {"w": np.zeros(1)}, critic=HALF_SQUARE,
                                                   sides=sides)
            grads, want = pullback(bar), (bar * 2 * e / n)[:, None] * point
            np.testing.assert_allclose(value, e**2, rtol=1e-14)
            np.testing.assert_allclose(grads["real"], u[:, None] * want, rtol=1e-14)
            np.testing.assert_allclose(grads["fake"], (1 - u)[:, None] * want, rtol=1e-14)

    def test_one_hidden_layer(self, rng):
        """∇f = W₁ᵀ(φ' ∘ w₂); with v_tilde = 2 (1 − 1/n) ∇f: b_bar₁ = φ'' ∘ w₂ ∘ W₁v_tilde, W_bar₁ = b_bar₁ xᵀ + (φ' ∘
        w₂) v_tildeᵀ, W_bar₂ = φ' ∘ W₁v_tilde, x_bar = W₁ᵀ b_bar₁. Kills: φ'' forgotten, one reading of the weights
        alone, a gradient of f itself."""
        theta, x, u = draw_theta(rng, 3, 5), rng.normal(size=(1, 3)), np.array([1.0])
        h, w = np.tanh(theta["W1"] @ x[0] + theta["b1"]), theta["W2"][0]
        slope = theta["W1"].T @ ((1 - h**2) * w)
        n = np.sqrt(slope @ slope)
        way = 2 * (1 - 1 / n) * slope
        value, pullback = gradient_penalty.vjp(x, 0 * x, u, theta, critic="mlp_tanh", sides="two")
        grads = pullback(np.ones(1))
        bend = -2 * h * (1 - h**2) * w * (theta["W1"] @ way)
        np.testing.assert_allclose(value, [(n - 1) ** 2], rtol=1e-12)
        np.testing.assert_allclose(grads["real"], [bend @ theta["W1"]], rtol=1e-11)
        want = np.outer(bend, x[0]) + np.outer((1 - h**2) * w, way)
        np.testing.assert_allclose(grads["theta"]["W1"], want, rtol=1e-11)
        np.testing.assert_allclose(grads["theta"]["b1"], bend, rtol=1e-11)
        np.testing.assert_allclose(grads["theta"]["W2"], [(1 - h**2) * (theta["W1"] @ way)], rtol=1e-11)
        np.testing.assert_array_equal(grads["theta"]["b2"], [0])

    @pytest.mark.parametrize("critic", PHI)
    def test_by_differences(self, critic, rng):
        """Slopes by differences of a critic written out here, two hidden layers. Kills: φ' at another layer, layers in
        the wrong order, transposed square weights."""
        theta, x, y, u = draw_theta(rng, 2, 3, 3), *rng.normal(size=(2, 2, 2)), np.array([0.25, 0.625])
        step, axes = 1e-3, 1e-3 * np.eye(2)

        def by_hand(real, fake, theta):
            at = u[:, None] * real + (1 - u)[:, None] * fake
            f = [score(at[:, None] + k * axes, theta, critic) for k in (-2, -1, 1, 2)]
            slope = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * step)  # the error is of the fourth order
            return (np.sqrt(np.sum(slope**2, axis=1)) - 1) ** 2

        value, pullback = gradient_penalty.vjp(x, y, u, theta, critic=critic, sides="two")
        np.testing.assert_allclose(value, by_hand(x, y, theta), rtol=1e-8)
        grads, bar = pullback(np.array([1.0, -0.5])), np.array([1.0, -0.5])
        way = {name: rng.normal(size=entry.shape) for name, entry in (theta | {"real": x, "fake": y}).items()}
        move = lambda k: bar @ by_hand(x + k * step * way["real"], y + k * step * way["fake"],
                                       {name: entry + k * step * way[name] for name, entry in theta.items()})
        want = (move(-2) - 8 * move(-1) + 8 * move(1) - move(2)) / (12 * step)
        got = sum(np.sum(way[name] * g) for name, g in ({**grads["theta"], **grads} | {"theta": 0}).items()
                  if name in way)
        np.testing.assert_allclose(got, want, rtol=1e-6)

    def test_relu_is_refused(self, rng):
        x = rng.normal(size=(2, 3))
        said = refused(gradient_penalty, ArgumentError, "critic must be", x, x, np.full(2, 0.5), draw_theta(rng, 3, 4),
                       critic="mlp_relu", sides="two")
        assert said.endswith(": take silu or softplus")

    def test_a_critic_of_many_outputs_is_refused(self, rng):
        x, theta = rng.normal(size=(2, 3)), {"A": np.eye(3), "b": np.zeros(3)}
        refused(gradient_penalty, ArgumentError, "theta.A must have shape (1, 3), got (3, 3)", x, x, np.full(2, 0.5),
                theta, critic="linear", sides="two")


class TestLawsOfTheZeroCentered:
    def test_a_linear_critic(self):
        """f = ⟨A, x⟩ + b: ½ ‖A‖² everywhere, A_bar = Σ J_bar A. Kills: the norm itself, a missing ½, means over
        components or examples, sums before squares, sums of the batch."""
        x, theta, bar = np.arange(6.0).reshape(3, 2), {"A": np.array([[3.0, 4.0]]), "b": np.ones(1)}, np.arange(1.0, 4)
        value, pullback = zero_centered_penalty.vjp(x, theta, critic="linear")
        grads = pullback(bar)
        np.testing.assert_array_equal(value, [12.5, 12.5, 12.5])
        np.testing.assert_array_equal(grads["theta"]["A"], [[18, 24]])
        assert not np.any(grads["x"]) and not np.any(grads["theta"]["b"])

    def test_a_half_square(self, rng):
        """f = ½‖x‖²: the penalty is f itself, x_bar = J_bar x, also at x = 0. Kills: points held, every other power."""
        x, bar = rng.normal(size=(4, 3)), rng.normal(size=4)
        x[2] = 0
        value, pullback = zero_centered_penalty.vjp(x, {"w": np.zeros(1)}, critic=HALF_SQUARE)
        np.testing.assert_allclose(value, np.sum(x * x, axis=1) / 2, rtol=1e-15)
        np.testing.assert_allclose(pullback(bar)["x"], bar[:, None] * x, rtol=1e-15)

    def test_one_hidden_layer(self, rng):
        """½ ‖W₁ᵀ(φ' ∘ w₂)‖²; b_bar₁ = φ'' ∘ w₂ ∘ W₁g, W_bar₁ = b_bar₁ xᵀ + (φ' ∘ w₂) gᵀ, W_bar₂ = φ' ∘ W₁g. Kills: φ''
        forgotten, one reading of the weights alone, a gradient of f itself, a softplus before the slope."""
        theta, x = draw_theta(rng, 3, 5), rng.normal(size=(1, 3))
        h, w = np.tanh(theta["W1"] @ x[0] + theta["b1"]), theta["W2"][0]
        g = theta["W1"].T @ ((1 - h**2) * w)
        value, pullback = zero_centered_penalty.vjp(x, theta, critic="mlp_tanh")
        grads = pullback(np.ones(1))
        bend = -2 * h * (1 - h**2) * w * (theta["W1"] @ g)
        np.testing.assert_allclose(value, [g @ g / 2], rtol=1e-12)
        np.testing.assert_allclose(grads["x"], [bend @ theta["W1"]], rtol=1e-11)
        np.testing.assert_allclose(grads["theta"]["b1"], bend, rtol=1e-11)
        want = np.outer(bend, x[0]) + np.outer((1 - h**2) * w, g)
        np.testing.assert_allclose(grads["theta"]["W1"], want, rtol=1e-11)
        np.testing.assert_allclose(grads["theta"]["W2"], [(1 - h**2) * (theta["W1"] @ g)], rtol=1e-11)
        np.testing.assert_array_equal(grads["theta"]["b2"], [0])

    @pytest.mark.parametrize("critic", PHI)
    def test_of_both_penalties(self, critic, rng):
        """(n − 1)² = n² − 2n + 1: at the data, the other is 2 J − 2 √(2J) + 1, and its gradient follows. Kills: what
        is wrong in one of both."""
        theta, x = draw_theta(rng, 3, 4, 2), rng.normal(size=(1, 3))
        value, pullback = zero_centered_penalty.vjp(x, theta, critic=critic)
        other, its = gradient_penalty.vjp(x, 0 * x, np.ones(1), theta, critic=critic, sides="two")
        np.testing.assert_allclose(other, 2 * value - 2 * np.sqrt(2 * value) + 1, rtol=1e-9, atol=1e-12)
        grads = pullback(2 - 2 / np.sqrt(2 * value))
        np.testing.assert_allclose(its(np.ones(1))["real"], grads["x"], rtol=1e-10)
        for name, entry in its(np.ones(1))["theta"].items():
            np.testing.assert_allclose(entry, grads["theta"][name], rtol=1e-9, atol=1e-12)
