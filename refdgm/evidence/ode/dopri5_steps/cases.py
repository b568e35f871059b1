"""Given grids: every velocity, uneven steps, forwards, backwards, to and fro."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, put
from refdgm.evidence.ode.problems import NOTES as OF_SOLVERS
from refdgm.evidence.ode.problems import gentle

NOTES = {
    **OF_SOLVERS,
    "uneven": "steps of different lengths: what assumes equal ones is seen",
    "to_and_fro": "a grid that turns round: steps of both signs",
    "standing": "two equal neighbours in the grid: no step between them",
}
UP = [0.25, 0.5, 1.25, 1.5, 2.25]
DOWN = [1.5, 1.25, 0.25, 0.0, -0.375]
TURN = [0.0, 1.0, 0.5, 1.75, 1.5]
STANDING = [0.25, 1.0, 1.0, 1.5, 2.0]
ONE = [0.5, 1.25]
SIZES = {"B": 3, "D": 2, "T": 5, "hidden": (7,)}
SQUARE = {"B": 3, "D": 3, "T": 5, "hidden": (3,)}


def ask(comment: str, flags: tuple[str, ...], velocity: str, grid: list[float], sizes: Any = SIZES,
        regime: str = "unit", **more: Any) -> Ask:
    kind = "timed" if velocity.startswith("mlp") else "autonomous"
    step = "one_step" if len(grid) == 2 else "uneven"
    full = {**SIZES, **sizes, "T": len(grid)}

    def change(arrays: Arrays) -> Arrays:
        weaker = gentle(arrays) if velocity == "linear" else {}
        return weaker | put(times=grid)(arrays)

    return Ask(f"{comment}: {velocity}, {len(grid) - 1} steps", (*flags, kind, step), regime, full,
               {"velocity": velocity}, change)


LIST = [
    *(ask("forwards", ("primes", "late"), name, UP)
      for name in ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear", "theta_sin")),
    *(ask("backwards", ("primes", "backwards", "late"), name, DOWN)
      for name in ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear", "theta_sin")),
    ask("to and fro", ("primes", "to_and_fro"), "mlp_tanh", TURN),
    ask("to and fro in short steps", ("primes", "to_and_fro"), "mlp_silu", [t / 2 for t in TURN]),
    ask("one step", ("primes", "late", "long_step"), "mlp_tanh", ONE, {"B": 5, "D": 3}),
    ask("one step", ("primes", "late", "long_step"), "mlp_softplus", ONE, {"B": 5, "D": 3}),
    ask("a point twice", ("primes", "late", "standing"), "mlp_silu", STANDING),
    ask("all sizes equal", ("square", "late"), "mlp_tanh", UP, SQUARE),
    ask("all sizes equal, backwards", ("square", "backwards", "late"), "linear", DOWN, SQUARE),
    ask("as many examples as points", ("square", "late"), "mlp_silu", UP, {"B": 5, "D": 2}),
    ask("one example", ("single_example", "late"), "mlp_silu", UP, {"B": 1, "D": 3}),
    ask("one component", ("single_axis", "late"), "mlp_tanh", UP, {"D": 1}),
    ask("two hidden layers", ("primes", "late"), "mlp_tanh", UP[:3], {"B": 2, "D": 5, "hidden": (7, 11)}),
    ask("states of the order of 15", ("primes", "extreme", "late"), "mlp_tanh", UP, regime="extreme"),
    ask("states of the order of 1e-5", ("primes", "tiny", "late"), "theta_sin", UP, regime="tiny"),
    ask("magnitudes from 1e-3 to 20", ("primes", "mixed", "late"), "mlp_silu", UP, regime="mixed"),
]

CASES = {"dopri5_steps": LIST}
