"""Mistakes in v, and x₀ and ε from it."""

from typing import Any

from refdgm.diffusion.v_from_x0_eps import eps_from_v, v_from_x0_eps, x0_from_v
from refdgm.evidence.declare import mistake
from refdgm.evidence.diffusion.weighted_sum import mixture, times, without
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner

# v_from_x0_eps


@mistake(v_from_x0_eps)
def velocity_reversed(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """√ᾱ x₀ − √(1 − ᾱ) ε: the two parts exchanged."""
    return mixture({"x0": (x0, (1, 1, 0)), "eps": (eps, (-1, 0, 1))}, alpha_prod)


@mistake(v_from_x0_eps, "value", "gradient.x0", "gradient.alpha_prod")
def velocity_with_plus(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """√ᾱ ε + √(1 − ᾱ) x₀: the sign lost."""
    return mixture({"x0": (x0, (1, 0, 1)), "eps": (eps, (1, 1, 0))}, alpha_prod)


@mistake(v_from_x0_eps)
def velocity_without_roots(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """ᾱ ε − (1 − ᾱ) x₀: variances taken for deviations."""
    return mixture({"x0": (x0, (-1, 0, 2)), "eps": (eps, (1, 2, 0))}, alpha_prod)


@mistake(v_from_x0_eps)
def velocity_of_a_straight_path(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """ε − x₀: the velocity of flow matching, along a straight path."""
    return mixture({"x0": (x0, (-1, 0, 0)), "eps": (eps, (1, 0, 0))}, alpha_prod)


@mistake(v_from_x0_eps, "gradient.eps")
def velocity_noise_detached(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The noise receives no gradient."""
    return without(v_from_x0_eps.body(x0, eps, alpha_prod), "eps")


@mistake(v_from_x0_eps, "gradient.x0")
def velocity_data_detached(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The data receive no gradient."""
    return without(v_from_x0_eps.body(x0, eps, alpha_prod), "x0")


@mistake(v_from_x0_eps, "gradient.alpha_prod")
def velocity_schedule_detached(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(v_from_x0_eps.body(x0, eps, alpha_prod), "alpha_prod")


@mistake(v_from_x0_eps, "gradient.alpha_prod")
def velocity_schedule_sign(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ with the opposite sign: the derivative with respect to 1 − ᾱ."""
    return times(v_from_x0_eps.body(x0, eps, alpha_prod), "alpha_prod", -1.0)


# x0_from_v


@mistake(x0_from_v, "value", "gradient.v", "gradient.alpha_prod")
def velocity_added(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """√ᾱ x_t + √(1 − ᾱ) v: the sign lost."""
    return mixture({"xt": (xt, (1, 1, 0)), "v": (v, (1, 0, 1))}, alpha_prod)


@mistake(x0_from_v)
def coefficients_exchanged(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """√(1 − ᾱ) x_t − √ᾱ v: the two roots exchanged."""
    return mixture({"xt": (xt, (1, 0, 1)), "v": (v, (-1, 1, 0))}, alpha_prod)


@mistake(x0_from_v)
def velocity_taken_for_noise(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """(x_t − √(1 − ᾱ) v) / √ᾱ: the formula of a noise prediction."""
    return mixture({"xt": (xt, (1, -1, 0)), "v": (v, (-1, -1, 1))}, alpha_prod)


@mistake(x0_from_v)
def coefficients_without_roots(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """ᾱ x_t − (1 − ᾱ) v: variances taken for deviations."""
    return mixture({"xt": (xt, (1, 2, 0)), "v": (v, (-1, 0, 2))}, alpha_prod)


@mistake(x0_from_v, "gradient.v")
def velocity_detached(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """The prediction receives no gradient."""
    return without(x0_from_v.body(xt, v, alpha_prod), "v")


@mistake(x0_from_v, "gradient.xt")
def rotated_state_held(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """x_t is held, though it carries the data."""
    return without(x0_from_v.body(xt, v, alpha_prod), "xt")


@mistake(x0_from_v, "gradient.alpha_prod")
def rotation_detached(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(x0_from_v.body(xt, v, alpha_prod), "alpha_prod")


@mistake(x0_from_v, "gradient.alpha_prod")
def rotation_differentiated_as_a_root(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ twice too large: the ½ of the root's derivative is forgotten."""
    return times(x0_from_v.body(xt, v, alpha_prod), "alpha_prod", 2.0)


# eps_from_v


@mistake(eps_from_v, "value", "gradient.v", "gradient.alpha_prod")
def velocity_subtracted(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """√(1 − ᾱ) x_t − √ᾱ v: the sign of the other conversion."""
    return mixture({"xt": (xt, (1, 0, 1)), "v": (v, (-1, 1, 0))}, alpha_prod)


@mistake(eps_from_v)
def weights_exchanged(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """√ᾱ x_t + √(1 − ᾱ) v: the two roots exchanged."""
    return mixture({"xt": (xt, (1, 1, 0)), "v": (v, (1, 0, 1))}, alpha_prod)


@mistake(eps_from_v, seen="huggingface/diffusers #14816")
def velocity_returned(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """v itself, used as if it were the noise."""
    return mixture({"xt": (xt, (0, 0, 0)), "v": (v, (1, 0, 0))}, alpha_prod)


@mistake(eps_from_v)
def weights_without_roots(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """(1 − ᾱ) x_t + ᾱ v: variances taken for deviations."""
    return mixture({"xt": (xt, (1, 0, 2)), "v": (v, (1, 2, 0))}, alpha_prod)


@mistake(eps_from_v, "gradient.v")
def network_detached(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """The prediction receives no gradient."""
    return without(eps_from_v.body(xt, v, alpha_prod), "v")


@mistake(eps_from_v, "gradient.xt")
def turned_state_held(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """x_t is held, though it carries the data."""
    return without(eps_from_v.body(xt, v, alpha_prod), "xt")


@mistake(eps_from_v, "gradient.alpha_prod")
def turn_detached(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(eps_from_v.body(xt, v, alpha_prod), "alpha_prod")


@mistake(eps_from_v, "gradient.alpha_prod")
def turn_differentiated_as_a_root(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ twice too large: the ½ of the root's derivative is forgotten."""
    return times(eps_from_v.body(xt, v, alpha_prod), "alpha_prod", 2.0)


# --- planted by people who had not seen the cases, or after public code ---------------------------

# v_from_x0_eps


@mistake(v_from_x0_eps, blind=True)
def velocity_along_the_product(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """v is dx_t/dᾱ = x₀/(2√ᾱ) − ε/(2√(1 − ᾱ)) and not the derivative by the angle."""
    return mixture({"x0": (x0, (0.5, -1, 0)), "eps": (eps, (-0.5, 0, -1))}, alpha_prod)


@mistake(v_from_x0_eps, blind=True)
def schedule_of_the_first_example(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """ᾱ of the first example serves the whole batch."""
    xp = namespace(x0)
    first = xp.arange(alpha_prod.shape[0], device=alpha_prod.device) == 0
    v, right = v_from_x0_eps.body(x0, eps, alpha_prod[:1] + 0 * alpha_prod)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return g | {"alpha_prod": xp.where(first, xp.sum(g["alpha_prod"]), xp.zeros_like(alpha_prod))}

    return v, pullback


# x0_from_v


@mistake(x0_from_v, "value", blind=True)
def data_brought_into_range(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """Data with a component beyond one are divided by their largest, and the gradient knows nothing of it."""
    xp = namespace(xt)
    x0, right = x0_from_v.body(xt, v, alpha_prod)
    flat = xp.reshape(xp.abs(x0), (x0.shape[0], dimension(x0)))
    one = xp.ones_like(alpha_prod)[:, None]
    return x0 / against(xp.max(xp.concat([one, flat], axis=1), axis=1), x0), right


@mistake(x0_from_v, "gradient.alpha_prod", blind=True)
def rotation_gradient_sign(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """The term of v in the cotangent of ᾱ has a minus: the inner derivative of 1 − ᾱ is forgotten."""
    xp = namespace(xt)
    x0, right = x0_from_v.body(xt, v, alpha_prod)
    signal, noise = xp.sqrt(alpha_prod), xp.sqrt(1 - alpha_prod)
    return x0, lambda bar: right(bar) | {"alpha_prod": inner(bar, xt) / signal / 2 - inner(bar, v) / noise / 2}


# eps_from_v


@mistake(eps_from_v, "value", "gradient.xt", "gradient.alpha_prod", blind=True)
def noised_state_not_weighted(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """x_t + √ᾱ v: the state enters without √(1 − ᾱ)."""
    return mixture({"xt": (xt, (1, 0, 0)), "v": (v, (1, 1, 0))}, alpha_prod)


@mistake(eps_from_v, "gradient.xt", "gradient.v", blind=True)
def cotangents_exchanged(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """x_bar_t has the factor √ᾱ and v_bar the factor √(1 − ᾱ), which is right at ᾱ = ½."""
    eps, right = eps_from_v.body(xt, v, alpha_prod)
    return eps, lambda bar: (g := right(bar)) | {"xt": g["v"], "v": g["xt"]}
