"""Guidance scales."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row

GUIDANCE = ("classifier_free_guidance",)
CLASSIFIER = ("classifier_guidance",)
NO_SCALE = "it has no scale between two predictions"


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
        assert said.endswith("; for γ → ∞ use eps_cond − eps_uncond" if gamma > 0 else "; choose another number")


@row("a classifier's scale", "γ of 0 and 1e8, ᾱ near both ends; γ of ±∞ and NaN, ᾱ of 0 and 1 are refused", CLASSIFIER,
     "no classifier guides it")
def classifier_scales(ref):
    arguments, _, bars = drawn(ref)
    eps, along, product, _ = arguments.values()
    np.testing.assert_array_equal(ref(eps, along, product, 0.0), eps)
    np.testing.assert_array_equal(ref(eps, 0 * along, product, 1e8), eps)
    for alpha_prod in (5e-324, 1e-300, 1 - 2.0**-53):
        finite(answers(ref, arguments | {"alpha_prod": np.full(5, alpha_prod), "gamma": 1e8}, {}, bars))
    for gamma in (np.inf, -np.inf, np.nan):
        refused(ref, ArgumentError, "gamma must be finite", eps, along, product, gamma)
    for bad in (0.0, 1.0, -0.5, 1.5):
        refused(ref, ArgumentError, "alpha_prod must be strictly between 0 and 1", eps, along, np.full(5, bad), 1.0)


@row("deviations", "constants, one number, of 1e-300 and 1e150, with and without guidance; φ outside [0, 1] refused",
     ("guidance_rescale",), "it rescales no deviation")
def deviations(ref):
    arguments, _, bars = drawn(ref)
    guided, cond, _ = arguments.values()
    constant = np.full(guided.shape, 0.1)
    for phi in (0.0, 0.5, 1.0):
        np.testing.assert_array_equal(ref(constant, cond, phi), constant)  # no deviation that could be scaled
        np.testing.assert_allclose(ref(guided, constant, phi), (1 - phi) * guided, rtol=1e-15)
        for pair in ((constant, constant), (constant, cond), (guided, constant)):
            finite(answers(ref, dict(zip(arguments, (*pair, phi), strict=True)), {}, bars))
        for size in (1e-300, 1e-160, 1e150):
            scaled = {"guided": size * guided, "cond": size * cond, "phi": phi}
            np.testing.assert_allclose(ref(*scaled.values()), size * ref(guided, cond, phi), rtol=1e-12)
            finite(answers(ref, scaled, {}, bars))
    np.testing.assert_array_equal(ref(guided, guided, 0.5), guided)
    for phi in (-1e-9, 1 + 1e-9, np.inf, np.nan):
        refused(ref, ArgumentError, "phi must be from 0 to 1", guided, cond, phi)
