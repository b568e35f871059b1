"""Cases of the affine layer."""

from refdgm.evidence.ask import Ask, long, scaled

NOTES = {
    "more_outputs": "more outputs than inputs",
    "no_biases": "the biases are zero",
    "large_biases": "the biases are far larger than what they are added to",
    "one_output": "a scalar network",
}
SQUARE = {"B": 5, "D": 3, "E": 3}
ALL_SQUARE = {"B": 3, "D": 3, "E": 3}
AFFINE = [
    Ask("plain numbers"),
    Ask("plain numbers, other signs"),
    Ask("more outputs than inputs", ("primes", "more_outputs"), sizes={"D": 3, "E": 13}),
    Ask("more inputs than outputs", sizes={"D": 19, "E": 2}),
    Ask("many examples", sizes={"B": 23}),
    Ask("square weights", ("square",), sizes=SQUARE),
    Ask("square weights, other signs", ("square",), sizes=SQUARE),
    Ask("all sizes equal", ("square",), sizes=ALL_SQUARE),
    Ask("as many examples as inputs", ("square",), sizes={"B": 3, "D": 3, "E": 2}),
    Ask("as many examples as outputs", ("square",), sizes={"B": 5, "D": 3, "E": 5}),
    Ask("one example", ("single_example",), sizes={"B": 1}),
    Ask("one input", ("single_axis",), sizes={"D": 1}),
    Ask("one output", ("one_output",), sizes={"E": 1}),
    Ask("no biases", ("primes", "no_biases"), change=scaled(0, "b")),
    Ask("large biases", ("primes", "large_biases"), change=scaled(1024, "b")),
    Ask("small weights", change=scaled(1 / 1024, "W")),
    Ask("numbers around 30", ("primes", "offset"), "offset"),
    Ask("square weights around 30", ("square", "offset"), "offset", SQUARE),
    Ask("numbers of the order of 1e-5", ("primes", "tiny"), "tiny"),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("magnitudes from 1e-3 to 20, all sizes equal", ("square", "mixed"), "mixed", ALL_SQUARE),
    Ask("numbers of the order of 15", ("primes", "extreme"), "extreme"),
]

CASES = {"affine": [*AFFINE, *long({"B": 2, "D": 130, "E": 2}, {"B": 130, "D": 2, "E": 2},
                             {"B": 1, "D": 1025, "E": 2}, {"B": 1025, "D": 1, "E": 2})]}
