"""Cases of steps against the time with corrections."""

from typing import Any

from refdgm.evidence.ask import Ask, both, put, scaled

NOTES = {
    "vp_grid": "a grid that falls, with steps that fill it, and the coefficients of a variance-preserving process "
               "on it",
    "exploding_corrections": "no drift of its own, and a diffusion and corrections that fall by factors",
    "one_correction": "one correction after each step, as is most used",
    "many_corrections": "more corrections than steps",
    "gentle_corrections": "small corrections: a step size and its root are far apart",
    "single_step": "a chain of one step: no error can hide in the chaining",
    "no_draws": "no noise, with the drift of noise",
    "negative_diffusion": "a diffusion below zero: the law does not see it, the path does",
    "timed_score": "a score that looks at the time",
    "time_blind_score": "a score that does not look at the time: its gradient is zero",
}
SIZES = {"B": 5, "D": 3, "T": 2, "L": 1, "hidden": (7,)}
PRIMES = {"B": 5, "D": 7, "T": 2, "L": 3, "hidden": (11,)}
LONG = {"B": 3, "D": 7, "T": 5, "L": 2, "hidden": (11,)}
SQUARE = {"B": 3, "D": 3, "T": 3, "L": 3, "hidden": (3,)}
GRID = put(times=[1.0, 0.75, 0.5, 0.25, 0.125], h=[0.25, 0.25, 0.25, 0.125, 0.0625],
           slope=[-1.5, -1.25, -1.0, -0.75, -0.5], diffusion=[1.75, 1.5, 1.375, 1.25, 1.0],
           step=[0.25, 0.1875, 0.125, 0.0625, 0.03125])
GENTLE = put(times=[1.0, 0.75, 0.5, 0.25, 0.125], h=[0.25, 0.25, 0.25, 0.125, 0.0625],
             slope=[-1.5, -1.25, -1.0, -0.75, -0.5], diffusion=[1.75, 1.5, 1.375, 1.25, 1.0],
             step=[0.004, 0.003, 0.002, 0.001, 0.0005])
THREE = put(times=[1.0, 0.5, 0.25], h=[0.5, 0.25, 0.125], slope=[-1.0, -0.75, -0.5], diffusion=[1.5, 1.25, 0.75],
            step=[0.25, 0.5, 0.125])
TWO = put(times=[0.75, 0.5], h=[0.25, 0.125], slope=[-0.5, -0.25], diffusion=[1.0, 0.75], step=[0.25, 0.125])
EXPLODING = put(times=[1.0, 0.5], h=[0.5, 0.375], slope=[0.0, 0.0], diffusion=[1.5, 0.75], step=[0.5, 0.125])
NEGATIVE = put(h=[0.5, 0.125], diffusion=[-1.5, 0.75], step=[0.25, 0.125])
EVERY = ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear", "theta_sin")


def steps(comment: str, score: str, *flags: str, sizes: Any = PRIMES, regime: str = "unit", change: Any = TWO) -> Ask:
    kind = "timed_score" if score.startswith("mlp") else "time_blind_score"
    return Ask(f"{comment}: {score}", (*(flags or ("primes",)), kind), regime, sizes, {"score": score}, change)


CASES = {"predictor_corrector": [
    *[steps("two steps, three corrections", name, "primes", "vp_grid", "many_corrections") for name in EVERY],
    *[steps("five steps of a grid", name, "primes", "vp_grid", sizes=LONG, change=GRID) for name in EVERY],
    *[steps("all sizes equal", name, "square", "vp_grid", sizes=SQUARE, change=THREE) for name in EVERY],
    *[steps("one correction", name, "one_correction", sizes=SIZES, change=TWO)
      for name in ("mlp_tanh", "linear")],
    steps("small corrections", "mlp_silu", "primes", "gentle_corrections", sizes=LONG, change=GENTLE),
    steps("an exploding process", "mlp_silu", "one_correction", "exploding_corrections", sizes=SIZES, change=EXPLODING),
    steps("a negative diffusion", "linear", "one_correction", "negative_diffusion", sizes=SIZES, change=NEGATIVE),
    steps("no noise", "mlp_tanh", "primes", "vp_grid", "no_draws",
          change=both(scaled(0, "eps", "corrector_eps"), TWO)),
    steps("one step", "mlp_tanh", "single_step", sizes=SIZES | {"T": 1, "L": 2},
          change=put(h=[0.5], step=[0.25])),
    steps("one example", "mlp_softplus", "single_example", sizes=SIZES | {"B": 1, "L": 5}, change=TWO),
    steps("one component", "mlp_tanh", "single_axis", sizes=SIZES | {"D": 1, "L": 3}, change=TWO),
    steps("two hidden layers", "mlp_silu", "primes", "vp_grid", sizes=PRIMES | {"hidden": (11, 13)}),
    steps("states of the order of 15", "mlp_tanh", "primes", "extreme", regime="extreme"),
    steps("states of the order of 1e-5", "mlp_silu", "primes", "tiny", regime="tiny"),
    steps("magnitudes from 1e-3 to 20", "mlp_tanh", "primes", "mixed", regime="mixed"),
]}
