"""Mistakes in rescaled guidance. Dividing by n or by n − 1 is neither: it cancels."""

from typing import Any

from refdgm.diffusion.guidance_rescale import guidance_rescale
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner
from refdgm.numerics.outweighs import outweighs

RESCALED = guidance_rescale.body
Axes = tuple[int, ...]


def length(x: Array, axes: Axes, centred: bool = True) -> tuple[Array, Array]:
    """(s, ∂s/∂x): the length of x − mean(x) over these axes, or of x itself."""
    xp = namespace(x)
    away = x - xp.mean(x, axis=axes, keepdims=True) if centred else x
    s = xp.sqrt(xp.sum(away**2, axis=axes, keepdims=True))
    return s, away / s


def brought(x: Array, c: Array, phi: Array, axes: Axes, power: int = 1, centred: bool = True) -> Any:
    """φ ρᵖ x + (1 − φ) x with the deviations over other axes, of another kind or to another power."""
    xp = namespace(x)
    (sx, dx), (sc, dc) = length(x, axes, centred), length(c, axes, centred)
    ratio = sc / sx
    factor = ratio**power

    def pullback(bar: Array) -> dict[str, Array]:
        factor_bar = phi * xp.sum(bar * x, axis=axes, keepdims=True)
        ratio_bar = factor_bar * power * factor / ratio
        return {
            "guided": (phi * factor + 1 - phi) * bar - ratio_bar * ratio / sx * dx,
            "cond": ratio_bar / sx * dc,
            "phi": xp.sum(bar * x * (factor - 1)),
        }

    return (phi * factor + 1 - phi) * x, pullback


def of_example(x: Array) -> Axes:
    return tuple(range(1, x.ndim))


@mistake(guidance_rescale)
def share_exchanged(guided: Array, cond: Array, phi: Array) -> Any:
    """(1 − φ) ρ x + φ x: φ weighs the prediction that is not rescaled."""
    y, right = RESCALED(guided, cond, 1 - phi)
    return y, lambda bar: (g := right(bar)) | {"phi": -g["phi"]}


@mistake(guidance_rescale)
def quotient_turned_over(guided: Array, cond: Array, phi: Array) -> Any:
    """σ(x) / σ(c)."""
    return brought(guided, cond, phi, of_example(guided), power=-1)


@mistake(guidance_rescale)
def quotient_of_variances(guided: Array, cond: Array, phi: Array) -> Any:
    """Variances are divided, their root is not taken."""
    return brought(guided, cond, phi, of_example(guided), power=2)


@mistake(guidance_rescale)
def length_about_zero(guided: Array, cond: Array, phi: Array) -> Any:
    """‖c‖/‖x‖: norms, from which the mean is not subtracted."""
    return brought(guided, cond, phi, of_example(guided), centred=False)


@mistake(guidance_rescale)
def deviation_of_the_batch(guided: Array, cond: Array, phi: Array) -> Any:
    """One standard deviation for all examples: std() without axes."""
    return brought(guided, cond, phi, tuple(range(guided.ndim)))


@mistake(guidance_rescale)
def deviation_of_an_axis(guided: Array, cond: Array, phi: Array) -> Any:
    """The deviation over the last axis alone; right where an example has one axis."""
    return brought(guided, cond, phi, (guided.ndim - 1,) if guided.ndim > 1 else ())


@mistake(guidance_rescale)
def fully_rescaled(guided: Array, cond: Array, phi: Array) -> Any:
    """ρ x, with φ left out."""
    y, right = RESCALED(guided, cond, 0 * phi + 1)
    return y, lambda bar: right(bar) | {"phi": 0 * phi}


@mistake(guidance_rescale)
def mixed_with_the_condition(guided: Array, cond: Array, phi: Array) -> Any:
    """φ ρ x + (1 − φ) c: the rest is taken from the conditional prediction."""
    xp = namespace(guided)
    y, right = RESCALED(guided, cond, phi)
    return y + (1 - phi) * (cond - guided), lambda bar: (g := right(bar)) | {
        "guided": g["guided"] - (1 - phi) * bar,
        "cond": g["cond"] + (1 - phi) * bar,
        "phi": g["phi"] - xp.sum(bar * (cond - guided)),
    }


@mistake(guidance_rescale, "gradient.guided", "gradient.cond")
def factor_detached(guided: Array, cond: Array, phi: Array) -> Any:
    """The quotient is computed without gradient: x_bar = w y_bar, c_bar = 0."""
    xp = namespace(guided)
    y, right = RESCALED(guided, cond, phi)
    (sx, _), (sc, _) = length(guided, of_example(guided)), length(cond, of_example(guided))
    weight = phi * sc / sx + 1 - phi
    return y, lambda bar: right(bar) | {"guided": weight * bar, "cond": xp.zeros_like(bar)}


@mistake(guidance_rescale, "gradient.cond")
def target_detached(guided: Array, cond: Array, phi: Array) -> Any:
    """The conditional prediction is detached: it is a target, but not in this formula."""
    y, right = RESCALED(guided, cond, phi)
    return y, lambda bar: right(bar) | {"cond": 0 * bar}


