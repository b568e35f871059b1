"""Logits of samples that are seen through, pass, or are undecided, with each of the three losses."""

from refdgm.evidence.ask import Ask, moved, put, scaled, thirds

NOTES = {
    "seen_through": "D near zero, as early in training: −log D alone has a slope there",
    "passing": "D near one: 1 − D as a difference has lost its digits",
    "one_half": "logits of zero: D is one half, as where training ends",
    "full": "numbers that use all bits of a float64: products and sums round",
}
SEVEN, MANY = {"B": 7}, {"B": 13}


def of(objective: str) -> list[Ask]:
    chosen = {"objective": objective}
    return [
        Ask(f"{objective}: plain numbers", options=chosen),
        Ask(f"{objective}: thirteen samples, magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", MANY, chosen),
        Ask(f"{objective}: samples that are seen through", ("primes", "seen_through"), "offset", SEVEN, chosen,
            scaled(-1, "fake")),
        Ask(f"{objective}: samples that pass", ("primes", "passing"), "offset", SEVEN, chosen),
        Ask(f"{objective}: logits of either sign, of the order of 15", ("primes", "extreme"), "extreme", SEVEN, chosen),
        Ask(f"{objective}: undecided, and nearly", ("primes", "one_half"), sizes=SEVEN, options=chosen,
            change=put(fake=[0.0, 2.0**-30, -(2.0**-30), 2.0**-10, -(2.0**-10), 0.125, -0.125])),
    ]


MINIMAX, USED = {"objective": "minimax"}, {"objective": "non_saturating"}
CASES = {"gan_generator_loss": [
    *(ask for objective in ("minimax", "non_saturating", "probability") for ask in of(objective)),
    Ask("minimax: one sample", ("single_example",), sizes={"B": 1}, options=MINIMAX),
    Ask("non_saturating: one sample", ("single_example",), sizes={"B": 1}, options=USED),
    Ask("non_saturating: two samples", sizes={"B": 2}, options=USED),
    Ask("probability: of the order of 1e-5", ("primes", "tiny"), "tiny", SEVEN, {"objective": "probability"}),
    Ask("minimax: logits around 300", ("primes", "passing"), "offset", options=MINIMAX, change=moved(270.0, "fake")),
    Ask("non_saturating: logits around −300", ("primes", "seen_through"), "offset", options=USED,
        change=moved(-330.0, "fake")),
    Ask("non_saturating: numbers of 53 bits", ("primes", "full"), options=USED, change=thirds),
]}
