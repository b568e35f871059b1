"""Numbers that may not leave an interval, and never notice where it ends."""

from refdgm.declaration.domain import positive, real
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.tanh_less_tangent import sech_squared, tanh_less_tangent
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "...", finite=True, meaning="x, logits or scores"),
        "cap": positive(meaning="c, what no result exceeds, as 30 or 50"),
    },
    wrt=("x", "cap"),
    result=real("B", "...", meaning="y, between −c and c"),
    source="gemma2024improving",
)
def softcap(x: Array, cap: Array) -> Result:
    """Soft-capping: nearly the number itself where it is small, and never beyond the cap.

        u = x / c,   y = c tanh(u)                                           (1)

    Cotangents for y_bar:

        x_bar = y_bar sech² u                                                (2)
        c_bar = Σ y_bar (tanh u − u sech² u),  summed over everything        (3)

    c and 1/c cancel in (2). sech² u is 1 − tanh² u with its digits where the cap is reached, which are all that is left
    to learn from there; (3) is of the order of u³, and has its digits near zero too (`tanh_less_tangent`). Scores are
    masked after the cap: −∞ would become −c, a share of the softmax. For no cap there is no number; leave it out.
    Source: Gemma Team (2024), section 2; the logits of Bello et al. (2016).
    """
    xp = namespace(x)
    u = x / cap
    y = cap * xp.tanh(u)                                                      # (1)

    def pullback(y_bar: Array) -> dict[str, Array]:
        return {"x": y_bar * sech_squared(u), "cap": xp.sum(y_bar * tanh_less_tangent(u))}    # (2), (3)

    return y, pullback
