"""The probability flow of three processes."""

from itertools import product

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, make_vjp
from autograd.builtins import tuple as traced_tuple

from refdgm.cases import draw
from refdgm.flow.probability_flow import HIGH, LOW, probability_flow, probability_velocity
from refdgm.nets.field import VELOCITIES, Field

from ..kit import verify
from ..kit.differences import derivative
from ..kit.orders import observed

TestProbabilityFlow = verify(probability_flow)

ORDERS = {"euler": 1, "heun": 2, "midpoint": 2, "rk4": 4}
PROCESSES = {"vp": (0.2, 5.0), "sub_vp": (0.2, 5.0), "ve": (0.1, 3.0)}
every_process = pytest.mark.parametrize("process", PROCESSES)
every_span = pytest.mark.parametrize("span", [(0.1, 0.9), (0.9, 0.1)], ids=["encoding", "sampling"])
DATA = {"mean": np.array(0.7), "variance": np.array(0.25)}
X = np.array([[0.4, -1.3], [2.1, 0.6], [-0.5, 1.8]])


def integral(t, low, high):
    return low * t + (high - low) * t**2 / 2


def kernel(t, low, high, process):
    """What is left of a point, and the variance of the noise."""
    if process == "ve":
        return 1.0, low**2 * ((high / low) ** (2 * t) - 1)
    left = anp.exp(-integral(t, low, high))
    return anp.sqrt(left), 1 - left if process == "vp" else (1 - left) ** 2


def gaussian(process):
    """The score of N(mean, variance) under the process, whose ends are in θ."""

    def score(z, t, theta):
        kept, noise = kernel(t, theta["low"], theta["high"], process)
        return (kept * theta["mean"] - z) / (kept**2 * theta["variance"] + noise)

    def vjp(z, t, theta):
        names = list(theta)

        def pullback(bar, wrt=None):
            back, _ = make_vjp(lambda every: score(every[0], every[1], dict(zip(names, every[2:], strict=True))))(
                traced_tuple((z, t, *theta.values())))
            z_bar, t_bar, *rest = back(bar)
            return {"z": z_bar, "t": t_bar, "theta": dict(zip(names, rest, strict=True))}

        return score(z, t, theta), pullback

    return Field("gaussian", ("z", "t"), score, vjp)


def transported(x, t0, t1, low, high, mean, variance, process):
    """The affine map that carries the law at t₀ to that at t₁."""
    (kept, noise), (kept1, noise1) = kernel(t0, low, high, process), kernel(t1, low, high, process)
    wide = (kept1**2 * variance + noise1) / (kept**2 * variance + noise)
    return kept1 * mean + anp.sqrt(wide) * (x - kept * mean)


def pushed(x, t0, t1, low, high, b, process):
    """The flow of the constant score b."""
    if process == "ve":
        sigma2 = lambda t: low ** (2 * (1 - t)) * high ** (2 * t)
        return x - b * (sigma2(t1) - sigma2(t0)) / 2
    start, end = integral(t0, low, high), integral(t1, low, high)
    kept = anp.exp((start - end) / 2)
    if process == "vp":
        return (x + b) * kept - b
    return kept * x - b * (1 - kept) + b / 3 * anp.exp(-end / 2) * (anp.exp(-3 * start / 2) - anp.exp(-3 * end / 2))


