"""Masked networks, and the flows that they condition."""

import numpy as np

from .rows import answers, drawn, finite, row

MASKED = ("made",)
FLOWS = ("masked_autoregressive", "masked_autoregressive_inverse")


@row("masked weights", "±∞, NaN and 1e308 in a weight that is masked change no number of the value or of a gradient",
     MASKED, "it masks no weight")
def masked_weights(ref):
    arguments, options, bars = drawn(ref, sizes={"D": 3, "hidden": (4, 4)})
    want = answers(ref, arguments, options, bars)
    finite(want)
    dead = {n: e for n, e in arguments["theta"].items() if n[0] == "W"}
    for bad in (np.inf, -np.inf, np.nan, 1e308):
        spoilt = {n: np.where(want[f"gradient.theta.{n}"] == 0, bad, e) for n, e in dead.items()}
        assert all((spoilt[n] != e).any() for n, e in dead.items())
        got = answers(ref, arguments | {"theta": arguments["theta"] | spoilt}, options, bars)
        for name, x in want.items():
            np.testing.assert_array_equal(got[name], x, err_msg=name)


@row("no components", "D = 0: an empty answer, and gradients of nothing", (*MASKED, *FLOWS),
     "its components are others' business")
def no_components(ref):
    arguments, options, bars = drawn(ref, sizes={"D": 0})
    got = answers(ref, arguments, options, bars)
    point = f"output.{ref.bars[0]}"
    assert got[point].shape == (5, 0) and not any(x.any() for x in got.values())


def constant(ref, a, scale):
    """(the answers, the point): networks that say 0.25 and a, whatever they see; θ_bar of their biases last."""
    given = np.array([[1.25, -3.0], [40.0, -40.0]])
    still = {"A": np.ones((2, 2)) * [[1], [0]], "b": np.full(2, 0.25)}
    arguments = {next(iter(ref.arrays)): given, "shift_theta": still, "scale_theta": still | {"b": np.full(2, a)}}
    bars = np.ones((2, 2)), np.ones(2)
    return answers(ref, arguments, {"conditioner": "triangular", "scale": scale}, bars), given


@row("log-scales of every size", "±3, ±40, ±300 without a bound; ±1e308 and ±∞ with one, where α is ±1 and learns"
     " nothing", FLOWS, "no network says its log-scales")
def log_scales(ref):
    forward = ref.name == "masked_autoregressive"
    for a in (0.0, 3.0, -3.0, 40.0, -40.0, 300.0, -300.0):
        got, given = constant(ref, a, "exp")
        finite(got)
        want = (given - 0.25) * np.exp(-a) if forward else 0.25 + given * np.exp(a)
        np.testing.assert_allclose(got[f"output.{ref.bars[0]}"], want, rtol=1e-15)
        np.testing.assert_array_equal(got["output.log_det"], np.full(2, -2 * a if forward else 2 * a))
    for a in (1e308, -1e308, np.inf, -np.inf):
        got, given = constant(ref, a, "bounded")
        finite(got)
        want = (given - 0.25) * np.exp(-np.sign(a)) if forward else 0.25 + given * np.exp(np.sign(a))
        np.testing.assert_allclose(got[f"output.{ref.bars[0]}"], want, rtol=1e-15)
        assert not got["gradient.scale_theta.b"].any()
