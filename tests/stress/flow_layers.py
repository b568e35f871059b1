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
