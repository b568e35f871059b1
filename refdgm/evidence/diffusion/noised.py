"""Points with noise of any deviation beside data of a given one: sizes, levels and what cases of them are about."""

from typing import Any

from refdgm.evidence.ask import Ask, put, scaled, thirds

NOTES = {
    "usual": "the numbers that are used in practice",
    "all_levels": "levels from 0.002 to 80 in one batch",
    "below_the_data": "σ far below σ_d: c_skip is one but for what rounds away, c_out is σ",
    "beyond_the_data": "σ far above σ_d: c_skip is small, c_out is σ_d",
    "balanced": "σ = σ_d: s and c are the same, so that what exchanges them is not seen",
    "rational": "σ and σ_d with a rational r: 3, 4, 5 and their like",
    "unit_data": "σ_d = 1, where its powers are one",
    "far_data": "data of very small or very large deviation",
    "image": "examples of rank three, as images are",
    "no_axes": "one number an example",
    "full": "numbers that use all bits of a float64: products and sums round",
}
LADDER = [80.0, 0.002, 1.9, 0.06, 12.9]
VECTOR = {"B": 5, "...": (3,)}
IMAGE = {"B": 5, "...": (2, 3, 2)}


def levels(*sigma: float, data: float | None = None) -> Any:
    return put(sigma=sigma, **({"sigma_data": data} if data else {}))


LIST = [
    Ask("drawn levels", sizes=VECTOR),
    Ask("drawn levels, other signs", sizes=VECTOR),
    Ask("images", ("image",), sizes=IMAGE),
    Ask("matrices", sizes={"B": 5, "...": (3, 2)}),
    Ask("one number an example", ("no_axes",), sizes={"B": 5, "...": ()}),
    Ask("one component", ("single_axis",), sizes={"B": 5, "...": (1,)}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (3,)}),
    Ask("as many examples as components", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("as many examples as components, a ladder of levels", ("square", "all_levels"), sizes={"B": 5, "...": (5,)},
        change=levels(*LADDER)),
    Ask("square images, as many as pixels in a row", ("square", "image"), sizes={"B": 3, "...": (3, 3)}),
    Ask("as it is used", ("primes", "usual", "all_levels"), sizes=VECTOR, change=levels(*LADDER, data=0.5)),
    Ask("as it is used, images", ("image", "usual", "all_levels"), sizes=IMAGE, change=levels(*LADDER, data=0.5)),
    Ask("as it is used, normalised data", ("primes", "usual", "all_levels", "unit_data"), sizes=VECTOR,
        change=levels(*LADDER, data=1.0)),
    Ask("as it is used for molecules", ("primes", "usual", "all_levels"), sizes=VECTOR,
        change=levels(*LADDER, data=16.0)),
    Ask("σ of about 1/100", ("primes", "below_the_data"), sizes=VECTOR, change=scaled(2.0**-7, "sigma")),
    Ask("σ of about 1e-6", ("primes", "below_the_data"), sizes=VECTOR, change=scaled(2.0**-20, "sigma")),
    Ask("σ of about 1e-12", ("primes", "below_the_data"), sizes=VECTOR, change=scaled(2.0**-40, "sigma")),
    Ask("σ of about 100", ("primes", "beyond_the_data"), sizes=VECTOR, change=scaled(2.0**7, "sigma")),
    Ask("σ of about 1e6", ("primes", "beyond_the_data"), sizes=VECTOR, change=scaled(2.0**20, "sigma")),
    Ask("σ = σ_d", ("balanced",), sizes=VECTOR, change=levels(*[0.5] * 5, data=0.5)),
    Ask("triangles", ("primes", "rational"), sizes=VECTOR, change=levels(3.0, 2.25, 5.25, 9.6, 0.875, data=4.0)),
    Ask("small data", ("primes", "far_data"), sizes=VECTOR, change=scaled(2.0**-20, "sigma", "sigma_data")),
    Ask("large data", ("primes", "far_data"), sizes=VECTOR, change=scaled(2.0**20, "sigma", "sigma_data")),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR),
    Ask("magnitudes from 1e-3 to 20, a ladder of levels", ("primes", "mixed", "all_levels"), "mixed", VECTOR,
        change=levels(*LADDER, data=0.5)),
    Ask("around 30", ("primes", "offset"), "offset", VECTOR),
    Ask("of the order of 1e-5, σ about 1/20", ("primes", "tiny"), "tiny", VECTOR),
    Ask("of the order of 15, σ about 10", ("primes", "extreme"), "extreme", VECTOR),
    Ask("arrays that nearly agree", ("primes", "near"), "near", VECTOR),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
]
