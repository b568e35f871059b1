"""Cases of the step of DPM-Solver++(2M)."""

from typing import Any

from refdgm.evidence.ask import Ask, both, close_to, put, thirds

NOTES = {
    "even": "steps of equal length in λ: r and 1/r are both one",
    "uneven_lambda": "steps of different length: r and 1/r differ",
    "short_lambda": "steps of the order of 1e-3, as in a sampler of many: e^{−h} − 1 as a difference loses digits",
    "to_the_end": "long steps that end where there is nearly no noise",
    "at_the_noise": "λ far below zero: nearly nothing of the data is left in x",
    "nearly_data": "λ far above zero: nearly no noise is left in x, and σ′/σ by logarithms loses digits",
    "repeated": "predictions that nearly agree: the step is nearly that of DDIM",
    "image": "examples of rank three, as images are",
    "full": "numbers that use all bits of a float64: products and sums round",
    "no_axes": "one number an example",
}
VECTOR = {"B": 5, "...": (3,)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
EVEN = put(lam=[-3.1, -1.4, 0.2, 1.3, 2.9], step=[0.6] * 5, step_prev=[0.6] * 5)
UNEVEN = put(lam=[-2.3, -0.7, 0.1, 0.9, 2.2], step=[0.9, 0.3, 0.7, 0.2, 1.1], step_prev=[0.4, 0.8, 0.3, 0.5, 0.6])
SHORT = put(lam=[-3.7, -1.1, 0.3, 1.9, 3.3], step=[1e-3, 2e-3, 7e-4, 3e-3, 1.3e-3],
            step_prev=[1.1e-3, 1.7e-3, 9e-4, 2e-3, 1.4e-3])
LAST = put(lam=[1.2, 2.3, 3.1, 3.9, 4.6], step=[3.3, 2.9, 4.1, 2.2, 3.7], step_prev=[1.1, 0.9, 1.7, 0.8, 1.3])
EARLY = put(lam=[-4.1, -4.7, -5.3, -6.1, -7.2], step=[0.7, 0.4, 0.9, 1.2, 0.6], step_prev=[0.3, 0.5, 0.8, 0.7, 1.1])
LATE = put(lam=[5.1, 6.3, 7.2, 8.4, 9.7], step=[0.7, 0.4, 0.9, 1.2, 0.6], step_prev=[0.3, 0.5, 0.8, 0.7, 1.1])
AGREED = close_to("x0_prev", "x0", 2.0**-8)


def of(process: str) -> list[Ask]:
    """The questions of one process."""

    def asked(comment: str, *flags: str, sizes: Any = None, regime: str = "unit", change: Any = None) -> Ask:
        return Ask(f"{process}: {comment}", flags, regime, sizes or VECTOR, {"process": process}, change)

    return [
        asked("drawn numbers", "primes"),
        asked("steps of equal length", "primes", "even", change=EVEN),
        asked("steps of different length", "primes", "uneven_lambda", change=UNEVEN),
        asked("short steps", "primes", "short_lambda", change=SHORT),
        asked("short steps, predictions that nearly agree", "primes", "short_lambda", "repeated",
              change=both(SHORT, AGREED)),
        asked("the last steps", "primes", "to_the_end", change=LAST),
        asked("much noise", "primes", "at_the_noise", change=EARLY),
        asked("little noise", "primes", "nearly_data", change=LATE),
        asked("matrices", "primes", sizes={"B": 7, "...": (3, 2)}),
        asked("images, steps of different length", "image", "uneven_lambda", sizes=IMAGE, change=UNEVEN),
        asked("as many components as examples", "square", sizes={"B": 3, "...": (3,)}),
        asked("square images, as many as pixels in a row", "square", "image", sizes={"B": 3, "...": (3, 3)}),
        asked("one example", "single_example", sizes={"B": 1, "...": (3,)}),
        asked("one number an example", "no_axes", sizes={"B": 5, "...": ()}),
        asked("magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed", change=UNEVEN),
        asked("numbers of 53 bits", "primes", "full", change=both(UNEVEN, thirds)),
    ]


CASES = {"dpm_solver_pp_2m_step": [ask for process in ("vp", "ve") for ask in of(process)]}
