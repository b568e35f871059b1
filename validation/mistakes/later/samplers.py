"""Later mistakes in the steps of samplers, in guidance, and in its rescaling."""

from typing import Any

from refdgm.diffusion.ancestral_step import ancestral_step
from refdgm.diffusion.classifier_free_guidance import classifier_free_guidance
from refdgm.diffusion.classifier_guidance import classifier_guidance
from refdgm.diffusion.ddim_step import ddim_step
from refdgm.diffusion.guidance_rescale import guidance_rescale
from refdgm.mistakes.mistake import mistake
from refdgm.mistakes.sampling import affine, of_schedule, of_step
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner

ANCESTRAL, DDIM = ancestral_step.body, ddim_step.body
CLASSIFIER, FREE, RESCALED = classifier_guidance.body, classifier_free_guidance.body, guidance_rescale.body


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


# ancestral_step


@mistake(ancestral_step)
def reverse_diffusion_step(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """The mean is (2 − √α) x_t − β/√(1 − ᾱ) ε, a step of the reverse equation: right to first order in β."""
    root, now, added = of_schedule(beta, alpha_prod_prev, variance)
    return affine(2 - root, -beta / now**0.5, added**0.5, xt, eps_pred, noise)


@mistake(ancestral_step, "value")
def deviation_of_the_first_example(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """σ of the first example serves the whole batch."""
    x_prev, right = ANCESTRAL(xt, eps_pred, noise, beta, alpha_prod_prev, variance=variance)
    sigma = of_schedule(beta, alpha_prod_prev, variance)[2] ** 0.5
    return x_prev + against(sigma[:1] - sigma, xt) * noise, right


# ddim_step


def share(beta: Array, alpha_prod_prev: Array, eta: Array) -> tuple[Array, Array, Array]:
    """√β̃, and √(1 − ᾱ_s − σ²) with its slope in η."""
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


@mistake(ddim_step, "value", "gradient.eps_pred", "gradient.eta")
def sigma_not_squared(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """√(1 − ᾱ_s − σ) for √(1 − ᾱ_s − σ²), not a number where σ is above 1 − ᾱ_s."""
    xp = namespace(xt)
    s = share(beta, alpha_prod_prev, eta)[0]
    rest = xp.sqrt(1 - alpha_prod_prev - eta * s)
    slope = -s / 2 / xp.where(s > 0, rest, xp.ones_like(rest))
    return redirected((xt, eps_pred, noise, beta, alpha_prod_prev, eta), rest, slope)


@mistake(ddim_step, "value", "gradient.eps_pred", "gradient.eta")
def eta_not_squared_in_the_direction(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """√(1 − ᾱ_s − η β̃) beside the right noise η √β̃ z, which is right for η of 0 and of 1."""
    xp = namespace(xt)
    s = share(beta, alpha_prod_prev, eta)[0]
    _, now, before = of_step(beta, alpha_prod_prev)
    rest = (before * ((1 - beta) * before + beta * (1 - eta)) / now) ** 0.5
    slope = -(s**2) / 2 / xp.where(rest > 0, rest, xp.ones_like(rest))
    return redirected((xt, eps_pred, noise, beta, alpha_prod_prev, eta), rest, slope)


@mistake(ddim_step, "value", "gradient.xt", "gradient.eps_pred")
def clipped_beside_the_old_noise(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """The predicted data are clipped to [−1, 1], and ε, which belongs to them, is not made anew."""
    found = DDIM(xt, eps_pred, noise, beta, alpha_prod_prev, eta)
    return with_data_clipped(found, alpha_prod_prev**0.5, xt, eps_pred, (1 - beta) * alpha_prod_prev)


@mistake(ddim_step, "gradient.eps_pred")
def only_the_direction_differentiated(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """The predicted x₀ is detached: ε̄ has the path through the direction alone."""
    xs, right = DDIM(xt, eps_pred, noise, beta, alpha_prod_prev, eta)
    rest = against(share(beta, alpha_prod_prev, eta)[1], xt)
    return xs, lambda bar: right(bar) | {"eps_pred": rest * bar}


# classifier_guidance


@mistake(classifier_guidance, "value", "gradient.log_prob_grad", "gradient.alpha_prod", "gradient.gamma")
def negative_scale_ignored(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """max(γ, 0) for γ: a negative scale, which leads away from the label, does nothing."""
    xp = namespace(eps_pred)
    guided, right = CLASSIFIER(eps_pred, log_prob_grad, alpha_prod, xp.maximum(gamma, 0 * gamma))
    return guided, lambda bar: (g := right(bar)) | {"gamma": xp.where(gamma > 0, g["gamma"], 0 * g["gamma"])}


@mistake(classifier_guidance, "gradient.alpha_prod")
def schedule_gradient_without_scale(eps_pred: Array, log_prob_grad: Array, alpha_prod: Array, gamma: Array) -> Any:
    """⟨ē, g⟩/(2σ) for the cotangent of ᾱ: γ is forgotten, which is right for γ = 1."""
    guided, right = CLASSIFIER(eps_pred, log_prob_grad, alpha_prod, gamma)
    sigma = (1 - alpha_prod) ** 0.5
    return guided, lambda bar: right(bar) | {"alpha_prod": inner(bar, log_prob_grad) / sigma / 2}


# classifier_free_guidance


@mistake(classifier_free_guidance)
def off_unless_above_one(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Any:
    """ε_c itself for every γ ≤ 1, as where guidance is switched on by γ > 1."""
    xp = namespace(eps_cond)
    guided, right = FREE(eps_cond, eps_uncond, gamma)
    on = gamma > 1

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return {name: xp.where(on, g[name], bar if name == "eps_cond" else 0 * g[name]) for name in g}

    return xp.where(on, guided, eps_cond), pullback


@mistake(classifier_free_guidance, "gradient.gamma")
def scale_gradient_of_the_whole_shift(eps_cond: Array, eps_uncond: Array, gamma: Array) -> Any:
    """γ̄ = ⟨ē, ε̂ − ε_u⟩, which has γ once too often and is right for γ = 1."""
    guided, right = FREE(eps_cond, eps_uncond, gamma)
    return guided, lambda bar: (g := right(bar)) | {"gamma": gamma * g["gamma"]}


# guidance_rescale


def centred(x: Array) -> tuple[Array, Array]:
    """x − mean(x) of each example, flat, and its length; both are zero for a constant."""
    xp = namespace(x)
    flat = xp.reshape(x, (x.shape[0], dimension(x)))
    away = flat - flat[:, :1]
    away = away - xp.sum(away, axis=-1, keepdims=True) / max(dimension(x), 1)
    return away, xp.sqrt(xp.sum(away * away, axis=-1))


def or_one(x: Array) -> Array:
    xp = namespace(x)
    return xp.where(x > 0, x, xp.ones_like(x))


@mistake(guidance_rescale)
def mean_kept(guided: Array, cond: Array, phi: Array) -> Any:
    """Only x − mean(x) is multiplied by ρ and the mean added again, which is right for predictions of mean zero."""
    xp = namespace(guided)
    (of_x, sx), (of_c, sc) = centred(guided), centred(cond)
    per_x, per_c = or_one(sx)[:, None], or_one(sc)[:, None]
    ratio = xp.where(sx[:, None] > 0, sc[:, None] / per_x, xp.ones_like(per_x))

    def pullback(bar: Array) -> dict[str, Array]:
        flat, of_bar = xp.reshape(bar, of_x.shape), centred(bar)[0]
        w_bar = xp.sum(flat * of_x, axis=-1, keepdims=True)
        held = flat + phi * (ratio - 1) * of_bar
        return {
            "guided": xp.reshape(held - phi * w_bar * ratio / per_x * (of_x / per_x), guided.shape),
            "cond": xp.reshape(phi * w_bar / per_x * (of_c / per_c), cond.shape),
            "phi": xp.sum(w_bar * (ratio - 1)),
        }

    return guided + xp.reshape(phi * (ratio - 1) * of_x, guided.shape), pullback


@mistake(guidance_rescale)
def only_shortened(guided: Array, cond: Array, phi: Array) -> Any:
    """ρ is at most one: a prediction whose deviation is too small is left as it is."""
    xp = namespace(guided)
    y, right = RESCALED(guided, cond, phi)
    short = against(centred(cond)[1] <= centred(guided)[1], guided)

    def pullback(bar: Array) -> dict[str, Array]:
        zero = xp.zeros_like(bar)
        g = right(xp.where(short, bar, zero))
        return g | {"guided": g["guided"] + xp.where(short, zero, bar)}

    return xp.where(short, y, guided), pullback


@mistake(guidance_rescale, "gradient.guided", "gradient.cond")
def length_gradient_about_zero(guided: Array, cond: Array, phi: Array) -> Any:
    """∂s/∂x = x/s(x) in the gradient: the mean is not subtracted there."""
    y, right = RESCALED(guided, cond, phi)
    (of_x, sx), (of_c, sc) = centred(guided), centred(cond)
    per_x, per_c = or_one(sx), or_one(sc)
    xp = namespace(guided)

    def pullback(bar: Array) -> dict[str, Array]:
        g, each = right(bar), phi * inner(bar, guided) / per_x
        shorter = xp.where(sx > 0, each * sc / per_x / per_x, 0 * each)
        longer = xp.where((sx > 0) & (sc > 0), each / per_c, 0 * each)
        means = guided - xp.reshape(of_x, guided.shape), cond - xp.reshape(of_c, cond.shape)
        return g | {
            "guided": g["guided"] - against(shorter, guided) * means[0],
            "cond": g["cond"] + against(longer, cond) * means[1],
        }

    return y, pullback


@mistake(guidance_rescale, "value", "gradient.guided", "gradient.phi")
def constant_brought_to_nothing(guided: Array, cond: Array, phi: Array) -> Any:
    """ρ is 0 where s(x) = 0, so that a constant prediction loses the share φ."""
    xp = namespace(guided)
    y, right = RESCALED(guided, cond, phi)
    flat = against(centred(guided)[1] == 0, guided)

    def pullback(bar: Array) -> dict[str, Array]:
        g, of_flat = right(bar), xp.where(flat, bar, xp.zeros_like(bar))
        return g | {"guided": g["guided"] - phi * of_flat, "phi": g["phi"] - xp.sum(of_flat * guided)}

    return xp.where(flat, (1 - phi) * guided, y), pullback
