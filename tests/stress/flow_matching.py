"""Straight paths at their ends."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row

NO_PATH = "it is no path from noise to data"


@row("the ends of a path", "t and σ of 0, 1 and the numbers beside them; pairs of 1e±150; beyond, both are refused",
     ("flow_matching_path",), NO_PATH)
def ends_of_a_path(ref):
    arguments, _, bars = drawn(ref)
    x0, x1, t, _ = arguments.values()
    np.testing.assert_array_equal(ref(x0, x1, np.zeros(5), 0.0).xt, x0)
    np.testing.assert_array_equal(ref(x0, x1, np.ones(5), 0.0).xt, x1)
    for time in (0.0, 5e-324, 1e-30, 1 - 2.0**-53, 1.0):
        for sigma in (0.0, 5e-324, 1e-5, 1 - 2.0**-53, 1.0):
            got = answers(ref, arguments | {"t": np.full(5, time), "sigma_min": np.asarray(sigma)}, {}, bars)
            finite(got)
            np.testing.assert_allclose(got["output.target"], x1 - (1 - sigma) * x0, rtol=1e-12, atol=1e-14)
    for size in (1e-150, 1e150):
        finite(answers(ref, arguments | {"x0": size * x0, "x1": size * x1}, {}, bars))
    for bad in (-1e-9, 1 + 1e-9, np.inf, np.nan):
        refused(ref, ArgumentError, "t must be from 0 to 1", x0, x1, np.full(5, bad), 0.0)
        refused(ref, ArgumentError, "sigma_min must be from 0 to 1", x0, x1, t, bad)


@row("what has been learnt", "a velocity that is the target has no loss, no gradient; residuals of 1e±150; σ of 0 and 1"
     "; beyond, it is refused", ("flow_matching_loss",), "it is not the objective of flow matching")
def what_has_been_learnt(ref):
    arguments, _, bars = drawn(ref)
    v, x0, x1, _ = arguments.values()
    for sigma in (0.0, 1.0):
        got = answers(ref, arguments | {"velocity": x1 - (1 - sigma) * x0, "sigma_min": np.asarray(sigma)}, {}, bars)
        assert not any(np.any(x) for x in got.values())
    for size in (1e-150, 1e150):
        got = answers(ref, {name: size * x if name != "sigma_min" else x for name, x in arguments.items()}, {}, bars)
        finite(got)
        np.testing.assert_allclose(got["output.value"] / size / size, ref(*arguments.values()), rtol=1e-12)
    for bad in (-1e-9, 1 + 1e-9, np.inf, np.nan):
        refused(ref, ArgumentError, "sigma_min must be from 0 to 1", v, x0, x1, bad)


@row("steps of a flow", "t′ = t stays, from 0 to 1 and back at once; states and velocities of 1e±150; times beyond are"
     " refused", ("flow_matching_step",), "it is no step along a velocity")
def steps_of_a_flow(ref):
    arguments, _, bars = drawn(ref)
    x, v, t, _ = arguments.values()
    np.testing.assert_array_equal(ref(x, v, t, t), x)
    ends = np.zeros(5), np.ones(5)
    np.testing.assert_array_equal(ref(x, v, *ends), x + v)
    np.testing.assert_array_equal(ref(x, v, *ends[::-1]), x - v)
    for size in (1e-150, 1e150):
        finite(answers(ref, arguments | {"xt": size * x, "velocity": size * v}, {}, bars))
        np.testing.assert_allclose(ref(0 * x, size * v, *ends), size * v, rtol=1e-15)
    for bad in (-1e-9, 1 + 1e-9, np.inf, np.nan):
        refused(ref, ArgumentError, "t must be from 0 to 1", x, v, np.full(5, bad), t)
        refused(ref, ArgumentError, "t_next must be from 0 to 1", x, v, t, np.full(5, bad))


@row("a score near both ends", "times of 5e-324 and within 2⁻⁵³ of 1; points and velocities of 1e±150; 0, 1 and what is"
     " beyond are refused", ("score_from_velocity",), "it makes no score of a velocity")
def a_score_near_both_ends(ref):
    arguments, _, bars = drawn(ref)
    x, v, t = arguments.values()
    for time in (5e-324, 1e-30, 0.5, 1 - 2.0**-53):
        finite(answers(ref, arguments | {"t": np.full(5, time)}, {}, bars))
    np.testing.assert_array_equal(ref(x, v, np.full(5, 5e-324)), -x)
    np.testing.assert_allclose(ref(x, v, np.full(5, 1 - 2.0**-53)), 2.0**53 * (v * (1 - 2.0**-53) - x), rtol=1e-12)
    for size in (1e-150, 1e150):
        finite(answers(ref, arguments | {"xt": size * x, "velocity": size * v}, {}, bars))
        np.testing.assert_allclose(ref(size * x, size * v, t), size * ref(x, v, t), rtol=1e-12)
    for bad in (0.0, 1.0, -0.5, 1.5, np.nan):
        said = refused(ref, ArgumentError, "t must be strictly between 0 and 1", x, v, np.full(5, bad))
        assert "at t = 0 the score is −x_t" in said


@row("shifts of every size", "s of 1e±300 and of 1; times of 0, 5e-324, near 1 and 1; beyond, both are refused",
     ("timestep_shift",), "it shifts no time")
def shifts_of_every_size(ref):
    arguments, _, bars = drawn(ref)
    t = arguments["t"]
    np.testing.assert_allclose(ref(t, 1.0), t, rtol=1e-15)
    for shift in (1e-150, 1e-30, 1.0, 1e30, 1e150):
        for time in (0.0, 5e-324, 1e-150, 0.5, 1 - 2.0**-53, 1.0):
            got = answers(ref, {"t": np.full(5, time), "shift": np.asarray(shift)}, {}, bars)
            finite(got)
            assert np.all((got["output.value"] >= 0) & (got["output.value"] <= 1))
        np.testing.assert_array_equal(ref(np.array([0.0, 1.0]), shift), [0.0, 1.0])
    np.testing.assert_allclose(ref(np.full(1, 1e-200), 1e200), [0.5], rtol=1e-14)
    np.testing.assert_array_equal(ref(np.array([0.0, 0.5, 1.0]), 1e-300), [0.0, 1e-300, 1.0])
    for bad in (-1e-9, 1 + 1e-9, np.inf, np.nan):
        refused(ref, ArgumentError, "t must be from 0 to 1", np.full(5, bad), 3.0)
    for bad in (0.0, -3.0, np.inf, np.nan):
        refused(ref, ArgumentError, "shift must be positive and finite", t, bad)
