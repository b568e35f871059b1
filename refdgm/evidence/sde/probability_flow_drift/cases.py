"""The velocity of the probability flow, at every diffusion."""

from refdgm.evidence.ask import Arrays, Ask, both, put, scaled, thirds

NOTES = {
    "image": "examples of rank three, as images are",
    "full": "numbers that use all bits of a float64: products and sums round",
    "no_axes": "one number an example",
    "no_diffusion": "g = 0 for some examples: the flow is that of the drift, and g has no gradient",
    "quiet": "g of the order of 1e-2, as where an exploding process begins",
    "loud": "g up to 64, as where it ends",
    "langevin": "f = s and g of about √2: the two terms nearly cancel",
}
VECTOR = {"B": 5, "...": (3,)}
MATRIX = {"B": 7, "...": (3, 2)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
QUIET = [0.01, 0.02, 0.03, 0.05, 0.1]
LOUD = [4.0, 9.0, 16.5, 33.0, 64.0]
MIXED = [0.0, 1.5, 0.0, 0.25, 7.0]


def langevin(arrays: Arrays) -> Arrays:
    return {"input.drift": +arrays["input.score"]}


LIST = [
    Ask("drawn numbers", sizes=VECTOR),
    Ask("matrices", sizes=MATRIX),
    Ask("long vectors", sizes={"B": 3, "...": (11,)}),
    Ask("little diffusion", ("primes", "quiet"), sizes=VECTOR, change=put(diffusion=QUIET)),
    Ask("little diffusion, small drifts", ("primes", "quiet"), sizes=VECTOR,
        change=both(put(diffusion=QUIET), scaled(2.0**-10, "drift"))),
    Ask("much diffusion", ("primes", "loud"), sizes=VECTOR, change=put(diffusion=LOUD)),
    Ask("much diffusion, small scores", ("primes", "loud"), sizes=VECTOR,
        change=both(put(diffusion=LOUD), scaled(2.0**-10, "score"))),
    Ask("no drift, as in exploding processes", ("primes", "loud"), sizes=VECTOR,
        change=both(put(diffusion=LOUD), scaled(0, "drift"))),
    Ask("no drift, little diffusion", ("primes", "quiet"), sizes=VECTOR,
        change=both(put(diffusion=QUIET), scaled(0, "drift"))),
    Ask("some examples without diffusion", ("primes", "no_diffusion"), sizes=VECTOR, change=put(diffusion=MIXED)),
    Ask("matrices, some without diffusion", ("primes", "no_diffusion"), sizes={"B": 5, "...": (3, 2)},
        change=put(diffusion=MIXED)),
    Ask("a Langevin process, nearly at rest", ("primes", "langevin"), sizes=VECTOR,
        change=both(langevin, put(diffusion=[1.414, 1.4142, 1.4, 1.5, 1.41]))),
    Ask("images", ("image",), sizes=IMAGE),
    Ask("images, much diffusion", ("image", "loud"), sizes=IMAGE, change=put(diffusion=LOUD)),
    Ask("as many components as examples", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("square images, as many as pixels in a row", ("square", "image"), sizes={"B": 3, "...": (3, 3)}),
    Ask("one number an example", ("no_axes",), sizes={"B": 5, "...": ()}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (3,)}),
    Ask("numbers around 30", ("primes", "offset"), "offset", VECTOR),
    Ask("numbers of the order of 1e-5", ("primes", "tiny"), "tiny", VECTOR),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR),
    Ask("numbers of the order of 15", ("primes", "extreme"), "extreme", MATRIX),
    Ask("drift and score that nearly agree", ("primes", "near"), "near", VECTOR, change=put(diffusion=LOUD)),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
]

CASES = {"probability_flow_drift": LIST}
