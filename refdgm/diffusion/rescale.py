"""The rescaling of guided predictions."""

from refdgm.domain import proportion, real
from refdgm.namespace import Array, namespace
from refdgm.primitives.examples import spread, total
from refdgm.reference import reference


def _deviation(x: Array) -> tuple[Array, Array]:
    """Of each example, flat: its direction and length, measured from its own mean. A constant has neither."""
    xp = namespace(x)
    size = 1
    for length in x.shape[1:]:
        size *= length
    if not size:
        return xp.reshape(x, (x.shape[0], 0)), xp.zeros_like(xp.sum(xp.reshape(x, (x.shape[0], 0)), axis=-1))
    flat = xp.reshape(x, (x.shape[0], size))
    flat = flat - flat[:, :1]  # exactly zero for a constant, whose rounded mean is not the constant
    away = flat - xp.mean(flat, axis=-1, keepdims=True)
    largest = xp.max(xp.abs(away), axis=-1, keepdims=True)
    unit = away / xp.where(largest > 0, largest, xp.ones_like(largest))  # no square of it overflows or vanishes
    norm = xp.sqrt(xp.sum(unit**2, axis=-1, keepdims=True))
    return unit / xp.where(norm > 0, norm, xp.ones_like(norm)), (largest * norm)[:, 0]


@reference(
    args={
        "guided": real("B", "...", meaning="the guided prediction", finite=True),
        "cond": real("B", "...", meaning="the prediction with the condition, whose deviation is wanted", finite=True),
        "phi": proportion(meaning="φ, how much of the rescaled prediction is taken; 0 changes nothing"),
    },
    wrt=("guided", "cond", "phi"),
    result=real("B", "...", meaning="the prediction with its deviation brought back by the share φ"),
    source="lin2024flawed",
)
def guidance_rescale(guided: Array, cond: Array, phi: Array) -> Array:
    """Rescaled guidance: the guided prediction x, brought back to the deviation of the conditional one, c.

        s(x) = ‖x − mean(x)‖, over all axes of an example                    (1)
        ρ = s(c) / s(x)                                                      (2)
        y = φ ρ x + (1 − φ) x = w x,   w = 1 + φ (ρ − 1)                     (3)

    Cotangents for the cotangent of y, written ȳ, with w̄ = ⟨ȳ, x⟩ of each example and u(x) the unit vector of
    x − mean(x), which is the gradient of s:

        x̄ = w ȳ − φ w̄ ρ / s(x) u(x),   c̄ = φ w̄ / s(x) u(c)                   (4)
        φ̄ = Σ_b w̄ (ρ − 1)                                                    (5)

    The paper's standard deviations are s over √n or √(n − 1), which cancels in (2). The mean is scaled with the rest.
    An example without deviation (a constant, one number) cannot be brought to any: where s(x) = 0, ρ is 1 and has
    no gradient. Where s(c) = 0, s has a kink and the gradient zero is taken.
    Source: Lin, Liu, Li & Yang (2024), eqs 15 and 16.
    """
    xp = namespace(guided)
    of_guided, s_guided = _deviation(guided)
    of_cond, s_cond = _deviation(cond)
    there = s_guided > 0
    per = xp.where(there, s_guided, xp.ones_like(s_guided))
    ratio = xp.where(there, s_cond / per, xp.ones_like(per))                  # (2)
    weight = spread(1 + phi * (ratio - 1), guided)                            # (3)

    def pullback(rescaled_bar: Array) -> dict[str, Array]:
        w_bar = total(rescaled_bar * guided)
        each = xp.where(there, phi * w_bar / per, xp.zeros_like(per))
        return {                                                              # (4), (5)
            "guided": weight * rescaled_bar - xp.reshape((each * ratio)[:, None] * of_guided, guided.shape),
            "cond": xp.reshape(each[:, None] * of_cond, cond.shape),
            "phi": xp.sum(w_bar * (ratio - 1)),
        }

    return weight * guided, pullback
