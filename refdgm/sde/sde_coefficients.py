"""The drift and the diffusion of the processes by which data become noise."""

from refdgm.declaration.domain import portion, positive, real, word
from refdgm.namespace import Array, Results, namespace
from refdgm.reference import reference

DISCRETE = "its steps are discrete: take {}, and forward_marginal for the state"


@reference(
    args={
        "t": portion("B", meaning="t, the time of each example; the process ends at 1"),
        "low": positive(meaning="β(0), or for ve σ(0); 0.1 and 0.01 in Song et al."),
        "high": positive(above="low", meaning="β(1), or for ve σ(1); 20 and 50 in Song et al."),
        "process": word(
            "vp", "sub_vp", "ve",
            refused={
                "ddpm": DISCRETE.format("linear_schedule"),
                "cosine": DISCRETE.format("cosine_schedule"),
                "edm": "its noise σ(t) = t is no geometric progression: there a = 0 and g = √(2t)",
            },
            meaning="variance-preserving, sub-variance-preserving, or variance-exploding",
        ),
    },
    wrt=("t", "low", "high"),
    result={
        "slope": real("B", meaning="a(t), of the drift f(x, t) = a(t) x"),
        "diffusion": positive("B", meaning="g(t); not g²"),
    },
    source="song2021sde",
)
def sde_coefficients(t: Array, low: Array, high: Array, *, process: str) -> Results:
    """Coefficients of the process dx = a(t) x dt + g(t) dw, at one time for each example.

    With β growing evenly from `low` to `high`, and its integral B:

        β = (1 − t) low + t high,   B = t ((2 − t) low + t high) / 2                                             (1)
        vp:       a = −β/2,   g = √(β k),   k = 1,            r = 0                                              (2)
        sub_vp:   a = −β/2,   g = √(β k),   k = 1 − e^{−2B},  r = e^{−2B}                                        (3)

    with σ growing geometrically from `low` to `high`:

        ve:       a = 0,      g = σ √(2Λ),  σ = low (high/low)^t,   Λ = log(high/low)                            (4)

    Cotangents for a_bar and g_bar. For vp and sub_vp, of β and B, every Σ over the batch:

        b = g_bar √(k/β) / 2 − a_bar/2,   c = g_bar √(β/k) r                                                     (5)
        t_bar = b (high − low) + c β                                                                             (6)
        of low: Σ b (1 − t) + c t (2 − t)/2,   of high: Σ b t + c t²/2                                           (7)

    and for ve, where a_bar meets a constant:

        t_bar = g_bar g Λ,   of low: Σ g_bar g (1 − t − 1/(2Λ)) / low,   of high: Σ g_bar g (t + 1/(2Λ)) / high  (8)

    (1) are sums of positive terms, k is −expm1(−2B) and Λ is log1p((high − low)/low): no digit is lost at small times,
    nor where `low` and `high` nearly agree. A discrete schedule has N times smaller β, at N steps.
    Source: Song et al. (2021), eq. 9, 11 and 12, appendix C.
    """
    return exploding(t, low, high) if process == "ve" else preserving(t, low, high, process == "sub_vp")


def preserving(t: Array, low: Array, high: Array, sub: bool) -> Results:
    """The processes that keep the variance, or stay below."""
    xp = namespace(t)
    beta = (1 - t) * low + t * high
    total = t * ((2 - t) * low + t * high) / 2                                # (1)
    k = -xp.expm1(-2 * total) if sub else xp.ones_like(t)                     # (3), (2)
    r = xp.exp(-2 * total) if sub else xp.zeros_like(t)                       # (3), (2)
    root, root_k = xp.sqrt(beta), xp.sqrt(k)

    def pullback(slope_bar: Array, diffusion_bar: Array) -> dict[str, Array]:
        b = diffusion_bar * (root_k / root) / 2 - slope_bar / 2
        c = diffusion_bar * (root / root_k) * r                               # (5)
        return {
            "t": b * (high - low) + c * beta,                                 # (6)
            "low": xp.sum(b * (1 - t) + c * (t * (2 - t) / 2)),
            "high": xp.sum(b * t + c * (t * t / 2)),                          # (7)
        }

    return (-beta / 2, root * root_k), pullback                               # (2), (3)


def exploding(t: Array, low: Array, high: Array) -> Results:
    """The process that adds noise and leaves the data as they are."""
    xp = namespace(t)
    log_ratio = xp.log1p((high - low) / low)
    g = low * (high / low) ** t * xp.sqrt(2 * log_ratio)                  # (4)

    def pullback(slope_bar: Array, diffusion_bar: Array) -> dict[str, Array]:
        q, half = diffusion_bar * g, 1 / (2 * log_ratio)
        return {                                                              # (8)
            "t": q * log_ratio,
            "low": xp.sum(q * (1 - t - half)) / low,
            "high": xp.sum(q * (t + half)) / high,
        }

    return (xp.zeros_like(t), g), pullback                                    # (4)
