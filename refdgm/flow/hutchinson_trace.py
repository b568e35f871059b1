"""The trace of a Jacobian: from its products with all axes, and from those with random directions."""

from refdgm.declaration.domain import field, noise, parameters, real
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.activation import KINKED
from refdgm.nets.directions import PROBED
from refdgm.nets.field import SCORES, Field
from refdgm.reference import reference

X = {"x": real("B", "D", meaning="x, where the Jacobian is taken")}
PROBE = {
    "probe": noise("rademacher", "B", "R", "D", meaning="v, R probes; any law with E vvᵀ = I will do", nonempty=PROBED),
}
SCORE = {
    "theta": parameters("score"),
    "score": field("x", known=SCORES, refused={"mlp_relu": KINKED}, meaning="s, a smooth field on the data space"),
}


@reference(
    args=X | SCORE,
    wrt=("x", "theta"),
    result=real("B", meaning="T, the divergence of s at x"),
    source="chen2018neuralode",
)
def jacobian_trace(x: Array, theta: dict[str, Array], *, score: Field) -> Result:
    """The trace of a Jacobian, the divergence of its field, by one tangent for every axis.

        s_dot_r = (∂s/∂x) e_r,   T = tr ∂s/∂x = Σ_r ⟨e_r, s_dot_r⟩          (1)

    Cotangents that the field's tangent receives for T_bar, d_bar that of s_dot:

        s_bar = 0,   d_bar_r = T_bar e_r                                    (2)

    The gradient is one of second derivatives: the field must be smooth.
    Source: Chen, Rubanova, Bettencourt & Duvenaud (2018), section 4, for the log-density of a flow.
    """
    xp = namespace(x)
    axes = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)[None, :, :]     # shared by the batch
    (s, s_dot), field_pullback = score.jvp(x, axes, theta)
    # a linear field has one Jacobian for all examples
    trace = xp.zeros(x.shape[0], dtype=x.dtype, device=x.device) + xp.sum(axes * s_dot, axis=(1, 2))   # (1)

    def pullback(trace_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Array]:
        return field_pullback(xp.zeros_like(s), trace_bar[:, None, None] * axes, wrt=wrt)      # (2)

    return trace, pullback


@reference(
    args=X | PROBE | SCORE,
    wrt=("x", "theta"),
    result=real("B", meaning="T, an estimate of tr ∂s/∂x"),
    source="hutchinson1990trace",
)
def hutchinson_trace(x: Array, probe: Array, theta: dict[str, Array], *, score: Field) -> Result:
    """Hutchinson's estimator of the trace of a Jacobian, without the Jacobian.

        s_dot_r = (∂s/∂x) v_r,   T = (1/R) Σ_r ⟨v_r, s_dot_r⟩               (1)

    Cotangents that the field's tangent receives for T_bar, d_bar that of s_dot:

        s_bar = 0,   d_bar_r = T_bar v_r / R                                (2)

    E vᵀ J v = Σ_ij J_ij E v_i v_j = tr J for any law with E vvᵀ = I. With S = (J + Jᵀ)/2 one probe has the variance
    2 (‖S‖² − Σ S_ii²) if its signs are independent (Rademacher), 2 ‖S‖² if it is normal. exp T is not an unbiased
    estimate of exp tr J.
    Source: Hutchinson (1990), section 2.
    """
    xp = namespace(x)
    (s, s_dot), field_pullback = score.jvp(x, probe, theta)
    share = probe / probe.shape[1]
    trace = xp.sum(share * s_dot, axis=(1, 2))                                # (1)

    def pullback(trace_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Array]:
        return field_pullback(xp.zeros_like(s), trace_bar[:, None, None] * share, wrt=wrt)     # (2)

    return trace, pullback
