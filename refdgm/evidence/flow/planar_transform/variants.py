"""The constraint of a planar layer as flowjax has it."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.flow.planar_transform import planar_transform
from refdgm.namespace import Array, namespace

BODY = planar_transform.body


@variant("for softplus k = log(1 + sp(κ)) − 1", planar_transform)
def softplus_twice(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """⟨u_hat, w⟩ = log(1 + sp(κ)) − 1, where the paper has log(1 + e^κ) − 1: invertible too, another
    parametrisation."""
    if constraint == "none":
        return BODY(z, u, w, b, constraint=constraint)
    xp = namespace(z)
    kappa, n = xp.sum(u * w), xp.sum(w * w)
    size = xp.log1p(xp.exp(-xp.abs(kappa))) + xp.maximum(kappa, 0)
    c, slope = xp.log1p(size) - 1 - kappa, 1 / (1 + xp.exp(-kappa)) / (1 + size) - 1
    value, right = BODY(z, u + c / n * w, w, b, constraint="none")

    def pullback(x_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        grads = right(x_bar, log_det_bar)
        y = grads["u"]
        along = xp.sum(w * y) / n
        return grads | {"u": y + slope * along * w,
                        "w": grads["w"] + c / n * y + (slope * u - 2 * c / n * w) * along}

    return value, pullback
