"""Weights of the steps in the objective."""

from refdgm.declaration.domain import positive, real, word
from refdgm.diffusion.forward_marginal import ALPHA_PROD
from refdgm.namespace import Array, namespace
from refdgm.reference import quantity


@quantity(
    args={
        "alpha_prod": ALPHA_PROD,
        "gamma": positive(meaning="γ, where the signal-to-noise ratio is cut; 5 in Hang et al.",
                          instead="without a cut the weight is 1 for eps, SNR for x0, ᾱ for v"),
        "target": word("eps", "x0", "v", meaning="what the network predicts, as in simple_loss"),
    },
    result=real("B", meaning="w, the factor of simple_loss"),
    source="hang2023minsnr",
)
def min_snr_weight(alpha_prod: Array, gamma: Array, *, target: str) -> Array:
    """Min-SNR-γ: the weight min(SNR, γ) of the loss in x₀, for a network that predicts ε, x₀ or v.

        SNR = ᾱ/(1 − ᾱ),   m = min(ᾱ, γ (1 − ᾱ)) = min(SNR, γ) (1 − ᾱ)               (1)
        ε:  min(SNR, γ)/SNR = m/ᾱ                                                    (2)
        x₀: min(SNR, γ) = m/(1 − ᾱ)                                                  (3)
        v:  min(SNR, γ)/(SNR + 1) = m                                                (4)

    The three are one objective in three parametrisations: `simple_loss` times (2), (3) or (4) is the same number
    for the same prediction. At SNR = γ there is a kink; weights are constants in training, so no derivative is given.
    Source: Hang et al. (2023), the Min-SNR-γ weight of an x₀-prediction; (2) and (4) by the change of variables.
    """
    xp = namespace(alpha_prod)
    least = xp.minimum(alpha_prod, gamma * (1 - alpha_prod))                         # (1)
    if target == "eps":
        return least / alpha_prod                                                    # (2)
    return least / (1 - alpha_prod) if target == "x0" else least                     # (3), (4)
