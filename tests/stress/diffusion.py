"""Guidance scales."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import drawn, row

GUIDANCE = ("classifier_free_guidance",)
NO_SCALE = "it has no guidance scale"


@row("guidance scales", "γ of 0 and 1e8, of one prediction twice; ±∞ and NaN are refused", GUIDANCE, NO_SCALE)
def guidance_scales(ref):
    arguments, _, bars = drawn(ref)
    cond, uncond, _ = arguments.values()
    np.testing.assert_array_equal(ref(cond, uncond, 0.0), uncond)
    np.testing.assert_allclose(ref(cond, uncond, 1e8), 1e8 * (cond - uncond), atol=10)
    np.testing.assert_array_equal(ref(cond, cond, 1e8), cond)
    assert ref.vjp(cond, cond, 1e8)[1](*bars)["gamma"] == 0
    for gamma in (np.inf, -np.inf, np.nan):
        said = refused(ref, ArgumentError, "gamma must be finite", cond, uncond, gamma)
        assert said.endswith("; for γ → ∞ use eps_cond − eps_uncond")
