"""Mistakes in annealed Langevin dynamics."""

from dataclasses import replace
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.sde.walking import summed, the_step_itself, walked
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.sde.annealed_langevin import annealed_langevin

Theta = dict[str, Array]
ANNEALED = annealed_langevin.body


# Annealed: wrong equations, rightly differentiated


def annealed(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, score: Field,
    power: int = 2, unit: int = -1, order: Any = None, asked: Any = None, **wrong: Any,
) -> Any:
    """As `annealed_langevin`, with α_i = ϵ (σ_i/σ_unit)^power, the levels visited in `order`, and the score asked
    at the level `asked(i)`."""
    xp, levels, times = namespace(x), eps.shape[1], eps.shape[2]
    order = list(range(levels)) if order is None else order
    unit, asked = unit % levels, asked or (lambda i: i)
    visits = [(place, i, t) for place, i in enumerate(order) for t in range(times)]
    step = [base_step * (sigmas[i] / sigmas[unit]) ** power for i in range(levels)]
    end, back = walked(
        x, [eps[:, place, t, :] for place, _, t in visits], [step[i] for _, i, _ in visits],
        [lambda z, i=i: score.vjp(z, sigmas[asked(i)], theta) for _, i, _ in visits], **wrong,
    )

    def pullback(bar: Array) -> dict[str, Any]:
        x_bar, step_bars, field_bars = back(bar)
        base_bar, sigma_bars = xp.zeros_like(base_step), [xp.zeros_like(base_step)] * levels
        for (_, i, _), step_bar, g in zip(visits, step_bars, field_bars, strict=True):
            base_bar = base_bar + step_bar * step[i] / base_step
            moved_by = power * step_bar * step[i]
            sigma_bars[i] = sigma_bars[i] + moved_by / sigmas[i]
            sigma_bars[unit] = sigma_bars[unit] - moved_by / sigmas[unit]
            sigma_bars[asked(i)] = sigma_bars[asked(i)] + g["t"]
        return {"x": x_bar, "sigmas": xp.stack(sigma_bars), "base_step": base_bar, "theta": summed(theta, field_bars)}

    return end, pullback


@mistake(annealed_langevin)
def step_by_the_level(x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field) -> Any:
    """α_i = ϵ σ_i/σ_L: the square is missing."""
    return annealed(x, eps, sigmas, base_step, theta, score, power=1)


