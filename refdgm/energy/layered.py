"""Boltzmann machines whose hidden units lie in two layers, upwards from the data: arguments, and their log Z."""

from typing import NamedTuple

from refdgm.declaration.domain import PARAMETER, real, share
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, namespace
from refdgm.numerics.enumeration import normalised, states
from refdgm.numerics.halves import halves
from refdgm.numerics.logistic_step import logistic_between
from refdgm.numerics.smaller_terms import smaller_terms
from refdgm.primitives.softplus import softplus

UNITS = share("B", "D", meaning="v, visible units from 0 (off) to 1 (on)")
LAYERS = {
    "W1": real("H", "D", kind=PARAMETER, meaning="W¹, between the visible units and the first layer"),
    "W2": real("E", "H", kind=PARAMETER, meaning="W², between the first layer and the second"),
}
VISIBLE = real("D", kind=PARAMETER, meaning="b, of the visible units")
BIASES = {
    "c1": real("H", kind=PARAMETER, meaning="c¹, of the first layer"),
    "c2": real("E", kind=PARAMETER, meaning="c², of the second layer"),
}
Shares = tuple[Array, Array]
LISTED = {"H": Bound(1, 16, "it lists all 2^H states of the layer between")}


class Middle(NamedTuple):
    """The states h of the first hidden layer, their law where nothing is known, and the shares of the layers beside
    them that are then on, and off."""

    states: Array
    log_z: Array
    law: Array
    visible: Shares
    second: Shares
    second_sum: Array

    @property
    def first(self) -> Shares:
        return self.states, 1 - self.states


def middle(W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Middle:
    """Both outer layers are independent given the one between, so that log Z is a sum over its states alone."""
    xp = namespace(W1)
    h = states(c1.shape[0], W1)
    below, above = h @ W1 + b, h @ W2.T + c2
    second_sum = xp.sum(softplus.body(above)[0], axis=-1)
    log_z, law = normalised(h @ c1 + xp.sum(softplus.body(below)[0], axis=-1) + second_sum)
    return Middle(h, log_z, law, halves(below), halves(above), second_sum)


def apart(bar: Array, mean: Shares, law: Array, units: Shares) -> Array:
    """Σ J_bar (μ − ⟨s⟩) of one layer: μ ⟨1 − s⟩ − (1 − μ) ⟨s⟩, each part with its own digits."""
    on, off = mean
    return bar @ (on * (law @ units[1]) - off * (law @ units[0]))


def upper(d: Array, lifted: Array, first: Shares, law: Array, W: Array, second: Shares, c: Array) -> Shares:
    """Σ_h d(h) s and Σ_h d(h) s hᵀ of s = σ(W h + c), where Σ_h d = 0 and Σ_h d h is `lifted`.

    `first` are the states and what they leave to one, `second` s and 1 − s. From s as it is, from 1 − s, or from what s
    differs by from its value at the mean of h, whichever has the smaller terms.
    """
    xp = namespace(d)
    (h, off), (s, rest), mean, none = first, second, law @ first[0], law @ first[1]
    centre = halves(c + mean @ W.T)
    step = d[:, None] * logistic_between(centre, second, (h * none - off * mean) @ W.T)
    more, fewer, rise, fall = xp.maximum(d, 0), xp.minimum(d, 0), xp.maximum(step, 0), xp.minimum(step, 0)
    alone = smaller_terms((more @ s, fewer @ s), (-(more @ rest), -(fewer @ rest)),
                          (xp.sum(rise, axis=0), xp.sum(fall, axis=0)))
    pairs = smaller_terms(((s.T * more) @ h, (s.T * fewer) @ h),
                          (alone[:, None] + xp.zeros_like(lifted), -(s.T * more) @ off, -(s.T * fewer) @ off),
                          (rise.T @ h, fall.T @ h, centre[0][:, None] * lifted))
    return alone, pairs
