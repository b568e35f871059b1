"""How much noise each step adds: schedules of β, and their products.

All is computed in the dtype of the arguments, by forms that need no wider one. Ask in float64 (plain numbers are)
and cast last what enters a network: a float32 ᾱ near one holds few digits of 1 − ᾱ, however it was made.
"""

from refdgm.declaration.domain import count, positive, share, unit
from refdgm.namespace import Array, Results, namespace
from refdgm.reference import quantity, reference

STEPS = count(1, meaning="T, steps")


@quantity(
    args={
        "beta_first": unit(meaning="β_1; 10⁻⁴ in Ho et al."),
        "beta_last": unit(meaning="β_T; 0.02 in Ho et al., at T = 1000"),
        "steps": STEPS,
    },
    result=unit("steps", meaning="β, for t = 1 … T"),
    source="ho2020ddpm",
)
def linear_schedule(beta_first: Array, beta_last: Array, *, steps: int) -> Array:
    """Variances that grow by equal amounts.

        β_t = ((T − t) β_1 + (t − 1) β_T) / (T − 1),   t = 1 … T                     (1)

    Both ends are met exactly. One step is β_1.
    Source: Ho, Jain & Abbeel (2020), section 4.
    """
    xp = namespace(beta_first)
    later = xp.arange(steps, dtype=beta_first.dtype, device=beta_first.device)       # t − 1
    between = max(steps - 1, 1)
    return (between - later) / between * beta_first + later / between * beta_last    # (1)


@quantity(
    args={
        "offset": positive(meaning="s, keeps the first β from vanishing; 0.008 in Nichol & Dhariwal"),
        "cap": unit(meaning="the largest β allowed, for the last one would be 1; 0.999 in Nichol & Dhariwal"),
        "steps": STEPS,
    },
    result=unit("steps", meaning="β, for t = 1 … T"),
    source="nichol2021improved",
)
def cosine_schedule(offset: Array, cap: Array, *, steps: int) -> Array:
    """Variances for which √ᾱ is nearly a cosine of the time.

        f(t) = cos²(φ_t),   φ_t = (t/T + s)/(1 + s) · π/2                            (1)
        β_t = min(1 − f(t)/f(t − 1), cap),   t = 1 … T                               (2)

    so that ᾱ_t = f(t)/f(0) before the cap takes effect. With m = (φ_t + φ_{t−1})/2, h = (φ_t − φ_{t−1})/2:

        1 − f(t)/f(t − 1) = sin 2h sin 2m / cos² φ_{t−1},   sin 2m = 2 sin m sin(π/2 − m)      (3)

    and every cosine is the sine of what is left to π/2, formed by itself: neither the first β, which are small, nor
    the last, whose cosines are, lose digits.
    Source: Nichol & Dhariwal (2021), eq. 17.
    """
    xp = namespace(offset)
    before = xp.arange(steps, dtype=offset.dtype, device=offset.device)              # t − 1
    unit_angle = xp.pi / 2 / (1 + offset)
    middle = ((before + 0.5) / steps + offset) * unit_angle                          # m
    to_go = (steps - 0.5 - before) / steps * unit_angle                              # π/2 − m
    left = (steps - before) / steps * unit_angle                                     # π/2 − φ_{t−1}
    beta = 2 * xp.sin(unit_angle / steps) * xp.sin(middle) * (xp.sin(to_go) / xp.sin(left)) / xp.sin(left)    # (3)
    return xp.minimum(beta, cap)                                                     # (2)


@reference(
    args={"beta": unit("T", meaning="β, for t = 1 … T")},
    wrt=("beta",),
    result={
        "alpha_prod": share("T", meaning="ᾱ_t; rounded it may be 1 at first, and 0 at last"),
        "one_minus": share("T", meaning="1 − ᾱ_t, to all its digits; rounded it may be 1 at last"),
    },
    source="ho2020ddpm",
)
def alpha_products(beta: Array) -> Results:
    """What the steps up to each t leave of the signal's variance, and what they add of noise.

        ᾱ_t = Π_{s ≤ t} (1 − β_s)                                                    (1)
        1 − ᾱ_t = −expm1(Σ_{s ≤ t} log1p(−β_s))                                      (2)

    Cotangents for a_bar (of ᾱ) and c_bar (of c = 1 − ᾱ):

        β_bar_s = Σ_{t ≥ s} (c_bar_t − a_bar_t) ᾱ_t / (1 − β_s)                      (3)

    ᾱ_t is here at index t − 1, and ᾱ_0 = 1 is not among them. 1 − ᾱ as a difference would have, at the first steps,
    the digits that ᾱ has after its nines; (2) has all of them.
    Source: Ho, Jain & Abbeel (2020), section 2.
    """
    xp = namespace(beta)
    alpha_prod = xp.cumulative_prod(1 - beta)                                        # (1)
    one_minus = -xp.expm1(xp.cumulative_sum(xp.log1p(-beta)))                        # (2)

    def pullback(alpha_prod_bar: Array, one_minus_bar: Array) -> dict[str, Array]:
        later = xp.flip(xp.cumulative_sum(xp.flip((one_minus_bar - alpha_prod_bar) * alpha_prod)))
        return {"beta": later / (1 - beta)}                                          # (3)

    return (alpha_prod, one_minus), pullback
