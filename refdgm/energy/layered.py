"""Boltzmann machines whose hidden units lie in two layers, upwards from the data: their arguments."""

from refdgm.declaration.domain import PARAMETER, real, share

UNITS = share("B", "D", meaning="v, visible units from 0 (off) to 1 (on)")
LAYERS = {
    "W1": real("H", "D", kind=PARAMETER, meaning="W¹, between the visible units and the first layer"),
    "W2": real("E", "H", kind=PARAMETER, meaning="W², between the first layer and the second"),
}
BIASES = {
    "c1": real("H", kind=PARAMETER, meaning="c¹, of the first layer"),
    "c2": real("E", kind=PARAMETER, meaning="c², of the second layer"),
}
