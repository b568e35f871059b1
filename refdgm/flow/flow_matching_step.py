"""One step along a velocity, from the noise to the data or back."""

from refdgm.declaration.domain import Map, real, scale, share
from refdgm.namespace import Array, Result
from refdgm.numerics.components import against, inner
from refdgm.reference import reference


@reference(
    args={
        "xt": real("B", "...", meaning="x_t, the state"),
        "velocity": real("B", "...", meaning="v, the network's output at x_t and t"),
        "t": share("B", meaning="t, the time of x_t; 0 is noise, 1 is data"),
        "t_next": share("B", meaning="t′, the time to go to; before t to go back to the noise"),
    },
    wrt=("xt", "velocity", "t", "t_next"),
    result=real("B", "...", meaning="x_t′, the state at t′"),
    source="liu2023rectified",
    conventions={
        "time from data to noise, velocity noise − data": {
            "t": Map(-1.0, 1.0), "t_next": Map(-1.0, 1.0), "velocity": scale(-1.0)},
    },
)
def flow_matching_step(xt: Array, velocity: Array, t: Array, t_next: Array) -> Result:
    """A step of Euler's along a velocity.

        h = t′ − t,   x_t′ = x_t + h v                                       (1)

    Cotangents for x_bar, that of the result, every ⟨·,·⟩ a sum over one example:

        x_bar_t = x_bar,   v_bar = h x_bar                                   (2)
        t_bar = −⟨x_bar, v⟩,   of t′: ⟨x_bar, v⟩                             (3)

    Along one pair's path the step is exact, however long; along the mean velocity of all it is of first order. (3) is
    the explicit dependence: that v depends on x_t and t is for whoever composes. diffusers steps its noise level
    σ = 1 − t from 1 down to 0 with −v; the two signs cancel.
    Source: Liu, Gong & Liu (2023), Euler's method for the flow dx = v dt.
    """
    h = against(t_next - t, xt)                                               # (1)

    def pullback(next_bar: Array) -> dict[str, Array]:
        along = inner(next_bar, velocity)
        return {"xt": +next_bar, "velocity": h * next_bar, "t": -along, "t_next": along}    # (2, 3)

    return xt + h * velocity, pullback                                        # (1)
