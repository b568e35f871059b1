"""The masked perceptron: who hears whom."""

from importlib import import_module

import numpy as np
import pytest

from refdgm.check.candidates.fields import as_function
from refdgm.nets.field import AUTOREGRESSIVE
from refdgm.nets.layout import mlp_shapes
from refdgm.nets.made import made

from ..kit import verify

TestMade = verify(made)


def drawn(rng, many, *hidden):
    return {name: rng.normal(size=shape) for name, shape in mlp_shapes(many, many, hidden).items()}


def jacobian(x, theta, activation="tanh"):
    """∂y_i/∂x_j of one example, row by row, each by the pullback."""
    _, pullback = made.vjp(x[None], theta, activation=activation)
    return np.stack([pullback(row[None], wrt="x")["x"][0] for row in np.eye(len(x))])


class TestLaws:
    @pytest.mark.parametrize("hidden", [(5,), (4,), (4, 4), (11, 4, 7)])
    def test_every_output_sees_all_that_came_before_and_nothing_else(self, rng, hidden):
        """D = 5: the Jacobian is 0 on and above the diagonal, and nowhere below it, from D − 1 hidden units on; and so
        are differences of the value. Kills: ≥ in the last layer, > below it, transposed masks, degrees from 0, one
        degree for all units."""
        theta, x = drawn(rng, 5, *hidden), rng.normal(size=5)
        lower = np.tril(np.ones((5, 5)), -1)
        np.testing.assert_array_equal(jacobian(x, theta) != 0, lower)
        y = made(x[None] + np.concatenate([np.zeros((1, 5)), np.eye(5)]), theta, activation="tanh")
        np.testing.assert_array_equal((y[1:] != y[0]).T, lower)

    def test_by_hand(self):
        """D = 3 with four hidden units of degrees 1, 2, 1, 2: h = (1, 11, 1, 11). Kills: degrees in blocks 1, 1, 2, 2,
        or in another order, a gradient for masked weights, and every mask of the wrong kind."""
        theta = {"W1": np.ones((4, 3)), "b1": np.zeros(4), "W2": np.array([[1.0, 2, 4, 8]] * 3),
                 "b2": np.array([100.0, 200, 300])}
        y, pullback = made.vjp(np.array([[1.0, 10, 100]]), theta, activation="relu")
        np.testing.assert_array_equal(y, [[100, 200 + 1 + 4, 300 + 1 + 22 + 4 + 88]])
        grads = pullback(np.array([[1.0, 10, 1000]]))
        np.testing.assert_array_equal(grads["x"], [[50 + 15000, 10000, 0]])
        g = grads["theta"]
        np.testing.assert_array_equal(g["b1"], [1010, 2000, 4040, 8000])
        np.testing.assert_array_equal(g["W1"], [[1010, 0, 0], [2000, 20000, 0], [4040, 0, 0], [8000, 80000, 0]])
        np.testing.assert_array_equal(g["W2"], [[0] * 4, [10, 0, 10, 0], [1000, 11000, 1000, 11000]])
        np.testing.assert_array_equal(g["b2"], [1, 10, 1000])

    def test_two_hidden_layers_by_hand(self):
        """D = 3, degrees 1, 2 twice: a unit of degree 1 hears that of degree 1 alone, one of degree 2 both. Kills: no
        mask between hidden layers, or a strict one."""
        theta = {"W1": np.ones((2, 3)), "b1": np.zeros(2), "W2": np.array([[1.0, 2], [4, 8]]), "b2": np.zeros(2),
                 "W3": np.array([[1.0, 1], [1, 1], [1, 3]]), "b3": np.zeros(3)}
        x = np.array([[1.0, 10, 100]])  # h = (1, 11), then (1, 4 + 88)
        np.testing.assert_array_equal(made(x, theta, activation="relu"), [[0, 1, 1 + 3 * 92]])
        np.testing.assert_array_equal(jacobian(x[0], theta, "relu"), [[0, 0, 0], [1, 0, 0], [1 + 36, 24, 0]])

    def test_a_masked_weight_plays_no_part(self, rng):
        """Whatever stands in it, if only it is finite; and what is counted is Σ over layers. Kills: a mask that is put
        on the output, on the gradient alone, or on the value alone."""
        theta, x, bar = drawn(rng, 4, 6), rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
        y, pullback = made.vjp(x, theta, activation="silu")
        grads = pullback(bar)["theta"]
        assert [np.count_nonzero(grads[n]) for n in ("W1", "W2")] == [2 * (1 + 2 + 3), 0 + 2 + 4 + 6]
        other = {n: np.where(g == 0, 1e3, theta[n]) for n, g in grads.items()}
        again, back = made.vjp(x, other, activation="silu")
        np.testing.assert_array_equal(again, y)
        for n, g in back(bar)["theta"].items():
            np.testing.assert_array_equal(g, grads[n])

    def test_one_component_is_a_constant_of_the_parameters(self, rng):
        """D = 1: y = W² φ(b¹) + b². Kills: degrees from 1 even there, which cut the path of the biases."""
        theta, x = drawn(rng, 1, 3), rng.normal(size=(5, 1))
        y, pullback = made.vjp(x, theta, activation="tanh")
        want = np.sum(theta["W2"] * np.tanh(theta["b1"])) + theta["b2"]
        np.testing.assert_allclose(y, np.broadcast_to(want, (5, 1)), rtol=1e-14)
        assert not pullback(np.ones((5, 1)))["x"].any()

    def test_without_a_hidden_layer_it_is_strictly_triangular(self, rng):
        """y = L x + b. Kills: a diagonal."""
        theta, x = drawn(rng, 4), rng.normal(size=(5, 4))
        want = np.stack([[sum(theta["W1"][i, j] * row[j] for j in range(i)) for i in range(4)] for row in x])
        np.testing.assert_allclose(made(x, theta, activation="tanh"), want + theta["b1"], rtol=1e-13, atol=1e-15)


