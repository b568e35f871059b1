"""Mistakes in classifier-free guidance. Using w for γ, with w = γ − 1, is a convention and not among them."""

from typing import Any

from refdgm.diffusion.classifier_free_guidance import classifier_free_guidance
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

GUIDED = classifier_free_guidance.body


@mistake(classifier_free_guidance)
def predictions_exchanged(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Any:
    """ε_c + γ (ε_u − ε_c): the two halves of the batch are taken in the wrong order."""
    guided, right = GUIDED(eps_uncond, eps_cond, gamma)
    return guided, lambda bar: (g := right(bar)) | {"eps_cond": g["eps_uncond"], "eps_uncond": g["eps_cond"]}


@mistake(classifier_free_guidance)
def away_from_condition(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Any:
    """ε_u − γ (ε_c − ε_u): guides away from the condition."""
    guided, right = GUIDED(eps_cond, eps_uncond, -gamma)
    return guided, lambda bar: (g := right(bar)) | {"gamma": -g["gamma"]}


@mistake(classifier_free_guidance, "value", "gradient.eps_cond", "gradient.eps_uncond")
def converted_the_wrong_way(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Any:
    """ε_u + (γ − 1)(ε_c − ε_u): one is subtracted where the other convention adds it; γ_bar is right."""
    return GUIDED(eps_cond, eps_uncond, gamma - 1)


@mistake(classifier_free_guidance)
def weights_do_not_sum_to_one(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Any:
    """(1 + γ) ε_c + γ ε_u: a sign lost in the expanded form of w = γ − 1."""
    xp = namespace(eps_cond)
    guided = (1 + gamma) * eps_cond + gamma * eps_uncond
    return guided, lambda bar: {
        "eps_cond": (1 + gamma) * bar,
        "eps_uncond": gamma * bar,
        "gamma": xp.sum(bar * (eps_cond + eps_uncond)),
    }


@mistake(classifier_free_guidance, seen="facebookresearch/DiT #41")
def last_channel_unguided(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Any:
    """Only the channels but the last are guided; the last stays as predicted with the condition."""
    xp = namespace(eps_cond)
    channels = eps_cond.shape[1]
    of_last = xp.arange(channels, device=eps_cond.device) == channels - 1
    last = xp.astype(xp.reshape(of_last, (channels, *(1 for _ in eps_cond.shape[2:]))), eps_cond.dtype)
    guided, right = GUIDED(eps_cond, eps_uncond, gamma)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right((1 - last) * bar)
        return g | {"eps_cond": g["eps_cond"] + last * bar}

    return (1 - last) * guided + last * eps_cond, pullback


@mistake(classifier_free_guidance, "gradient.eps_uncond")
def unconditional_gradient_without_one(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Any:
    """ε_bar_u = −γ e_bar: the first ε_u is forgotten."""
    guided, right = GUIDED(eps_cond, eps_uncond, gamma)
    return guided, lambda bar: right(bar) | {"eps_uncond": -gamma * bar}


@mistake(classifier_free_guidance, "gradient.eps_uncond")
def unconditional_detached(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Any:
    """ε_u is computed without gradient."""
    guided, right = GUIDED(eps_cond, eps_uncond, gamma)
    return guided, lambda bar: right(bar) | {"eps_uncond": 0 * bar}


@mistake(classifier_free_guidance, "gradient.gamma")
def scale_gradient_without_baseline(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Any:
    """γ_bar = ⟨e_bar, ε_c⟩: the prediction without the condition is not subtracted."""
    xp = namespace(eps_cond)
    guided, right = GUIDED(eps_cond, eps_uncond, gamma)
    return guided, lambda bar: right(bar) | {"gamma": xp.sum(bar * eps_cond)}


@mistake(classifier_free_guidance, "gradient.gamma")
def scale_gradient_averaged(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Any:
    """γ_bar averaged over the batch: a shared scale receives the sum."""
    guided, right = GUIDED(eps_cond, eps_uncond, gamma)
    return guided, lambda bar: (g := right(bar)) | {"gamma": g["gamma"] / bar.shape[0]}


FREE = classifier_free_guidance.body


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(classifier_free_guidance, blind=True)
def off_unless_above_one(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Any:
    """ε_c itself for every γ ≤ 1, as where guidance is switched on by γ > 1."""
    xp = namespace(eps_cond)
    guided, right = FREE(eps_cond, eps_uncond, gamma)
    on = gamma > 1

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return {name: xp.where(on, g[name], bar if name == "eps_cond" else 0 * g[name]) for name in g}

    return xp.where(on, guided, eps_cond), pullback


@mistake(classifier_free_guidance, "gradient.gamma", blind=True)
def scale_gradient_of_the_whole_shift(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Any:
    """γ_bar = ⟨e_bar, ε_hat − ε_u⟩, which has γ once too often and is right for γ = 1."""
    guided, right = FREE(eps_cond, eps_uncond, gamma)
    return guided, lambda bar: (g := right(bar)) | {"gamma": gamma * g["gamma"]}
