"""Log-densities of continuous normalizing flows."""

from dataclasses import replace
from itertools import product
from math import factorial, log, pi

import numpy as np
import pytest
from scipy.linalg import expm, expm_frechet

from refdgm import ArgumentError, Field
from refdgm.flow.cnf_log_density import cnf_log_density, ffjord_log_density

from ..kit import verify
from ..kit.orders import observed
from .fields import widening

TestCnfLogDensity = verify(cnf_log_density)
TestFfjordLogDensity = verify(ffjord_log_density)

ORDERS = {"euler": 1, "heun": 2, "midpoint": 2, "rk4": 4}
every_method = pytest.mark.parametrize("method", ORDERS)
every_span = pytest.mark.parametrize("span", [(0.25, 1.0), (1.0, -0.5)], ids=["forwards", "backwards"])
A = np.array([[-0.4, 1.1, 0.2], [-0.9, 0.7, 0.5], [0.3, -0.6, 0.4]])
LINEAR = {"A": A, "b": np.zeros(3)}
X = np.array([[1.0, 0.5, -0.2], [-0.3, 0.8, 1.4]])
NETWORK = {"W1": np.array([[1.2, -0.4, 0.7], [-0.7, 0.9, -0.3], [0.4, 0.8, 0.5]]), "b1": np.array([0.3, -0.5, 0.8]),
           "W2": np.array([[-1.1, 0.9, 0.6], [0.5, -0.3, 1.4]]), "b2": np.array([0.2, -0.1])}
LINE = {"W1": np.array([[1.2, 0.7], [-0.7, -0.3], [1.4, 0.5]]), "b1": np.array([0.3, -0.5, 0.8]),
        "W2": np.array([[-1.1, 0.9, 0.6]]), "b2": np.array([0.2])}
SIGNS = np.array(list(product((-1.0, 1.0), repeat=3)))


def normal(z):
    return -np.sum(z**2, axis=1) / 2 - z.shape[1] / 2 * log(2 * pi)


def linear_steps(method, span, steps):
    """The matrix by which N steps from t₁ back to t₀ multiply: Σ_{k ≤ order} (−hA)ᵏ/k! to the power N."""
    hA = -(span[1] - span[0]) / steps * A
    step = sum(np.linalg.matrix_power(hA, k) / factorial(k) for k in range(ORDERS[method] + 1))
    return np.linalg.matrix_power(step, steps)


def sine(x, theta, time):
    """For z_dot = θ sin z: log p, and its derivatives by x and θ."""
    z0 = 2 * np.arctan(np.tan(x / 2) * np.exp(-theta * time))
    value = np.sum(-(z0**2) / 2 - log(2 * pi) / 2 - np.log(np.sin(x) / np.sin(z0)), axis=1)
    by_x = -(z0 * np.sin(z0) - np.cos(z0) + np.cos(x)) / np.sin(x)
    return value, by_x, -time * (np.cos(z0) - z0 * np.sin(z0))


