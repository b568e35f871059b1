"""A flow whose components are told by those before them, there and back."""

from dataclasses import replace

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.flow.masked_autoregressive import masked_autoregressive, masked_autoregressive_inverse
from refdgm.nets.layout import mlp_shapes

from ..kit import verify
from ..refusal import refused

TestMaskedAutoregressive = verify(masked_autoregressive)
TestMaskedAutoregressiveInverse = verify(masked_autoregressive_inverse)

EVERY = [(name, scale) for name in masked_autoregressive.args["conditioner"].known for scale in ("exp", "bounded")]
each = pytest.mark.parametrize("conditioner, scale", EVERY)


def network(rng, conditioner, many):
    shapes = {"A": (many, many), "b": (many,)} if conditioner == "triangular" else mlp_shapes(many, many, (7,))
    return {name: 0.4 * rng.normal(size=shape) for name, shape in shapes.items()}


def problem(rng, conditioner, scale, many=4):
    """θ_m, θ_a and the options."""
    return (network(rng, conditioner, many), network(rng, conditioner, many)), {
        "conditioner": conditioner, "scale": scale}


def gaussian(rng, many, scale):
    """x = A x + b + e^α z with A strictly lower triangular and a constant α: θ_m, θ_a, R = 1 − A, b, α."""
    A, b, a = np.tril(rng.normal(size=(many, many)), -1), rng.normal(size=many), rng.normal(size=many)
    upper = np.triu(rng.normal(size=(many, many)))  # which plays no part
    thetas = {"A": A + upper, "b": b}, {"A": upper, "b": a}
    return thetas, np.eye(many) - A, b, np.tanh(a) if scale == "bounded" else a


