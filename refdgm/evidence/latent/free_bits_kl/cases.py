"""Floored divergences: floors above all latents, below all, and between them."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from refdgm.cases import Case
from refdgm.evidence.ask import Arrays, Ask, both, put, scaled
from refdgm.evidence.rare import all_equal, changed

NOTES = {
    "all_free": "the floor is above every latent: J is Z λ₀, and no gradient reaches the encoder",
    "all_paid": "the floor is below every latent: the plain divergence",
    "some_free": "the floor lies between the latents: some are free, some are paid for",
    "next_to_the_floor": "a latent whose divergence is next to the floor, on either side",
    "one_latent": "a single latent",
    "prior_encoder": "an encoder of nearly N(0, I): e^λ − 1 − λ as a difference has few digits",
}
SIZES = {"B": 5, "Z": 3}
Change = Callable[[Arrays], Arrays]


def divergences(mean: np.ndarray, logvar: np.ndarray) -> Any:
    return np.sort(np.mean((mean**2 + np.expm1(logvar) - logvar) / 2, axis=0))


def above(many: int, by: float = 0.0) -> Change:
    """The floor above so many latents, halfway to the next, or `by` of it above the last of them."""

    def change(arrays: Arrays) -> Arrays:
        kl = divergences(arrays["input.mean"], arrays["input.logvar"])
        ends = np.concatenate([[kl[0] / 2], kl, [kl[-1] * 2]])
        floor = ends[many] * (1 + by) if by else (ends[many] + ends[many + 1]) / 2
        return {"input.floor": np.asarray(floor, np.float32).astype(np.float64)}

    return change


def ask(comment: str, many: int, *flags: str, sizes: Mapping[str, int] = SIZES, regime: str = "unit", by: float = 0.0,
        change: tuple[Change, ...] = ()) -> Ask:
    free = "all_free" if many == sizes["Z"] else "some_free" if many else "all_paid"
    return Ask(f"{comment}, {many} below", (*flags, free), regime, sizes, change=both(*change, above(many, by)))


def between(ref: Any, seed: int, cases: list[Case]) -> list[Case]:
    """The floor between the latents, so that two are below, and above them all."""
    found = []
    for case in cases:
        kl = divergences(case.arrays["input.mean"], case.arrays["input.logvar"])
        for floor in ((kl[1] + kl[2]) / 2, 3 * kl[-1]):
            found.append(changed(case, floor=all_equal(float(floor))))
    return found


SMALL = scaled(2.0**-10, "mean", "logvar")
CASES = {"free_bits_kl": [
    *[ask("plain numbers", many, "primes") for many in range(4)],
    *[ask("more latents than examples", many, "primes", sizes={"B": 2, "Z": 11}) for many in (2, 7)],
    *[ask("more examples than latents", many, "primes", sizes={"B": 13, "Z": 2}) for many in (0, 1, 2)],
    *[ask("as many examples as latents", many, "square", sizes={"B": 3, "Z": 3}) for many in (1, 2)],
    *[ask("one example", many, "single_example", sizes={"B": 1, "Z": 5}) for many in (0, 3, 5)],
    *[ask("one latent", many, "one_latent", sizes={"B": 7, "Z": 1}) for many in (0, 1)],
    ask("a floor just above the second latent", 2, "primes", "next_to_the_floor", by=2.0**-18),
    ask("a floor just below the third latent", 3, "primes", "next_to_the_floor", by=-(2.0**-18),
        sizes={"B": 5, "Z": 7}),
    ask("an encoder of almost the prior", 1, "primes", "prior_encoder", change=(SMALL,)),
    ask("an encoder of the order of 1e-5 from the prior", 2, "primes", "tiny", regime="tiny"),
    ask("magnitudes from 1e-3 to 20", 1, "primes", "mixed", regime="mixed"),
    ask("magnitudes from 1e-3 to 20, as many examples as latents", 1, "square", "mixed", sizes={"B": 3, "Z": 3},
        regime="mixed"),
    ask("means and logarithms of variances of the order of 4", 1, "primes", regime="extreme",
        change=(scaled(0.25, "mean", "logvar"),)),
    Ask("half a nat for each latent", ("primes", "some_free"), sizes=SIZES,
        change=both(put(floor=0.5), scaled(0.75, "mean", "logvar"))),
]}
KILLING = {"free_bits_kl": between}
