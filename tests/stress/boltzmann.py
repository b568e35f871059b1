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


@row("units that are certain", "fields of ±1e±300 and of ±800, temperatures of 1e±150: p is 0, ½ or 1, its slope what"
     " is left; T = 0 is refused", ("boltzmann_conditional",), NO_MACHINE)
def certain_units(ref):
    arguments, options, bars = drawn(ref)
    none = arguments | {"W": 0 * arguments["W"], "temperature": np.asarray(1.0)}
    for size in (1e300, 800.0, 1e-300, 0.0):
        got = answers(ref, none | {"b": size * np.array([1.0, -1.0, 0.0])}, options, bars)
        finite(got)
        want = [1, 0, 0.5] if size > 1 else [0.5] * 3
        np.testing.assert_array_equal(got["output.value"], [want] * 5)
        assert size < 1 or not np.any(got["gradient.b"][:2])
    for temperature, low in ((1e150, 0.5), (1e-150, 0.0)):
        got = answers(ref, arguments | {"temperature": np.asarray(temperature)}, options, bars)
        finite(got)
        assert np.all((got["output.value"] == low) | (got["output.value"] == 1 - low))
    for bad in (0.0, -1.0, np.inf, np.nan):
        refused(ref, ArgumentError, "temperature must be positive", *(arguments | {"temperature": bad}).values())


@row("draws of certain units", "fields of ±1e300, and no field: on, off, or what u says; no sweep is"
     " an empty answer, NaN is refused", ("boltzmann_gibbs_chain",), NO_MACHINE)
def certain_draws(ref):
    arguments, _, _ = drawn(ref)
    none = arguments | {"W": 0 * arguments["W"]}
    got = ref(*(none | {"b": np.array([1e300, -1e300, 0.0]), "temperature": 1.0}).values())
    assert np.all(got[..., 0] == 1) and not np.any(got[..., 1])
    np.testing.assert_array_equal(got[..., 2], arguments["u"][..., 2] < 0.5)
    assert ref(*(arguments | {"u": arguments["u"][:, :0]}).values()).shape == (5, 0, 3)
    for name in ("W", "b"):
        bad = arguments[name] * np.nan
        refused(ref, ArgumentError, f"{name} must", *(arguments | {name: bad}).values())
    refused(ref, ArgumentError, "u must be from 0 to 1", *(arguments | {"u": arguments["u"] + 1}).values())


@row("laws that are frozen or uniform", "weights of ±1e150, temperatures of 1e±150: one state has everything, or all"
     " have the same; more than 20 units, and none, are refused", ("boltzmann_log_likelihood",), NO_MACHINE)
def frozen_laws(ref):
    arguments, options, _ = drawn(ref)
    states = np.array([[s >> i & 1 for i in range(3)] for s in range(8)], float)
    for size, t in ((1e150, 1.0), (1.0, 1e-100), (1.0, 1e150), (0.0, 1.0)):
        asked = arguments | {"y": states, "W": size * arguments["W"], "b": size * arguments["b"],
                             "temperature": np.asarray(t)}
        got = answers(ref, asked, options, (np.ones(8),))
        finite(got)
        mass = np.exp(got["output.value"])
        np.testing.assert_allclose(mass, np.eye(8)[np.argmax(mass)] if size / t > 1 else 0.125, rtol=1e-12)
    for units in (0, 21):
        refused(ref, ArgumentError, "boltzmann_log_likelihood needs D of at least 1 and at most 20",
                np.zeros((2, units)), np.zeros((units, units)), np.zeros(units), 1.0)
