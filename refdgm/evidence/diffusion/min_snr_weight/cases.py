"""Cases of the min-SNR weight."""

from typing import Any

from refdgm.evidence.ask import Ask, both, put
from refdgm.evidence.diffusion.levels import CLEAN, NOISY, WHOLE, at

NOTES = {
    "usual": "the numbers that are used in practice",
    "below": "every SNR below the cut",
    "above": "every SNR above the cut",
}


def snr(target: str) -> list[Ask]:
    options: dict[str, Any] = {"target": target}
    five = put(gamma=5.0)
    return [
        Ask(f"{target}, drawn", ("primes",), options=options),
        Ask(f"{target}, from the first to the last, γ = 5", ("usual",), options=options, change=both(at(WHOLE), five)),
        Ask(f"{target}, the last steps, γ = 5", ("below",), options=options, change=both(at(NOISY), five)),
        Ask(f"{target}, the first steps, γ = 5", ("above",), options=options, change=both(at(CLEAN), five)),
        Ask(f"{target}, around the cut, γ = 5/2", ("primes",), options=options,
            change=both(at([0.7, 0.71, 0.72, 0.6, 0.8]), put(gamma=2.5))),
        Ask(f"{target}, thirteen examples", ("primes",), sizes={"B": 13}, options=options, change=put(gamma=2.0)),
        Ask(f"{target}, a low cut", ("primes",), options=options, change=put(gamma=0.125)),
    ]


ONE = Ask("one example", ("single_example",), sizes={"B": 1}, options={"target": "v"}, change=put(gamma=0.75))
WEIGHTS = [*snr("eps"), *snr("x0"), *snr("v"), ONE]

CASES = {"min_snr_weight": WEIGHTS}
