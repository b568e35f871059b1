"""Mistakes in the chain of a restricted machine."""

from typing import Any

from refdgm.energy.rbm_gibbs_chain import rbm_gibbs_chain
from refdgm.evidence.declare import mistake
from refdgm.evidence.energy.restricted import turned
from refdgm.namespace import Array, namespace
from refdgm.numerics.halves import halves

BODY = rbm_gibbs_chain.body


def swept(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array, *, means: str = "",
          restart: bool = False, at_once: bool = False, over: bool = False) -> Any:
    """`means` names the side whose means are passed on; each sweep starts at the data, takes both sides at once, or
    turns every unit on whose number is over its chance."""
    xp, start, before = namespace(v), v, 0 * u_hidden[:, 0, :]
    hidden, visible = [], []
    for t in range(u_hidden.shape[1]):
        up = halves(v @ W.T + c)[0]
        h = xp.astype((u_hidden[:, t, :] < up) ^ over, v.dtype)
        down = halves((up if means == "hidden" else before if at_once else h) @ W + b)[0]
        drawn = xp.astype((u_visible[:, t, :] < down) ^ over, v.dtype)
        hidden.append(xp.astype(h, xp.int64))
        visible.append(xp.astype(drawn, xp.int64))
        v, before = start if restart else down if means == "visible" else drawn, h
    return xp.stack(hidden, axis=1), xp.stack(visible, axis=1)


@mistake(rbm_gibbs_chain)
def comparison_turned(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array) -> Any:
    """On where u exceeds the chance: likely units are off."""
    return swept(v, W, b, c, u_hidden, u_visible, over=True)


@mistake(rbm_gibbs_chain)
def square_weights_transposed(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array) -> Any:
    """W for Wᵀ on both ways; only weights that are not square complain."""
    return BODY(v, turned(W), b, c, u_hidden, u_visible)


@mistake(rbm_gibbs_chain)
def hidden_biases_forgotten(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array) -> Any:
    """σ(W v) for the hidden units."""
    return BODY(v, W, b, 0 * c, u_hidden, u_visible)


@mistake(rbm_gibbs_chain)
def visible_biases_forgotten(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array) -> Any:
    """σ(Wᵀh) for the visible units."""
    return BODY(v, W, 0 * b, c, u_hidden, u_visible)


@mistake(rbm_gibbs_chain)
def spins(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array) -> Any:
    """σ(2a), the chance of units of ±1."""
    return BODY(v, 2 * W, 2 * b, 2 * c, u_hidden, u_visible)


@mistake(rbm_gibbs_chain)
def one_number_for_all_sweeps(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array) -> Any:
    """The noise of the first sweep is used again in each."""
    return BODY(v, W, b, c, u_hidden[:, :1, :] + 0 * u_hidden, u_visible[:, :1, :] + 0 * u_visible)


@mistake(rbm_gibbs_chain)
def without_noise(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array) -> Any:
    """Each unit takes the likelier of its states."""
    return BODY(v, W, b, c, 0 * u_hidden + 0.5, 0 * u_visible + 0.5)


@mistake(rbm_gibbs_chain)
def each_sweep_from_the_data(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array) -> Any:
    """T chains of one sweep in the place of one of T."""
    return swept(v, W, b, c, u_hidden, u_visible, restart=True)


@mistake(rbm_gibbs_chain, "hidden")
def hidden_units_of_the_state_after(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array) -> Any:
    """Beside v_t stand the hidden units that it would be answered by."""
    xp = namespace(v)
    _, visible = BODY(v, W, b, c, u_hidden, u_visible)
    after = halves(xp.astype(visible, v.dtype) @ W.T + c)[0]
    return xp.astype(u_hidden < after, xp.int64), visible


@mistake(rbm_gibbs_chain, "visible")
def visible_units_before_the_sweep(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array) -> Any:
    """Beside h_t stands the v that it was drawn from."""
    xp = namespace(v)
    hidden, visible = BODY(v, W, b, c, u_hidden, u_visible)
    start = xp.astype(v > 0.5, xp.int64)[:, None, :]
    return hidden, xp.concat([start, visible[:, :-1, :]], axis=1)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(rbm_gibbs_chain, seen="GabrielBianconi/pytorch-rbm #2", blind=True)
def hidden_means_passed_on(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array) -> Any:
    """σ(b + Wᵀp) with the means of the hidden units, which no longer says what they chose."""
    return swept(v, W, b, c, u_hidden, u_visible, means="hidden")


@mistake(rbm_gibbs_chain, seen="rushter/MLAlgorithms #29", blind=True)
def visible_means_passed_on(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array) -> Any:
    """The next sweep starts at the means of the visible units."""
    return swept(v, W, b, c, u_hidden, u_visible, means="visible")


@mistake(rbm_gibbs_chain, blind=True)
def both_sides_at_once(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array) -> Any:
    """v_t is drawn by the hidden units of the sweep before, none of which is on at first."""
    return swept(v, W, b, c, u_hidden, u_visible, at_once=True)


@mistake(rbm_gibbs_chain, blind=True)
def noise_of_the_other_side(v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array) -> Any:
    """Hidden and visible noise exchanged, where there are as many units."""
    if u_hidden.shape != u_visible.shape:
        return BODY(v, W, b, c, u_hidden, u_visible)
    return BODY(v, W, b, c, u_visible, u_hidden)
