"""Log-densities along a flow: every velocity and method, one to three steps, data after the base and before it."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, both, put

NOTES = {
    "data_before_base": "t₁ before t₀: the solve from the data to the base runs forwards in time",
    "diagonal": "the Jacobian is diagonal: one probe of signs is exact",
    "constant_trace": "a linear velocity: the trace does not depend on the trajectory",
}
SIZES = {"B": 3, "D": 2, "hidden": (5,)}
SQUARE = {"B": 3, "D": 3, "hidden": (3,)}
FORWARDS = put(t0=0.0, t1=1.0)
LATE = put(t0=0.75, t1=2.0)
BACK = put(t0=1.25, t1=0.25)
KINDS = {"linear": ("autonomous", "constant_trace"), "theta_sin": ("autonomous", "diagonal")}


def ask(comment: str, flags: tuple[str, ...], velocity: str, method: str, steps: int, sizes: Any = SIZES,
        regime: str = "unit", change: Any = LATE) -> Ask:
    more = ("one_step",) if steps == 1 else ()
    return Ask(f"{comment}: {velocity}, {method}, N = {steps}", (*flags, *KINDS.get(velocity, ("timed",)), *more),
               regime, sizes, {"velocity": velocity, "method": method, "steps": steps}, change)


def gentle(arrays: Arrays) -> Arrays:
    """A linear system whose matrix is a quarter of the drawn one."""
    return {"input.theta.A": arrays["input.theta.A"] / 4}


LIST = [
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", "euler", 1),
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", "heun", 1),
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", "rk4", 1),
    ask("from 0 to 1", ("primes",), "mlp_silu", "euler", 3, change=FORWARDS),
    ask("from 0 to 1", ("primes",), "mlp_silu", "heun", 2, change=FORWARDS),
    ask("from 0 to 1", ("primes",), "mlp_softplus", "rk4", 2, change=FORWARDS),
    ask("data before the base", ("primes", "data_before_base", "late"), "mlp_tanh", "euler", 2, change=BACK),
    ask("data before the base", ("primes", "data_before_base", "late"), "mlp_softplus", "heun", 2, change=BACK),
    ask("data before the base", ("primes", "data_before_base", "late"), "mlp_silu", "rk4", 2, change=BACK),
    ask("linear", ("primes", "late"), "linear", "euler", 3),
    ask("linear", ("primes", "late"), "linear", "heun", 2),
    ask("linear", ("primes", "late"), "linear", "rk4", 2),
    ask("linear, data before the base", ("primes", "data_before_base", "late"), "linear", "rk4", 3,
        change=both(BACK, gentle)),
    ask("closed form", ("primes", "late"), "theta_sin", "euler", 3),
    ask("closed form", ("primes", "late"), "theta_sin", "heun", 2),
    ask("closed form", ("primes", "late"), "theta_sin", "rk4", 2),
    ask("all sizes equal", ("square", "late"), "mlp_tanh", "heun", 2, SQUARE),
    ask("all sizes equal", ("square", "late"), "linear", "heun", 2, SQUARE),
    ask("one example", ("single_example", "late"), "mlp_silu", "heun", 3, SIZES | {"B": 1}),
    ask("one component", ("single_axis", "late"), "mlp_tanh", "heun", 2, SIZES | {"D": 1}),
    ask("two hidden layers", ("primes", "late"), "mlp_tanh", "heun", 2, {"B": 2, "D": 3, "hidden": (5, 7)}),
    ask("data of the order of 15", ("primes", "extreme", "late"), "mlp_tanh", "heun", 2, SIZES, "extreme"),
    ask("data of the order of 1e-5", ("primes", "tiny", "late"), "theta_sin", "rk4", 2, SIZES, "tiny"),
    ask("magnitudes from 1e-3 to 20", ("primes", "mixed", "late"), "mlp_silu", "heun", 2, SIZES, "mixed"),
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", "midpoint", 1),
    ask("data before the base", ("primes", "data_before_base", "late"), "mlp_silu", "midpoint", 2, change=BACK),
    ask("linear", ("primes", "late"), "linear", "midpoint", 3),
    ask("closed form", ("primes", "late"), "theta_sin", "midpoint", 2),
]
