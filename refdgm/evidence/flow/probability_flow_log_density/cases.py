"""Cases of likelihoods along the probability flow: three processes, every method and score, exact and estimated."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, put
from refdgm.evidence.rare import changed, lengthened

NOTES = {
    "one_step": "a single step: no error can hide in the chaining of steps",
    "timed": "a velocity that looks at the time: t_bar comes from every stage too",
    "schedule_only": "the score does not look at the time: the times hear of the process alone",
    "narrow_prior": "a prior of a deviation below one: D log S is negative",
    "wide_prior": "a prior of a deviation of several: with N(0, I) far data would be impossible",
    "usual": "the numbers that are used in practice",
    "prior_before_data": "t₁ before t₀: the solve from the data runs backwards in time, as nobody has it",
    "one_probe": "a single probe: a mean over probes is void",
    "normal_probe": "probes that are no signs: v_i² is not 1",
}
SIZES = {"B": 3, "D": 2, "hidden": (5,)}
LINE = {"B": 5, "D": 3, "hidden": (7,)}
SQUARE = {"B": 3, "D": 3, "hidden": (3,)}
PROBED = {"B": 5, "R": 2, "D": 3, "hidden": (7,)}
PROBES = {"B": 3, "R": 5, "D": 2, "hidden": (7,)}
PROBED_LINE = {"B": 3, "R": 2, "D": 5, "hidden": (7,)}
SPAN = {"t0": 2.0**-10, "t1": 1.0}
ENDS = {"vp": {"low": 0.25, "high": 3.0}, "sub_vp": {"low": 0.5, "high": 4.0}, "ve": {"low": 0.25, "high": 1.5}}


def uneven(arrays: Arrays) -> Arrays:
    """Probes of several sizes, short numbers."""
    shape = arrays["input.probe"].shape
    sizes = np.resize([0.75, -1.25, 0.5, 1.5, -0.25, 2.0, -1.0], int(np.prod(shape)))
    return {"input.probe": sizes.reshape(shape)}


def ask(process: str, score: str, method: str, steps: int, comment: str = "", *flags: str, sizes: Any = None,
        regime: str = "unit", change: Any = None, usual: Any = (SIZES, LINE), **ends: Any) -> Ask:
    timed = score.startswith("mlp")
    more: tuple[str, ...] = ("one_step",) if steps == 1 else ()
    told = f"{comment}: " if comment else ""
    changes = [put(**SPAN | ENDS[process] | ends), *([change] if change else [])]
    return Ask(f"{told}{process}, {score}, {method}, N = {steps}",
               (*(flags or ("primes",)), "timed" if timed else "schedule_only", *more), regime,
               sizes or usual[not timed], {"score": score, "process": process, "method": method, "steps": steps},
               both(*changes))


def estimated(*of: Any, **more: Any) -> Ask:
    return ask(*of, **{"usual": (PROBED, PROBED_LINE)} | more)


CASES = {
    "probability_flow_log_density": [
        ask("vp", "mlp_tanh", "euler", 3),
        ask("sub_vp", "mlp_tanh", "heun", 2),
        ask("ve", "mlp_silu", "midpoint", 2),
        ask("vp", "mlp_silu", "rk4", 2),
        ask("sub_vp", "mlp_softplus", "euler", 2),
        ask("ve", "mlp_tanh", "heun", 2),
        ask("vp", "linear", "heun", 3),
        ask("sub_vp", "linear", "rk4", 2),
        ask("ve", "linear", "euler", 3),
        ask("vp", "theta_sin", "midpoint", 3),
        ask("sub_vp", "theta_sin", "rk4", 2),
        ask("ve", "theta_sin", "heun", 2),
        ask("ve", "mlp_tanh", "euler", 2, "a narrow prior", "primes", "narrow_prior", low=0.125, high=0.5),
        ask("ve", "theta_sin", "rk4", 2, "a wide prior", "primes", "wide_prior", low=0.25, high=4.0),
        ask("ve", "mlp_softplus", "heun", 2, "a middle of the way", "primes", "wide_prior", t0=0.25, t1=0.75, high=3.0),
        ask("vp", "mlp_tanh", "midpoint", 2, "time in reverse", "primes", "prior_before_data", t0=0.875, t1=0.375),
        ask("sub_vp", "linear", "midpoint", 2, "time in reverse", "primes", "prior_before_data", t0=0.875, t1=0.375),
        ask("ve", "mlp_silu", "euler", 1, "time in reverse", "primes", "prior_before_data", t0=0.875, t1=0.375),
        ask("vp", "mlp_tanh", "heun", 2, "all sizes equal", "square", sizes=SQUARE),
        ask("ve", "linear", "heun", 2, "all sizes equal", "square", sizes=SQUARE),
        ask("sub_vp", "mlp_silu", "heun", 2, "one example", "single_example", sizes=SIZES | {"B": 1}),
        ask("ve", "mlp_tanh", "midpoint", 2, "one component", "single_axis", sizes=SIZES | {"D": 1}),
        ask("vp", "mlp_tanh", "euler", 2, "two hidden layers", sizes={"B": 2, "D": 3, "hidden": (5, 7)}),
        ask("vp", "mlp_tanh", "euler", 3, "as it is used", "primes", "usual", t1=0.5, low=0.1, high=20.0),
        ask("ve", "mlp_tanh", "heun", 1, "as it is used", "primes", "usual", t1=0.5, low=0.01, high=50.0),
        ask("vp", "mlp_tanh", "heun", 1, "data of the order of 15", "primes", "extreme", regime="extreme"),
        ask("sub_vp", "theta_sin", "euler", 3, "data of the order of 1e-5", "primes", "tiny", regime="tiny"),
        ask("ve", "mlp_silu", "euler", 2, "magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed"),
    ],
    "probability_flow_log_density_estimate": [
        estimated("vp", "mlp_tanh", "euler", 3),
        estimated("sub_vp", "mlp_silu", "heun", 2),
        estimated("ve", "mlp_softplus", "midpoint", 2),
        estimated("vp", "mlp_silu", "rk4", 2),
        estimated("vp", "linear", "heun", 3),
        estimated("sub_vp", "linear", "rk4", 2),
        estimated("ve", "linear", "euler", 3),
        estimated("ve", "theta_sin", "rk4", 2),
        estimated("vp", "mlp_tanh", "heun", 2, "probes of several sizes", "primes", "normal_probe", sizes=PROBES,
                  change=uneven),
        estimated("sub_vp", "theta_sin", "heun", 2, "probes of several sizes", "primes", "normal_probe", change=uneven),
        estimated("ve", "mlp_silu", "euler", 2, "probes of several sizes", "primes", "normal_probe", change=uneven),
        estimated("ve", "mlp_tanh", "euler", 2, "a narrow prior", "primes", "narrow_prior", low=0.125, high=0.5),
        estimated("ve", "theta_sin", "heun", 2, "a wide prior", "primes", "wide_prior", low=0.25, high=4.0),
        estimated("vp", "mlp_tanh", "midpoint", 2, "time in reverse", "primes", "prior_before_data", t0=0.875,
                  t1=0.375),
        estimated("sub_vp", "mlp_silu", "heun", 2, "one probe", "one_probe", sizes=PROBED | {"R": 1}),
        estimated("vp", "mlp_tanh", "heun", 2, "all sizes equal", "square", sizes=SQUARE | {"R": 3}),
        estimated("ve", "linear", "midpoint", 2, "all sizes equal", "square", sizes=SQUARE | {"R": 3}),
        estimated("vp", "mlp_silu", "heun", 2, "one example", "single_example", sizes=PROBED | {"B": 1}),
        estimated("ve", "mlp_tanh", "rk4", 1, "one component", "single_axis", sizes=PROBED | {"D": 1}),
        estimated("vp", "mlp_tanh", "euler", 3, "as it is used", "primes", "usual", t1=0.5, low=0.1, high=20.0),
        estimated("vp", "mlp_tanh", "euler", 1, "data of the order of 15", "primes", "extreme", regime="extreme"),
        estimated("sub_vp", "theta_sin", "euler", 3, "data of the order of 1e-5", "primes", "tiny", regime="tiny"),
        estimated("ve", "mlp_silu", "euler", 2, "magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed"),
    ],
}
RARE = {"probability_flow_log_density_estimate": (lambda case: changed(case, probe=lengthened),)}
