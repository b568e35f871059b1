"""Flows of several layers: densities and samples."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.cases import draw, options_grid
from refdgm.flow.bijection import BIJECTIONS, Bijection
from refdgm.flow.normalizing_flow_log_density import normalizing_flow_log_density, normalizing_flow_sample
from refdgm.nets.field import SCORES

from ..kit import verify
from ..refusal import refused

TestNormalizingFlowLogDensity = verify(normalizing_flow_log_density)
TestNormalizingFlowSample = verify(normalizing_flow_sample)

every_choice = pytest.mark.parametrize("options", options_grid(normalizing_flow_sample),
                                       ids=lambda options: "-".join(options.values()))
MEAN, STD = np.array([0.5, -1.0]), np.array([2.0, 3.0])


def affine(z, theta):
    """a z + b, its log-determinant and pullback, by hand."""
    grads = lambda bar, log_det_bar, wrt: {"x": bar * theta["a"], "theta": {
        "a": np.sum(bar * z, axis=0) + np.sum(log_det_bar) / theta["a"], "b": np.sum(bar, axis=0)}}
    return (z * theta["a"] + theta["b"], np.zeros(len(z)) + np.sum(np.log(np.abs(theta["a"])))), grads


def back(x, theta):
    """(x − b)/a."""
    z = (x - theta["b"]) / theta["a"]
    grads = lambda bar, log_det_bar, wrt: {"x": bar / theta["a"], "theta": {
        "a": -np.sum(bar * z, axis=0) / theta["a"] - np.sum(log_det_bar) / theta["a"],
        "b": -np.sum(bar, axis=0) / theta["a"]}}
    return (z, np.zeros(len(x)) - np.sum(np.log(np.abs(theta["a"])))), grads


AFFINE = Bijection("affine", affine, back)
TWO = {"a": np.array([[2.0, 5.0], [-3.0, 0.5]]), "b": np.array([[1.0, -1.0], [-4.0, 2.0]])}


def composed(theta, order):
    """Slope and shift of x in z, component by component of x, and which component of z it is."""
    a, b = theta["a"], theta["b"]
    turned = (lambda u: u[::-1]) if order == "reverse" else (lambda u: u)
    slope, shift, of = a[0], b[0], np.arange(a.shape[1])
    for each, more in zip(a[1:], b[1:], strict=True):
        slope, shift, of = each * turned(slope), each * turned(shift) + more, turned(of)
    return slope, shift, of


class TestLaws:
    @pytest.mark.parametrize("order", ["keep", "reverse"])
    def test_affine_layers_are_a_gaussian(self, rng, order):
        """Two layers that do not commute, one with a negative scale: x_d = A z + B, log p that of N(B, A²). Kills:
        layers in the wrong order, P forgotten, once too often or on the batch, the sign of ℓ, ℓ of one layer, the base
        at x."""
        slope, shift, of = composed(TWO, order)
        if order == "keep":
            np.testing.assert_allclose(slope, [-6, 2.5])
            np.testing.assert_allclose(shift, [-7, 1.5])
        else:
            np.testing.assert_allclose(slope, [-15, 1])  # −3 · 5 and ½ · 2
            np.testing.assert_allclose(shift, [-1, 2.5])
        z = rng.normal(size=(5, 2))
        x, log_density = normalizing_flow_sample(z, TWO, transform=AFFINE, order=order)
        np.testing.assert_allclose(x, slope * z[:, of] + shift, rtol=1e-14)
        want = -np.sum(((x - shift) / slope) ** 2 / 2 + np.log(np.abs(slope) * np.sqrt(2 * np.pi)), axis=1)
        np.testing.assert_allclose(log_density, want, rtol=1e-13)
        got = normalizing_flow_log_density(x, TWO, transform=AFFINE, order=order)
        np.testing.assert_allclose(got, want, rtol=1e-13)

    def test_gradients_of_a_gaussian(self):
        """x = a₂(a₁ z + b₁) + b₂ on the line: by hand. Kills: θ_bar stacked backwards or shared, p_bar to one layer,
        z_bar without its base, a volume or a path without graph."""
        (a1, a2), (b1, b2), z, x_bar, bar = (2.0, -3.0), (1.0, -4.0), 0.75, 0.5, 1.25
        theta = {"a": np.array([[a1], [a2]]), "b": np.array([[b1], [b2]])}
        x = a2 * (a1 * z + b1) + b2
        _, pullback = normalizing_flow_log_density.vjp(np.array([[x]]), theta, transform=AFFINE, order="keep")
        grads = pullback(np.array([bar]))
        np.testing.assert_allclose(grads["x"], [[-bar * z / (a1 * a2)]], rtol=1e-13)
        # z = ((x − b₂)/a₂ − b₁)/a₁ and log p = −z²/2 − log |a₁ a₂| − …
        want = [bar * (z * z / a1 - 1 / a1), bar * (z * (x - b2) / (a1 * a2**2) - 1 / a2)]
        np.testing.assert_allclose(grads["theta"]["a"][:, 0], want, rtol=1e-13)
        np.testing.assert_allclose(grads["theta"]["b"][:, 0], [bar * z / a1, bar * z / (a1 * a2)], rtol=1e-13)
        _, pullback = normalizing_flow_sample.vjp(np.array([[z]]), theta, transform=AFFINE, order="keep")
        grads = pullback(np.array([[x_bar]]), np.array([bar]))
        np.testing.assert_allclose(grads["z"], [[x_bar * a1 * a2 - bar * z]], rtol=1e-13)
        want = [x_bar * a2 * z - bar / a1, x_bar * (a1 * z + b1) - bar / a2]
        np.testing.assert_allclose(grads["theta"]["a"][:, 0], want, rtol=1e-13)
        np.testing.assert_allclose(grads["theta"]["b"][:, 0], [x_bar * a2, x_bar], rtol=1e-13)

    @every_choice
    def test_the_mass_is_one(self, options):
        """∫ p = 1 over the plane, by the trapezoidal rule. Kills: any log-determinant of the wrong sign, weight or
        place, a base without its constant."""
        theta = self.drawn(options, 0.5)
        side = np.linspace(-16, 16, 257)
        x = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
        p = np.exp(normalizing_flow_log_density(x, theta, **options))
        np.testing.assert_allclose(np.sum(p) * (side[1] - side[0]) ** 2, 1, rtol=1e-8)

    @every_choice
    def test_the_mean_of_the_scores_is_zero(self, options):
        """E ∂ log p(x)/∂θ = 0 under the flow, in every entry of every layer, by Gauss's rule in z. Kills: p_bar that
        does not reach a layer, a base without graph, θ_bar in another order."""
        theta = self.drawn(options, 0.25)
        nodes, weights = np.polynomial.hermite_e.hermegauss(64)
        z = np.stack(np.meshgrid(nodes, nodes), axis=-1).reshape(-1, 2)
        weight = np.outer(weights, weights).reshape(-1) / (2 * np.pi)
        x = normalizing_flow_sample(z, theta, **options).x
        grads = normalizing_flow_log_density.vjp(x, theta, **options)[1](weight)["theta"]
        each = normalizing_flow_log_density.vjp(x[:1], theta, **options)[1](np.ones(1))["theta"]
        assert max(np.max(np.abs(entry)) for entry in each.values()) > 1e-2
        for name, entry in grads.items():
            np.testing.assert_allclose(entry, 0, atol=1e-6, err_msg=name)

    @every_choice
    def test_a_sample_has_the_density_that_it_says(self, options):
        """Kills: a P that is in one direction alone, layers in one order for both."""
        case = draw(normalizing_flow_sample, 5, sizes={"L": 3}, options=options)
        z, theta = case.arguments().values()
        x, log_density = normalizing_flow_sample(z, theta, **options)
        np.testing.assert_allclose(normalizing_flow_log_density(x, theta, **options), log_density, rtol=1e-12)

    def drawn(self, options, size):
        """Two layers of a plane, moderate ones."""
        case = draw(normalizing_flow_sample, 11, sizes={"D": 2, "L": 2, "hidden": (5,)}, options=options)
        return {name: size * entry for name, entry in case.arguments()["theta"].items()}

    def test_without_layers_it_is_the_base(self, rng):
        z = rng.normal(size=(4, 3))
        theta = {"a": np.zeros((0, 3)), "b": np.zeros((0, 3))}
        (x, log_density), pullback = normalizing_flow_sample.vjp(z, theta, transform=AFFINE, order="reverse")
        np.testing.assert_array_equal(x, z)
        np.testing.assert_allclose(log_density, -np.sum(z * z, axis=1) / 2 - 1.5 * np.log(2 * np.pi), rtol=1e-14)
        grads = pullback(np.zeros((4, 3)), np.ones(4))
        np.testing.assert_array_equal(grads["z"], -z)
        assert grads["theta"]["a"].shape == (0, 3)
        got, pullback = normalizing_flow_log_density.vjp(z, theta, transform=AFFINE, order="keep")
        np.testing.assert_array_equal(got, log_density)
        np.testing.assert_array_equal(pullback(np.ones(4))["x"], -z)


class TestBijections:
    @pytest.mark.parametrize("name", BIJECTIONS)
    @pytest.mark.parametrize("features", [1, 2, 5])
    def test_round_trip(self, rng, name, features):
        """Each undoes the other and the log-determinants cancel, which are those of differences. Kills: halves of the
        wrong sizes, ℓ of the kept half."""
        transform = BIJECTIONS[name]
        theta = {entry: rng.normal(size=shape)
                 for entry, shape in transform.layout.shapes(features, features, (4,)).items()}
        z = rng.normal(size=(3, features))
        (x, log_det), _ = transform.forward(z, theta)
        (again, other), _ = transform.inverse(x, theta)
        np.testing.assert_allclose(again, z, rtol=1e-13, atol=1e-13)
        np.testing.assert_allclose(other, -log_det, rtol=1e-13, atol=1e-15)
        h = 1e-5
        moved = [(transform.forward(z + h * axis, theta)[0][0] - transform.forward(z - h * axis, theta)[0][0]) / (2 * h)
                 for axis in np.eye(features)]
        _, want = np.linalg.slogdet(np.stack(moved, axis=2))
        np.testing.assert_allclose(log_det, want, atol=1e-8)

    def test_what_stays_and_what_moves(self, rng):
        """Of five components three stay. Kills: every other one, the last half kept."""
        transform = BIJECTIONS["coupling_tanh"]
        theta = {entry: rng.normal(size=shape) for entry, shape in transform.layout.shapes(5, 5, (4,)).items()}
        z = rng.normal(size=(3, 5))
        x = transform.forward(z, theta)[0][0]
        np.testing.assert_array_equal(x[:, :3], z[:, :3])
        assert np.all(x[:, 3:] != z[:, 3:]) and theta["W2"].shape == (4, 4)


def test_what_is_refused(rng):
    x = rng.normal(size=(4, 3))
    case = draw(normalizing_flow_log_density, 3, sizes={"L": 2})
    theta, options = case.arguments()["theta"], {"transform": "coupling_tanh", "order": "keep"}
    ask = lambda theta, **more: refused(normalizing_flow_log_density, ArgumentError, more.pop("said"), x, theta,
                                        **options | more)
    first = next(iter(theta))
    ask(theta | {"b2": theta["b2"][0]}, said="theta.b2 must have the leading axis L = 2, got (6,)")
    said = ask(theta | {"b1": theta["b1"][:1]}, said="theta.b1 must have the leading axis L = 2, got (1, 7)")
    assert said.endswith("; stack the layers")
    refused(normalizing_flow_log_density, ArgumentError, "theta.W1 must have the leading axis L, got ()", x,
            theta | {first: np.zeros(())}, **options)
    refused(normalizing_flow_log_density, ArgumentError, "theta.W1 must have shape (2, 7, 2), got (2, 7, 3)", x,
            theta | {"W1": np.zeros((2, 7, 3))}, **options)
    said = ask(theta, transform=SCORES["linear"], said="transform must be a Bijection of (x), got a Field of (x)")
    assert said.endswith("or make a Bijection that takes and gives just that")