class TestForward:
    @pytest.mark.parametrize("scale", ["exp", "bounded"])
    def test_of_affine_networks_it_is_a_gaussian(self, rng, scale):
        """log N(z) + ℓ is log N(x; R⁻¹ b, R⁻¹ e^{2α} R⁻ᵀ), by LAPACK. Kills: the sign or a multiple of ℓ, a shift after
        the scale, e^α for e^{−α}, variances for deviations, networks exchanged, a triangle with its diagonal."""
        thetas, R, b, alpha = gaussian(rng, 5, scale)
        x = rng.normal(size=(7, 5))
        z, log_det = masked_autoregressive(x, *thetas, conditioner="triangular", scale=scale)
        got = -np.sum(z**2, axis=1) / 2 + log_det
        inverse = np.linalg.inv(R)
        covariance = inverse @ np.diag(np.exp(2 * alpha)) @ inverse.T
        off = x - np.linalg.solve(R, b)
        want = -np.einsum("bi,ij,bj->b", off, np.linalg.inv(covariance), off) / 2 - np.linalg.slogdet(covariance)[1] / 2
        np.testing.assert_allclose(got, want, rtol=1e-11)

    @each
    def test_log_det_is_that_of_the_map(self, rng, conditioner, scale):
        """By differences of z. Kills: ℓ of other log-scales than those of the point, half or all of its dimensions."""
        thetas, options = problem(rng, conditioner, scale)
        x, h = rng.normal(size=4), 1e-5
        moved = x + h * np.concatenate([np.eye(4), -np.eye(4)])
        z, _ = masked_autoregressive(moved, *thetas, **options)
        jacobian = (z[:4] - z[4:]).T / (2 * h)
        assert not np.triu(jacobian, 1).any()
        _, log_det = masked_autoregressive(x[None], *thetas, **options)
        np.testing.assert_allclose(log_det[0], np.linalg.slogdet(jacobian)[1], atol=1e-8)

    def test_mass_is_one(self, rng):
        """∫ N(z(x)) e^ℓ dx of two components. Kills: ℓ with any other factor, of maps that are not affine."""
        thetas, options = problem(rng, "made_tanh", "exp", 2)
        line = np.linspace(-14, 14, 141)
        x = np.stack(np.meshgrid(line, line, indexing="ij"), axis=-1).reshape(-1, 2)
        z, log_det = masked_autoregressive(x, *thetas, **options)
        density = np.exp(-np.sum(z**2, axis=1) / 2 + log_det) / (2 * np.pi)
        np.testing.assert_allclose(np.sum(density) * 0.2**2, 1, atol=1e-9)

    def test_by_hand(self):
        """D = 2, μ = (1, 3x₁ + 2), α = (log 2, log 4 · x₁) at x = (5, 19/2): z = (2, −7.5/4^5). Kills: components that
        see themselves, e^{−α} on the shift as well."""
        thetas = ({"A": np.array([[9.0, 9], [3, 9]]), "b": np.array([1.0, 2])},
                  {"A": np.array([[9.0, 9], [np.log(4), 9]]), "b": np.array([np.log(2), 0])})
        options = {"conditioner": "triangular", "scale": "exp"}
        x, z_bar = np.array([[5.0, 9.5]]), np.array([[1.0, 4.0**5]])
        (z, log_det), pullback = masked_autoregressive.vjp(x, *thetas, **options)
        np.testing.assert_allclose(z, [[2, -7.5 / 4**5]], rtol=1e-14)
        np.testing.assert_allclose(log_det, [-11 * np.log(2)], rtol=1e-14)
        grads = pullback(z_bar, np.array([10.0]))
        np.testing.assert_allclose(grads["x"], [[0.5 - 3 + np.log(4) * (7.5 - 10), 1]], rtol=1e-13)
        np.testing.assert_allclose(grads["shift_theta"]["b"], [-0.5, -1], rtol=1e-13)
        np.testing.assert_allclose(grads["shift_theta"]["A"], [[0, 0], [-5, 0]], rtol=1e-13)
        np.testing.assert_allclose(grads["scale_theta"]["b"], [-2 - 10, 7.5 - 10], rtol=1e-13)
        np.testing.assert_allclose(grads["scale_theta"]["A"], [[0, 0], [-12.5, 0]], rtol=1e-13)

    def test_a_bounded_scale_is_a_tanh(self):
        """D = 1, μ = 0, a = log 2: α = 3/5, α′ = 16/25. Kills: another bound, α′ of another point or left out."""
        thetas = ({"A": np.ones((1, 1)), "b": np.zeros(1)}, {"A": np.ones((1, 1)), "b": np.log([2.0])})
        (z, log_det), pullback = masked_autoregressive.vjp(np.array([[3.0]]), *thetas, conditioner="triangular",
                                                           scale="bounded")
        np.testing.assert_allclose([z[0, 0], log_det[0]], [3 * np.exp(-0.6), -0.6], rtol=1e-15)
        grads = pullback(np.zeros((1, 1)), np.ones(1))
        np.testing.assert_allclose(grads["scale_theta"]["b"], [-16 / 25], rtol=1e-14)

    def test_a_network_that_sees_too_much_is_refused_by_name(self, rng):
        theta = network(rng, "made_tanh", 3)
        for name, instead in (("mlp_tanh", "take made_tanh or"), ("linear", "take triangular")):
            said = refused(masked_autoregressive, ArgumentError, "conditioner must be one of made_tanh",
                           np.ones((2, 3)), theta, theta, conditioner=name, scale="exp")
            assert instead in said


