"""The law that a point of the data has after a time: how much of it is left, and how much noise has come to it."""

from refdgm.declaration.domain import positive, real
from refdgm.namespace import Array, Results, namespace
from refdgm.reference import reference
from refdgm.sde.sde_coefficients import sde_coefficients


@reference(
    args=sde_coefficients.args,
    wrt=("t", "low", "high"),
    result={
        "scale": real("B", meaning="κ, what is left of x_0"),
        "std": positive("B", meaning="ς, the standard deviation of the noise; not its square"),
    },
    source="song2021sde",
)
def perturbation_kernel(t: Array, low: Array, high: Array, *, process: str) -> Results:
    """The law of x_t given x_0 under dx = a(t) x dt + g(t) dw, which is N(κ x_0, ς² I), at one time for each example.

    With β growing evenly from `low` to `high`, and its integral B:

        B = t ((2 − t) low + t high) / 2,   k = 1 − e^{−B}                                                       (1)
        vp:       κ = e^{−B/2},   ς = √k,   r = 1/(2ς)                                                           (2)
        sub_vp:   κ = e^{−B/2},   ς = k,    r = 1                                                                (3)

    with σ growing geometrically from `low` to `high`:

        ve:       κ = 1,   ς = σ √k,   σ = low (high/low)^t,   k = 1 − e^{−2tΛ},   Λ = log(high/low)             (4)

    so that ς² = σ² − low². Cotangents for κ_bar and ς_bar. For vp and sub_vp, of B, every Σ over the batch:

        b = ς_bar r e^{−B} − κ_bar κ/2                                                                           (5)
        t_bar = b β,   of low: Σ b t (2 − t)/2,   of high: Σ b t²/2                                              (6)

    and for ve, where κ_bar meets a constant:

        p = ς_bar ς,   t_bar = p Λ/k,   of low: Σ p (1 − t − (t/k) e^{−2tΛ}) / low,   of high: Σ p (t/k) / high  (7)

    The drift and the diffusion are those of `sde_coefficients`: κ' = a κ and (ς²)' = 2 a ς² + g², from 1 and 0 at
    time 0. k is −expm1(−B): as a difference it has no digits where a sampler ends. Most code takes ς = σ for ve, as if
    noise of the size `low` had come before time 0: another law, which differs where σ is not far above `low`.
    Source: Song et al. (2021), eq. 29, appendices B and C.
    """
    return added(t, low, high) if process == "ve" else faded(t, low, high, process == "sub_vp")


def faded(t: Array, low: Array, high: Array, sub: bool) -> Results:
    """Of the processes in which the data fade."""
    xp = namespace(t)
    total = t * ((2 - t) * low + t * high) / 2
    left, k = xp.exp(-total), -xp.expm1(-total)                               # (1)
    kappa = xp.exp(-total / 2)
    std = k if sub else xp.sqrt(k)                                            # (3), (2)
    r = xp.ones_like(t) if sub else 1 / (2 * std)

    def pullback(scale_bar: Array, std_bar: Array) -> dict[str, Array]:
        b = std_bar * r * left - scale_bar * kappa / 2                        # (5)
        return {                                                              # (6)
            "t": b * ((1 - t) * low + t * high),
            "low": xp.sum(b * (t * (2 - t) / 2)),
            "high": xp.sum(b * (t * t / 2)),
        }

    return (kappa, std), pullback


def added(t: Array, low: Array, high: Array) -> Results:
    """Of the process that adds noise and leaves the data as they are."""
    xp = namespace(t)
    log_ratio = xp.log1p((high - low) / low)
    left, k = xp.exp(-2 * t * log_ratio), -xp.expm1(-2 * t * log_ratio)
    std = low * (high / low) ** t * xp.sqrt(k)                                # (4)

    def pullback(scale_bar: Array, std_bar: Array) -> dict[str, Array]:
        p, share = std_bar * std, t / k
        return {                                                              # (7)
            "t": p * (log_ratio / k),
            "low": xp.sum(p * (1 - t - share * left)) / low,
            "high": xp.sum(p * share) / high,
        }

    return (xp.ones_like(t), std), pullback
