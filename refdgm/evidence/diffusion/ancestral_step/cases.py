"""Cases of the ancestral step."""

from typing import Any

from refdgm.evidence.ask import Ask, close_to, thirds
from refdgm.evidence.diffusion.levels import NOTES as OF_LEVELS
from refdgm.evidence.diffusion.steps import (
    BEFORE_COSINE,
    BEFORE_LATE,
    BEFORE_SMALL,
    COSINE,
    IMAGE,
    LAST,
    LATE,
    MATRIX,
    SMALL,
    VECTOR,
    schedule,
)

NOTES = {
    **OF_LEVELS,
    "last_step": "ᾱ_{t−1} = 1: the sample becomes data; the posterior variance is exactly zero",
    "first_step": "ᾱ_{t−1} of the order of 1e-4: nearly nothing of the data is left in x_t",
    "small_beta": "β of the order of 1e-4 near the data: 1 − ᾱ formed from ᾱ has lost four digits, of seven in float32",
    "large_beta": "β close to 1, as at the end of a cosine schedule",
}


def steps(options: dict[str, str]) -> list[Ask]:
    """Cases with these options; what they are told by in `comment` is the first option's word."""
    told = "".join(f"{word}: " for word in options.values())

    def ask(comment: str, flags: tuple[str, ...] = ("primes",), regime: str = "unit", sizes: Any = VECTOR,
            change: Any = None) -> Ask:
        return Ask(told + comment, flags, regime, sizes, options, change)

    ones = [1.0] * 5
    return [
        ask("any schedule"),
        ask("the last step", ("primes", "last_step"), change=schedule(LAST, ones)),
        ask("small steps near the data", ("primes", "small_beta"), change=schedule(SMALL, BEFORE_SMALL)),
        ask("the first steps", ("primes", "first_step"), change=schedule(LATE, BEFORE_LATE)),
        ask("the end of a cosine schedule", ("primes", "large_beta"), change=schedule(COSINE, BEFORE_COSINE)),
        ask("matrices", sizes=MATRIX),
        ask("numbers around 30", ("primes", "offset"), "offset"),
        ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", change=schedule(SMALL, BEFORE_SMALL)),
        ask("numbers of the order of 1e-5", ("primes", "tiny"), "tiny"),
        ask("as many components as examples", ("square",), sizes={"B": 3, "...": (3,)}),
        ask("numbers of 53 bits", ("primes", "full"), change=thirds),
    ]


ONCE = [
    ("images", ("image",), IMAGE, None),
    ("images, the last step", ("image", "last_step"), IMAGE, schedule(LAST, [1.0] * 5)),
    ("square images, as many as pixels in a row", ("square", "image"), {"B": 3, "...": (3, 3)}, None),
    ("one number an example", ("no_axes",), {"B": 5, "...": ()}, None),
    ("one example", ("single_example",), {"B": 1, "...": (3,)}, None),
    ("a prediction that is x_t itself to nine digits", ("primes", "near"), VECTOR,
     close_to("eps_pred", "xt", 2.0**-30)),
]
ANCESTRAL = [
    *(ask for variance in ("posterior", "beta") for ask in steps({"variance": variance})),
    *(Ask(comment, flags, sizes=sizes, options={"variance": variance}, change=change)
      for (comment, flags, sizes, change), variance in zip(ONCE, ("posterior", "beta") * 3, strict=True)),
]

CASES = {"ancestral_step": ANCESTRAL}
