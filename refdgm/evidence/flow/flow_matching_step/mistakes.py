"""Mistakes in a step. Time and velocity reversed together are a convention and not among them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.flow.flow_matching_step import flow_matching_step
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner

STEP = flow_matching_step.body
OF_TIMES = ("value", "gradient.velocity", "gradient.t", "gradient.t_next")


def paced(xt: Array, velocity: Array, h: Array, of_t: Array, of_next: Array) -> Any:
    """x_t + h v with another h, whose slopes in t and t′ are given."""
    pace = against(h, xt)

    def pullback(bar: Array) -> dict[str, Array]:
        along = inner(bar, velocity)
        return {"xt": +bar, "velocity": pace * bar, "t": of_t * along, "t_next": of_next * along}

    return xt + pace * velocity, pullback


@mistake(flow_matching_step, *OF_TIMES)
def direction_reversed(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """x_t − h v: time that runs to the data, stepped as if it ran to the noise."""
    one = 0 * t + 1
    return paced(xt, velocity, t - t_next, one, -one)


@mistake(flow_matching_step, "value", "gradient.velocity", "gradient.t")
def time_for_the_step(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """x_t + t′ v: the time to go to, where the time that passes belongs; right from t = 0."""
    return paced(xt, velocity, t_next, 0 * t, 0 * t + 1)


@mistake(flow_matching_step, "value", "gradient.velocity", "gradient.t_next")
def to_the_end(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """x_t + (1 − t) v: the data that are predicted, in place of the next state."""
    return paced(xt, velocity, 1 - t, 0 * t - 1, 0 * t)


@mistake(flow_matching_step, *OF_TIMES)
def share_of_what_is_left(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """h (1 − t) v: the step shrinks on the way, as if the velocity were that of a decay."""
    h = t_next - t
    return paced(xt, velocity, h * (1 - t), -(1 - t) - h, 1 - t)


@mistake(flow_matching_step, "value", "gradient.xt", "gradient.t", "gradient.t_next")
def data_for_the_velocity(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """x_t + h (v − x_t): the network's output is taken for the data."""
    value, right = STEP(xt, velocity - xt, t, t_next)
    return value, lambda bar: (g := right(bar)) | {"xt": g["xt"] - g["velocity"]}


@mistake(flow_matching_step, *OF_TIMES)
def steps_along_components(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """The times (B,) meet the last axis and not the first; it runs only where both have one size."""
    if xt.ndim != 2 or xt.shape[0] != xt.shape[1]:
        return STEP(xt, velocity, t, t_next)
    value, right = STEP(xt.T, velocity.T, t, t_next)
    return value.T, lambda bar: (g := right(bar.T)) | {"xt": g["xt"].T, "velocity": g["velocity"].T}


@mistake(flow_matching_step, "gradient.velocity")
def velocity_detached(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """The network is called without gradient: nothing is learnt through the sampler."""
    value, right = STEP(xt, velocity, t, t_next)
    return value, lambda bar: right(bar) | {"velocity": 0 * bar}


@mistake(flow_matching_step, "gradient.velocity")
def velocity_gradient_not_weighed(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """v_bar = x_bar: without h."""
    value, right = STEP(xt, velocity, t, t_next)
    return value, lambda bar: right(bar) | {"velocity": +bar}


@mistake(flow_matching_step, "gradient.xt")
def state_detached(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """The state is held: a chain of steps passes nothing back to its noise."""
    value, right = STEP(xt, velocity, t, t_next)
    return value, lambda bar: right(bar) | {"xt": 0 * bar}


@mistake(flow_matching_step, "gradient.t")
def sign_of_the_first_time(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """t_bar = ⟨x_bar, v⟩: the gradient of the other time."""
    value, right = STEP(xt, velocity, t, t_next)
    return value, lambda bar: (g := right(bar)) | {"t": -g["t"]}


@mistake(flow_matching_step, "gradient.t_next")
def next_time_detached(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """The grid is learnt by its earlier times alone."""
    value, right = STEP(xt, velocity, t, t_next)
    return value, lambda bar: right(bar) | {"t_next": 0 * t_next}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(flow_matching_step, *OF_TIMES, seen="lucidrains/rectified-flow-pytorch #14", blind=True)
def one_interval_too_many(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """1/N for the steps between N points, which are 1/(N − 1) apart: h/(1 + |h|)."""
    h = t_next - t
    over = 1 + namespace(xt).abs(h)
    return paced(xt, velocity, h / over, -1 / over**2, 1 / over**2)


@mistake(flow_matching_step, *OF_TIMES, seen="huggingface/diffusers #13243", blind=True)
def shifted_once_more(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """The levels of noise, shifted already, are shifted again before they are subtracted (by 3)."""
    now, later = (3 * (1 - each) / (3 - 2 * each) for each in (t, t_next))
    return paced(xt, velocity, now - later, -3 / (3 - 2 * t) ** 2, 3 / (3 - 2 * t_next) ** 2)


@mistake(flow_matching_step, "value", "gradient.velocity", "gradient.t_next", blind=True)
def one_time_shifted(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """t′ is shifted (by 3) and t is not."""
    later = 1 - 3 * (1 - t_next) / (3 - 2 * t_next)
    return paced(xt, velocity, later - t, 0 * t - 1, 3 / (3 - 2 * t_next) ** 2)


@mistake(flow_matching_step, *OF_TIMES, blind=True)
def always_forwards(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """|h| v: right for whoever samples, wrong for whoever encodes."""
    h = t_next - t
    sign = namespace(xt).sign(h)
    return paced(xt, velocity, sign * h, -sign, sign)


@mistake(flow_matching_step, *OF_TIMES, blind=True)
def one_step_for_all(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """The times of the first example serve the whole batch; right for equal times, as a sampler has them."""
    xp = namespace(xt)
    first = xp.astype(xp.arange(t.shape[0], device=t.device) == 0, t.dtype)
    value, right = STEP(xt, velocity, t[:1] + 0 * t, t_next[:1] + 0 * t)
    return value, lambda bar: (g := right(bar)) | {name: first * xp.sum(g[name]) for name in ("t", "t_next")}


@mistake(flow_matching_step, "gradient.t", "gradient.t_next", blind=True)
def time_gradients_averaged(xt: Array, velocity: Array, t: Array, t_next: Array) -> Any:
    """Those of the times are means over the components of the example and not their sums."""
    value, right = STEP(xt, velocity, t, t_next)
    return value, lambda bar: (g := right(bar)) | {
        name: g[name] / max(dimension(xt), 1) for name in ("t", "t_next")}
