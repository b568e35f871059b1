"""The score of the points of a flow, from its velocity."""

from refdgm.declaration.domain import Map, real, scale, unit
from refdgm.namespace import Array, Result
from refdgm.numerics.components import against, inner
from refdgm.reference import reference


@reference(
    args={
        "xt": real("B", "...", meaning="x_t, a point of the path from normal noise"),
        "velocity": real("B", "...", meaning="v, the mean velocity there: data − noise"),
        "t": unit("B", meaning="t, the time; 0 is noise, 1 is data",
                  instead="at t = 0 the score is −x_t, at t = 1 no noise is left that would tell it"),
    },
    wrt=("xt", "velocity", "t"),
    result=real("B", "...", meaning="s = ∇log p_t(x_t), the score"),
    source="lipman2023flow",
    conventions={"time from data to noise, velocity noise − data": {"t": Map(-1.0, 1.0), "velocity": scale(-1.0)}},
)
def score_from_velocity(xt: Array, velocity: Array, t: Array) -> Result:
    """The score that a velocity says, for a normal source and σ = 0.

        x_t = (1 − t) x₀ + t x₁,   v = E[x₁ − x₀ | x_t],   so that  E[x₀ | x_t] = x_t − t v
        s = −E[x₀ | x_t] / (1 − t) = (t v − x_t) / (1 − t)                   (1)

    Cotangents for s_bar, every ⟨·,·⟩ a sum over one example:

        x_bar_t = −s_bar / (1 − t),   v_bar = t s_bar / (1 − t)              (2)
        t_bar = ⟨s_bar, v − x_t⟩ / (1 − t)²                                  (3)

    With the score a flow can be sampled with noise (`probability_flow_drift` goes the other way). Near the data it
    magnifies the error of v by t/(1 − t). E[x₁ | x_t] is x_t + (1 − t) v, and no score. The noise must be normal: of
    another source no score follows from v.
    Source: (1) is Tweedie's formula for the path of Lipman et al. (2023), eq. 22, at σ = 0.
    """
    rest = against(1 - t, xt)
    weight = against(t / (1 - t), xt)

    def pullback(score_bar: Array) -> dict[str, Array]:
        return {
            "xt": -score_bar / rest,                                          # (2)
            "velocity": weight * score_bar,
            "t": inner(score_bar, velocity - xt) / (1 - t) / (1 - t),         # (3)
        }

    return (against(t, xt) * velocity - xt) / rest, pullback                  # (1)
