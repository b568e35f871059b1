"""Mistakes in the score from a velocity. Time and velocity reversed together are a convention and not among them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.flow.score_from_velocity import score_from_velocity
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner

SCORE = score_from_velocity.body
Weight = tuple[Any, Any]  # the number and its slope in t
OF_VELOCITY = ("value", "gradient.velocity", "gradient.t")


def weighed(xt: Array, velocity: Array, t: Array, of_x: Weight, of_v: Weight) -> Any:
    """a x_t + b v, rightly differentiated."""
    (a, a_slope), (b, b_slope) = ([against(number + 0 * t, xt) for number in pair] for pair in (of_x, of_v))
    return a * xt + b * velocity, lambda bar: {
        "xt": a * bar, "velocity": b * bar, "t": inner(bar, a_slope * xt + b_slope * velocity)}


@mistake(score_from_velocity, *OF_VELOCITY)
def of_the_data(xt: Array, velocity: Array, t: Array) -> Any:
    """−(x_t + (1 − t) v) / (1 − t): the data that are predicted, where the noise belongs."""
    rest = 1 - t
    return weighed(xt, velocity, t, (-1 / rest, -1 / rest**2), (-1, 0))


@mistake(score_from_velocity)
def divided_twice(xt: Array, velocity: Array, t: Array) -> Any:
    """(t v − x_t) / (1 − t)²: as if the noise were scaled by its deviation still."""
    rest = 1 - t
    return weighed(xt, velocity, t, (-1 / rest**2, -2 / rest**3), (t / rest**2, (1 + t) / rest**3))


@mistake(score_from_velocity)
def not_divided(xt: Array, velocity: Array, t: Array) -> Any:
    """t v − x_t: minus the noise, and no score."""
    return weighed(xt, velocity, t, (-1, 0), (t, 1))


@mistake(score_from_velocity)
def noise_returned(xt: Array, velocity: Array, t: Array) -> Any:
    """x_t − t v: the noise that is predicted."""
    return weighed(xt, velocity, t, (1, 0), (-t, -1))


@mistake(score_from_velocity)
def towards_the_noise(xt: Array, velocity: Array, t: Array) -> Any:
    """(x_t − t v) / (1 − t): the sign of a prediction of the noise."""
    score, right = SCORE(xt, velocity, t)
    return -score, lambda bar: right(-bar)


@mistake(score_from_velocity)
def times_exchanged(xt: Array, velocity: Array, t: Array) -> Any:
    """((1 − t) v − x_t) / t: the time reversed, and the velocity not."""
    return weighed(xt, velocity, t, (-1 / t, 1 / t**2), ((1 - t) / t, -1 / t**2))


@mistake(score_from_velocity, *OF_VELOCITY)
def velocity_reversed(xt: Array, velocity: Array, t: Array) -> Any:
    """−(t v + x_t) / (1 − t): the velocity of the other direction, at a time of this one."""
    rest = 1 - t
    return weighed(xt, velocity, t, (-1 / rest, -1 / rest**2), (-t / rest, -1 / rest**2))


@mistake(score_from_velocity, "value", "gradient.velocity")
def velocity_not_weighed(xt: Array, velocity: Array, t: Array) -> Any:
    """(v − x_t) / (1 − t): without t, which alters no slope in the time."""
    rest = 1 - t
    return weighed(xt, velocity, t, (-1 / rest, -1 / rest**2), (1 / rest, 1 / rest**2))


@mistake(score_from_velocity)
def time_along_components(xt: Array, velocity: Array, t: Array) -> Any:
    """t (B,) meets the last axis and not the first; it runs only where both have one size."""
    if xt.ndim != 2 or xt.shape[0] != xt.shape[1]:
        return SCORE(xt, velocity, t)
    score, right = SCORE(xt.T, velocity.T, t)
    return score.T, lambda bar: (g := right(bar.T)) | {"xt": g["xt"].T, "velocity": g["velocity"].T}


@mistake(score_from_velocity, "gradient.t")
def denominator_held(xt: Array, velocity: Array, t: Array) -> Any:
    """t_bar = ⟨s_bar, v⟩ / (1 − t): the denominator is taken for a constant."""
    score, right = SCORE(xt, velocity, t)
    return score, lambda bar: right(bar) | {"t": inner(bar, velocity) / (1 - t)}


@mistake(score_from_velocity, "gradient.t")
def sign_of_the_denominator(xt: Array, velocity: Array, t: Array) -> Any:
    """t_bar = ⟨s_bar, v − s⟩ / (1 − t): the inner derivative of 1 − t is forgotten."""
    score, right = SCORE(xt, velocity, t)
    return score, lambda bar: right(bar) | {"t": inner(bar, velocity - score) / (1 - t)}


@mistake(score_from_velocity, "gradient.velocity")
def velocity_gradient_not_weighed(xt: Array, velocity: Array, t: Array) -> Any:
    """v_bar = s_bar / (1 − t): without t."""
    score, right = SCORE(xt, velocity, t)
    return score, lambda bar: (g := right(bar)) | {"velocity": -g["xt"]}


@mistake(score_from_velocity, "gradient.xt")
def point_held(xt: Array, velocity: Array, t: Array) -> Any:
    """x_t is held, though the score falls with it."""
    score, right = SCORE(xt, velocity, t)
    return score, lambda bar: right(bar) | {"xt": 0 * bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(score_from_velocity, blind=True)
def time_kept_off_the_end(xt: Array, velocity: Array, t: Array) -> Any:
    """1 − t is at least 1e-3, so that nothing is divided by zero; right before the last steps."""
    xp = namespace(t)
    inside = xp.astype(t < 1 - 1e-3, t.dtype)
    score, right = SCORE(xt, velocity, xp.minimum(t, 1 - 1e-3))
    return score, lambda bar: (g := right(bar)) | {"t": inside * g["t"]}


@mistake(score_from_velocity, blind=True)
def floor_added(xt: Array, velocity: Array, t: Array) -> Any:
    """The denominator is 1 − t + 1e-5 at all times."""
    rest = 1 - t + 1e-5
    return weighed(xt, velocity, t, (-1 / rest, -1 / rest**2), (t / rest, (rest + t) / rest**2))


@mistake(score_from_velocity, blind=True)
def one_time_for_all(xt: Array, velocity: Array, t: Array) -> Any:
    """The time of the first example serves the whole batch; right for equal times, as a sampler has them."""
    xp = namespace(xt)
    first = xp.astype(xp.arange(t.shape[0], device=t.device) == 0, t.dtype)
    score, right = SCORE(xt, velocity, t[:1] + 0 * t)
    return score, lambda bar: (g := right(bar)) | {"t": first * xp.sum(g["t"])}


@mistake(score_from_velocity, "gradient.t", blind=True)
def time_gradient_averaged(xt: Array, velocity: Array, t: Array) -> Any:
    """t_bar is a mean over the components of the example and not their sum."""
    score, right = SCORE(xt, velocity, t)
    return score, lambda bar: (g := right(bar)) | {"t": g["t"] / max(dimension(xt), 1)}
