"""Boltzmann machines with weights far out, and units that are certain."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row

NO_MACHINE = "it is no Boltzmann machine"


@row("energies of any weights", "weights of 1e±300 and zero: the energy is linear in them; units below 0 or above 1 are"
     " refused", ("boltzmann_energy",), NO_MACHINE)
def any_weights(ref):
    arguments, options, bars = drawn(ref)
    plain = answers(ref, arguments, options, bars)
    for size in (0.0, 1e-300, 1e300):
        got = answers(ref, arguments | {name: size * arguments[name] for name in ("W", "b")}, options, bars)
        finite(got)
        np.testing.assert_allclose(got["output.value"], size * plain["output.value"], rtol=1e-12)
        np.testing.assert_array_equal(got["gradient.W"], plain["gradient.W"])
    for bad in (-1e-300, 1.0000001, np.nan):
        refused(ref, ArgumentError, "y must be from 0 to 1", *(arguments | {"y": np.full((5, 3), bad)}).values())
