"""Cases of steps of Euler and Maruyama."""

from typing import Any

from refdgm.evidence.ask import Ask, both, put, scaled

NOTES = {
    "grid": "times and steps of one grid, as they are used",
    "uneven": "steps of different lengths: what assumes equal ones is seen",
    "tiny_steps": "steps so small that a step and its root are far apart",
    "unstable": "steps of the order of ten, beyond stability",
    "single_step": "a chain of one step: no error can hide in the chaining",
    "noiseless": "no noise: Euler's method for a differential equation",
    "negative_diffusion": "a diffusion below zero: the law does not see it, the path does",
    "timed_drift": "a drift that looks at the time",
    "time_blind": "a drift that does not look at the time: its gradient is zero",
}
SIZES = {"B": 5, "D": 3, "T": 2, "hidden": (7,)}
LONG = {"B": 2, "D": 3, "T": 5, "hidden": (7,)}
SQUARE = {"B": 3, "D": 3, "T": 3, "hidden": (3,)}
GRID = put(times=[0.0, 0.25, 0.5, 0.625, 0.6875], h=[0.25, 0.25, 0.125, 0.0625, 0.3125],
           diffusion=[1.0, 0.75, 0.5, 0.375, 0.25])
SHORT = put(h=[0.001, 0.002, 0.004, 0.008, 0.016], diffusion=[8.0, 4.0, 2.0, 1.0, 0.5])
THREE = put(times=[0.5, 0.25, 0.0], h=[0.5, 0.25, 0.125], diffusion=[0.5, 1.5, 1.0])
TWO = put(h=[0.5, 0.125])
EVERY = ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear", "theta_sin")


def steps(comment: str, drift: str, *flags: str, sizes: Any = SIZES, regime: str = "unit", change: Any = None) -> Ask:
    kind = "timed_drift" if drift.startswith("mlp") else "time_blind"
    return Ask(f"{comment}: {drift}", (*(flags or ("primes",)), kind), regime, sizes, {"drift": drift}, change)


CASES = {"euler_maruyama": [
    *[steps("two drawn steps", name) for name in EVERY],
    *[steps("five steps of a grid", name, "primes", "grid", "uneven", sizes=LONG, change=GRID) for name in EVERY],
    *[steps("all sizes equal", name, "square", "uneven", sizes=SQUARE, change=THREE) for name in EVERY],
    *[steps("five short steps", name, "primes", "tiny_steps", "uneven", sizes=LONG, change=SHORT)
      for name in ("mlp_silu", "theta_sin")],
    steps("two steps and no noise", "mlp_tanh", "primes", "noiseless", change=both(scaled(0, "eps"), TWO)),
    steps("no diffusion", "mlp_silu", "primes", "noiseless", change=both(put(diffusion=[0.0, 0.0]), TWO)),
    steps("a negative diffusion", "linear", "primes", "negative_diffusion",
          change=both(put(diffusion=[-1.5, -0.5]), TWO)),
    steps("long steps", "theta_sin", "primes", "unstable", change=put(h=[10.0, 20.0])),
    steps("one step", "mlp_tanh", "single_step", sizes=SIZES | {"T": 1}),
    steps("one example", "mlp_softplus", "single_example", sizes=SIZES | {"B": 1}, change=TWO),
    steps("one component", "mlp_tanh", "single_axis", sizes=SIZES | {"D": 1}, change=TWO),
    steps("two hidden layers", "mlp_silu", "primes", sizes={"B": 3, "D": 2, "T": 5, "hidden": (7, 11)}, change=GRID),
    steps("states of the order of 15", "mlp_tanh", "primes", "extreme", regime="extreme", change=TWO),
    steps("states of the order of 1e-5", "mlp_silu", "primes", "tiny", regime="tiny"),
    steps("magnitudes from 1e-3 to 20", "mlp_tanh", "primes", "mixed", regime="mixed", change=TWO),
]}
