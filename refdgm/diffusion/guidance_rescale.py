"""The rescaling of guided predictions."""

from refdgm.declaration.domain import real, share
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against, inner
from refdgm.numerics.deviation import common_unit, deviation
from refdgm.numerics.outweighs import outweighs
from refdgm.numerics.quotient import or_one, quotient
from refdgm.reference import reference


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
def guidance_rescale(guided: Array, cond: Array, phi: Array) -> Result:
    """Rescaled guidance: the guided prediction x, brought back to the deviation of the conditional one, c.

        s(x) = ‖x − mean(x)‖, over all axes of an example                                       (1)
        ρ = s(c) / s(x)                                                                         (2)
        y = φ ρ x + (1 − φ) x = w x,   w = φ ρ + 1 − φ                                          (3)

    Cotangents for the cotangent of y, written y_bar, with w_bar = ⟨y_bar, x⟩ of each example and d(x) = x − mean(x), so
    that ∂s/∂x = d(x) / s(x):

        x_bar = w y_bar − φ w_bar ρ / s(x)² d(x),   c_bar = φ w_bar / (s(x) s(c)) d(c)          (4)
        φ_bar = Σ_b w_bar (ρ − 1),   ρ − 1 = ⟨d(c) − d(x), d(c) + d(x)⟩ / (s(x) (s(c) + s(x)))  (5)

    The second form of (5) keeps its digits where the predictions nearly agree. Where one element outweighs all others,
    its own part of the first of (4) cancels, y_barᵢ − w_bar dᵢ(x)/s(x)² → 0 as |xⱼ| → 0 for j ≠ i; without it,

        x_barᵢ = (1 − φ) y_barᵢ + φ (ρ/s(x)²) Σ_{j≠i} xⱼ (y_barᵢ dⱼ(x) − y_barⱼ dᵢ(x))          (6)

    The paper's standard deviations are s over √n or √(n − 1), which cancels in (2). The mean is scaled with the rest.
    Predictions beyond one are divided by 2³² before lengths are taken: it cancels in all but φ_bar.
    An example without deviation (a constant, one number) cannot be brought to any: where s(x) = 0, ρ is 1 and has
    no gradient. Where s(c) = 0, s has a kink and the gradient zero is taken.
    Source: Lin, Liu, Li & Yang (2024), eqs 15 and 16.
    """
    xp = namespace(guided)
    unit = common_unit(guided, cond)
    x, c = guided / against(unit, guided), cond / against(unit, cond)
    (d_x, s_x), (d_c, s_c) = deviation(x), deviation(c)                       # (1)
    rho = quotient(s_c, s_x, 1.0)                                             # (2)
    weight = against(phi * rho + (1 - phi), guided)                           # (3)

    def pullback(rescaled_bar: Array) -> dict[str, Array]:
        w_bar, of_x, of_c, there = inner(rescaled_bar, x), or_one(s_x), or_one(s_c), s_x > 0
        each = quotient(phi * w_bar, s_x, 0.0)                                # φ w_bar / s(x)
        both = (of_x + s_c)[:, None]
        apart = xp.sum(deviation(c - x)[0] / both * ((d_c + d_x) / both), axis=-1)
        flat, bar = xp.reshape(x, d_x.shape), xp.reshape(rescaled_bar, d_x.shape)
        slope = d_x / of_x[:, None]                                           # ∂s/∂x
        one = outweighs(flat) & there[:, None]
        others = xp.where(one, xp.zeros_like(flat), flat) / of_x[:, None]
        by_d, by_bar = (xp.sum(others * y, axis=-1, keepdims=True) for y in (slope, bar))
        alone = (1 - phi) * bar + phi * rho[:, None] * (bar * by_d - slope * by_bar)    # (6)
        guided_bar = weight * rescaled_bar - xp.reshape((each * rho)[:, None] * slope, guided.shape)
        return {                                                              # (4), (5)
            "guided": xp.where(xp.reshape(one, guided.shape), xp.reshape(alone, guided.shape), guided_bar),
            "cond": xp.reshape(each[:, None] * (d_c / of_c[:, None]), cond.shape),
            "phi": xp.sum(unit * xp.where(there, w_bar * apart * (both[:, 0] / of_x), 0.0)),
        }

    return weight * guided, pullback
