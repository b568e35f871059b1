"""Networks that are energies, far out."""

import numpy as np

from .rows import answers, drawn, finite, row

NO_ENERGY = "it is no network of an energy"


@row("far out on an energy", "points of 1e±300, where units saturate: the score is that of the units that are left",
     ("energy_score",), NO_ENERGY)
def far_out(ref):
    theta = {"W1": np.array([[2.0], [-3.0]]), "b1": np.array([1.0, -1.0]), "W2": np.array([[5.0, 7.0]]),
             "b2": np.zeros(1)}
    slopes = {"tanh": (0, 0), "softplus": (10, -21), "silu": (10, -21)}  # W¹ᵀ W² of the unit that is on, right and left
    for activation, (right, left) in slopes.items():
        for size in (800.0, 1e100, 1e300):
            x = np.array([[size], [-size]])
            got = answers(ref, {"x": x, "theta": theta}, {"activation": activation}, (np.ones(2), np.ones((2, 1))))
            finite(got)
            np.testing.assert_allclose(got["output.score"], [[-right], [-left]], rtol=1e-14)
            np.testing.assert_array_equal(got["gradient.x"], [[right], [left]])  # of E; the score is flat there
        for size in (0.0, 1e-300):
            finite(answers(ref, {"x": np.full((2, 1), size), "theta": theta}, {"activation": activation},
                           (np.ones(2), np.ones((2, 1)))))


@row("energies of any height", "last layers of 1e±150 and of zero: the score is as large, its law as sharp or flat",
     ("energy_score",), NO_ENERGY)
def any_height(ref):
    arguments, options, bars = drawn(ref)
    plain = answers(ref, arguments, options, bars)
    for size in (0.0, 1e-150, 1e150):
        theta = arguments["theta"] | {name: size * arguments["theta"][name] for name in ("W3", "b3")}
        got = answers(ref, arguments | {"theta": theta}, options, bars)
        finite(got)
        for name in ("output.energy", "output.score", "gradient.x", "gradient.theta.W1"):
            np.testing.assert_allclose(got[name], size * plain[name], rtol=1e-12)
