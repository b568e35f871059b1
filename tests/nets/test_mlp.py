"""The multilayer perceptron and its tangent."""

from itertools import pairwise

import numpy as np
import pytest

from refdgm import ArgumentError, implicit_score_matching
from refdgm.nets.field import mlp_score
from refdgm.nets.mlp import mlp, mlp_tangent

from ..kit import verify
from ..refusal import refused, well_said

TestMLP = verify(mlp)
TestMLPTangent = verify(mlp_tangent)

ACTIVATIONS = ("tanh", "softplus", "silu")
every_activation = pytest.mark.parametrize("activation", ACTIVATIONS)
LOG3, THREE_QUARTERS = np.log(3.0), 0.75  # σ(log 3) = ¾

# At a with known answers: φ, φ', φ''.
AT = {
    "tanh": (np.log(2.0), 3 / 5, 16 / 25, -96 / 125),
    "softplus": (LOG3, np.log(4.0), 3 / 4, 3 / 16),
    "silu": (LOG3, THREE_QUARTERS * LOG3, 3 / 4 + LOG3 * 3 / 16, 3 / 16 * (2 - LOG3 / 2)),
}


def neuron(a, activation):
    """One neuron with weights 1 at the argument a, in the direction 1: φ, φ' and the pullback of both."""
    theta = {"W1": np.ones((1, 1)), "b1": np.zeros(1), "W2": np.ones((1, 1)), "b2": np.zeros(1)}
    (y, y_dot), pullback = mlp_tangent.vjp(np.array([[a]]), np.ones((1, 1, 1)), theta, activation=activation)
    return float(y[0, 0]), float(y_dot[0, 0, 0]), pullback


def draw_theta(rng, *widths):
    pairs = list(pairwise(widths))
    weights = {f"W{n}": rng.normal(size=(out, into)) for n, (into, out) in enumerate(pairs, 1)}
    return weights | {f"b{n}": rng.normal(size=out) for n, (_, out) in enumerate(pairs, 1)}


