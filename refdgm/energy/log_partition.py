"""The logarithm of a partition function, over states that can be counted or by a quadrature."""

from refdgm.declaration.domain import logits, real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.primitives.softmax import log_sum_exp
from refdgm.reference import reference

LOG_WEIGHT = logits("K", meaning="log w, of the weight of each node; 0 where states are counted")


@reference(
    args={"energy": real("B", "K", meaning="E, at each node or of each state"), "log_weight": LOG_WEIGHT},
    wrt=("energy", "log_weight"),
    result=real("B", meaning="log Z"),
    source="lecun2006energy",
    conventions={"the free energy, −log Z": {"value": scale(-1.0)}},
)
def log_partition(energy: Array, log_weight: Array) -> Result:
    """The log-normaliser of e^{−E}: low energies are likely.

        log Z = log Σ_k w_k e^{−E_k} = lse(log w − E)                        (1)

    Cotangents for z_bar, with the probabilities of the nodes:

        p = softmax(log w − E),   E_bar = −z_bar p                           (2)
        the cotangent of log w_k = Σ_b z_bar_b p_bk                          (3)

    The sum is ∫ e^{−E} dx where the nodes and weights are those of a quadrature: without its weights, or with weights
    divided by their sum, log Z is off by a constant that no gradient shows. The weights come as logarithms, for those
    of importance sampling, −log q, know no other form; −∞ leaves a node out. A temperature divides E before.
    Source: LeCun et al. (2006), on probabilistic models, where β = 1; the sum as in log_sum_exp.
    """
    total, right = log_sum_exp.body(log_weight - energy)                      # (1)

    def pullback(total_bar: Array) -> dict[str, Array]:
        share = right(total_bar)["logits"]
        return {"energy": -share, "log_weight": namespace(energy).sum(share, axis=0)}    # (2), (3)

    return total, pullback
