"""Mistakes in flows of several layers."""

from collections.abc import Callable, Sequence
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.flow.bijection import Bijection
from refdgm.flow.normalizing_flow_log_density import (
    layer,
    log_normal,
    normalizing_flow_log_density,
    normalizing_flow_sample,
    stacked,
)
from refdgm.namespace import Array, namespace

Theta = dict[str, Array]
DENSITY, SAMPLE = normalizing_flow_log_density.body, normalizing_flow_sample.body


def depth(theta: Theta) -> int:
    return int(next(iter(theta.values())).shape[0])


def visited(state: Array, theta: Theta, ask: Callable[..., Any], numbers: Sequence[int], turned: Sequence[bool],
            weights: Sequence[float], last: bool = False) -> Any:
    """The layers of these numbers, one after the other: `turned` tells before which the components are reversed, and
    `last` whether after all of them; `weights` are what the log-determinants count. Returned are the end, the sum, and
    a pullback from cotangents of both to those of the start and of θ."""
    xp, kept = namespace(state), []
    total = xp.sum(0 * state, axis=1)
    for number, turn, weight in zip(numbers, turned, weights, strict=True):
        state = xp.flip(state, axis=1) if turn else state
        (state, log_det), right = ask(state, layer(theta, number))
        total = total + weight * log_det
        kept.append(right)
    state = xp.flip(state, axis=1) if last else state

    def pullback(bar: Array, total_bar: Array) -> tuple[Array, dict[str, Any]]:
        each: dict[int, Any] = {n: {name: xp.zeros_like(e[0, ...]) for name, e in theta.items()}
                                for n in range(depth(theta))}
        bar = xp.flip(bar, axis=1) if last else bar
        for i in range(len(kept) - 1, -1, -1):
            grads = kept[i](bar, weights[i] * total_bar)
            bar = xp.flip(grads["x"], axis=1) if turned[i] else grads["x"]
            each[numbers[i]] = {name: each[numbers[i]][name] + e for name, e in grads["theta"].items()}
        return bar, stacked(theta, [each[n] for n in range(depth(theta))])

    return state, total, pullback


def between(count: int, order: str) -> list[bool]:
    return [order == "reverse" and i > 0 for i in range(count)]


def density(x: Array, theta: Theta, transform: Bijection, order: str, numbers: Any = None, turned: Any = None,
            weights: Any = None, last: bool = False, base: float = 1.0) -> Any:
    """As `normalizing_flow_log_density`, with other parts; `base` is what log N(z) counts."""
    count = depth(theta)
    z, total, back = visited(
        x, theta, transform.inverse, range(count - 1, -1, -1) if numbers is None else numbers,
        between(count, order) if turned is None else turned, [1.0] * count if weights is None else weights, last)

    def pullback(bar: Array) -> dict[str, Any]:
        x_bar, theta_bar = back(-base * bar[:, None] * z, bar)
        return {"x": x_bar, "theta": theta_bar}

    return base * log_normal(z) + total, pullback


def sample(z: Array, theta: Theta, transform: Bijection, order: str, numbers: Any = None, turned: Any = None,
           weights: Any = None, last: bool = False) -> Any:
    """As `normalizing_flow_sample`, with other parts."""
    count = depth(theta)
    x, total, back = visited(z, theta, transform.forward, range(count) if numbers is None else numbers,
                             between(count, order) if turned is None else turned,
                             [-1.0] * count if weights is None else weights, last)

    def pullback(x_bar: Array, bar: Array) -> dict[str, Any]:
        z_bar, theta_bar = back(x_bar, bar)
        return {"z": z_bar - bar[:, None] * z, "theta": theta_bar}

    return (x, log_normal(z) + total), pullback


# The density: wrong equations, rightly differentiated


