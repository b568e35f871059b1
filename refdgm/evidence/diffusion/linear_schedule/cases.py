"""Cases of the schedules and their products."""

from dataclasses import replace
from typing import Any

from refdgm.cases import Case, draw
from refdgm.evidence.ask import Arrays, Ask, put
from refdgm.evidence.diffusion.levels import HALF, STEPS
from refdgm.evidence.diffusion.levels import NOTES as OF_LEVELS
from refdgm.evidence.rare import all_equal, changed
from refdgm.reference import Reference

NOTES = {
    **OF_LEVELS,
    "lone_step": "one step: the first end is taken, not the last",
    "length_one": "T = 1",
    "two_steps": "T = 2: the ends alone",
    "usual": "the numbers that are used in practice",
    "falling": "β that fall: nothing says that they must rise",
    "capped": "the cap takes effect before the last step",
    "free": "the cap takes effect at the last step alone",
    "gentle": "small β throughout: 1 − ᾱ is small",
    "steep_beta": "large β: ᾱ vanishes",
}
USUAL = {"beta_first": 1e-4, "beta_last": 0.02}
COSINE = {"offset": 0.008, "cap": 0.999}


def linear(comment: str, steps: int, *flags: str, **ends: float) -> Ask:
    return Ask(comment, flags, options={"steps": steps}, change=put(**ends) if ends else None)


LINEAR = [
    linear("drawn ends", 7, "usual"),
    linear("other ends", 7, "usual"),
    linear("two steps", 2, "two_steps"),
    linear("three steps", 3, "usual"),
    linear("ten steps as they are used", 10, "usual", **USUAL),
    linear("fifty steps as they are used", 50, "usual", **USUAL),
    linear("a thousand steps as they are used", 1000, "usual", **USUAL),
    linear("falling", 5, "falling", beta_first=0.5, beta_last=0.25),
    linear("falling from the last to the first that are used", 11, "falling", beta_first=0.02, beta_last=1e-4),
    linear("steep_beta", 13, "steep_beta", beta_first=0.25, beta_last=0.96875),
    linear("gentle", 17, "gentle", beta_first=2.0**-20, beta_last=2.0**-12),
    linear("two steps as they are used", 2, "two_steps", **USUAL),
    linear("three steps as they are used", 3, "usual", **USUAL),
    linear("eleven drawn steps", 11, "usual"),
    linear("thirteen drawn steps", 13, "usual"),
    linear("two hundred and fifty steps, a quarter of a thousand", 250, "usual", beta_first=4e-4, beta_last=0.08),
    linear("four thousand steps, gentler", 4000, "gentle", beta_first=2.5e-5, beta_last=0.005),
    linear("falling steeply", 9, "falling", "steep_beta", beta_first=0.96875, beta_last=2.0**-10),
    linear("two ends that nearly agree", 5, "usual", beta_first=0.25, beta_last=0.25 + 2.0**-20),
    linear("a gentle end", 7, "gentle", beta_first=2.0**-16, beta_last=2.0**-15),
    linear("nearly from nothing to all", 6, "steep_beta", beta_first=2.0**-20, beta_last=1 - 2.0**-20),
    linear("a single step", 1, "lone_step", "later"),
]


def cosine(comment: str, steps: int, *flags: str, **constants: float) -> Ask:
    return Ask(comment, flags, options={"steps": steps}, change=put(**constants) if constants else None)


COSINES = [
    cosine("one step as it is used", 1, "length_one", **COSINE),
    cosine("two steps as they are used", 2, "two_steps", **COSINE),
    cosine("ten steps as they are used", 10, "usual", **COSINE),
    cosine("fifty steps as they are used", 50, "usual", **COSINE),
    cosine("a thousand steps as they are used", 1000, "usual", **COSINE),
    cosine("a large offset", 7, "free", offset=0.5, cap=0.999),
    cosine("an offset of three", 5, "free", offset=3.0, cap=0.96875),
    cosine("a tiny offset", 7, "free", offset=2.0**-20, cap=0.999),
    cosine("a low cap", 10, "capped", offset=0.008, cap=0.5),
    cosine("a cap below all but the first", 6, "capped", offset=0.125, cap=0.25),
    cosine("a high cap", 9, "free", offset=0.008, cap=1 - 2.0**-20),
    cosine("three steps as they are used", 3, "usual", **COSINE),
    cosine("twenty-five steps as they are used", 25, "usual", **COSINE),
    cosine("two hundred and fifty steps as they are used", 250, "usual", **COSINE),
    cosine("four thousand steps as they are used", 4000, "usual", **COSINE),
    cosine("two steps of a large offset", 2, "two_steps", offset=1.0, cap=0.999),
    cosine("one step, capped", 1, "length_one", offset=0.125, cap=0.5),
    cosine("a huge offset: the angle hardly moves", 6, "free", offset=64.0, cap=0.999),
    cosine("a low cap of many steps", 30, "capped", offset=0.008, cap=0.125),
    cosine("three steps", 3, "free", offset=0.0625, cap=0.9375),
]


