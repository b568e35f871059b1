"""Mistakes in the min-SNR weight."""

from typing import Any

from refdgm.diffusion.min_snr_weight import min_snr_weight
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace


def least(one: Array, other: Array) -> Array:
    return namespace(one).minimum(one, other)


@mistake(min_snr_weight, seen="huggingface/diffusers #5654; bmaltais/kohya_ss #1555")
def one_added_under_the_minimum(alpha_prod: Array, gamma: Array, *, target: str) -> Any:
    """v: min(SNR + 1, γ)/(SNR + 1)."""
    if target != "v":
        return min_snr_weight.body(alpha_prod, gamma, target=target)
    ratio = 1 / (1 - alpha_prod)
    return least(ratio, gamma + 0 * ratio) / ratio


@mistake(min_snr_weight, seen="lucidrains/recurrent-interface-network-pytorch #11")
def maximum_for_minimum(alpha_prod: Array, gamma: Array, *, target: str) -> Any:
    """max(SNR, γ)."""
    more = namespace(alpha_prod).maximum(alpha_prod, gamma * (1 - alpha_prod))
    return {"eps": more / alpha_prod, "x0": more / (1 - alpha_prod), "v": more}[target]


@mistake(min_snr_weight)
def weight_of_the_data_for_all(alpha_prod: Array, gamma: Array, *, target: str) -> Any:
    """min(SNR, γ) whatever is predicted."""
    return min_snr_weight.body(alpha_prod, gamma, target="x0")


@mistake(min_snr_weight)
def weight_of_noise_for_velocity(alpha_prod: Array, gamma: Array, *, target: str) -> Any:
    """v: min(SNR, γ)/SNR."""
    return min_snr_weight.body(alpha_prod, gamma, target="eps" if target == "v" else target)


@mistake(min_snr_weight)
def ratio_of_deviations(alpha_prod: Array, gamma: Array, *, target: str) -> Any:
    """√ᾱ/√(1 − ᾱ) for the signal-to-noise ratio."""
    xp = namespace(alpha_prod)
    snr = xp.sqrt(alpha_prod / (1 - alpha_prod))
    cut = least(snr, gamma + 0 * snr)
    return {"eps": cut / snr, "x0": cut, "v": cut / (snr + 1)}[target]


@mistake(min_snr_weight)
def ratio_upside_down(alpha_prod: Array, gamma: Array, *, target: str) -> Any:
    """(1 − ᾱ)/ᾱ for the signal-to-noise ratio."""
    return min_snr_weight.body(1 - alpha_prod, gamma, target=target)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(min_snr_weight, blind=True)
def one_added_to_the_weight(alpha_prod: Array, gamma: Array, *, target: str) -> Any:
    """min(SNR, γ)/SNR + 1 for a velocity: a bracket is lost and the one added last."""
    if target == "v":
        return min_snr_weight.body(alpha_prod, gamma, target="eps") + 1
    return min_snr_weight.body(alpha_prod, gamma, target=target)


@mistake(min_snr_weight, blind=True)
def cut_after_the_conversion(alpha_prod: Array, gamma: Array, *, target: str) -> Any:
    """The weight that the parametrisation gives is cut at γ in place of the signal-to-noise ratio."""
    weight = {"eps": 0 * alpha_prod + 1, "x0": alpha_prod / (1 - alpha_prod), "v": alpha_prod}[target]
    return namespace(alpha_prod).minimum(weight, gamma + 0 * weight)


@mistake(min_snr_weight, blind=True)
def soft_minimum(alpha_prod: Array, gamma: Array, *, target: str) -> Any:
    """SNR γ/(SNR + γ) for min(SNR, γ): the weight without a kink, far from it nearly the same."""
    cut = gamma * alpha_prod / (alpha_prod + gamma * (1 - alpha_prod))
    return {"eps": cut * (1 - alpha_prod) / alpha_prod, "x0": cut, "v": cut * (1 - alpha_prod)}[target]
