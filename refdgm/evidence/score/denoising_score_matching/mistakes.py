"""Mistakes in denoising score matching."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.score.examples import over
from refdgm.namespace import Array, namespace
from refdgm.score.denoising_score_matching import denoising_score_matching, noise_conditional_score_matching

# --- denoising ------------------------------------------------------------------------------------


def weighted(score: Array, eps: Array, sigma: Array, at_score: int, at_noise: int, sign: float = 1.0) -> Any:
    """½ ‖σᵖ s ± σ^q ε‖², rightly differentiated."""
    xp = namespace(score)
    each, rest = over(score)
    high, low = sigma[each] ** at_score, sign * sigma[each] ** at_noise
    r = high * score + low * eps
    inner = at_score * high * score + at_noise * low * eps

    def pullback(bar: Array) -> dict[str, Array]:
        r_bar = bar[each] * r
        return {"score": high * r_bar, "sigma": xp.sum(r_bar * inner, axis=rest) / sigma}

    return xp.sum(r * r / 2, axis=rest), pullback


def through(objective: Any, score: Array, eps: Array, sigma: Array, level: Array, slope: Array) -> Any:
    """The objective at another level, whose derivative by σ is `slope`."""
    loss, right = objective.body(score, eps, level)
    return loss, lambda bar: (g := right(bar)) | {"sigma": slope * g["sigma"]}


def across(objective: Any, score: Array, eps: Array, sigma: Array) -> Any:
    """The levels stand along the last axis, if they fit there; other shapes would not run and are right."""
    xp = namespace(score)
    if score.ndim < 2 or score.shape[-1] != sigma.shape[0]:
        return objective.body(score, eps, sigma)
    levels = xp.reshape(xp.broadcast_to(sigma, score.shape), (-1,))
    flat = xp.reshape(score, (-1,)), xp.reshape(eps, (-1,))
    each, rest = over(score)
    loss, right = objective.body(*flat, levels)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(xp.reshape(xp.broadcast_to(bar[each], score.shape), (-1,)))
        shaped = {name: xp.reshape(g[name], score.shape) for name in g}
        return {"score": shaped["score"], "sigma": xp.sum(shaped["sigma"], axis=tuple(range(score.ndim - 1)))}

    return xp.sum(xp.reshape(loss, score.shape), axis=rest), pullback


@mistake(denoising_score_matching, seen="soran-ghaderi/torchebm #333")
def target_sign(score: Array, eps: Array, sigma: Array) -> Any:
    """½ ‖s − ε/σ‖²: the target has the sign of an energy's gradient; the network learns minus the score."""
    return weighted(score, eps, sigma, 0, -1, -1.0)


@mistake(denoising_score_matching)
def noise_over_variance(score: Array, eps: Array, sigma: Array) -> Any:
    """½ ‖s + ε/σ²‖²: divided by σ² as x_tilde − x would be, but ε is of unit variance already."""
    return weighted(score, eps, sigma, 0, -2)


@mistake(denoising_score_matching)
def noise_for_target(score: Array, eps: Array, sigma: Array) -> Any:
    """½ ‖s + ε‖²: the target of a noise prediction, for a score."""
    return weighted(score, eps, sigma, 0, 0)


@mistake(denoising_score_matching)
def scaled_noise_for_target(score: Array, eps: Array, sigma: Array) -> Any:
    """½ ‖s + σ ε‖²: the displacement x_tilde − x itself is the target."""
    return weighted(score, eps, sigma, 0, 1)


@mistake(denoising_score_matching)
def sigma_is_the_variance(score: Array, eps: Array, sigma: Array) -> Any:
    """σ is read as a variance: ½ ‖s + ε/√σ‖²."""
    level = namespace(sigma).sqrt(sigma)
    return through(denoising_score_matching, score, eps, sigma, level, 1 / (2 * level))


@mistake(denoising_score_matching)
def weighted_by_variance(score: Array, eps: Array, sigma: Array) -> Any:
    """½ ‖σ s + ε‖²: that is the noise-conditional objective, with its weight σ²."""
    return weighted(score, eps, sigma, 1, 0)


@mistake(denoising_score_matching)
def levels_along_components(score: Array, eps: Array, sigma: Array) -> Any:
    """σ without axes of length one: a batch as large as the last axis pairs levels with components."""
    return across(denoising_score_matching, score, eps, sigma)


@mistake(denoising_score_matching, "gradient.score", "gradient.sigma")
def gradient_without_half(score: Array, eps: Array, sigma: Array) -> Any:
    """The factor ½ is in the value and not in the gradient."""
    loss, right = denoising_score_matching.body(score, eps, sigma)
    return loss, lambda bar: right(2 * bar)


