"""Mistakes in x₀ from ε and ε from x₀."""

from typing import Any

from refdgm.diffusion.x0_from_eps import eps_from_x0, x0_from_eps
from refdgm.evidence.declare import mistake
from refdgm.evidence.diffusion.weighted_sum import mixture, times, without
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, inner

# x0_from_eps


@mistake(x0_from_eps, "value", "gradient.eps", "gradient.alpha_prod")
def noise_added(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """(x_t + √(1 − ᾱ) ε) / √ᾱ: the noise is added once more."""
    return mixture({"xt": (xt, (1, -1, 0)), "eps": (eps, (1, -1, 1))}, alpha_prod)


@mistake(x0_from_eps, "value", "gradient.eps", "gradient.alpha_prod")
def noise_variance_for_deviation(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """(x_t − (1 − ᾱ) ε) / √ᾱ: the variance of the noise for its deviation."""
    return mixture({"xt": (xt, (1, -1, 0)), "eps": (eps, (-1, -1, 2))}, alpha_prod)


@mistake(x0_from_eps)
def signal_variance_for_deviation(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """(x_t − √(1 − ᾱ) ε) / ᾱ: the root of ᾱ forgotten."""
    return mixture({"xt": (xt, (1, -2, 0)), "eps": (eps, (-1, -2, 1))}, alpha_prod)


@mistake(x0_from_eps, "value", "gradient.eps", "gradient.alpha_prod")
def only_the_state_divided(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """x_t / √ᾱ − √(1 − ᾱ) ε: a bracket lost."""
    return mixture({"xt": (xt, (1, -1, 0)), "eps": (eps, (-1, 0, 1))}, alpha_prod)


@mistake(x0_from_eps)
def not_divided(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """x_t − √(1 − ᾱ) ε: the noise is removed, the signal stays scaled down."""
    return mixture({"xt": (xt, (1, 0, 0)), "eps": (eps, (-1, 0, 1))}, alpha_prod)


@mistake(x0_from_eps, "gradient.eps")
def prediction_detached(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """The prediction receives no gradient."""
    return without(x0_from_eps.body(xt, eps, alpha_prod), "eps")


@mistake(x0_from_eps, "gradient.xt")
def state_detached(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """x_t is held, though it carries the data."""
    return without(x0_from_eps.body(xt, eps, alpha_prod), "xt")


@mistake(x0_from_eps, "gradient.alpha_prod")
def data_schedule_detached(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(x0_from_eps.body(xt, eps, alpha_prod), "alpha_prod")


@mistake(x0_from_eps, "gradient.alpha_prod")
def recovered_schedule_sign(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ with the opposite sign: the derivative with respect to 1 − ᾱ."""
    return times(x0_from_eps.body(xt, eps, alpha_prod), "alpha_prod", -1.0)


# eps_from_x0


@mistake(eps_from_x0, "value", "gradient.x0", "gradient.alpha_prod")
def data_added(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """(x_t + √ᾱ x₀) / √(1 − ᾱ): the data are added once more."""
    return mixture({"xt": (xt, (1, 0, -1)), "x0": (x0, (1, 1, -1))}, alpha_prod)


@mistake(eps_from_x0)
def divided_by_variance(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """(x_t − √ᾱ x₀) / (1 − ᾱ): the variance of the noise for its deviation."""
    return mixture({"xt": (xt, (1, 0, -2)), "x0": (x0, (-1, 1, -2))}, alpha_prod)


@mistake(eps_from_x0, "value", "gradient.x0", "gradient.alpha_prod")
def data_not_scaled(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """(x_t − x₀) / √(1 − ᾱ): x₀ without √ᾱ."""
    return mixture({"xt": (xt, (1, 0, -1)), "x0": (x0, (-1, 0, -1))}, alpha_prod)


@mistake(eps_from_x0)
def divided_by_the_signal(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """(x_t − √ᾱ x₀) / √ᾱ: divided by the wrong root."""
    return mixture({"xt": (xt, (1, -1, 0)), "x0": (x0, (-1, 0, 0))}, alpha_prod)


@mistake(eps_from_x0)
def residual_not_divided(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """x_t − √ᾱ x₀: the noise at its own scale, not of unit variance."""
    return mixture({"xt": (xt, (1, 0, 0)), "x0": (x0, (-1, 1, 0))}, alpha_prod)


@mistake(eps_from_x0, seen="huggingface/diffusers #2094; LaurentMazare/diffusers-rs #57")
def prediction_returned(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """x₀ itself, used as if it were the noise."""
    return mixture({"xt": (xt, (0, 0, 0)), "x0": (x0, (1, 0, 0))}, alpha_prod)


@mistake(eps_from_x0, "gradient.x0")
def data_detached(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """The prediction receives no gradient."""
    return without(eps_from_x0.body(xt, x0, alpha_prod), "x0")


@mistake(eps_from_x0, "gradient.xt")
def noised_data_held(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """x_t is held, though it carries the data."""
    return without(eps_from_x0.body(xt, x0, alpha_prod), "xt")


@mistake(eps_from_x0, "gradient.alpha_prod")
def residual_schedule_detached(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(eps_from_x0.body(xt, x0, alpha_prod), "alpha_prod")


@mistake(eps_from_x0, "gradient.alpha_prod")
def residual_schedule_sign(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ with the opposite sign: the derivative with respect to 1 − ᾱ."""
    return times(eps_from_x0.body(xt, x0, alpha_prod), "alpha_prod", -1.0)


# --- planted by people who had not seen the cases, or after public code ---------------------------

# x0_from_eps


@mistake(x0_from_eps, blind=True)
def data_clipped(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """The data are clipped to [−1, 1], as images are."""
    xp = namespace(xt)
    x0, right = x0_from_eps.body(xt, eps, alpha_prod)
    inside = xp.abs(x0) <= 1
    return xp.clip(x0, -1, 1), lambda bar: right(xp.where(inside, bar, xp.zeros_like(bar)))


@mistake(x0_from_eps, "gradient.alpha_prod", blind=True)
def denominator_held(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ goes through √(1 − ᾱ) alone, and 1/√ᾱ is held."""
    xp = namespace(xt)
    x0, right = x0_from_eps.body(xt, eps, alpha_prod)
    both = xp.sqrt(alpha_prod) * xp.sqrt(1 - alpha_prod)
    return x0, lambda bar: right(bar) | {"alpha_prod": inner(bar, eps) / both / 2}


# eps_from_x0


@mistake(eps_from_x0, blind=True)
def denominator_with_an_epsilon(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """10⁻⁸ is added to √(1 − ᾱ) before the division."""
    xp = namespace(xt)
    signal, noise = xp.sqrt(alpha_prod), xp.sqrt(1 - alpha_prod)
    by = noise + 1e-8
    eps = (xt - against(signal, xt) * x0) / against(by, xt)
    return eps, lambda bar: {
        "xt": bar / against(by, xt),
        "x0": -against(signal / by, xt) * bar,
        "alpha_prod": inner(bar, eps) / by / noise / 2 - inner(bar, x0) / signal / by / 2,
    }


@mistake(eps_from_x0, "gradient.alpha_prod", blind=True)
def numerator_held(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ goes through the denominator alone, and √ᾱ x₀ is held."""
    eps, right = eps_from_x0.body(xt, x0, alpha_prod)
    return eps, lambda bar: right(bar) | {"alpha_prod": inner(bar, eps) / (1 - alpha_prod) / 2}
