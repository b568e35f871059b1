"""The rescaling of guided predictions."""

from refdgm.declaration.domain import real, share
from refdgm.namespace import Array, namespace
from refdgm.primitives.components import against, dimension, inner
from refdgm.reference import reference

LARGE = 1 << 32


def _unit(x: Array, y: Array) -> Array:
    """Of each example: divided by it, no difference or length of x and y overflows; what underflows is far below 1."""
    xp = namespace(x)
    both = xp.reshape(xp.maximum(xp.abs(x), xp.abs(y)), (x.shape[0], dimension(x)))
    one = xp.ones((x.shape[0],), dtype=x.dtype, device=x.device)
    return xp.where(xp.max(both, axis=-1) > 1, LARGE * one, one) if dimension(x) else one


def _deviation(x: Array) -> tuple[Array, Array]:
    """x − mean(x) of each example, flat, and its length; both are exactly zero for a constant."""
    xp = namespace(x)
    flat = xp.reshape(x, (x.shape[0], dimension(x)))
    if not dimension(x):
        return flat, xp.sum(flat, axis=-1)
    flat = flat - flat[:, :1]  # the rounded mean of a constant is not the constant
    away = flat - xp.mean(flat, axis=-1, keepdims=True)
    largest = xp.max(xp.abs(away), axis=-1, keepdims=True)
    scaled = away / xp.where(largest > 0, largest, xp.ones_like(largest))  # no square of it overflows or vanishes
    return away, largest[:, 0] * xp.sqrt(xp.sum(scaled**2, axis=-1))


@reference(
    args={
        "guided": real("B", "...", meaning="the guided prediction"),
        "cond": real("B", "...", meaning="the prediction with the condition, whose deviation is wanted"),
        "phi": share(meaning="φ, how much of the rescaled prediction is taken; 0 changes nothing"),
    },
    wrt=("guided", "cond", "phi"),
    result=real("B", "...", meaning="the prediction with its deviation brought back by the share φ"),
    source="lin2024flawed",
)
def guidance_rescale(guided: Array, cond: Array, phi: Array) -> Array:
    """Rescaled guidance: the guided prediction x, brought back to the deviation of the conditional one, c.

        s(x) = ‖x − mean(x)‖, over all axes of an example                    (1)
        ρ = s(c) / s(x)                                                      (2)
        y = φ ρ x + (1 − φ) x = w x,   w = φ ρ + 1 − φ                       (3)

    Cotangents for the cotangent of y, written ȳ, with w̄ = ⟨ȳ, x⟩ of each example and d(x) = x − mean(x), so that
    ∂s/∂x = d(x) / s(x):

        x̄ = w ȳ − φ w̄ ρ / s(x)² d(x),   c̄ = φ w̄ / (s(x) s(c)) d(c)           (4)
        φ̄ = Σ_b w̄ (ρ − 1),   ρ − 1 = ⟨d(c) − d(x), d(c) + d(x)⟩ / (s(x) (s(c) + s(x)))   (5)

    The second form of (5) keeps its digits where the predictions nearly agree. Where one element outweighs all others,
    its own part of the first of (4) cancels, ȳᵢ − w̄ dᵢ(x)/s(x)² → 0 as |xⱼ| → 0 for j ≠ i; without it,

        x̄ᵢ = (1 − φ) ȳᵢ + φ (ρ/s(x)²) Σ_{j≠i} xⱼ (ȳᵢ dⱼ(x) − ȳⱼ dᵢ(x))       (6)

    The paper's standard deviations are s over √n or √(n − 1), which cancels in (2). The mean is scaled with the rest.
    Predictions beyond one are divided by 2³² before lengths are taken: it cancels in all but φ̄.
    An example without deviation (a constant, one number) cannot be brought to any: where s(x) = 0, ρ is 1 and has
    no gradient. Where s(c) = 0, s has a kink and the gradient zero is taken.
    Source: Lin, Liu, Li & Yang (2024), eqs 15 and 16.
    """
    xp = namespace(guided)
    unit = _unit(guided, cond)
    x, c = guided / against(unit, guided), cond / against(unit, cond)  # in their unit
    (of_guided, s_guided), (of_cond, s_cond) = _deviation(x), _deviation(c)
    there, one = s_guided > 0, xp.ones_like(s_guided)
    per_guided, per_cond = xp.where(there, s_guided, one), xp.where(s_cond > 0, s_cond, one)
    ratio = xp.where(there, s_cond / per_guided, one)                         # (2)
    weight = against(phi * ratio + (1 - phi), guided)                          # (3)

    def pullback(rescaled_bar: Array) -> dict[str, Array]:
        w_bar = inner(rescaled_bar, x)
        each = xp.where(there, phi * w_bar / per_guided, 0 * one)
        both = (per_guided + s_cond)[:, None]
        apart = xp.sum(_deviation(c - x)[0] / both * ((of_cond + of_guided) / both), axis=-1)
        flat, bar = xp.reshape(x, of_guided.shape), xp.reshape(rescaled_bar, of_guided.shape)
        slope = of_guided / per_guided[:, None]                               # d(x)/s(x)
        outweighs = there[:, None] & (3 * xp.abs(flat) > 2 * xp.sum(xp.abs(flat), axis=-1, keepdims=True))
        others = xp.where(outweighs, xp.zeros_like(flat), flat) / per_guided[:, None]
        by_d, by_bar = (xp.sum(others * y, axis=-1, keepdims=True) for y in (slope, bar))
        alone = (1 - phi) * bar + phi * ratio[:, None] * (bar * by_d - slope * by_bar)    # (6)
        guided_bar = weight * rescaled_bar - xp.reshape((each * ratio)[:, None] * slope, guided.shape)
        return {                                                              # (4), (5)
            "guided": xp.where(xp.reshape(outweighs, guided.shape), xp.reshape(alone, guided.shape), guided_bar),
            "cond": xp.reshape(each[:, None] * (of_cond / per_cond[:, None]), cond.shape),
            "phi": xp.sum(unit * xp.where(there, w_bar * apart * (both[:, 0] / per_guided), 0 * one)),
        }

    return weight * guided, pullback
