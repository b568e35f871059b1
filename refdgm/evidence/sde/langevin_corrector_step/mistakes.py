"""Mistakes in corrector steps of a given signal-to-noise ratio."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner
from refdgm.sde.langevin_corrector_step import langevin_corrector_step

BODY = langevin_corrector_step.body
OF_SIZE = ("value", "gradient.score", "gradient.snr")


def whole(x: Array) -> Array:
    """‖x‖ of every example."""
    return namespace(x).sqrt(inner(x, x))


def sized(x: Array, score: Array, eps: Array, snr: Array, norm: str, drift: float = 2.0, spread: float = 2.0,
          power: int = 2, half: float = 1.0, of_snr: float = 1.0, inverted: bool = False, rms: bool = False) -> Any:
    """x + drift ρ^power s + spread ρ^half z with ρ = r^of_snr Z/S, rightly differentiated; inverted, S/Z; with `rms` Z
    and S of a batch are roots of means of squares."""
    xp, count = namespace(x), max(x.shape[0], 1)
    of_s, of_z = whole(score), whole(eps)

    def pooled(each: Array) -> Array:
        if norm == "example":
            return each
        mean = xp.sqrt(xp.sum(each * each) / count) if rms else xp.sum(each) / count
        return mean + xp.zeros_like(each)

    s, z = pooled(of_s), pooled(of_z)
    base = s / z if inverted else z / s
    rho = snr**of_snr * base
    by_s, by_z = against(drift * rho**power, x), against(spread * rho**half, x)

    def pullback(bar: Array) -> dict[str, Array]:
        rho_bar = drift * power * rho ** (power - 1) * inner(bar, score) + (
            spread * half * rho ** (half - 1) * inner(bar, eps))
        s_bar = (rho_bar if inverted else -rho_bar) * rho / s
        if norm == "batch":
            s_bar = xp.sum(s_bar) / count + xp.zeros_like(s_bar)
            s_bar = s_bar * of_s / s if rms else s_bar
        return {"x": +bar, "score": by_s * bar + against(s_bar / of_s, x) * score,
                "snr": xp.sum(rho_bar * of_snr * rho) / snr}

    return x + by_s * score + by_z * eps, pullback


@mistake(langevin_corrector_step, *OF_SIZE)
def two_forgotten(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """ε = ρ²: the 2 in front of the square is missing."""
    return sized(x, score, eps, snr, norm, drift=1.0, spread=2**0.5)


@mistake(langevin_corrector_step, *OF_SIZE)
def ratio_inverted(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """ρ = r ‖s‖/‖z‖."""
    return sized(x, score, eps, snr, norm, inverted=True)


@mistake(langevin_corrector_step, *OF_SIZE)
def not_squared(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """ε = 2ρ: the ratio is not squared."""
    return sized(x, score, eps, snr, norm, power=1, half=0.5)


@mistake(langevin_corrector_step, *OF_SIZE)
def noise_without_two(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """x + ε s + √ε z: half the variance."""
    return sized(x, score, eps, snr, norm, spread=2**0.5)


@mistake(langevin_corrector_step, *OF_SIZE)
def length_of_the_whole_batch(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """One length over all numbers of the batch, where the mean of the examples' lengths is meant."""
    return sized(x, score, eps, snr, norm, rms=True)


