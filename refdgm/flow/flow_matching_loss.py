"""The objective of flow matching, on one pair."""

from refdgm.declaration.domain import real, scale
from refdgm.flow.flow_matching_path import SIGMA_MIN, X0, X1
from refdgm.namespace import Array, Result
from refdgm.numerics.components import against, inner
from refdgm.reference import reference


@reference(
    args={
        "velocity": real("B", "...", meaning="v, the network's output at x_t and t"),
        "x0": X0,
        "x1": X1,
        "sigma_min": SIGMA_MIN,
    },
    wrt=("velocity",),
    result=real("B", meaning="J, per example"),
    source="lipman2023flow",
    conventions={
        "mean over components": {"value": scale(1.0, per="...")},
        "half the square": {"value": scale(0.5)},
        "velocity noise − data": {"velocity": scale(-1.0)},
        "velocity noise − data, mean over components": {
            "velocity": scale(-1.0), "value": scale(1.0, per="...")},
    },
)
def flow_matching_loss(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Result:
    """The squared distance of a predicted velocity from that of the pair.

        u = x₁ − (1 − σ) x₀                                                  (1)
        J = ‖v − u‖², the sum over all components of an example              (2)

    Cotangent for J_bar:

        v_bar = 2 J_bar (v − u)                                              (3)

    The target is data: (1) passes no gradient on (`flow_matching_path` has it). Its mean over the pairs that meet at
    x_t is the best v, and what they differ from it remains: the loss does not go to zero. The time is in no weight;
    it is drawn evenly, or as one likes.
    Source: Lipman et al. (2023), eq. 23.
    """
    residual = velocity - (x1 - (1 - sigma_min) * x0)                         # (1)
    loss = inner(residual, residual)                                          # (2)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        return {"velocity": 2 * against(loss_bar, residual) * residual}       # (3)

    return loss, pullback