@mistake(denoising_score_matching, "gradient.score")
def score_gradient_without_noise(score: Array, eps: Array, sigma: Array) -> Any:
    """s_bar = J_bar s: as if there were no target."""
    loss, right = denoising_score_matching.body(score, eps, sigma)
    return loss, lambda bar: right(bar) | {"score": bar[over(score)[0]] * score}


@mistake(denoising_score_matching, "gradient.sigma")
def level_detached(score: Array, eps: Array, sigma: Array) -> Any:
    """σ is computed without gradient."""
    loss, right = denoising_score_matching.body(score, eps, sigma)
    return loss, lambda bar: right(bar) | {"sigma": 0 * sigma}


@mistake(denoising_score_matching, "gradient.sigma")
def level_gradient_power(score: Array, eps: Array, sigma: Array) -> Any:
    """σ_bar = −J_bar ⟨r, ε⟩/σ: the derivative of 1/σ lacks a factor 1/σ."""
    loss, right = denoising_score_matching.body(score, eps, sigma)
    return loss, lambda bar: (g := right(bar)) | {"sigma": sigma * g["sigma"]}


@mistake(denoising_score_matching, "gradient.sigma")
def level_gradient_sign(score: Array, eps: Array, sigma: Array) -> Any:
    """σ_bar of the wrong sign."""
    loss, right = denoising_score_matching.body(score, eps, sigma)
    return loss, lambda bar: (g := right(bar)) | {"sigma": -g["sigma"]}


# --- noise-conditional ----------------------------------------------------------------------------


@mistake(noise_conditional_score_matching)
def conditional_target_sign(score: Array, eps: Array, sigma: Array) -> Any:
    """½ ‖σ s − ε‖²: the target has the sign of an energy's gradient; the network learns minus the score."""
    return weighted(score, eps, sigma, 1, 0, -1.0)


@mistake(noise_conditional_score_matching)
def weight_missing(score: Array, eps: Array, sigma: Array) -> Any:
    """½ ‖s + ε/σ‖²: the smallest levels rule the sum over all."""
    return weighted(score, eps, sigma, 0, -1)


@mistake(noise_conditional_score_matching)
def weight_not_squared(score: Array, eps: Array, sigma: Array) -> Any:
    """½ σ ‖s + ε/σ‖²: the weight is σ, not σ²."""
    loss, right = denoising_score_matching.body(score, eps, sigma)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(sigma * bar)
        return {"score": g["score"], "sigma": g["sigma"] + bar * loss}

    return sigma * loss, pullback


@mistake(noise_conditional_score_matching)
def weight_twice(score: Array, eps: Array, sigma: Array) -> Any:
    """½ ‖σ² s + σ ε‖²: weighted by σ² after the output was multiplied by σ."""
    return weighted(score, eps, sigma, 2, 1)


@mistake(noise_conditional_score_matching)
def output_not_multiplied(score: Array, eps: Array, sigma: Array) -> Any:
    """½ ‖s + ε‖²: the network is taken for a noise prediction of opposite sign."""
    return weighted(score, eps, sigma, 0, 0)


@mistake(noise_conditional_score_matching)
def noise_already_scaled(score: Array, eps: Array, sigma: Array) -> Any:
    """½ ‖σ s + σ ε‖²: the displacement x_tilde − x takes the place of the noise."""
    return weighted(score, eps, sigma, 1, 1)


@mistake(noise_conditional_score_matching)
def levels_of_the_next_example(score: Array, eps: Array, sigma: Array) -> Any:
    """The levels are in another order than the examples; right for a batch of one."""
    xp = namespace(sigma)
    loss, right = noise_conditional_score_matching.body(score, eps, xp.roll(sigma, 1))
    return loss, lambda bar: (g := right(bar)) | {"sigma": xp.roll(g["sigma"], -1)}


@mistake(noise_conditional_score_matching)
def conditional_levels_along_components(score: Array, eps: Array, sigma: Array) -> Any:
    """σ without axes of length one: a batch as large as the last axis pairs levels with components."""
    return across(noise_conditional_score_matching, score, eps, sigma)


@mistake(noise_conditional_score_matching, "gradient.score")
def chain_factor_missing(score: Array, eps: Array, sigma: Array) -> Any:
    """s_bar = J_bar r: the inner derivative σ is forgotten."""
    loss, right = noise_conditional_score_matching.body(score, eps, sigma)
    return loss, lambda bar: (g := right(bar)) | {"score": g["score"] / sigma[over(score)[0]]}


@mistake(noise_conditional_score_matching, "gradient.sigma")
def conditional_level_detached(score: Array, eps: Array, sigma: Array) -> Any:
    """σ is computed without gradient."""
    loss, right = noise_conditional_score_matching.body(score, eps, sigma)
    return loss, lambda bar: right(bar) | {"sigma": 0 * sigma}


