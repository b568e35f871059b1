"""The loss of contrastive divergence, at the energies of data and of samples."""

from refdgm.declaration.domain import DATA, nonnegative, real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={
        "energy_data": real("B", kind=DATA, meaning="E⁺, of the data"),
        "energy_model": real("B", kind=DATA, meaning="E⁻, of samples of the model, which are held"),
        "regularization": nonnegative(meaning="α ≥ 0, of the squares of both; 0 for none"),
    },
    wrt=("energy_data", "energy_model"),
    result=real("B", meaning="J, per pair"),
    source="hinton2002contrastive",
    conventions={
        "a network of the negative energy": {
            "energy_data": scale(-1.0), "energy_model": scale(-1.0),
        },
    },
)
def contrastive_divergence_loss(energy_data: Array, energy_model: Array, regularization: Array) -> Result:
    """Down at the data, up at the samples: the gradient of the likelihood, with samples in the place of the model.

        J = E⁺ − E⁻ + α (E⁺² + E⁻²)                                                   (1)

    Cotangents for J_bar:

        the cotangent of E⁺ = J_bar (1 + 2 α E⁺),   that of E⁻ = −J_bar (1 − 2 α E⁻)  (2)

    Where the samples are the model's, the mean gradient is that of energy_negative_log_likelihood, whose log Z (1) has
    not: J itself is no bound of anything, and may fall below zero. Samples of a short chain that began at the data lag
    behind, and what their own dependence on θ would add is left out on purpose: that is all of "contrastive", and its
    bias. They enter as numbers; no gradient runs through the chain. Only differences of E count in the first two terms,
    and the third holds its zero: at rest E⁺ ≥ −1/(2α) and E⁻ ≤ 1/(2α).
    Source: Hinton (2002), on contrastive divergence; the penalty is that of Du & Mordatch (2019).
    """
    one = namespace(energy_data).ones_like(energy_data)
    pull = regularization * energy_data, regularization * energy_model
    loss = energy_data * (one + pull[0]) - energy_model * (one - pull[1])     # (1)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        return {
            "energy_data": loss_bar * (one + 2 * pull[0]),                    # (2)
            "energy_model": -loss_bar * (one - 2 * pull[1]),
        }

    return loss, pullback
