"""Steps of samplers: schedules early, late and at the end, for examples of every rank."""

from validation.case_list.ask import Arrays, Ask, close_to, put

NOTES = {
    "last_step": "ᾱ_{t−1} = 1: the sample becomes data; the posterior variance is exactly zero",
    "first_step": "ᾱ_{t−1} of the order of 1e-5: nearly nothing of the data is left in x_t",
    "small_beta": "β of the order of 1e-4 near the data: 1 − ᾱ formed from ᾱ has lost most of its digits",
    "large_beta": "β close to 1, as at the end of a cosine schedule",
    "image": "examples of rank three, as images are",
    "full": "numbers that use all bits of a float64: products and sums round",
    "no_axes": "one number an example",
}
VECTOR, MATRIX, IMAGE = {"B": 5, "...": (3,)}, {"B": 7, "...": (3, 2)}, {"B": 5, "...": (2, 3, 2)}
SMALL, BEFORE_SMALL = [1e-4, 2e-4, 3e-4, 5e-4, 7e-4], [0.9999, 0.9997, 0.9995, 0.9990, 0.9983]
LATE, BEFORE_LATE = [0.017, 0.018, 0.019, 0.0195, 0.02], [3e-4, 2e-4, 1e-4, 6e-5, 4e-5]
COSINE, BEFORE_COSINE = [0.5, 0.75, 0.9, 0.99, 0.999], [0.25, 0.05, 0.01, 1e-3, 1e-5]
LAST = [1e-4, 0.001, 0.02, 0.25, 0.75]


def thirds(arrays: Arrays) -> Arrays:
    return {name: x / 3 for name, x in arrays.items()}


def schedule(beta: list[float], before: list[float]) -> object:
    return put(beta=beta, alpha_prod_prev=before)


def steps(options: dict[str, str]) -> list[Ask]:
    """Cases with these options; what they are told by in `comment` is the first option's word."""
    told = "".join(f"{word}: " for word in options.values())

    def ask(comment: str, flags: tuple[str, ...] = ("primes",), regime: str = "unit", sizes=VECTOR, change=None):
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
