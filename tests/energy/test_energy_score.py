"""Energies, and the scores that follow from them."""

from itertools import pairwise

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.energy.energy_score import energy_score

from ..kit import verify
from ..refusal import refused

TestEnergyScore = verify(energy_score)

every_activation = pytest.mark.parametrize("activation", ["tanh", "softplus", "silu"])
LOG3, THREE_QUARTERS = np.log(3.0), 0.75  # σ(log 3) = ¾
AT = {  # a with known φ, φ', φ''
    "tanh": (np.log(2.0), 3 / 5, 16 / 25, -96 / 125),
    "softplus": (LOG3, np.log(4.0), 3 / 4, 3 / 16),
    "silu": (LOG3, THREE_QUARTERS * LOG3, 3 / 4 + LOG3 * 3 / 16, 3 / 16 * (2 - LOG3 / 2)),
}
PHI = {"tanh": np.tanh, "softplus": lambda a: np.logaddexp(0, a), "silu": lambda a: a / (1 + np.exp(-a))}
LOGISTIC = {"W1": np.array([[1.0], [-1.0]]), "b1": np.zeros(2), "W2": np.ones((1, 2)), "b2": np.zeros(1)}


def draw_theta(rng, *widths):
    pairs = list(pairwise((*widths, 1)))
    weights = {f"W{n}": rng.normal(size=(out, into)) for n, (into, out) in enumerate(pairs, 1)}
    return weights | {f"b{n}": rng.normal(size=out) for n, (_, out) in enumerate(pairs, 1)}


