"""Mistakes in Langevin dynamics. x + ε s + √(2ε) z is a convention and not among them."""

from collections.abc import Callable
from typing import Any

from refdgm.mistakes.mistake import mistake
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.sde.annealed_langevin import annealed_langevin
from refdgm.sde.langevin import langevin_chain, langevin_step

Theta = dict[str, Array]
STEP, CHAIN, ANNEALED = langevin_step.body, langevin_chain.body, annealed_langevin.body


def root(step: Array) -> tuple[Array, Array]:
    """√η and its derivative."""
    r = namespace(step).sqrt(step)
    return r, 1 / (2 * r)


def root_of_twice(step: Array) -> tuple[Array, Array]:
    """√(2η), the noise of a step whose drift is η s."""
    r = namespace(step).sqrt(2 * step)
    return r, 1 / r


def the_step_itself(step: Array) -> tuple[Array, Array]:
    """η: the noise is multiplied by the step."""
    return step, namespace(step).ones_like(step)


def moved(
    x: Array, score: Array, eps: Array, step: Array, drift: float = 0.5,
    spread: Callable[[Array], tuple[Array, Array]] = root,
) -> Any:
    """x + drift · η s + spread(η) ε, rightly differentiated."""
    xp = namespace(x)
    width, slope = spread(step)

    def pullback(bar: Array) -> dict[str, Array]:
        return {"x": 1 * bar, "score": drift * step * bar, "step": xp.sum(bar * (drift * score + slope * eps))}

    return x + drift * step * score + width * eps, pullback


# One step


