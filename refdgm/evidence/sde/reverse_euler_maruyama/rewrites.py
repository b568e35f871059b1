"""Steps against the time, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.sde.reverse_euler_maruyama import reverse_euler_maruyama


@rewrite(reverse_euler_maruyama)
def with_negative_steps(x: Any, eps: Any, times: Any, h: Any, slope: Any, diffusion: Any, noise_scale: Any, theta: Any,
                        *, score: Any) -> Any:
    """dt = −h; the mean and the noise of a step are made apart, and g² is the number that is differentiated."""
    dt, rate, scale = -h, diffusion * diffusion, noise_scale
    weight, kept = 0.5 + scale * scale / 2, []
    for n in range(len(h)):
        s, right = score.vjp(x, times[n], theta)
        kept.append((x, s, right))
        mean = (1 + slope[n] * dt[n]) * x - dt[n] * weight * rate[n] * s
        x = mean + eps[:, n] * (scale * diffusion[n]) * np.sqrt(-dt[n])

    def pullback(bar: Any) -> dict[str, Any]:
        bars = {name: np.zeros_like(h) for name in ("times", "h", "slope", "diffusion")}
        scale_bar, theta_bar = 0 * scale, {name: 0 * entry for name, entry in theta.items()}
        for n in range(len(h) - 1, -1, -1):
            state, s, right = kept[n]
            g = right(bar * (weight * rate[n] * h[n]))
            by_x, by_s, by_eps = (np.vdot(bar, y) for y in (state, s, eps[:, n]))
            root = np.sqrt(h[n])
            bars["times"][n], bars["slope"][n] = g["t"], dt[n] * by_x
            bars["h"][n] = weight * rate[n] * by_s - slope[n] * by_x + scale * diffusion[n] * by_eps / root / 2
            bars["diffusion"][n] = 2 * diffusion[n] * (weight * h[n] * by_s) + scale * root * by_eps
            scale_bar = scale_bar + scale * rate[n] * h[n] * by_s + diffusion[n] * root * by_eps
            theta_bar = {name: g["theta"][name] + entry for name, entry in theta_bar.items()}
            bar = g["z"] + (1 + slope[n] * dt[n]) * bar
        return {"x": 1 * bar, "noise_scale": scale_bar, "theta": theta_bar} | bars

    return 1 * x, pullback
