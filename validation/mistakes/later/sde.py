"""Mistakes in Langevin dynamics and the probability flow, planted when the cases were frozen and by somebody who had
not seen them.
"""

from dataclasses import replace
from typing import Any

from refdgm.mistakes.langevin import annealed, by_score, ladder, moved, root, summed
from refdgm.mistakes.mistake import mistake
from refdgm.mistakes.probability_flow import OF_SCORE, weighed
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.numerics.components import dimension
from refdgm.sde.annealed_langevin import annealed_langevin
from refdgm.sde.langevin import langevin_chain, langevin_step
from refdgm.sde.probability_flow_drift import probability_flow_drift

Theta = dict[str, Array]
STEP, CHAIN, ANNEALED = langevin_step.body, langevin_chain.body, annealed_langevin.body
FLOW = probability_flow_drift.body

# One step


@mistake(langevin_step, "value", "gradient.score", "gradient.step")
def score_clamped(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """The score is clamped to ±10 before it is used; right where it is no larger."""
    xp = namespace(x)
    inside = xp.astype(xp.abs(score) <= 10, x.dtype)
    value, right = moved(x, xp.maximum(xp.minimum(score, 10.0), -10.0), eps, step)
    return value, lambda bar: (g := right(bar)) | {"score": inside * g["score"]}


@mistake(langevin_step, "value", "gradient.step")
def root_with_epsilon(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """√(η + 10⁻⁶) ε: what keeps the root's gradient finite at zero adds noise where the step is small."""
    return moved(x, score, eps, step, spread=lambda step: root(step + 1e-6))


@mistake(langevin_step, "gradient.step")
def root_differentiated_without_half(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """η̄ = ⟨λ, s/2 + ε/√η⟩: the derivative of the root lacks its ½."""
    xp = namespace(x)
    value, right = STEP(x, score, eps, step)
    return value, lambda bar: right(bar) | {"step": xp.sum(bar * (score / 2 + eps / xp.sqrt(step)))}


# Chains


@mistake(langevin_chain, "value", "gradient.step")
def last_step_without_noise(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """The last step adds no noise, as in ancestral sampling: no score sees the difference, the end and the step do."""
    xp = namespace(x)
    times = eps.shape[1]
    before = xp.astype(xp.arange(times, device=x.device) < times - 1, x.dtype)
    return CHAIN(x, before[None, :, None] * eps, step, theta, score=score)


@mistake(langevin_chain)
def score_at_the_noised_state(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """The noise is added first, and the score asked at x + √η ε."""
    xp = namespace(x)
    width, slope = root(step)
    kept: list[Any] = []
    for t in range(eps.shape[1]):
        x = x + width * eps[:, t, :]
        s, right = score.vjp(x, theta)
        x = x + step / 2 * s
        kept.append((s, right))

    def pullback(bar: Array) -> dict[str, Any]:
        step_bar, inner = xp.zeros_like(step), []
        for t in range(eps.shape[1] - 1, -1, -1):
            s, right = kept[t]
            inner.append(right(step / 2 * bar))
            step_bar = step_bar + xp.sum(bar * s) / 2
            bar = bar + inner[-1]["x"]
            step_bar = step_bar + slope * xp.sum(bar * eps[:, t, :])
        return {"x": +bar, "step": step_bar, "theta": summed(theta, inner)}

    return +x, pullback


@mistake(langevin_chain, "gradient.x", "gradient.step", "gradient.theta")
def pullback_at_the_next_state(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """The state is overwritten before the score is pulled back, which happens at x_{t+1} for x_t."""
    xp = namespace(x)
    end, _ = CHAIN(x, eps, step, theta, score=score)
    width, slope = root(step)
    kept: list[Any] = []
    for t in range(eps.shape[1]):
        s = score.value(x, theta)
        x = x + step / 2 * s + width * eps[:, t, :]
        kept.append((s, score.vjp(x, theta)[1]))

    def pullback(bar: Array) -> dict[str, Any]:
        step_bar, inner = xp.zeros_like(step), []
        for t in range(eps.shape[1] - 1, -1, -1):
            s, right = kept[t]
            inner.append(right(step / 2 * bar))
            step_bar = step_bar + xp.sum(bar * (s / 2 + slope * eps[:, t, :]))
            bar = bar + inner[-1]["x"]
        return {"x": +bar, "step": step_bar, "theta": summed(theta, inner)}

    return end, pullback


@mistake(langevin_chain, "gradient.step")
def step_gradient_after_update(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """η̄ is gathered after λ has gone through the step, not before: the cotangent is that of x_t, not of x_{t+1}."""
    xp = namespace(x)
    end, right = CHAIN(x, eps, step, theta, score=score)
    slope = root(step)[1]
    kept: list[Any] = []
    for t in range(eps.shape[1]):
        kept.append(score.vjp(x, theta))
        x = STEP(x, kept[-1][0], eps[:, t, :], step)[0]

    def pullback(bar: Array) -> dict[str, Any]:
        g, step_bar = right(bar), xp.zeros_like(step)
        for t in range(eps.shape[1] - 1, -1, -1):
            s, back = kept[t]
            bar = bar + back(step / 2 * bar)["x"]
            step_bar = step_bar + xp.sum(bar * (s / 2 + slope * eps[:, t, :]))
        return g | {"step": step_bar}

    return end, pullback


# Annealed


@mistake(annealed_langevin)
def denoised_at_the_end(x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field) -> Any:
    """σ_L² s(x, σ_L) is added at the end: the denoising step of a later paper, which this algorithm has not."""
    xp = namespace(x)
    levels = sigmas.shape[0]
    level = sigmas[levels - 1]
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    s, back = score.vjp(end, level, theta)
    last = xp.astype(xp.arange(levels, device=x.device) == levels - 1, x.dtype)

    def pullback(bar: Array) -> dict[str, Any]:
        inner = back(level * level * bar)
        g = right(bar + inner["z"])
        level_bar = inner["t"] + 2 * level * xp.sum(bar * s)
        theta_bar = {n: e + inner["theta"][n] for n, e in g["theta"].items()}
        return g | {"sigmas": g["sigmas"] + last * level_bar, "theta": theta_bar}

    return end + level * level * s, pullback


@mistake(annealed_langevin)
def step_by_the_smallest_level(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """α_i = ϵ σ_i²/min σ²: the smallest level for the last one visited; right for levels that fall."""
    if sigmas.shape[0] < 2:
        return ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    return annealed(x, eps, sigmas, base_step, theta, score, unit=int(namespace(x).argmin(sigmas)))


@mistake(annealed_langevin)
def score_asked_at_the_variance(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """s(x, σ_i²) for s(x, σ_i); right for a score that does not look at the level."""

    def vjp(z: Array, t: Array, theta: Theta) -> Any:
        s, right = score.vjp(z, t * t, theta)

        def pullback(bar: Array, wrt: tuple[str, ...] = ("z", "t", "theta")) -> dict[str, Any]:
            g = right(bar, wrt=wrt)
            return g | {"t": 2 * t * g["t"]} if "t" in g else g

        return s, pullback

    return ANNEALED(x, eps, sigmas, base_step, theta, score=replace(score, vjp=vjp))


@mistake(annealed_langevin, "gradient.sigmas")
def level_gradient_overwritten(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """σ̄ˢ is assigned at every step and not added up: of a level's T steps the first is left; right for T = 1."""
    xp = namespace(x)
    levels, times = eps.shape[1], eps.shape[2]
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    if levels == 0 or times < 2:
        return end, right
    back = ladder(x, eps, sigmas, base_step, theta, score)
    alone = by_score(x, eps, sigmas, base_step, theta, score)

    def pullback(bar: Array) -> dict[str, Any]:
        g, field_bars = right(bar), back(bar)[2]
        first = xp.stack([field_bars[i * times]["t"] for i in range(levels)])
        return g | {"sigmas": g["sigmas"] - alone(bar) + first}

    return end, pullback


@mistake(annealed_langevin, "gradient.sigmas")
def square_of_the_ratio_not_differentiated(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """∂α_i/∂σ_i = α_i/σ_i, without the 2 of the square, and the same at σ_L; right for one level."""
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    if sigmas.shape[0] < 2:
        return end, right
    alone = by_score(x, eps, sigmas, base_step, theta, score)
    return end, lambda bar: (g := right(bar)) | {"sigmas": (g["sigmas"] + alone(bar)) / 2}


@mistake(annealed_langevin, "gradient.theta")
def parameters_of_the_last_level(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """θ̄ is that of the last level's steps, the levels before being sampled without a graph; right for one level."""
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    if sigmas.shape[0] < 2:
        return end, right
    back = ladder(x, eps, sigmas, base_step, theta, score)
    before = (eps.shape[1] - 1) * eps.shape[2]
    return end, lambda bar: right(bar) | {"theta": summed(theta, back(bar)[2][before:])}


# The probability flow


@mistake(probability_flow_drift, *OF_SCORE)
def negative_diffusion_cut_off(drift: Array, score: Array, diffusion: Array) -> Any:
    """A diffusion below zero is taken for zero, though g and −g are one process; right for g ≥ 0."""
    held = namespace(drift).maximum(diffusion, 0.0)
    return weighed(drift, score, held**2 / 2, held)


@mistake(probability_flow_drift, *OF_SCORE)
def one_time_for_all(drift: Array, score: Array, diffusion: Array) -> Any:
    """The diffusion of the first example serves the whole batch; right for equal times, as a solver has them."""
    xp = namespace(drift)
    first = xp.astype(xp.arange(diffusion.shape[0], device=drift.device) == 0, drift.dtype)
    velocity, right = FLOW(drift, score, diffusion[:1] + 0 * diffusion)
    return velocity, lambda bar: (g := right(bar)) | {"diffusion": first * xp.sum(g["diffusion"])}


@mistake(probability_flow_drift, "gradient.diffusion")
def gradient_of_the_absolute_diffusion(drift: Array, score: Array, diffusion: Array) -> Any:
    """ḡ = −|g| ⟨v̄, s⟩: g is recovered as √g², and its sign is lost; right for g ≥ 0."""
    xp = namespace(drift)
    velocity, right = FLOW(drift, score, diffusion)
    return velocity, lambda bar: (g := right(bar)) | {"diffusion": xp.sign(diffusion) * g["diffusion"]}


@mistake(probability_flow_drift, "gradient.diffusion")
def diffusion_gradient_averaged(drift: Array, score: Array, diffusion: Array) -> Any:
    """ḡ is averaged over an example's components, where what is broadcast receives the sum; right for one component."""
    velocity, right = FLOW(drift, score, diffusion)
    return velocity, lambda bar: (g := right(bar)) | {"diffusion": g["diffusion"] / max(dimension(drift), 1)}
