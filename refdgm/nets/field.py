"""Fields: networks and velocities as values, with their parameters outside.

A score field has the argument ("x",), a velocity field ("z", "t"). Where nothing else is declared the first is a state
of shape (B, D), as is the result, and what follows are numbers; `takes` and `gives` declare other shapes, as those of a
critic, that gives (B,). With θ last:

    value(x, theta)              vjp(x, theta)    → s, pullback(s_bar, wrt)
    jvp(x, x_dot, theta)         → (s, s_dot), pullback(s_bar, s_dot_bar, wrt)      x_dot is (B, R, D) or (1, R, D)
    value(z, t, theta)           vjp(z, t, theta) → f, pullback(f_bar, wrt)         cotangents z, t, theta
    jvp(z, z_dot, t, theta)      → (f, f_dot), pullback(f_bar, f_dot_bar, wrt)      z_dot is (B, R, D) or (1, R, D)

Tangents are taken in directions of the first argument; those of a linear field are (1, R, ·) where these are. The
cotangents of tangents, given and returned, are (B, R, ·) even then, one for every example: (1, R, ·) would be counted
once by a linear field and B times by another. A pullback returns what `wrt` names, and may return more.

`SCORES`, `VELOCITIES` and `AUTOREGRESSIVE`, whose component d sees those before it alone, are the closed lists that
vectors name; so are `NETWORKS`, of encoders and decoders, which give as many numbers as they like and have no tangent,
and `CRITICS`, which give one. Anyone may make another Field. A reference takes its
functions at their word, and calls only those that it needs: what they raise comes through as it is, as the KeyError of
an entry that θ lacks or the TypeError of a pullback without `wrt`, and a value of another shape may be broadcast.
`mine.validate(x, theta)` calls each of them once and refuses what has not the forms above.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from refdgm.boundary.structure import dtype_name, fit, is_array, told
from refdgm.declaration.domain import STATE, Kind, Shape
from refdgm.errors import ArgumentError
from refdgm.namespace import Array, namespace
from refdgm.nets import mlp as perceptron
from refdgm.nets.activation import ACTIVATIONS
from refdgm.nets.closed_form import (
    affine_jvp,
    affine_vjp,
    linear_velocity_jvp,
    linear_velocity_vjp,
    theta_sin_jvp,
    theta_sin_vjp,
    triangular_vjp,
)
from refdgm.nets.layout import AFFINE, MLP, RATES, TIMED_MLP, Layout
from refdgm.nets.made import made

Pullback = Callable[..., dict[str, Any]]


def no_tangent(*_: Any) -> tuple[tuple[Array, Array], Pullback]:
    raise ArgumentError("the Field must have a tangent, got one without jvp; give Field(…, jvp=…)")


@dataclass(frozen=True)
class Field:
    """A differentiable function of `args` and θ; `layout` draws and checks θ (None: the caller's own business)."""

    name: str
    args: tuple[str, ...]
    value: Callable[..., Array]
    vjp: Callable[..., tuple[Array, Pullback]]
    jvp: Callable[..., tuple[tuple[Array, Array], Pullback]] = no_tangent
    layout: Layout | None = None
    takes: tuple[Shape, ...] = ()
    gives: Shape = STATE

    def __post_init__(self) -> None:
        if type(self.args) is not tuple or not all(type(name) is str for name in self.args):
            raise ArgumentError(f"args must be a tuple of names, got {self.args!r}; pass ('x',) or ('z', 't')")
        shapes = (*self.takes, self.gives)
        if not all(type(shape) is tuple for shape in shapes) or len(self.takes) not in (0, len(self.args)):
            raise ArgumentError(f"takes must be a shape for each of {', '.join(self.args)}, and gives a shape, got "
                                f"{self.takes!r} and {self.gives!r}; pass tuples of symbols such as ('B', 'D')")

    @property
    def kind(self) -> Kind:
        """What it takes and gives, which is what a reference asks of it."""
        return Kind(self.args, self.takes, self.gives)

    def validate(self, *args: Any) -> None:
        """Call every function and pullback once with these arguments, θ last, and refuse results of a wrong form.
        Whether the derivatives are right is another question."""
        names = (*self.args, "theta")
        given = [x for arg in args for x in (arg.values() if type(arg) is dict else (arg,))]
        if len(args) != len(names) or type(args[-1]) is not dict or not all(map(is_array, given)):
            raise ArgumentError(f"{self.name}.validate must be given arrays {', '.join(names)}, the last a dict of "
                                f"them, got {', '.join(map(told, args)) or 'none'}; pass these")
        sizes: dict[str, Any] = {}
        for entry, shape, x in zip(self.args, self.kind.takes, args, strict=False):
            fit(entry, shape, tuple(x.shape), sizes)
        state, likes = args[0], dict(zip(names, args, strict=True))
        value = self.value(*args)
        want = _sized(self.gives, sizes, value)
        _alike(f"{self.name}.value", value, state, want)
        s, pullback = _two(f"{self.name}.vjp", self.vjp(*args), "(value, pullback)")
        _alike(f"the value of {self.name}.vjp", s, state, want)
        _gradients(f"the pullback of {self.name}.vjp", pullback(s, wrt=names), likes)
        if self.jvp is not no_tangent:
            dot, ways = f"{names[0]}_dot", namespace(state).stack([state, state], axis=1)
            both = self.jvp(state, ways, *args[1:])
            outputs, pullback = _two(f"{self.name}.jvp", both, "((value, tangent), pullback)")
            s, s_dot = _two(f"the first of {self.name}.jvp", outputs, "(value, tangent)")
            _alike(f"the value of {self.name}.jvp", s, state, want)
            _alike(f"the tangent of {self.name}.jvp", s_dot, state, (*want[:1], 2, *want[1:]))
            grads = pullback(s, s_dot, wrt=(*names, dot))
            _gradients(f"the pullback of {self.name}.jvp", grads, likes | {dot: ways})


def _sized(shape: Shape, sizes: dict[str, Any], got: Any) -> tuple[int, ...]:
    """The shape in numbers; what a symbol of the result alone stands for is what was got."""
    told = got.shape if is_array(got) and len(got.shape) == len(shape) else shape
    axes = ((sizes.get(symbol, size) if isinstance(symbol, str) else symbol)
            for symbol, size in zip(shape, told, strict=True))
    return tuple(n for axis in axes for n in (axis if isinstance(axis, tuple) else (axis,)))


def _two(name: str, got: Any, form: str) -> Any:
    if type(got) not in (tuple, list) or len(got) != 2:
        raise ArgumentError(f"{name} must return {form}, got {told(got)}; return a tuple of two")
    return got


def _alike(name: str, got: Any, like: Array, shape: tuple[int, ...]) -> None:
    want, kind = (dtype_name(like), shape), told(got)
    if is_array(got) and namespace(got) is namespace(like):
        kind = f"{dtype_name(got)} of shape {tuple(got.shape)}"
        if (dtype_name(got), tuple(got.shape)) == want:
            return
    raise ArgumentError(f"{name} must be {told(like)}, {want[0]} of shape {want[1]}, got {kind}; "
                        "nothing is broadcast, return just that")


def _gradients(name: str, got: Any, likes: dict[str, Any]) -> None:
    if type(got) is not dict or not likes.keys() <= got.keys():
        what = ", ".join(map(str, got)) if type(got) is dict else told(got)
        raise ArgumentError(f"{name} must return a dict of {', '.join(likes)}, got {what or 'none'}; "
                            "return what wrt names")
    for entry, like in likes.items():
        if type(like) is dict:
            _gradients(f"{entry} of {name}", got[entry], like)
        else:
            _alike(f"{entry} of {name}", got[entry], like, tuple(like.shape))


def mlp_score(activation: str) -> Field:
    """s(x) = mlp(x)."""

    def value(x: Array, theta: dict[str, Array]) -> Array:
        return perceptron.mlp_value(x, theta, activation)

    def vjp(x: Array, theta: dict[str, Array]) -> tuple[Array, Pullback]:
        return perceptron.mlp.body(x, theta, activation=activation)

    def jvp(x: Array, x_dot: Array, theta: dict[str, Array]) -> tuple[tuple[Array, Array], Pullback]:
        return perceptron.mlp_tangent.body(x, x_dot, theta, activation=activation)

    return Field(f"mlp_{activation}", ("x",), value, vjp, jvp, MLP)


def mlp_velocity(activation: str) -> Field:
    """f(z, t) = mlp([z, t]): time is one more input, the same for every example."""

    def timed(z: Array, t: Array) -> Array:
        xp = namespace(z)
        return xp.concat([z, xp.broadcast_to(t, (z.shape[0], 1))], axis=1)

    def value(z: Array, t: Array, theta: dict[str, Array]) -> Array:
        return perceptron.mlp_value(timed(z, t), theta, activation)

    def vjp(z: Array, t: Array, theta: dict[str, Array]) -> tuple[Array, Pullback]:
        xp = namespace(z)
        f, network_pullback = perceptron.mlp.body(timed(z, t), theta, activation=activation)

        def pullback(f_bar: Array, wrt: tuple[str, ...] = ("z", "t", "theta")) -> dict[str, Any]:
            inputs = ("x",) if "z" in wrt or "t" in wrt else ()
            grads = network_pullback(f_bar, wrt=(*inputs, *(("theta",) if "theta" in wrt else ())))
            out = {"theta": grads["theta"]}
            out |= {"z": grads["x"][:, :-1]} if inputs else {}
            return out | {"t": xp.sum(grads["x"][:, -1])} if "t" in wrt else out

        return f, pullback

    def jvp(z: Array, z_dot: Array, t: Array, theta: dict[str, Array]) -> tuple[tuple[Array, Array], Pullback]:
        xp = namespace(z)
        still = xp.zeros((*z_dot.shape[:2], 1), dtype=z.dtype, device=z.device)               # t_dot = 0
        outputs, network_pullback = perceptron.mlp_tangent.body(
            timed(z, t), xp.concat([z_dot, still], axis=2), theta, activation=activation
        )

        def pullback(
            f_bar: Array, f_dot_bar: Array, wrt: tuple[str, ...] = ("z", "z_dot", "t", "theta")
        ) -> dict[str, Any]:
            inputs = {"z": "x", "t": "x", "z_dot": "x_dot", "theta": "theta"}
            grads = network_pullback(f_bar, f_dot_bar, wrt=tuple({inputs[name] for name in wrt}))
            out = {"theta": grads["theta"]}
            out |= {"z": grads["x"][:, :-1], "t": xp.sum(grads["x"][:, -1])} if "x" in grads else {}
            return out | {"z_dot": grads["x_dot"][:, :, :-1]} if "x_dot" in grads else out

        return outputs, pullback

    return Field(f"mlp_{activation}", ("z", "t"), value, vjp, jvp, TIMED_MLP)


def made_conditioner(activation: str) -> Field:
    """c(x) = made(x), whose component d depends on x_1 … x_{d−1} alone."""

    def vjp(x: Array, theta: dict[str, Array]) -> tuple[Array, Pullback]:
        return made.body(x, theta, activation=activation)

    return Field(f"made_{activation}", ("x",), lambda x, theta: vjp(x, theta)[0], vjp, layout=MLP)


SCORES = {f"mlp_{name}": mlp_score(name) for name in ACTIVATIONS} | {
    "linear": Field("linear", ("x",), lambda x, theta: affine_vjp(x, theta)[0], affine_vjp, affine_jvp, AFFINE),
}
VELOCITIES = {f"mlp_{name}": mlp_velocity(name) for name in ACTIVATIONS} | {
    "linear": Field("linear", ("z", "t"), lambda z, t, theta: linear_velocity_vjp(z, t, theta)[0],
                    linear_velocity_vjp, linear_velocity_jvp, AFFINE),
    "theta_sin": Field("theta_sin", ("z", "t"), lambda z, t, theta: theta_sin_vjp(z, t, theta)[0],
                       theta_sin_vjp, theta_sin_jvp, RATES),
}
NETWORKS = {
    name: Field(name, ("x",), one.value, one.vjp, layout=one.layout, gives=("B", "E"))
    for name, one in (("mlp_tanh", SCORES["mlp_tanh"]), ("mlp_relu", mlp_score("relu")), ("linear", SCORES["linear"]))
}
CRITICS = {name: replace(one, gives=("B", 1)) for name, one in SCORES.items()}
AUTOREGRESSIVE = {f"made_{name}": made_conditioner(name) for name in ACTIVATIONS} | {
    "triangular": Field("triangular", ("x",), lambda x, theta: triangular_vjp(x, theta)[0], triangular_vjp,
                        layout=AFFINE),
}