def energy_of(x, theta, activation):
    """A network written out here."""
    for layer in range(1, len(theta) // 2):
        x = PHI[activation](x @ theta[f"W{layer}"].T + theta[f"b{layer}"])
    return (x @ theta[f"W{len(theta) // 2}"].T + theta[f"b{len(theta) // 2}"])[:, 0]


class TestLaws:
    @every_activation
    def test_one_neuron_and_its_gradients(self, activation):
        """E = 2 φ(3x + 1) + ½, s = −6 φ'. Kills: the sign of s, its mean over a batch, φ'' or the second reading of the
        weights left out of the gradients, either with the other sign."""
        a, value, slope, bend = AT[activation]
        theta = {"W1": np.full((1, 1), 3.0), "b1": np.ones(1), "W2": np.full((1, 1), 2.0), "b2": np.full(1, 0.5)}
        x = (a - 1) / 3
        (energy, s), pullback = energy_score.vjp(np.array([[x]] * 2), theta, activation=activation)
        np.testing.assert_allclose(energy, 2 * value + 0.5, rtol=1e-15)
        np.testing.assert_allclose(s, [[-6 * slope]] * 2, rtol=1e-14)
        of = lambda grads: [float(grads["theta"][n].reshape(())) for n in ("W1", "b1", "W2", "b2")]
        grads = pullback(np.array([1.0, 0.0]), np.zeros((2, 1)))
        np.testing.assert_allclose(grads["x"], [[6 * slope], [0]], rtol=1e-14)
        np.testing.assert_allclose(of(grads), [2 * slope * x, 2 * slope, value, 1], rtol=1e-14)
        grads = pullback(np.zeros(2), np.array([[0.0], [1.0]]))
        np.testing.assert_allclose(grads["x"], [[0], [-18 * bend]], rtol=1e-13)
        np.testing.assert_allclose(of(grads), [-2 * slope - 6 * bend * x, -6 * bend, -3 * slope, 0], rtol=1e-13)

    def test_the_logistic_law(self):
        """E = log(1 + eˣ) + log(1 + e⁻ˣ) is the logistic density's, Z = 1: s = −tanh(x/2), ∂s/∂x = −½ sech²(x/2).
        Kills: s = +∂E/∂x, −E for E, a temperature, a score of another power of E."""
        x = np.linspace(-40, 40, 4001)[:, None]
        (energy, s), pullback = energy_score.vjp(x, LOGISTIC, activation="softplus")
        np.testing.assert_allclose(np.exp(-energy), np.exp(-np.abs(x[:, 0])) / (1 + np.exp(-np.abs(x[:, 0]))) ** 2,
                                   rtol=1e-13)
        np.testing.assert_allclose(np.sum(np.exp(-energy)) * 0.02, 1, rtol=1e-13)
        np.testing.assert_allclose(s, -np.tanh(x / 2), rtol=1e-13)
        want = -2 * np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2
        np.testing.assert_allclose(pullback(score_bar=np.ones_like(s))["x"], want, rtol=1e-13)

    @every_activation
    def test_the_score_is_minus_the_slope_of_the_energy(self, rng, activation):
        """By differences of a network written out here. Kills: layers in the wrong order, transposed square weights on
        the way back, φ' at another layer."""
        theta, x, h = draw_theta(rng, 3, 3, 3), rng.normal(size=(4, 3)), 1e-5
        energy, s = energy_score(x, theta, activation=activation)
        np.testing.assert_allclose(energy, energy_of(x, theta, activation), rtol=1e-12)
        for d, axis in enumerate(h * np.eye(3)):
            want = energy_of(x - axis, theta, activation) - energy_of(x + axis, theta, activation)
            np.testing.assert_allclose(s[:, d], want / (2 * h), atol=1e-8)

    @every_activation
    def test_its_gradients_are_slopes_of_differences(self, rng, activation):
        """⟨s_bar, s⟩ is by differences along s_bar a difference of energies; that once more, in x and in every entry of
        θ. Kills: a φ'' term of one layer alone, a_dot or δ of the wrong layer, W_bar without δ h_dotᵀ."""
        theta, x, bar = draw_theta(rng, 2, 3, 3), rng.normal(size=(2, 2)), rng.normal(size=(2, 2))
        grads = energy_score.vjp(x, theta, activation=activation)[1](score_bar=bar)
        h = 1e-3

        def paired(x, theta):
            """By five points: the error is of the fourth order."""
            at = [np.sum(energy_of(x + n * h * bar, theta, activation)) for n in (-2, -1, 1, 2)]
            return (at[3] - 8 * at[2] + 8 * at[1] - at[0]) / (12 * h)

        for name, entry in (theta | {"x": x}).items():
            got = grads["x"] if name == "x" else grads["theta"][name]
            for index in np.ndindex(entry.shape):
                step = np.zeros_like(entry)
                step[index] = h
                moved = [paired(x + n * step, theta) if name == "x" else paired(x, theta | {name: entry + n * step})
                         for n in (-2, -1, 1, 2)]
                want = (moved[0] - 8 * moved[1] + 8 * moved[2] - moved[3]) / (12 * h)
                np.testing.assert_allclose(got[index], want, atol=1e-7, err_msg=name)

    @every_activation
    def test_the_jacobian_is_symmetric(self, rng, activation):
        """⟨u, (∂s/∂x) v⟩ = ⟨v, (∂s/∂x) u⟩. Kills: a φ'' term with a_dot and δ of different layers, or of half of
        them."""
        theta, x = draw_theta(rng, 3, 4, 4), rng.normal(size=(1, 3))
        _, pullback = energy_score.vjp(x, theta, activation=activation)
        hessian = np.stack([pullback(score_bar=axis[None], wrt="x")["x"][0] for axis in np.eye(3)])
        np.testing.assert_allclose(hessian, hessian.T, rtol=1e-12)
        assert np.max(np.abs(hessian)) > 1e-3

    @every_activation
    def test_no_score_sees_the_last_bias(self, rng, activation):
        """E + c is another energy of the same law: s is the same to the last bit, and its gradient of bᴸ is zero.
        Kills: a score of E², of |E| or of a softplus of E, −log Z left in E."""
        theta, x = draw_theta(rng, 3, 5), rng.normal(size=(4, 3))
        (energy, s), pullback = energy_score.vjp(x, theta, activation=activation)
        higher = energy_score(x, theta | {"b2": theta["b2"] + 4}, activation=activation)
        np.testing.assert_allclose(higher.energy, energy + 4, rtol=1e-14)
        np.testing.assert_array_equal(higher.score, s)
        np.testing.assert_array_equal(pullback(score_bar=s)["theta"]["b2"], [0])
        np.testing.assert_allclose(pullback(energy)["theta"]["b2"], [np.sum(energy)], rtol=1e-14)

    @every_activation
    def test_work_along_a_path(self, rng, activation):
        """E(x₁) − E(x₀) = −∫⟨s, dx⟩ by Gauss's rule. Kills: a score of another energy than the one returned."""
        theta, ends = draw_theta(rng, 3, 4), rng.normal(size=(2, 3))
        nodes, weights = np.polynomial.legendre.leggauss(40)
        path = ends[0] + (nodes[:, None] + 1) / 2 * (ends[1] - ends[0])
        work = np.sum(weights / 2 * (energy_score(path, theta, activation=activation).score @ (ends[1] - ends[0])))
        low, high = energy_of(ends, theta, activation)
        np.testing.assert_allclose(low - high, work, rtol=1e-9, atol=1e-9)

    def test_without_a_hidden_layer_it_is_affine(self, rng):
        """E = ⟨w, x⟩ + b, s = −w. Kills: an activation on the last layer, a batch in W_bar of the score."""
        theta, x, bar = draw_theta(rng, 3), rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
        (energy, s), pullback = energy_score.vjp(x, theta, activation="tanh")
        np.testing.assert_allclose(energy, x @ theta["W1"][0] + theta["b1"], rtol=1e-13)
        np.testing.assert_array_equal(s, np.broadcast_to(-theta["W1"], (4, 3)))
        grads = pullback(score_bar=bar)
        np.testing.assert_allclose(grads["theta"]["W1"], -np.sum(bar, axis=0)[None], rtol=1e-13)
        assert not np.any(grads["x"]) and not np.any(grads["theta"]["b1"])

    def test_relu_is_refused(self, rng):
        said = refused(energy_score, ArgumentError, "activation must be one of tanh, softplus, silu, got 'relu'",
                       rng.normal(size=(2, 3)), draw_theta(rng, 3, 4), activation="relu")
        assert said.endswith(": take silu or softplus")

    def test_one_output_is_asked_for(self, rng):
        theta = draw_theta(rng, 3, 4)
        wide = theta | {"W2": np.ones((2, 4)), "b2": np.ones(2)}
        refused(energy_score, ArgumentError, "theta.W2 must have shape (1, 4), got (2, 4)", rng.normal(size=(2, 3)),
                wide, activation="tanh")
