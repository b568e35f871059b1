"""Processes at the ends of time and of noise: their laws, their reversal, what is learnt of them."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row


@row("SDE marginals", "times from 1e-30 to 1, ends that agree to 15 digits, β of 1e±8; time 0 is refused",
     ("perturbation_kernel",), "it has no law of a process at one time")
def ends_of_a_law(ref):
    for process in ref.args["process"].words:
        arguments, options, bars = drawn(ref, options={"process": process})
        for t in (1e-30, 1e-5, 0.5, 1.0):
            for low, high in ((1.0, 1 + 1e-15), (0.1, 20.0), (1e-8, 1e8), (1e-30, 1e30)):
                at = {"t": np.full(5, t), "low": np.asarray(low), "high": np.asarray(high)}
                got = answers(ref, at, options, bars)
                finite(got)
                assert np.all(got["output.std"] > 0) and np.all(got["output.scale"] <= 1)
        for t in (0.0, -0.5, 1.5):
            refused(ref, ArgumentError, "t must be above 0 and at most 1", *(arguments | {"t": np.full(5, t)}).values(),
                    **options)
    early, low = np.full(5, 1e-30), np.asarray(0.1)
    for process, want in (("vp", np.sqrt(1e-31)), ("sub_vp", 1e-31), ("ve", 0.1 * np.sqrt(2e-30 * np.log(200)))):
        np.testing.assert_allclose(ref(early, low, np.asarray(20.0), process=process).std, want, rtol=1e-12)
    level = ref(np.full(5, 0.5), np.asarray(1.0), np.asarray(1 + 2.0**-50), process="ve").std
    np.testing.assert_allclose(level, 2.0**-25, rtol=1e-12)
    for process in ("vp", "sub_vp"):  # nothing is left, and nothing moves
        value, pullback = ref.vjp(np.ones(5), np.asarray(1.0), np.asarray(1e4), process=process)
        np.testing.assert_array_equal(value.std, np.ones(5))
        assert not value.scale.any() and not any(np.any(x) for x in pullback(np.ones(5), np.ones(5)).values())


REVERSED = ("reverse_sde", "equivalent_sde")


@row("a process with more or less noise", "no diffusion, g of 1e±200 and of either sign, λ of 1e±200 and 5e-324;"
     " λ ≤ 0 is refused", REVERSED, "it has no noise of its own choice")
def noise_of_any_size(ref):
    arguments, _, bars = drawn(ref, sizes={"...": (3,)})
    drift, score, g, scale = arguments.values()
    value = ref(drift, score, np.zeros(5), scale)
    np.testing.assert_array_equal(value.drift, drift)
    assert not value.diffusion.any()
    sign = 1.0 if ref.name == "reverse_sde" else -1.0
    for g_of, scale_of in ((1e-200, 1e200), (1e200, 1e-200), (1e-150, 1.5), (1.0, 5e-324)):
        smaller = 1e-300 if g_of > 1 else 1.0  # g² s is what has a size
        at = {"drift": 0 * drift, "score": smaller * score, "diffusion": np.full(5, g_of),
              "noise_scale": np.full(5, scale_of)}
        got = answers(ref, arguments | at, {}, (bars[0] * smaller, bars[1]))
        finite(got)
        n = g_of * scale_of
        want = -(g_of * smaller * g_of + sign * n * smaller * n) / 2 * score
        np.testing.assert_allclose(got["output.drift"], want, rtol=1e-12, atol=1e-300)
    flow = ref(drift, score, g, np.full(5, 1e-200))
    np.testing.assert_allclose(flow.drift, drift - g[:, None] ** 2 * score / 2, rtol=1e-13, atol=1e-15)
    mirrored = ref(drift, score, -g, scale)
    np.testing.assert_array_equal(mirrored.drift, ref(drift, score, g, scale).drift)
    np.testing.assert_array_equal(mirrored.diffusion, -ref(drift, score, g, scale).diffusion)
    for wrong in (0.0, -1.0):
        said = refused(ref, ArgumentError, "noise_scale must be positive", drift, score, g, np.full(5, wrong))
        assert said.endswith("; without noise it is probability_flow_drift")


@row("score matching at the ends of time", "times from 1e-30 to 1, β of 1e±8, a score of zero, and the true one",
     ("continuous_score_matching",), "it has no objective in continuous time")
def matching_at_the_ends(ref):
    for process in ref.args["process"].words:
        arguments, _, bars = drawn(ref, sizes={"...": (3,)})
        noise = np.sum(arguments["eps"] ** 2, axis=1) / 2
        for t in (1e-30, 1e-5, 1.0):
            for low, high in ((1.0, 1 + 1e-15), (0.1, 20.0), (1e-8, 1e8)):
                at = {"score": 0 * arguments["score"], "t": np.full(5, t), "low": np.asarray(low),
                      "high": np.asarray(high)}
                for weighting in ref.args["weighting"].words:
                    got = answers(ref, arguments | at, {"process": process, "weighting": weighting}, bars)
                    finite(got)
                    if weighting == "std2":
                        np.testing.assert_allclose(got["output.value"], noise, rtol=1e-14)
                    elif weighting == "one" and process != "ve":  # ½ ‖ε/ς‖²
                        total = t * ((2 - t) * low + t * high) / 2
                        std = -np.expm1(-total) if process == "sub_vp" else np.sqrt(-np.expm1(-total))
                        np.testing.assert_allclose(got["output.value"], noise / std / std, rtol=1e-13)
                        near = at | {"score": -arguments["eps"] / std}
                        got = answers(ref, arguments | near, {"process": process, "weighting": weighting}, bars)
                        assert np.all(got["output.value"] <= (1e-15 / std) ** 2)


@row("proposals near and far", "y = x, a y of density 0, ‖d‖² of 1e16, η from 5e-324 to 1e300; η ≤ 0 is refused",
     ("mala_log_ratio",), "it accepts and rejects nothing")
def proposals(ref):
    arguments, _, bars = drawn(ref, sizes={"...": (3,)})
    x, y, score_x, score_y, at_x, at_y, _ = arguments.values()
    for step in (5e-324, 1e-30, 1.0, 1e8):
        assert not ref(x, x, score_x, score_x, at_x, at_x, np.asarray(step)).any()
        finite(answers(ref, arguments | {"step": np.asarray(step)}, {}, bars))
    still = ref(*(arguments | {"step": np.asarray(1e-200)}).values())
    want = at_y - at_x - np.sum((score_x + score_y) * (y - x), axis=1) / 2
    np.testing.assert_allclose(still, want, rtol=1e-12, atol=1e-12)
    none = ref(*(arguments | {"log_density_y": np.full(5, -np.inf)}).values())
    np.testing.assert_array_equal(none, np.full(5, -np.inf))  # accepted with the probability e^{−∞}
    far = {"x": 1e8 * x, "y": 1e8 * x + 1, "score_y": -score_x + 2}  # of 53 bits, so that y − x is exact
    np.testing.assert_allclose(ref(*(arguments | far | {"step": np.asarray(2.0**-40)}).values()),
                               at_y - at_x - np.sum(far["y"] - far["x"] + 2.0**-41 * (1 - score_x), axis=1), rtol=1e-12)
    for step in (0.0, -1.0, np.inf):
        said = refused(ref, ArgumentError, "step must be positive", *(arguments | {"step": np.asarray(step)}).values())
        assert step > 0 or said.endswith("; a step of zero proposes the state")


@row("a residual at the ends", "no diffusion, g of 1e±150 and 1e200 and of either sign; a law at rest",
     ("fokker_planck_residual",), "it is no equation that is to be left without a rest")
def residuals(ref):
    arguments, _, bars = drawn(ref, sizes={"...": (3,)})
    rate, drift, divergence, score, curve, g = arguments.values()
    transport = rate + divergence + np.sum(drift * score, axis=1)
    np.testing.assert_allclose(ref(*arguments.values()), ref(*(arguments | {"diffusion": -g}).values()), rtol=0)
    np.testing.assert_allclose(ref(rate, drift, divergence, score, curve, 0 * g), transport, rtol=1e-13)
    for size, smaller in ((1e150, 1e-150), (1e-150, 1e150), (1e200, 1e-200)):  # of g and of s
        at = {"rate": 0 * rate, "drift": 0 * drift, "divergence": 0 * divergence, "score": smaller * score,
              "score_divergence": 0 * curve, "diffusion": np.full(5, size)}
        want = -np.sum((size * (smaller * score)) ** 2, axis=1) / 2
        np.testing.assert_allclose(ref(*(arguments | at).values()), want, rtol=1e-13)
        small = min(smaller, 1.0)
        finite(answers(ref, arguments | at, {}, tuple(small * small * bar for bar in bars)))
    rest = ref(0 * rate, (g * g)[:, None] / 2 * score, g * g / 2 * curve, score, curve, g)
    assert np.all(np.abs(rest) <= 1e-14 * g * g * (np.abs(curve) + np.sum(score**2, axis=1)))