def ramp(first: float, last: float, steps: int) -> Any:
    return put(beta=[first + (last - first) * t / max(steps - 1, 1) for t in range(steps)])


def gathered(arrays: Arrays) -> Arrays:
    """β by three: all bits of a float64."""
    return {"input.beta": arrays["input.beta"] / 3}


PRODUCTS = [
    Ask("drawn", ("steep_beta",), sizes={"T": 5}),
    Ask("drawn, others", ("steep_beta",), sizes={"T": 5}),
    Ask("seven steps", ("steep_beta",), sizes={"T": 7}),
    Ask("thirteen steps", ("steep_beta",), sizes={"T": 13}),
    Ask("two steps", ("two_steps",), sizes={"T": 2}),
    Ask("three steps", ("steep_beta",), sizes={"T": 3}),
    Ask("ten steps as they are used", ("usual", "gentle"), sizes={"T": 10}, change=ramp(1e-4, 0.02, 10)),
    Ask("twenty steps as they are used", ("usual", "gentle"), sizes={"T": 20}, change=ramp(1e-4, 0.02, 20)),
    Ask("five steps as they are used", ("usual",), sizes={"T": 5}, change=put(beta=STEPS)),
    Ask("equal steps", ("usual",), sizes={"T": 11}, change=ramp(0.25, 0.25, 11)),
    Ask("halves", ("steep_beta",), sizes={"T": 5}, change=put(beta=HALF)),
    Ask("large steps", ("steep_beta",), sizes={"T": 7}, change=ramp(0.75, 0.96875, 7)),
    Ask("from nearly nothing to nearly all", ("steep_beta", "gentle"), sizes={"T": 6},
        change=ramp(2.0**-16, 1 - 2.0**-16, 6)),
    Ask("falling", ("falling",), sizes={"T": 8}, change=ramp(0.5, 0.0625, 8)),
    Ask("falling from the last to the first that are used", ("falling", "gentle"), sizes={"T": 10},
        change=ramp(0.02, 1e-4, 10)),
    Ask("seventeen steps", ("steep_beta",), sizes={"T": 17}),
    Ask("tiny steps", ("gentle",), sizes={"T": 4}, change=put(beta=[2.0**-10, 2.0**-12, 2.0**-11, 2.0**-9])),
    Ask("one large step among small ones", ("gentle", "steep_beta"), sizes={"T": 5},
        change=put(beta=[0.001, 0.001, 0.9, 0.001, 0.001])),
    Ask("one large step at the beginning", ("steep_beta",), sizes={"T": 4},
        change=put(beta=[0.96875, 0.01, 0.02, 0.03])),
    Ask("numbers of 53 bits", ("full",), sizes={"T": 7}, change=gathered),
    Ask("forty steps of a steep schedule", ("usual",), sizes={"T": 40}, change=ramp(0.001, 0.2, 40)),
]


def more_steps(ref: Reference, seed: int, cases: list[Case]) -> list[Case]:
    """One row tells little of a cap."""
    return [draw(ref, seed + number) for number in range(4)]


CASES = {"linear_schedule": LINEAR, "cosine_schedule": COSINES, "alpha_products": PRODUCTS}
KILLING = {"cosine_schedule": more_steps}
RARE = {
    "cosine_schedule": (
        lambda case: replace(changed(case, offset=all_equal(2.0**-7)), options=case.options | {"steps": 1000}),),
    "linear_schedule": (lambda case: replace(case, options=case.options | {"steps": 1}),),
    "alpha_products": (lambda case: changed(case, beta=lambda x: 1 - x / 1024),),
}
