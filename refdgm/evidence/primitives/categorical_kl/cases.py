"""Pairs of laws: far apart, nearly one, sure of one category or of two."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, both, close_to, long, moved, put, scaled

NOTES = {
    "certain_category": "one category leads by so much that its gradient and its log-probability are far below the "
    "rounding of one",
    "uniform": "almost equal logits: almost equal probabilities",
    "two": "two categories: softmax is a logistic function of the difference",
    "told_apart_laws": "hardly any category of one law is one of the other",
    "one_law": "the same law twice, from logits that differ by a constant: no divergence, and no slope",
}
SQUARE, FEW, MANY = {"B": 5, "K": 5}, {"B": 2, "K": 23}, {"B": 11, "K": 3}


def leading(by: float, *places: tuple[str, int]) -> Any:
    """Raise the logit of one category in every row by this much."""

    def change(arrays: Arrays) -> Arrays:
        found = {}
        for name, column in places:
            logits = arrays[f"input.{name}"].copy()
            logits[:, column % logits.shape[1]] += by
            found[f"input.{name}"] = logits
        return found

    return change


P, Q = "logits_p", "logits_q"
PAIRS = [
    Ask("plain numbers"),
    Ask("plain numbers, other signs"),
    Ask("few examples, many categories", sizes=FEW),
    Ask("many examples, few categories", sizes=MANY),
    Ask("as many examples as categories", ("square",), sizes=SQUARE),
    Ask("as many examples as categories, far out", ("square", "mixed"), "mixed", SQUARE),
    Ask("one example", ("single_example",), sizes={"B": 1, "K": 7}),
    Ask("two categories", ("two",), sizes={"B": 5, "K": 2}),
    Ask("two categories, far apart", ("two", "extreme"), "extreme", {"B": 5, "K": 2}),
    Ask("logits around 30", ("primes", "offset"), "offset"),
    Ask("logits around 300 and −300", ("primes", "offset"), change=both(moved(300.0, P), moved(-300.0, Q))),
    Ask("logits of the order of 1e-5", ("primes", "tiny", "uniform"), "tiny"),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("logits of the order of 15", ("primes", "extreme"), "extreme"),
    Ask("logits of the order of 20", ("primes", "extreme", "certain_category"), change=scaled(16, P, Q)),
    Ask("laws a thousandth apart", ("primes", "near"), change=close_to(Q, P, 2.0**-10)),
    Ask("laws a millionth apart", ("primes", "near"), change=close_to(Q, P, 2.0**-20)),
    Ask("one law, from logits four apart", ("primes", "one_law"), change=both(close_to(Q, P, 0.0), moved(4.0, Q))),
    Ask("both sure of one category", ("primes", "certain_category"), change=leading(24.0, (P, 2), (Q, 2))),
    Ask("both very sure of one category", ("primes", "certain_category"), change=leading(60.0, (P, 2), (Q, 2))),
    Ask("the first sure, the second not", ("primes", "certain_category"), change=leading(40.0, (P, 1))),
    Ask("the second sure, the first not", ("primes", "certain_category"), change=leading(40.0, (Q, 1))),
    Ask("sure of different categories", ("primes", "told_apart_laws"), change=leading(30.0, (P, 0), (Q, 1))),
    Ask("a category of each 300 below", ("primes", "told_apart_laws"), change=leading(-300.0, (P, 0), (Q, 1))),
    Ask("sure of different categories, two of them", ("two", "told_apart_laws"), sizes={"B": 3, "K": 2},
        change=put(logits_p=[[20, -20], [8, 0], [0, 31]], logits_q=[[-20, 20], [0, 9], [33, 0]])),
    *long({"B": 2, "K": 130}),
]
CASES = {"categorical_kl": PAIRS, "jensen_shannon_divergence": PAIRS}
