"""The residual block: one Euler step of length one."""

from typing import Any

from refdgm.declaration.domain import field, parameters, real
from refdgm.namespace import Array, Result
from refdgm.nets.field import SCORES, Field
from refdgm.reference import reference


@reference(
    args={
        "z": real("B", "D", meaning="z, the features that enter"),
        "theta": parameters("branch"),
        "branch": field("x", known=SCORES, meaning="f, the residual branch, D features to D features"),
    },
    wrt=("z", "theta"),
    result=real("B", "D", meaning="z⁺, the features that leave"),
    source="he2016resnet",
)
def residual_block(z: Array, theta: dict[str, Array], *, branch: Field) -> Result:
    """The identity plus a network, with nothing after the addition.

        z⁺ = z + f(z, θ)                                                     (1)

    Cotangents for λ = z_bar⁺, with J = ∂f/∂z taken at z, where the block was entered:

        z_bar = λ + Jᵀ λ,   θ_bar = (∂f/∂θ)ᵀ λ                               (2)

    (1) is a step of Euler's method with h = 1 on z_dot = f(z, θ_n), every step with a velocity of its own, and (2) is
    that step's discrete adjoint. L blocks tend to a flow only if each branch carries a factor 1/L:
    (1 + a/L)ᴸ → eᵃ, whereas (1 + a)ᴸ has no limit.
    Source: He, Zhang, Ren & Sun (2016), Deep residual learning, eq. 1 (which goes on with a ReLU).
    """
    f, branch_pullback = branch.vjp(z, theta)

    def pullback(z_next_bar: Array, wrt: tuple[str, ...] = ("z", "theta")) -> dict[str, Any]:
        inner = (*(("x",) if "z" in wrt else ()), *(("theta",) if "theta" in wrt else ()))
        grads = branch_pullback(z_next_bar, wrt=inner)
        out = {"z": z_next_bar + grads["x"]} if "z" in wrt else {}            # (2)
        return out | ({"theta": grads["theta"]} if "theta" in wrt else {})

    return z + f, pullback                                                    # (1)
