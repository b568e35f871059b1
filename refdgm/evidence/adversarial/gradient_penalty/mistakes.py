"""Mistakes in penalties of a critic's slope. Their weights, and which of both u is the share of, are conventions."""

from collections.abc import Callable
from typing import Any

from refdgm.adversarial.gradient_penalty import gradient_penalty, zero_centered_penalty
from refdgm.evidence.declare import mistake
from refdgm.evidence.network import bent, tangent
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field

Theta = dict[str, Array]
BODY = gradient_penalty.body
GRADIENTS = ("gradient.real", "gradient.fake", "gradient.theta")


def excess(n: Array, sides: str) -> Array:
    return n - 1 if sides == "two" else namespace(n).maximum(n - 1, 0 * n)


def worked(real: Array, fake: Array, share: Array, theta: Theta, critic: Field,
           of: Callable[[Array], tuple[Array, Array]], jvp: Any = None, undivided: bool = False) -> Any:
    """What `of` makes of the norms, and its slope in them; `jvp` is another tangent of the critic, and `undivided`
    takes ∇f for its direction. `share` fits the data."""
    xp = namespace(real)
    x = share * real + (1 - share) * fake
    f, back = critic.vjp(x, theta)
    g = back(xp.ones_like(f), wrt=("x",))["x"]
    n = xp.sqrt(xp.sum(g * g, axis=1))
    value, slope = of(n)

    def pullback(bar: Array) -> dict[str, Any]:
        v = g if undivided else g / n[:, None]
        _, right = (jvp or critic.jvp)(x, v[:, None, :], theta)
        grads = right(0 * f, (bar * slope)[:, None, None])
        return {"real": share * grads["x"], "fake": (1 - share) * grads["x"], "theta": grads["theta"]}

    return value, pullback


def squared(e: Array) -> tuple[Array, Array]:
    return e * e, 2 * e


# --- between data and samples: wrong equations, rightly differentiated -----------------------------


