"""Sliced score matching: implicit score matching along random directions, without the whole trace."""

from refdgm.declaration.domain import field, noise, parameters, real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.activation import KINKED
from refdgm.nets.directions import PROBED
from refdgm.nets.field import SCORES, Field
from refdgm.reference import reference

SLICED = {
    "x": real("B", "D", meaning="x, the data"),
    "probe": noise("normal", "B", "R", "D", nonempty=PROBED,
                   meaning="v, R directions for each example with E v vᵀ = I: normal, or ±1"),
    "theta": parameters("score"),
    "score": field("x", known=SCORES, refused={"mlp_relu": KINKED}, meaning="s, a smooth score network"),
}
CONVENTIONS = {"twice the objective: no ½ of the square, 2 vᵀ(∂s/∂x)v": {"value": scale(2.0)}}


@reference(
    args=SLICED,
    wrt=("x", "theta"),
    result=real("B", meaning="J, per example, the mean over its directions"),
    source="song2019sliced",
    conventions=CONVENTIONS,
)
def sliced_score_matching(x: Array, probe: Array, theta: dict[str, Array], *, score: Field) -> Result:
    """Sliced score matching.

        s_dot_r = (∂s/∂x) v_r,   u_r = ⟨v_r, s⟩                              (1)
        J = 1/R Σ_r (½ u_r² + ⟨v_r, s_dot_r⟩)                                (2)

    Cotangents that the score network's tangent receives for J_bar, d_bar that of s_dot:

        d_bar_r = J_bar v_r / R,   s_bar = Σ_r u_r d_bar_r                   (3)

    The expectation of J over v is implicit score matching, ½ ‖s‖² + tr ∂s/∂x, at any R, if E v vᵀ = I. The
    directions are noise: drawn anew for every example and step, the same in value and gradient, not differentiated.
    The network must be smooth: a kink carries curvature that (3) cannot see.
    Source: Song, Garg, Shi & Ermon (2019), section 3.
    """
    xp = namespace(x)
    (s, s_dot), field_pullback = score.jvp(x, probe, theta)                   # (1)
    along = xp.sum(probe * s[:, None, :], axis=-1)
    loss = xp.mean(along * (along / 2) + xp.sum(probe * s_dot, axis=-1), axis=1)          # (2)

    def pullback(loss_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Array]:
        s_dot_bar = loss_bar[:, None, None] * probe / probe.shape[1]          # (3)
        return field_pullback(xp.sum(along[:, :, None] * s_dot_bar, axis=1), s_dot_bar, wrt=wrt)

    return loss, pullback


@reference(
    args=SLICED,
    wrt=("x", "theta"),
    result=real("B", meaning="J, per example, the mean over its directions"),
    source="song2019sliced",
    conventions=CONVENTIONS,
)
def sliced_score_matching_vr(x: Array, probe: Array, theta: dict[str, Array], *, score: Field) -> Result:
    """Sliced score matching with reduced variance (SSM-VR): the norm in full, the trace along random directions.

        J = ½ ‖s‖² + 1/R Σ_r ⟨v_r, s_dot_r⟩,   s_dot_r = (∂s/∂x) v_r         (1)

    Cotangents that the score network's tangent receives for J_bar, d_bar that of s_dot:

        s_bar = J_bar s,   d_bar_r = J_bar v_r / R                           (2)

    ½ ‖s‖² is the expectation of ½ ⟨v, s⟩², so that of J is the same as for `sliced_score_matching`. With v = ±1 only
    the off-diagonal part of the Jacobian makes it vary: for s = −x not at all.
    Source: Song, Garg, Shi & Ermon (2019), section 3.
    """
    xp = namespace(x)
    (s, s_dot), field_pullback = score.jvp(x, probe, theta)
    trace = xp.mean(xp.sum(probe * s_dot, axis=-1), axis=1)
    loss = xp.sum(s * (s / 2), axis=-1) + trace                               # (1)

    def pullback(loss_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Array]:
        s_dot_bar = loss_bar[:, None, None] * probe / probe.shape[1]          # (2)
        return field_pullback(loss_bar[:, None] * s, s_dot_bar, wrt=wrt)

    return loss, pullback
