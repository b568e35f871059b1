"""Cases of the probability flow: three processes, both directions, every method and score."""

from typing import Any

from refdgm.evidence.ask import Ask, put
from refdgm.evidence.ode.problems import NOTES as OF_SOLVERS

NOTES = {
    **OF_SOLVERS,
    "to_noise": "from the data to the noise: the time runs forwards",
    "to_data": "from the noise to the data: the time runs backwards, and the process's noise is large at first",
    "schedule_only": "the score does not look at the time: the times hear of the process alone",
    "time_zero": "the time is zero at one end, where sub_vp has no noise",
    "usual": "the numbers that are used in practice",
    "level": "low and high that nearly agree: their logarithms' difference has few digits",
}
SIZES = {"B": 3, "D": 2, "hidden": (5,)}
LINE = {"B": 5, "D": 3, "hidden": (7,)}
SQUARE = {"B": 3, "D": 3, "hidden": (3,)}
EARLY = 2.0**-10
SPAN = {
    "to_noise": {"t0": EARLY, "t1": 1.0},
    "to_data": {"t0": 1.0, "t1": EARLY},
    "late": {"t0": 0.25, "t1": 0.75},
    "backwards": {"t0": 0.875, "t1": 0.375},
}
ENDS = {"vp": {"low": 0.25, "high": 3.0}, "sub_vp": {"low": 0.5, "high": 4.0}, "ve": {"low": 0.25, "high": 1.5}}


def ask(process: str, score: str, method: str, steps: int, span: str, comment: str = "", *flags: str,
        sizes: Any = None, regime: str = "unit", **ends: Any) -> Ask:
    kind = "timed" if score.startswith("mlp") else "schedule_only"
    sizes = sizes or (SIZES if kind == "timed" else LINE)
    more: tuple[str, ...] = ("one_step",) if steps == 1 else ()
    more += ("backwards",) if span == "to_data" else ()
    more += ("late",) if span == "backwards" else ()
    told = f"{comment}: " if comment else ""
    return Ask(f"{told}{process}, {span}, {score}, {method}, N = {steps}",
               (*(flags or ("primes",)), span, kind, *more), regime, sizes,
               {"score": score, "process": process, "method": method, "steps": steps},
               put(**SPAN[span] | ENDS[process] | ends))


CASES = {"probability_flow": [
    ask("vp", "mlp_tanh", "euler", 3, "to_noise"),
    ask("sub_vp", "mlp_tanh", "heun", 2, "to_noise"),
    ask("ve", "mlp_silu", "midpoint", 2, "to_noise"),
    ask("vp", "mlp_silu", "rk4", 2, "to_data"),
    ask("sub_vp", "mlp_softplus", "euler", 4, "to_data"),
    ask("vp", "linear", "heun", 3, "to_data"),
    ask("ve", "linear", "euler", 3, "late"),
    ask("vp", "theta_sin", "midpoint", 3, "late"),
    ask("sub_vp", "theta_sin", "rk4", 2, "backwards"),
    ask("vp", "mlp_tanh", "midpoint", 1, "late", "one step", "primes", "long_step"),
    ask("sub_vp", "mlp_silu", "heun", 1, "backwards", "one step", "primes", "long_step"),
    ask("ve", "mlp_softplus", "rk4", 1, "to_data", "one step", "primes", "long_step"),
    ask("vp", "mlp_softplus", "heun", 2, "to_noise", "from zero", "primes", "time_zero", t0=0.0),
    ask("ve", "mlp_tanh", "rk4", 2, "to_data", "to zero", "primes", "time_zero", t1=0.0),
    ask("vp", "mlp_tanh", "rk4", 2, "to_data", "all sizes equal", "square", sizes=SQUARE),
    ask("ve", "linear", "heun", 2, "to_noise", "all sizes equal", "square", sizes=SQUARE),
    ask("sub_vp", "mlp_silu", "rk4", 2, "to_data", "one example", "single_example", sizes=SIZES | {"B": 1}),
    ask("vp", "mlp_tanh", "heun", 2, "to_noise", "one component", "single_axis", sizes=SIZES | {"D": 1}),
    ask("ve", "mlp_tanh", "midpoint", 2, "late", "two hidden layers", sizes={"B": 2, "D": 3, "hidden": (5, 7)}),
    ask("vp", "mlp_tanh", "heun", 5, "to_data", "as it is used", "primes", "usual", t0=0.5, low=0.1, high=20.0),
    ask("sub_vp", "mlp_tanh", "euler", 5, "late", "as it is used", "primes", "usual", low=0.1, high=20.0),
    ask("ve", "mlp_tanh", "heun", 2, "backwards", "as it is used", "primes", "usual", t0=0.625, low=0.01, high=50.0),
    ask("ve", "mlp_silu", "rk4", 1, "late", "ends that nearly agree", "primes", "level", low=1.0, high=1 + 2.0**-12),
    ask("vp", "mlp_tanh", "rk4", 1, "late", "states of the order of 15", "primes", "extreme", regime="extreme"),
    ask("sub_vp", "theta_sin", "euler", 3, "to_noise", "states of the order of 1e-5", "primes", "tiny", regime="tiny"),
    ask("ve", "mlp_silu", "euler", 2, "late", "magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed"),
]}
