"""Turned vectors: at the first positions, at late ones, of few and of many pairs."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, long, put, scaled, thirds

NOTES = {
    "whole_positions": "positions 0, 1, 2, … of a sequence; the first is not turned",
    "late_positions": "angles of many turns: what is rounded in a frequency is multiplied by the position",
    "before": "positions below zero: turned the other way",
    "lone_pair": "a single pair, of the frequency one whatever the base",
    "even_size": "an even number of components, as networks have it: none stays; of an odd one the last does",
    "small_base": "a base near one: all pairs turn nearly alike",
    "lone_position": "a single position in every example",
    "full": "numbers that use all bits of a float64: products and sums round",
}
SIZES = {"B": 2, "N": 5, "D": 7}
BASE, LARGE = put(base=10000.0), put(base=500000.0)


def counted(first: float = 0.0, step: float = 1.0) -> Any:
    return lambda arrays: {"input.position": first + step * np.arange(len(arrays["input.position"]), dtype=float)}


def plain(*changes: Any) -> Any:
    return both(BASE, counted(), *changes)


def far_positions(arrays: Arrays) -> Arrays:
    return {"input.position": np.round(arrays["input.position"] * 1024) + 2.0**16}


CASES = {"rotary_embedding": [
    Ask("drawn base and positions", sizes=SIZES),
    Ask("drawn base and positions, eleven components", sizes={"B": 3, "N": 2, "D": 11}),
    Ask("positions 0, 1, …", ("primes", "whole_positions"), sizes=SIZES, change=plain()),
    Ask("positions 0, 1, …, thirteen components", ("primes", "whole_positions"), sizes={"B": 2, "N": 3, "D": 13},
        change=plain()),
    Ask("positions 0, 1, …, base 500000", ("primes", "whole_positions"), sizes=SIZES, change=both(counted(), LARGE)),
    Ask("six components", ("even_size", "whole_positions"), sizes={"B": 2, "N": 5, "D": 6}, change=plain()),
    Ask("ten components", ("even_size",), sizes={"B": 3, "N": 2, "D": 10}, change=BASE),
    Ask("all sizes alike", ("square", "even_size"), sizes={"B": 4, "N": 4, "D": 4}, change=plain()),
    Ask("all sizes alike, drawn base", ("square", "even_size"), sizes={"B": 6, "N": 6, "D": 6}),
    Ask("one example", ("single_example", "even_size"), sizes={"B": 1, "N": 5, "D": 6}, change=plain()),
    Ask("one position", ("lone_position",), sizes={"B": 3, "N": 1, "D": 10}, change=BASE),
    Ask("two components", ("primes", "lone_pair", "even_size"), sizes={"B": 3, "N": 5, "D": 2}, change=plain()),
    Ask("five components", sizes={"B": 2, "N": 3, "D": 5}, change=plain()),
    Ask("seven components, two positions", sizes={"B": 3, "N": 2, "D": 7}),
    Ask("three components", ("primes", "lone_pair"), sizes={"B": 2, "N": 5, "D": 3}, change=plain()),
    Ask("positions from 1000 on", ("primes", "late_positions"), sizes=SIZES, change=both(BASE, counted(1000.0, 17.0))),
    Ask("positions beyond 65536", ("primes", "late_positions"), sizes=SIZES, change=both(far_positions, BASE)),
    Ask("positions below zero", ("primes", "before"), sizes=SIZES, change=both(BASE, counted(-7.0))),
    Ask("positions in quarters", ("primes",), sizes=SIZES, change=both(BASE, counted(0.0, 0.25))),
    Ask("base 1.0625", ("primes", "small_base"), sizes=SIZES, change=both(counted(), put(base=1.0625))),
    Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny", SIZES, change=BASE),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SIZES, change=plain()),
    Ask("numbers of the order of 15", ("primes", "extreme"), "extreme", SIZES, change=BASE),
    Ask("numbers around 30", ("primes", "offset"), "offset", SIZES, change=BASE),
    Ask("large vectors", ("primes",), sizes=SIZES, change=plain(scaled(1024.0, "x"))),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=SIZES, change=thirds),
    *long({"B": 1, "N": 2, "D": 130}, {"B": 1, "N": 65, "D": 4}, {"B": 65, "N": 1, "D": 4},
          {"B": 1, "N": 1025, "D": 2}),
]}
