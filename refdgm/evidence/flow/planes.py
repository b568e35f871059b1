"""What the evidence of planar layers shares: what their cases are about, and u_hat with its Jacobians."""

from typing import Any

import numpy as np

NOTES = {
    "short_normal": "w far shorter than one: what is divided by its length is large",
    "long_normal": "w far longer than one: most points lie far from their plane",
    "folded": "⟨u, w⟩ below −1 without the constraint: where h′ is large the layer turns over",
    "pressed": "⟨u, w⟩ far below −1 with the constraint: k is nearly −1, and planes are pressed together",
    "stretched_along": "⟨u, w⟩ far above zero: what the constraint does is nearly to subtract one",
    "far_planes": "|a| of about 20: h′ is far below the rounding of one, and ℓ too",
    "across": "u across w: k is zero without the constraint, and no volume changes",
    "full": "numbers that use all bits of a float64: products and sums round",
}


def hat_and_jacobians(u: Any, w: Any, constraint: str) -> Any:
    """u_hat and its Jacobians for u and for w."""
    eye = np.eye(len(u), dtype=u.dtype)
    if constraint == "none":
        return u, eye, 0 * eye
    kappa, n = u @ w, w @ w
    c, slope = np.logaddexp(np.zeros_like(kappa), -kappa) - 1, -1 / (1 + np.exp(kappa))
    across = eye / n - 2 * np.outer(w, w) / n**2
    return u + c / n * w, eye + slope / n * np.outer(w, w), c * across + slope / n * np.outer(w, u)