@mistake(langevin_step, "value", "gradient.step", seen="google-research/ibc #6")
def noise_multiplied_by_step(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """x + η (s/2 + ε): the noise has the size of the step; the law that is kept has η times the variance."""
    return moved(x, score, eps, step, spread=the_step_itself)


@mistake(langevin_step, "value", "gradient.score", "gradient.step")
def drift_not_halved(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """x + η s + √η ε: the drift of one convention with the noise of the other; half the variance."""
    return moved(x, score, eps, step, drift=1.0)


@mistake(langevin_step, "value", "gradient.step")
def noise_doubled(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """x + (η/2) s + √(2η) ε: the conventions mixed the other way round; twice the variance."""
    return moved(x, score, eps, step, spread=root_of_twice)


@mistake(langevin_step, "value", "gradient.score", "gradient.step")
def down_the_density(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """x − (η/2) s + √η ε: the score is taken for the gradient of an energy."""
    return moved(x, score, eps, step, drift=-0.5)


@mistake(langevin_step, "value", "gradient.step")
def one_draw_for_all_coordinates(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """ε ~ N(0, 1) in place of N(0, I): every coordinate of an example moves by the same noise."""
    xp = namespace(x)
    shared = xp.reshape(xp.reshape(eps, (x.shape[0], -1))[:, 0], (-1, *(1 for _ in x.shape[1:])))
    return moved(x, score, shared + xp.zeros_like(x), step)


@mistake(langevin_step, "value", "gradient.step")
def noise_forgotten(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """x + (η/2) s: gradient ascent to a mode."""
    return moved(x, score, 0 * eps, step)


@mistake(langevin_step, "gradient.step")
def step_gradient_without_noise(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """η̄ = ⟨λ, s/2⟩: that the noise grows with the step is forgotten."""
    xp = namespace(x)
    value, right = STEP(x, score, eps, step)
    return value, lambda bar: right(bar) | {"step": xp.sum(bar * score) / 2}


@mistake(langevin_step, "gradient.step")
def step_gradient_averaged(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """η̄ averaged over the batch: a shared step receives the sum."""
    value, right = STEP(x, score, eps, step)
    return value, lambda bar: (g := right(bar)) | {"step": g["step"] / bar.shape[0]}


@mistake(langevin_step, "gradient.score")
def score_gradient_not_halved(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """s̄ = η λ: the half of the drift is forgotten."""
    value, right = STEP(x, score, eps, step)
    return value, lambda bar: (g := right(bar)) | {"score": 2 * g["score"]}


@mistake(langevin_step, "gradient.x")
def state_detached(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """The state of the step before receives no gradient."""
    value, right = STEP(x, score, eps, step)
    return value, lambda bar: right(bar) | {"x": 0 * bar}


# Chains: wrong equations, rightly differentiated


def walked(
    x: Array, eps: list[Array], steps: list[Any], fields: list[Any], drift: float = 0.5,
    spread: Callable[[Array], tuple[Array, Array]] = root, bent: bool = True,
) -> Any:
    """Steps with the step sizes and pulled-back fields of a list, and a pullback that hands back the cotangents of the
    start, of every step size, and what each field's own pullback gave; `bent` = False forgets the score's
    Jacobian in the cotangent of the state."""
    kept: list[Any] = []
    for noise, step, field in zip(eps, steps, fields, strict=True):
        s, right = field(x)
        x, back = moved(x, s, noise, step, drift, spread)
        kept.append((back, right))

    def pullback(bar: Array) -> tuple[Array, list[Array], list[Any]]:
        step_bars: list[Array] = []
        field_bars: list[Any] = []
        for back, right in reversed(kept):
            g = back(bar)
            inner = right(g["score"])
            step_bars.insert(0, g["step"])
            field_bars.insert(0, inner)
            bar = g["x"] + inner.get("x", inner.get("z")) if bent else g["x"]
        return bar, step_bars, field_bars

    return x, pullback


def summed(theta: Theta, field_bars: list[Any]) -> Theta:
    xp = namespace(next(iter(theta.values())))
    total = {name: xp.zeros_like(entry) for name, entry in theta.items()}
    for g in field_bars:
        total = {name: entry + g["theta"][name] for name, entry in total.items()}
    return total


def chain(x: Array, eps: Array, step: Array, theta: Theta, score: Field, order: Any = None, **wrong: Any) -> Any:
    """As `langevin_chain`; `order` are the times whose noise is used, one for each step that is made."""
    order = range(eps.shape[1]) if order is None else order
    end, back = walked(
        x, [eps[:, t, :] for t in order], [step for _ in order],
        [lambda z: score.vjp(z, theta) for _ in order], **wrong,
    )

    def pullback(bar: Array) -> dict[str, Any]:
        x_bar, step_bars, field_bars = back(bar)
        return {"x": x_bar, "step": sum(step_bars, namespace(x).zeros_like(step)), "theta": summed(theta, field_bars)}

    return end, pullback


@mistake(langevin_chain, seen="google-research/ibc #6")
def chain_noise_multiplied_by_step(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """x + η (s/2 + ε) at every step."""
    return chain(x, eps, step, theta, score, spread=the_step_itself)


@mistake(langevin_chain)
def chain_drift_not_halved(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """x + η s + √η ε at every step."""
    return chain(x, eps, step, theta, score, drift=1.0)


@mistake(langevin_chain)
def chain_noise_doubled(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """x + (η/2) s + √(2η) ε at every step."""
    return chain(x, eps, step, theta, score, spread=root_of_twice)


@mistake(langevin_chain)
def chain_down_the_density(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """x − (η/2) s + √η ε at every step."""
    return chain(x, eps, step, theta, score, drift=-0.5)


@mistake(langevin_chain)
def one_draw_for_all_times(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """The noise of the first step is used in all: the path is a drift, the variance grows as T²."""
    return chain(x, eps, step, theta, score, order=[0] * eps.shape[1])


@mistake(langevin_chain)
def noise_backwards(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """The noise is used from its last time to its first: the same law, another path."""
    return chain(x, eps, step, theta, score, order=range(eps.shape[1] - 1, -1, -1))


@mistake(langevin_chain)
def chain_one_step_too_few(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """T states are T − 1 steps."""
    return chain(x, eps, step, theta, score, order=range(eps.shape[1] - 1))


# Chains: the value is right, its gradient is not


@mistake(langevin_chain, "gradient.x", "gradient.step", "gradient.theta")
def score_of_states_detached(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """The state enters the score without gradient: λ is handed back unchanged."""
    return chain(x, eps, step, theta, score, bent=False)


@mistake(langevin_chain, "gradient.theta")
def parameters_of_last_state(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """θ̄ is that of the last step, as for samples whose start is held (a persistent chain); right for one step."""
    end, right = CHAIN(x, eps, step, theta, score=score)
    before = CHAIN(x, eps[:, :-1, :], step, theta, score=score)[0]
    _, last = CHAIN(before, eps[:, -1:, :], step, theta, score=score)
    return end, lambda bar: right(bar) | {"theta": last(bar)["theta"]}


@mistake(langevin_chain, "gradient.theta")
def chain_parameters_averaged(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """θ̄ is divided by the batch: shared parameters receive the sum."""
    end, right = CHAIN(x, eps, step, theta, score=score)
    return end, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


@mistake(langevin_chain, "gradient.step")
def chain_step_gradient_without_noise(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """η̄ lacks ε_t/(2√η): the noise is added as if its size did not depend on the step."""
    end, right = CHAIN(x, eps, step, theta, score=score)

    def held(width: Array) -> tuple[Array, Array]:
        r, slope = root(width)
        return r, 0 * slope

    _, wrong = chain(x, eps, step, theta, score, spread=held)
    return end, lambda bar: right(bar) | {"step": wrong(bar)["step"]}


@mistake(langevin_chain, "gradient.x")
def start_detached(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """The start of the chain receives no gradient."""
    end, right = CHAIN(x, eps, step, theta, score=score)
    return end, lambda bar: right(bar) | {"x": 0 * bar}


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
    """σ̄ through the score's argument alone, the step sizes held."""
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
    """σ̄_L lacks −Σ 2 ᾱ_j α_j/σ_L: that it scales the steps of all levels is forgotten."""
    xp, levels = namespace(x), sigmas.shape[0]
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    alone = by_score(x, eps, sigmas, base_step, theta, score)
    last = xp.astype(xp.arange(levels, device=x.device) == levels - 1, x.dtype)
    return end, lambda bar: (g := right(bar)) | {"sigmas": (1 - last) * g["sigmas"] + last * alone(bar)}


@mistake(annealed_langevin, "gradient.sigmas")
def step_sizes_detached(x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field) -> Any:
    """σ̄ comes through the score alone: the ladder of step sizes is computed without gradient."""
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    alone = by_score(x, eps, sigmas, base_step, theta, score)
    return end, lambda bar: right(bar) | {"sigmas": alone(bar)}


@mistake(annealed_langevin, "gradient.sigmas")
def levels_detached(x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field) -> Any:
    """σ̄ comes through the step sizes alone: the level enters the score without gradient."""
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    alone = by_score(x, eps, sigmas, base_step, theta, score)
    return end, lambda bar: (g := right(bar)) | {"sigmas": g["sigmas"] - alone(bar)}


@mistake(annealed_langevin, "gradient.base_step")
def base_step_without_ratios(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """ϵ̄ = Σ_i ᾱ_i: without σ_i²/σ_L²; right for one level."""
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    back = ladder(x, eps, sigmas, base_step, theta, score)
    return end, lambda bar: right(bar) | {"base_step": sum(back(bar)[1])}


@mistake(annealed_langevin, "gradient.theta")
def annealed_parameters_averaged(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """θ̄ is divided by the batch: shared parameters receive the sum."""
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    return end, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


@mistake(annealed_langevin, "gradient.x")
def annealed_start_detached(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """The start of the chain receives no gradient."""
    end, right = ANNEALED(x, eps, sigmas, base_step, theta, score=score)
    return end, lambda bar: right(bar) | {"x": 0 * bar}