class TestLaws:
    @every_activation
    def test_one_neuron_at_a_known_point(self, activation):
        """Kills: another φ (a logistic for tanh, a SiLU with β ≠ 1), a wrong φ', and a φ'' that is left out."""
        a, value, slope, bend = AT[activation]
        y, y_dot, pullback = neuron(a, activation)
        np.testing.assert_allclose([y, y_dot], [value, slope], rtol=1e-15)
        grads = pullback(np.zeros((1, 1)), np.ones((1, 1, 1)))
        np.testing.assert_allclose(grads["x"], [[bend]], rtol=1e-14)
        np.testing.assert_allclose(grads["x_dot"], [[[slope]]], rtol=1e-14)
        np.testing.assert_allclose(pullback(np.ones((1, 1)))["x"], [[slope]], rtol=1e-14)

    @every_activation
    def test_one_neuron_and_its_gradients(self, activation):
        """y = 2 φ(x + 1) + ½. Kills: biases left out, φ' at another layer's values or of another φ, or none at all."""
        a, value, slope, _ = AT[activation]
        theta = {"W1": np.ones((1, 1)), "b1": np.ones(1), "W2": np.full((1, 1), 2.0), "b2": np.full(1, 0.5)}
        y, pullback = mlp.vjp(np.array([[a - 1]]), theta, activation=activation)
        grads = pullback(np.ones((1, 1)))
        np.testing.assert_allclose(y, [[2 * value + 0.5]], rtol=1e-15)
        np.testing.assert_allclose(grads["x"], [[2 * slope]], rtol=1e-14)
        got = [float(grads["theta"][name].reshape(())) for name in ("W1", "b1", "W2", "b2")]
        np.testing.assert_allclose(got, [2 * slope * (a - 1), 2 * slope, value, 1], rtol=1e-14)

    @every_activation
    def test_directions_add_up(self, activation):
        """In the directions 1 and 2 with cotangents 1, x_bar is 3 φ''. Kills: their mean, the first direction alone."""
        a, _, _, bend = AT[activation]
        theta = {"W1": np.ones((1, 1)), "b1": np.zeros(1), "W2": np.ones((1, 1)), "b2": np.zeros(1)}
        _, pullback = mlp_tangent.vjp(np.array([[a]]), np.array([[[1.0], [2.0]]]), theta, activation=activation)
        np.testing.assert_allclose(pullback(y_dot_bar=np.ones((1, 2, 1)))["x"], [[3 * bend]], rtol=1e-14)

    @pytest.mark.parametrize("a", [-300.0, -40.0])
    def test_left_tails(self, a):
        """φ' of tanh is 4e^{2a}; softplus and its derivatives are eᵃ; φ of SiLU is a eᵃ, φ' (1 + a)eᵃ, φ'' (2 + a)eᵃ.

        Kills: 1 − tanh², log(1 + eᵃ), a σ'(a) from 1 − σ: all zero or without digits there.
        """
        for activation, want in {
            "tanh": (-1.0, 4 * np.exp(2 * a), 8 * np.exp(2 * a)),
            "softplus": (np.exp(a), np.exp(a), np.exp(a)),
            "silu": (a * np.exp(a), (1 + a) * np.exp(a), (2 + a) * np.exp(a)),
        }.items():
            y, y_dot, pullback = neuron(a, activation)
            bend = pullback(np.zeros((1, 1)), np.ones((1, 1, 1)))["x"][0, 0]
            np.testing.assert_allclose([y, y_dot, bend], want, rtol=1e-13, err_msg=activation)

    @pytest.mark.parametrize("a", [40.0, 300.0])
    def test_right_tails(self, a):
        """φ'' is −8e^{−2a}, e^{−a}, (2 − a)e^{−a}. Kills: φ'' from σ(1 − σ) with 1 − σ rounded to zero, overflow."""
        for activation, value, bend in (
            ("tanh", 1.0, -8 * np.exp(-2 * a)),
            ("softplus", a, np.exp(-a)),
            ("silu", a, (2 - a) * np.exp(-a)),
        ):
            y, _, pullback = neuron(a, activation)
            got = pullback(np.zeros((1, 1)), np.ones((1, 1, 1)))["x"][0, 0]
            np.testing.assert_allclose([y, got], [value, bend], rtol=1e-13, err_msg=activation)

    @every_activation
    def test_where_the_argument_overflows(self, activation):
        """a = ∓∞: φ = 0 or −1 on the left, slopes 0 or 1, no curvature. Kills: 0 · ∞, which is what a σ(a) is there."""
        with np.errstate(over="ignore"):
            theta = {"W1": np.full((1, 1), 10.0), "b1": np.zeros(1), "W2": np.ones((1, 1)), "b2": np.zeros(1)}
            x, x_dot = np.array([[-1e308], [1e308]]), np.full((2, 1, 1), 0.125)
            (y, y_dot), pullback = mlp_tangent.vjp(x, x_dot, theta, activation=activation)
            slopes = [0, 0] if activation == "tanh" else [0, 1]
            np.testing.assert_array_equal(y[:, 0], [-1, 1] if activation == "tanh" else [0, np.inf])
            np.testing.assert_array_equal(y_dot[:, 0, 0], np.multiply(1.25, slopes))
            np.testing.assert_array_equal(pullback(y_dot_bar=np.ones((2, 1, 1)), wrt="x")["x"], np.zeros((2, 1)))
            np.testing.assert_array_equal(pullback(np.ones((2, 1)), wrt="x")["x"][:, 0], np.multiply(10, slopes))
            np.testing.assert_array_equal(mlp(x, theta, activation=activation), y)

    def test_without_a_hidden_layer_it_is_affine(self, rng):
        """y = W x + b, y_dot = W x_dot. Kills: an activation on the last layer, b in the tangent, a transposed square
        W."""
        theta, x, x_dot = draw_theta(rng, 3, 3), rng.normal(size=(4, 3)), rng.normal(size=(4, 2, 3))
        y, y_dot = mlp_tangent(x, x_dot, theta, activation="tanh")
        np.testing.assert_allclose(y, np.einsum("ed,bd->be", theta["W1"], x) + theta["b1"], rtol=1e-13)
        np.testing.assert_allclose(y_dot, np.einsum("ed,brd->bre", theta["W1"], x_dot), rtol=1e-13)

    def test_small_signals_see_the_product_of_the_weights(self, rng):
        """tanh(εa)/ε = a + O(ε²): three layers are W₃W₂W₁. Kills: layers in the wrong order, a transposed square W."""
        eps = 1e-4
        theta = draw_theta(rng, 3, 3, 3, 3)
        product = theta["W3"] @ theta["W2"] @ theta["W1"]
        theta |= {"W1": eps * theta["W1"], "W3": theta["W3"] / eps} | {f"b{n}": np.zeros(3) for n in (1, 2, 3)}
        x, bar = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
        y, pullback = mlp.vjp(x, theta, activation="tanh")
        np.testing.assert_allclose(y, x @ product.T, atol=1e-5)
        np.testing.assert_allclose(pullback(bar, wrt="x")["x"], bar @ product, atol=1e-5)

    @every_activation
    def test_the_tangent_is_a_difference_quotient(self, rng, activation):
        """Against a network written out here. Kills: φ' at the wrong layer, one direction for all, b in a_dot."""
        theta = draw_theta(rng, 3, 4, 2)
        x, x_dot, h = rng.normal(size=(5, 3)), rng.normal(size=(5, 2, 3)), 1e-5
        phi = {"tanh": np.tanh, "softplus": lambda a: np.logaddexp(0, a), "silu": lambda a: a / (1 + np.exp(-a))}

        def network(x):
            return phi[activation](x @ theta["W1"].T + theta["b1"]) @ theta["W2"].T + theta["b2"]

        y, y_dot = mlp_tangent(x, x_dot, theta, activation=activation)
        np.testing.assert_allclose(y, network(x), rtol=1e-12)
        for r in range(2):
            want = (network(x + h * x_dot[:, r]) - network(x - h * x_dot[:, r])) / (2 * h)
            np.testing.assert_allclose(y_dot[:, r], want, atol=1e-8)

    @every_activation
    def test_second_derivatives_commute(self, rng, activation):
        """⟨v, ∂y_dot_u/∂x⟩ = ⟨u, ∂y_dot_v/∂x⟩. Kills: a half of the terms of a_barˡ⁻¹, Σ_r taken over the wrong
        directions."""
        theta, x = draw_theta(rng, 3, 4, 4, 1), rng.normal(size=(1, 3))
        u, v = rng.normal(size=(2, 3))

        def along(direction):
            _, pullback = mlp_tangent.vjp(x, direction[None, None], theta, activation=activation)
            return pullback(y_dot_bar=np.ones((1, 1, 1)))["x"][0]

        np.testing.assert_allclose(v @ along(u), u @ along(v), rtol=1e-12)


