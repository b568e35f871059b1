"""One step of a diffusion process that is reversed in time."""

from typing import Any

from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import Field


def reversed_step(score: Field, x: Array, eps: Array, t: Array, h: Array, a: Array, g: Array, noise_scale: Any,
                  theta: dict[str, Array]) -> Result:
    """x − h [a x − ½ (1 + λ²) g² s] + λ g √h ε, and its pullback; t_bar and θ_bar are None unless `wrt` names them."""
    xp = namespace(x)
    root, half = xp.sqrt(h), (1 + noise_scale * noise_scale) / 2
    s, field_pullback = score.vjp(x, t, theta)
    drift = a * x - half * g * (g * s)                                        # g² alone may overflow
    moved = x - h * drift + noise_scale * g * root * eps

    def pullback(moved_bar: Array, wrt: tuple[str, ...] = ("times", "theta")) -> dict[str, Any]:
        inner = ("z", *(("t",) if "times" in wrt else ()), *(("theta",) if "theta" in wrt else ()))
        grads = field_pullback(h * half * g * (g * moved_bar), wrt=inner)
        along, by_score = xp.sum(moved_bar * eps), g * xp.sum(moved_bar * s)
        return {
            "x": (1 - h * a) * moved_bar + grads["z"],
            "times": grads.get("t"),
            "h": noise_scale * g * (along / root / 2) - xp.sum(moved_bar * drift),
            "slope": -h * xp.sum(moved_bar * x),
            "diffusion": 2 * h * half * by_score + noise_scale * root * along,
            "noise_scale": h * noise_scale * g * by_score + g * root * along,
            "theta": grads.get("theta"),
        }

    return moved, pullback
