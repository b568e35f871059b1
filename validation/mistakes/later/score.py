"""Mistakes in score matching, planted when the cases were frozen and by somebody who had not seen them."""

from math import prod
from typing import Any

from refdgm.mistakes.mistake import mistake
from refdgm.mistakes.score_objectives import over, through
from refdgm.mistakes.shallow import objective
from refdgm.mistakes.sliced import plain, reduced
from refdgm.namespace import Array, namespace
from refdgm.nets.activation import ACTIVATIONS
from refdgm.nets.field import Field
from refdgm.score.denoising_score_matching import denoising_score_matching, noise_conditional_score_matching
from refdgm.score.fisher_divergence import fisher_divergence
from refdgm.score.implicit_score_matching import implicit_score_matching
from refdgm.score.implicit_score_matching import implicit_score_matching_shallow as shallow
from refdgm.score.sliced_score_matching import sliced_score_matching, sliced_score_matching_vr

Theta = dict[str, Array]


def exchanged(found: Any, less: Any, more: Any) -> Any:
    """found − less + more, in value and gradient: one term of an objective for another."""
    (value, right), (before, back), (after, forth) = found, less, more

    def pullback(bar: Array) -> dict[str, Any]:
        g, b, f = right(bar), back(bar), forth(bar)
        theta = {n: e - b["theta"][n] + f["theta"][n] for n, e in g["theta"].items()}
        return {"x": g["x"] - b["x"] + f["x"], "theta": theta}

    return value - before + after, pullback


# --- the Fisher divergence ------------------------------------------------------------------------


@mistake(fisher_divergence, "value", "gradient.target")
def target_norm_dropped(score: Array, target: Array) -> Any:
    """½ ‖s‖² − ⟨s, t⟩: the norm of the data's score is left out as a constant, which it is for s alone."""
    xp = namespace(score)
    each, rest = over(score)
    loss, right = fisher_divergence.body(score, target)
    return loss - xp.sum(target * target / 2, axis=rest), lambda bar: right(bar) | {"target": -bar[each] * score}


@mistake(fisher_divergence)
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


@mistake(fisher_divergence)
def sum_over_the_last_axis_alone(score: Array, target: Array) -> Any:
    """The last axis is summed over and the others between are averaged; right for vectors."""
    share = 1 / max(prod(score.shape[1:-1]), 1)
    loss, right = fisher_divergence.body(score, target)
    return share * loss, lambda bar: right(share * bar)


@mistake(fisher_divergence, "gradient.score", "gradient.target")
def one_cotangent_for_all(score: Array, target: Array) -> Any:
    """The mean of J̄ serves every example; right where all examples count alike."""
    xp = namespace(score)
    loss, right = fisher_divergence.body(score, target)
    return loss, lambda bar: right(xp.sum(bar) / max(bar.shape[0], 1) + 0 * bar)


# --- denoising ------------------------------------------------------------------------------------


@mistake(denoising_score_matching)
def level_floored(score: Array, eps: Array, sigma: Array) -> Any:
    """σ is clamped to at least 0.01; right for levels above that."""
    xp = namespace(sigma)
    slope = xp.astype(sigma >= 0.01, sigma.dtype)
    return through(denoising_score_matching, score, eps, sigma, xp.maximum(sigma, 0.01), slope)


@mistake(denoising_score_matching)
def one_level_for_all(score: Array, eps: Array, sigma: Array) -> Any:
    """The level of the first example serves the whole batch; right for equal levels."""
    xp = namespace(sigma)
    first = xp.astype(xp.arange(sigma.shape[0], device=score.device) == 0, sigma.dtype)
    loss, right = denoising_score_matching.body(score, eps, sigma[:1] + 0 * sigma)
    return loss, lambda bar: (g := right(bar)) | {"sigma": first * xp.sum(g["sigma"])}


