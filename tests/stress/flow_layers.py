"""Layers of flows: scales and directions of every size, and what has no inverse."""

import numpy as np
from mpmath import mp

from refdgm import ArgumentError
from refdgm.flow.planar_transform import planar_transform
from refdgm.numerics.identity_minus_tanh import identity_minus_tanh
from refdgm.numerics.log_abs_one_plus import log_abs_one_plus, log_of_mean

from ..refusal import refused
from .kernels import each, ends, near
from .rows import answers, drawn, finite, kernel, row


@row("scales of a layer", "±5e-324 to ±1e307, a hundred thousand of them; 0, ±∞ and NaN are refused",
     ("affine_transform",), "it has no scale of a layer that may be below zero")
def scales(ref):
    arguments, options, bars = drawn(ref)
    arguments |= {"z": 0 * arguments["z"]}
    for size in (5e-324, 1e-300, 1.0, 1e300, 1e307):
        for sign in (1.0, -1.0):
            with np.errstate(over="ignore"):  # 1 / 5e-324
                got = answers(ref, arguments | {"scale": np.full_like(arguments["z"], sign * size)}, options, bars)
            np.testing.assert_allclose(got["output.log_det"], arguments["z"][0].size * np.log(size), rtol=1e-15)
            if size > 1e-308:
                finite(got)
    many = np.full((2, 100000), -1.1)
    np.testing.assert_allclose(ref(0 * many, many, 0 * many).log_det, 1e5 * np.log(1.1), rtol=1e-12)
    for bad in (0.0, -0.0, np.inf, -np.inf, np.nan):
        said = refused(ref, ArgumentError, "scale must be finite and other than zero, got ",
                       *(arguments | {"scale": np.full_like(arguments["z"], bad)}).values())
        assert said.endswith("has no inverse") if bad == 0 else True


@row("scales of a coupling layer", "r of ±700, with the sigmoid of ±1e300 too: its logarithm is no −∞, and no 0 below"
     " r = 740; r = ±∞ stays in its example", ("affine_coupling",), "it has no scale that a network gives")
def scales_of_a_network(ref):
    for direction in ref.args["direction"].words:
        for scale in ref.args["scale"].words:
            options = {"direction": direction, "scale": scale}
            arguments, _, bars = drawn(ref, options=options)
            for r in (-700.0, 700.0, *((-1e300, 1e300) if scale == "sigmoid" else ())):
                with np.errstate(over="ignore"):  # back, where σ is 0
                    got = answers(ref, arguments | {"log_scale": np.full_like(arguments["x"], r)}, options, bars)
                assert not any(np.isnan(x).any() for x in got.values())
                if abs(r) == 700:
                    finite(got)
                    assert np.all(got["output.log_det"] != 0)
    one = np.ones((2, 1))
    np.testing.assert_array_equal(ref(one, -1e300 * one, one, direction="forward", scale="sigmoid").log_det, -1e300)


@row("a scale by another name", "a softplus is refused, with the way out", ("affine_coupling",),
     "it has no scale that a network gives")
def another_scale(ref):
    arguments, _, _ = drawn(ref)
    said = refused(ref, ArgumentError, "scale must be ", *arguments.values(), direction="forward", scale="softplus")
    assert "take exp, with the logarithm of your scale for r" in said


@kernel("log |1 + q|, of q next to 0, −1 and −2 and far from them", log_abs_one_plus)
def logarithm_near_one(dtype):
    most, tiny, least = ends(dtype)
    eps = np.finfo(dtype).eps
    q = np.array([0, least, -tiny, 1e-30, -1e-7, 0.5, -0.5, -1 + eps, -1 - eps, -1.5, -2 + eps, -2 - 2 * eps, -2.5, -3,
                  -1e6, 1e6, most, -most], dtype)
    near(log_abs_one_plus(q), each(lambda v: mp.log(abs(1 + v)), q), 3)
    with np.errstate(divide="ignore"):
        assert log_abs_one_plus(np.asarray([-1], dtype))[0] == -np.inf


