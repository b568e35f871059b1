"""Rescaled guidance, from no share to all of it."""

from refdgm.cases import Case, draw
from refdgm.evidence.ask import Ask, both, close_to, long, moved, put, scaled, thirds
from refdgm.evidence.diffusion.levels import NOTES as OF_LEVELS
from refdgm.evidence.rare import changed, element
from refdgm.reference import Reference

NOTES = {
    **OF_LEVELS,
    "none": "φ = 0: nothing is changed, and c has no gradient",
    "some": "φ of 1/4 and 3/4: it is not its complement",
    "all": "φ = 1: the result forgets the scale of the guided prediction",
    "stretched": "a guided prediction with eight times the deviation, as strong guidance makes it",
}
VECTOR = {"B": 5, "...": (3,)}
MATRIX = {"B": 7, "...": (3, 2)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
# Predictions that agree to many digits have a φ_bar that is all rounding in single precision: no more than 2⁻¹² here.
LIST = [
    Ask("a drawn φ", sizes=MATRIX),
    Ask("φ = 0", ("primes", "none"), sizes=MATRIX, change=put(phi=0.0)),
    Ask("φ = 1", ("primes", "all"), sizes=MATRIX, change=put(phi=1.0)),
    Ask("φ = 1/4", ("primes", "some"), sizes=MATRIX, change=put(phi=0.25)),
    Ask("φ = 3/4", ("primes", "some"), sizes=MATRIX, change=put(phi=0.75)),
    Ask("vectors, φ = 1/4", ("primes", "some"), sizes=VECTOR, change=put(phi=0.25)),
    Ask("vectors, φ = 1", ("primes", "all"), sizes=VECTOR, change=put(phi=1.0)),
    Ask("long vectors, φ = 3/4", ("primes", "some"), sizes={"B": 3, "...": (11,)}, change=put(phi=0.75)),
    Ask("strong guidance, φ = 3/4", ("primes", "stretched", "some"), sizes=MATRIX,
        change=both(scaled(8.0, "guided"), put(phi=0.75))),
    Ask("strong guidance, φ = 1", ("primes", "stretched", "all"), sizes=MATRIX,
        change=both(scaled(8.0, "guided"), put(phi=1.0))),
    Ask("strong guidance, φ = 0", ("primes", "stretched", "none"), sizes=VECTOR,
        change=both(scaled(8.0, "guided"), put(phi=0.0))),
    Ask("images, φ = 3/4", ("image", "some"), sizes=IMAGE, change=put(phi=0.75)),
    Ask("images, strong guidance, φ = 1/4", ("image", "stretched", "some"), sizes=IMAGE,
        change=both(scaled(8.0, "guided"), put(phi=0.25))),
    Ask("square images, as many as pixels in a row", ("square", "image", "some"), sizes={"B": 3, "...": (3, 3)},
        change=put(phi=0.75)),
    Ask("as many components as examples", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("one example", ("single_example", "some"), sizes={"B": 1, "...": (3,)}, change=put(phi=0.75)),
    Ask("both predictions around 16", ("primes", "offset"), sizes=MATRIX,
        change=both(moved(16.0, "guided", "cond"), put(phi=0.75))),
    Ask("numbers around 30", ("primes", "offset"), "offset", MATRIX, change=put(phi=0.25)),
    Ask("predictions that agree to three digits", ("primes", "near"), sizes=MATRIX,
        change=both(close_to("guided", "cond", 2.0**-12), put(phi=0.75))),
    Ask("numbers of the order of 1e-5", ("primes", "tiny"), "tiny", MATRIX, change=put(phi=0.75)),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", MATRIX, change=put(phi=0.25)),
    Ask("numbers of the order of 15", ("primes", "extreme"), "extreme", MATRIX, change=put(phi=0.75)),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=MATRIX, change=thirds),
]


def outweighing(ref: Reference, seed: int, cases: list[Case]) -> list[Case]:
    """One element larger than all others together, for which the gradient has a form of its own."""
    return [changed(draw(ref, seed, sizes={"...": (3,)}), guided=element(8.0, 0))]


CASES = {"guidance_rescale": [*LIST, *long({"B": 2, "...": (130,)})]}
KILLING = {"guidance_rescale": outweighing}
RARE = {"guidance_rescale": (lambda case: changed(case, guided=lambda x: 0 * x + 2),)}
