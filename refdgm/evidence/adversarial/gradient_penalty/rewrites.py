"""Penalties of a critic's slope, written otherwise."""

from typing import Any

import numpy as np

from refdgm.adversarial.gradient_penalty import gradient_penalty, zero_centered_penalty
from refdgm.evidence.declare import rewrite


@rewrite(gradient_penalty)
def by_all_axes(real: Any, fake: Any, u: Any, theta: Any, *, critic: Any, sides: str) -> Any:
    """The gradient as so many derivatives along the axes, and pulled back as these."""
    share = u.reshape(-1, 1)
    x = fake + share * (real - fake)
    axes = np.eye(x.shape[1], dtype=x.dtype)[None] + 0 * x[:, None, :]
    (f, partials), right = critic.jvp(x, axes, theta)
    n = np.linalg.norm(partials[:, :, 0], axis=1)
    over = n - 1 if sides == "two" else np.where(n > 1, n - 1, 0)

    def pullback(bar: Any) -> dict[str, Any]:
        grads = right(np.zeros_like(f), (2 * bar * over / n)[:, None, None] * partials)
        return {"real": share * grads["x"], "fake": grads["x"] - share * grads["x"], "theta": grads["theta"]}

    return over**2, pullback


@rewrite(gradient_penalty)
def by_the_square(real: Any, fake: Any, u: Any, theta: Any, *, critic: Any, sides: str) -> Any:
    """e² = n² − 2 n + 1, of which n² is pulled back along g itself, an example at a time."""
    found, rights = [], []
    for x, y, share in zip(real, fake, u, strict=True):
        point = (share * x + (1 - share) * y)[None]
        f, back = critic.vjp(point, theta)
        g = back(np.ones_like(f))["x"]
        square = np.sum(g * g)
        counts = sides == "two" or square > 1
        found.append(square - 2 * np.sqrt(square) + 1 if counts else 0 * square)
        _, right = critic.jvp(point, g[None], theta)
        rights.append((right, 2 - 2 / np.sqrt(square) if counts else 0.0, 0 * f))

    def pullback(bar: Any) -> dict[str, Any]:
        each = [right(still, np.reshape(b * rate, (1, 1, 1))) for b, (right, rate, still)
                in zip(bar, rights, strict=True)]
        x_bar = np.reshape([g["x"][0] for g in each], real.shape)
        sums = {name: sum((g["theta"][name] for g in each), 0 * entry) for name, entry in theta.items()}
        return {"real": u[:, None] * x_bar, "fake": (1 - u)[:, None] * x_bar, "theta": sums}

    return np.reshape(np.asarray(found, real.dtype), u.shape), pullback


@rewrite(zero_centered_penalty)
def every_axis(x: Any, theta: Any, *, critic: Any) -> Any:
    """The squares of the derivatives along the axes, summed up, and pulled back as these."""
    axes = np.eye(x.shape[1], dtype=x.dtype)[None] + 0 * x[:, None, :]
    (f, partials), right = critic.jvp(x, axes, theta)

    def pullback(bar: Any) -> dict[str, Any]:
        grads = right(np.zeros_like(f), bar[:, None, None] * partials)
        return {"x": grads["x"], "theta": grads["theta"]}

    return np.einsum("bdo,bdo->b", partials, partials) / 2, pullback
