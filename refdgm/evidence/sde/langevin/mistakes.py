"""Mistakes in Langevin steps and chains."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.sde.walking import moved, root, summed, the_step_itself, walked
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.sde.langevin import langevin_chain, langevin_step

Theta = dict[str, Array]
STEP = langevin_step.body
CHAIN = langevin_chain.body


def root_of_twice(step: Array) -> tuple[Array, Array]:
    """√(2η), the noise of a step whose drift is η s."""
    r = namespace(step).sqrt(2 * step)
    return r, 1 / r


# One step


@mistake(langevin_step, "value", "gradient.step", seen="google-research/ibc #6")
def noise_multiplied_by_step(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """x + η (s/2 + ε): the noise has the size of the step; the law that is kept has η times the variance."""
    return moved(x, score, eps, step, spread=the_step_itself)


@mistake(langevin_step, "value", "gradient.score", "gradient.step")
def drift_not_halved(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """x + η s + √η ε: the drift of one convention with the noise of the other; half the variance."""
    return moved(x, score, eps, step, drift=1.0)


@mistake(langevin_step, "value", "gradient.score", "gradient.step")
def drift_without_step(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """x + s/2 + √η ε: the step is left out of the drift."""
    return moved(x, score, eps, step, paced=False)


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
    """η_bar = ⟨λ, s/2⟩: that the noise grows with the step is forgotten."""
    xp = namespace(x)
    value, right = STEP(x, score, eps, step)
    return value, lambda bar: right(bar) | {"step": xp.sum(bar * score) / 2}


@mistake(langevin_step, "gradient.step")
def step_gradient_averaged(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """η_bar averaged over the batch: a shared step receives the sum."""
    value, right = STEP(x, score, eps, step)
    return value, lambda bar: (g := right(bar)) | {"step": g["step"] / bar.shape[0]}


@mistake(langevin_step, "gradient.score")
def score_gradient_not_halved(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """s_bar = η λ: the half of the drift is forgotten."""
    value, right = STEP(x, score, eps, step)
    return value, lambda bar: (g := right(bar)) | {"score": 2 * g["score"]}


@mistake(langevin_step, "gradient.x")
def state_detached(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """The state of the step before receives no gradient."""
    value, right = STEP(x, score, eps, step)
    return value, lambda bar: right(bar) | {"x": 0 * bar}


# Chains: wrong equations, rightly differentiated


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
def chain_drift_without_step(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """x + s/2 + √η ε at every step."""
    return chain(x, eps, step, theta, score, paced=False)


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
    """θ_bar is that of the last step, as for samples whose start is held (a persistent chain); right for one step."""
    end, right = CHAIN(x, eps, step, theta, score=score)
    before = CHAIN(x, eps[:, :-1, :], step, theta, score=score)[0]
    _, last = CHAIN(before, eps[:, -1:, :], step, theta, score=score)
    return end, lambda bar: right(bar) | {"theta": last(bar)["theta"]}


@mistake(langevin_chain, "gradient.theta")
def chain_parameters_averaged(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """θ_bar is divided by the batch: shared parameters receive the sum."""
    end, right = CHAIN(x, eps, step, theta, score=score)
    return end, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


@mistake(langevin_chain, "gradient.step")
def chain_step_gradient_without_noise(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """η_bar lacks ε_t/(2√η): the noise is added as if its size did not depend on the step."""
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


# --- planted by people who had not seen the cases, or after public code ---------------------------

# One step


@mistake(langevin_step, "value", "gradient.score", "gradient.step", blind=True)
def score_clamped(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """The score is clamped to ±10 before it is used; right where it is no larger."""
    xp = namespace(x)
    inside = xp.astype(xp.abs(score) <= 10, x.dtype)
    value, right = moved(x, xp.maximum(xp.minimum(score, 10.0), -10.0), eps, step)
    return value, lambda bar: (g := right(bar)) | {"score": inside * g["score"]}


@mistake(langevin_step, "value", "gradient.step", blind=True)
def root_with_epsilon(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """√(η + 10⁻⁶) ε: what keeps the root's gradient finite at zero adds noise where the step is small."""
    return moved(x, score, eps, step, spread=lambda step: root(step + 1e-6))


@mistake(langevin_step, "gradient.step", blind=True)
def root_differentiated_without_half(x: Array, score: Array, eps: Array, step: Array) -> Any:
    """η_bar = ⟨λ, s/2 + ε/√η⟩: the derivative of the root lacks its ½."""
    xp = namespace(x)
    value, right = STEP(x, score, eps, step)
    return value, lambda bar: right(bar) | {"step": xp.sum(bar * (score / 2 + eps / xp.sqrt(step)))}


# Chains


@mistake(langevin_chain, "value", "gradient.step", blind=True)
def last_step_without_noise(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """The last step adds no noise, as in ancestral sampling: no score sees the difference, the end and the step do."""
    xp = namespace(x)
    times = eps.shape[1]
    before = xp.astype(xp.arange(times, device=x.device) < times - 1, x.dtype)
    return CHAIN(x, before[None, :, None] * eps, step, theta, score=score)


@mistake(langevin_chain, blind=True)
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


@mistake(langevin_chain, "gradient.x", "gradient.step", "gradient.theta", blind=True)
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


@mistake(langevin_chain, "gradient.step", blind=True)
def step_gradient_after_update(x: Array, eps: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """η_bar is gathered after λ has gone through the step, not before: the cotangent is that of x_t, not of x_{t+1}."""
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
