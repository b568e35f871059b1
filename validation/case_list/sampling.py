"""Steps of samplers: schedules early, late and at the end, for examples of every rank."""

from validation.case_list.ask import Arrays, Ask, close_to, put

NOTES = {
    "last": "ᾱ_s within 1e-3 of 1: the sample nearly becomes data",
    "last_step": "ᾱ_{t−1} = 1: the sample becomes data; the posterior variance is exactly zero",
    "first_step": "ᾱ_{t−1} of the order of 1e-4: nearly nothing of the data is left in x_t",
    "small_beta": "β of the order of 1e-4 near the data: 1 − ᾱ formed from ᾱ has lost four digits, of seven in float32",
    "large_beta": "β close to 1, as at the end of a cosine schedule",
    "image": "examples of rank three, as images are",
    "full": "numbers that use all bits of a float64: products and sums round",
    "no_axes": "one number an example",
    "deterministic": "η = 0: no noise enters, and η̄ is ⟨x̄, z⟩ times the deviation alone",
    "ancestral": "η = 1: the ancestral step with the posterior variance",
    "partial": "η between 0 and 1: η, η² and √η differ",
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


def walk(comment: str, eta: float | None, flags: tuple[str, ...] = ("primes",), regime: str = "unit", sizes=VECTOR,
         at=None) -> Ask:
    kind = {None: (), 0.0: ("deterministic",), 1.0: ("ancestral",)}.get(eta, ("partial",))
    return Ask(comment, (*flags, *kind), regime, sizes, {}, put(**(at or {}), **({} if eta is None else {"eta": eta})))


def times(beta: list[float], before: list[float]) -> dict[str, list[float]]:
    return {"beta": beta, "alpha_prod_prev": before}


NEARLY = [1 - 2.0**-12, 1 - 2.0**-14, 1 - 2.0**-16, 1 - 2.0**-18, 1 - 2.0**-20]
WIDE_BETA, BEFORE_WIDE = [0.3, 0.5, 0.7, 0.9, 0.99], [0.99, 0.9, 0.6, 0.2, 0.01]
# No case of ᾱ_s = 1: there the square roots of the definition have no slope in η for automatic differentiation
# (0 · ∞), though the value does not depend on η. tests/stress/sampling.py asks for it.
DDIM = [
    walk("a drawn η", None),
    walk("η = 0", 0.0),
    walk("η = 1", 1.0),
    walk("η = 1/4", 0.25),
    walk("η = 3/4", 0.75),
    walk("nearly the last step, η = 1/4", 0.25, ("primes", "last"), at=times(LAST, NEARLY)),
    walk("nearly the last step, η = 1", 1.0, ("primes", "last"), at=times(LAST, NEARLY)),
    walk("short steps near the data, η = 0", 0.0, ("primes", "small_beta"), at=times(SMALL, BEFORE_SMALL)),
    walk("short steps near the data, η = 3/4", 0.75, ("primes", "small_beta"), at=times(SMALL, BEFORE_SMALL)),
    walk("the first steps, η = 1/2", 0.5, ("primes", "first_step"), at=times(LATE, BEFORE_LATE)),
    walk("the first steps, η = 0", 0.0, ("primes", "first_step"), at=times(LATE, BEFORE_LATE)),
    walk("few steps, as samplers take them, η = 0", 0.0, ("primes", "large_beta"), at=times(WIDE_BETA, BEFORE_WIDE)),
    walk("few steps, as samplers take them, η = 1/2", 0.5, ("primes", "large_beta"),
         at=times(WIDE_BETA, BEFORE_WIDE)),
    walk("the end of a cosine schedule, η = 3/4", 0.75, ("primes", "large_beta"), at=times(COSINE, BEFORE_COSINE)),
    walk("matrices", 0.5, sizes=MATRIX),
    walk("numbers around 30", 0.25, ("primes", "offset"), "offset"),
    walk("magnitudes from 1e-3 to 20", 0.75, ("primes", "mixed"), "mixed"),
    walk("numbers of the order of 1e-5", 0.5, ("primes", "tiny"), "tiny"),
    walk("as many components as examples", 0.5, ("square",), sizes={"B": 3, "...": (3,)}),
    walk("square images, as many as pixels in a row", 0.75, ("square", "image"), sizes={"B": 3, "...": (3, 3)}),
    walk("images, η = 0", 0.0, ("image",), sizes=IMAGE),
    walk("images, η = 1/2", 0.5, ("image",), sizes=IMAGE),
    walk("one number an example", 0.75, ("no_axes",), sizes={"B": 5, "...": ()}),
    walk("one example", 0.25, ("single_example",), sizes={"B": 1, "...": (3,)}),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
]
