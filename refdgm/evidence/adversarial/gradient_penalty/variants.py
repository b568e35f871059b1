"""The penalty of a slope whose root is guarded."""

from typing import Any

from refdgm.adversarial.gradient_penalty import along, gradient_penalty, slope
from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field


@variant("1e-12 under the root", gradient_penalty)
def guarded(real: Array, fake: Array, u: Array, theta: dict[str, Array], *, critic: Field, sides: str) -> Any:
    """n = √(‖∇f‖² + 10⁻¹²), whose gradient exists where ∇f = 0: it shows where the critic is flat."""
    xp, share = namespace(real), u[:, None]
    x = share * real + (1 - share) * fake
    g = slope(critic, x, theta)
    n = xp.sqrt(xp.sum(g * g, axis=1) + 1e-12)
    over = n - 1 if sides == "two" else xp.maximum(n - 1, 0 * n)

    def pullback(bar: Array) -> dict[str, Any]:
        grads = along(critic, x, g / n[:, None], theta, 2 * bar * over, ("x", "theta"))
        return {"real": share * grads["x"], "fake": (1 - share) * grads["x"], "theta": grads["theta"]}

    return over * over, pullback
