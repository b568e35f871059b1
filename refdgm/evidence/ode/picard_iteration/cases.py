"""Cases of Picard's iteration."""

from typing import Any

from refdgm.evidence.ask import Ask, put

NOTES = {
    "one_sweep": "one sweep: all velocities at the start, and no chain of networks",
    "all_sweeps": "as many sweeps as steps or more: Euler's method",
    "negative_steps": "steps of negative length",
    "timed": "a velocity that looks at the time: t_bar comes from every stage too",
    "time_blind_velocity": "a velocity that does not look at the time: t_bar is zero",
}
LADDER = {"B": 5, "D": 7, "T": 3, "hidden": (11,)}
LONG = {"B": 3, "D": 2, "T": 5, "hidden": (7,)}
SQUARE = {"B": 3, "D": 3, "T": 3, "hidden": (3,)}
THREE = put(times=[0.1, 0.43, 0.62], h=[0.33, 0.19, 0.41])
FIVE = put(times=[-0.3, 0.17, 0.4, 0.93, 1.3], h=[0.47, 0.23, 0.53, 0.37, 0.29])
BACK = put(times=[1.1, 0.83, 0.42], h=[-0.27, -0.41, -0.33])


def swept(comment: str, velocity: str, sweeps: int, *flags: str, sizes: Any = LADDER, regime: str = "unit",
          change: Any = THREE) -> Ask:
    kind = "timed" if velocity.startswith("mlp") else "time_blind_velocity"
    return Ask(f"{comment}: {velocity}, K = {sweeps}", (*flags, kind), regime, sizes,
               {"velocity": velocity, "sweeps": sweeps}, change)


EVERY = ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear", "theta_sin")
SWEPT = [
    *[swept("three steps", name, 2, "primes") for name in EVERY],
    *[swept("three steps", name, 1, "primes", "one_sweep") for name in ("mlp_tanh", "linear")],
    *[swept("three steps", name, 3, "primes", "all_sweeps") for name in ("mlp_silu", "theta_sin")],
    swept("more sweeps than steps", "mlp_tanh", 4, "primes", "all_sweeps"),
    *[swept("five steps", name, 3, "primes", sizes=LONG, change=FIVE) for name in EVERY],
    *[swept("all sizes equal", name, 2, "square", sizes=SQUARE) for name in EVERY],
    swept("negative_steps", "mlp_tanh", 2, "primes", "negative_steps", change=BACK),
    swept("one example", "mlp_silu", 2, "single_example", sizes=LADDER | {"B": 1}),
    swept("one component", "mlp_tanh", 2, "single_axis", sizes=LADDER | {"D": 1}),
    swept("two hidden layers", "mlp_softplus", 2, "primes", sizes=LADDER | {"hidden": (11, 13)}),
    swept("drawn times and steps", "mlp_tanh", 2, "primes", sizes=LONG, change=None),
    swept("states of the order of 1e-5", "mlp_softplus", 2, "primes", "tiny", regime="tiny"),
    swept("magnitudes from 1e-3 to 20", "mlp_silu", 2, "primes", "mixed", regime="mixed"),
]

CASES = {"picard_iteration": SWEPT}
