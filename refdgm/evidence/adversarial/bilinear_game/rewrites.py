"""The bilinear game, written otherwise."""

from typing import Any

import numpy as np

from refdgm.adversarial.bilinear_game import bilinear_game
from refdgm.evidence.declare import rewrite


@rewrite(bilinear_game)
def one_matrix_for_both(x: Any, y: Any, matrix: Any, step: Any, *, method: str, steps: int) -> Any:
    """z = (x, y) and z' = S z with S = I + J, (I + L)(I + U) or I + J + J², where J = L + U is ηA and −ηAᵀ."""
    d, e = matrix.shape
    one = np.eye(d + e, dtype=x.dtype)
    upper, lower = np.zeros_like(one), np.zeros_like(one)
    upper[:d, d:], lower[d:, :d] = -step * matrix, step * matrix.T
    both = upper + lower
    map_of = {"simultaneous": one + both, "alternating": (one + lower) @ (one + upper),
              "extragradient": one + both + both @ both}[method]
    z = [np.concatenate([x, y], axis=1)]
    for _ in range(steps):
        z.append(z[-1] @ map_of.T)

    def pullback(x_bar: Any, y_bar: Any) -> dict[str, Any]:
        z_bar, map_bar = np.concatenate([x_bar, y_bar], axis=1), np.zeros_like(one)
        for at in reversed(z[:-1]):
            map_bar = map_bar + z_bar.T @ at
            z_bar = z_bar @ map_of
        if method == "alternating":
            upper_bar, lower_bar = (one + lower).T @ map_bar, map_bar @ (one + upper).T
        else:
            square = both.T @ map_bar + map_bar @ both.T
            upper_bar = lower_bar = map_bar + (square if method == "extragradient" else 0)
        m_bar = lower_bar[d:, :d].T - upper_bar[:d, d:]
        return {"x": z_bar[:, :d], "y": z_bar[:, d:], "matrix": step * m_bar, "step": np.sum(matrix * m_bar)}

    return (z[-1][:, :d], z[-1][:, d:]), pullback


@rewrite(bilinear_game)
def step_outside(x: Any, y: Any, matrix: Any, step: Any, *, method: str, steps: int) -> Any:
    """Gradients of V first, then times η; all states of x* and y* in two lists, and η_bar by itself."""
    rows = []
    for _ in range(steps):
        x0, y0 = x, y
        if method == "extragradient":
            at_x, at_y = x - step * np.einsum("de,be->bd", matrix, y), y + step * np.einsum("de,bd->be", matrix, x)
            x = x0 - step * np.einsum("de,be->bd", matrix, at_y)
        else:
            x = x0 - step * np.einsum("de,be->bd", matrix, y)
            at_x, at_y = (x if method == "alternating" else x0), y0
        y = y0 + step * np.einsum("de,bd->be", matrix, at_x)
        rows.append((x0, y0, at_x, at_y))

    def pullback(x_bar: Any, y_bar: Any) -> dict[str, Any]:
        matrix_bar, step_bar = np.zeros_like(matrix), np.zeros_like(step)

        def taken(bar_x: Any, bar_y: Any, at_x: Any, at_y: Any) -> None:
            nonlocal matrix_bar, step_bar
            matrix_bar = matrix_bar + step * (np.einsum("bd,be->de", at_x, bar_y) - np.einsum("bd,be->de", bar_x, at_y))
            step_bar = step_bar + np.sum(bar_y * (at_x @ matrix)) - np.sum(bar_x * (at_y @ matrix.T))

        for x0, y0, at_x, at_y in rows[::-1]:
            of_x = step * (y_bar @ matrix.T)
            whole = x_bar + of_x if method == "alternating" else x_bar
            of_y = -step * (whole @ matrix)
            taken(whole, y_bar, at_x, at_y)
            if method == "extragradient":
                taken(of_x, of_y, x0, y0)
                whole, y_bar = whole + step * (of_y @ matrix.T), y_bar - step * (of_x @ matrix)
            x_bar, y_bar = (whole if method == "alternating" else whole + of_x), y_bar + of_y
        return {"x": x_bar, "y": y_bar, "matrix": matrix_bar, "step": step_bar}

    return (x, y), pullback