@mistake(normalizing_flow_log_density)
def layers_as_for_sampling(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The inverses from the first layer to the last; right for one layer."""
    return density(x, theta, transform, order, numbers=range(depth(theta)))


@mistake(normalizing_flow_log_density, seen="ikostrikov/pytorch-flows #16")
def log_det_sign(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The log-determinants of the inverses are subtracted, as if they were those of the layers."""
    return density(x, theta, transform, order, weights=[-1.0] * depth(theta))


@mistake(normalizing_flow_log_density, seen="tensorflow/models #7465")
def log_det_overwritten(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The log-determinant of each layer takes the place of those before it: that of f_1 is left."""
    count = depth(theta)
    return density(x, theta, transform, order, weights=[float(i == count - 1) for i in range(count)])


@mistake(normalizing_flow_log_density)
def order_kept(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The components are not reversed on the way from the data, though they are on the way to them."""
    return density(x, theta, transform, "keep")


@mistake(normalizing_flow_log_density)
def reversed_at_the_data(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """Reversed before every inverse, also that of the last layer: once too often."""
    return density(x, theta, transform, order, turned=[order == "reverse"] * depth(theta))


@mistake(normalizing_flow_log_density)
def base_at_the_data(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """log N(x) + Σ ℓ: the base is asked where the walk begins."""
    z, total, back = visited(x, theta, transform.inverse, range(depth(theta) - 1, -1, -1),
                             between(depth(theta), order), [1.0] * depth(theta))

    def pullback(bar: Array) -> dict[str, Any]:
        x_bar, theta_bar = back(0 * z, bar)
        return {"x": x_bar - bar[:, None] * x, "theta": theta_bar}

    return log_normal(x) + total, pullback


@mistake(normalizing_flow_log_density)
def base_left_out(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The volume alone."""
    return density(x, theta, transform, order, base=0.0)


@mistake(normalizing_flow_log_density, "value")
def constant_left_out(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """−½‖z‖² for log N(z)."""
    value, right = DENSITY(x, theta, transform=transform, order=order)
    return value - log_normal(0 * x), right


# The density: the value is right, a gradient is not


@mistake(normalizing_flow_log_density, "gradient.x", "gradient.theta")
def volume_of_one_layer_differentiated(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """p_bar is handed to the log-determinant of f_1 alone."""
    count = depth(theta)
    value, _ = DENSITY(x, theta, transform=transform, order=order)
    return value, density(x, theta, transform, order, weights=[float(i == count - 1) for i in range(count)])[1]


@mistake(normalizing_flow_log_density, "gradient.x", "gradient.theta")
def volume_detached(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The log-determinants are made without a graph."""
    value, _ = DENSITY(x, theta, transform=transform, order=order)
    return value, density(x, theta, transform, order, weights=[0.0] * depth(theta))[1]


@mistake(normalizing_flow_log_density, "gradient.x", "gradient.theta")
def base_detached(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """z is handed to the base without a graph."""
    value, _ = DENSITY(x, theta, transform=transform, order=order)
    return value, density(x, theta, transform, order, base=0.0)[1]


@mistake(normalizing_flow_log_density, "gradient.theta")
def gradients_stacked_backwards(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """θ_bar is stacked in the order of the walk, from the last layer to the first."""
    value, right = DENSITY(x, theta, transform=transform, order=order)
    return value, lambda bar: turned_over(right(bar))


@mistake(normalizing_flow_log_density, "gradient.theta")
def parameters_averaged(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """θ_bar is divided by the batch: shared parameters receive the sum."""
    value, right = DENSITY(x, theta, transform=transform, order=order)
    return value, lambda bar: scaled(right(bar), 1 / x.shape[0])


@mistake(normalizing_flow_log_density, "gradient.x")
def data_detached(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """x receives no gradient."""
    value, right = DENSITY(x, theta, transform=transform, order=order)
    return value, lambda bar: right(bar) | {"x": 0 * x}


def turned_over(grads: dict[str, Any]) -> dict[str, Any]:
    return grads | {"theta": {n: namespace(e).flip(e, axis=0) for n, e in grads["theta"].items()}}


def scaled(grads: dict[str, Any], by: float) -> dict[str, Any]:
    return grads | {"theta": {n: by * e for n, e in grads["theta"].items()}}


def shared(grads: dict[str, Any]) -> dict[str, Any]:
    """Every layer the sum of all."""
    return grads | {"theta": {n: 0 * e + namespace(e).sum(e, axis=0) for n, e in grads["theta"].items()}}


# The sample: wrong equations, rightly differentiated


@mistake(normalizing_flow_sample)
def layers_as_for_the_density(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """From the last layer to the first; right for one layer."""
    return sample(z, theta, transform, order, numbers=range(depth(theta) - 1, -1, -1))


@mistake(normalizing_flow_sample, "log_density", "gradient.z", "gradient.theta", name="log_det_sign",
         seen="VincentStimper/normalizing-flows #27")
def sample_log_det_sign(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The layers' log-determinants are added: density for volume."""
    return sample(z, theta, transform, order, weights=[1.0] * depth(theta))


@mistake(normalizing_flow_sample, "log_density", "gradient.z", "gradient.theta", name="log_det_overwritten",
         seen="tensorflow/models #7465")
def sample_log_det_overwritten(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The log-determinant of each layer takes the place of those before it: that of f_L is left."""
    count = depth(theta)
    return sample(z, theta, transform, order, weights=[-float(i == count - 1) for i in range(count)])


@mistake(normalizing_flow_sample, name="order_kept")
def sample_order_kept(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The components are not reversed between the layers."""
    return sample(z, theta, transform, "keep")


@mistake(normalizing_flow_sample)
def reversed_at_the_base(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """Reversed before every layer, also the first: another path, with the same law."""
    return sample(z, theta, transform, order, turned=[order == "reverse"] * depth(theta))


@mistake(normalizing_flow_sample, "log_density", "gradient.z", "gradient.theta")
def base_at_the_sample(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """log N(x) − Σ ℓ: the base is asked where the walk ends."""
    (x, log_density), right = SAMPLE(z, theta, transform=transform, order=order)

    def pullback(x_bar: Array, bar: Array) -> dict[str, Any]:
        g = right(x_bar - bar[:, None] * x, bar)
        return g | {"z": g["z"] + bar[:, None] * z}

    return (x, log_density - log_normal(z) + log_normal(x)), pullback


@mistake(normalizing_flow_sample)
def last_layer_left_out(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The loop ends one layer too early: x = f_{L−1}."""
    count = max(depth(theta) - 1, 0)
    return sample(z, theta, transform, order, numbers=range(count), turned=between(count, order),
                  weights=[-1.0] * count)


# The sample: the values are right, a gradient is not


@mistake(normalizing_flow_sample, "gradient.z", "gradient.theta")
def log_density_detached(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The log-density is returned without a graph."""
    outputs, right = SAMPLE(z, theta, transform=transform, order=order)
    return outputs, lambda x_bar, bar: right(x_bar, 0 * bar)


@mistake(normalizing_flow_sample, "gradient.z", "gradient.theta")
def sample_detached(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """x is returned without a graph: no gradient along the path."""
    outputs, right = SAMPLE(z, theta, transform=transform, order=order)
    return outputs, lambda x_bar, bar: right(0 * x_bar, bar)


@mistake(normalizing_flow_sample, "gradient.z")
def draw_without_its_base(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """z_bar lacks −p_bar z: log N(z) is taken for a constant."""
    outputs, right = SAMPLE(z, theta, transform=transform, order=order)
    return outputs, lambda x_bar, bar: (g := right(x_bar, bar)) | {"z": g["z"] + bar[:, None] * z}


@mistake(normalizing_flow_sample, "gradient.theta", name="gradients_stacked_backwards")
def sample_gradients_stacked_backwards(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """θ_bar is stacked in the order of the pullback, from the last layer to the first."""
    outputs, right = SAMPLE(z, theta, transform=transform, order=order)
    return outputs, lambda *bars: turned_over(right(*bars))


@mistake(normalizing_flow_sample, "gradient.theta", name="parameters_averaged")
def sample_parameters_averaged(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """θ_bar is divided by the batch: shared parameters receive the sum."""
    outputs, right = SAMPLE(z, theta, transform=transform, order=order)
    return outputs, lambda *bars: scaled(right(*bars), 1 / z.shape[0])


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(normalizing_flow_log_density, "gradient.theta", blind=True)
def one_module_for_all_layers(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The layers' gradients are accumulated in one place and handed to each: right for one layer."""
    value, right = DENSITY(x, theta, transform=transform, order=order)
    return value, lambda bar: shared(right(bar))


@mistake(normalizing_flow_log_density, "gradient.x", "gradient.theta", blind=True)
def order_kept_in_the_pullback(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The cotangents are not reversed where the components were."""
    xp, count = namespace(x), depth(theta)
    value, _ = DENSITY(x, theta, transform=transform, order=order)
    state, kept = x, []
    for number in range(count - 1, -1, -1):
        (state, _), right = transform.inverse(state, layer(theta, number))
        kept.append(right)
        state = xp.flip(state, axis=1) if order == "reverse" and number > 0 else state

    def pullback(bar: Array) -> dict[str, Any]:
        along, each = -bar[:, None] * state, []
        for right in reversed(kept):
            g = right(along, bar)
            along = g["x"]
            each.append(g["theta"])
        return {"x": 1 * along, "theta": stacked(theta, each)}

    return value, pullback


@mistake(normalizing_flow_log_density, "value", blind=True)
def volumes_at_the_data(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """Every layer's log-determinant is taken at x, and not where the layer is; the gradients are those of the right
    sum. Right for one layer."""
    value, right = DENSITY(x, theta, transform=transform, order=order)
    _, total, _ = visited(x, theta, transform.inverse, range(depth(theta) - 1, -1, -1), between(depth(theta), order),
                          [1.0] * depth(theta))
    for number in range(depth(theta)):
        total = total - transform.inverse(x, layer(theta, number))[0][1]
    return value - total, right


@mistake(normalizing_flow_log_density, blind=True)
def reversed_over_the_batch(x: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The first axis is reversed, that of the examples, for the last: between the layers an example takes the place of
    another, and keeps its own components in their order."""
    if order != "reverse":
        return DENSITY(x, theta, transform=transform, order=order)
    xp, count = namespace(x), depth(theta)
    state, total, kept = x, xp.sum(0 * x, axis=1), []
    for number in range(count - 1, -1, -1):
        (state, log_det), right = transform.inverse(state, layer(theta, number))
        total = total + log_det
        kept.append(right)
        state = xp.flip(state, axis=0) if number > 0 else state
    z = state

    def pullback(bar: Array) -> dict[str, Any]:
        along, each = -bar[:, None] * z, []
        for number, right in enumerate(reversed(kept)):
            along = xp.flip(along, axis=0) if number > 0 else along
            g = right(along, bar)
            along = g["x"]
            each.append(g["theta"])
        return {"x": 1 * along, "theta": stacked(theta, each)}

    return log_normal(z) + total, pullback


@mistake(normalizing_flow_sample, "gradient.theta", blind=True, name="one_module_for_all_layers")
def sample_one_module_for_all_layers(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """The layers' gradients are accumulated in one place and handed to each: right for one layer."""
    outputs, right = SAMPLE(z, theta, transform=transform, order=order)
    return outputs, lambda *bars: shared(right(*bars))


@mistake(normalizing_flow_sample, "log_density", blind=True)
def density_of_the_draw(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """log N(z) is reported for log p(x), with the gradient of the right one."""
    (x, _), right = SAMPLE(z, theta, transform=transform, order=order)
    return (x, log_normal(z)), right


@mistake(normalizing_flow_sample, "gradient.theta", blind=True)
def point_held(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """θ_bar for log p is that of the density at a point that is held, which lacks the path: of samples whose x receives
    no gradient it is the gradient of a likelihood, and no sample's."""
    outputs, right = SAMPLE(z, theta, transform=transform, order=order)
    _, held = DENSITY(outputs[0], theta, transform=transform, order=order)

    def pullback(x_bar: Array, bar: Array) -> dict[str, Any]:
        along, still = right(x_bar, 0 * bar)["theta"], held(bar)["theta"]
        return right(x_bar, bar) | {"theta": {name: along[name] + still[name] for name in theta}}

    return outputs, pullback


@mistake(normalizing_flow_sample, "x", "gradient.z", "gradient.theta", blind=True)
def reversed_at_the_end(z: Array, theta: Theta, *, transform: Bijection, order: str) -> Any:
    """Reversed after every layer, also the last: x in another order of its components."""
    return sample(z, theta, transform, order, last=order == "reverse")
