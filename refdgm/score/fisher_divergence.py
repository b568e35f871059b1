"""Explicit score matching: the Fisher divergence, where the score of the data is known."""

from refdgm.declaration.domain import real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={
        "score": real("B", "...", meaning="s(x), the score of the model"),
        "target": real("B", "...", meaning="∇log π(x), the score of the data"),
    },
    wrt=("score", "target"),
    result=real("B", meaning="J, per example; its mean over x ~ π is the divergence"),
    source="hyvarinen2005score",
    conventions={
        "without the factor ½": {"value": scale(2.0)},
        "mean over components": {"value": scale(1.0, per="...")},
        "mean over components, without the factor ½": {"value": scale(2.0, per="...")},
    },
)
def fisher_divergence(score: Array, target: Array) -> Result:
    """The Fisher divergence at one example: explicit score matching.

        d = s(x) − ∇log π(x),   J = ½ ‖d‖²                                   (1)

    Cotangents for J_bar, with t = ∇log π(x):

        s_bar = J_bar d,   t_bar = −J_bar d                                  (2)

    The divergence is the mean of J over x ~ π. The difference is formed first: ‖s‖² − 2⟨s, t⟩ + ‖t‖² loses the digits
    that the two scores share, near the optimum all of them. Where ∇log π is not known, implicit and sliced score
    matching have the same expected gradient in θ.
    Source: Hyvärinen (2005), eq. 2.
    """
    xp = namespace(score)
    each, rest = (slice(None), *[None] * (score.ndim - 1)), tuple(range(1, score.ndim))
    d = score - target                                                        # (1)
    loss = xp.sum(d * (d / 2), axis=rest)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        score_bar = loss_bar[each] * d                                        # (2)
        return {"score": score_bar, "target": -score_bar}

    return loss, pullback
