"""Mistakes in the guidance by a classifier."""

from typing import Any

from refdgm.diffusion.classifier_guidance import classifier_guidance
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, inner

GUIDED = classifier_guidance.body
OF_SIGMA = ("value", "gradient.log_prob_grad", "gradient.alpha_prod", "gradient.gamma")


def scaled(eps_pred: Array, g: Array, gamma: Array, scale: Array, slope: Array) -> Any:
    """ε − γ s g for another s of ᾱ, whose slope in ᾱ is `slope`."""
    xp = namespace(eps_pred)
    s = against(scale, eps_pred)
    return eps_pred - gamma * s * g, lambda bar: {
        "eps_pred": +bar,
        "log_prob_grad": -gamma * s * bar,
        "alpha_prod": -gamma * slope * inner(bar, g),
        "gamma": -xp.sum(s * bar * g),
    }


@mistake(classifier_guidance, *OF_SIGMA)
def away_from_the_label(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """ε + γ σ ∇ log p(y|x): the sign that belongs to the score."""
    sigma = (1 - alpha_prod) ** 0.5
    return scaled(eps_pred, log_prob_grad, gamma, -sigma, 1 / (2 * sigma))


@mistake(classifier_guidance, *OF_SIGMA)
def variance_for_deviation(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """1 − ᾱ for its root."""
    return scaled(eps_pred, log_prob_grad, gamma, 1 - alpha_prod, 0 * alpha_prod - 1)


@mistake(classifier_guidance, *OF_SIGMA)
def scale_of_the_data(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """√ᾱ for √(1 − ᾱ)."""
    root = alpha_prod**0.5
    return scaled(eps_pred, log_prob_grad, gamma, root, 1 / (2 * root))


@mistake(classifier_guidance, *OF_SIGMA)
def score_added_to_noise(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """ε − γ ∇ log p(y|x): a score and a noise are added as if they were of one kind."""
    return scaled(eps_pred, log_prob_grad, gamma, 0 * alpha_prod + 1, 0 * alpha_prod)


@mistake(classifier_guidance, *OF_SIGMA)
def divided_by_the_deviation(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """∇ log p(y|x) / √(1 − ᾱ): the conversion of ε into a score, taken the wrong way round."""
    sigma = (1 - alpha_prod) ** 0.5
    return scaled(eps_pred, log_prob_grad, gamma, 1 / sigma, 1 / (2 * sigma**3))


@mistake(classifier_guidance, "value", "gradient.log_prob_grad", "gradient.alpha_prod")
def scale_less_one(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """γ − 1 for γ, as in classifier-free guidance with w: here 1 is Bayes' rule and not no guidance."""
    return GUIDED(eps_pred, log_prob_grad, alpha_prod, gamma - 1)


@mistake(classifier_guidance, "value", "gradient.eps_pred", "gradient.gamma")
def weighted_average(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """(1 − γ) ε − γ σ ∇ log p(y|x): the prediction is weighed as in an average."""
    xp = namespace(eps_pred)
    guided, right = GUIDED(eps_pred, log_prob_grad, alpha_prod, gamma)
    return guided - gamma * eps_pred, lambda bar: (g := right(bar)) | {
        "eps_pred": (1 - gamma) * bar,
        "gamma": g["gamma"] - xp.sum(bar * eps_pred),
    }


@mistake(classifier_guidance, *OF_SIGMA)
def schedule_along_components(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """ᾱ (B,) meets the last axis and not the first; seen only where both have one size."""
    xp = namespace(eps_pred)
    guided, right = GUIDED(eps_pred, log_prob_grad, alpha_prod, gamma)
    if eps_pred.shape[-1:] != eps_pred.shape[:1]:
        return guided, right
    sigma = xp.sqrt(1 - alpha_prod)
    axes = tuple(range(eps_pred.ndim - 1))
    return eps_pred - gamma * sigma * log_prob_grad, lambda bar: right(bar) | {
        "log_prob_grad": -gamma * sigma * bar,
        "alpha_prod": gamma * xp.sum(bar * log_prob_grad, axis=axes) / (2 * sigma),
        "gamma": -xp.sum(sigma * bar * log_prob_grad),
    }


@mistake(classifier_guidance, "gradient.log_prob_grad")
def classifier_detached(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """The classifier's gradient is taken without a graph of its own: nothing reaches it."""
    guided, right = GUIDED(eps_pred, log_prob_grad, alpha_prod, gamma)
    return guided, lambda bar: right(bar) | {"log_prob_grad": 0 * bar}


@mistake(classifier_guidance, "gradient.log_prob_grad")
def classifier_gradient_unscaled(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """g_bar = −γ e_bar: σ is lost."""
    guided, right = GUIDED(eps_pred, log_prob_grad, alpha_prod, gamma)
    return guided, lambda bar: right(bar) | {"log_prob_grad": -gamma * bar}


@mistake(classifier_guidance, "gradient.alpha_prod")
def schedule_gradient_without_half(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """The root is differentiated without its ½."""
    guided, right = GUIDED(eps_pred, log_prob_grad, alpha_prod, gamma)
    return guided, lambda bar: (g := right(bar)) | {"alpha_prod": 2 * g["alpha_prod"]}


@mistake(classifier_guidance, "gradient.alpha_prod")
def schedule_gradient_of_the_wrong_sign(
    eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array
) -> Any:
    """The inner derivative of 1 − ᾱ is forgotten."""
    guided, right = GUIDED(eps_pred, log_prob_grad, alpha_prod, gamma)
    return guided, lambda bar: (g := right(bar)) | {"alpha_prod": -g["alpha_prod"]}


@mistake(classifier_guidance, "gradient.gamma")
def scale_gradient_averaged(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """γ_bar averaged over the batch: a shared scale receives the sum."""
    guided, right = GUIDED(eps_pred, log_prob_grad, alpha_prod, gamma)
    return guided, lambda bar: (g := right(bar)) | {"gamma": g["gamma"] / bar.shape[0]}


@mistake(classifier_guidance, "gradient.eps_pred")
def prediction_detached(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """The network is called without gradient."""
    guided, right = GUIDED(eps_pred, log_prob_grad, alpha_prod, gamma)
    return guided, lambda bar: right(bar) | {"eps_pred": 0 * bar}


CLASSIFIER = classifier_guidance.body


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(classifier_guidance, "value", "gradient.log_prob_grad", "gradient.alpha_prod", "gradient.gamma", blind=True)
def negative_scale_ignored(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """max(γ, 0) for γ: a negative scale, which leads away from the label, does nothing."""
    xp = namespace(eps_pred)
    guided, right = CLASSIFIER(eps_pred, log_prob_grad, alpha_prod, xp.maximum(gamma, 0 * gamma))
    return guided, lambda bar: (g := right(bar)) | {"gamma": xp.where(gamma > 0, g["gamma"], 0 * g["gamma"])}


@mistake(classifier_guidance, "gradient.alpha_prod", blind=True)
def schedule_gradient_without_scale(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """⟨e_bar, g⟩/(2σ) for the cotangent of ᾱ: γ is forgotten, which is right for γ = 1."""
    guided, right = CLASSIFIER(eps_pred, log_prob_grad, alpha_prod, gamma)
    sigma = (1 - alpha_prod) ** 0.5
    return guided, lambda bar: right(bar) | {"alpha_prod": inner(bar, log_prob_grad) / sigma / 2}
