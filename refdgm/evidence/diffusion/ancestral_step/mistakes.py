"""Mistakes in the ancestral step."""

from typing import Any

from refdgm.diffusion.ancestral_step import ancestral_step
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against

ANCESTRAL = ancestral_step.body


def of_schedule(beta: Array, alpha_prod_prev: Array, variance: str) -> tuple[Array, Array, Array]:
    """√α_t, 1 − ᾱ_t and σ_t², from the definitions."""
    xp = namespace(beta)
    now = 1 - (1 - beta) * alpha_prod_prev
    added = beta * (1 - alpha_prod_prev) / now if variance == "posterior" else beta
    return xp.sqrt(1 - beta), now, added


def affine(of_xt: Array, of_eps: Array, of_noise: Array, xt: Array, eps_pred: Array, noise: Array) -> Any:
    """Rightly differentiated: what is linear in x_t, ε and z with one coefficient for each example."""
    a, b, c = (against(u, xt) for u in (of_xt, of_eps, of_noise))
    return a * xt + b * eps_pred + c * noise, lambda bar: {"xt": a * bar, "eps_pred": b * bar}


@mistake(ancestral_step, "value")
def variance_for_deviation(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """σ² z for σ z: N(μ, σ²) read as if σ² were the deviation."""
    root, now, added = of_schedule(beta, alpha_prod_prev, variance)
    return affine(1 / root, -beta / now**0.5 / root, added, xt, eps_pred, noise)


@mistake(ancestral_step, "value")
def the_other_variance(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """β_tilde and β exchanged: the fixed large variance where the small one is asked for."""
    other = "beta" if variance == "posterior" else "posterior"
    return ANCESTRAL(xt, eps_pred, noise, beta, alpha_prod_prev, variance=other)


@mistake(ancestral_step, "value")
def posterior_variance_always(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """β_tilde where β is asked for: the word is not looked at."""
    return ANCESTRAL(xt, eps_pred, noise, beta, alpha_prod_prev, variance="posterior")


@mistake(ancestral_step, "value")
def variance_of_the_step_always(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """β where the posterior's β_tilde is asked for: the word is not looked at."""
    return ANCESTRAL(xt, eps_pred, noise, beta, alpha_prod_prev, variance="beta")


@mistake(ancestral_step, "value")
def noise_divided_too(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """(x_t − … ε + σ z) / √α: the noise is added inside the bracket."""
    root, now, added = of_schedule(beta, alpha_prod_prev, variance)
    return affine(1 / root, -beta / now**0.5 / root, added**0.5 / root, xt, eps_pred, noise)


@mistake(ancestral_step, "value")
def noise_subtracted(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """μ − σ z: the law is the same, the path is not."""
    return ANCESTRAL(xt, eps_pred, -noise, beta, alpha_prod_prev, variance=variance)


@mistake(ancestral_step)
def not_rescaled(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """The mean without 1/√α."""
    _, now, added = of_schedule(beta, alpha_prod_prev, variance)
    return affine(1 + 0 * beta, -beta / now**0.5, added**0.5, xt, eps_pred, noise)


@mistake(ancestral_step, "value", "gradient.eps_pred")
def step_for_product(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """√(1 − α_t) for √(1 − ᾱ_t): the coefficient of ε is √β; right in the last step."""
    root, _, added = of_schedule(beta, alpha_prod_prev, variance)
    return affine(1 / root, -(beta**0.5) / root, added**0.5, xt, eps_pred, noise)


@mistake(ancestral_step, "value", "gradient.eps_pred")
def level_of_the_step_before(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """√(1 − ᾱ_{t−1}) for √(1 − ᾱ_t): a table that is one step off; 0 in a denominator in the last step."""
    root, _, added = of_schedule(beta, alpha_prod_prev, variance)
    return affine(1 / root, -beta / (1 - alpha_prod_prev) ** 0.5 / root, added**0.5, xt, eps_pred, noise)


@mistake(ancestral_step, "value", "gradient.eps_pred")
def no_root_of_the_noise(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """1 − ᾱ_t for its root."""
    root, now, added = of_schedule(beta, alpha_prod_prev, variance)
    return affine(1 / root, -beta / now / root, added**0.5, xt, eps_pred, noise)


@mistake(ancestral_step, "value", "gradient.eps_pred")
def added_prediction(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """x_t + … ε: the sign that belongs to the score, given the noise."""
    return ANCESTRAL(xt, -eps_pred, noise, beta, alpha_prod_prev, variance=variance)[0], lambda bar: (
        (g := ANCESTRAL(xt, eps_pred, noise, beta, alpha_prod_prev, variance=variance)[1](bar))
        | {"eps_pred": -g["eps_pred"]}
    )


@mistake(ancestral_step)
def schedule_along_components(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """The schedule (B,) meets the last axis of the arrays and not the first; seen only where both have one size."""
    if xt.shape[-1:] != xt.shape[:1]:
        return ANCESTRAL(xt, eps_pred, noise, beta, alpha_prod_prev, variance=variance)
    root, now, added = of_schedule(beta, alpha_prod_prev, variance)
    a, b = 1 / root, -beta / now**0.5 / root
    return a * xt + b * eps_pred + added**0.5 * noise, lambda bar: {"xt": a * bar, "eps_pred": b * bar}


@mistake(ancestral_step, "gradient.eps_pred")
def prediction_detached(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """The network is called without gradient: nothing reaches the prediction."""
    x_prev, right = ANCESTRAL(xt, eps_pred, noise, beta, alpha_prod_prev, variance=variance)
    return x_prev, lambda bar: right(bar) | {"eps_pred": 0 * bar}


@mistake(ancestral_step, "gradient.eps_pred")
def prediction_gradient_not_rescaled(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """ε_bar without 1/√α."""
    x_prev, right = ANCESTRAL(xt, eps_pred, noise, beta, alpha_prod_prev, variance=variance)
    root = against((1 - beta) ** 0.5, xt)
    return x_prev, lambda bar: (g := right(bar)) | {"eps_pred": root * g["eps_pred"]}


@mistake(ancestral_step, "gradient.xt")
def sample_gradient_not_rescaled(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """x_bar_t = x_bar, as through a residual connection: 1/√α is lost."""
    x_prev, right = ANCESTRAL(xt, eps_pred, noise, beta, alpha_prod_prev, variance=variance)
    return x_prev, lambda bar: right(bar) | {"xt": +bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(ancestral_step, blind=True)
def reverse_diffusion_step(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """The mean is (2 − √α) x_t − β/√(1 − ᾱ) ε, a step of the reverse equation: right to first order in β."""
    root, now, added = of_schedule(beta, alpha_prod_prev, variance)
    return affine(2 - root, -beta / now**0.5, added**0.5, xt, eps_pred, noise)


@mistake(ancestral_step, "value", blind=True)
def deviation_of_the_first_example(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """σ of the first example serves the whole batch."""
    x_prev, right = ANCESTRAL(xt, eps_pred, noise, beta, alpha_prod_prev, variance=variance)
    sigma = of_schedule(beta, alpha_prod_prev, variance)[2] ** 0.5
    return x_prev + against(sigma[:1] - sigma, xt) * noise, right
