"""A planar flow, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.flow.planes import hat_and_jacobians
from refdgm.flow.planar_flow import planar_flow


@rewrite(planar_flow)
def one_example_at_a_time(z: Any, u: Any, w: Any, b: Any, *, constraint: str) -> Any:
    """Every example on its own; the parameters' gradients are added up in a loop."""
    single = [planar_flow.body(row[None], u, w, b, constraint=constraint) for row in z]

    def pullback(x_bar: Any, bar: Any) -> dict[str, Any]:
        each = [right(x_bar[i : i + 1], bar[i : i + 1]) for i, (_, right) in enumerate(single)]
        return {"z": np.concatenate([0 * z[:0], *[g["z"] for g in each]]),
                **{name: sum([g[name] for g in each], start=np.zeros_like(entry))
                   for name, entry in (("u", u), ("w", w), ("b", b))}}

    outputs = [[0 * z[:0], 0 * z[:0, 0]], *[one for one, _ in single]]
    return tuple(np.concatenate(every) for every in zip(*outputs, strict=True)), pullback


@rewrite(planar_flow)
def with_jacobians_forward(z: Any, u: Any, w: Any, b: Any, *, constraint: str) -> Any:
    """The Jacobian of what came before is carried along, layer by layer, and so are the slopes of ℓ and of x in all
    parameters: no pullback of a layer, but one contraction at the end."""
    count, dim, eye = u.shape[0], z.shape[1], np.eye(z.shape[1], dtype=z.dtype)
    x, log_det = 1 * z, np.zeros_like(z, shape=len(z))
    to_z = np.broadcast_to(eye, (len(z), dim, dim))  # ∂x/∂z
    slopes = np.zeros_like(z, shape=(len(z), dim))  # ∂ℓ/∂z
    moved: list[Any] = []  # of every layer so far: ∂x and ∂ℓ for u_hat (D), w (D) of the planes and b (1)
    jacobians = []
    for n in range(count):
        hat, of_u, of_w = hat_and_jacobians(u[n], w[n], constraint)
        jacobians.append((of_u, of_w))
        a, k = x @ w[n] + b[n], hat @ w[n]
        h, slope = np.tanh(a), 1 / np.cosh(a) ** 2
        e = slope / (1 + slope * k)
        by_a = -2 * h * e * k  # of ℓ_n
        own_x = np.concatenate([h[:, None, None] * eye, slope[:, None, None] * hat[:, None] * x[:, None, :],
                                (slope[:, None] * hat)[:, :, None]], axis=2)
        own_l = np.concatenate([e[:, None] * w[n], by_a[:, None] * x + e[:, None] * hat, by_a[:, None]], axis=1)
        of_layer = eye + slope[:, None, None] * np.outer(hat, w[n])
        slopes = slopes + by_a[:, None] * (w[n] @ to_z)
        moved = [(of_layer @ px, pl + by_a[:, None] * (w[n] @ px)) for px, pl in moved] + [(own_x, own_l)]
        to_z = of_layer @ to_z
        x, log_det = x + np.outer(h, hat), log_det + np.log(np.abs(1 + slope * k))

    def pullback(x_bar: Any, bar: Any) -> dict[str, Any]:
        grads = {"u": np.zeros_like(u), "w": np.zeros_like(w), "b": np.zeros_like(b)}
        for n, (px, pl) in enumerate(moved):
            g = np.einsum("bi,bij->j", x_bar, px) + bar @ pl
            of_u, of_w = jacobians[n]
            grads["u"][n] = g[:dim] @ of_u
            grads["w"][n] = g[dim : 2 * dim] + g[:dim] @ of_w
            grads["b"][n] = g[2 * dim]
        return {"z": np.einsum("bi,bij->bj", x_bar, to_z) + bar[:, None] * slopes, **grads}

    return (x, log_det), pullback
