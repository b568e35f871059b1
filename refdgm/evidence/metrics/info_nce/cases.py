"""Queries and their keys: told apart, mistaken, and all alike."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, put, scaled, thirds

NOTES = {
    "small_tau": "a temperature far below one: products saturate",
    "large_tau": "a temperature above one: all keys nearly alike",
    "temperature_one": "τ = 1, where all its powers are one: an error in them hides",
    "told_by_own": "every key near its own query: J is small, and what is left of it must keep its digits",
    "mistaken": "every key opposite to its own query",
    "queries_on_axes": "queries along the axes: each sees one component of every key",
    "one_pair": "a single pair: there is nothing to choose, J = 0",
    "full": "numbers that use all bits of a float64: products and sums round",
}
SIZES = {"B": 5, "D": 3}
MANY = {"B": 7, "D": 2}
TAU = {"cold": 0.07, "cool": 0.5, "one": 1.0, "warm": 3.0}


def near(by: float) -> Any:
    """Keys that are `by` times their queries, and a sixteenth of what was drawn."""
    return lambda arrays: {"input.key": (by * arrays["input.query"] + arrays["input.key"] / 16)
                           .astype(np.float32).astype(np.float64)}


def unit(arrays: Arrays) -> Arrays:
    x = arrays["input.query"], arrays["input.key"]
    rows = [(a / np.linalg.norm(a, axis=1, keepdims=True)).astype(np.float32).astype(np.float64) for a in x]
    return dict(zip(("input.query", "input.key"), rows, strict=True))


def at(tau: str, *changes: Any) -> Any:
    return both(*changes, put(tau=TAU[tau]))


CASES = {"info_nce": [
    Ask("drawn temperature", sizes=SIZES),
    Ask("drawn temperature, seven pairs", sizes=MANY),
    Ask("τ = ½", sizes=SIZES, change=at("cool")),
    Ask("τ = ½, eleven pairs", sizes={"B": 11, "D": 2}, change=at("cool")),
    Ask("τ = 1", ("primes", "temperature_one"), sizes=SIZES, change=at("one")),
    Ask("τ = 3", ("primes", "large_tau"), sizes=SIZES, change=at("warm")),
    Ask("τ = 3, more components than pairs", ("primes", "large_tau"), sizes={"B": 2, "D": 7}, change=at("warm")),
    Ask("as many pairs as components", ("square",), sizes={"B": 3, "D": 3}),
    Ask("as many pairs as components, τ = ½", ("square",), sizes={"B": 5, "D": 5}, change=at("cool")),
    Ask("vectors of length one, τ = 0.07", ("primes", "small_tau"), sizes=SIZES, change=at("cold", unit)),
    Ask("vectors of length one, τ = 0.07, seven pairs", ("primes", "small_tau"), sizes=MANY, change=at("cold", unit)),
    Ask("vectors of length one, τ = ½", sizes=MANY, change=at("cool", unit)),
    Ask("keys near their queries", ("primes", "told_by_own"), sizes=SIZES, change=at("one", near(2.0))),
    Ask("keys near their queries, nearer", ("primes", "told_by_own"), sizes=SIZES, change=at("cool", near(3.0))),
    Ask("keys opposite to their queries", ("primes", "mistaken"), sizes=SIZES, change=at("warm", near(-1.5))),
    Ask("queries along the axes", ("square", "queries_on_axes"), sizes={"B": 3, "D": 3},
        change=at("cool", put(query=np.diag([1, 2, 3]), key=[[2, 0.5, -1], [0.25, 1.5, -0.5], [-0.75, 1, 2.5]]))),
    Ask("two pairs", sizes={"B": 2, "D": 3}),
    Ask("one pair", ("single_example", "one_pair"), sizes={"B": 1, "D": 3}),
    Ask("one component", ("single_axis",), sizes={"B": 5, "D": 1}),
    Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny", SIZES),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SIZES, change=at("warm")),
    Ask("numbers of the order of 15", ("primes", "extreme"), "extreme", MANY),
    Ask("numbers around 30", ("primes", "offset"), "offset", SIZES, change=at("warm")),
    Ask("queries next to keys", ("primes", "near"), "near", SIZES, change=at("one")),
    Ask("large queries", ("primes",), sizes=SIZES, change=at("warm", scaled(8.0, "query"))),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=SIZES, change=thirds),
]}
