"""Implicit score matching: the Fisher divergence without the unknown score of the data."""

from refdgm.domain import field, parameters, real, scale
from refdgm.namespace import Array, namespace
from refdgm.nets.activation import KINKED
from refdgm.nets.field import SCORES, Field
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "D", meaning="x, the data"),
        "theta": parameters("score"),
        "score": field("x", known=SCORES, refused={"mlp_relu": KINKED}, meaning="s, a smooth score network"),
    },
    wrt=("x", "theta"),
    result=real("B", meaning="J, per example"),
    source="hyvarinen2005score",
    conventions={"twice the objective: ‖s‖² + 2 tr": {"value": scale(2.0)}},
)
def implicit_score_matching(x: Array, theta: dict[str, Array], *, score: Field) -> Array:
    """Implicit score matching with the exact trace.

        J = ½ ‖s‖² + tr ∂s/∂x                                                (1)
        ṡ_r = (∂s/∂x) e_r for every axis r,   tr ∂s/∂x = Σ_r ⟨e_r, ṡ_r⟩      (2)

    Cotangents that the score network's tangent receives for J̄:

        s̄ = J̄ s,   ṡ̄_r = J̄ e_r                                              (3)

    The expectation of J is the Fisher divergence ½ E‖s − ∇log π‖² less ½ E‖∇log π‖², if π s vanishes at the
    boundary of the support. The network must be smooth: a kink carries curvature that (3) cannot see.
    Source: Hyvärinen (2005), theorem 1.
    """
    xp = namespace(x)
    axes = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)[None, :, :]           # shared by the batch
    (s, s_dot), field_pullback = score.jvp(x, axes, theta)                    # (2)
    loss = xp.sum(s * s, axis=-1) / 2 + xp.sum(axes * s_dot, axis=(1, 2))     # (1)

    def pullback(loss_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Array]:
        return field_pullback(loss_bar[:, None] * s, loss_bar[:, None, None] * axes, wrt=wrt)  # (3)

    return loss, pullback
