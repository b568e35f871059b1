"""Energies far out, walls, and losses that know no bound."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row

NO_PARTITION, NO_CONTRAST = "it has no partition function", "it is no contrast of data and samples"


@row("energies far out", "energies of ±1e±300, walls of +∞, weights of zero: p is one state, or uniform; all weights"
     " zero and +∞ are refused", ("log_partition", "energy_negative_log_likelihood"), NO_PARTITION)
def energies_far_out(ref):
    arguments, options, bars = drawn(ref)
    nodes = "energy" if ref.name == "log_partition" else "grid_energy"
    for size in (0.0, 1e-300, 1e-30, 1e30, 1e300, -1e300):
        got = answers(ref, arguments | {nodes: size * arguments[nodes]}, options, bars)
        finite(got)
        np.testing.assert_allclose(np.sum(got[f"gradient.{nodes}"]), -np.sum(bars[0]), rtol=1e-12)
    walls = arguments[nodes].copy()
    walls[..., 2] = np.inf
    got = answers(ref, arguments | {nodes: walls}, options, bars)
    finite(got)
    assert not np.any(got[f"gradient.{nodes}"][..., 2]) and got["gradient.log_weight"][2] == 0
    without = arguments["log_weight"].copy()
    without[2] = -np.inf
    other = answers(ref, arguments | {"log_weight": without}, options, bars)
    np.testing.assert_array_equal(other["output.value"], got["output.value"])
    for bad, why in ((np.inf, "log_weight must be below"), (-np.inf, "log_weight must have a finite entry")):
        refused(ref, ArgumentError, why, *(arguments | {"log_weight": np.full(7, bad)}).values())


@row("energies without a bound", "energies of 1e±150, α of 0 and of 1e±300; α below 0, of ∞ and NaN is refused",
     ("contrastive_divergence_loss",), NO_CONTRAST)
def energies_without_a_bound(ref):
    arguments, options, bars = drawn(ref)
    plus, minus, _ = arguments.values()
    for size in (1e-300, 1e-150, 1e150):
        got = answers(ref, {"energy_data": size * plus, "energy_model": size * minus,
                            "regularization": np.asarray(0.5)}, options, bars)
        finite(got)
    np.testing.assert_array_equal(ref(1e300 * plus, 1e300 * minus, 0.0), 1e300 * plus - 1e300 * minus)
    for alpha in (0.0, -0.0, 5e-324, 1e-300, 1e300):
        finite(answers(ref, {"energy_data": plus, "energy_model": minus, "regularization": np.asarray(alpha)}, options,
                       bars))
    for bad in (-5e-324, -0.5, np.inf, np.nan):
        refused(ref, ArgumentError, "regularization must be 0 or positive, and finite", plus, minus, bad)
