"""The probability-flow ODE of a diffusion process."""

from refdgm.declaration.domain import real
from refdgm.namespace import Array, Result
from refdgm.numerics.components import against, inner
from refdgm.reference import reference


@reference(
    args={
        "drift": real("B", "...", meaning="f(x, t), drift of the SDE dx = f dt + g dw"),
        "score": real("B", "...", meaning="s = ∇ log p_t(x)"),
        "diffusion": real("B", meaning="g(t) of each example's time; not g²"),
    },
    wrt=("drift", "score", "diffusion"),
    result=real("B", "...", meaning="dx/dt"),
    source="song2021sde",
)
def probability_flow_drift(drift: Array, score: Array, diffusion: Array) -> Result:
    """Velocity of the probability-flow ODE, which carries p_t as dx = f dt + g dw does, without noise.

        dx/dt = f − ½ g² s                                                              (1)

    Cotangents for the cotangent of dx/dt, written v_bar:

        f_bar = v_bar,   s_bar = −½ g² v_bar,   g_bar = −g ⟨v_bar, s⟩ for each example  (2)

    It holds in either direction of time, with ½; the SDE reversed in time has f − g² s and its noise.
    Source: Song et al. (2021), eq. 13.
    """
    g = against(diffusion, drift)
    velocity = drift - g / 2 * (g * score)  # (1); g² alone may overflow

    def pullback(velocity_bar: Array) -> dict[str, Array]:
        return {                                                              # (2)
            "drift": +velocity_bar,
            "score": -g / 2 * (g * velocity_bar),
            "diffusion": -inner(g * score, velocity_bar),
        }

    return velocity, pullback
