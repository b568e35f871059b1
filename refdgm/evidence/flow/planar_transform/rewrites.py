"""A planar layer and its inverse, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.flow.planes import hat_and_jacobians
from refdgm.flow.planar_transform import planar_inverse, planar_transform


@rewrite(planar_transform)
def by_matrices(z: Any, u: Any, w: Any, b: Any, *, constraint: str) -> Any:
    """u_hat by its Jacobians, the layer's own Jacobian as a matrix, and ℓ with k = ⟨u_hat, w⟩ as it comes."""
    hat, of_u, of_w = hat_and_jacobians(u, w, constraint)
    a = z @ w + b
    h, slope = np.tanh(a), 1 / np.cosh(a) ** 2
    matrices = np.eye(len(u), dtype=u.dtype) + slope[:, None, None] * np.outer(hat, w)
    k = hat @ w

    def pullback(x_bar: Any, log_det_bar: Any) -> dict[str, Any]:
        e = log_det_bar / (1 + slope * k)
        by_volume = -2 * h * slope * k * e
        a_bar = slope * (x_bar @ hat) + by_volume
        hat_bar = h @ x_bar + np.sum(slope * e) * w
        return {"z": np.einsum("bij,bi->bj", matrices, x_bar) + by_volume[:, None] * w, "u": hat_bar @ of_u,
                "w": a_bar @ z + np.sum(slope * e) * hat + hat_bar @ of_w, "b": np.sum(a_bar)}

    return (z + np.outer(h, hat), np.log(np.abs(1 + slope * k))), pullback


@rewrite(planar_transform)
def by_exponentials(z: Any, u: Any, w: Any, b: Any, *, constraint: str) -> Any:
    """h = 1 − 2/(e^{2a} + 1), example by example."""
    hat, of_u, of_w = hat_and_jacobians(u, w, constraint)
    k = hat @ w
    xs, logs, parts = [], [], []
    for row in z:
        half = 1 / (np.exp(2 * (row @ w + b)) + 1)
        h, slope = 1 - 2 * half, 4 * half * (1 - half)
        xs.append(row + h * hat)
        logs.append(np.log(np.abs(1 + slope * k)))
        parts.append((h, slope))

    def pullback(x_bar: Any, log_det_bar: Any) -> dict[str, Any]:
        z_bar, hat_bar, w_bar, b_bar = np.zeros_like(z), 0 * u, 0 * w, 0 * b
        for i, (h, slope) in enumerate(parts):
            e = log_det_bar[i] / (1 + slope * k)
            a_bar = slope * (x_bar[i] @ hat - 2 * h * k * e)
            z_bar[i] = x_bar[i] + a_bar * w
            hat_bar = hat_bar + h * x_bar[i] + slope * e * w
            w_bar, b_bar = w_bar + a_bar * z[i] + slope * e * hat, b_bar + a_bar
        return {"z": z_bar, "u": hat_bar @ of_u, "w": w_bar + hat_bar @ of_w, "b": b_bar}

    empty = np.zeros(0, z.dtype)
    return (np.stack(xs) if xs else z + 0, np.stack(logs) if logs else empty), pullback


@rewrite(planar_inverse)
def by_bisection(x: Any, u: Any, w: Any, b: Any, *, constraint: str) -> Any:
    """The root by halving, then three of Newton's steps; the gradient by the Jacobian of the layer there, solved."""
    hat, of_u, of_w = hat_and_jacobians(u, w, "softplus")
    k, y = np.logaddexp(np.zeros((), u.dtype), u @ w) - 1, x @ w + b
    low, high = y - np.abs(k) - 1, y + np.abs(k) + 1
    for _ in range(70):
        middle = (low + high) / 2
        above = middle + k * np.tanh(middle) > y
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    a = (low + high) / 2
    for _ in range(3):
        a = a - (a + k * np.tanh(a) - y) / (1 + k / np.cosh(a) ** 2)
    h, slope = np.tanh(a), 1 / np.cosh(a) ** 2
    z, det = x - np.outer(h, hat), 1 + slope * k

    def pullback(z_bar: Any, log_det_bar: Any) -> dict[str, Any]:
        by_volume = 2 * h * slope * k * log_det_bar / det
        whole = z_bar + by_volume[:, None] * w
        x_bar = whole - (slope * (whole @ hat) / det)[:, None] * w
        hat_bar = -(h @ x_bar) - np.sum(slope * log_det_bar / det) * w
        a_bar = -slope * (x_bar @ hat) + by_volume
        return {"x": x_bar, "u": hat_bar @ of_u, "w": a_bar @ z - np.sum(slope * log_det_bar / det) * hat
                + hat_bar @ of_w, "b": np.sum(a_bar)}

    return (z, -np.log(det)), pullback