@mistake(denoising_score_matching)
def noise_truncated(score: Array, eps: Array, sigma: Array) -> Any:
    """The noise is clipped to ±3 in the target, where x̃ has it in full; right for nearly all draws."""
    xp = namespace(eps)
    return denoising_score_matching.body(score, xp.maximum(xp.minimum(eps, 3.0), -3.0), sigma)


@mistake(denoising_score_matching, "gradient.sigma")
def displacement_held(score: Array, eps: Array, sigma: Array) -> Any:
    """σ̄ = −2 J̄ ⟨r, ε/σ⟩/σ: the derivative of (x̃ − x)/σ² with the displacement held, not the noise."""
    loss, right = denoising_score_matching.body(score, eps, sigma)
    return loss, lambda bar: (g := right(bar)) | {"sigma": 2 * g["sigma"]}


# --- noise-conditional ----------------------------------------------------------------------------


@mistake(noise_conditional_score_matching)
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


@mistake(noise_conditional_score_matching)
def levels_in_falling_order(score: Array, eps: Array, sigma: Array) -> Any:
    """The levels are sorted from the largest and lose their examples; right for levels that fall already."""
    xp = namespace(sigma)
    order = xp.argsort(sigma, descending=True)
    loss, right = noise_conditional_score_matching.body(score, eps, xp.take(sigma, order))
    return loss, lambda bar: (g := right(bar)) | {"sigma": xp.take(g["sigma"], xp.argsort(order))}


@mistake(noise_conditional_score_matching, "gradient.sigma")
def conditional_displacement_held(score: Array, eps: Array, sigma: Array) -> Any:
    """σ̄ = J̄ ⟨r, s − ε/σ⟩: the derivative of σ s + (x̃ − x)/σ with the displacement held, not the noise."""
    xp = namespace(score)
    each, rest = over(score)
    loss, right = noise_conditional_score_matching.body(score, eps, sigma)

    def pullback(bar: Array) -> dict[str, Array]:
        r = sigma[each] * score + eps
        return right(bar) | {"sigma": bar * xp.sum(r * (score - eps / sigma[each]), axis=rest)}

    return loss, pullback


@mistake(noise_conditional_score_matching, "gradient.score")
def weight_missing_in_score_gradient(score: Array, eps: Array, sigma: Array) -> Any:
    """s̄ = J̄ (s + ε/σ): the weight is reported and not trained with."""
    loss, right = noise_conditional_score_matching.body(score, eps, sigma)
    return loss, lambda bar: right(bar) | {
        "score": denoising_score_matching.body(score, eps, sigma)[1](bar)["score"]
    }


# --- implicit -------------------------------------------------------------------------------------


@mistake(implicit_score_matching)
def last_axis_not_in_trace(x: Array, theta: Theta, *, score: Field) -> Any:
    """The loop over the axes ends one too early: the trace lacks its last entry."""
    xp = namespace(x)
    axes = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)[None, :-1, :]
    (s, s_dot), right = score.jvp(x, axes, theta)
    loss = xp.sum(s * s, axis=-1) / 2 + xp.sum(axes * s_dot, axis=(1, 2))
    return loss, lambda bar: right(bar[:, None] * s, bar[:, None, None] * axes)


@mistake(implicit_score_matching)
def trace_shared_by_batch(x: Array, theta: Theta, *, score: Field) -> Any:
    """Every example has the batch's mean trace: right in the mean over the batch, and for a linear score."""
    xp = namespace(x)
    count = max(x.shape[0], 1)
    axes = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)[None]
    (s, s_dot), right = score.jvp(x, axes, theta)
    traces = xp.sum(axes * s_dot, axis=(1, 2)) + 0 * xp.sum(s, axis=-1)

    def pullback(bar: Array) -> dict[str, Any]:
        return right(bar[:, None] * s, (xp.sum(bar) / count + 0 * bar)[:, None, None] * axes)

    return xp.sum(s * s, axis=-1) / 2 + xp.sum(traces) / count, pullback


