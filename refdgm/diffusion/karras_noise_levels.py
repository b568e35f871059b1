"""The levels of noise that a sampler visits, from the largest down to the smallest.

What is appended after the last, a level of zero, is not among them: there the sample is the denoised itself.
"""

from refdgm.declaration.domain import count, positive
from refdgm.namespace import Array, namespace
from refdgm.numerics.power_lerp import log_ratio, power_lerp
from refdgm.reference import quantity

SIGMA_MIN = positive(meaning="σ_min, the last level; 0.002 in Karras et al.",
                     instead="the level of zero that samplers append is not among the levels")
SIGMA_MAX = positive(above="sigma_min", meaning="σ_max, the first level; 80 in Karras et al.")
STEPS = count(1, meaning="N, levels; a zero that is appended is one more")
LEVELS = positive("steps", meaning="σ_i, falling, for i = 0 … N − 1")


@quantity(
    args={
        "sigma_min": SIGMA_MIN,
        "sigma_max": SIGMA_MAX,
        "rho": positive(meaning="ρ, of which power the levels are; 7 in Karras et al.",
                        instead="ρ → ∞ is geometric_noise_levels"),
        "steps": STEPS,
    },
    result=LEVELS,
    source="karras2022edm",
)
def karras_noise_levels(sigma_min: Array, sigma_max: Array, rho: Array, *, steps: int) -> Array:
    """Levels whose ρ-th roots fall by equal amounts.

        σ_i = (σ_max^{1/ρ} + w (σ_min^{1/ρ} − σ_max^{1/ρ}))^ρ,   w = i/(N − 1)       (1)

    which is, free of roots that under- or overflow,

        σ_i = σ_max (1 − w + w q)^ρ,   q = (σ_min/σ_max)^{1/ρ}                       (2)

    Both ends are met exactly. One level is σ_max. ρ = 1 are equal steps, ρ → ∞ equal factors; the larger ρ is, the
    shorter are the steps near σ_min. Often an N-th step from σ_min to 0 is made, and then N levels are asked for here.
    Source: Karras, Aittala, Aila & Laine (2022), table 1 and section 3.
    """
    xp = namespace(sigma_max)
    i = xp.arange(steps, dtype=sigma_max.dtype, device=sigma_max.device)
    between = max(steps - 1, 1)
    w, rest = i / between, (between - i) / between
    levels = sigma_max * power_lerp(w, rest, log_ratio(sigma_max, sigma_min), rho)   # (1), (2)
    return xp.where(i == between, sigma_min, levels)


@quantity(
    args={"sigma_min": SIGMA_MIN, "sigma_max": SIGMA_MAX, "steps": STEPS},
    result=LEVELS,
    source="song2019ncsn",
)
def geometric_noise_levels(sigma_min: Array, sigma_max: Array, *, steps: int) -> Array:
    """Levels that fall by equal factors.

        σ_i = σ_max^{1 − w} σ_min^w,   w = i/(N − 1)                                 (1)

    Both ends are met exactly. One level is σ_max. These are standard deviations; their squares are geometric too, with
    the square of the factor.
    Source: Song & Ermon (2019), section 4.
    """
    xp = namespace(sigma_max)
    i = xp.arange(steps, dtype=sigma_max.dtype, device=sigma_max.device)
    between = max(steps - 1, 1)
    levels = sigma_max ** ((between - i) / between) * sigma_min ** (i / between)     # (1)
    return xp.where(i == 0, sigma_max, xp.where(i == between, sigma_min, levels))
