"""Other conditionals under the same letters."""

from typing import Any

from refdgm.energy.boltzmann_conditional import boltzmann_conditional
from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace
from refdgm.numerics.halves import halves

BODY = boltzmann_conditional.body


@variant("W y + b, for a symmetric W without a diagonal", boltzmann_conditional)
def printed(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """σ((W y + b)/T) as papers print it: the conditional of no other matrix than a symmetric one without a diagonal."""
    a = (y @ W.T + b) / temperature
    on, off = halves(a)
    xp = namespace(y)

    def pullback(bar: Array) -> dict[str, Array]:
        f = bar * on * off / temperature
        return {"y": f @ W, "W": f.T @ y, "b": xp.sum(f, axis=0), "temperature": -xp.sum(f * a)}

    return on, pullback


@variant("no unit meets itself", boltzmann_conditional)
def hollow(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """The diagonal of W is taken for zero, whatever stands there."""
    mask = 1 - namespace(y).eye(W.shape[0], dtype=W.dtype)
    value, right = BODY(y, mask * W, b, temperature)
    return value, lambda bar: (g := right(bar)) | {"W": mask * g["W"]}


@variant("spins s = 2y − 1", boltzmann_conditional)
def of_spins(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """P(s_i = 1 | the others) of an Ising model, whose spins are made of y: σ(2 (Σ_j ½ (W_ij + W_ji) s_j + b_i)/T)."""
    mask = 1 - namespace(y).eye(W.shape[0], dtype=W.dtype)
    value, right = BODY(2 * y - 1, mask * W, b, temperature / 2)
    return value, lambda bar: (g := right(bar)) | {
        "y": 2 * g["y"], "W": mask * g["W"], "temperature": g["temperature"] / 2}
