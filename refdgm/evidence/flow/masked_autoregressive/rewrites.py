"""The flow and its inverse, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.flow.in_turn import Step, one_by_one
from refdgm.flow.masked_autoregressive import log_scale, masked_autoregressive, masked_autoregressive_inverse


def jacobian(pullback: Any, like: Any) -> Any:
    """∂c_i/∂x_j of every example, (B, i, j), row by row."""
    rows = [pullback(np.broadcast_to(row, like.shape).astype(like.dtype))["x"] for row in np.eye(like.shape[1])]
    return np.stack(rows, axis=1) if rows else np.zeros((len(like), 0, 0), like.dtype)


@rewrite(masked_autoregressive)
def by_its_whole_jacobian(x: Any, shift_theta: Any, scale_theta: Any, *, conditioner: Any, scale: str) -> Any:
    """Jacobians of both networks as matrices, and x_bar = Jᵀ z_bar by one product for each example."""
    shift, of_shift = conditioner.vjp(x, shift_theta)
    a, of_scale = conditioner.vjp(x, scale_theta)
    alpha, slope = log_scale(a, scale)
    z = (x - shift) / np.exp(alpha)

    def pullback(z_bar: Any, log_det_bar: Any) -> dict[str, Any]:
        j_shift, j_alpha = jacobian(of_shift, x), slope[:, :, None] * jacobian(of_scale, x)
        whole = (np.eye(x.shape[1]) - j_shift) / np.exp(alpha)[:, :, None] - z[:, :, None] * j_alpha
        x_bar = np.einsum("bi,bij->bj", z_bar, whole) - log_det_bar[:, None] * np.sum(j_alpha, axis=1)
        return {
            "x": x_bar.astype(x.dtype),
            "shift_theta": of_shift(-z_bar / np.exp(alpha))["theta"],
            "scale_theta": of_scale(-slope * z_bar * z - slope * log_det_bar[:, None])["theta"],
        }

    return (z, -np.sum(alpha, axis=1)), pullback


@rewrite(masked_autoregressive_inverse)
def differentiated_through_the_loop(z: Any, shift_theta: Any, scale_theta: Any, *, conditioner: Any,
                                    scale: str) -> Any:
    """Every evaluation of the loop is kept and led back through, as a library that differentiates does it."""
    return one_by_one(z, shift_theta, scale_theta, conditioner, scale, Step())


@rewrite(masked_autoregressive_inverse)
def by_a_linear_solve(z: Any, shift_theta: Any, scale_theta: Any, *, conditioner: Any, scale: str) -> Any:
    """v from (∂z/∂x)ᵀ, a triangular matrix for each example that is made and solved as a whole."""
    many, x = z.shape[1], np.zeros_like(z)
    for _ in range(many):
        alpha, _ = log_scale(conditioner.value(x, scale_theta), scale)
        x = conditioner.value(x, shift_theta) + z * np.exp(alpha)
    _, of_shift = conditioner.vjp(x, shift_theta)
    a, of_scale = conditioner.vjp(x, scale_theta)
    alpha, slope = log_scale(a, scale)
    grown = z * np.exp(alpha)

    def pullback(x_bar: Any, log_det_bar: Any) -> dict[str, Any]:
        j_shift, j_alpha = jacobian(of_shift, x), slope[:, :, None] * jacobian(of_scale, x)
        matrix = np.eye(many) - j_shift - grown[:, :, None] * j_alpha
        rest = x_bar + log_det_bar[:, None] * np.sum(j_alpha, axis=1)
        whole = np.zeros_like(x_bar)
        for d in range(many - 1, -1, -1):  # backwards, for LAPACK has no long doubles
            whole[:, d] = rest[:, d] - np.einsum("bi,bi->b", whole[:, d + 1:], matrix[:, d + 1:, d])
        return {
            "z": whole * np.exp(alpha),
            "shift_theta": of_shift(whole)["theta"],
            "scale_theta": of_scale(slope * (whole * grown + log_det_bar[:, None]))["theta"],
        }

    return (x, np.sum(alpha, axis=1)), pullback
