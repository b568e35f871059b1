"""Mistakes in the probability flow."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.flow.flowing import negated
from refdgm.evidence.flow.processed import (
    deviation_for_rate,
    exponent_not_doubled,
    growing_evenly,
    noise_held,
    solved,
    velocity,
    weighed,
)
from refdgm.flow.probability_flow import probability_flow
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field

Theta = dict[str, Array]
BODY = probability_flow.body
GRADIENTS = tuple(f"gradient.{name}" for name in probability_flow.wrt)
TIMES = ("gradient.t0", "gradient.t1")


def flowed(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, score: Field, process: str,
           method: str, steps: int, **wrong: Any) -> Any:
    """As `probability_flow`, with another velocity."""
    return solved(x, t0, t1, low, high, theta, velocity(score, process, **wrong), method, steps)


# Wrong equations, rightly differentiated


@mistake(probability_flow)
def no_half(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field, process: str,
            method: str, steps: int) -> Any:
    """a x − g² s: the drift of the reversed process, without its noise."""
    return flowed(x, t0, t1, low, high, theta, score, process, method, steps, made=weighed(of_half=2.0))


@mistake(probability_flow)
def towards_the_noise(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                      process: str, method: str, steps: int) -> Any:
    """a x + ½ g² s: the sign that belongs to a prediction of the noise."""
    return flowed(x, t0, t1, low, high, theta, score, process, method, steps, made=weighed(of_half=-1.0))


@mistake(probability_flow)
def slope_without_half(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                       process: str, method: str, steps: int) -> Any:
    """vp and sub_vp: −β x for −½ β x."""
    return flowed(x, t0, t1, low, high, theta, score, process, method, steps, made=weighed(of_slope=2.0))


@mistake(probability_flow)
def rate_of_the_deviation(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                          process: str, method: str, steps: int) -> Any:
    """ve: σ² for its derivative: σ is taken for the diffusion."""
    return flowed(x, t0, t1, low, high, theta, score, process, method, steps, made=deviation_for_rate)


@mistake(probability_flow)
def sub_vp_as_vp(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                 process: str, method: str, steps: int) -> Any:
    """sub_vp: the diffusion of vp, √β, for both."""
    return BODY(x, t0, t1, low, high, theta, score=score, process="vp" if process == "sub_vp" else process,
                method=method, steps=steps)


@mistake(probability_flow)
def limits_exchanged(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                     process: str, method: str, steps: int) -> Any:
    """Solved from t₁ to t₀: noise is made of the data where data are to be made of the noise."""
    end, right = BODY(x, t1, t0, low, high, theta, score=score, process=process, method=method, steps=steps)
    return end, lambda bar: (g := right(bar)) | {"t0": g["t1"], "t1": g["t0"]}


@mistake(probability_flow)
def clock_not_reversed(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                       process: str, method: str, steps: int) -> Any:
    """The steps have the right sign, and the score and the schedule are asked at t₁ + n|h| from the other end."""
    turned = negated(velocity(score, process))
    end, right = solved(x, t1, t0, low, high, theta, turned, method, steps)
    return end, lambda bar: (g := right(bar)) | {"t0": g["t1"], "t1": g["t0"]}


@mistake(probability_flow)
def process_without_drift(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                          process: str, method: str, steps: int) -> Any:
    """vp and sub_vp: −½ g² s alone, which is right for ve."""
    return flowed(x, t0, t1, low, high, theta, score, process, method, steps, made=weighed(of_slope=0.0))


# Right values, wrong gradients


@mistake(probability_flow, *GRADIENTS)
def states_detached(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                    process: str, method: str, steps: int) -> Any:
    """The state enters the score without gradient; right for one step of Euler's, but for x_bar."""
    return flowed(x, t0, t1, low, high, theta, score, process, method, steps, silent=("state",))


@mistake(probability_flow, "gradient.low", "gradient.high")
def schedule_held(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                  process: str, method: str, steps: int) -> Any:
    """The schedule is a constant: its ends receive no gradient."""
    return flowed(x, t0, t1, low, high, theta, score, process, method, steps, silent=("low", "high"))


