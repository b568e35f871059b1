"""Mistakes in a scaled and shifted point and its log-determinant."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.flow.affine_transform import affine_transform
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension

BODY = affine_transform.body
OF_LOG_DET = ("log_det", "gradient.scale")


def flat(x: Array) -> Array:
    return namespace(x).reshape(x, (x.shape[0], dimension(x)))


def stretched(z: Array, scale: Array, shift: Array, log_det: Array, slope: Array) -> Any:
    """The right image beside this log-determinant, whose derivative for the scale is `slope`."""
    (x, _), right = BODY(z, scale, shift)

    def pullback(x_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        zero = 0 * log_det_bar
        grads = right(x_bar, zero)
        return grads | {"scale": grads["scale"] + against(log_det_bar, z) * slope}

    return (x, log_det), pullback


def logs(scale: Array) -> Array:
    xp = namespace(scale)
    return xp.log(xp.abs(scale))


def total(x: Array) -> Array:
    return namespace(x).sum(flat(x), axis=-1)


@mistake(affine_transform, *OF_LOG_DET)
def mean_over_components(z: Array, scale: Array, shift: Array) -> Any:
    """ℓ is the mean of the logarithms, and not their sum."""
    count = max(dimension(z), 1)
    return stretched(z, scale, shift, total(logs(scale)) / count, 1 / (scale * count))


@mistake(affine_transform, *OF_LOG_DET)
def last_axis_alone(z: Array, scale: Array, shift: Array) -> Any:
    """The logarithms are summed along the last axis, and those of the other axes are averaged; right for vectors."""
    if z.ndim < 3:
        return BODY(z, scale, shift)
    count = max(dimension(z) // z.shape[-1], 1)
    return stretched(z, scale, shift, total(logs(scale)) / count, 1 / (scale * count))


@mistake(affine_transform, *OF_LOG_DET)
def summed_over_the_batch(z: Array, scale: Array, shift: Array) -> Any:
    """ℓ is one number, the sum over the batch too; right for one example."""
    xp = namespace(z)
    (x, log_det), right = BODY(z, scale, shift)
    return (x, xp.sum(log_det) + 0 * log_det), lambda x_bar, bar: right(x_bar, xp.sum(bar) + 0 * bar)


@mistake(affine_transform, *OF_LOG_DET)
def volume_forgotten(z: Array, scale: Array, shift: Array) -> Any:
    """ℓ = 0, that is p(x) = p(z): points move and take their density along."""
    return stretched(z, scale, shift, 0 * total(scale), 0 * scale)


@mistake(affine_transform, *OF_LOG_DET)
def determinant_for_its_logarithm(z: Array, scale: Array, shift: Array) -> Any:
    """|det| is returned, the product and not the sum of logarithms."""
    xp = namespace(z)
    log_det = total(logs(scale))
    return stretched(z, scale, shift, xp.exp(log_det), against(xp.exp(log_det), z) / scale)


@mistake(affine_transform, "x", "gradient.scale", "gradient.shift")
def shifted_before_scaled(z: Array, scale: Array, shift: Array) -> Any:
    """x = a (z + b)."""
    (x, log_det), right = BODY(z + shift, scale, 0 * shift)
    return (x, log_det), lambda x_bar, bar: (g := right(x_bar, bar)) | {"shift": g["z"]}


@mistake(affine_transform)
def the_way_back(z: Array, scale: Array, shift: Array) -> Any:
    """(z − b)/a and −ℓ: the inverse, from data to base."""
    (x, log_det), right = BODY(z - shift, 1 / scale, 0 * shift)

    def pullback(x_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        g = right(x_bar, log_det_bar)
        return {"z": g["z"], "scale": -g["scale"] / (scale * scale), "shift": -g["z"]}

    return (x, log_det), pullback


@mistake(affine_transform, "x", "log_det", "gradient.z", "gradient.scale")
def scale_for_variance(z: Array, scale: Array, shift: Array) -> Any:
    """x = √|a| z + b: the scale is read as a variance."""
    xp = namespace(z)
    root = xp.sqrt(xp.abs(scale))
    (x, log_det), right = BODY(z, root, shift)
    return (x, log_det), lambda x_bar, bar: (g := right(x_bar, bar)) | {"scale": g["scale"] * root / (2 * scale)}


@mistake(affine_transform, "x", "gradient.z", "gradient.scale")
def scaled_by_the_modulus(z: Array, scale: Array, shift: Array) -> Any:
    """x = |a| z + b: no reflection; with a symmetric base the density is the same."""
    xp = namespace(z)
    sign = xp.sign(scale)
    (x, log_det), right = BODY(z, sign * scale, shift)
    return (x, log_det), lambda x_bar, bar: (g := right(x_bar, bar)) | {"scale": sign * g["scale"]}


@mistake(affine_transform, "gradient.scale")
def slope_of_the_modulus(z: Array, scale: Array, shift: Array) -> Any:
    """a_bar = z x_bar + ℓ_bar/|a|: the logarithm is differentiated as if there were no modulus in it."""
    value, right = BODY(z, scale, shift)
    size = namespace(z).abs(scale)
    return value, lambda x_bar, bar: right(x_bar, bar) | {"scale": z * x_bar + against(bar, z) / size}


@mistake(affine_transform, "gradient.scale")
def log_det_without_gradient(z: Array, scale: Array, shift: Array) -> Any:
    """a_bar = z x_bar: ℓ is taken for a constant."""
    value, right = BODY(z, scale, shift)
    return value, lambda x_bar, bar: right(x_bar, 0 * bar)


@mistake(affine_transform, "gradient.scale")
def image_without_gradient(z: Array, scale: Array, shift: Array) -> Any:
    """a_bar = ℓ_bar/a: that the image moves is forgotten."""
    value, right = BODY(z, scale, shift)
    return value, lambda x_bar, bar: right(x_bar, bar) | {"scale": against(bar, z) / scale}


@mistake(affine_transform, "gradient.z")
def divided_on_the_way_back(z: Array, scale: Array, shift: Array) -> Any:
    """z_bar = x_bar/a: the inverse in the place of the transposed Jacobian."""
    value, right = BODY(z, scale, shift)
    return value, lambda x_bar, bar: right(x_bar, bar) | {"z": x_bar / scale}


@mistake(affine_transform, "gradient.shift")
def shift_scaled(z: Array, scale: Array, shift: Array) -> Any:
    """b_bar = a x_bar, as if it were added to z."""
    value, right = BODY(z, scale, shift)
    return value, lambda x_bar, bar: right(x_bar, bar) | {"shift": scale * x_bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(affine_transform, "log_det", seen="aesara-devs/aeppl #111", blind=True)
def modulus_forgotten(z: Array, scale: Array, shift: Array) -> Any:
    """ℓ = Σ log a: NaN wherever a scale is below zero. Its derivative is the right one."""
    return stretched(z, scale, shift, total(namespace(z).log(scale)), 1 / scale)


@mistake(affine_transform, *OF_LOG_DET, seen="VincentStimper/normalizing-flows #27", blind=True)
def log_det_of_the_other_direction(z: Array, scale: Array, shift: Array) -> Any:
    """−Σ log |a| beside the image: the determinant of ∂z/∂x."""
    return stretched(z, scale, shift, -total(logs(scale)), -1 / scale)


@mistake(affine_transform, *OF_LOG_DET, seen="tensorflow/probability #238", blind=True)
def once_for_all_places(z: Array, scale: Array, shift: Array) -> Any:
    """ℓ is summed along the first axis of an example, the channels, at one place alone; right for vectors."""
    if z.ndim < 3:
        return BODY(z, scale, shift)
    xp = namespace(z)
    here = xp.reshape(xp.arange(dimension(z), dtype=z.dtype, device=z.device), (1, *z.shape[1:]))
    first = (here % (dimension(z) // z.shape[1]) == 0) * (0 * scale + 1)
    return stretched(z, scale, shift, total(first * logs(scale)), first / scale)


@mistake(affine_transform, *OF_LOG_DET, blind=True)
def kept_from_zero(z: Array, scale: Array, shift: Array) -> Any:
    """ℓ = Σ log(|a| + 10⁻⁶): a small number against the logarithm of zero."""
    xp = namespace(z)
    size = xp.abs(scale) + 1e-6
    return stretched(z, scale, shift, total(xp.log(size)), xp.sign(scale) / size)


@mistake(affine_transform, "gradient.z", blind=True)
def modulus_on_the_way_back(z: Array, scale: Array, shift: Array) -> Any:
    """z_bar = |a| x_bar."""
    value, right = BODY(z, scale, shift)
    return value, lambda x_bar, bar: right(x_bar, bar) | {"z": namespace(z).abs(scale) * x_bar}


@mistake(affine_transform, "gradient.scale", blind=True)
def one_component_of_the_log_det(z: Array, scale: Array, shift: Array) -> Any:
    """a_bar has ℓ_bar/(a D): the gradient of a mean beside the sum."""
    value, right = BODY(z, scale, shift)
    return value, lambda x_bar, bar: right(x_bar, bar / max(dimension(z), 1))
