"""Residual blocks, alone and stacked."""

import numpy as np
import pytest

from refdgm.ode.residual_block import residual_block

from ..kit import verify

TestResidualBlock = verify(residual_block)


def stack(z, theta, blocks, bar):
    """`blocks` blocks that share θ: the features that leave, and the cotangents of z and θ by hand-written chaining."""
    pullbacks = []
    for _ in range(blocks):
        z, pullback = residual_block.vjp(z, theta, branch="linear")
        pullbacks.append(pullback)
    total = {name: np.zeros_like(x) for name, x in theta.items()}
    for pullback in reversed(pullbacks):
        grads = pullback(bar)
        bar, total = grads["z"], {name: total[name] + x for name, x in grads["theta"].items()}
    return z, bar, total


class TestLaws:
    def test_one_step_of_euler_by_hand(self):
        """z_dot = w₂ tanh(w₁ z + b₁) + b₂ in one dimension, h = 1: every number of (1, 2) written out.

        Kills: the identity forgotten in either direction, f at the features that leave, a step other than one.
        """
        z, w1, b1, w2, b2, bar = 0.6, 1.25, -0.5, -0.75, 0.375, 1.5
        theta = {"W1": np.array([[w1]]), "b1": np.array([b1]), "W2": np.array([[w2]]), "b2": np.array([b2])}
        value, pullback = residual_block.vjp(np.array([[z]]), theta, branch="mlp_tanh")
        grads = pullback(np.array([[bar]]))
        h = np.tanh(w1 * z + b1)
        slope = 1 / np.cosh(w1 * z + b1) ** 2
        np.testing.assert_allclose(value, [[z + 1 * (w2 * h + b2)]], rtol=1e-14)
        np.testing.assert_allclose(grads["z"], [[bar * (1 + 1 * w2 * slope * w1)]], rtol=1e-14)
        want = {"W1": bar * w2 * slope * z, "b1": bar * w2 * slope, "W2": bar * h, "b2": bar}
        for name, x in want.items():
            np.testing.assert_allclose(np.ravel(grads["theta"][name]), [x], rtol=1e-14, err_msg=name)

    @pytest.mark.parametrize("a", [1.0, -2.5])
    def test_many_scaled_blocks_are_a_flow(self, a):
        """L blocks with f = (a/L) z give (1 + a/L)ᴸ, which tends to eᵃ with an error of a²/2L relative.

        The shared rate has the gradient L (1 + a/L)ᴸ⁻¹ z. Kills: z⁺ = f, z⁺ = z − f, z_bar = Jᵀλ, z_bar = λ,
        and whatever becomes right when f is small.
        """
        z, relative = np.array([[1.5, -0.5]]), {}
        for blocks in (10, 40, 160):
            theta = {"A": a / blocks * np.eye(2), "b": np.zeros(2)}
            value, bar, total = stack(z, theta, blocks, np.array([[1.0, 2.0]]))
            growth = (1 + a / blocks) ** blocks
            np.testing.assert_allclose(value, growth * z, rtol=1e-13)
            np.testing.assert_allclose(bar, [[growth, 2 * growth]], rtol=1e-13)
            each = blocks * (1 + a / blocks) ** (blocks - 1)
            np.testing.assert_allclose(total["A"], each * np.array([[1.5, -0.5], [3.0, -1.0]]), rtol=1e-13)
            relative[blocks] = 1 - value[0, 0] / (np.exp(a) * z[0, 0])
        for blocks, apart in relative.items():
            assert apart == pytest.approx(a**2 / (2 * blocks), rel=4 * abs(a) / blocks)

    def test_unscaled_blocks_have_no_limit(self):
        """(1 + a)ᴸ: 1024 for a = 1 and ten blocks, where ten scaled ones have 2.5937. Kills: a hidden factor 1/L."""
        one = np.ones((1, 1))
        value, _, _ = stack(one, {"A": one, "b": np.zeros(1)}, 10, one)
        assert value == 1024
        value, _, _ = stack(one, {"A": one / 10, "b": np.zeros(1)}, 10, one)
        np.testing.assert_allclose(value, [[2.5937424601]], rtol=1e-11)

    def test_a_branch_of_zeros_is_the_identity(self, rng):
        """With the last layer at zero the block is the identity in both directions, and b_bar of that layer is Σ λ.

        Kills: anything after the addition, such as the ReLU of the first residual networks, and a mean over the batch.
        """
        z, bar = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
        theta = {"W1": rng.normal(size=(7, 3)), "b1": rng.normal(size=7), "W2": np.zeros((3, 7)), "b2": np.zeros(3)}
        value, pullback = residual_block.vjp(z, theta, branch="mlp_silu")
        grads = pullback(bar)
        np.testing.assert_array_equal(value, z)
        np.testing.assert_array_equal(grads["z"], bar)
        np.testing.assert_allclose(grads["theta"]["b2"], np.sum(bar, axis=0), rtol=1e-14)
        assert not np.any(grads["theta"]["W1"])
