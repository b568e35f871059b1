"""Deep machines whose states between two layers are counted, and means that are sure."""

import numpy as np
from mpmath import mp

from refdgm import ArgumentError
from refdgm.numerics.entropy import entropy, logit

from ..refusal import refused
from .kernels import each, ends, near
from .rows import answers, drawn, finite, kernel, row

NO_DEEP = "it is no deep Boltzmann machine with its states counted"


@row("deep machines far out", "weights of 1e±150 and zero: all stays finite; more than 16 units between, and none, are"
     " refused", ("dbm_bound", "dbm_log_likelihood"), NO_DEEP)
def deep_machines_far_out(ref):
    arguments, options, bars = drawn(ref)
    asked = dict(arguments)
    for size in (0.0, 1e-150, 1e150):
        asked |= {name: size * arguments[name] for name in ("W1", "W2", "b", "c1", "c2")}
        got = answers(ref, asked, options, bars)
        finite(got)
    for units in (0, 17):
        wide = arguments | {"W1": np.zeros((units, 3)), "W2": np.zeros((4, units)), "c1": np.zeros(units)}
        wide |= {"mean1": np.zeros((5, units))} if "mean1" in arguments else {}
        refused(ref, ArgumentError, f"{ref.name} needs H of at least 1 and at most 16", *wide.values())


@row("deep networks far out", "weights of 1e±150 and zero: all stays finite; more than 16 units between, and none, are"
     " refused", ("dbn_bound",), "it is no deep belief network")
def deep_networks_far_out(ref):
    arguments, options, bars = drawn(ref)
    for size in (0.0, 1e-150, 1e150):
        finite(answers(ref, {name: x if name == "v" else size * x for name, x in arguments.items()}, options, bars))
    for units in (0, 17):
        wide = arguments | {"R": np.zeros((units, 3)), "r": np.zeros(units), "G": np.zeros((3, units))}
        wide |= {"W": np.zeros((4, units)), "b": np.zeros(units)}
        refused(ref, ArgumentError, f"{ref.name} needs H of at least 1 and at most 16", *wide.values())


@row("sure means", "means of exactly 0 and 1: no entropy, an infinite slope, and all else as it is", ("dbm_bound",),
     NO_DEEP)
def sure_means(ref):
    arguments, options, bars = drawn(ref)
    sure = arguments | {name: np.round(arguments[name]) for name in ("mean1", "mean2")}
    got = answers(ref, sure, options, bars)
    for name in ("mean1", "mean2"):
        slopes = got.pop(f"gradient.{name}")
        np.testing.assert_array_equal(slopes, np.where(sure[name] == 1, -np.inf, np.inf) * bars[0][:, None])
    finite(got)


@kernel("−m log m − (1 − m) log(1 − m), log(m / (1 − m)): zero, one, the smallest numbers, near one, the middle",
        entropy, logit)
def entropies(dtype):
    _, tiny, _ = ends(dtype)
    eps = np.finfo(dtype).eps
    m = np.array([tiny, 1e-3, 0.25, 0.5, 0.75, 1 - eps, 1 - 8 * eps], dtype)
    near(entropy(m), each(lambda v: -v * mp.log(v) - (1 - v) * mp.log(1 - v), m), 4)
    near(logit(m), each(lambda v: mp.log(v / (1 - v)), m), 4, each(lambda v: -mp.log(v) - mp.log(1 - v), m))
    assert logit(m)[3] == 0
    sure = np.array([0, 1], dtype)
    np.testing.assert_array_equal(entropy(sure), [0, 0])
    np.testing.assert_array_equal(logit(sure), [-np.inf, np.inf])
    assert entropy(sure).dtype == logit(sure).dtype == dtype
