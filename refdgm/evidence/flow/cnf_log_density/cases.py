"""Log-densities along a flow: every velocity and method, one to three steps, data after the base and before it."""

import numpy as np

from refdgm.evidence.ask import Arrays, both
from refdgm.evidence.flow.problems import BACK, FORWARDS, LATE, LIST, SQUARE, ask, gentle
from refdgm.evidence.flow.problems import NOTES as OF_FLOWS
from refdgm.evidence.ode.problems import NOTES as OF_SOLVERS
from refdgm.evidence.rare import changed, lengthened

NOTES = {
    **OF_SOLVERS,
    "one_probe": "a single probe: a mean over probes is void",
    "normal_probe": "probes that are no signs: v_i² is not 1",
    **OF_FLOWS,
}
PROBED = {"B": 3, "R": 2, "D": 5, "hidden": (7,)}
SMALL = {"B": 3, "R": 5, "D": 2, "hidden": (7,)}


def uneven(arrays: Arrays) -> Arrays:
    """Probes of several sizes, short numbers."""
    shape = arrays["input.probe"].shape
    sizes = np.resize([0.75, -1.25, 0.5, 1.5, -0.25, 2.0, -1.0], int(np.prod(shape)))
    return {"input.probe": sizes.reshape(shape)}


ESTIMATES = [
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", "euler", 1, SMALL),
    ask("one step", ("primes", "late", "long_step"), "mlp_silu", "heun", 1, SMALL),
    ask("one step", ("primes", "late", "long_step"), "mlp_softplus", "rk4", 1, SMALL),
    ask("from 0 to 1", ("primes",), "mlp_silu", "euler", 3, SMALL, change=FORWARDS),
    ask("from 0 to 1", ("primes",), "mlp_tanh", "heun", 2, SMALL, change=FORWARDS),
    ask("from 0 to 1", ("primes",), "mlp_tanh", "rk4", 2, SMALL, change=FORWARDS),
    ask("data before the base", ("primes", "data_before_base", "late"), "mlp_softplus", "euler", 2, SMALL, change=BACK),
    ask("data before the base", ("primes", "data_before_base", "late"), "mlp_tanh", "heun", 2, SMALL, change=BACK),
    ask("linear", ("primes", "late"), "linear", "euler", 3, PROBED),
    ask("linear", ("primes", "late"), "linear", "heun", 2, PROBED),
    ask("linear", ("primes", "late"), "linear", "rk4", 2, PROBED, change=both(LATE, gentle)),
    ask("linear, data before the base", ("primes", "data_before_base", "late"), "linear", "rk4", 3, PROBED,
        change=both(BACK, gentle)),
    ask("probes of several sizes", ("primes", "normal_probe", "late"), "mlp_tanh", "heun", 2, SMALL,
        change=both(LATE, uneven)),
    ask("probes of several sizes", ("primes", "normal_probe", "late"), "theta_sin", "rk4", 2, PROBED,
        change=both(LATE, uneven)),
    ask("closed form", ("primes", "late"), "theta_sin", "euler", 3, PROBED),
    ask("closed form", ("primes", "late"), "theta_sin", "heun", 2, PROBED),
    ask("one probe", ("one_probe", "late"), "mlp_silu", "heun", 2, SMALL | {"R": 1}),
    ask("all sizes equal", ("square", "late"), "mlp_tanh", "heun", 2, SQUARE | {"R": 3}),
    ask("all sizes equal", ("square", "late"), "linear", "heun", 2, SQUARE | {"R": 3}),
    ask("one example", ("single_example", "late"), "mlp_silu", "heun", 3, SMALL | {"B": 1}),
    ask("one component", ("single_axis", "late"), "mlp_tanh", "heun", 2, SMALL | {"D": 1}),
    ask("data of the order of 15", ("primes", "extreme", "late"), "mlp_tanh", "heun", 2, SMALL, "extreme"),
    ask("data of the order of 1e-5", ("primes", "tiny", "late"), "theta_sin", "heun", 2, PROBED, "tiny"),
    ask("magnitudes from 1e-3 to 20", ("primes", "mixed", "late"), "mlp_silu", "heun", 2, SMALL, "mixed"),
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", "midpoint", 1, SMALL),
    ask("data before the base", ("primes", "data_before_base", "late"), "mlp_silu", "midpoint", 2, SMALL, change=BACK),
    ask("linear", ("primes", "late"), "linear", "midpoint", 2, PROBED),
    ask("closed form", ("primes", "late"), "theta_sin", "midpoint", 3, PROBED, change=both(LATE, uneven)),
]

CASES = {"cnf_log_density": LIST, "ffjord_log_density": ESTIMATES}
RARE = {"ffjord_log_density": (lambda case: changed(case, probe=lengthened),)}
