"""Vectors that are divided by a little more than their length."""

from refdgm.adversarial.power_iteration import power_iteration
from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace


@variant("10⁻¹² is added to every norm", power_iteration)
def guarded(W: Array, u: Array, *, iterations: int) -> tuple[Array, ...]:
    """As the first ports of spectral normalization had it: no division by zero, and lengths a little below one."""
    xp = namespace(W)
    norm = lambda a: xp.sqrt(xp.sum(a * a)) + 1e-12
    for _ in range(iterations):
        v = u @ W
        v = v / norm(v)
        u = W @ v
        u = u / norm(u)
    return u, v
