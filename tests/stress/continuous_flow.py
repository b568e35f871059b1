"""Flows in continuous time: probes that tell everything, and nothing; no time, and backwards; one dimension."""

from itertools import product

import numpy as np

from refdgm import CATALOGUE, ArgumentError
from refdgm.cases import options_grid

from ..refusal import refused
from .rows import answers, drawn, finite, row

PROBED = ("hutchinson_trace",)
NO_PROBE = "it estimates no trace by itself"
DENSITIES = ("cnf_log_density", "ffjord_log_density")
FLOWS = (*DENSITIES, "cnf_log_density_adjoint")
NO_FLOW = "it is no log-density along a flow"


@row("probes of nothing", "a zero probe: the estimate is 0, never NaN (no probe at all: S03)", PROBED, NO_PROBE)
def probes_of_nothing(ref):
    arguments, options, bars = drawn(ref, sizes={"R": 2})
    arguments["probe"] = 0 * arguments["probe"]
    got = answers(ref, arguments, options, bars)
    assert not np.any(got["output.value"]) and not np.any(got["gradient.x"])


@row("all probes", "every vector of signs: the exact trace, to rounding; one of 1e150 does not overflow it",
     PROBED, NO_PROBE)
def all_probes(ref):
    signs = np.array(list(product((-1.0, 1.0), repeat=8)))[None]
    theta = {"A": np.arange(64.0).reshape(8, 8), "b": np.zeros(8)}
    np.testing.assert_allclose(ref(np.zeros((1, 8)), signs, theta, score="linear"), [9 * 28.0], rtol=1e-14)
    wide = 1e150 * np.eye(8)[None]
    np.testing.assert_allclose(ref(np.zeros((1, 8)), wide, theta, score="linear"), [1e300 * 9 * 28 / 8], rtol=1e-14)


@row("a divergence of one dimension", "the trace is the derivative", ("jacobian_trace",), "it is no exact trace alone")
def a_divergence_of_one_dimension(ref):
    x, theta = np.array([[0.5], [-2.0]]), {"A": np.array([[-3.0]]), "b": np.array([1.0])}
    np.testing.assert_array_equal(ref(x, theta, score="linear"), [-3.0, -3.0])


@row("no time, a density", "t₁ = t₀ is the base, log N(x; 0, I), with x_bar = −p_bar x and no θ_bar", FLOWS, NO_FLOW)
def no_time_a_density(ref):
    for options in options_grid(ref):
        arguments, options, (bar,) = drawn(ref, options=options)
        arguments["t1"] = arguments["t0"]
        x, got = arguments["x"], answers(ref, arguments, options, (bar,))
        want = -np.sum(x**2, axis=1) / 2 - x.shape[1] / 2 * np.log(2 * np.pi)
        np.testing.assert_allclose(got["output.value"], want, rtol=1e-14)
        np.testing.assert_array_equal(got["gradient.x"], -bar[:, None] * x)
        np.testing.assert_allclose(got["gradient.t0"], -got["gradient.t1"], rtol=1e-12)
        assert not any(np.any(entry) for name, entry in got.items() if name.startswith("gradient.theta."))


@row("a flow of one dimension", "every probe of signs is exact: both agree to rounding", DENSITIES,
     "it is no discrete gradient of a flow's log-density")
def a_flow_of_one_dimension(ref):
    for options in options_grid(ref):
        arguments, options, bars = drawn(ref, sizes={"D": 1}, options=options)
        arguments.pop("probe", None)
        got = {}
        for name, more in (("cnf_log_density", {}), ("ffjord_log_density", {"probe": np.ones((5, 2, 1))})):
            x, *rest = arguments.items()
            got[name] = answers(CATALOGUE[name], dict([x, *more.items(), *rest]), options, bars)
        for role, want in got[DENSITIES[0]].items():
            np.testing.assert_allclose(got[DENSITIES[1]][role], want, rtol=1e-12, atol=1e-12, err_msg=role)


@row("far data of a flow", "x of 1.8e154, where ‖z‖² is beyond the range and its half is not; of 1e160", FLOWS,
     NO_FLOW)
def far_data_of_a_flow(ref):
    options = {"velocity": "theta_sin", "method": "heun", "steps": 2}
    arguments, _, bars = drawn(ref, sizes={"D": 1}, options=options)
    shape = arguments["x"].shape
    got = answers(ref, arguments | {"x": np.full(shape, 1.8e154)}, options, bars)
    np.testing.assert_allclose(got["output.value"], -1.62e308, rtol=1e-14)
    finite(got)
    with np.errstate(over="ignore"):  # beyond the range NumPy rightly warns
        got = answers(ref, arguments | {"x": np.full(shape, 1e160)}, options, bars)
    assert np.all(got["output.value"] == -np.inf) and np.all(np.isfinite(got["gradient.x"]))


@row("no steps of a flow", "fewer than one step is refused", FLOWS, NO_FLOW)
def no_steps_of_a_flow(ref):
    arguments, options, _ = drawn(ref)
    for steps in (0, -1):
        refused(ref, ArgumentError, "steps must be a whole number of at least 1", *arguments.values(),
                **options | {"steps": steps})