@mistake(implicit_score_matching, "gradient.x")
def transposed_jacobian(x: Array, theta: Theta, *, score: Field) -> Any:
    """x̄ has (∂s/∂x) s for (∂s/∂x)ᵀ s; right for a score that is a gradient, whose Jacobian is symmetric."""
    loss, right = implicit_score_matching.body(x, theta, score=score)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        s, back = score.vjp(x, theta)
        s_bar = bar[:, None] * s
        across = score.jvp(x, s_bar[:, None, :], theta)[0][1][:, 0, :]
        return g | {"x": g["x"] - back(s_bar)["x"] + across}

    return loss, pullback


@mistake(implicit_score_matching, "gradient.theta")
def linear_trace_detached(x: Array, theta: Theta, *, score: Field) -> Any:
    """The trace of a linear score is taken for a constant, which it is in x and not in A; networks are right."""
    loss, right = implicit_score_matching.body(x, theta, score=score)
    if score.name != "linear":
        return loss, right
    xp = namespace(x)
    identity = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"theta": g["theta"] | {"A": g["theta"]["A"] - xp.sum(bar) * identity}}

    return loss, pullback


# --- implicit, one hidden layer -------------------------------------------------------------------


@mistake(shallow)
def slope_of_silu_is_its_gate(x: Array, theta: Theta, *, activation: str) -> Any:
    """The trace has σ(a) for φ' of silu, as if a in a σ(a) were a constant; other activations are right."""
    found = shallow.body(x, theta, activation=activation)
    if activation != "silu":
        return found
    # σ is the slope of softplus
    return exchanged(found, objective(x, theta, "silu", norm=0.0), objective(x, theta, "softplus", norm=0.0))


