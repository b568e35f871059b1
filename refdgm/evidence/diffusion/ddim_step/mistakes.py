"""Mistakes in the DDIM step."""

from typing import Any

from refdgm.diffusion.ddim_step import ddim_step
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against

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
    """√(1 − ᾱ_s − β_tilde) with η left out of the direction; right for η = 1."""
    root, now, before = of_step(beta, alpha_prod_prev)
    s = (beta * before / now) ** 0.5
    return walked(now**0.5, 1 / root, ((before - s**2) ** 0.5, 0 * s), (eta * s, s), (xt, eps_pred, noise))


@mistake(ddim_step, "value", "gradient.eps_pred", "gradient.eta")
def forward_deviation(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """σ = η √β for η √β_tilde: the radicand of the direction turns negative near the data and is clamped at zero."""
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
    """σ² = η β_tilde for η² β_tilde: right for η of 0 and of 1, where alone it is tried."""
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


@mistake(ddim_step, "value", "gradient.eps_pred", "gradient.eta")
def deviation_for_the_direction(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """σ ε for √(1 − ᾱ_s − σ²) ε: the direction has the length of the noise."""
    root, now, before = of_step(beta, alpha_prod_prev)
    s = (beta * before / now) ** 0.5
    return walked(now**0.5, 1 / root, (eta * s, s), (eta * s, s), (xt, eps_pred, noise))


@mistake(ddim_step, "value", "gradient.xt", "gradient.eps_pred")
def data_not_scaled(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """The predicted x₀ enters with ᾱ_s for √ᾱ_s; η_bar, which x₀ does not reach, is right."""
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
    """η_bar = Σ √β_tilde ⟨x_bar, z⟩: η also shortens the direction."""
    xp = namespace(xt)
    x, right = DDIM(xt, eps_pred, noise, beta, alpha_prod_prev, eta)
    _, now, before = of_step(beta, alpha_prod_prev)
    s = against((beta * before / now) ** 0.5, xt)
    return x, lambda bar: right(bar) | {"eta": xp.sum(bar * s * noise)}


@mistake(ddim_step, "gradient.eta")
def eta_gradient_averaged(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """η_bar averaged over the batch: what is shared receives the sum."""
    x, right = DDIM(xt, eps_pred, noise, beta, alpha_prod_prev, eta)
    return x, lambda bar: (g := right(bar)) | {"eta": g["eta"] / bar.shape[0]}


@mistake(ddim_step, "gradient.xt")
def sample_gradient_of_the_data(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """x_bar_t = x_bar / √ᾱ_t: that of the predicted x₀, without its weight √ᾱ_s."""
    x, right = DDIM(xt, eps_pred, noise, beta, alpha_prod_prev, eta)
    weight = against(alpha_prod_prev**0.5, xt)
    return x, lambda bar: (g := right(bar)) | {"xt": g["xt"] / weight}


# --- planted by people who had not seen the cases, or after public code ---------------------------


def with_data_clipped(found: Any, weight: Array, xt: Array, eps_pred: Array, alpha_prod: Array) -> Any:
    """A step in which the predicted x₀, of this weight, is clipped to [−1, 1] and ε stays what it was."""
    xp = namespace(xt)
    value, right = found
    signal, noise, of_data = (against(u, xt) for u in (alpha_prod**0.5, (1 - alpha_prod) ** 0.5, weight))
    x0 = (xt - noise * eps_pred) / signal
    beyond = xp.astype(xp.abs(x0) > 1, xt.dtype)

    def pullback(bar: Array) -> dict[str, Array]:
        g, lost = right(bar), of_data * beyond * bar / signal
        return g | {"xt": g["xt"] - lost, "eps_pred": g["eps_pred"] + noise * lost}

    return value + of_data * (xp.clip(x0, -1, 1) - x0), pullback


def share(beta: Array, alpha_prod_prev: Array, eta: Array) -> tuple[Array, Array, Array]:
    """√β_tilde, and √(1 − ᾱ_s − σ²) with its slope in η."""
    xp = namespace(beta)
    _, now, before = of_step(beta, alpha_prod_prev)
    s = (beta * before / now) ** 0.5
    rest = (before * ((1 - beta) * before + beta * (1 - eta) * (1 + eta)) / now) ** 0.5
    return s, rest, -eta * s**2 / xp.where(rest > 0, rest, xp.ones_like(rest))


def redirected(args: tuple[Array, ...], rest: Array, slope: Array) -> Any:
    """The right step with another coefficient of ε in the direction, whose slope in η is given."""
    xt, eps_pred, _, beta, alpha_prod_prev, eta = args
    xp = namespace(xt)
    xs, right = DDIM(*args)
    _, of_direction, its_slope = share(beta, alpha_prod_prev, eta)
    more, steeper = against(rest - of_direction, xt), against(slope - its_slope, xt)
    return xs + more * eps_pred, lambda bar: (g := right(bar)) | {
        "eps_pred": g["eps_pred"] + more * bar,
        "eta": g["eta"] + xp.sum(bar * steeper * eps_pred),
    }


@mistake(ddim_step, "value", "gradient.eps_pred", "gradient.eta", blind=True)
def sigma_not_squared(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """√(1 − ᾱ_s − σ) for √(1 − ᾱ_s − σ²), not a number where σ is above 1 − ᾱ_s."""
    xp = namespace(xt)
    s = share(beta, alpha_prod_prev, eta)[0]
    rest = xp.sqrt(1 - alpha_prod_prev - eta * s)
    slope = -s / 2 / xp.where(s > 0, rest, xp.ones_like(rest))
    return redirected((xt, eps_pred, noise, beta, alpha_prod_prev, eta), rest, slope)


@mistake(ddim_step, "value", "gradient.eps_pred", "gradient.eta", blind=True)
def eta_not_squared_in_the_direction(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """√(1 − ᾱ_s − η β_tilde) beside the right noise η √β_tilde z, which is right for η of 0 and of 1."""
    xp = namespace(xt)
    s = share(beta, alpha_prod_prev, eta)[0]
    _, now, before = of_step(beta, alpha_prod_prev)
    rest = (before * ((1 - beta) * before + beta * (1 - eta)) / now) ** 0.5
    slope = -(s**2) / 2 / xp.where(rest > 0, rest, xp.ones_like(rest))
    return redirected((xt, eps_pred, noise, beta, alpha_prod_prev, eta), rest, slope)


@mistake(ddim_step, "value", "gradient.xt", "gradient.eps_pred", blind=True)
def clipped_beside_the_old_noise(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """The predicted data are clipped to [−1, 1], and ε, which belongs to them, is not made anew."""
    found = DDIM(xt, eps_pred, noise, beta, alpha_prod_prev, eta)
    return with_data_clipped(found, alpha_prod_prev**0.5, xt, eps_pred, (1 - beta) * alpha_prod_prev)


@mistake(ddim_step, "gradient.eps_pred", blind=True)
def only_the_direction_differentiated(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """The predicted x₀ is detached: ε_bar has the path through the direction alone."""
    xs, right = DDIM(xt, eps_pred, noise, beta, alpha_prod_prev, eta)
    rest = against(share(beta, alpha_prod_prev, eta)[1], xt)
    return xs, lambda bar: right(bar) | {"eps_pred": rest * bar}


@mistake(ddim_step, "value", "gradient.eta", blind=True)
def noise_never_added(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """The direction makes room for σ z, which is not added."""
    return ddim_step.body(xt, eps_pred, 0 * noise, beta, alpha_prod_prev, eta)
