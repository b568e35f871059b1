"""Likelihoods along the probability flow."""

from dataclasses import replace
from itertools import product

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, make_vjp
from autograd.builtins import tuple as traced_tuple

from refdgm import ArgumentError, Field
from refdgm.flow.probability_flow_log_density import (
    probability_flow_log_density,
    probability_flow_log_density_estimate,
)

from ..kit import verify

TestProbabilityFlowLogDensity = verify(probability_flow_log_density)
TestProbabilityFlowLogDensityEstimate = verify(probability_flow_log_density_estimate)

PROCESSES = {"vp": (0.2, 5.0), "sub_vp": (0.2, 5.0), "ve": (0.3, 1.5)}
every_process = pytest.mark.parametrize("process", PROCESSES)
X = np.array([[0.4, -1.3], [2.1, 0.6], [-0.5, 1.8]])
BAR = np.array([0.7, -1.3, 0.4])
DATA = {"mean": np.array(2.0), "variance": np.array(0.25)}


def normal(z, mean, variance):
    return anp.sum(-((z - mean) ** 2) / (2 * variance) - anp.log(2 * anp.pi * variance) / 2, axis=1)


def integral(t, low, high):
    return low * t + (high - low) * t**2 / 2


def grown(t0, t1, low, high, c, process):
    """The integral of a + c q: log of what the score −c x makes of a point."""
    if process == "ve":
        return c / 2 * (low ** (2 - 2 * t1) * high ** (2 * t1) - low ** (2 - 2 * t0) * high ** (2 * t0))
    start, end = integral(t0, low, high), integral(t1, low, high)
    spent = (anp.exp(-2 * start) - anp.exp(-2 * end)) / 2 if process == "sub_vp" else 0.0
    return -(end - start) / 2 + c * (end - start - spent) / 2


def widened(x, t0, t1, low, high, c, process, dimensions=2):
    """log p of data under the score −c x; `dimensions` are what the divergence counts."""
    log = grown(t0, t1, low, high, c, process)
    return normal(x * anp.exp(log), 0.0, high**2 if process == "ve" else 1.0) + dimensions * log


def gaussian(process, ends=None):
    """The score of N(mean, variance) under the process, with its tangent."""
    low, high = ends or PROCESSES[process]

    def law(t, theta):
        if process == "ve":
            return theta["mean"], theta["variance"] + low**2 * ((high / low) ** (2 * t) - 1)
        left = anp.exp(-integral(t, low, high))
        noise = 1 - left if process == "vp" else (1 - left) ** 2
        return anp.sqrt(left) * theta["mean"], left * theta["variance"] + noise

    def both(z, ways, t, theta):
        mean, variance = law(t, theta)
        return (mean - z) / variance, -ways / variance

    def jvp(z, z_dot, t, theta):
        names = list(theta)

        def pullback(bar, dot_bar, wrt=None):
            back, _ = make_vjp(lambda every: traced_tuple(both(every[0], z_dot, every[1], dict(
                zip(names, every[2:], strict=True)))))(traced_tuple((z, t, *theta.values())))
            z_bar, t_bar, *rest = back((bar, anp.sum(dot_bar, axis=0, keepdims=True) if len(z_dot) == 1 else dot_bar))
            return {"z": z_bar, "t": t_bar, "theta": dict(zip(names, rest, strict=True))}

        return both(z, z_dot, t, theta), pullback

    value = lambda z, t, theta: both(z, z, t, theta)[0]
    return Field("gaussian", ("z", "t"), value, lambda z, t, theta: (value(z, t, theta), None), jvp), law