class TestLaws:
    @every_method
    @every_span
    def test_a_linear_flow_step_by_step(self, method, span):
        """The discrete map: log N(Mx) − (t₁ − t₀) tr A. Kills: the divergence with the other sign, a mean over the
        axes, the sum of the Jacobian's entries, z solved forwards, the base without its constant, base at x."""
        m = linear_steps(method, span, 3)
        value, pullback = cnf_log_density.vjp(X, *span, LINEAR, velocity="linear", method=method, steps=3)
        np.testing.assert_allclose(value, normal(X @ m.T) - (span[1] - span[0]) * np.trace(A), rtol=1e-13)
        bar = np.array([0.7, -1.3])
        grads = pullback(bar)
        np.testing.assert_allclose(grads["x"], -bar[:, None] * (X @ m.T @ m), rtol=1e-12)

    @every_span
    def test_a_linear_flow_in_the_limit(self, span):
        """p₁ is N(0, EEᵀ) with E = e^{TA}; x_bar is its score −(EEᵀ)⁻¹x, and A_bar is −T I and the derivative of
        e^{−TA}.

        Kills: an adjoint without the trace (A_bar lacks −T I), the score of the base for that of the data.
        """
        time = span[1] - span[0]
        back = expm(-time * A)
        z0 = X @ back.T
        value, pullback = cnf_log_density.vjp(X, *span, LINEAR, velocity="linear", method="rk4", steps=200)
        grads = pullback(np.ones(2))
        np.testing.assert_allclose(value, normal(z0) - time * np.trace(A), rtol=1e-9)
        precision = np.linalg.inv(expm(time * A) @ expm(time * A).T)
        np.testing.assert_allclose(grads["x"], -X @ precision, rtol=1e-8)
        by_matrix = time * expm_frechet(-time * A.T, z0.T @ X, compute_expm=False) - 2 * time * np.eye(3)
        np.testing.assert_allclose(grads["theta"]["A"], by_matrix, rtol=1e-8)

    @every_method
    def test_order_towards_the_sine_flow(self, method):
        """Nonlinear and with exact gradients: value, x_bar and θ_bar of order 1, 2, 4. Kills: the trace by another rule
        than the state, gradients without φ''."""
        x, theta, time = np.array([[0.4, 1.9], [1.1, -0.7]]), np.array([0.9, -0.6]), 1.5
        bar = np.array([1.3, -0.4])
        value, by_x, by_theta = sine(x, theta, time)
        want = [value, bar[:, None] * by_x, np.sum(bar[:, None] * by_theta, axis=0)]

        def errors(steps):
            got, pullback = cnf_log_density.vjp(
                x, 0.3, 0.3 + time, {"theta": theta}, velocity="theta_sin", method=method, steps=steps
            )
            g = pullback(bar)
            found = got, g["x"], g["theta"]["theta"]
            return [np.sqrt(np.sum((a - b) ** 2)) for a, b in zip(found, want, strict=True)]

        for n in range(3):
            order = observed(lambda steps, n=n: errors(steps)[n], steps=(32, 64))[-1]
            np.testing.assert_allclose(order, ORDERS[method], atol=0.25)

    def test_the_published_example(self):
        """θ = 0.8, x = 1.1 from 0 to 1: the negative log-likelihood's derivatives are −0.1458681 by x and 0.5835949
        by θ. Kills: (0.3089370, −0.2753270), the adjoint without the source −∇ tr, as it has been printed."""
        _, grads = cnf_log_density.value_and_grad(
            np.array([[1.1]]), 0.0, 1.0, {"theta": np.array([0.8])}, velocity="theta_sin", method="rk4", steps=40
        )
        got = [-grads["x"][0, 0], -grads["theta"]["theta"][0]]
        np.testing.assert_allclose(got, [-0.1458681, 0.5835949], atol=1e-7)

    @pytest.mark.parametrize("span", [(0.0, 1.0), (0.8, -0.4)], ids=["forwards", "backwards"])
    def test_a_density_has_mass_one(self, span):
        """For a network on the line that looks at the time, by the trapezium rule. Kills: every sign, factor and
        constant of the change of variables, and a trace asked at other times than the state."""
        x = np.linspace(-14, 14, 1401)
        value = cnf_log_density(x[:, None], *span, LINE, velocity="mlp_tanh", method="rk4", steps=40)
        np.testing.assert_allclose(np.sum(np.exp(value)) * (x[1] - x[0]), 1, rtol=1e-7)

    @every_span
    def test_a_velocity_that_looks_at_the_time(self, span):
        """z_dot = c t z is N(0, e^{c(t₁² − t₀²)} I) at t₁: value and all gradients. Kills: times that run forwards
        while the solve runs back, t_bar₀ and t_bar₁ exchanged or with the wrong sign, t_bar without the trace."""
        t0, t1 = span
        c, d = 0.6, X.shape[1]
        width = c * (t1**2 - t0**2)
        inner = np.sum(X**2, axis=1) * np.exp(-width)
        value, pullback = cnf_log_density.vjp(
            X, t0, t1, {"c": np.array(c)}, velocity=widening, method="rk4", steps=100
        )
        grads = pullback(np.ones(2))
        np.testing.assert_allclose(value, -inner / 2 - d / 2 * (log(2 * pi) + width), rtol=1e-9)
        by_width = np.sum(inner - d) / 2
        np.testing.assert_allclose(grads["x"], -X * np.exp(-width), rtol=1e-8)
        np.testing.assert_allclose(grads["t1"], 2 * c * t1 * by_width, rtol=1e-8)
        np.testing.assert_allclose(grads["t0"], -2 * c * t0 * by_width, rtol=1e-8)
        np.testing.assert_allclose(grads["theta"]["c"], (t1**2 - t0**2) * by_width, rtol=1e-8)

    def test_the_end_time_obeys_the_continuity_equation(self):
        """∂_t log p = −tr J − ⟨f, ∇ log p⟩ at (x, t₁), for a network. Kills: a gradient of t₁ by the base alone."""
        time = 0.9
        _, pullback = cnf_log_density.vjp(X[:1, :2], 0.1, time, NETWORK, velocity="mlp_tanh", method="rk4", steps=60)
        grads = pullback(np.ones(1))
        h = np.tanh(NETWORK["W1"] @ np.array([*X[0, :2], time]) + NETWORK["b1"])
        jacobian = NETWORK["W2"] @ np.diag(1 - h**2) @ NETWORK["W1"][:, :2]
        f = NETWORK["W2"] @ h + NETWORK["b2"]
        np.testing.assert_allclose(grads["t1"], -np.trace(jacobian) - f @ grads["x"][0], rtol=1e-6)

    def test_no_time_is_the_base(self):
        """t₁ = t₀: log N(x), x_bar = −x. Kills: a base of another variance, a constant lost."""
        value, pullback = cnf_log_density.vjp(X, 0.5, 0.5, LINEAR, velocity="linear", method="rk4", steps=2)
        np.testing.assert_allclose(value, normal(X), rtol=1e-15)
        np.testing.assert_array_equal(pullback(np.ones(2))["x"], -X)


