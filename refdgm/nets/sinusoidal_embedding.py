"""How a network is told the time."""

from refdgm.declaration.domain import count, real, word
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={
        "t": real("B", finite=True, meaning="t, times, as 0, 1, …, T of a diffusion"),
        "features": count(2, multiple=2, meaning="E, the length of the embedding, even"),
        "spacing": word("half", "half_minus_one", meaning="whether the last frequency is above 10⁻⁴ or is 10⁻⁴"),
    },
    wrt=("t",),
    result=real("B", "features", meaning="v = (sin, …, sin, cos, …, cos)"),
    source="vaswani2017attention",
)
def sinusoidal_embedding(t: Array, *, features: int, spacing: str) -> Result:
    """Sinusoidal embedding of times: each is seen at E/2 frequencies, from one down to about 10⁻⁴.

        ω_i = 10000^(−i/n),   i = 0, …, E/2 − 1                              (1)
        v = (sin ω_0 t, sin ω_1 t, …, cos ω_0 t, cos ω_1 t, …)               (2)

    Cotangent for v_bar, whose halves are s_bar and c_bar:

        t_bar = Σ_i ω_i (s_bar_i cos ω_i t − c_bar_i sin ω_i t)              (3)

    n is E/2 with spacing "half", as in the Transformer, and E/2 − 1 with "half_minus_one", as in the code of DDPM; a
    single frequency is one. The sines come first; codes that interleave them with the cosines, or put those first, have
    the same numbers in another order. The power in (1) is exp(−log(10000) i/n), with fewer roundings: the time
    multiplies what is rounded off a frequency.

    Source: Vaswani et al. (2017), section 3.5; the code of Ho, Jain & Abbeel (2020).
    """
    xp = namespace(t)
    half = features // 2
    n = half if spacing == "half" else max(half - 1, 1)
    i = xp.arange(half, dtype=t.dtype, device=t.device)
    omega = 10_000 ** (-i / n)                                                # (1)
    angle = t[:, None] * omega
    sine, cosine = xp.sin(angle), xp.cos(angle)

    def pullback(v_bar: Array) -> dict[str, Array]:
        along = v_bar[:, :half] * cosine - v_bar[:, half:] * sine
        return {"t": xp.vecdot(along, xp.broadcast_to(omega, along.shape))}   # (3)

    return xp.concat([sine, cosine], axis=-1), pullback                       # (2)
