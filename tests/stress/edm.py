"""Samplers between noise levels: levels of every size, short steps and long."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row


@row("levels of a Heun step", "σ from 1e-150 to 1e150, σ′/σ from 1e-60 to 1e60; σ′ = σ is the identity, σ′ = 0 refused",
     ("edm_heun_step",), "it takes no step between two noise levels")
def levels_of_a_heun_step(ref):
    arguments, options, bars = drawn(ref)
    for sigma in (1e-150, 1e-60, 1.0, 80.0, 1e60, 1e150):
        for ratio in (1e-60, 2e-3, 0.5, 1 - 2.0**-53, 1.0, 1 + 2.0**-52, 1e60):
            levels = {"sigma": np.full(5, sigma), "sigma_next": np.full(5, sigma * ratio)}
            got = answers(ref, arguments | levels, options, bars)
            finite(got)
            if ratio == 1:
                np.testing.assert_array_equal(got["output.value"], arguments["x"])
    same = arguments | {"denoised_next": arguments["denoised"], "sigma_next": np.full(5, 1e-300)}
    np.testing.assert_allclose(ref(*same.values()), arguments["denoised"], rtol=1e-15)
    for level in (0.0, -1.0, np.inf, np.nan):
        said = refused(ref, ArgumentError, "sigma_next must be positive and finite",
                       *(arguments | {"sigma_next": np.array([1.0, 1.0, level, 1.0, 1.0])}).values())
        assert "at [2]" in said and (level > 0 or level != level or "ends at the denoised itself" in said)
