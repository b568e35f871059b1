"""Mistakes in the steps of samplers. What z is in the last step is the caller's convention and not among them."""

from typing import Any

from refdgm.diffusion.ancestral_step import ancestral_step
from refdgm.diffusion.ddim_step import ddim_step
from refdgm.mistakes.mistake import mistake
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
    """β̃ and β exchanged: the fixed large variance where the small one is asked for."""
    other = "beta" if variance == "posterior" else "posterior"
    return ANCESTRAL(xt, eps_pred, noise, beta, alpha_prod_prev, variance=other)


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
    """ε̄ without 1/√α."""
    x_prev, right = ANCESTRAL(xt, eps_pred, noise, beta, alpha_prod_prev, variance=variance)
    root = against((1 - beta) ** 0.5, xt)
    return x_prev, lambda bar: (g := right(bar)) | {"eps_pred": root * g["eps_pred"]}


@mistake(ancestral_step, "gradient.xt")
def sample_gradient_not_rescaled(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """x̄_t = x̄, as through a residual connection: 1/√α is lost."""
    x_prev, right = ANCESTRAL(xt, eps_pred, noise, beta, alpha_prod_prev, variance=variance)
    return x_prev, lambda bar: right(bar) | {"xt": +bar}


DDIM = ddim_step.body


def of_step(beta: Array, alpha_prod_prev: Array) -> tuple[Array, Array, Array]:
    """√α, 1 − ᾱ_t and 1 − ᾱ_s."""
    return namespace(beta).sqrt(1 - beta), 1 - (1 - beta) * alpha_prod_prev, 1 - alpha_prod_prev


def walked(x0: Array, of_x0: Any, direction: Any, sigma: Any, args: tuple[Array, ...]) -> Any:
    """of_x0 (x_t − x0 ε) + direction ε + σ z; `direction` and `sigma` are (coefficient, its slope in η)."""
    xt, eps_pred, noise = args
    xp = namespace(xt)
    a, of_eps = against(of_x0, xt), against(direction[0] - of_x0 * x0, xt)
    slope, of_noise = against(direction[1], xt), against(sigma[1], xt)
    return a * xt + of_eps * eps_pred + against(sigma[0], xt) * noise, lambda bar: {
        "xt": a * bar,
        "eps_pred": of_eps * bar,
        "eta": xp.sum(bar * (slope * eps_pred + of_noise * noise)),
    }


@mistake(ddim_step, "value", "gradient.eps_pred", "gradient.eta")
def direction_of_full_length(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """√(1 − ᾱ_s) ε + σ z: the noise is added to a direction that was not shortened by it; right for η = 0."""
    root, now, before = of_step(beta, alpha_prod_prev)
    s = (beta * before / now) ** 0.5
    return walked(now**0.5, 1 / root, (before**0.5, 0 * s), (eta * s, s), (xt, eps_pred, noise))


@mistake(ddim_step, "value", "gradient.eps_pred", "gradient.eta")
def direction_of_the_ancestral_step(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """√(1 − ᾱ_s − β̃) with η left out of the direction; right for η = 1."""
    root, now, before = of_step(beta, alpha_prod_prev)
    s = (beta * before / now) ** 0.5
    return walked(now**0.5, 1 / root, ((before - s**2) ** 0.5, 0 * s), (eta * s, s), (xt, eps_pred, noise))


@mistake(ddim_step, "value", "gradient.eps_pred", "gradient.eta")
def forward_deviation(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """σ = η √β for η √β̃: the radicand of the direction turns negative near the data and is clamped at zero."""
    xp = namespace(xt)
    root, now, before = of_step(beta, alpha_prod_prev)
    rest = before - eta**2 * beta
    there = xp.sqrt(xp.where(rest > 0, rest, xp.ones_like(rest)))
    direction = xp.where(rest > 0, there, xp.zeros_like(rest)), xp.where(rest > 0, -eta * beta / there, 0 * rest)
    return walked(now**0.5, 1 / root, direction, (eta * beta**0.5, beta**0.5), (xt, eps_pred, noise))


@mistake(ddim_step, "value", "gradient.eps_pred", "gradient.eta")
def eta_of_the_variance(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """σ² = η β̃ for η² β̃: right for η of 0 and of 1, where alone it is tried."""
    x, right = DDIM(xt, eps_pred, noise, beta, alpha_prod_prev, eta**0.5)
    return x, lambda bar: (g := right(bar)) | {"eta": g["eta"] / (2 * eta**0.5)}


@mistake(ddim_step, "value", "gradient.eta")
def variance_added(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """σ² z for σ z."""
    xp = namespace(xt)
    _, now, before = of_step(beta, alpha_prod_prev)
    s = against((beta * before / now) ** 0.5, xt)
    x, right = DDIM(xt, eps_pred, noise, beta, alpha_prod_prev, eta)
    return x + ((eta * s) ** 2 - eta * s) * noise, lambda bar: (g := right(bar)) | {
        "eta": g["eta"] + xp.sum(bar * (2 * eta * s**2 - s) * noise)
    }


@mistake(ddim_step, "value", "gradient.eps_pred", "gradient.eta")
def direction_at_the_current_level(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """√(1 − ᾱ_t − σ²) for √(1 − ᾱ_s − σ²): the step keeps the noise that it should remove."""
    root, now, before = of_step(beta, alpha_prod_prev)
    s = (beta * before / now) ** 0.5
    rest = (now - (eta * s) ** 2) ** 0.5
    return walked(now**0.5, 1 / root, (rest, -eta * s**2 / rest), (eta * s, s), (xt, eps_pred, noise))


@mistake(ddim_step, "value", "gradient.xt", "gradient.eps_pred")
def data_not_scaled(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """The predicted x₀ enters with ᾱ_s for √ᾱ_s; η̄, which x₀ does not reach, is right."""
    root, now, before = of_step(beta, alpha_prod_prev)
    s = (beta * before / now) ** 0.5
    rest = (before - (eta * s) ** 2) ** 0.5
    scale = alpha_prod_prev**0.5 / root
    return walked(now**0.5, scale, (rest, -eta * s**2 / rest), (eta * s, s), (xt, eps_pred, noise))


@mistake(ddim_step, "value", "gradient.xt", "gradient.eps_pred")
def data_predicted_at_the_level_to_come(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """x₀ = (x_t − √(1 − ᾱ_s) ε) / √ᾱ_s: the level at which x_t is not."""
    root, now, before = of_step(beta, alpha_prod_prev)
    s = (beta * before / now) ** 0.5
    rest = (before - (eta * s) ** 2) ** 0.5
    return walked(before**0.5, 1 + 0 * root, (rest, -eta * s**2 / rest), (eta * s, s), (xt, eps_pred, noise))


@mistake(ddim_step, "value", "gradient.eps_pred", "gradient.eta")
def direction_subtracted(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """√ᾱ_s x₀ − √(1 − ᾱ_s − σ²) ε: the sign that belongs to the score."""
    root, now, before = of_step(beta, alpha_prod_prev)
    s = (beta * before / now) ** 0.5
    rest = (before - (eta * s) ** 2) ** 0.5
    return walked(now**0.5, 1 / root, (-rest, eta * s**2 / rest), (eta * s, s), (xt, eps_pred, noise))


@mistake(ddim_step, "gradient.eps_pred")
def only_the_data_prediction_differentiated(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """ε is detached in the direction: only the path through x₀ is left."""
    x, right = DDIM(xt, eps_pred, noise, beta, alpha_prod_prev, eta)
    root, now, _ = of_step(beta, alpha_prod_prev)
    return x, lambda bar: right(bar) | {"eps_pred": -against(now**0.5 / root, xt) * bar}


@mistake(ddim_step, "gradient.eta")
def eta_through_the_noise_alone(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """η̄ = Σ √β̃ ⟨x̄, z⟩: η also shortens the direction."""
    xp = namespace(xt)
    x, right = DDIM(xt, eps_pred, noise, beta, alpha_prod_prev, eta)
    _, now, before = of_step(beta, alpha_prod_prev)
    s = against((beta * before / now) ** 0.5, xt)
    return x, lambda bar: right(bar) | {"eta": xp.sum(bar * s * noise)}


@mistake(ddim_step, "gradient.eta")
def eta_gradient_averaged(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """η̄ averaged over the batch: what is shared receives the sum."""
    x, right = DDIM(xt, eps_pred, noise, beta, alpha_prod_prev, eta)
    return x, lambda bar: (g := right(bar)) | {"eta": g["eta"] / bar.shape[0]}


@mistake(ddim_step, "gradient.xt")
def sample_gradient_of_the_data(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """x̄_t = x̄ / √ᾱ_t: that of the predicted x₀, without its weight √ᾱ_s."""
    x, right = DDIM(xt, eps_pred, noise, beta, alpha_prod_prev, eta)
    weight = against(alpha_prod_prev**0.5, xt)
    return x, lambda bar: (g := right(bar)) | {"xt": g["xt"] / weight}
