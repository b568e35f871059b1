"""Log-likelihoods of binary choices: black, white and grey, and decoders that are sure, rightly and wrongly."""

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, moved, put, scaled
from refdgm.evidence.rare import changed, times

NOTES = {
    "binary_data": "x of 0 and 1 alone",
    "right_and_sure": "far logits that are right: J and the slopes are far below the rounding of one",
    "wrong_and_sure": "far logits that are wrong: J is −|l|, the slopes are one",
    "grey": "x is the probability itself, up to float32: the gradient of the logits is a small difference",
    "undecided": "logits next to zero: every component costs log 2, whatever x is",
    "bare": "one number an example",
    "rank_three": "examples of rank two",
}
VECTOR, MATRIX = {"B": 5, "...": (3,)}, {"B": 5, "...": (2, 3)}
BITS = [[0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]
BINARY = put(x=BITS)
SIGNS = 2 * np.array(BITS) - 1
SURE = SIGNS * [[17.0, 25.5, 40.0], [18.0, 30.0, 90.0], [20.0, 35.5, 60.0], [16.5, 22.0, 45.0], [19.0, 28.0, 37.0]]


def grey(arrays: Arrays) -> Arrays:
    p = 1 / (1 + np.exp(-arrays["input.logits"]))
    return {"input.x": p.astype(np.float32).astype(np.float64)}


def off_zero(arrays: Arrays) -> Arrays:
    """Where a logit is exactly 0 relu(l) and |l|, of which libraries make a right value, have no right slope."""
    logits = arrays["input.logits"]
    return {"input.logits": np.where(logits == 0, 2.0**-10, logits)}


def short(arrays: Arrays) -> Arrays:
    """Eleven bits of every logit, so that no product with a cotangent lies halfway between two numbers of float32."""
    part, power = np.frexp(arrays["input.logits"])
    return {"input.logits": np.ldexp(np.round(part * 2048) / 2048, power)}


CASES = {"bernoulli_log_likelihood": [
    Ask("plain numbers", sizes=VECTOR),
    Ask("plain numbers, other signs", sizes=VECTOR),
    Ask("black and white", ("primes", "binary_data"), sizes=VECTOR, change=BINARY),
    Ask("more components than examples", sizes={"B": 2, "...": (11,)}, change=off_zero),
    Ask("more examples than components", sizes={"B": 13, "...": (2,)}),
    Ask("as many examples as components", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (7,)}),
    Ask("one number an example", ("bare",), sizes={"B": 7, "...": ()}),
    Ask("matrices", ("primes", "rank_three"), sizes=MATRIX),
    Ask("matrices, magnitudes from 1e-3 to 20", ("primes", "rank_three", "mixed"), "mixed", MATRIX),
    Ask("sure and right", ("primes", "binary_data", "right_and_sure"), sizes=VECTOR,
        change=put(x=BITS, logits=SURE)),
    Ask("sure and right, logits of hundreds", ("primes", "binary_data", "right_and_sure"), sizes=VECTOR,
        change=put(x=BITS, logits=3 * SURE)),
    Ask("sure and wrong", ("primes", "binary_data", "wrong_and_sure"), sizes=VECTOR,
        change=put(x=BITS, logits=-SURE)),
    Ask("sure and wrong, logits of hundreds", ("primes", "binary_data", "wrong_and_sure"), sizes=VECTOR,
        change=put(x=BITS, logits=-3 * SURE)),
    Ask("grey as the decoder says", ("primes", "grey"), sizes=VECTOR, change=grey),
    Ask("grey as the decoder says, magnitudes from 1e-3 to 20", ("primes", "grey", "mixed"), "mixed", VECTOR,
        change=grey),
    Ask("logits of a billionth", ("primes", "undecided"), sizes=VECTOR, change=scaled(2.0**-30, "logits")),
    Ask("logits of the order of 1e-5", ("primes", "tiny"), sizes=VECTOR, change=scaled(2.0**-17, "logits")),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR, change=short),
    Ask("magnitudes from 1e-3 to 20, black and white", ("primes", "mixed", "binary_data"), "mixed", VECTOR,
        change=both(short, BINARY)),
    Ask("logits of the order of 15", ("primes", "extreme"), "extreme", VECTOR, change=short),
    Ask("logits around 30", ("primes", "offset"), "offset", VECTOR),
    Ask("logits around −30, black and white", ("primes", "offset", "binary_data"), "offset", VECTOR,
        change=both(moved(-60, "logits"), BINARY)),
]}
RARE = {"bernoulli_log_likelihood": (lambda case: changed(case, logits=times(99)),)}
