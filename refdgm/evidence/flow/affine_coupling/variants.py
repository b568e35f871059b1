"""Coupling layers as two much used codes have them."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.flow.affine_coupling import affine_coupling
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension

BODY = affine_coupling.body


@variant("shifted before it is scaled", affine_coupling)
def shifted_first(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """y = (x + t) e^s, and x e^{−s} − t back, as in Glow's code, where the paper has x e^s + t."""
    none = 0 * shift
    if direction == "forward":
        value, right = BODY(x + shift, log_scale, none, direction=direction, scale=scale)
        return value, lambda y_bar, bar: (g := right(y_bar, bar)) | {"shift": +g["x"]}
    (y, log_det), right = BODY(x, log_scale, none, direction=direction, scale=scale)
    return (y - shift, log_det), lambda y_bar, bar: right(y_bar, bar) | {"shift": -y_bar}


@variant("for sigmoid e^s = σ(r + 2) + 10⁻³", affine_coupling)
def kept_from_zero(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Any:
    """The scale of nflows' default activation, which no data can make vanish."""
    if scale == "exp":
        return BODY(x, log_scale, shift, direction=direction, scale=scale)
    xp = namespace(x)
    sigma = 1 / (1 + xp.exp(-log_scale - 2))
    a = sigma + 1e-3
    total = xp.sum(xp.reshape(xp.log(a), (x.shape[0], dimension(x))), axis=-1)
    forward = direction == "forward"
    factor = a if forward else 1 / a
    y = x * factor + shift if forward else (x - shift) * factor

    def pullback(y_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        x_bar = y_bar * factor
        of_s = (x_bar * x if forward else -x_bar * (x - shift)) + against(log_det_bar, x) * (1 if forward else -1)
        slope = sigma / (1 + xp.exp(log_scale + 2)) / a
        return {"x": x_bar, "log_scale": of_s * slope, "shift": +y_bar if forward else -x_bar}

    return (y, total if forward else -total), pullback
