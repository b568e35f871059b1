"""Mistakes in the Fisher divergence."""

from math import prod
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.score.examples import over
from refdgm.namespace import Array, namespace
from refdgm.score.fisher_divergence import fisher_divergence


def quadratic(score: Array, target: Array, cross: float) -> Any:
    """½ (‖s‖² + ‖t‖²) + cross ⟨s, t⟩."""
    xp = namespace(score)
    each, rest = over(score)
    loss = xp.sum(score * score / 2 + target * target / 2 + cross * score * target, axis=rest)
    return loss, lambda bar: {
        "score": bar[each] * (score + cross * target),
        "target": bar[each] * (target + cross * score),
    }


@mistake(fisher_divergence)
def scores_added(score: Array, target: Array) -> Any:
    """½ ‖s + ∇log π‖²: one of them is the gradient of an energy."""
    return quadratic(score, target, 1.0)


@mistake(fisher_divergence)
def cross_term_missing(score: Array, target: Array) -> Any:
    """½ (‖s‖² + ‖∇log π‖²): the cross term is taken for zero."""
    return quadratic(score, target, 0.0)


@mistake(fisher_divergence)
def cross_term_halved(score: Array, target: Array) -> Any:
    """½ of the whole is taken of the cross term once more."""
    return quadratic(score, target, -0.5)


@mistake(fisher_divergence)
def norm_not_squared(score: Array, target: Array) -> Any:
    """½ ‖s − ∇log π‖, not its square."""
    xp = namespace(score)
    each, rest = over(score)
    d = score - target
    norm = xp.sqrt(xp.sum(d * d, axis=rest))

    def pullback(bar: Array) -> dict[str, Array]:
        score_bar = (bar / norm / 2)[each] * d
        return {"score": score_bar, "target": -score_bar}

    return norm / 2, pullback


@mistake(fisher_divergence, "gradient.score", "gradient.target")
def gradient_of_twice(score: Array, target: Array) -> Any:
    """The factor ½ is in the value and not in the gradient."""
    loss, right = fisher_divergence.body(score, target)
    return loss, lambda bar: right(2 * bar)


@mistake(fisher_divergence, "gradient.score")
def score_gradient_without_target(score: Array, target: Array) -> Any:
    """s_bar = J_bar s: as if the score of the data did not enter."""
    loss, right = fisher_divergence.body(score, target)
    return loss, lambda bar: right(bar) | {"score": bar[over(score)[0]] * score}


@mistake(fisher_divergence, "gradient.target")
def target_detached(score: Array, target: Array) -> Any:
    """The score of the data is computed without gradient."""
    loss, right = fisher_divergence.body(score, target)
    return loss, lambda bar: right(bar) | {"target": 0 * target}


@mistake(fisher_divergence, "gradient.target")
def target_gradient_sign(score: Array, target: Array) -> Any:
    """t_bar = +J_bar (s − t): the inner derivative −1 is forgotten."""
    loss, right = fisher_divergence.body(score, target)
    return loss, lambda bar: (g := right(bar)) | {"target": -g["target"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(fisher_divergence, "value", "gradient.target", blind=True)
def target_norm_dropped(score: Array, target: Array) -> Any:
    """½ ‖s‖² − ⟨s, t⟩: the norm of the data's score is left out as a constant, which it is for s alone."""
    xp = namespace(score)
    each, rest = over(score)
    loss, right = fisher_divergence.body(score, target)
    return loss - xp.sum(target * target / 2, axis=rest), lambda bar: right(bar) | {"target": -bar[each] * score}


@mistake(fisher_divergence, blind=True)
def huber_beyond_ten(score: Array, target: Array) -> Any:
    """Huber's loss with the threshold 10 for the square: linear in the components that differ by more."""
    xp = namespace(score)
    each, rest = over(score)
    d = score - target
    size = xp.abs(d)
    held = xp.maximum(xp.minimum(d, 10.0), -10.0)

    def pullback(bar: Array) -> dict[str, Array]:
        return {"score": bar[each] * held, "target": -bar[each] * held}

    return xp.sum(xp.where(size <= 10, d * d / 2, 10 * size - 50), axis=rest), pullback


@mistake(fisher_divergence, blind=True)
def sum_over_the_last_axis_alone(score: Array, target: Array) -> Any:
    """The last axis is summed over and the others between are averaged; right for vectors."""
    share = 1 / max(prod(score.shape[1:-1]), 1)
    loss, right = fisher_divergence.body(score, target)
    return share * loss, lambda bar: right(share * bar)


@mistake(fisher_divergence, "gradient.score", "gradient.target", blind=True)
def one_cotangent_for_all(score: Array, target: Array) -> Any:
    """The mean of J_bar serves every example; right where all examples count alike."""
    xp = namespace(score)
    loss, right = fisher_divergence.body(score, target)
    return loss, lambda bar: right(xp.sum(bar) / max(bar.shape[0], 1) + 0 * bar)