@mistake(langevin_corrector_step, *OF_SIZE)
def length_along_the_last_axis(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """Lengths of rows, and not of examples; right where an example is one row."""
    if x.ndim < 3 or norm == "batch":
        return BODY(x, score, eps, snr, norm=norm)
    xp = namespace(x)
    rows = [xp.reshape(y, (-1, y.shape[-1])) for y in (x, score, eps)]
    value, pulled = BODY(*rows, snr, norm=norm)

    def pullback(bar: Array) -> dict[str, Array]:
        g = pulled(xp.reshape(bar, rows[0].shape))
        return {"x": xp.reshape(g["x"], x.shape), "score": xp.reshape(g["score"], x.shape), "snr": g["snr"]}

    return xp.reshape(value, x.shape), pullback


@mistake(langevin_corrector_step, *OF_SIZE)
def down_the_density(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """x − ε s + √(2ε) z: the score is taken for the gradient of an energy."""
    value, pulled = BODY(x, -score, eps, snr, norm=norm)
    return value, lambda bar: (g := pulled(bar)) | {"score": -g["score"]}


@mistake(langevin_corrector_step, "gradient.score", "gradient.snr")
def step_held(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """The size of the step is found without gradient: s_bar = 2ρ² λ, and r_bar = 0."""
    value, pulled = BODY(x, score, eps, snr, norm=norm)
    mean = (BODY(x, score, eps, snr, norm=norm)[0] + BODY(x, score, -eps, snr, norm=norm)[0]) / 2 - x
    weight = against(inner(mean, score) / inner(score, score), x)
    return value, lambda bar: pulled(bar) | {"score": weight * bar, "snr": 0 * snr}


@mistake(langevin_corrector_step, "gradient.snr")
def ratio_gradient_averaged(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """r_bar is a mean over the batch, where all examples share r."""
    value, pulled = BODY(x, score, eps, snr, norm=norm)
    return value, lambda bar: (g := pulled(bar)) | {"snr": g["snr"] / max(x.shape[0], 1)}


@mistake(langevin_corrector_step, "gradient.x")
def state_detached(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """The state receives no gradient."""
    value, pulled = BODY(x, score, eps, snr, norm=norm)
    return value, lambda bar: pulled(bar) | {"x": 0 * bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(langevin_corrector_step, *OF_SIZE, blind=True)
def ratio_outside_the_square(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """ε = 2r (‖z‖/‖s‖)²: the ratio that is asked for is not squared; right for r = 1."""
    return sized(x, score, eps, snr, norm, of_snr=0.5)


@mistake(langevin_corrector_step, *OF_SIZE, blind=True)
def mean_returned(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """x + ε s, as samplers return beside the state: the noise is not added."""
    return sized(x, score, eps, snr, norm, spread=0.0)


@mistake(langevin_corrector_step, *OF_SIZE, blind=True)
def mean_of_the_ratios(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """For the batch ρ is the mean of the examples' own, and not the ratio of mean lengths."""
    if norm == "example":
        return BODY(x, score, eps, snr, norm=norm)
    xp, count = namespace(x), max(x.shape[0], 1)
    of_s, of_z = whole(score), whole(eps)
    base = of_z / of_s
    mean = xp.sum(base) / count
    rho = snr * mean

    def pullback(bar: Array) -> dict[str, Array]:
        rho_bar = xp.sum(bar * (4 * rho * score + 2 * eps))
        s_bar = -rho_bar * snr * base / (of_s * count)
        return {"x": +bar, "score": 2 * rho**2 * bar + against(s_bar / of_s, x) * score, "snr": rho_bar * mean}

    return x + 2 * rho**2 * score + 2 * rho * eps, pullback


@mistake(langevin_corrector_step, "gradient.score", blind=True)
def other_examples_forgotten(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """For the batch s_bar of an example sees its own step alone, though its length is in the steps of all."""
    if norm == "example":
        return BODY(x, score, eps, snr, norm=norm)
    xp, count = namespace(x), max(x.shape[0], 1)
    value, pulled = BODY(x, score, eps, snr, norm=norm)
    of_s = whole(score)
    s = xp.sum(of_s) / count
    rho = snr * xp.sum(whole(eps)) / (count * s)

    def pullback(bar: Array) -> dict[str, Array]:
        own = inner(bar, 4 * rho * score + 2 * eps) * rho / (s * of_s)
        return pulled(bar) | {"score": 2 * rho**2 * bar - against(own, x) * score}

    return value, pullback


@mistake(langevin_corrector_step, "gradient.score", "gradient.snr", blind=True)
def noise_held_in_the_gradient(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """ρ_bar = ⟨λ, 4ρ s⟩: that the noise grows with the step is forgotten."""
    value, _ = BODY(x, score, eps, snr, norm=norm)
    return value, lambda bar: sized(x, score, eps, snr, norm, spread=0.0)[1](bar)


@mistake(langevin_corrector_step, *OF_SIZE, blind=True)
def length_per_component(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Any:
    """‖z‖ is taken for its expectation √D; right on the average over many components."""
    xp, count = namespace(x), max(x.shape[0], 1)
    of_s = whole(score)
    s = of_s if norm == "example" else xp.sum(of_s) / count + xp.zeros_like(of_s)
    rho = snr * dimension(x) ** 0.5 / s

    def pullback(bar: Array) -> dict[str, Array]:
        rho_bar = inner(bar, 4 * against(rho, x) * score + 2 * eps)
        by_s = rho_bar * rho / s
        by_s = by_s if norm == "example" else xp.sum(by_s) / count + xp.zeros_like(by_s)
        return {"x": +bar, "score": 2 * against(rho**2, x) * bar - against(by_s / of_s, x) * score,
                "snr": xp.sum(rho_bar * rho) / snr}

    return x + 2 * against(rho**2, x) * score + 2 * against(rho, x) * eps, pullback