@kernel("log(1 − p + p s), of p next to 0 and 1, of s from the smallest number to the largest", log_of_mean)
def logarithm_between_one_and_another(dtype):
    most, tiny, least = ends(dtype)
    eps = np.finfo(dtype).eps
    share = np.array([least, tiny, 1e-30, 1e-3, 0.25, 0.5, 0.75, 1 - eps, 1], dtype)
    for s in (least, tiny, 1e-30, 0.3, 0.5, 1 - eps / 2, 1, 1 + eps, 1.5, 2, 1e3, 1e30, most):
        s = np.asarray(s, dtype)
        with np.errstate(under="ignore"):
            got = log_of_mean(share, 1 - share, s)
        near(got, each(lambda p, s=s: mp.log(1 - p + p * mp.mpf(float(s))), share), 4)


@row("planar layers", "⟨u, w⟩ of ±1e4, with w of 1e±150, points at 1e6 and of 1e-150: with the constraint no −∞ and no"
     " NaN; w = 0 is refused", ("planar_transform",), "it has no planar layer")
def planar_layers(ref):
    arguments, options, bars = drawn(ref, options={"constraint": "softplus"})
    w = arguments["w"]
    for length in (1e-150, 1e-8, 1.0, 1e150):
        for size in (-1e4, -700.0, 0.0, 700.0, 1e4):
            at = arguments | {"w": length * w, "u": size / (w @ w) * w / length}
            for far in (1.0, 1e-150, 1e6):
                with np.errstate(under="ignore"):
                    finite(answers(ref, at | {"z": far * arguments["z"]}, options, bars))
    for constraint in ref.args["constraint"].words:
        said = refused(ref, ArgumentError, "w must have a component other than zero, got only zeros",
                       *(arguments | {"w": 0 * w}).values(), constraint=constraint)
        assert said.endswith("a plane needs a normal")
    said = refused(ref, ArgumentError, "constraint must be ", *arguments.values(), constraint="relu")
    assert "take softplus" in said


@kernel("x − tanh x, from the smallest numbers to both ends of the continued fraction, and far out",
        identity_minus_tanh)
def without_its_tangent_hyperbolic(dtype):
    _, tiny, _ = ends(dtype)
    size = np.array([0, tiny, 1e-30, 1e-12, 1e-4, 0.01, 0.1, 0.3, 0.4999, 0.5, 0.5001, 1, 20, 400, 1e30], dtype)
    with mp.workdps(120), np.errstate(under="ignore"):
        for x in (size, -size):
            near(identity_minus_tanh(x), each(lambda v: v - mp.tanh(v), x), 32)


@row("inverse planar layers", "⟨u, w⟩ of −700 to 1e4, points of 1e-25 to 1e15: back where they were; no constraint is"
     " refused, w = 0 too", ("planar_inverse",), "it undoes no planar layer")
def undone(ref):
    arguments, options, bars = drawn(ref)
    w = arguments["w"]
    for size in (-700.0, -40.0, 0.0, 40.0, 1e4):
        at = arguments | {"u": size / (w @ w) * w, "b": np.asarray(0.0)}
        for far in (1e-25, 1e-8, 1.0, 1e15):
            got = answers(ref, at | {"x": far * arguments["x"]}, options, bars)
            finite(got)
            again = planar_transform(got["output.z"], at["u"], w, 0.0, constraint="softplus").x
            np.testing.assert_allclose(again, far * arguments["x"], rtol=1e-9, atol=1e-13 * max(far, abs(size)))
    said = refused(ref, ArgumentError, "constraint must be ", *arguments.values(), constraint="none")
    assert "may be no inverse, or three" in said
    refused(ref, ArgumentError, "w must have a component other than zero", *(arguments | {"w": 0 * w}).values(),
            constraint="softplus")
