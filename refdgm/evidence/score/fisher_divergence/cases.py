"""Cases of the Fisher divergence."""

from refdgm.evidence.ask import Ask, both, close_to, long, moved, scaled, thirds
from refdgm.evidence.rare import changed, times

NOTES = {
    "no_score": "a score of zero: the target alone speaks",
    "image": "examples of rank three, as images are",
    "full": "numbers that use all bits of a float64: products and sums round",
    "no_axes": "one number an example",
}
VECTOR = {"B": 5, "...": (3,)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
EXPLICIT = [
    Ask("plain numbers", sizes=VECTOR),
    Ask("plain numbers, other signs", sizes=VECTOR),
    Ask("images", ("image",), sizes=IMAGE),
    Ask("images, magnitudes from 1e-3 to 20", ("image", "mixed"), "mixed", IMAGE),
    Ask("matrices", sizes={"B": 5, "...": (3, 2)}),
    Ask("one number an example", ("no_axes",), sizes={"B": 5, "...": ()}),
    Ask("one component", ("single_axis",), sizes={"B": 5, "...": (1,)}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (3,)}),
    Ask("as many examples as components", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("square images, as many as pixels in a row", ("square", "image"), sizes={"B": 3, "...": (3, 3)}),
    Ask("more components than examples", sizes={"B": 2, "...": (11,)}),
    Ask("scores around 30", ("primes", "offset"), "offset", VECTOR),
    Ask("scores around 1024", ("primes", "offset"), sizes=VECTOR, change=moved(1024.0, "score", "target")),
    Ask("scores that nearly agree", ("primes", "near"), "near", VECTOR),
    Ask("scores that agree to six digits", ("primes", "near"), sizes=VECTOR,
        change=close_to("score", "target", 2.0**-20)),
    Ask("scores that agree to nine digits", ("primes", "near"), sizes=VECTOR,
        change=close_to("score", "target", 2.0**-30)),
    Ask("scores around 1024 that agree to six digits", ("primes", "near", "offset"), sizes=VECTOR,
        change=both(moved(1024.0, "target"), close_to("score", "target", 2.0**-10))),
    Ask("scores of the order of 1e-5", ("primes", "tiny"), "tiny", VECTOR),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR),
    Ask("scores of the order of 15", ("primes", "extreme"), "extreme", VECTOR),
    Ask("a model without a gradient: a score of zero", ("primes", "no_score"), sizes=VECTOR, change=scaled(0, "score")),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
    Ask("numbers of 53 bits that nearly agree", ("primes", "full", "near"), "near", VECTOR, change=thirds),
]

CASES = {"fisher_divergence": [*EXPLICIT, *long({"B": 2, "...": (130,)}, {"B": 1, "...": (1025,)})]}
RARE = {"fisher_divergence": (lambda case: changed(case, score=times(30)),)}
