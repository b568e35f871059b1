"""The score of an energy as a Field, s(x) = −∂E/∂x: conservative, and with its exact gradient.

`ENERGIES` is a list of its own. No reference names its words, but each that takes a score as a function takes one of
these Fields as it takes anyone's: `langevin_chain(…, score=ENERGIES["energy_tanh"])`. There is no tangent, which would
need third derivatives of the network's activations; implicit and sliced score matching say so.
"""

from typing import Any

from refdgm.energy.energy_score import energy_score
from refdgm.namespace import Array, namespace
from refdgm.nets.activation import ACTIVATIONS
from refdgm.nets.field import Field, Pullback
from refdgm.nets.layout import Layout, mlp_shapes, mlp_sizes

ENERGY = Layout(lambda inputs, outputs, hidden: mlp_shapes(inputs, 1, hidden), mlp_sizes)  # one output, whatever s has


def energy_field(activation: str) -> Field:
    """s(x) = −∂E/∂x of a perceptron E."""

    def vjp(x: Array, theta: dict[str, Array]) -> tuple[Array, Pullback]:
        (energy, s), energy_pullback = energy_score.body(x, theta, activation=activation)

        def pullback(s_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Any]:
            gradients: dict[str, Any] = energy_pullback(namespace(x).zeros_like(energy), s_bar, wrt=wrt)
            return gradients

        return s, pullback

    return Field(f"energy_{activation}", ("x",), lambda x, theta: vjp(x, theta)[0], vjp, layout=ENERGY)


ENERGIES = {f"energy_{name}": energy_field(name) for name in ACTIVATIONS}
