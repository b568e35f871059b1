"""Log-likelihoods of levels: of bytes and of few levels, at both ends and between, near the mode and far from it."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, moved, put, scaled
from refdgm.evidence.rare import all_equal, changed

NOTES = {
    "bytes": "256 levels, the most usual grid",
    "few_levels": "a grid of few levels: an error of the width of a bin is large",
    "many_levels": "bins far narrower than the scale: the chance of each is a density times 2δ",
    "first_bin": "every level is −1: the bin that is open below",
    "last_bin": "every level is 1: the bin that is open above",
    "inner_bins": "no level is −1 or 1: a bin has two edges",
    "far_tail": "inner levels many scales from μ: σ(a) − σ(b) has no digit, or is 0",
    "on_the_mode": "inner levels at μ: no gradient of μ, to the last bit",
    "near_the_mode": "inner levels almost at μ: the gradient of μ is a small difference",
    "narrow_law": "s below δ: the bin of μ has nearly all, and J is far below the rounding of one",
    "flat_law": "s far above the grid: both ends have nearly a half each",
    "bare": "one number an example",
    "rank_three": "examples of rank two",
}
Change = Callable[[Arrays], Arrays]
VECTOR, MATRIX = {"B": 5, "...": (3,)}, {"B": 5, "...": (2, 3)}


def grid(levels: int, *, least: int = 0, most: int = 0) -> Change:
    """Levels all over the grid, without the first `least` and the last `most`; both ends that are left come first."""

    def change(arrays: Arrays) -> Arrays:
        x, many = arrays["input.x"], levels - least - most
        place = np.arange(x.size)
        k = least + (7 * place * place + 3 * place) % many
        k[1:2] = least + many - 1
        return {"input.x": (2 * k / (levels - 1) - 1).reshape(x.shape).astype(np.float32).astype(np.float64)}

    return change


def beside(by: float) -> Change:
    """Means that are the levels plus so much of what was drawn."""

    def change(arrays: Arrays) -> Arrays:
        mean = arrays["input.x"] + by * arrays["input.mean"]
        return {"input.mean": mean.astype(np.float32).astype(np.float64)}

    return change


def ask(comment: str, *flags: str, levels: int = 256, sizes: Mapping[str, Any] = VECTOR, regime: str = "unit",
        change: tuple[Change, ...] = ()) -> Ask:
    on_grid = grid(levels, least=1, most=1) if "inner_bins" in flags else grid(levels)
    flags = (*flags, "bytes") if levels == 256 else flags
    return Ask(f"{comment}, K = {levels}", flags, regime, sizes, {"levels": levels}, both(on_grid, *change))


SHARP = moved(-4, "log_scale")
CASES = {"discretized_logistic_log_likelihood": [
    ask("plain numbers", "primes", "few_levels", levels=3),
    ask("plain numbers", "primes", "few_levels", levels=5),
    ask("plain numbers", "primes", "few_levels", levels=17),
    ask("plain numbers", "primes"),
    ask("scales of e^−4, means beside the levels", "primes", change=(SHARP, beside(0.03))),
    ask("inner levels, means beside them", "primes", "inner_bins", change=(SHARP, beside(0.03))),
    ask("matrices", "primes", "rank_three", "few_levels", levels=5, sizes=MATRIX),
    ask("matrices, means beside the levels", "primes", "rank_three", sizes=MATRIX, change=(SHARP, beside(0.03))),
    ask("more components than examples", "few_levels", levels=7, sizes={"B": 2, "...": (11,)}),
    ask("more examples than components", "few_levels", levels=11, sizes={"B": 13, "...": (2,)}),
    ask("as many examples as components", "square", "few_levels", levels=4, sizes={"B": 3, "...": (3,)}),
    ask("one example", "single_example", "few_levels", levels=5, sizes={"B": 1, "...": (7,)}),
    ask("one number an example", "bare", "few_levels", levels=7, sizes={"B": 7, "...": ()}),
    ask("the first bin alone", "primes", "first_bin", change=(put(x=-np.ones((5, 3))), scaled(0.5, "mean"))),
    ask("the last bin alone", "primes", "last_bin", change=(put(x=np.ones((5, 3))), scaled(0.5, "mean"))),
    ask("levels many scales away", "primes", "inner_bins", "far_tail", change=(moved(-3, "log_scale"),)),
    ask("levels hundreds of scales away", "primes", "inner_bins", "far_tail",
        change=(scaled(0.125, "log_scale"), moved(-4.5, "log_scale"))),
    ask("the published least scale, e^−7, at the means", "primes", "inner_bins", "narrow_law",
        change=(put(log_scale=np.full((5, 3), -7.0)), beside(0.0005))),
    ask("levels at the means", "primes", "inner_bins", "on_the_mode", "few_levels", levels=9,
        change=(beside(0.0), moved(-1, "log_scale"))),
    ask("levels almost at the means", "primes", "inner_bins", "near_the_mode", "few_levels", levels=9,
        change=(beside(2.0**-18),)),
    ask("levels almost at the means of sharp laws", "primes", "inner_bins", "near_the_mode",
        change=(SHARP, beside(2.0**-18))),
    ask("scales of e⁵", "primes", "flat_law", "few_levels", levels=5, change=(moved(5, "log_scale"),)),
    ask("bins of 2⁻¹⁶", "primes", "inner_bins", "many_levels", levels=65537),
    ask("means and logarithms of scales of 1e-5", "primes", "tiny", "few_levels", levels=5, regime="tiny"),
    ask("means from 1e-3 to 20", "primes", "mixed", "few_levels", levels=5, regime="mixed",
        change=(scaled(0.0625, "log_scale"),)),
    ask("means around 30, as wide a law", "primes", "offset", regime="offset", change=(moved(-27, "log_scale"),)),
]}
RARE_OPTIONS = {"discretized_logistic_log_likelihood": {"levels": 4097}}
RARE = {"discretized_logistic_log_likelihood": (
    lambda case: changed(case, x=all_equal(0.0), mean=lambda x: 2 + abs(x), log_scale=lambda x: x / 64 - 3.5),
    lambda case: changed(case, x=all_equal(0.0), mean=lambda x: x / 4096, log_scale=lambda x: x / 64 - 7.5),
    lambda case: changed(case, x=all_equal(2.0**-11 - 1)),
)}
