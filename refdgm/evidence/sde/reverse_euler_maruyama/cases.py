"""Cases of steps against the time."""

from typing import Any

from refdgm.evidence.ask import Ask, both, put, scaled

NOTES = {
    "vp_grid": "a grid that falls, with steps that fill it, and the coefficients of a variance-preserving process "
               "on it",
    "exploding": "no drift of its own, and a diffusion that falls by factors",
    "flow": "λ = 0: the probability flow, whose noise has no part in the path",
    "reversed": "λ = 1: the reversed process",
    "in_between": "λ of neither 0 nor 1: λ and λ² differ",
    "tiny_steps": "steps so small that a step and its root are far apart",
    "single_step": "a chain of one step: no error can hide in the chaining",
    "no_draws": "no noise, with the drift of noise",
    "below_zero": "a diffusion and a scale below zero: the law does not see them, the path does",
    "timed_score": "a score that looks at the time",
    "time_blind_score": "a score that does not look at the time: its gradient is zero",
}
SIZES = {"B": 5, "D": 3, "T": 2, "hidden": (7,)}
LONG = {"B": 2, "D": 3, "T": 5, "hidden": (7,)}
SQUARE = {"B": 3, "D": 3, "T": 3, "hidden": (3,)}
GRID = {"times": [1.0, 0.75, 0.5, 0.25, 0.125], "h": [0.25, 0.25, 0.25, 0.125, 0.0625],
        "slope": [-1.5, -1.25, -1.0, -0.75, -0.5], "diffusion": [1.75, 1.5, 1.375, 1.25, 1.0]}
SHORT = {name: x for name, x in GRID.items() if name != "h"} | {"h": [0.001, 0.002, 0.004, 0.008, 0.016]}
EXPLODING = {"times": [1.0, 0.5], "h": [0.5, 0.375], "slope": [0.0, 0.0], "diffusion": [1.5, 0.75]}
THREE = {"times": [1.0, 0.5, 0.25], "h": [0.5, 0.25, 0.125], "slope": [-1.0, -0.75, -0.5],
         "diffusion": [1.5, 1.25, 0.75]}
TWO = {"h": [0.5, 0.125], "diffusion": [1.5, 0.75], "noise_scale": 1.25}
EVERY = ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear", "theta_sin")


def steps(comment: str, score: str, *flags: str, sizes: Any = SIZES, regime: str = "unit", change: Any = None) -> Ask:
    kind = "timed_score" if score.startswith("mlp") else "time_blind_score"
    return Ask(f"{comment}: {score}", (*(flags or ("primes",)), kind), regime, sizes, {"score": score}, change)


CASES = {"reverse_euler_maruyama": [
    *[steps("two drawn steps", name) for name in EVERY],
    *[steps("a grid, λ = 1", name, "primes", "vp_grid", "reversed", sizes=LONG, change=put(**GRID, noise_scale=1.0))
      for name in EVERY],
    *[steps("all sizes equal, λ = 1/2", name, "square", "in_between", sizes=SQUARE,
            change=put(**THREE, noise_scale=0.5))
      for name in EVERY],
    *[steps("a grid, λ = 3/2", name, "primes", "vp_grid", "in_between", sizes=LONG, change=put(**GRID, noise_scale=1.5))
      for name in ("mlp_tanh", "linear")],
    *[steps("a grid, λ = 0", name, "primes", "vp_grid", "flow", sizes=LONG, change=put(**GRID, noise_scale=0.0))
      for name in ("mlp_silu", "theta_sin")],
    steps("short steps", "mlp_tanh", "primes", "tiny_steps", "in_between", sizes=LONG,
          change=put(**SHORT, noise_scale=0.75)),
    steps("an exploding process", "mlp_silu", "primes", "exploding", "reversed",
          change=put(**EXPLODING, noise_scale=1.0)),
    steps("signs", "linear", "primes", "below_zero", "in_between",
          change=put(h=[0.5, 0.125], diffusion=[-1.5, 0.75], noise_scale=-0.5)),
    steps("two steps and no noise", "mlp_tanh", "primes", "no_draws", change=both(scaled(0, "eps"), put(**TWO))),
    steps("one step", "mlp_tanh", "single_step", sizes=SIZES | {"T": 1}, change=put(noise_scale=0.5)),
    steps("one example", "mlp_softplus", "single_example", sizes=SIZES | {"B": 1}, change=put(**TWO)),
    steps("one component", "mlp_tanh", "single_axis", sizes=SIZES | {"D": 1}, change=put(**TWO)),
    steps("two hidden layers", "mlp_silu", "primes", sizes={"B": 3, "D": 2, "T": 5, "hidden": (7, 11)},
          change=put(**GRID, noise_scale=0.5)),
    steps("states of the order of 15", "mlp_tanh", "primes", "extreme", regime="extreme", change=put(**TWO)),
    steps("states of the order of 1e-5", "mlp_silu", "primes", "tiny", regime="tiny", change=put(noise_scale=0.75)),
    steps("magnitudes from 1e-3 to 20", "mlp_tanh", "primes", "mixed", regime="mixed", change=put(**TWO)),
]}
