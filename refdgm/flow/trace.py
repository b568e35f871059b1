"""The trace of a Jacobian from products with random directions."""

from refdgm.domain import field, noise, parameters, real
from refdgm.namespace import Array, namespace
from refdgm.nets.field import SCORES, Field
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "D", meaning="x, where the Jacobian is taken"),
        "probe": noise("rademacher", "B", "R", "D", meaning="v, R probes; any law with E vvᵀ = I will do"),
        "theta": parameters("score"),
        "score": field("x", known=SCORES, meaning="s, a smooth field on the data space"),
    },
    wrt=("x", "theta"),
    result=real("B", meaning="T, an estimate of tr ∂s/∂x"),
    source="hutchinson1990trace",
)
def hutchinson_trace(x: Array, probe: Array, theta: dict[str, Array], *, score: Field) -> Array:
    """Hutchinson's estimator of the trace of a Jacobian, without the Jacobian.

        ṡ_r = (∂s/∂x) v_r,   T = (1/R) Σ_r ⟨v_r, ṡ_r⟩                        (1)

    Cotangents that the field's tangent receives for T̄:

        s̄ = 0,   ṡ̄_r = T̄ v_r / R                                            (2)

    E vᵀ J v = Σ_ij J_ij E v_i v_j = tr J for any law with E vvᵀ = I. With S = (J + Jᵀ)/2 one probe has the variance
    2 (‖S‖² − Σ S_ii²) if its signs are independent (Rademacher), 2 ‖S‖² if it is normal. The mean over no probe is
    taken for 0. exp T is not an unbiased estimate of exp tr J.
    Source: Hutchinson (1990), section 2.
    """
    xp = namespace(x)
    (s, s_dot), field_pullback = score.jvp(x, probe, theta)
    share = probe / max(probe.shape[1], 1)
    trace = xp.sum(share * s_dot, axis=(1, 2))                                # (1)

    def pullback(trace_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Array]:
        return field_pullback(xp.zeros_like(s), trace_bar[:, None, None] * share, wrt=wrt)     # (2)

    return trace, pullback
