"""Boltzmann machines whose hidden units lie in two layers, upwards from the data: arguments, and their log Z."""

from typing import NamedTuple

from refdgm.declaration.domain import PARAMETER, real, share
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, namespace
from refdgm.numerics.enumeration import normalised, states
from refdgm.numerics.halves import halves
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
    """Σ J̄ (μ − ⟨s⟩) of one layer: μ ⟨1 − s⟩ − (1 − μ) ⟨s⟩, each part with its own digits."""
    on, off = mean
    return bar @ (on * (law @ units[1]) - off * (law @ units[0]))