class TestLaws:
    @every_process
    @pytest.mark.parametrize("span", [(0.1, 1.0), (0.3, 0.8)], ids=["to the end", "within"])
    def test_a_score_that_points_to_the_origin(self, process, span):
        """s = −c x has a flow in closed form: log N(x e^G; 0, S² I) + D G with G = ∫ a + c q, and its gradients by
        autograd of the formula. Kills: the divergence of the process, of the reversed process, of the score alone, of
        the other sign, as a mean; a prior N(0, I) for ve, without D log S, about x, at x; ends that are held, high that
        hears of the schedule or of the prior alone, times that are held, θ_bar without the trace."""
        c, (low, high) = 0.7, PROCESSES[process]
        theta = {"A": -c * np.eye(2), "b": np.zeros(2)}
        value, pullback = probability_flow_log_density.vjp(X, *span, low, high, theta, score="linear", process=process,
                                                           method="rk4", steps=40)
        args = (X, *span, low, high, c)
        np.testing.assert_allclose(value, widened(*args, process), rtol=1e-6)
        grads = pullback(BAR)
        found = {name: grads[name] for name in ("x", "t0", "t1", "low", "high")} | {"c": -np.trace(grads["theta"]["A"])}
        paired = lambda *args: anp.sum(BAR * widened(*args, process))
        for place, (name, got) in enumerate(found.items()):
            np.testing.assert_allclose(got, grad(paired, place)(*args), rtol=1e-5, err_msg=name)

    @every_process
    def test_gaussian_data(self, process):
        """log N(x(t₁); 0, S² I) + (D/2) log(v₁/v₀) of the affine map that carries the law; x_bar and the gradients of
        the data's mean and variance are those of this formula."""
        score, law = gaussian(process)
        low, high = PROCESSES[process]
        names = ("mean", "variance")

        def closed(x, *numbers):
            theta = dict(zip(names, numbers, strict=True))
            (m0, v0), (m1, v1) = law(0.05, theta), law(1.0, theta)
            z = m1 + anp.sqrt(v1 / v0) * (x - m0)
            return normal(z, 0.0, high**2 if process == "ve" else 1.0) + anp.log(v1 / v0)

        value, pullback = probability_flow_log_density.vjp(X, 0.05, 1.0, low, high, DATA, score=score, process=process,
                                                           method="rk4", steps=16)
        args = (X, *(DATA[name] for name in names))
        np.testing.assert_allclose(value, closed(*args), rtol=1e-3)
        grads, paired = pullback(BAR), lambda *args: anp.sum(BAR * closed(*args))
        np.testing.assert_allclose(grads["x"], grad(paired)(*args), rtol=3e-3)
        for place, name in enumerate(names, 1):
            np.testing.assert_allclose(grads["theta"][name], grad(paired, place)(*args), rtol=3e-3, err_msg=name)

    def test_the_prior_is_not_the_end_of_the_process(self):
        """For N(2, ¼) under β from 0.1 to 20 what is returned is off log p by log N(z; 0, 1) − log N(z; m₁, v₁), three
        deviations out by 0.039 nats, though the divergence of the two is below 1e-4. Kills: p₁ for the prior."""
        ends = (0.1, 20.0)
        score, law = gaussian("vp", ends)
        (m0, v0), (m1, v1) = law(0.001, DATA), law(1.0, DATA)
        out = np.linspace(-3, 3, 7)[:, None]
        value = probability_flow_log_density(m0 + np.sqrt(v0) * out, 0.001, 1.0, *ends, DATA, score=score, process="vp",
                                             method="rk4", steps=60)
        off = value - normal(m0 + np.sqrt(v0) * out, m0, v0)
        z = m1 + np.sqrt(v1) * out
        np.testing.assert_allclose(off, normal(z, 0.0, 1.0) - normal(z, m1, v1), atol=2e-5)
        np.testing.assert_allclose([off[0], off[-1]], [0.03947, -0.03939], atol=1e-4)
        assert (v1 + m1**2 - 1 - np.log(v1)) / 2 < 1e-4

    @every_process
    def test_a_density_has_mass_one(self, process):
        """For a network on the line that looks at the time, by the trapezium rule. Kills: every sign and factor of the
        change of variables; a prior that is none."""
        theta = {"W1": np.array([[1.2, 0.7], [-0.7, -0.3], [1.4, 0.5]]), "b1": np.array([0.3, -0.5, 0.8]),
                 "W2": np.array([[-1.1, 0.9, 0.6]]) / 3, "b2": np.array([0.2])}
        low, high = PROCESSES[process]
        x = np.linspace(-25, 25, 501)
        value = probability_flow_log_density(x[:, None], 0.01, 1.0, low, high, theta, score="mlp_tanh",
                                             process=process, method="rk4", steps=16)
        np.testing.assert_allclose(np.sum(np.exp(value)) * (x[1] - x[0]), 1, rtol=1e-3)


class TestLawsOfTheEstimate:
    @every_process
    def test_one_probe_at_a_time(self, process):
        """s = −c x by one probe of any length: log N(x e^G) + ‖v‖² G. Kills: a probe drawn anew, one for the batch, of
        length one, its signs, D in place of ‖v‖², the divergence of the score alone."""
        probe = np.array([[[1.0, -1.0]], [[0.5, 2.0]], [[-1.5, 0.25]]])
        low, high = PROCESSES[process]
        value = probability_flow_log_density_estimate(
            X, probe, 0.1, 1.0, low, high, {"A": -0.7 * np.eye(2), "b": np.zeros(2)}, score="linear", process=process,
            method="rk4", steps=40)
        want = widened(X, 0.1, 1.0, low, high, 0.7, process, np.sum(probe[:, 0] ** 2, axis=1))
        np.testing.assert_allclose(value, want, rtol=1e-6)

    @every_process
    def test_the_mean_over_all_signs_is_exact(self, process, rng):
        """x does not depend on the probes: value and gradients are those of the same solve with the trace. Kills: 1/R,
        a probe on one side alone, sources of the adjoint left out."""
        theta = {"W1": rng.normal(size=(5, 3)), "b1": rng.normal(size=5), "W2": rng.normal(size=(2, 5)) / 2,
                 "b2": rng.normal(size=2)}
        options = {"score": "mlp_tanh", "process": process, "method": "heun", "steps": 3}
        signs = np.repeat(np.array(list(product((-1.0, 1.0), repeat=2)))[None], 3, axis=0)
        given = (0.05, 1.0, 0.25, 1.5, theta)
        exact, exact_pullback = probability_flow_log_density.vjp(X, *given, **options)
        value, pullback = probability_flow_log_density_estimate.vjp(X, signs, *given, **options)
        np.testing.assert_allclose(value, exact, rtol=1e-13)
        grads, want = pullback(BAR), exact_pullback(BAR)
        for name in ("x", "t0", "t1", "low", "high"):
            np.testing.assert_allclose(grads[name], want[name], rtol=1e-11, err_msg=name)
        for name, entry in want["theta"].items():
            np.testing.assert_allclose(grads["theta"][name], entry, rtol=1e-11, atol=1e-13, err_msg=name)


@pytest.mark.parametrize("reference", [probability_flow_log_density, probability_flow_log_density_estimate],
                         ids=lambda reference: reference.name)
def test_a_score_without_a_tangent_is_refused(reference):
    """Kills: a divergence that is silently left out."""
    plain = replace(gaussian("vp")[0], jvp=Field.jvp)
    probe = {"probe": np.ones((3, 1, 2))} if "probe" in reference.args else {}
    with pytest.raises(ArgumentError, match=r"the Field must have a tangent, got one without jvp; give Field\("):
        reference(x=X, t0=0.1, t1=1.0, low=0.2, high=5.0, theta=DATA, score=plain, process="vp", method="euler",
                  steps=1, **probe)
