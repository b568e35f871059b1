"""The negative log-likelihood of an energy-based model whose partition function is known."""

from refdgm.declaration.domain import DATA, NAT, real, scale
from refdgm.energy.log_partition import LOG_WEIGHT
from refdgm.namespace import Array, Result, namespace
from refdgm.primitives.softmax import log_sum_exp
from refdgm.reference import reference


@reference(
    args={
        "energy": real("B", kind=DATA, meaning="E(x), of the data"),
        "grid_energy": real("K", kind=DATA, meaning="E_k, of every state or node, by the same model"),
        "log_weight": LOG_WEIGHT,
    },
    wrt=("energy", "grid_energy", "log_weight"),
    result=real("B", meaning="−log p(x), in nats"),
    source="lecun2006energy",
    conventions={"the log-likelihood": {"value": scale(-1.0)}, "in bits": {"value": scale(NAT)}},
)
def energy_negative_log_likelihood(energy: Array, grid_energy: Array, log_weight: Array) -> Result:
    """−log p of p = e^{−E}/Z: what training lowers at the data, and raises wherever the model expects data.

        J = E + log Z,   log Z = log Σ_k w_k e^{−E_k}                        (1)

    Cotangents for J_bar, with p = softmax(log w − E_k) and S = Σ_b J_bar_b:

        E_bar = J_bar,   the cotangent of E_k = −S p_k                       (2)
        the cotangent of log w_k = S p_k                                     (3)

    so that for any parameter ∂J/∂θ is ∂E/∂θ at the data less its mean under the model: where they agree on the average,
    training is at rest. Z belongs to the model and not to an example, but every example has its log Z: S counts them.
    Source: LeCun et al. (2006), on the negative log-likelihood loss, where β = 1.
    """
    xp = namespace(energy)
    log_z, right = log_sum_exp.body((log_weight - grid_energy)[None, :])
    loss = energy + log_z                                                     # (1)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        share = right(xp.sum(loss_bar, keepdims=True))["logits"][0, :]
        return {"energy": +loss_bar, "grid_energy": -share, "log_weight": share}    # (2), (3)

    return loss, pullback
