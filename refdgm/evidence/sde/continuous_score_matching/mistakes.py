"""Mistakes in the objectives of a process. ς = σ(t) for ve is a variant, a mean over components a convention."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against
from refdgm.sde.continuous_score_matching import continuous_score_matching
from refdgm.sde.perturbation_kernel import perturbation_kernel
from refdgm.sde.sde_coefficients import sde_coefficients

BODY = continuous_score_matching.body


def parts(t: Array, low: Array, high: Array, process: str, weighting: str) -> tuple[Array, Array, Array]:
    """ς, g and √λ."""
    std = perturbation_kernel.body(t, low, high, process=process)[0][1]
    g = sde_coefficients.body(t, low, high, process=process)[0][1]
    return std, g, {"std2": std, "diffusion2": g, "one": 1 + 0 * t}[weighting]


def weighed(score: Array, eps: Array, of_score: Array, of_noise: Array) -> Any:
    """½ ‖a s + b ε‖² for a and b of each example, rightly differentiated."""
    xp, rest = namespace(score), tuple(range(1, score.ndim))
    r = against(of_score, score) * score + against(of_noise, score) * eps
    return xp.sum(r * r / 2, axis=rest), lambda bar: {"score": against(bar * of_score, score) * r}


@mistake(continuous_score_matching, seen="lebellig/flow-matching #2")
def target_sign(score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str) -> Any:
    """‖s − ε/ς‖²: the gradient with respect to the clean point, which has the other sign."""
    std, _, root = parts(t, low, high, process, weighting)
    return weighed(score, eps, root, -root / std)


@mistake(continuous_score_matching)
def weight_not_squared(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Any:
    """λ = ς or g, where their squares belong."""
    std, _, root = parts(t, low, high, process, weighting)
    half = namespace(t).sqrt(root)
    return weighed(score, eps, half, half / std)


@mistake(continuous_score_matching)
def weight_twice(score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str) -> Any:
    """λ² for λ: what was weighted is weighted once more."""
    std, _, root = parts(t, low, high, process, weighting)
    return weighed(score, eps, root * root, root * root / std)


@mistake(continuous_score_matching)
def noise_over_variance(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Any:
    """‖s + ε/ς²‖²: divided by ς² as x_t − κ x_0 would be, but ε is of unit variance already."""
    std, _, root = parts(t, low, high, process, weighting)
    return weighed(score, eps, root, root / std / std)


@mistake(continuous_score_matching)
def noise_for_target(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Any:
    """‖s + ε‖²: the target of a noise prediction, for a score."""
    _, _, root = parts(t, low, high, process, weighting)
    return weighed(score, eps, root, root)


@mistake(continuous_score_matching)
def weight_of_the_score_on_the_noise(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Any:
    """diffusion2: ½ g² ‖ς s + ε‖², a weight of the error of the score on that of the noise; off by ς²."""
    std, g, _ = parts(t, low, high, process, weighting)
    if weighting != "diffusion2":
        return BODY(score, eps, t, low, high, process=process, weighting=weighting)
    return weighed(score, eps, g * std, g)


@mistake(continuous_score_matching)
def always_the_noise(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Any:
    """The weighting is not looked at: the error of the noise for all."""
    return BODY(score, eps, t, low, high, process=process, weighting="std2")


@mistake(continuous_score_matching, "value")
def constant_left_out(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Any:
    """The square is expanded, and ½ λ ‖ε/ς‖², which the network cannot change, left out."""
    std, _, root = parts(t, low, high, process, weighting)
    loss, right = BODY(score, eps, t, low, high, process=process, weighting=weighting)
    return loss - weighed(score, eps, 0 * root, root / std)[0], right


@mistake(continuous_score_matching, "gradient.score")
def weight_missing_in_the_gradient(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Any:
    """s_bar = J_bar ς (ς s + ε): the weight is reported and not trained with."""
    loss, _ = BODY(score, eps, t, low, high, process=process, weighting=weighting)
    return loss, BODY(score, eps, t, low, high, process=process, weighting="std2")[1]


@mistake(continuous_score_matching, "gradient.score")
def gradient_without_noise(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Any:
    """s_bar = J_bar λ s: as if there were no target."""
    loss, _ = BODY(score, eps, t, low, high, process=process, weighting=weighting)
    return loss, BODY(score, 0 * eps, t, low, high, process=process, weighting=weighting)[1]


@mistake(continuous_score_matching, "gradient.score")
def gradient_without_half(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Any:
    """The factor ½ is in the value and not in the gradient."""
    loss, right = BODY(score, eps, t, low, high, process=process, weighting=weighting)
    return loss, lambda bar: right(2 * bar)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(continuous_score_matching, blind=True)
def weights_along_components(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Any:
    """ς and λ without axes of length one: a batch as large as the last axis pairs times with components."""
    if score.ndim < 2 or score.shape[-1] != t.shape[0]:
        return BODY(score, eps, t, low, high, process=process, weighting=weighting)
    xp, rest = namespace(score), tuple(range(1, score.ndim))
    std, _, root = parts(t, low, high, process, weighting)
    r = root * score + root / std * eps
    return xp.sum(r * r / 2, axis=rest), lambda bar: {"score": against(bar, score) * (root * r)}


@mistake(continuous_score_matching, blind=True)
def one_time_for_all(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Any:
    """The time of the first example serves the whole batch; right for equal times."""
    return BODY(score, eps, t[:1] + 0 * t, low, high, process=process, weighting=weighting)


@mistake(continuous_score_matching, blind=True)
def rate_for_all_processes(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Any:
    """sub_vp with diffusion2: λ = β, the g² of vp; right late, where the two processes agree."""
    std, _, root = parts(t, low, high, process, weighting)
    if process == "sub_vp" and weighting == "diffusion2":
        root = sde_coefficients.body(t, low, high, process="vp")[0][1]
    return weighed(score, eps, root, root / std)


@mistake(continuous_score_matching, blind=True)
def root_of_sub_vp(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Any:
    """sub_vp: the deviation of vp, √(1 − e^{−B}), in the target; right late."""
    std, _, root = parts(t, low, high, process, weighting)
    if process == "sub_vp":
        std = namespace(t).sqrt(std)
        root = std if weighting == "std2" else root
    return weighed(score, eps, root, root / std)
