"""The variational bound of a deep Boltzmann machine of two hidden layers, with its exact log Z."""

from refdgm.declaration.domain import NAT, real, scale, share
from refdgm.energy.layered import BIASES, LAYERS, LISTED, UNITS, VISIBLE, apart, middle
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.apart import pair_apart
from refdgm.numerics.entropy import entropy, logit
from refdgm.reference import reference


@reference(
    args={
        "v": UNITS,
        "mean1": share("B", "H", meaning="μ¹, the means of the first layer"),
        "mean2": share("B", "E", meaning="μ², the means of the second"),
        **LAYERS,
        "b": VISIBLE,
        **BIASES,
    },
    wrt=("v", "mean1", "mean2", "W1", "W2", "b", "c1", "c2"),
    result=real("B", meaning="J ≤ log P(v), in nats"),
    source="salakhutdinov2009dbm",
    conventions={"minus the bound, a loss": {"value": scale(-1.0)}, "in bits": {"value": scale(NAT)}},
    bounds=LISTED,
)
def dbm_bound(
    v: Array, mean1: Array, mean2: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array
) -> Result:
    """What independent hidden units are worth for the likelihood of a deep Boltzmann machine.

        J = bᵀv + μ¹ᵀ(W¹ v + c¹) + μ²ᵀ(W² μ¹ + c²) + H(μ¹) + H(μ²) − log Z                                  (1)
        log Z = log Σ_h e^{c¹ᵀh} Π_j (1 + e^{(W¹ᵀh + b)_j}) Π_k (1 + e^{(W² h + c²)_k})                     (2)

    over the states h of the first layer, between the two others, which are independent given it. H is the entropy.
    Cotangents for J_bar, with ⟨·⟩ the mean under the machine:

        v_bar = J_bar (b + W¹ᵀμ¹)                                                                           (3)
        the cotangent of μ¹ = J_bar (W¹ v + c¹ + W²ᵀμ² − logit μ¹),  of μ² = J_bar (W² μ¹ + c² − logit μ²)  (4)
        W_bar¹ = Σ J_bar μ¹vᵀ − (Σ J_bar) ⟨h¹vᵀ⟩,   W_bar² = Σ J_bar μ²μ¹ᵀ − (Σ J_bar) ⟨h²h¹ᵀ⟩              (5)
        b_bar = Σ J_bar (v − ⟨v⟩),   c_bar¹ = Σ J_bar (μ¹ − ⟨h¹⟩),   c_bar² = Σ J_bar (μ² − ⟨h²⟩)           (6)

    Means are held in (5, 6). Where dbm_mean_field has settled (4) is zero, and (5, 6) are the whole derivative: nobody
    need go back through its passes. log P(v) − J is the divergence from the product to the posterior. At means of 0 and
    1 their entropy is 0 and its slope infinite.
    Source: Salakhutdinov & Hinton (2009), on approximate inference; log Z is exact here, where they estimate it.
    """
    xp = namespace(v)
    model = middle(W1, W2, b, c1, c2)                                         # (2)
    below, above = v @ W1.T + c1, mean1 @ W2.T + c2
    value = (v @ b + xp.sum(mean1 * below + entropy(mean1), axis=-1)
             + xp.sum(mean2 * above + entropy(mean2), axis=-1) - model.log_z)    # (1)

    def pullback(value_bar: Array) -> dict[str, Array]:
        bar, law, first = value_bar[:, None], model.law, model.first
        seen, lower, upper = (v, 1 - v), (mean1, 1 - mean1), (mean2, 1 - mean2)
        return {
            "v": bar * (b + mean1 @ W1),                                      # (3)
            "mean1": bar * (below + mean2 @ W2 - logit(mean1)),
            "mean2": bar * (above - logit(mean2)),                            # (4)
            "W1": pair_apart(bar, lower, seen, law, first, model.visible),
            "W2": pair_apart(bar, upper, lower, law, model.second, first),    # (5)
            "b": apart(value_bar, seen, law, model.visible),
            "c1": apart(value_bar, lower, law, first),
            "c2": apart(value_bar, upper, law, model.second),                 # (6)
        }

    return value, pullback