class TestLaws:
    @every_process
    @every_span
    def test_a_constant_score(self, process, span):
        """In closed form, with the gradients of all arguments but θ's: its right side is autograd's of the formula.

        Kills: ½ missing in a or in q, every wrong q of ve and sub_vp, σ for its rate, the drift left out or of the
        other sign, a velocity that is turned on the way back, times and ends that are held, means over the batch."""
        b, bar, (low, high) = np.array([0.6, -1.1]), np.array([[0.3, 1.2], [-0.7, 0.4], [1.0, 0.5]]), PROCESSES[process]
        given = (X, *span, low, high)
        theta = {"A": np.zeros((2, 2)), "b": b}
        value, pullback = probability_flow.vjp(*given, theta, score="linear", process=process, method="rk4", steps=50)
        np.testing.assert_allclose(value, pushed(*given, b, process), rtol=1e-6)
        grads = pullback(bar)
        paired = lambda *args: anp.sum(bar * pushed(*args, process))
        for place, name in enumerate(("x", "t0", "t1", "low", "high")):
            want = grad(paired, place)(*given, b)
            np.testing.assert_allclose(grads[name], want, rtol=1e-5, err_msg=name)
        np.testing.assert_allclose(grads["theta"]["b"], grad(paired, 5)(*given, b), rtol=1e-5)

    @every_process
    @every_span
    def test_a_gaussian_is_transported(self, process, span):
        """x(t₁) = m₁ + √(v₁/v₀) (x − m₀): the value, and the gradients of all that the map depends on, the ends of the
        process with those that the score itself has.

        Kills: a flow that has other laws than the process, gradients without the score's Jacobian or its time."""
        bar, (low, high) = np.array([[0.3, 1.2], [-0.7, 0.4], [1.0, 0.5]]), PROCESSES[process]
        theta = DATA | {"low": np.array(low), "high": np.array(high)}
        value, pullback = probability_flow.vjp(X, *span, low, high, theta, score=gaussian(process), process=process,
                                               method="rk4", steps=24)
        args = (X, *span, low, high, DATA["mean"], DATA["variance"])
        np.testing.assert_allclose(value, transported(*args, process), rtol=2e-4)
        got = pullback(bar)
        ends = {name: got[name] + got["theta"][name] for name in ("low", "high")}
        flat = {name: got[name] for name in ("x", "t0", "t1")} | ends | {n: got["theta"][n] for n in DATA}
        paired = lambda *args: anp.sum(bar * transported(*args, process))
        for place, (name, found) in enumerate(flat.items()):
            np.testing.assert_allclose(found, grad(paired, place)(*args), rtol=1e-3, err_msg=name)

    @pytest.mark.parametrize("method", ORDERS)
    def test_the_order_is_that_of_the_solver(self, method):
        """Towards the transport of a Gaussian. Kills: the schedule asked at the start of a step for all its stages."""
        low, high = 0.5, 2.0
        theta = DATA | {"low": np.array(low), "high": np.array(high)}
        want = transported(X, 0.9, 0.1, low, high, DATA["mean"], DATA["variance"], "vp")

        def error(steps):
            return np.max(np.abs(want - probability_flow(
                X, 0.9, 0.1, low, high, theta, score=gaussian("vp"), process="vp", method=method, steps=steps)))

        np.testing.assert_allclose(observed(error, steps=(32, 64))[-1], ORDERS[method], atol=0.25)

    @every_process
    def test_there_and_back(self, process, rng):
        """A network, encoded and sampled: 100 steps of rk4 there and 100 back. Kills: |t₁ − t₀| in place of t₁ − t₀."""
        theta = {"W1": rng.normal(size=(5, 3)), "b1": rng.normal(size=5), "W2": rng.normal(size=(2, 5)) / 3,
                 "b2": rng.normal(size=2)}
        options = {"score": "mlp_tanh", "process": process, "method": "rk4", "steps": 100}
        low, high = np.array(0.2), np.array(2.0)
        there = probability_flow(X, 0.0, 1.0, low, high, theta, **options)
        assert np.max(np.abs(there - X)) > 0.1
        np.testing.assert_allclose(probability_flow(there, 1.0, 0.0, low, high, theta, **options), X, atol=1e-6)

    def test_nothing_is_singular_at_time_zero(self):
        """sub_vp has no noise there: all gradients are those of a x, and none is lost in a root."""
        theta = {"A": np.zeros((2, 2)), "b": np.array([0.6, -1.1])}
        _, pullback = probability_flow.vjp(X, 0.0, 0.0, 0.2, 5.0, theta, score="linear", process="sub_vp",
                                           method="euler", steps=1)
        grads = pullback(np.ones_like(X))
        np.testing.assert_allclose([grads["t0"], grads["t1"]], [0.1 * np.sum(X), -0.1 * np.sum(X)], rtol=1e-14)
        assert grads["low"] == 0 and grads["high"] == 0 and not any(np.any(x) for x in grads["theta"].values())


@pytest.mark.parametrize("name, process", [*product(("mlp_tanh", "linear", "theta_sin"), PROCESSES)])
def test_the_tangent_of_the_velocity(name, process, rng):
    """Its value is the derivative of the velocity's, and its pullback the slope of both, by differences in a direction.
    Kills: the slope a without its part in the tangent, cotangents of z, z_dot, t, low and high without one of their
    two."""
    field = probability_velocity(VELOCITIES[name], process)
    case = draw(probability_flow, 5, sizes={"B": 3, "D": 2, "hidden": (4,)}, options={"score": name})
    wide = lambda x: np.asarray(x, np.longdouble)
    theta = {n: wide(x) for n, x in case.arguments()["theta"].items()} | {LOW: wide(0.3), HIGH: wide(2.0)}
    z, ways, t = wide(rng.normal(size=(3, 2))), wide(rng.normal(size=(3, 4, 2))), wide(0.6)
    bar, dot_bar = rng.normal(size=(3, 2)), rng.normal(size=(3, 4, 2))
    (_, f_dot), pullback = field.jvp(z, ways, t, theta)
    step = wide(2.0**-20)
    for r in range(4):
        slope = (field.value(z + step * ways[:, r], t, theta) - field.value(z - step * ways[:, r], t, theta)) / step / 2
        np.testing.assert_allclose(np.asarray(f_dot[:, r], float), np.asarray(slope, float), rtol=1e-6, atol=1e-8)
    grads = pullback(bar, dot_bar)
    lead = {"z": rng.normal(size=z.shape), "z_dot": rng.normal(size=ways.shape), "t": 0.7}
    lead |= {n: rng.normal(size=x.shape) for n, x in theta.items()}

    def paired(h):
        moved = {n: x + h * lead[n] for n, x in theta.items()}
        f, f_dot = field.jvp(z + h * lead["z"], ways + h * lead["z_dot"], t + h * lead["t"], moved)[0]
        return float(np.sum(bar * f) + np.sum(dot_bar * f_dot)), float(
            np.sum(np.abs(bar * f)) + np.sum(np.abs(dot_bar * f_dot)))

    along = [np.sum(lead[n] * grads[n]) for n in ("z", "z_dot", "t")]
    got = float(sum(along) + sum(np.sum(lead[n] * x) for n, x in grads["theta"].items()))
    want, bound = derivative(paired)
    assert abs(got - want) <= 2 * bound + 1e-12 * abs(want)
    for each in ("z", "z_dot", "t"):  # one alone, and nothing of the others is needed
        np.testing.assert_array_equal(pullback(bar, dot_bar, wrt=(each,))[each], grads[each])
    field.validate(*(np.asarray(x, float) for x in (z, t)), {n: np.asarray(x, float) for n, x in theta.items()})
