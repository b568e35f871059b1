"""Mistakes in the moved half of a coupling layer."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.flow.affine_coupling import affine_coupling
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension

BODY = affine_coupling.body
OF_LOG_DET = ("log_det", "gradient.log_scale")
OF_SCALE = ("y", "log_det", "gradient.x", "gradient.log_scale")


def scales(log_scale: Array, scale: str, offset: float = 2.0) -> tuple[Array, Array]:
    """s and ds/dr."""
    xp = namespace(log_scale)
    if scale == "exp":
        return log_scale, 0 * log_scale + 1
    u = log_scale + offset
    return -xp.log1p(xp.exp(-u)), 1 / (1 + xp.exp(u))


def coupled(x: Array, shift: Array, direction: str, s: Array, slope: Array, terms: Any = None,
            of_terms: Any = None) -> Any:
    """The layer of this s, with ds/dr; ℓ is the sum of `terms`, whose derivative for r is `of_terms`."""
    xp, forward = namespace(x), direction == "forward"
    sign = 1 if forward else -1
    terms, of_terms = (sign * s, sign * slope) if terms is None else (terms, of_terms)
    factor = xp.exp(sign * s)
    y = x * factor + shift if forward else (x - shift) * factor

    def pullback(y_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        x_bar = y_bar * factor
        moved = x_bar * x if forward else -x_bar * (x - shift)
        return {"x": x_bar, "log_scale": moved * slope + against(log_det_bar, x) * of_terms,
                "shift": +y_bar if forward else -x_bar}

    return (y, xp.sum(xp.reshape(terms, (x.shape[0], dimension(x))), axis=-1)), pullback


def weighted(x: Array, log_scale: Array, shift: Array, direction: str, scale: str, weight: Any) -> Any:
    """ℓ with its terms times `weight`, and nothing else is wrong."""
    s, slope = scales(log_scale, scale)
    weight = weight if direction == "forward" else -weight
    return coupled(x, shift, direction, s, slope, weight * s, weight * slope)


@mistake(affine_coupling, *OF_LOG_DET)
def mean_over_components(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """ℓ is the mean of s, and not the sum."""
    return weighted(x, log_scale, shift, direction, scale, 1 / max(dimension(x), 1))


@mistake(affine_coupling, *OF_LOG_DET)
def last_axis_alone(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """s is summed along the last axis and averaged over the others; right for vectors."""
    many = dimension(x) // max(x.shape[-1], 1) if x.ndim > 2 else 1
    return weighted(x, log_scale, shift, direction, scale, 1 / max(many, 1))


@mistake(affine_coupling, *OF_LOG_DET)
def summed_over_the_batch(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """ℓ is one number for the batch; right for one example."""
    xp = namespace(x)
    (y, log_det), right = BODY(x, log_scale, shift, direction=direction, scale=scale)
    return (y, xp.sum(log_det) + 0 * log_det), lambda y_bar, bar: right(y_bar, xp.sum(bar) + 0 * bar)


@mistake(affine_coupling, *OF_LOG_DET)
def logarithm_forgotten(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """ℓ is a sum of scales, and not of their logarithms."""
    xp = namespace(x)
    s, slope = scales(log_scale, scale)
    factor = xp.exp(s) if direction == "forward" else xp.exp(-s)
    return coupled(x, shift, direction, s, slope, factor, (factor if direction == "forward" else -factor) * slope)


@mistake(affine_coupling, *OF_LOG_DET)
def network_output_summed(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """With the sigmoid ℓ is the sum of r, as if the exponential were still there."""
    s, slope = scales(log_scale, scale)
    sign = 1 if direction == "forward" else -1
    return coupled(x, shift, direction, s, slope, sign * log_scale, sign * (0 * log_scale + 1))


@mistake(affine_coupling)
def not_moved_by_two(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """σ(r) for σ(r + 2): an untrained layer halves everything."""
    return coupled(x, shift, direction, *scales(log_scale, scale, offset=0.0))


@mistake(affine_coupling)
def always_forward(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """The inverse is never taken."""
    return BODY(x, log_scale, shift, direction="forward", scale=scale)


@mistake(affine_coupling, "gradient.log_scale")
def slope_of_the_sigmoid_forgotten(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """r_bar = s_bar, with the sigmoid too."""
    s, slope = scales(log_scale, scale)
    value, right = coupled(x, shift, direction, s, slope)
    return value, lambda y_bar, bar: (g := right(y_bar, bar)) | {"log_scale": g["log_scale"] / slope}


@mistake(affine_coupling, "gradient.log_scale")
def slope_of_the_other_tail(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """r_bar = s_bar σ(r + 2), where the logarithm of σ has the slope σ(−r − 2)."""
    s, slope = scales(log_scale, scale)
    value, right = coupled(x, shift, direction, s, slope)
    other = 1 - slope if scale == "sigmoid" else slope
    return value, lambda y_bar, bar: (g := right(y_bar, bar)) | {"log_scale": g["log_scale"] * (other / slope)}


@mistake(affine_coupling, "gradient.log_scale")
def volume_without_gradient(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """s_bar = y_bar x e^s: ℓ is taken for a constant."""
    value, right = BODY(x, log_scale, shift, direction=direction, scale=scale)
    return value, lambda y_bar, bar: right(y_bar, 0 * bar)


@mistake(affine_coupling, "gradient.log_scale")
def exponential_not_differentiated(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """s_bar = y_bar x + ℓ_bar forwards: the factor of the exponential is lost."""
    value, right = BODY(x, log_scale, shift, direction=direction, scale=scale)
    if direction == "inverse":
        return value, right
    _, slope = scales(log_scale, scale)
    return value, lambda y_bar, bar: right(y_bar, bar) | {"log_scale": (y_bar * x + against(bar, x)) * slope}


@mistake(affine_coupling, "gradient.shift")
def shift_gradient_with_plus(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """t_bar = x_bar on the way back, where t is taken off."""
    value, right = BODY(x, log_scale, shift, direction=direction, scale=scale)
    sign = 1 if direction == "forward" else -1
    return value, lambda y_bar, bar: (g := right(y_bar, bar)) | {"shift": sign * g["shift"]}


@mistake(affine_coupling, "gradient.shift")
def shift_gradient_not_scaled(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """t_bar = ±y_bar both ways."""
    value, right = BODY(x, log_scale, shift, direction=direction, scale=scale)
    sign = 1 if direction == "forward" else -1
    return value, lambda y_bar, bar: right(y_bar, bar) | {"shift": sign * y_bar}


@mistake(affine_coupling, "gradient.x")
def straight_through(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """x_bar = y_bar: the scale is skipped on the way back."""
    value, right = BODY(x, log_scale, shift, direction=direction, scale=scale)
    return value, lambda y_bar, bar: right(y_bar, bar) | {"x": +y_bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(affine_coupling, *OF_LOG_DET, seen="Information-Fusion-Lab-Umass/NuX #10; ikostrikov/pytorch-flows #16",
         blind=True)
def log_det_of_the_way_there(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """ℓ = Σ s on the way back too."""
    return weighted(x, log_scale, shift, direction, scale, 1 if direction == "forward" else -1)


@mistake(affine_coupling, "y", "gradient.log_scale", "gradient.shift", seen="li012589/neuralCT #1", blind=True)
def inverse_in_the_same_order(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """x e^{−s} − t on the way back: first the scale, then the shift, as on the way there."""
    if direction == "forward":
        return BODY(x, log_scale, shift, direction=direction, scale=scale)
    (y, log_det), right = BODY(x, log_scale, 0 * shift, direction=direction, scale=scale)
    return (y - shift, log_det), lambda y_bar, bar: right(y_bar, bar) | {"shift": -y_bar}


@mistake(affine_coupling, *OF_SCALE, "gradient.shift", blind=True)
def scale_for_variance(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """e^{s/2} for e^s: the network's output is read as the logarithm of a variance."""
    s, slope = scales(log_scale, scale)
    return coupled(x, shift, direction, s / 2, slope / 2)


