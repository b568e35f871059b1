"""Integrals along a solution: both costs with every velocity and method, forwards and backwards in time."""

from typing import Any

from refdgm.evidence.ask import Ask, both
from refdgm.evidence.ode.problems import BACK, FORWARDS, LATE, SIZES, SMALL, SQUARE, gentle
from refdgm.evidence.ode.problems import NOTES as OF_SOLVERS

NOTES = {
    **OF_SOLVERS,
    "kinetic": "the parameters act on the cost directly, and through the path",
    "of_the_state": "the parameters act on the cost through the path alone",
}


def ask(comment: str, flags: tuple[str, ...], velocity: str, cost: str, method: str, steps: int,
        sizes: Any = SIZES, regime: str = "unit", change: Any = LATE) -> Ask:
    kind = "timed" if velocity.startswith("mlp") else "autonomous"
    more = (kind, "kinetic" if cost == "kinetic" else "of_the_state", *(("one_step",) if steps == 1 else ()))
    options = {"velocity": velocity, "cost": cost, "method": method, "steps": steps}
    return Ask(f"{comment}: {velocity}, {cost}, {method}, N = {steps}", (*flags, *more), regime, sizes,
               options, change)


LIST = [
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", "kinetic", "euler", 1),
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", "kinetic", "heun", 1),
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", "state", "midpoint", 1),
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", "state", "rk4", 1),
    ask("from 0 to 1", ("primes",), "mlp_silu", "state", "euler", 3, change=FORWARDS),
    ask("from 0 to 1", ("primes",), "mlp_silu", "kinetic", "midpoint", 2, change=FORWARDS),
    ask("from 0 to 1", ("primes",), "mlp_silu", "kinetic", "rk4", 2, change=FORWARDS),
    ask("backwards", ("primes", "backwards", "late"), "mlp_tanh", "kinetic", "euler", 2, change=BACK),
    ask("backwards", ("primes", "backwards", "late"), "mlp_silu", "state", "heun", 3, SMALL, change=BACK),
    ask("backwards", ("primes", "backwards", "late"), "mlp_softplus", "kinetic", "rk4", 2, SMALL, change=BACK),
    ask("linear", ("primes", "late"), "linear", "kinetic", "euler", 4),
    ask("linear", ("primes", "late"), "linear", "state", "heun", 3),
    ask("linear", ("primes", "late"), "linear", "kinetic", "rk4", 2),
    ask("linear, backwards", ("primes", "backwards", "late"), "linear", "state", "rk4", 3, change=both(BACK, gentle)),
    ask("closed form", ("primes", "late"), "theta_sin", "kinetic", "midpoint", 3),
    ask("closed form", ("primes", "late"), "theta_sin", "state", "rk4", 4),
    ask("all sizes equal", ("square", "late"), "mlp_tanh", "kinetic", "rk4", 2, SQUARE),
    ask("all sizes equal", ("square", "late"), "linear", "state", "heun", 2, SQUARE),
    ask("all sizes equal, backwards", ("square", "backwards", "late"), "mlp_softplus", "state", "euler", 3, SQUARE,
        change=BACK),
    ask("one example", ("single_example", "late"), "mlp_silu", "kinetic", "rk4", 3, SIZES | {"B": 1}),
    ask("one component", ("single_axis", "late"), "mlp_tanh", "kinetic", "heun", 2, SIZES | {"D": 1}),
    ask("two hidden layers", ("primes", "late"), "mlp_tanh", "state", "heun", 2, {"B": 3, "D": 2, "hidden": (5, 7)}),
    ask("states of the order of 15", ("primes", "extreme", "late"), "mlp_tanh", "state", "rk4", 2, SMALL, "extreme"),
    ask("states of the order of 1e-5", ("primes", "tiny", "late"), "theta_sin", "kinetic", "rk4", 2, SIZES, "tiny"),
    ask("magnitudes from 1e-3 to 20", ("primes", "mixed", "late"), "mlp_silu", "kinetic", "heun", 2, SMALL, "mixed"),
    ask("five steps, where time matters", ("primes", "late"), "mlp_softplus", "kinetic", "rk4", 5, SMALL),
]

CASES = {"odeint_running_cost": LIST}
