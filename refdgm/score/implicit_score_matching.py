"""Implicit score matching: the Fisher divergence without the unknown score of the data."""

from typing import Any

from refdgm.declaration.domain import field, parameters, real, scale, word
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.activation import ACTIVATIONS, KINKED, smooth
from refdgm.nets.field import SCORES, Field
from refdgm.nets.layout import SHALLOW
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
def implicit_score_matching(x: Array, theta: dict[str, Array], *, score: Field) -> Result:
    """Implicit score matching with the exact trace.

        J = ½ ‖s‖² + tr ∂s/∂x                                                    (1)
        s_dot_r = (∂s/∂x) e_r for every axis r,   tr ∂s/∂x = Σ_r ⟨e_r, s_dot_r⟩  (2)

    Cotangents that the score network's tangent receives for J_bar, d_bar that of s_dot:

        s_bar = J_bar s,   d_bar_r = J_bar e_r                                   (3)

    The expectation of J is the Fisher divergence ½ E‖s − ∇log π‖² less ½ E‖∇log π‖², if π s vanishes at the
    boundary of the support. The network must be smooth: a kink carries curvature that (3) cannot see.
    Source: Hyvärinen (2005), theorem 1.
    """
    xp = namespace(x)
    axes = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)[None, :, :]           # shared by the batch
    (s, s_dot), field_pullback = score.jvp(x, axes, theta)                    # (2)
    loss = xp.sum(s * (s / 2), axis=-1) + xp.sum(axes * s_dot, axis=(1, 2))     # (1)

    def pullback(loss_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Array]:
        return field_pullback(loss_bar[:, None] * s, loss_bar[:, None, None] * axes, wrt=wrt)  # (3)

    return loss, pullback


@reference(
    args={
        "x": real("B", "D", meaning="x, the data"),
        "theta": parameters(SHALLOW, meaning="θ = W1, b1, W2, b2 of one hidden layer; weights are (out, in)"),
        "activation": word(*ACTIVATIONS, refused={"relu": KINKED}, meaning="φ; ReLU is refused, for φ'' enters"),
    },
    wrt=("x", "theta"),
    result=real("B", meaning="J, per example"),
    source="hyvarinen2005score",
    conventions={"twice the objective: ‖s‖² + 2 tr": {"value": scale(2.0)}},
)
def implicit_score_matching_shallow(x: Array, theta: dict[str, Array], *, activation: str) -> Result:
    """Implicit score matching of a network with one hidden layer, its trace in closed form.

        a = W¹x + b¹,   h = φ(a),   s = W²h + b²                             (1)
        c = diag(W¹W²),   tr ∂s/∂x = tr W² diag(φ'(a)) W¹ = ⟨φ'(a), c⟩       (2)
        J = ½ ‖s‖² + ⟨φ'(a), c⟩                                              (3)

    Cotangents for J_bar, sums over the batch:

        s_bar = J_bar s,   c_bar = Σ J_bar φ'(a)                             (4)
        a_bar = φ'(a) ∘ W²ᵀs_bar + J_bar φ''(a) ∘ c,   x_bar = W¹ᵀa_bar      (5)
        W_bar¹ = Σ a_bar xᵀ + diag(c_bar) W²ᵀ,   b_bar¹ = Σ a_bar            (6)
        W_bar² = Σ s_bar hᵀ + W¹ᵀ diag(c_bar),   b_bar² = Σ s_bar            (7)

    The same function as `implicit_score_matching` of the field `mlp_<activation>` with these θ, whose D tangents cost
    about D times as much: c is shared by the batch, so that value and gradient cost what those of ½ ‖s‖² do.
    Source: Hyvärinen (2005), theorem 1; (2–7) by the chain rule.
    """
    xp = namespace(x)
    inward, outward = theta["W1"], theta["W2"]
    h, slope, bend = smooth(activation)(x @ inward.T + theta["b1"], 2)        # (1)
    s = h @ outward.T + theta["b2"]
    c = xp.sum(inward * outward.T, axis=1)                                    # (2)
    loss = xp.sum(s * (s / 2), axis=-1) + slope @ c                             # (3)

    def pullback(loss_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Any]:
        s_bar, c_bar = loss_bar[:, None] * s, (loss_bar @ slope)[:, None]     # (4)
        a_bar = slope * (s_bar @ outward) + loss_bar[:, None] * bend * c      # (5)
        out = {"x": a_bar @ inward} if "x" in wrt else {}
        if "theta" not in wrt:
            return out
        ones = xp.ones_like(loss_bar)
        theta_bar = {
            "W1": a_bar.T @ x + c_bar * outward.T, "b1": ones @ a_bar,        # (6)
            "W2": s_bar.T @ h + (c_bar * inward).T, "b2": ones @ s_bar,       # (7)
        }
        return out | {"theta": {name: theta_bar[name] for name in theta}}

    return loss, pullback
