"""Bijections: invertible maps as values, with their parameters outside, to be asked both ways.

    forward(z, theta)  → (x, log_det), pullback(x_bar, log_det_bar, wrt)      from noise to data
    inverse(x, theta)  → (z, log_det), pullback(z_bar, log_det_bar, wrt)      from data to noise

States are (B, D). log_det, (B,), is that of the direction that was asked, so that the two of one point cancel. A
pullback returns the cotangents {"x": …, "theta": …} of what went in, "x" in both directions, and may return more than
`wrt` names.

`BIJECTIONS` is the closed list that vectors name. Anyone may make another Bijection; a reference takes its functions at
their word, also that one is the inverse of the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from refdgm.declaration.domain import Kind
from refdgm.flow.affine_coupling import affine_coupling
from refdgm.flow.masked_autoregressive import masked_autoregressive, masked_autoregressive_inverse
from refdgm.flow.planar_transform import planar_inverse, planar_transform
from refdgm.namespace import Array, namespace
from refdgm.nets import mlp as perceptron
from refdgm.nets.activation import tanh
from refdgm.nets.field import AUTOREGRESSIVE
from refdgm.nets.layout import Layout, Shapes, mlp_shapes, mlp_sizes
from refdgm.reference import Reference

Pullback = Callable[..., dict[str, Any]]
Answer = tuple[tuple[Array, Array], Pullback]
Direction = Callable[[Array, dict[str, Array]], Answer]


@dataclass(frozen=True)
class Bijection:
    """An invertible map of states; `layout` draws and checks θ (None: the caller's own business)."""

    name: str
    forward: Direction
    inverse: Direction
    layout: Layout | None = None

    @property
    def kind(self) -> Kind:
        """What a reference asks of it."""
        return Kind(("x",), noun="Bijection")


COUPLED = Layout(  # of a network from the components that stay to a log-scale and a shift of each that moves
    lambda inputs, outputs, hidden: mlp_shapes(inputs - inputs // 2, 2 * (inputs // 2), hidden), mlp_sizes
)


def coupling(activation: str) -> Bijection:
    """The first ⌈D/2⌉ components stay; a perceptron makes of them r and t, blocks of the ⌊D/2⌋ others each, which move:
    x e^{tanh r} + t. A single component stays as it is."""

    def towards(direction: str) -> Direction:
        def ask(x: Array, theta: dict[str, Array]) -> Answer:
            xp, many = namespace(x), x.shape[1] // 2
            kept = x.shape[1] - many
            stays, moves = x[:, :kept], x[:, kept:]
            r_t, network_pullback = perceptron.mlp.body(stays, theta, activation=activation)
            log_scale, slope = tanh(r_t[:, :many], 1)
            (moved, log_det), layer_pullback = affine_coupling.body(
                moves, log_scale, r_t[:, many:], direction=direction, scale="exp"
            )

            def pullback(image_bar: Array, log_det_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Any]:
                grads = layer_pullback(image_bar[:, kept:], log_det_bar)
                r_t_bar = xp.concat([slope * grads["log_scale"], grads["shift"]], axis=1)
                below = network_pullback(r_t_bar, wrt=wrt)
                if "x" in wrt:
                    below["x"] = xp.concat([image_bar[:, :kept] + below["x"], grads["x"]], axis=1)
                return below

            return (xp.concat([stays, moved], axis=1), log_det), pullback

        return ask

    return Bijection(f"coupling_{activation}", towards("forward"), towards("inverse"), COUPLED)


NETWORKS = ("shift", "scale")  # of an autoregressive layer: θ has the entries of both, shift_… and scale_…


def of(network: str, entries: Mapping[str, Any]) -> dict[str, Any]:
    """Those of one network, by their own names."""
    return {name.removeprefix(f"{network}_"): x for name, x in entries.items() if name.startswith(f"{network}_")}


def autoregressive(conditioner: str) -> Bijection:
    """Both networks of a masked autoregressive layer with bounded scales. What goes from noise to data is the slow way,
    component after component."""
    field = AUTOREGRESSIVE[conditioner]
    one: Any = field.layout

    def shapes(inputs: int, outputs: int, hidden: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
        entries = one.shapes(inputs, inputs, hidden)
        return {f"{network}_{entry}": shape for network in NETWORKS for entry, shape in entries.items()}

    def sizes(known: Shapes) -> tuple[tuple[int, ...], int]:
        found: tuple[tuple[int, ...], int] = one.sizes(of("shift", known))
        return found

    def towards(layer: Reference) -> Direction:
        def ask(x: Array, theta: dict[str, Array]) -> Answer:
            answer, layer_pullback = layer.body(
                x, *(of(network, theta) for network in NETWORKS), conditioner=field, scale="bounded"
            )
            point, names = layer.wrt[0], [f"{network}_theta" for network in NETWORKS]

            def pullback(image_bar: Array, log_det_bar: Array,
                         wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Any]:
                wanted = (*([point] if "x" in wrt else []), *(names if "theta" in wrt else []))
                grads = layer_pullback(image_bar, log_det_bar, wrt=wanted)
                both = {f"{network}_{entry}": bar for network, name in zip(NETWORKS, names, strict=True)
                        for entry, bar in (grads[name] or {}).items()}
                return {"x": grads[point], "theta": both}

            return answer, pullback

        return ask

    return Bijection(f"autoregressive_{conditioner}", towards(masked_autoregressive_inverse),
                     towards(masked_autoregressive), Layout(shapes, sizes))


PLANE = Layout(
    lambda inputs, outputs, hidden: {"u": (inputs,), "w": (inputs,), "b": ()},
    lambda shapes: ((), (shapes.get("u") or shapes.get("w") or (1,))[0]),
)


def planar() -> Bijection:
    """A planar layer with the constraint under which it has an inverse, the root of one equation. w is not zero."""

    def towards(layer: Reference) -> Direction:
        def ask(x: Array, theta: dict[str, Array]) -> Answer:
            answer, layer_pullback = layer.body(x, theta["u"], theta["w"], theta["b"], constraint="softplus")

            def pullback(image_bar: Array, log_det_bar: Array,
                         wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Any]:
                grads = layer_pullback(image_bar, log_det_bar)
                return {"x": grads[layer.wrt[0]], "theta": {name: grads[name] for name in ("u", "w", "b")}}

            return answer, pullback

        return ask

    return Bijection("planar", towards(planar_transform), towards(planar_inverse), PLANE)


BIJECTIONS = {f"coupling_{name}": coupling(name) for name in ("tanh", "silu")} | {
    f"autoregressive_{name}": autoregressive(name) for name in ("triangular", "made_tanh")
} | {"planar": planar()}