@mistake(gradient_penalty)
def square_less_one(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """(n² − 1)²: the root is left out."""

    def of(n: Array) -> tuple[Array, Array]:
        e = excess(n * n, sides)
        return e * e, 4 * n * e

    return worked(real, fake, u[:, None], theta, critic, of)


@mistake(gradient_penalty)
def mean_over_components(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """The root of the mean of squares: slopes of √D are asked for; right for D = 1."""
    root = max(real.shape[1], 1) ** 0.5

    def of(n: Array) -> tuple[Array, Array]:
        value, slope = squared(excess(n / root, sides))
        return value, slope / root

    return worked(real, fake, u[:, None], theta, critic, of)


@mistake(gradient_penalty)
def magnitude(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """|n − 1|, without its square."""

    def of(n: Array) -> tuple[Array, Array]:
        e = excess(n, sides)
        return namespace(n).abs(e), namespace(n).sign(e)

    return worked(real, fake, u[:, None], theta, critic, of)


@mistake(gradient_penalty)
def centred_at_zero(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """n²: no slope is asked for at all."""
    return worked(real, fake, u[:, None], theta, critic, squared)


@mistake(gradient_penalty)
def sides_ignored(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """Two-sided, whatever is asked; right where all slopes are above one."""
    return BODY(real, fake, u, theta, critic=critic, sides="two")


@mistake(gradient_penalty)
def at_the_data(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """The slope at the data, not between."""
    return BODY(real, fake, 0 * u + 1, theta, critic=critic, sides=sides)


@mistake(gradient_penalty)
def one_share_for_the_batch(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """The first share serves all pairs."""
    return BODY(real, fake, u[:1] + 0 * u, theta, critic=critic, sides=sides)


# One of value and gradient is right


@mistake(gradient_penalty, "value")
def norm_reported(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """The norm is what is logged."""
    n, _ = worked(real, fake, u[:, None], theta, critic, lambda n: (n, n))
    return n, BODY(real, fake, u, theta, critic=critic, sides=sides)[1]


@mistake(gradient_penalty, *GRADIENTS)
def no_curvature(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """The φ'' term of the gradient is missing; right for a linear critic."""
    jvp = None
    if critic.name.startswith("mlp_"):
        jvp = lambda x, v, theta: tangent(x, v, theta, bent(critic.name[4:], 0.0))
    return worked(real, fake, u[:, None], theta, critic, lambda n: squared(excess(n, sides)), jvp)


@mistake(gradient_penalty, *GRADIENTS)
def half_of_the_gradient(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """d_bar = J_bar e, as of ½ e²."""
    value, right = BODY(real, fake, u, theta, critic=critic, sides=sides)
    return value, lambda bar: right(bar / 2)


@mistake(gradient_penalty, "gradient.fake")
def samples_held(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """The samples are cut off from their generator."""
    value, right = BODY(real, fake, u, theta, critic=critic, sides=sides)
    return value, lambda bar: right(bar) | {"fake": 0 * fake}


@mistake(gradient_penalty, "gradient.real", "gradient.fake")
def shares_exchanged_on_the_way_back(
    real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str
) -> Any:
    """x_bar has 1 − u, and the sample's has u."""
    value, right = BODY(real, fake, u, theta, critic=critic, sides=sides)
    return value, lambda bar: (g := right(bar)) | {
        "real": (1 - u[:, None]) * (g["real"] + g["fake"]), "fake": u[:, None] * (g["real"] + g["fake"])}


@mistake(gradient_penalty, "gradient.theta")
def parameters_averaged(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """θ_bar is divided by the batch: shared parameters receive the sum."""
    value, right = BODY(real, fake, u, theta, critic=critic, sides=sides)
    return value, lambda bar: (g := right(bar)) | {"theta": {n: e / real.shape[0] for n, e in g["theta"].items()}}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(gradient_penalty, seen="keras-team/keras-contrib #232", blind=True)
def one_norm_of_the_batch(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """One norm of all the gradients together: slopes of 1/√B are asked for; right for a single example."""
    share, total = u[:, None], lambda x: namespace(x).sum(x) + 0 * x
    whole = lambda n: namespace(n).sqrt(total(n * n))
    value, _ = worked(real, fake, share, theta, critic, lambda n: squared(excess(whole(n), sides)))

    def pullback(bar: Array) -> dict[str, Any]:
        of = lambda n: (n, 2 * total(bar) * excess(whole(n), sides) * n / whole(n))
        return worked(real, fake, share, theta, critic, of)[1](0 * bar + 1)

    return value, pullback


@mistake(gradient_penalty, seen="eriklindernoren/PyTorch-GAN #5; preritj/progressive_growing_of_GANs #3", blind=True)
def a_share_for_every_component(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """Every component has a share of its own: the point lies in a box, and on no line between both."""
    xp, (batch, size) = namespace(real), real.shape
    share = xp.reshape(xp.concat([u] * size), (batch, size)) if size else u[:, None]
    return worked(real, fake, share, theta, critic, lambda n: squared(excess(n, sides)))


@mistake(gradient_penalty, seen="rosinality/style-based-gan-pytorch #34", blind=True)
def after_a_softplus(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """The loss of the score, log(1 + e^f), is differentiated for the score: g times σ(f)."""
    xp, share = namespace(real), u[:, None]
    x = share * real + (1 - share) * fake
    f, back = critic.vjp(x, theta)
    g, gate = back(xp.ones_like(f), wrt=("x",))["x"], 1 / (1 + xp.exp(-f[:, 0]))
    n = xp.sqrt(xp.sum(g * g, axis=1))
    value, slope = squared(excess(gate * n, sides))

    def pullback(bar: Array) -> dict[str, Any]:
        _, right = critic.jvp(x, (g / n[:, None])[:, None, :], theta)
        grads = right((bar * slope * n * gate * (1 - gate))[:, None], (bar * slope * gate)[:, None, None])
        return {"real": share * grads["x"], "fake": (1 - share) * grads["x"], "theta": grads["theta"]}

    return value, pullback


@mistake(gradient_penalty, seen="keras-team/keras-contrib #75", blind=True)
def slope_of_the_mean(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """The mean score is differentiated for the scores: slopes of B are asked for."""
    many = max(real.shape[0], 1)

    def of(n: Array) -> tuple[Array, Array]:
        value, slope = squared(excess(n / many, sides))
        return value, slope / many

    return worked(real, fake, u[:, None], theta, critic, of)


@mistake(gradient_penalty, *GRADIENTS, seen="brownvc/R3GAN #20", blind=True)
def without_a_graph(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """The slope is a constant of what follows: it is reported and moves nothing."""
    value, right = BODY(real, fake, u, theta, critic=critic, sides=sides)
    return value, lambda bar: right(0 * bar)


@mistake(gradient_penalty, *GRADIENTS, blind=True)
def below_one_in_the_gradient(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """The one-sided value has the gradient of the other; right where all slopes are above one."""
    value, _ = BODY(real, fake, u, theta, critic=critic, sides=sides)
    return value, BODY(real, fake, u, theta, critic=critic, sides="two")[1]


@mistake(gradient_penalty, *GRADIENTS, blind=True)
def along_the_gradient(real: Array, fake: Array, u: Array, theta: Theta, *, critic: Field, sides: str) -> Any:
    """The tangent along g, and not along g/n: the root has no slope of its own."""
    return worked(real, fake, u[:, None], theta, critic, lambda n: squared(excess(n, sides)), undivided=True)


# --- centred at zero: wrong equations, rightly differentiated --------------------------------------

ZERO = zero_centered_penalty


def of_the_norm(x: Array, theta: Theta, critic: Field, of: Callable[[Array], tuple[Array, Array]], **more: Any) -> Any:
    """What `of` makes of the norms at x."""
    value, right = worked(x, x, 1 + 0 * x[:, :1], theta, critic, of, **more)
    return value, lambda bar: {"x": (g := right(bar))["real"], "theta": g["theta"]}


@mistake(ZERO)
def the_norm_itself(x: Array, theta: Theta, *, critic: Field) -> Any:
    """½ ‖g‖, without its square."""
    return of_the_norm(x, theta, critic, lambda n: (n / 2, 0 * n + 0.5))


@mistake(ZERO)
def centred_at_one(x: Array, theta: Theta, *, critic: Field) -> Any:
    """½ (‖g‖ − 1)²: a slope of one is asked for."""
    return of_the_norm(x, theta, critic, lambda n: ((n - 1) ** 2 / 2, n - 1))


@mistake(ZERO, name="mean_over_components")
def zero_mean_over_components(x: Array, theta: Theta, *, critic: Field) -> Any:
    """The mean of the squared components; right for D = 1."""
    value, right = ZERO.body(x, theta, critic=critic)
    return value / max(x.shape[1], 1), lambda bar: right(bar / max(x.shape[1], 1))


@mistake(ZERO)
def of_the_batch(x: Array, theta: Theta, *, critic: Field) -> Any:
    """The sum of all examples stands for each; right for a single one."""
    value, right = ZERO.body(x, theta, critic=critic)
    total = lambda a: namespace(a).sum(a) + 0 * a
    return total(value), lambda bar: right(total(bar))


@mistake(ZERO)
def sum_squared(x: Array, theta: Theta, *, critic: Field) -> Any:
    """½ (Σ_d g_d)²: summed before it is squared; right for D = 1."""
    xp = namespace(x)
    axis = xp.ones_like(x)
    (f, along), right = critic.jvp(x, axis[:, None, :], theta)
    s = along[:, 0, 0]
    return s * s / 2, lambda bar: {
        n: g for n, g in right(0 * f, (bar * s)[:, None, None]).items() if n in ("x", "theta")}


@mistake(ZERO, "value")
def half_missing_in_the_value(x: Array, theta: Theta, *, critic: Field) -> Any:
    """‖g‖² is reported beside the gradient of its half."""
    value, right = ZERO.body(x, theta, critic=critic)
    return 2 * value, right


@mistake(ZERO, "gradient.x", "gradient.theta")
def half_missing_in_the_gradient(x: Array, theta: Theta, *, critic: Field) -> Any:
    """The gradient is that of ‖g‖²."""
    value, right = ZERO.body(x, theta, critic=critic)
    return value, lambda bar: right(2 * bar)


@mistake(ZERO, "gradient.x", "gradient.theta", name="no_curvature")
def zero_without_curvature(x: Array, theta: Theta, *, critic: Field) -> Any:
    """The φ'' term of the gradient is missing; right for a linear critic."""
    jvp = None
    if critic.name.startswith("mlp_"):
        jvp = lambda x, v, theta: tangent(x, v, theta, bent(critic.name[4:], 0.0))
    return of_the_norm(x, theta, critic, lambda n: (n * n / 2, n), jvp=jvp)


@mistake(ZERO, "gradient.x")
def points_held(x: Array, theta: Theta, *, critic: Field) -> Any:
    """x_bar = 0: the points are a leaf of their own."""
    value, right = ZERO.body(x, theta, critic=critic)
    return value, lambda bar: right(bar) | {"x": 0 * x}


@mistake(ZERO, "gradient.theta", name="parameters_averaged")
def zero_parameters_averaged(x: Array, theta: Theta, *, critic: Field) -> Any:
    """θ_bar is divided by the batch: shared parameters receive the sum."""
    value, right = ZERO.body(x, theta, critic=critic)
    return value, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


@mistake(ZERO, seen="rosinality/style-based-gan-pytorch #34", blind=True, name="after_a_softplus")
def zero_after_a_softplus(x: Array, theta: Theta, *, critic: Field) -> Any:
    """The loss of the score, log(1 + e^f), is differentiated for the score: g times σ(f)."""
    xp = namespace(x)
    f, back = critic.vjp(x, theta)
    g, gate = back(xp.ones_like(f), wrt=("x",))["x"], 1 / (1 + xp.exp(-f[:, 0]))
    square = xp.sum(g * g, axis=1)

    def pullback(bar: Array) -> dict[str, Any]:
        _, right = critic.jvp(x, g[:, None, :], theta)
        rate = bar * gate**2
        grads = right((rate * (1 - gate) * square)[:, None], rate[:, None, None])
        return {"x": grads["x"], "theta": grads["theta"]}

    return gate**2 * square / 2, pullback


@mistake(ZERO, "gradient.x", "gradient.theta", seen="brownvc/R3GAN #20", blind=True, name="without_a_graph")
def zero_without_a_graph(x: Array, theta: Theta, *, critic: Field) -> Any:
    """The penalty is detached: a constant of what follows."""
    value, right = ZERO.body(x, theta, critic=critic)
    return value, lambda bar: right(0 * bar)


@mistake(ZERO, blind=True, name="slope_of_the_mean")
def zero_slope_of_the_mean(x: Array, theta: Theta, *, critic: Field) -> Any:
    """The mean score is differentiated for the scores: the square is divided by B²."""
    many = max(x.shape[0], 1) ** 2
    value, right = ZERO.body(x, theta, critic=critic)
    return value / many, lambda bar: right(bar / many)


@mistake(ZERO, "gradient.theta", blind=True)
def score_of_the_gradient_added(x: Array, theta: Theta, *, critic: Field) -> Any:
    """The slope is found by backward(), which has left Σ ∂f/∂θ in the parameters' gradients, to which this is added."""
    value, right = ZERO.body(x, theta, critic=critic)
    f, back = critic.vjp(x, theta)
    left = back(namespace(f).ones_like(f), wrt=("x", "theta"))["theta"]
    return value, lambda bar: (g := right(bar)) | {"theta": {n: e + left[n] for n, e in g["theta"].items()}}
