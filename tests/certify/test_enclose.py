"""Slopes by series, and a judge that must catch every planted mistake."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from refdgm.certify import balls as xp
from refdgm.certify.balls import precision
from refdgm.certify.enclose import (
    Disagrees,
    Refused,
    ball,
    certify,
    enclose,
    gradient_by_series,
    slope,
)
from refdgm.namespace import namespace


def test_balls_of_a_case_are_exact():
    case = ball({"x": np.asarray([0.1]), "k": np.asarray([3]), "theta": {"W": np.float32(0.1)}})
    assert case["x"].raw[0].is_exact() and case["x"].raw[0] == 0.1 and case["k"].dtype == xp.int64
    assert case["theta"]["W"].raw[()] == float(np.float32(0.1))


def cubic(x, theta):
    return None, x**3 * theta["a"], xp.argmax(x), xp.sum(x) * theta["b"]


def test_slope_and_gradient_have_their_closed_form():
    x, a, b = np.asarray([2.0, -1.0]), np.asarray([3.0, 5.0]), np.asarray(7.0)
    arguments, bars = {"x": x, "theta": {"a": a, "b": b}}, [np.asarray([1.0, 4.0]), np.asarray(0.5)]
    with precision(192):
        assert slope(cubic, arguments, "x", np.asarray([1.0, -2.0]), bars) == (36 + 3.5) - 2 * (60 + 3.5)
        assert slope(cubic, arguments, "theta", {"a": np.asarray([0.0, 1.0])}, bars) == -4
        gradient = gradient_by_series(cubic, arguments, ("x", "theta"), bars)
    assert list(gradient) == ["x", "theta.a", "theta.b"]
    assert [float(v) for g in gradient.values() for v in g.raw.flat] == [39.5, 63.5, 8.0, -4.0, 0.5]


def test_a_cotangent_of_the_wrong_shape_is_an_error_not_a_broadcast():
    with precision(192), pytest.raises(ValueError, match="cotangent of shape"):
        slope(lambda x: x * x, {"x": np.ones(3)}, "x", np.ones(3), np.ones(1))


# --- the judge on softmax ----------------------------------------------------------------------------------


def softmax(mistake=None):
    """softmax(x / τ) with its pullback, right or with a planted mistake."""
    off = {"a hair": 1 + Fraction(1, 10**30), "a factor": 2}.get(mistake, 1)

    def body(x, tau):
        space = namespace(x)
        z = x / tau
        e = space.exp(z - space.max(z, axis=-1, keepdims=True))
        y = e / space.sum(e, axis=-1, keepdims=True)
        if mistake == "the value":
            y = y * (1 + Fraction(1, 2**70))

        def pullback(y_bar):
            z_bar = y * (y_bar - space.sum(y * y_bar, axis=-1, keepdims=True))
            if mistake == "a dropped term":
                z_bar = y * y_bar
            x_bar = z_bar / tau * off
            if mistake == "one element":
                x_bar[0, 1] = x_bar[0, 1] + 2.0**-120
            if mistake == "a shape":
                x_bar = x_bar[0]
            if mistake == "not a number":
                x_bar = x_bar / (space.sum(y) - space.sum(y))
            grads = {"x": x_bar, "tau": -space.sum(z_bar * z) / tau}
            if mistake == "a sign":
                grads["tau"] = -grads["tau"]
            if mistake == "a name":
                grads["temperature"] = grads.pop("tau")
            return grads

        return y, pullback

    return body


def textbook(xp, x, tau):
    e = xp.exp(x / tau)
    return e / xp.sum(e, axis=-1, keepdims=True)


X = np.asarray([[0.1, -1.25, 0.7], [2.5, 0.3, -0.6]])
BAR = np.asarray([[0.9, -0.4, 1.3], [-0.2, 0.8, 0.5]])


def judge(body, oracle=textbook, surrogate=None, x=X, bar=BAR, **limits):
    return certify(body, oracle, surrogate, {"x": x, "tau": 0.7}, {}, ("x", "tau"), bar, **limits)


def test_the_right_one_is_certified():
    found = judge(softmax())
    y, pullback = softmax()(X, np.asarray(0.7))
    grads = pullback(BAR)
    for name, exact, ours in (("value", found.outputs["value"], y), ("x", found.gradients["x"], grads["x"]),
                              ("tau", found.gradients["tau"], grads["tau"])):
        assert exact.float64.shape == np.shape(ours), name
        assert exact.float64.dtype == np.float64 and exact.float32.dtype == np.float32
        np.testing.assert_allclose(exact.float64, ours, rtol=1e-13)
        np.testing.assert_array_max_ulp(exact.float32, exact.float64.astype(np.float32), 1)
        assert 0 < exact.radius < 1e-50
    assert found.bits == 192 and found.digits > 50


@pytest.mark.parametrize(
    "mistake",
    ["the value", "a hair", "a factor", "a dropped term", "one element", "a shape", "a sign", "a name"],
)
def test_planted_mistakes_are_caught(mistake):
    with pytest.raises(Disagrees):
        judge(softmax(mistake))


def test_a_disagreement_says_where():
    with pytest.raises(Disagrees) as caught:
        judge(softmax("one element"))
    assert (caught.value.name, caught.value.index) == ("the gradient for x", (0, 1))
    assert abs(caught.value.ours - caught.value.oracles - arb((1, -120))) < arb((1, -150))


def test_nan_proves_nothing():
    with pytest.raises(Refused, match="only known to be nan"):
        judge(softmax("not a number"))


def test_a_wrong_definition_is_a_disagreement_too():
    with pytest.raises(Disagrees):
        judge(softmax(), oracle=lambda xp, x, tau: textbook(xp, x, tau) * 2)


def cancelling(xp, x, tau):
    """The same function through a number that eats 600 bits."""
    far = xp.asarray(2**600) if xp.__name__.endswith("balls") else 2.0**600
    return textbook(xp, (x / 3 + far - far) * 3, tau)


def test_wide_balls_are_refused_or_given_more_bits():
    with pytest.raises(Refused, match="only known to be"):
        judge(softmax(), oracle=cancelling, most_bits=400)
    assert judge(softmax(), oracle=cancelling).bits > 600


def test_required_digits_are_required():
    assert judge(softmax(), digits=100).bits == 384
    with pytest.raises(Refused, match="fewer than 100 digits"):
        judge(softmax(), digits=100, most_bits=192)


def test_a_tie_is_refused():
    def winner(x):
        return namespace(x).argmax(x, axis=-1)

    def oracle(xp, x):
        return xp.argmax(x, axis=-1)

    assert list(certify(winner, oracle, None, {"x": X}, {}, (), ()).outputs["value"].float64) == [2, 0]
    with pytest.raises(Refused, match="tie"):
        certify(winner, oracle, None, {"x": np.ones((1, 2))}, {}, (), ())


def test_integers_are_compared_exactly():
    def oracle(xp, x):
        return xp.argmax(x, axis=-1)

    with pytest.raises(Disagrees):
        certify(lambda x: xp.argmin(x, axis=-1), oracle, None, {"x": X}, {}, (), ())
    with pytest.raises(Disagrees, match="type"):
        certify(lambda x: xp.argmax(x), oracle, None, {"x": X}, {}, (), ())


def test_exact_zeros_are_rounded_to_zero():
    """sin² + cos² − 1 is a ball around zero at any precision; both of its ends must round to zero."""

    def body(x):
        return x - x, lambda bar: {"x": 0 * bar}

    def oracle(xp, x):
        return xp.sin(x) ** 2 + xp.cos(x) ** 2 - 1

    found = certify(body, oracle, None, {"x": np.asarray([0.3])}, {}, ("x",), np.ones(1))
    assert found.outputs["value"].float64 == 0 and found.gradients["x"].float32 == 0 and found.bits > 1074


def test_a_surrogate_replaces_the_derivative_and_only_that():
    def body(x, tau):
        space = namespace(x)
        one_hot = space.astype(space.argmax(x, axis=-1)[:, None] == space.arange(3), x.dtype)
        return one_hot, softmax()(x, tau)[1]

    def oracle(xp, x, tau):
        return xp.eye(3)[xp.argmax(x, axis=-1)]

    def surrogate(xp, held, x, tau):
        return textbook(xp, x, tau) + (held["x"] - x) * 0

    found = judge(body, oracle, surrogate)
    assert np.array_equal(found.outputs["value"].float64, [[0, 0, 1], [1, 0, 0]])
    with pytest.raises(Disagrees):
        judge(body, oracle)


def test_outputs_are_named_and_theta_is_flat():
    def body(x, theta, *, power):
        def pullback(y_bar):
            return {"x": power * x ** (power - 1) * theta["a"] * y_bar, "theta": {"a": x**power * y_bar}}

        return (namespace(x).argmax(x), x**power * theta["a"]), pullback

    def oracle(xp, x, theta, *, power):
        return xp.argmax(x), x**power * theta["a"]

    arguments, options = {"x": X[0], "theta": {"a": X[1]}}, {"power": 3}
    found = certify(body, oracle, None, arguments, options, ("x", "theta"), [BAR[0]], outputs=("best", "y"))
    assert list(found.outputs) == ["best", "y"] and list(found.gradients) == ["x", "theta.a"]
    outputs, gradients = enclose(body, arguments, options, BAR[0], 100)
    assert len(outputs) == 2 and list(gradients) == ["x", "theta.a"]