@mistake(probability_flow, *TIMES)
def times_of_the_schedule_alone(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
                                score: Field, process: str, method: str, steps: int) -> Any:
    """t_bar without the score's; right where the score does not look at the time."""
    return flowed(x, t0, t1, low, high, theta, score, process, method, steps, silent=("clock",))


@mistake(probability_flow, *TIMES)
def times_of_the_score_alone(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                             process: str, method: str, steps: int) -> Any:
    """t_bar without the schedule's: a and g are made without gradient in time."""
    return flowed(x, t0, t1, low, high, theta, score, process, method, steps, silent=("schedule",))


@mistake(probability_flow, "gradient.t0", "gradient.t1")
def times_exchanged(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                    process: str, method: str, steps: int) -> Any:
    """t_bar₀ for t_bar₁."""
    end, right = BODY(x, t0, t1, low, high, theta, score=score, process=process, method=method, steps=steps)
    return end, lambda bar: (g := right(bar)) | {"t0": g["t1"], "t1": g["t0"]}


@mistake(probability_flow, "gradient.theta")
def parameters_averaged(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                        process: str, method: str, steps: int) -> Any:
    """θ_bar is divided by the batch, whose examples share the parameters."""
    end, right = BODY(x, t0, t1, low, high, theta, score=score, process=process, method=method, steps=steps)
    return end, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


@mistake(probability_flow, "gradient.x")
def start_detached(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                   process: str, method: str, steps: int) -> Any:
    """The start receives no gradient."""
    end, right = BODY(x, t0, t1, low, high, theta, score=score, process=process, method=method, steps=steps)
    return end, lambda bar: right(bar) | {"x": 0 * bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(probability_flow, seen="reviewed in AlexandreAdam/score_models #8", blind=True)
def velocity_turned_backwards(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
                              score: Field, process: str, method: str, steps: int) -> Any:
    """Where the time falls the velocity is turned too: h and f are both negative, and the data are noised again."""
    field = velocity(score, process)
    ahead, right = solved(x, t0, t1, low, high, theta, field, method, steps)
    behind, turned = solved(x, t0, t1, low, high, theta, negated(field), method, steps)
    xp = namespace(x)

    def pullback(bar: Array) -> dict[str, Any]:
        g, other = right(bar), turned(bar)
        chosen = {name: xp.where(t1 < t0, other[name], g[name]) for name in ("x", "t0", "t1", "low", "high")}
        return chosen | {"theta": {n: xp.where(t1 < t0, other["theta"][n], e) for n, e in g["theta"].items()}}

    return xp.where(t1 < t0, behind, ahead), pullback


@mistake(probability_flow, blind=True)
def exponent_of_the_kernel(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                           process: str, method: str, steps: int) -> Any:
    """sub_vp: g² = β (1 − e^{−B}), with the exponent of the variance in place of twice that."""
    return flowed(x, t0, t1, low, high, theta, score, process, method, steps, made=exponent_not_doubled)


@mistake(probability_flow, blind=True)
def deviation_in_a_line(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                        process: str, method: str, steps: int) -> Any:
    """ve: σ grows evenly, and not by factors."""
    return flowed(x, t0, t1, low, high, theta, score, process, method, steps, made=growing_evenly)


@mistake(probability_flow, "gradient.t0", "gradient.t1", "gradient.low", "gradient.high", blind=True)
def discount_without_gradient(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
                              score: Field, process: str, method: str, steps: int) -> Any:
    """sub_vp: 1 − e^{−2B} is a number, through which neither times nor ends are differentiated."""
    return flowed(x, t0, t1, low, high, theta, score, process, method, steps, made=noise_held)


@mistake(probability_flow, "gradient.low", "gradient.high", blind=True)
def ends_averaged(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *, score: Field,
                  process: str, method: str, steps: int) -> Any:
    """The gradients of low and high are means over the batch, where sums belong; right for one example."""
    end, right = BODY(x, t0, t1, low, high, theta, score=score, process=process, method=method, steps=steps)
    share = 1 / max(x.shape[0], 1)
    return end, lambda bar: (g := right(bar)) | {"low": g["low"] * share, "high": g["high"] * share}