@mistake(guidance_rescale, "gradient.guided")
def own_deviation_held(guided: Array, cond: Array, phi: Array) -> Any:
    """x_bar = w y_bar: the deviation of x in the denominator is not differentiated."""
    y, right = RESCALED(guided, cond, phi)
    (sx, _), (sc, _) = length(guided, of_example(guided)), length(cond, of_example(guided))
    return y, lambda bar: right(bar) | {"guided": (phi * sc / sx + 1 - phi) * bar}


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


def alone(guided: Array, cond: Array, phi: Array, rest: Any, share: Any, sign: int = 1, of_d: bool = False) -> Any:
    """Equation (6) with (1 − φ) and φ exchanged for `rest` and `share`, another sign or d for x in its sum: in the
    elements that outweigh all others, where alone it is used."""
    xp = namespace(guided)
    y, right = RESCALED(guided, cond, phi)
    flat = xp.reshape(guided, (guided.shape[0], dimension(guided)))
    (of_x, sx), (_, sc) = centred(guided), centred(cond)
    one, per = outweighs(flat) & (sx > 0)[:, None], or_one(sx)[:, None]

    def pullback(bar: Array) -> dict[str, Array]:
        g, flat_bar = right(bar), xp.reshape(bar, flat.shape)
        others = xp.where(one, xp.zeros_like(flat), of_x if of_d else flat)
        by_d, by_bar = (xp.sum(others * z, axis=-1, keepdims=True) for z in (of_x, flat_bar))
        theirs = rest * flat_bar + sign * share * sc[:, None] / per / per / per * (flat_bar * by_d - of_x * by_bar)
        own = xp.reshape(xp.where(one, theirs, xp.reshape(g["guided"], flat.shape)), guided.shape)
        return g | {"guided": own}

    return y, pullback


@mistake(guidance_rescale, "gradient.guided")
def lone_sum_subtracted(guided: Array, cond: Array, phi: Array) -> Any:
    """(6) with − for +: where one element outweighs all others, x_barᵢ = (1 − φ) y_barᵢ − φ (ρ/s²) Σ …."""
    return alone(guided, cond, phi, 1 - phi, phi, sign=-1)


@mistake(guidance_rescale, "gradient.guided")
def lone_share_exchanged(guided: Array, cond: Array, phi: Array) -> Any:
    """(6) with 1 − φ for φ: where one element outweighs all others, the sum has the other weight."""
    return alone(guided, cond, phi, 1 - phi, 1 - phi)


@mistake(guidance_rescale, "gradient.guided")
def lone_share_forgotten(guided: Array, cond: Array, phi: Array) -> Any:
    """(6) without φ: where one element outweighs all others, the sum is not weighed; right for φ = 1."""
    return alone(guided, cond, phi, 1 - phi, 1 + 0 * phi)


@mistake(guidance_rescale, "gradient.guided")
def lone_sum_of_deviations(guided: Array, cond: Array, phi: Array) -> Any:
    """(6) with d for x: where one element outweighs all others, the sum runs over Σ dⱼ (y_barᵢ dⱼ − y_barⱼ dᵢ)."""
    return alone(guided, cond, phi, 1 - phi, phi, of_d=True)


@mistake(guidance_rescale, "gradient.phi")
def share_gradient_of_one_part(guided: Array, cond: Array, phi: Array) -> Any:
    """φ_bar = ⟨y_bar, ρ x⟩: what is taken away with 1 − φ is forgotten."""
    xp = namespace(guided)
    y, right = RESCALED(guided, cond, phi)
    return y, lambda bar: (g := right(bar)) | {"phi": g["phi"] + xp.sum(bar * guided)}


@mistake(guidance_rescale, "gradient.phi")
def share_gradient_averaged(guided: Array, cond: Array, phi: Array) -> Any:
    """φ_bar averaged over the batch: what is shared receives the sum."""
    y, right = RESCALED(guided, cond, phi)
    return y, lambda bar: (g := right(bar)) | {"phi": g["phi"] / bar.shape[0]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(guidance_rescale, blind=True)
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


@mistake(guidance_rescale, blind=True)
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


@mistake(guidance_rescale, "gradient.guided", "gradient.cond", blind=True)
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


@mistake(guidance_rescale, "value", "gradient.guided", "gradient.phi", blind=True)
def constant_brought_to_nothing(guided: Array, cond: Array, phi: Array) -> Any:
    """ρ is 0 where s(x) = 0, so that a constant prediction loses the share φ."""
    xp = namespace(guided)
    y, right = RESCALED(guided, cond, phi)
    flat = against(centred(guided)[1] == 0, guided)

    def pullback(bar: Array) -> dict[str, Array]:
        g, of_flat = right(bar), xp.where(flat, bar, xp.zeros_like(bar))
        return g | {"guided": g["guided"] - phi * of_flat, "phi": g["phi"] - xp.sum(of_flat * guided)}

    return xp.where(flat, (1 - phi) * guided, y), pullback


@mistake(guidance_rescale, blind=True)
def deviation_over_the_first_axis(guided: Array, cond: Array, phi: Array) -> Any:
    """The deviations are taken over the first axis of an example alone, the channels; right where there is no other."""
    return brought(guided, cond, phi, (1,))
