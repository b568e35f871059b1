"""The coefficients at levels of noise from far below the data to far above."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, put, scaled, thirds

NOTES = {
    "usual": "the numbers that are used in practice",
    "all_levels": "levels from 0.002 to 80 in one batch",
    "below_the_data": "σ far below σ_d: c_skip is one but for what rounds away, c_out is σ",
    "beyond_the_data": "σ far above σ_d: c_skip is small, c_out is σ_d",
    "balanced": "σ = σ_d: s and c are the same, so that what exchanges them is not seen",
    "rational": "σ and σ_d with a rational r: 3, 4, 5 and their like",
    "unit_data": "σ_d = 1, where its powers are one",
    "unit_sigma": "σ = 1: its logarithm is zero",
    "far_data": "data of very small or very large deviation",
    "full": "numbers that use all bits of a float64: products and sums round",
}
LADDER = [80.0, 0.002, 1.9, 0.06, 12.9]
FIVE: dict[str, Any] = {"B": 5}


def levels(*sigma: float, data: float | None = None) -> Any:
    return put(sigma=sigma, **({"sigma_data": data} if data else {}))


def asked(comment: str, *flags: str, size: int = 5, regime: str = "unit", change: Any = None) -> Ask:
    return Ask(comment, flags, regime, {"B": size}, change=change)


def near_the_data(arrays: Arrays) -> Arrays:
    """σ is σ_d but for a few parts in 2¹²."""
    near = arrays["input.sigma_data"] * (1 + np.array([-3, -1, 0, 1, 2]) / 2.0**12)
    return {"input.sigma": near.astype(np.float32).astype(np.float64)}


CASES: dict[str, list[Ask]] = {
    "edm_preconditioning": [
        asked("drawn numbers", "primes"),
        asked("other numbers", "primes"),
        asked("seven examples", "primes", size=7),
        asked("two examples", "primes", size=2),
        asked("one example", "single_example", size=1),
        asked("as it is used", "primes", "usual", "all_levels", change=levels(*LADDER, data=0.5)),
        asked("as it is used, normalised data", "primes", "usual", "all_levels", "unit_data",
              change=levels(*LADDER, data=1.0)),
        asked("as it is used for molecules", "primes", "usual", "all_levels", change=levels(*LADDER, data=16.0)),
        asked("levels of latent diffusion", "primes", "usual",
              change=levels(14.6146, 7.3, 2.1, 0.31, 0.0292, data=0.18)),
        asked("σ of about 1/100", "primes", "below_the_data", change=scaled(2.0**-7, "sigma")),
        asked("σ of about 1e-6", "primes", "below_the_data", change=scaled(2.0**-20, "sigma")),
        asked("σ of about 1e-12", "primes", "below_the_data", change=scaled(2.0**-40, "sigma")),
        asked("σ of about 100", "primes", "beyond_the_data", change=scaled(2.0**7, "sigma")),
        asked("σ of about 1e6", "primes", "beyond_the_data", change=scaled(2.0**20, "sigma")),
        asked("σ = σ_d", "balanced", change=levels(*[0.5] * 5, data=0.5)),
        asked("σ nearly σ_d", "primes", "balanced", change=near_the_data),
        asked("triangles", "primes", "rational", change=levels(3.0, 2.25, 5.25, 9.6, 0.875, data=4.0)),
        asked("σ = 1", "unit_sigma", change=levels(*[1.0] * 5)),
        asked("small data", "primes", "far_data", change=scaled(2.0**-20, "sigma", "sigma_data")),
        asked("large data", "primes", "far_data", change=scaled(2.0**20, "sigma", "sigma_data")),
        asked("small data beneath much noise", "primes", "far_data", "beyond_the_data",
              change=scaled(2.0**-20, "sigma_data")),
        asked("levels of about 1/20", "primes", "tiny", regime="tiny"),
        asked("levels of about 10", "primes", "extreme", regime="extreme"),
        asked("eleven examples", "primes", size=11),
        asked("numbers of 53 bits", "primes", "full", change=thirds),
        asked("numbers of 53 bits, a ladder", "primes", "full", "all_levels",
              change=both(levels(*LADDER, data=0.5), thirds)),
    ]
}