class TestInverse:
    @each
    def test_there_and_back(self, rng, conditioner, scale):
        """The point comes back and ℓ changes its sign, from either side; and so does a cotangent: what the one pulls
        back the other pushes on. Kills: every inverse of another map, a wrong order or number of its evaluations, ℓ of
        another point, a system with a wrong sign, in part or not solved."""
        thetas, options = problem(rng, conditioner, scale)
        z, bar, none = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), np.zeros(3)
        (x, log_det), back = masked_autoregressive_inverse.vjp(z, *thetas, **options)
        (again, other), forth = masked_autoregressive.vjp(x, *thetas, **options)
        np.testing.assert_allclose(again, z, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(other, -log_det, rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(forth(back(bar, none)["z"], none)["x"], bar, rtol=1e-11, atol=1e-12)
        np.testing.assert_allclose(back(forth(bar, none)["x"], none)["z"], bar, rtol=1e-11, atol=1e-12)

    @each
    def test_the_round_trip_depends_on_no_network(self, rng, conditioner, scale):
        """z(x(z, θ), θ) = z, and the two ℓ cancel: θ_bar of the whole is 0. Kills: θ_bar of the last pass alone, ℓ_bar
        that does not reach the components, or θ_a, α′ left out, a_bar without e^α."""
        thetas, options = problem(rng, conditioner, scale)
        z, bar, log_det_bar = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), rng.normal(size=3)
        (x, _), back = masked_autoregressive_inverse.vjp(z, *thetas, **options)
        _, forth = masked_autoregressive.vjp(x, *thetas, **options)
        outer = forth(bar, log_det_bar)
        inner = back(outer["x"], log_det_bar)
        np.testing.assert_allclose(inner["z"], bar, rtol=1e-11, atol=1e-12)
        for which in ("shift_theta", "scale_theta"):
            for name, g in inner[which].items():
                np.testing.assert_allclose(g, -outer[which][name], rtol=1e-10, atol=1e-11, err_msg=name)

    @pytest.mark.parametrize("scale", ["exp", "bounded"])
    def test_of_affine_networks_it_is_a_triangular_solve(self, rng, scale):
        """x = R⁻¹ (b + e^α z), v = R⁻ᵀ x_bar, z_bar = e^α v, b_bar = Σ v, A_bar strictly below the diagonal of Σ v xᵀ,
        by LAPACK. Kills: one sweep for the solve, a transposed system, x_bar for v."""
        thetas, R, b, alpha = gaussian(rng, 5, scale)
        z, bar = rng.normal(size=(7, 5)), rng.normal(size=(7, 5))
        (x, log_det), pullback = masked_autoregressive_inverse.vjp(z, *thetas, conditioner="triangular", scale=scale)
        np.testing.assert_allclose(x, np.linalg.solve(R, (b + np.exp(alpha) * z).T).T, rtol=1e-11)
        np.testing.assert_allclose(log_det, np.full(7, np.sum(alpha)), rtol=1e-13)
        grads, v = pullback(bar, np.zeros(7)), np.linalg.solve(R.T, bar.T).T
        np.testing.assert_allclose(grads["z"], np.exp(alpha) * v, rtol=1e-11)
        np.testing.assert_allclose(grads["shift_theta"]["b"], np.sum(v, axis=0), rtol=1e-11)
        np.testing.assert_allclose(grads["shift_theta"]["A"], np.tril(v.T @ x, -1), rtol=1e-11, atol=1e-12)

    def test_by_hand(self):
        """D = 2, μ = (1, 3x₁ + 2), α = (log 2, 0) at z = (2, 5): x = (5, 22). Kills: D − 1 passes, z + μ."""
        thetas = ({"A": np.array([[9.0, 9], [3, 9]]), "b": np.array([1.0, 2])},
                  {"A": np.diag([9.0, 9]), "b": np.array([np.log(2), 0])})
        (x, log_det), pullback = masked_autoregressive_inverse.vjp(
            np.array([[2.0, 5.0]]), *thetas, conditioner="triangular", scale="exp")
        np.testing.assert_allclose(x, [[5, 22]], rtol=1e-15)
        np.testing.assert_allclose(log_det, [np.log(2)], rtol=1e-15)
        grads = pullback(np.array([[1.0, 10.0]]), np.array([100.0]))  # v = (1 + 3 · 10, 10)
        np.testing.assert_allclose(grads["z"], [[62, 10]], rtol=1e-14)
        np.testing.assert_allclose(grads["shift_theta"]["A"], [[0, 0], [50, 0]], rtol=1e-14)
        np.testing.assert_allclose(grads["scale_theta"]["b"], [31 * 4 + 100, 10 * 5 + 100], rtol=1e-14)
        np.testing.assert_allclose(grads["scale_theta"]["A"], [[0, 0], [150 * 5, 0]], rtol=1e-14)

    def test_the_networks_are_asked_once_for_each_component(self, rng):
        """And once more for each in the pullback, with one for θ_bar. Kills: a pullback that evaluates anew."""
        field, asked = masked_autoregressive.args["conditioner"].known["made_tanh"], []
        counting = replace(field, value=lambda *args: asked.append("value") or field.value(*args),
                           vjp=lambda *args: asked.append("vjp") or field.vjp(*args))
        thetas, options = problem(rng, "made_tanh", "bounded", 6)
        _, pullback = masked_autoregressive_inverse.vjp(rng.normal(size=(3, 6)), *thetas,
                                                        **options | {"conditioner": counting})
        assert (asked.count("value"), asked.count("vjp")) == (2 * 5, 2)
        pullback(np.ones((3, 6)), np.ones(3))
        assert len(asked) == 12