def scalar_theta(b):
    """s(x) = relu(x − b)."""
    return {"W1": np.ones((1, 1)), "b1": np.array([-b]), "W2": np.ones((1, 1)), "b2": np.zeros(1)}


class TestReLU:
    def test_by_hand_and_at_the_kink(self):
        """y = 2 relu(x − 1) − 3 relu(1 − x) + 5, where φ'(0) = 0. Kills: a mask from the output with ≥, a slope of ½ or
        1 at 0, a leak below it, min for max."""
        theta = {"W1": np.array([[1.0], [-1.0]]), "b1": np.array([-1.0, 1.0]), "W2": np.array([[2.0, -3.0]]),
                 "b2": np.array([5.0])}
        y, pullback = mlp.vjp(np.array([[4.0], [1.0], [-2.0]]), theta, activation="relu")
        np.testing.assert_array_equal(y, [[11], [5], [-4]])
        grads = pullback(np.array([[1.0], [10.0], [100.0]]))
        np.testing.assert_array_equal(grads["x"], [[2], [0], [300]])
        np.testing.assert_array_equal(grads["theta"]["W1"], [[8], [600]])
        np.testing.assert_array_equal(grads["theta"]["b1"], [2, -300])
        np.testing.assert_array_equal(grads["theta"]["W2"], [[3, 300]])
        np.testing.assert_array_equal(grads["theta"]["b2"], [111])

    def test_piecewise_linear(self, rng):
        """φ(a) = φ'(a) a, so ⟨y_bar, y⟩ = ⟨x_bar, x⟩ + Σ_m ⟨b_barᵐ, bᵐ⟩, and = ⟨W_barˡ, Wˡ⟩ + Σ_{m≥l} ⟨b_barᵐ, bᵐ⟩ for
        every layer l.

        Kills: a slope at another layer's values, W_bar without its mask, any curvature of φ."""
        theta, x, bar = draw_theta(rng, 3, 5, 4, 2), rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
        y, pullback = mlp.vjp(x, theta, activation="relu")
        grads = pullback(bar)
        biases = [np.sum(theta[f"b{n}"] * grads["theta"][f"b{n}"]) for n in (1, 2, 3)]
        np.testing.assert_allclose(np.sum(x * grads["x"]) + sum(biases), np.sum(bar * y), rtol=1e-12)
        for n in (1, 2, 3):
            weights = np.sum(theta[f"W{n}"] * grads["theta"][f"W{n}"])
            np.testing.assert_allclose(weights + sum(biases[n - 1:]), np.sum(bar * y), rtol=1e-12)

    def test_scaling_a_neuron_changes_nothing(self, rng):
        """Rows of W¹ and b¹ times λ > 0, columns of W² divided by it. Kills: another φ, smooth at its corner."""
        theta, x = draw_theta(rng, 3, 4, 2), rng.normal(size=(6, 3))
        by = np.array([0.25, 8.0, 1024.0, 2.0**-20])
        scaled = theta | {"W1": by[:, None] * theta["W1"], "b1": by * theta["b1"], "W2": theta["W2"] / by}
        np.testing.assert_array_equal(mlp(x, scaled, activation="relu"), mlp(x, theta, activation="relu"))

    @pytest.mark.parametrize("b", [0.3, -0.7])
    def test_why_it_is_refused_where_curvature_enters(self, b):
        """d/db E s'(x) = −π(b) for x ~ N(0, 1): −0.381388 at b = 0.3. Pathwise it is 0, and a sharper and sharper
        softplus tends to −π(b). Kills: taking the gradient of ⟨x_bar⟩, which is s', for the gradient of its
        expectation."""
        x = np.linspace(-12.0, 12.0, 48001)
        weights = np.exp(-x**2 / 2) / np.sqrt(2 * np.pi) * (x[1] - x[0])

        def mean_slope(b):
            grads = mlp.vjp(x[:, None], scalar_theta(b), activation="relu")[1](np.ones((len(x), 1)))
            return np.sum(weights * grads["x"][:, 0])

        want = -np.exp(-b**2 / 2) / np.sqrt(2 * np.pi)
        if b == 0.3:
            np.testing.assert_allclose(want, -0.381388, atol=5e-7)
        step = 0.125
        np.testing.assert_allclose((mean_slope(b + step) - mean_slope(b - step)) / (2 * step), want, atol=2e-3)
        np.testing.assert_array_equal(
            mlp.vjp(x[:, None], scalar_theta(b), activation="relu")[1](np.ones((len(x), 1)))["x"][:, 0],
            np.where(x > b, 1.0, 0.0),  # constant in b but at one point: its pathwise derivative is 0 everywhere
        )
        sharp = 64.0  # softplus(64 (x − b)) / 64
        theta = scalar_theta(sharp * b) | {"W1": np.array([[sharp]]), "W2": np.array([[1 / sharp]])}
        _, pullback = mlp_tangent.vjp(x[:, None], np.ones((len(x), 1, 1)), theta, activation="softplus")
        b1_bar = pullback(y_dot_bar=weights[:, None, None])["theta"]["b1"]
        np.testing.assert_allclose(-sharp * b1_bar, want, atol=1e-3)

    def test_refused_with_the_reason_and_the_way_out(self, rng):
        theta, x = draw_theta(rng, 3, 4, 3), rng.normal(size=(2, 3))
        for said in (
            refused(mlp_tangent, ArgumentError, "activation must be one of tanh, softplus, silu, got 'relu'", x,
                    x[:, None], theta, activation="relu"),
            refused(implicit_score_matching, ArgumentError, "score must be one of mlp_tanh", x, theta,
                    score="mlp_relu"),
        ):
            assert "a mass at its kink" in said and said.endswith(": take silu or softplus")

    def test_a_field_with_relu_has_a_value_and_a_pullback_but_no_tangent(self, rng):
        """Whoever makes that Field: it serves where s alone enters, as in denoising, and is refused where s' does."""
        theta, x = draw_theta(rng, 3, 4, 3), rng.normal(size=(2, 3))
        score = mlp_score("relu")
        np.testing.assert_array_equal(score.value(x, theta), mlp(x, theta, activation="relu"))
        score.vjp(x, theta)[1](x)
        for door in (implicit_score_matching, implicit_score_matching.vjp, implicit_score_matching.value_and_grad):
            with pytest.raises(ArgumentError, match="a mass at its kink") as caught:
                door(x, theta, score=score)
            well_said(str(caught.value), "activation must be one of tanh")