@mistake(annealed_langevin)
def step_of_the_first_level(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """α_i = ϵ σ_i²/σ_1²: ϵ is the step at the first level, not at the last."""
    return annealed(x, eps, sigmas, base_step, theta, score, unit=0)


@mistake(annealed_langevin)
def levels_backwards(x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field) -> Any:
    """The levels are visited from the last to the first, from little noise to much."""
    return annealed(x, eps, sigmas, base_step, theta, score, order=list(range(eps.shape[1] - 1, -1, -1)))


@mistake(annealed_langevin)
def noise_by_times_and_levels(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """The noise is read as (B, T, L, D): the same law, another path; right where L or T is one."""
    xp = namespace(x)
    read = xp.reshape(xp.permute_dims(eps, (0, 2, 1, 3)), eps.shape)
    return ANNEALED(x, read, sigmas, base_step, theta, score=score)


@mistake(annealed_langevin)
def score_of_the_last_level(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """The score is asked at σ_L in all levels; right for a score that does not look at the level."""
    return annealed(x, eps, sigmas, base_step, theta, score, asked=lambda i: sigmas.shape[0] - 1)


@mistake(annealed_langevin)
def annealed_drift_not_halved(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """x + α_i s + √α_i ε."""
    return annealed(x, eps, sigmas, base_step, theta, score, drift=1.0)


@mistake(annealed_langevin, seen="google-research/ibc #6")
def annealed_noise_multiplied_by_step(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """x + α_i (s/2 + ε)."""
    return annealed(x, eps, sigmas, base_step, theta, score, spread=the_step_itself)


@mistake(annealed_langevin)
def last_level_missing(x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field) -> Any:
    """The loop over the levels ends one too early; the step sizes are right."""
    return annealed(x, eps, sigmas, base_step, theta, score, order=list(range(eps.shape[1] - 1)))


# Annealed: the value is right, its gradient is not


@mistake(annealed_langevin, "gradient.x", "gradient.sigmas", "gradient.base_step", "gradient.theta")
def annealed_score_of_states_detached(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """The state enters the score without gradient: λ is handed back unchanged."""
    return annealed(x, eps, sigmas, base_step, theta, score, bent=False)


def ladder(x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, score: Field) -> Any:
    """The pullback of `walked` on the right ladder."""
    visits = [(i, t) for i in range(eps.shape[1]) for t in range(eps.shape[2])]
    last = sigmas[eps.shape[1] - 1]
    return walked(
        x, [eps[:, i, t, :] for i, t in visits], [base_step * (sigmas[i] / last) ** 2 for i, _ in visits],
        [lambda z, i=i: score.vjp(z, sigmas[i], theta) for i, _ in visits],
    )[1]


def by_score(x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, score: Field) -> Any:
    """σ_bar through the score's argument alone, the step sizes held."""
    xp, times = namespace(x), eps.shape[2]
    back = ladder(x, eps, sigmas, base_step, theta, score)

    def pullback(bar: Array) -> Array:
        field_bars = back(bar)[2]
        return xp.stack([sum(g["t"] for g in field_bars[i * times : (i + 1) * times]) for i in range(eps.shape[1])])

    return pullback


@mistake(annealed_langevin, "gradient.sigmas")
def last_level_not_in_all_steps(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """σ_bar_L lacks −Σ 2 α_bar_j α_j/σ_L: that it scales the steps of all levels is forgotten."""
    xp, levels = namespace(x), sigmas.shape[0]
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    alone = by_score(x, eps, sigmas, base_step, theta, score)
    last = xp.astype(xp.arange(levels, device=x.device) == levels - 1, x.dtype)
    return end, lambda bar: (g := right(bar)) | {"sigmas": (1 - last) * g["sigmas"] + last * alone(bar)}


@mistake(annealed_langevin, "gradient.sigmas")
def step_sizes_detached(x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field) -> Any:
    """σ_bar comes through the score alone: the ladder of step sizes is computed without gradient."""
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    alone = by_score(x, eps, sigmas, base_step, theta, score)
    return end, lambda bar: right(bar) | {"sigmas": alone(bar)}


@mistake(annealed_langevin, "gradient.sigmas")
def levels_detached(x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field) -> Any:
    """σ_bar comes through the step sizes alone: the level enters the score without gradient."""
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    alone = by_score(x, eps, sigmas, base_step, theta, score)
    return end, lambda bar: (g := right(bar)) | {"sigmas": g["sigmas"] - alone(bar)}


@mistake(annealed_langevin, "gradient.base_step")
def base_step_without_ratios(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """ϵ_bar = Σ_i α_bar_i: without σ_i²/σ_L²; right for one level."""
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    back = ladder(x, eps, sigmas, base_step, theta, score)
    return end, lambda bar: right(bar) | {"base_step": sum(back(bar)[1])}


@mistake(annealed_langevin, "gradient.theta")
def annealed_parameters_averaged(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """θ_bar is divided by the batch: shared parameters receive the sum."""
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    return end, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


@mistake(annealed_langevin, "gradient.x")
def annealed_start_detached(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """The start of the chain receives no gradient."""
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    return end, lambda bar: right(bar) | {"x": 0 * bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(annealed_langevin, blind=True)
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


@mistake(annealed_langevin, blind=True)
def step_by_the_smallest_level(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """α_i = ϵ σ_i²/min σ²: the smallest level for the last one visited; right for levels that fall."""
    if sigmas.shape[0] < 2:
        return ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    return annealed(x, eps, sigmas, base_step, theta, score, unit=int(namespace(x).argmin(sigmas)))


@mistake(annealed_langevin, blind=True)
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


@mistake(annealed_langevin, "gradient.sigmas", blind=True)
def level_gradient_overwritten(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """σ_barˢ is assigned at every step and not added up: of a level's T steps the first is left; right for T = 1."""
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


@mistake(annealed_langevin, "gradient.sigmas", blind=True)
def square_of_the_ratio_not_differentiated(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """∂α_i/∂σ_i = α_i/σ_i, without the 2 of the square, and the same at σ_L; right for one level."""
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    if sigmas.shape[0] < 2:
        return end, right
    alone = by_score(x, eps, sigmas, base_step, theta, score)
    return end, lambda bar: (g := right(bar)) | {"sigmas": (g["sigmas"] + alone(bar)) / 2}


@mistake(annealed_langevin, "gradient.theta", blind=True)
def parameters_of_the_last_level(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """θ_bar is that of the last level's steps, the levels before being sampled without a graph; right for one level."""
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    if sigmas.shape[0] < 2:
        return end, right
    back = ladder(x, eps, sigmas, base_step, theta, score)
    before = (eps.shape[1] - 1) * eps.shape[2]
    return end, lambda bar: right(bar) | {"theta": summed(theta, back(bar)[2][before:])}


@mistake(annealed_langevin, blind=True)
def state_before_the_last_step(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """The states are stored before each step, and the last of them is returned: the last step is computed in vain."""
    xp, levels = namespace(x), eps.shape[1]
    visits = [(i, t) for i in range(levels) for t in range(eps.shape[2])][:-1]
    step = [base_step * (sigmas[i] / sigmas[levels - 1]) ** 2 for i in range(levels)]
    end, back = walked(
        x, [eps[:, i, t, :] for i, t in visits], [step[i] for i, _ in visits],
        [lambda z, i=i: score.vjp(z, sigmas[i], theta) for i, _ in visits],
    )

    def pullback(bar: Array) -> dict[str, Any]:
        x_bar, step_bars, field_bars = back(bar)
        base_bar, sigma_bars = xp.zeros_like(base_step), [xp.zeros_like(base_step)] * levels
        for (i, _), step_bar, g in zip(visits, step_bars, field_bars, strict=True):
            base_bar = base_bar + step_bar * step[i] / base_step
            sigma_bars[i] = sigma_bars[i] + 2 * step_bar * step[i] / sigmas[i] + g["t"]
            sigma_bars[-1] = sigma_bars[-1] - 2 * step_bar * step[i] / sigmas[levels - 1]
        return {"x": x_bar, "sigmas": xp.stack(sigma_bars), "base_step": base_bar, "theta": summed(theta, field_bars)}

    return end, pullback
