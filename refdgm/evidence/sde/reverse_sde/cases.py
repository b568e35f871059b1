"""A process run backwards and its equivalents, at every diffusion and every amount of noise."""

from refdgm.evidence.ask import Arrays, Ask, both, put, scaled, thirds
from refdgm.evidence.rare import changed, times

NOTES = {
    "image": "examples of rank three, as images are",
    "full": "numbers that use all bits of a float64: products and sums round",
    "no_axes": "one number an example",
    "drift_alone": "g = 0 for some examples: the drift alone is left",
    "quiet": "g of the order of 1e-2, as where an exploding process begins",
    "loud": "g up to 64, as where it ends",
    "anderson": "λ = 1: all powers of it are one, and the equivalent of a process is the process",
    "nearly_itself": "λ within 1e-3 of 1, where 1 − λ² as a difference of squares has few digits",
    "small_scale": "λ of about 1e-3: nearly the probability flow",
    "large_scale": "λ from 4 to 32",
    "drift_of_langevin": "f = ½ g² s nearly: what the score takes away the drift has",
}
VECTOR = {"B": 5, "...": (3,)}
MATRIX = {"B": 7, "...": (3, 2)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
QUIET = [0.01, 0.02, 0.03, 0.05, 0.1]
LOUD = [4.0, 9.0, 16.5, 33.0, 64.0]
MIXED = [0.0, -1.5, 0.0, 0.25, 7.0]
ONES = [1.0] * 5
NEARLY = [1 + 2.0**-10, 1 - 2.0**-11, 1 + 2.0**-13, 1 - 2.0**-16, 1 + 2.0**-20]
LITTLE = [1e-3, 2e-3, 3e-3, 1e-4, 5e-3]
MUCH = [4.0, 7.5, 11.25, 32.0, 5.5]


def langevin(arrays: Arrays) -> Arrays:
    return {"input.drift": +arrays["input.score"]}


LIST = [
    Ask("drawn numbers", sizes=VECTOR),
    Ask("matrices", sizes=MATRIX),
    Ask("long vectors", sizes={"B": 3, "...": (11,)}),
    Ask("as much noise as the process has", ("primes", "anderson"), sizes=VECTOR, change=put(noise_scale=ONES)),
    Ask("nearly as much noise as the process has", ("primes", "nearly_itself"), sizes=VECTOR,
        change=put(noise_scale=NEARLY)),
    Ask("nearly as much noise, much diffusion, no drift", ("primes", "nearly_itself", "loud"), sizes=VECTOR,
        change=both(put(noise_scale=NEARLY, diffusion=LOUD), scaled(0, "drift"))),
    Ask("little noise", ("primes", "small_scale"), sizes=VECTOR, change=put(noise_scale=LITTLE)),
    Ask("much noise", ("primes", "large_scale"), sizes=VECTOR, change=put(noise_scale=MUCH)),
    Ask("much noise, little diffusion", ("primes", "large_scale", "quiet"), sizes=VECTOR,
        change=put(noise_scale=MUCH, diffusion=QUIET)),
    Ask("little diffusion, small drifts", ("primes", "quiet"), sizes=VECTOR,
        change=both(put(diffusion=QUIET), scaled(2.0**-10, "drift"))),
    Ask("much diffusion", ("primes", "loud"), sizes=VECTOR, change=put(diffusion=LOUD)),
    Ask("no drift, as in exploding processes", ("primes", "loud"), sizes=VECTOR,
        change=both(put(diffusion=LOUD), scaled(0, "drift"))),
    Ask("some examples without diffusion, one of the other sign", ("primes", "drift_alone"), sizes=VECTOR,
        change=put(diffusion=MIXED)),
    Ask("matrices, some without diffusion", ("primes", "drift_alone"), sizes={"B": 5, "...": (3, 2)},
        change=put(diffusion=MIXED)),
    Ask("a Langevin process", ("primes", "drift_of_langevin"), sizes=VECTOR,
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
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
]

CASES = {"reverse_sde": LIST, "equivalent_sde": LIST}
RARE = {name: (lambda case: changed(case, noise_scale=times(2.0**6)),) for name in CASES}
