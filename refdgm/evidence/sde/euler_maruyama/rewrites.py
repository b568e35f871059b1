"""Steps of Euler and Maruyama, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.sde.euler_maruyama import euler_maruyama


@rewrite(euler_maruyama)
def increments_first(x: Any, eps: Any, times: Any, h: Any, diffusion: Any, theta: Any, *, drift: Any) -> Any:
    """The noise of the whole path is made before it is walked, and its gradients after the walk back."""
    deviation = diffusion * np.sqrt(h)
    shocks, states, rights = deviation[None, :, None] * eps, [], []
    for n in range(len(h)):
        f, right = drift.vjp(x, times[n], theta)
        states.append(f)
        rights.append(right)
        x = (x + shocks[:, n]) + f * h[n]

    def pullback(bar: Any) -> dict[str, Any]:
        lams, t_bar, theta_bar = np.empty_like(shocks), np.zeros_like(h), {n: 0 * e for n, e in theta.items()}
        for n in range(len(h) - 1, -1, -1):
            lams[:, n] = bar
            g = rights[n](bar * h[n])
            bar, t_bar[n] = g["z"] + bar, g["t"]
            theta_bar = {name: g["theta"][name] + entry for name, entry in theta_bar.items()}
        along = np.einsum("btd,btd->t", lams, eps)
        by_f = np.array([np.vdot(lams[:, n], f) for n, f in enumerate(states)]) if states else 0 * h
        return {"x": 1 * bar, "times": t_bar, "h": by_f + along * deviation / h / 2, "diffusion": along * np.sqrt(h),
                "theta": theta_bar}

    return 1 * x, pullback