def conditioned(name, rng):
    """One of the list, an example, θ."""
    field = AUTOREGRESSIVE[name]
    shapes = field.layout.shapes(5, 5, (7, 11))
    return field, rng.normal(size=(3, 5)), {entry: rng.normal(size=shape) for entry, shape in shapes.items()}


class TestConditioners:
    @pytest.mark.parametrize("name", AUTOREGRESSIVE)
    def test_each_of_the_list_is_autoregressive(self, name, rng):
        """As a Field and in its gradients. Kills: a triangle that keeps its diagonal, A_bar of the whole of A."""
        field, x, theta = conditioned(name, rng)
        field.validate(x, theta)
        _, pullback = field.vjp(x, theta)
        for d, row in enumerate(np.eye(5)):
            grads = pullback(np.broadcast_to(row, (3, 5)))
            assert (grads["x"][:, :d] != 0).all() and not grads["x"][:, d:].any()
        later = x + np.array([0, 0, 1, 1, 1.0])
        np.testing.assert_array_equal(field.value(later, theta)[:, :3], field.value(x, theta)[:, :3])
        if name == "triangular":
            bar = rng.normal(size=(3, 5))
            np.testing.assert_allclose(pullback(bar)["theta"]["A"], np.tril(np.einsum("bi,bj->ij", bar, x), -1),
                                       rtol=1e-13, atol=1e-15)

    @pytest.mark.needs("torch", "jax")
    @pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
    @pytest.mark.parametrize("name", ["made_tanh", "triangular"])
    def test_all_frameworks_receive_the_same_one(self, name, rng):
        """And differentiate it. Kills: a mask of another kind for one of them."""
        field, x, theta = conditioned(name, rng)
        bar = rng.normal(size=(3, 5))
        y, pullback = field.vjp(x, theta)
        want = pullback(bar)
        for framework in ("autograd", "torch", "jax"):
            value, x_bar, theta_bar = differentiated(framework, as_function(field, framework), x, theta, bar)
            np.testing.assert_allclose(value, y, rtol=1e-12, atol=1e-14)
            np.testing.assert_allclose(x_bar, want["x"], rtol=1e-11, atol=1e-12)
            for entry, g in want["theta"].items():
                np.testing.assert_allclose(theta_bar[entry], g, rtol=1e-11, atol=1e-12, err_msg=entry)


def differentiated(framework, function, x, theta, bar):
    if framework == "torch":
        torch = import_module("torch")
        x, theta = torch.tensor(x, requires_grad=True), {
            n: torch.tensor(e, requires_grad=True) for n, e in theta.items()}
        y = function(x, theta)
        found = torch.autograd.grad(y, [x, *theta.values()], torch.tensor(bar))
        return y.detach().numpy(), found[0].numpy(), dict(zip(theta, (g.numpy() for g in found[1:]), strict=True))
    if framework == "jax":
        jax = import_module("jax")
        jax.config.update("jax_enable_x64", True)
        y, back = jax.vjp(function, jax.numpy.asarray(x), jax.tree.map(jax.numpy.asarray, theta))
        return np.asarray(y), *(jax.tree.map(np.asarray, g) for g in back(jax.numpy.asarray(bar)))
    from autograd import grad

    paired = lambda both: np.sum(bar * function(*both))
    return function(x, theta), *grad(paired)((x, theta))
