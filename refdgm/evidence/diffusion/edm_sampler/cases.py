"""Cases of the EDM sampler."""

from typing import Any

from refdgm.evidence.ask import Ask, both, put, scaled

NOTES = {
    "single_level": "one noise level: the denoiser alone, and no step",
    "nothing_added": "no noise: it has no influence on the value, and none on the gradient",
    "no_churn": "γ = 0 at every level: the probability flow",
    "churned": "γ above 0, another at each level, as between S_tmin and S_tmax",
    "as_published": "noise levels and churn as in the paper, from 80 down",
    "rising": "noise levels that rise: nothing depends on their order",
    "level_aware": "a denoiser that looks at the noise level",
    "level_ignored": "a denoiser that does not look at the noise level: σ_bar comes through steps and noise alone",
    "two_drawn": "two levels: drawn levels are far apart, and a longer chain between them is chaos",
}
SQUARE = {"B": 3, "D": 3, "T": 3, "hidden": (3,)}
LADDER = {"B": 5, "D": 7, "T": 3, "hidden": (11,)}
LONG = {"B": 3, "D": 7, "T": 5, "hidden": (11,)}
THREE = put(sigmas=[2.1, 1.3, 0.7], churn=[0.3, 0.1, 0.2], noise_scale=1.007)
FLOW = put(sigmas=[2.1, 1.3, 0.7], churn=[0.0, 0.0, 0.0], noise_scale=1.007)
SOME = put(sigmas=[2.9, 1.9, 1.1, 0.7, 0.4], churn=[0.0, 0.25, 0.4, 0.1, 0.0], noise_scale=0.99)
USED = put(sigmas=[80.0, 42.0, 19.0, 8.3, 3.1], churn=[0.0, 0.41, 0.41, 0.41, 0.0], noise_scale=1.003)
RISING = put(sigmas=[0.4, 0.9, 1.7], churn=[0.1, 0.3, 0.2], noise_scale=1.3)


def sampled(comment: str, denoiser: str, *flags: str, sizes: Any = LADDER, regime: str = "unit",
            change: Any = THREE) -> Ask:
    kind = "level_aware" if denoiser.startswith("mlp") else "level_ignored"
    return Ask(f"{comment}: {denoiser}", (*flags, kind), regime, sizes, {"denoiser": denoiser}, change)


EVERY = ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear", "theta_sin")
SAMPLED = [
    *[sampled("three levels, churned", name, "primes", "churned") for name in EVERY],
    *[sampled("three levels, the flow", name, "primes", "no_churn", change=FLOW) for name in EVERY],
    *[sampled("five levels, some churned", name, "primes", "churned", sizes=LONG, change=SOME)
      for name in ("mlp_tanh", "linear", "theta_sin")],
    *[sampled("all sizes equal", name, "square", "churned", sizes=SQUARE) for name in EVERY],
    sampled("as published", "mlp_tanh", "primes", "as_published", sizes=LONG, change=USED),
    sampled("as published", "linear", "primes", "as_published", sizes=LONG, change=USED),
    sampled("rising levels", "mlp_tanh", "primes", "rising", change=RISING),
    sampled("one level", "mlp_silu", "single_level", "churned", sizes=LADDER | {"T": 1},
            change=put(sigmas=[0.7], churn=[0.3], noise_scale=1.1)),
    sampled("one level, the flow", "mlp_tanh", "single_level", "no_churn", sizes=LADDER | {"T": 1},
            change=put(sigmas=[0.7], churn=[0.0], noise_scale=1.1)),
    sampled("no noise", "mlp_tanh", "primes", "nothing_added", change=both(scaled(0, "eps"), THREE)),
    sampled("one example", "mlp_silu", "single_example", "churned", sizes=LADDER | {"B": 1}),
    sampled("one component", "mlp_tanh", "single_axis", "churned", sizes=LADDER | {"D": 1}),
    sampled("two hidden layers", "mlp_tanh", "primes", sizes=LADDER | {"hidden": (11, 13)}),
    sampled("drawn levels and churn", "mlp_tanh", "two_drawn", sizes={"B": 2, "D": 3, "T": 2, "hidden": (7,)},
            change=None),
    sampled("states of the order of 15", "mlp_tanh", "primes", "extreme", regime="extreme"),
    sampled("states of the order of 1e-5", "mlp_softplus", "primes", "tiny", regime="tiny"),
    sampled("magnitudes from 1e-3 to 20", "mlp_silu", "primes", "mixed", regime="mixed"),
]

CASES = {"edm_sampler": SAMPLED}
