"""Cases of annealed Langevin dynamics."""

from typing import Any

from refdgm.evidence.ask import Ask, both, put, scaled

NOTES = {
    "single_step": "a chain of one step: no error can hide in the chaining",
    "still": "no noise: gradient ascent",
    "one_level": "one noise level: σ_bar comes through the score alone",
    "geometric": "noise levels that halve, as they are used",
    "rising": "noise levels that rise: nothing depends on their order",
    "levelled": "a score that looks at the noise level",
    "level_blind": "a score that does not look at the noise level: σ_bar comes through the step sizes alone",
    "few": "two levels of one step each: drawn steps are large, and a longer chain of them is chaos",
}
SQUARE = {"B": 3, "D": 3, "T": 3, "L": 3, "hidden": (3,)}
LADDER = {"B": 5, "D": 7, "L": 2, "T": 3, "hidden": (11,)}
DEEP = {"B": 3, "D": 7, "L": 5, "T": 2, "hidden": (11,)}
HALVING = put(sigmas=[1.0, 0.5], base_step=0.125)
FIVE = put(sigmas=[2.0, 1.0, 0.5, 0.25, 0.125], base_step=1 / 256)
RISING = put(sigmas=[0.25, 0.75], base_step=0.5)
THREE = put(sigmas=[1.5, 1.0, 0.75], base_step=0.25)


def annealed(comment: str, score: str, flags: tuple[str, ...] = ("primes",), sizes: Any = LADDER,
             regime: str = "unit", change: Any = HALVING) -> Ask:
    kind = "levelled" if score.startswith("mlp") else "level_blind"
    return Ask(f"{comment}: {score}", (*flags, kind), regime, sizes, {"score": score}, change)


EVERY = ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear", "theta_sin")
ANNEALED = [
    *[annealed("two levels", name, ("primes", "geometric")) for name in EVERY],
    *[annealed("five levels of two steps", name, ("primes", "geometric"), DEEP, change=FIVE) for name in EVERY],
    *[annealed("all sizes equal", name, ("square",), SQUARE, change=THREE) for name in EVERY],
    annealed("rising levels", "mlp_tanh", ("primes", "rising"), change=RISING),
    annealed("one level", "mlp_silu", ("one_level",), LADDER | {"L": 1},
             change=put(sigmas=[0.5], base_step=0.25)),
    annealed("one step", "mlp_tanh", ("one_level", "single_step"), LADDER | {"L": 1, "T": 1},
             change=put(sigmas=[2.0], base_step=0.75)),
    annealed("no noise", "mlp_tanh", ("primes", "still"), change=both(scaled(0, "eps"), HALVING)),
    annealed("one example", "mlp_silu", ("single_example",), LADDER | {"B": 1}),
    annealed("one component", "mlp_tanh", ("single_axis",), LADDER | {"D": 1}),
    annealed("two hidden layers", "mlp_tanh", ("primes",), LADDER | {"hidden": (11, 13)}),
    annealed("drawn levels and step", "mlp_tanh", ("few",), {"B": 2, "D": 3, "L": 2, "T": 1, "hidden": (7,)},
             change=None),
    annealed("states of the order of 15", "mlp_tanh", ("primes", "extreme"), regime="extreme"),
    annealed("states of the order of 1e-5", "mlp_softplus", ("primes", "tiny"), regime="tiny"),
    annealed("magnitudes from 1e-3 to 20", "mlp_silu", ("primes", "mixed"), regime="mixed"),
]

CASES = {"annealed_langevin": ANNEALED}