@mistake(shallow)
def trace_without_inner_bias(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ' in the trace is taken at W¹x, the bias forgotten there; right where b¹ = 0, as it is before training."""
    unbiased = theta | {"b1": 0 * theta["b1"]}
    trace, other = objective(x, theta, activation, norm=0.0), objective(x, unbiased, activation, norm=0.0)

    def held(bar: Array) -> dict[str, Any]:
        g = other[1](bar)
        return g | {"theta": g["theta"] | {"b1": 0 * theta["b1"]}}

    return exchanged(shallow.body(x, theta, activation=activation), trace, (other[0], held))


@mistake(shallow, "gradient.x", "gradient.theta")
def tanh_curvature_without_two(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ'' of tanh is −φ φ', without its 2; other activations are right."""
    loss, right = shallow.body(x, theta, activation=activation)
    return loss, objective(x, theta, activation, bend_factor=0.5)[1] if activation == "tanh" else right


@mistake(shallow, "gradient.theta")
def trace_parts_not_transposed(x: Array, theta: Theta, *, activation: str) -> Any:
    """diag(c̄) W² and diag(c̄) W¹ for their transposes; it fits where units are as many as axes, else it is right."""
    loss, right = shallow.body(x, theta, activation=activation)
    inward, outward = theta["W1"], theta["W2"]
    if inward.shape[0] != inward.shape[1]:
        return loss, right
    slope = ACTIVATIONS[activation](x @ inward.T + theta["b1"], 1)[1]

    def pullback(bar: Array) -> dict[str, Any]:
        g, c_bar = right(bar), (bar @ slope)[:, None]
        weights = {
            "W1": g["theta"]["W1"] - c_bar * outward.T + c_bar * outward,
            "W2": g["theta"]["W2"] - (c_bar * inward).T + c_bar * inward,
        }
        return g | {"theta": g["theta"] | weights}

    return loss, pullback


# --- sliced ---------------------------------------------------------------------------------------


@mistake(sliced_score_matching)
def directions_on_the_sphere(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The directions are brought to the length √D; right for v = ±1, which has it."""
    xp = namespace(probe)
    length = xp.sqrt(xp.sum(probe * probe, axis=-1, keepdims=True))
    return plain(x, probe * x.shape[1] ** 0.5 / length, theta, score)


@mistake(sliced_score_matching)
def examples_and_directions_interchanged(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """Terms made direction by direction are read as (B, R): examples exchange them, and the batch mean is right."""
    xp = namespace(x)
    batch, count = probe.shape[:2]
    (s, s_dot), right = score.jvp(x, probe, theta)
    u = xp.sum(probe * s[:, None, :], axis=-1)
    terms = xp.reshape((u * u / 2 + xp.sum(probe * s_dot, axis=-1)).T, (batch, count))

    def pullback(bar: Array) -> dict[str, Any]:
        each = xp.reshape(bar[:, None] / count + xp.zeros_like(terms), (count, batch)).T[:, :, None]
        return right(xp.sum(u[:, :, None] * each * probe, axis=1), each * probe)

    return xp.sum(terms, axis=1) / count, pullback


@mistake(sliced_score_matching)
def squares_summed(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The squares are summed over the directions and only the quadratic forms averaged; right for one direction."""
    xp = namespace(x)
    count = probe.shape[1]
    (s, s_dot), right = score.jvp(x, probe, theta)
    u = xp.sum(probe * s[:, None, :], axis=-1)
    loss = xp.sum(u * u / 2 + xp.sum(probe * s_dot, axis=-1) / count, axis=1)

    def pullback(bar: Array) -> dict[str, Any]:
        along = bar[:, None, None] * probe
        return right(xp.sum(u[:, :, None] * along, axis=1), along / count)

    return loss, pullback


@mistake(sliced_score_matching, "gradient.x", "gradient.theta")
def gradient_of_last_direction(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The gradient is that of the last direction's term, the others being overwritten; right for one direction."""
    loss, _ = sliced_score_matching.body(x, probe, theta, score=score)
    return loss, sliced_score_matching.body(x, probe[:, -1:, :], theta, score=score)[1]


# --- sliced, reduced variance ---------------------------------------------------------------------


@mistake(sliced_score_matching_vr)
def norm_averaged_over_components(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """½ of the mean of the squared components, beside the whole trace; right for D = 1."""
    share = 1 / max(x.shape[1], 1)
    (value, right), (norm, back) = (
        sliced_score_matching_vr.body(x, probe, theta, score=score),
        reduced(x, probe, theta, score, 0.0),
    )

    def pullback(bar: Array) -> dict[str, Any]:
        g, less = right(bar), back((1 - share) * bar)
        theta_bar = {n: e - less["theta"][n] for n, e in g["theta"].items()}
        return {"x": g["x"] - less["x"], "theta": theta_bar}

    return value - (1 - share) * norm, pullback


@mistake(sliced_score_matching_vr)
def estimate_shared_by_batch(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """Every example has the batch's mean estimate of the trace: right in the mean over the batch."""
    xp = namespace(x)
    batch, count = max(x.shape[0], 1), probe.shape[1]
    (s, s_dot), right = score.jvp(x, probe, theta)
    traces = xp.sum(probe * s_dot, axis=(1, 2)) / count

    def pullback(bar: Array) -> dict[str, Any]:
        return right(bar[:, None] * s, xp.sum(bar) / batch * probe / count)

    return xp.sum(s * s, axis=-1) / 2 + xp.sum(traces) / batch, pullback


@mistake(sliced_score_matching_vr, "value")
def reported_along_first_direction(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The value has the first direction alone, the gradient has all; right for one direction."""
    _, right = sliced_score_matching_vr.body(x, probe, theta, score=score)
    return sliced_score_matching_vr.body(x, probe[:, :1, :], theta, score=score)[0], right


@mistake(sliced_score_matching_vr, "gradient.x", "gradient.theta")
def directions_summed_in_gradient(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The trace's part of the gradient is a sum over the directions, the value a mean; right for one direction."""
    value, _ = sliced_score_matching_vr.body(x, probe, theta, score=score)
    return value, reduced(x, probe, theta, score, trace_bar=float(probe.shape[1]))[1]
