"""Tables to be looked up: in every order, rows named often, once and never."""

from collections.abc import Callable

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, long, scaled

NOTES = {
    "once": "no row is named twice: what is written in the place of added hides",
    "one_for_all": "every place names the same row, which hears of all",
    "runs": "equal indices follow each other: what sums a run shows",
    "never": "rows that no place names: their gradient is zero",
    "end_rows": "the first and the last row: where counting begins shows",
    "lone_index": "one index for an example",
    "lone_row": "a table of one row",
    "lone_column": "vectors of one component: what is read column after column fits",
    "cancels": "a row hears of numbers that cancel: the order of the sum shows",
    "full": "numbers that use all bits of a float64: products and sums round",
}
SIZES = {"B": 3, "N": 5, "K": 7, "D": 2}
Change = Callable[[Arrays], Arrays]


def named(of: Callable[[np.ndarray, int], np.ndarray]) -> Change:
    """Other indices, made of the places counted through, in their shape, and the number of rows."""

    def change(arrays: Arrays) -> Arrays:
        index = arrays["input.index"]
        return {"input.index": of(np.arange(index.size).reshape(index.shape), len(arrays["input.weight"]))}

    return change


def thirds(arrays: Arrays) -> Arrays:
    return {name: x / 3 for name, x in arrays.items() if x.dtype.kind == "f"}


def cancelling(arrays: Arrays) -> Arrays:
    """Cotangents of every second place are those before it, the other way, but for a sixty-fourth of what was drawn."""
    bar = arrays["cotangent.value"]
    flat = bar.reshape(-1, bar.shape[-1]).copy()
    even = len(flat) // 2 * 2
    flat[1:even:2] = np.round(flat[1:even:2] * 16) / 1024 - flat[0:even:2]
    return {"cotangent.value": flat.reshape(bar.shape)}


ONCE = named(lambda n, rows: n * 5 % rows)
ALIKE = named(lambda n, rows: 0 * n + rows // 2)
RUNS = named(lambda n, rows: n // 3 % rows)
FIRST = named(lambda n, rows: 0 * n)
ENDS = named(lambda n, rows: n % 2 * (rows - 1))
FEW = named(lambda n, rows: n % 2 * 3 + 1)

CASES = {"embedding": [
    Ask("drawn indices", sizes=SIZES),
    Ask("drawn indices, many columns", sizes={"B": 2, "N": 3, "K": 5, "D": 13}),
    Ask("drawn indices, a long sequence", sizes={"B": 2, "N": 19, "K": 11, "D": 3}),
    Ask("drawn indices, more rows than places", ("primes", "never"), sizes={"B": 2, "N": 3, "K": 23, "D": 5}),
    Ask("every row once", ("primes", "once"), sizes={"B": 3, "N": 5, "K": 17, "D": 2}, change=ONCE),
    Ask("every place the same row", ("primes", "one_for_all", "never"), sizes=SIZES, change=ALIKE),
    Ask("every place the first row", ("primes", "one_for_all", "never", "end_rows"), sizes=SIZES, change=FIRST),
    Ask("runs of three", ("primes", "runs"), sizes=SIZES, change=RUNS),
    Ask("runs of three, a long sequence", ("primes", "runs"), sizes={"B": 2, "N": 17, "K": 5, "D": 3}, change=RUNS),
    Ask("the first and the last row in turn", ("primes", "end_rows", "never"), sizes=SIZES, change=ENDS),
    Ask("two rows of seven", ("primes", "never"), sizes=SIZES, change=FEW),
    Ask("labels", ("lone_index",), sizes={"B": 13, "N": 1, "K": 5, "D": 3}),
    Ask("labels, each once", ("lone_index", "once"), sizes={"B": 5, "N": 1, "K": 11, "D": 3}, change=ONCE),
    Ask("all sizes equal", ("square",), sizes={"B": 4, "N": 4, "K": 4, "D": 4}),
    Ask("all sizes equal, runs", ("square", "runs"), sizes={"B": 5, "N": 5, "K": 5, "D": 5}, change=RUNS),
    Ask("one example", ("single_example",), sizes={"B": 1, "N": 11, "K": 5, "D": 3}),
    Ask("one row", ("lone_row", "one_for_all"), sizes={"B": 3, "N": 5, "K": 1, "D": 2}),
    Ask("one column", ("lone_column",), sizes={"B": 3, "N": 5, "K": 7, "D": 1}),
    Ask("numbers of the order of 1e-5", ("primes", "tiny"), "tiny", SIZES),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SIZES),
    Ask("numbers of the order of 15", ("primes", "extreme"), "extreme", SIZES),
    Ask("numbers around 30", ("primes", "offset"), "offset", SIZES),
    Ask("numbers of the order of 10⁹", ("primes", "extreme"), sizes=SIZES, change=scaled(2.0**30, "weight")),
    Ask("cotangents that cancel", ("primes", "cancels", "one_for_all"), sizes=SIZES, change=both(ALIKE, cancelling)),
    Ask("cotangents that cancel, two rows", ("primes", "cancels"), sizes={"B": 2, "N": 17, "K": 7, "D": 3},
        change=both(FEW, cancelling)),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=SIZES, change=thirds),
    *long({"B": 1, "N": 1025, "K": 3, "D": 1}, {"B": 2, "N": 3, "K": 1025, "D": 1}, {"B": 65, "N": 1, "K": 5, "D": 2},
          {"B": 1, "N": 3, "K": 2, "D": 130}, {"B": 2, "N": 65, "K": 130, "D": 1}),
]}