@mistake(affine_coupling, "gradient.log_scale", blind=True)
def volume_added_on_the_way_back(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """s_bar = −x_bar (x − t) + ℓ_bar on the way back: the gradient of a likelihood that grows with the scale."""
    value, right = BODY(x, log_scale, shift, direction=direction, scale=scale)
    return value, (lambda y_bar, bar: right(y_bar, bar)) if direction == "forward" else (
        lambda y_bar, bar: right(y_bar, bar) | {"log_scale": right(y_bar, -bar)["log_scale"]})


@mistake(affine_coupling, "gradient.log_scale", blind=True)
def shift_seen_by_the_scale(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """s_bar = y_bar y + ℓ_bar forwards, of the shifted output: right for t = 0."""
    value, right = BODY(x, log_scale, shift, direction=direction, scale=scale)
    if direction == "inverse":
        return value, right
    _, slope = scales(log_scale, scale)
    return value, lambda y_bar, bar: right(y_bar, bar) | {"log_scale": (y_bar * value[0] + against(bar, x)) * slope}


@mistake(affine_coupling, "y", blind=True)
def shift_negative(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """x e^s − t on the way there; its gradients are those of the right one."""
    (y, log_det), right = BODY(x, log_scale, shift, direction=direction, scale=scale)
    return (y - 2 * shift if direction == "forward" else y, log_det), right