class TestLawsOfTheEstimate:
    @every_method
    @every_span
    def test_a_linear_flow_probe_by_probe(self, method, span):
        """One probe gives log N(Mx) − T vᵀAv. Kills: a probe drawn anew on the way, one probe for the batch, its sum
        over R, v on one side only, probes of length one."""
        probe = np.array([[[1.0, -1.0, 1.0]], [[0.5, 2.0, -1.5]]])
        value = ffjord_log_density(X, probe, *span, LINEAR, velocity="linear", method=method, steps=3)
        forms = np.einsum("bi,ij,bj->b", probe[:, 0], A, probe[:, 0])
        want = normal(X @ linear_steps(method, span, 3).T) - (span[1] - span[0]) * forms
        np.testing.assert_allclose(value, want, rtol=1e-12)

    @every_method
    def test_the_mean_over_all_signs_is_exact(self, method):
        """By eight probes of one example and by eight examples of one probe. Kills: 1/R left out or doubled."""
        span, m = (0.25, 1.0), linear_steps(method, (0.25, 1.0), 3)
        want = normal(X @ m.T) - 0.75 * np.trace(A)
        options = {"velocity": "linear", "method": method, "steps": 3}
        together = ffjord_log_density(X, np.repeat(SIGNS[None], 2, axis=0), *span, LINEAR, **options)
        np.testing.assert_allclose(together, want, rtol=1e-13)
        each = ffjord_log_density(np.repeat(X[:1], 8, axis=0), SIGNS[:, None], *span, LINEAR, **options)
        np.testing.assert_allclose(np.mean(each), want[0], rtol=1e-13)

    def test_a_network_on_average(self):
        """z does not depend on the probes, so the mean over all signs is the exact log-density of the same solve, for
        any network and with all gradients. Kills: a probe that steers the state, a probe that changes on the way."""
        x, span = X[:, :2], (0.2, 1.1)
        signs = np.repeat(np.array(list(product((-1.0, 1.0), repeat=2)))[None], 2, axis=0)
        options = {"velocity": "mlp_tanh", "method": "heun", "steps": 3}
        exact, exact_pullback = cnf_log_density.vjp(x, *span, NETWORK, **options)
        value, pullback = ffjord_log_density.vjp(x, signs, *span, NETWORK, **options)
        np.testing.assert_allclose(value, exact, rtol=1e-13)
        bar = np.array([0.7, -1.3])
        grads, want = pullback(bar), exact_pullback(bar)
        for name in ("x", "t0", "t1"):
            np.testing.assert_allclose(grads[name], want[name], rtol=1e-12, err_msg=name)
        for name, entry in want["theta"].items():
            np.testing.assert_allclose(grads["theta"][name], entry, rtol=1e-12, atol=1e-14, err_msg=name)

    def test_signs_are_exact_where_the_jacobian_is_diagonal(self):
        """z_dot = θ sin z by one probe, with the gradients of x and θ. Kills: a probe squared, φ'' left out."""
        x, theta = np.array([[0.4, 1.9], [1.1, -0.7]]), np.array([0.9, -0.6])
        probe = np.array([[[1.0, -1.0]], [[-1.0, -1.0]]])
        value, pullback = ffjord_log_density.vjp(
            x, probe, 0.0, 1.5, {"theta": theta}, velocity="theta_sin", method="rk4", steps=100
        )
        want, by_x, by_theta = sine(x, theta, 1.5)
        grads = pullback(np.ones(2))
        np.testing.assert_allclose(value, want, rtol=1e-8)
        np.testing.assert_allclose(grads["x"], by_x, rtol=1e-7)
        np.testing.assert_allclose(grads["theta"]["theta"], np.sum(by_theta, axis=0), rtol=1e-7)


@pytest.mark.parametrize("reference", [cnf_log_density, ffjord_log_density], ids=lambda reference: reference.name)
def test_a_velocity_without_a_tangent_is_refused(reference):
    """Kills: a trace that is silently left out."""
    plain = replace(widening, jvp=Field.jvp)
    probe = {"probe": np.ones((2, 1, 3))} if "probe" in reference.args else {}
    with pytest.raises(ArgumentError, match=r"the Field must have a tangent, got one without jvp; give Field\("):
        reference(x=X, t0=0.0, t1=1.0, theta={"c": np.array(0.5)}, velocity=plain, method="euler", steps=1, **probe)
