"""A time that is moved towards the noise, for larger images."""

from refdgm.declaration.domain import Exchange, positive, share
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference

OTHERWISE = {
    "1/s in place of s, of a time that is 0 at the noise": Exchange(
        "shift", "inverse", "1/s",
        there=lambda x: 1 / x["shift"],
        back=lambda x: 1 / x["inverse"],
        pulled=lambda x, bar: {"shift": -bar["shift"] * x["shift"] * x["shift"]},
    ),
    "μ = log s in place of s": Exchange(
        "shift", "mu", "μ = log s",
        there=lambda x: namespace(x["shift"]).log(x["shift"]),
        back=lambda x: namespace(x["mu"]).exp(x["mu"]),
        pulled=lambda x, bar: {"shift": bar["shift"] * x["shift"]},
    ),
}


@reference(
    args={
        "t": share("B", meaning="t, the time, or level of noise; here 1 is noise and 0 data"),
        "shift": positive(meaning="s, the shift; above 1 towards the noise: √(m/n) from n pixels to m, or 3"),
    },
    wrt=("t", "shift"),
    result=share("B", meaning="t′, the shifted time"),
    source="esser2024scaling",
    exchanges=OTHERWISE,
)
def timestep_shift(t: Array, shift: Array) -> Result:
    """The shift of a time, by which an image of more pixels is given as much noise as one of fewer.

        D = (1 − t) + s t,   t′ = s t / D                                    (1)

    Cotangents for the cotangent of t′, written y_bar, Σ over the batch:

        t_bar = y_bar s/D²,   s_bar = Σ y_bar t (1 − t)/D²                   (2)

    The odds t/(1 − t) are multiplied by s: shifts compose, and 1/s undoes s. Time runs here as in Stable Diffusion 3,
    with the noise at 1; that of `flow_matching_path` is 1 − t, which is shifted by 1/s. It is shifted once, for the
    step and for what the network sees alike. Flux passes μ = log s.
    Source: Esser et al. (2024), section 5.3.2, where D is 1 + (s − 1) t.
    """
    xp = namespace(t)
    total = (1 - t) + shift * t                                               # (1)

    def pullback(shifted_bar: Array) -> dict[str, Array]:
        return {                                                              # (2)
            "t": shifted_bar * (shift / total / total),
            "shift": xp.sum(shifted_bar * (t / total * ((1 - t) / total))),
        }

    return shift * t / total, pullback                                        # (1)
