"""Layers of flows: scales and directions of every size, and what has no inverse."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row


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
