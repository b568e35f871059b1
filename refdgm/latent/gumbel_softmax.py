"""The Gumbel-max trick, its relaxation, and the straight-through estimator between them.

`gumbel_max` draws a category exactly; `gumbel_softmax` is a differentiable stand-in for the draw;
`straight_through_gumbel_softmax` returns the draw and the gradient of the stand-in, on purpose a biased one.
"""

from refdgm.declaration.domain import index, logits, noise, ordered, positive, simplex
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.cooled import cooled
from refdgm.numerics.winner import is_winner, measured, winner
from refdgm.reference import quantity, reference

DRAW = {
    "logits": logits("B", "K", meaning="ℓ, unnormalised log-probabilities"),
    "gumbel": noise("gumbel", "B", "K", meaning="g = −log(−log u), the noise of the draw"),
}
RELAXED_DRAW = DRAW | {
    "tau": positive(meaning="τ, temperature", instead="for the limit τ → 0 use gumbel_max"),
}


@quantity(
    args={name: ordered(argument) for name, argument in DRAW.items()},
    result=index("B", below="K", meaning="k, the category drawn"),
    source="maddison2014astar",
)
def gumbel_max(logits: Array, gumbel: Array) -> Array:
    """Gumbel-max: an exact draw from a categorical distribution, as a deterministic function of its noise.

        k = argmax_j (ℓ_j + g_j),  so that  P(k = j) = softmax(ℓ)_j     (1)

    Of equal entries the first wins. Piecewise constant in ℓ: it has no useful derivative.
    Source: Maddison, Tarlow & Minka (2014), A* Sampling.
    """
    xp = namespace(logits)
    return xp.argmax(logits + gumbel, axis=-1)                                # (1)


@reference(
    args=RELAXED_DRAW,
    wrt=("logits", "tau"),
    result=simplex("B", "K", meaning="y, a point of the simplex"),
    source="jang2017categorical",
)
def gumbel_softmax(logits: Array, gumbel: Array, tau: Array) -> Result:
    """Gumbel-softmax: a differentiable stand-in for a categorical draw.

        z = (ℓ + g) / τ,  measured from its row maximum                             (1)
        y = softmax(z)                                                              (2)

    Cotangents for y_bar, with k the winning category of each row:

        z_bar = y ∘ (y_bar − ⟨y_bar, y⟩) = y ∘ (h − ⟨h, y⟩),   h = y_bar − y_bar_k  (3)
        ℓ_bar = z_bar / τ                                                           (4)
        τ_bar = −Σ ⟨z_bar, z⟩ / τ                                                   (5)

    Measuring y_bar from y_bar_k changes nothing in exact arithmetic (the y sum to one) and saves the digits of the
    winner's gradient at low temperature, where 1 − y_k is far below the rounding of y_k. Measuring z from its
    maximum likewise changes neither (2) nor (5), for Σ z_bar = 0. z stops short of −∞, where e^z has long been
    zero: so the division cannot overflow, and where ℓ = −∞, y and ℓ_bar are exactly zero. What ℓ + g rounds off is
    divided by τ: below τ ≈ 1 the relative error of y grows as 1/τ, as that of every formula with this sum in it.

    Source: Jang, Gu & Poole (2017), eq. 2; Maddison, Mnih & Teh (2017), section 3 (the Concrete distribution).
    """
    xp = namespace(logits)
    u = logits + gumbel
    k = winner(u)
    z = cooled(measured(u, k), tau)                                           # (1)
    e = xp.exp(z)
    y = e / xp.sum(e, axis=-1, keepdims=True)                                 # (2)

    def pullback(y_bar: Array) -> dict[str, Array]:
        h = measured(y_bar, k)
        z_bar = y * (h - xp.vecdot(h, y)[:, None])                            # (3)
        return {
            "logits": z_bar / tau,                                            # (4)
            "tau": -xp.sum(xp.vecdot(z_bar, z)) / tau,                        # (5)
        }

    return y, pullback


@reference(
    args={name: ordered(argument) if name in DRAW else argument for name, argument in RELAXED_DRAW.items()},
    wrt=("logits", "tau"),
    result=simplex("B", "K", meaning="c, one-hot"),
    source="jang2017categorical",
    derivative_of=gumbel_softmax,
)
def straight_through_gumbel_softmax(logits: Array, gumbel: Array, tau: Array) -> Result:
    """Straight-through Gumbel-softmax: the exact draw forwards, the relaxed gradient backwards.

        k = argmax_j (ℓ_j + g_j),  c = onehot(k)                             (1)
        c_bar is pulled back as y_bar of gumbel_softmax(ℓ, g, τ)             (2)

    Not the derivative of its value (that is zero almost everywhere), but a biased estimator, on purpose.
    Source: Jang, Gu & Poole (2017), section 2.2.
    """
    y, pullback = gumbel_softmax.body(logits, gumbel, tau)                    # (2)
    k = winner(logits + gumbel)
    return namespace(y).astype(is_winner(k, y.shape[-1]), y.dtype), pullback    # (1)
