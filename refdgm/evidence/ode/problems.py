"""Initial-value problems: every velocity and method, one to four steps, forwards and backwards in time."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, both, put

NOTES = {
    "one_step": "a single step: no error can hide in the chaining of steps",
    "backwards": "t₁ before t₀: h is negative",
    "autonomous": "a velocity that does not look at the time: t_bar comes from the step alone",
    "timed": "a velocity that looks at the time: t_bar comes from every stage too",
    "long_step": "h of the order of one: what is wrong of higher order is seen",
    "late": "t₀ is not zero",
}
SIZES = {"B": 5, "D": 3, "hidden": (7,)}
SMALL = {"B": 3, "D": 2, "hidden": (5,)}
SQUARE = {"B": 3, "D": 3, "hidden": (3,)}
FORWARDS = put(t0=0.0, t1=1.0)
LATE = put(t0=0.75, t1=2.0)
BACK = put(t0=1.25, t1=-0.5)


def ask(comment: str, flags: tuple[str, ...], velocity: str, method: str, steps: int, sizes: Any = SIZES,
        regime: str = "unit", change: Any = LATE) -> Ask:
    kind = "timed" if velocity.startswith("mlp") else "autonomous"
    more = ("one_step",) if steps == 1 else ()
    return Ask(f"{comment}: {velocity}, {method}, N = {steps}", (*flags, kind, *more), regime, sizes,
               {"velocity": velocity, "method": method, "steps": steps}, change)


def gentle(arrays: Arrays) -> Arrays:
    """A linear system whose matrix is a quarter of the drawn one."""
    return {"input.theta.A": arrays["input.theta.A"] / 4}


LIST = [
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", "euler", 1),
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", "heun", 1),
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", "rk4", 1),
    ask("from 0 to 1", ("primes",), "mlp_silu", "euler", 3, change=FORWARDS),
    ask("from 0 to 1", ("primes",), "mlp_silu", "heun", 2, change=FORWARDS),
    ask("from 0 to 1", ("primes",), "mlp_silu", "rk4", 2, change=FORWARDS),
    ask("backwards", ("primes", "backwards", "late"), "mlp_tanh", "euler", 2, change=BACK),
    ask("backwards", ("primes", "backwards", "late"), "mlp_silu", "heun", 3, SMALL, change=BACK),
    ask("backwards", ("primes", "backwards", "late"), "mlp_softplus", "rk4", 2, SMALL, change=BACK),
    ask("linear", ("primes", "late"), "linear", "euler", 4),
    ask("linear", ("primes", "late"), "linear", "heun", 3),
    ask("linear", ("primes", "late"), "linear", "rk4", 2),
    ask("linear, backwards", ("primes", "backwards", "late"), "linear", "rk4", 3, change=both(BACK, gentle)),
    ask("closed form", ("primes", "late"), "theta_sin", "euler", 3),
    ask("closed form", ("primes", "late"), "theta_sin", "heun", 4),
    ask("closed form", ("primes", "late"), "theta_sin", "rk4", 4),
    ask("closed form, backwards", ("primes", "backwards", "late"), "theta_sin", "heun", 1, change=BACK),
    ask("all sizes equal", ("square", "late"), "mlp_tanh", "rk4", 2, SQUARE),
    ask("all sizes equal", ("square", "late"), "linear", "heun", 2, SQUARE),
    ask("all sizes equal, backwards", ("square", "backwards", "late"), "mlp_softplus", "euler", 3, SQUARE, change=BACK),
    ask("one example", ("single_example", "late"), "mlp_silu", "rk4", 3, SIZES | {"B": 1}),
    ask("one component", ("single_axis", "late"), "mlp_tanh", "heun", 2, SIZES | {"D": 1}),
    ask("two hidden layers", ("primes", "late"), "mlp_tanh", "heun", 2, {"B": 3, "D": 2, "hidden": (5, 7)}),
    ask("states of the order of 15", ("primes", "extreme", "late"), "mlp_tanh", "rk4", 2, SMALL, "extreme"),
    ask("states of the order of 1e-5", ("primes", "tiny", "late"), "theta_sin", "rk4", 2, SIZES, "tiny"),
    ask("magnitudes from 1e-3 to 20", ("primes", "mixed", "late"), "mlp_silu", "heun", 2, SMALL, "mixed"),
    ask("four steps", ("primes", "late"), "mlp_softplus", "heun", 4, SMALL),
    ask("five steps, where time matters", ("primes", "late"), "mlp_tanh", "rk4", 5, SMALL),
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", "midpoint", 1),
    ask("backwards", ("primes", "backwards", "late"), "mlp_silu", "midpoint", 3, SMALL, change=BACK),
    ask("linear", ("primes", "late"), "linear", "midpoint", 3),
    ask("all sizes equal", ("square", "late"), "theta_sin", "midpoint", 2, SQUARE),
]