@mistake(noise_conditional_score_matching, "gradient.sigma")
def weight_detached(score: Array, eps: Array, sigma: Array) -> Any:
    """The weight σ² is held fixed in σ_bar: only the target is differentiated."""
    loss, right = noise_conditional_score_matching.body(score, eps, sigma)

    def pullback(bar: Array) -> dict[str, Array]:
        return right(bar) | {"sigma": sigma**2 * denoising_score_matching.body(score, eps, sigma)[1](bar)["sigma"]}

    return loss, pullback


# --- planted by people who had not seen the cases, or after public code ---------------------------

# --- denoising ------------------------------------------------------------------------------------


@mistake(denoising_score_matching, blind=True)
def level_floored(score: Array, eps: Array, sigma: Array) -> Any:
    """σ is clamped to at least 0.01; right for levels above that."""
    xp = namespace(sigma)
    slope = xp.astype(sigma >= 0.01, sigma.dtype)
    return through(denoising_score_matching, score, eps, sigma, xp.maximum(sigma, 0.01), slope)


@mistake(denoising_score_matching, blind=True)
def one_level_for_all(score: Array, eps: Array, sigma: Array) -> Any:
    """The level of the first example serves the whole batch; right for equal levels."""
    xp = namespace(sigma)
    first = xp.astype(xp.arange(sigma.shape[0], device=score.device) == 0, sigma.dtype)
    loss, right = denoising_score_matching.body(score, eps, sigma[:1] + 0 * sigma)
    return loss, lambda bar: (g := right(bar)) | {"sigma": first * xp.sum(g["sigma"])}


@mistake(denoising_score_matching, blind=True)
def noise_truncated(score: Array, eps: Array, sigma: Array) -> Any:
    """The noise is clipped to ±3 in the target, where x_tilde has it in full; right for nearly all draws."""
    xp = namespace(eps)
    return denoising_score_matching.body(score, xp.maximum(xp.minimum(eps, 3.0), -3.0), sigma)


@mistake(denoising_score_matching, "gradient.sigma", blind=True)
def displacement_held(score: Array, eps: Array, sigma: Array) -> Any:
    """σ_bar = −2 J_bar ⟨r, ε/σ⟩/σ: the derivative of (x_tilde − x)/σ² with the displacement held, not the noise."""
    loss, right = denoising_score_matching.body(score, eps, sigma)
    return loss, lambda bar: (g := right(bar)) | {"sigma": 2 * g["sigma"]}


# --- noise-conditional ----------------------------------------------------------------------------


@mistake(noise_conditional_score_matching, blind=True)
def weight_of_the_mean_variance(score: Array, eps: Array, sigma: Array) -> Any:
    """The weight of every example is the batch's mean of σ²; right for equal levels."""
    xp = namespace(sigma)
    count = max(sigma.shape[0], 1)
    weight = xp.sum(sigma * sigma) / count
    loss, right = denoising_score_matching.body(score, eps, sigma)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(weight * bar)
        return g | {"sigma": g["sigma"] + 2 * sigma / count * xp.sum(bar * loss)}

    return weight * loss, pullback


@mistake(noise_conditional_score_matching, blind=True)
def levels_in_falling_order(score: Array, eps: Array, sigma: Array) -> Any:
    """The levels are sorted from the largest and lose their examples; right for levels that fall already."""
    xp = namespace(sigma)
    order = xp.argsort(-sigma)
    loss, right = noise_conditional_score_matching.body(score, eps, xp.take(sigma, order))
    return loss, lambda bar: (g := right(bar)) | {"sigma": xp.take(g["sigma"], xp.argsort(order))}


@mistake(noise_conditional_score_matching, "gradient.sigma", blind=True)
def conditional_displacement_held(score: Array, eps: Array, sigma: Array) -> Any:
    """σ_bar = J_bar ⟨r, s − ε/σ⟩: the derivative of σ s + (x_tilde − x)/σ with the displacement held, not the noise."""
    xp = namespace(score)
    each, rest = over(score)
    loss, right = noise_conditional_score_matching.body(score, eps, sigma)

    def pullback(bar: Array) -> dict[str, Array]:
        r = sigma[each] * score + eps
        return right(bar) | {"sigma": bar * xp.sum(r * (score - eps / sigma[each]), axis=rest)}

    return loss, pullback


@mistake(noise_conditional_score_matching, "gradient.score", blind=True)
def weight_missing_in_score_gradient(score: Array, eps: Array, sigma: Array) -> Any:
    """s_bar = J_bar (s + ε/σ): the weight is reported and not trained with."""
    loss, right = noise_conditional_score_matching.body(score, eps, sigma)
    return loss, lambda bar: right(bar) | {
        "score": denoising_score_matching.body(score, eps, sigma)[1](bar)["score"]
    }
