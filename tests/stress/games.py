"""Games: players and matrices of any size."""

import numpy as np

from .rows import answers, drawn, finite, row

GAMES, NO_GAME = ("bilinear_game",), "it is no game"


@row("players of any size", "players of 1e±150, a large step and a small matrix, the smallest step, no game",
     GAMES, NO_GAME)
def players_of_any_size(ref):
    arguments, options, bars = drawn(ref)
    plain = answers(ref, arguments, options, bars)
    for size in (1e-150, 1e150):
        large = arguments | {name: size * arguments[name] for name in ("x", "y")}
        got = answers(ref, large, options, bars)
        finite(got)
        np.testing.assert_allclose(got["output.x_last"], size * plain["output.x_last"], rtol=1e-12)
        np.testing.assert_allclose(got["gradient.matrix"], size * plain["gradient.matrix"], rtol=1e-11)
        other = arguments | {"matrix": arguments["matrix"] / size, "step": arguments["step"] * size}
        got = answers(ref, other, options, bars)
        finite(got)
        np.testing.assert_allclose(got["output.y_last"], plain["output.y_last"], rtol=1e-12)
        np.testing.assert_allclose(got["gradient.step"], plain["gradient.step"] / size, rtol=1e-11)
    still = answers(ref, arguments | {"step": np.array(5e-324)}, options, bars)
    np.testing.assert_array_equal(still["output.x_last"], arguments["x"])
    nobody = answers(ref, arguments | {"matrix": 0 * arguments["matrix"]}, options, bars)
    np.testing.assert_array_equal(nobody["output.y_last"], arguments["y"])
    np.testing.assert_array_equal(nobody["gradient.step"], 0)
