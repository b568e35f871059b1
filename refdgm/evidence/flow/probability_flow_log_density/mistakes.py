"""Mistakes in likelihoods along the probability flow."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.flow.flowing import straight
from refdgm.evidence.flow.processed import density, in_turn, noise_held, velocity, weighed
from refdgm.flow.probability_flow import probability_flow
from refdgm.flow.probability_flow_log_density import (
    probability_flow_log_density,
    probability_flow_log_density_estimate,
)
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field

Theta = dict[str, Array]
EXACT, ESTIMATE = probability_flow_log_density.body, probability_flow_log_density_estimate.body
GRADIENTS = tuple(f"gradient.{name}" for name in probability_flow_log_density.wrt)
OF_PROCESS = ("value", *GRADIENTS[1:-1])  # what D a depends on


# The exact trace: wrong equations, rightly differentiated


@mistake(probability_flow_log_density)
def trace_of_the_process(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """ℓ_dot = −tr ∂(a x)/∂x: the divergence of the process's drift, for its letter is the same."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, traced=weighed(of_half=0.0))


@mistake(probability_flow_log_density)
def trace_of_the_reversed_process(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """ℓ_dot = −tr ∂(a x − g² s)/∂x: the divergence without ½."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, traced=weighed(of_half=2.0))


@mistake(probability_flow_log_density, *OF_PROCESS)
def trace_of_the_score_alone(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """ℓ_dot = q tr ∂s/∂x: that of a x is forgotten; right for ve."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, traced=weighed(of_slope=0.0))


@mistake(probability_flow_log_density)
def integral_sign(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """log N + ℓ: the determinant of the inverse."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, trace=-1.0)


@mistake(probability_flow_log_density)
def trace_averaged(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """A mean over the axes where the trace is a sum; right for D = 1."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, trace=1 / x.shape[1])


@mistake(probability_flow_log_density)
def prior_not_halved(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """−‖u‖² in the log-density of the prior, without ½."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, norm=2.0)


@mistake(probability_flow_log_density, "value", "gradient.high")
def prior_without_its_size(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """ve: −D log S is forgotten; the values of several processes cannot be compared."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, logarithm=0.0)


@mistake(probability_flow_log_density, "value")
def constant_missing(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The prior without D/2 log 2π."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, constant=0.0)


@mistake(probability_flow_log_density)
def ends_exchanged(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """Data at t₁ and the prior at t₀: the flow is followed the wrong way."""
    value, right = EXACT(x, t1, t0, low, high, theta, score=score, process=process, method=method, steps=steps)
    return value, lambda bar: (g := right(bar)) | {"t0": g["t1"], "t1": g["t0"]}


@mistake(probability_flow_log_density)
def prior_at_the_data(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """log N(x) − ℓ: the prior is asked at x = x(t₀), and not where the flow has carried it."""
    xp = namespace(x)
    wide, heard = (high, 1.0) if process == "ve" else (xp.ones_like(high), 0.0)
    rest, right = density(x, t0, t1, low, high, theta, score, process, method, steps, norm=0.0)
    u = x / wide

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        by_high = heard * xp.sum(bar * xp.sum(u * u, axis=1)) / wide
        return g | {"x": g["x"] - bar[:, None] * u / wide, "high": g["high"] + by_high}

    return rest - xp.sum(u * u, axis=1) / 2, pullback


# The exact trace: the value is right, its gradient is not


@mistake(probability_flow_log_density, *GRADIENTS)
def trace_detached(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The adjoint without the sources ∇ tr: the log-density is taken for a function of x(t₁) alone."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, trace_bar=0.0)


@mistake(probability_flow_log_density, *GRADIENTS)
def curvature_missing(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The gradient of the trace without φ'', as with ReLU; right where there is no network."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, field=velocity(straight(score), process))


@mistake(probability_flow_log_density, "gradient.high")
def prior_held(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """ve: the gradient of high without that of the prior, whose deviation it is."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, prior_bar=0.0)


@mistake(probability_flow_log_density, "gradient.low", "gradient.high")
def schedule_held(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The schedule is a constant: its ends receive no gradient, but for that of the prior."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, silent=("low", "high"))


@mistake(probability_flow_log_density, "gradient.t0", "gradient.t1")
def times_of_the_score_alone(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """t_bar without the schedule's."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, silent=("schedule",))


@mistake(probability_flow_log_density, "gradient.t0", "gradient.t1")
def times_of_the_schedule_alone(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """t_bar without the score's; right where the score does not look at the time."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, silent=("clock",))


@mistake(probability_flow_log_density, "gradient.x")
def score_of_the_prior(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """x_bar = −p_bar x(t₁)/S²: the cotangent of the prior is not brought back to the data."""
    value, right = EXACT(x, t0, t1, low, high, theta, score=score, process=process, method=method, steps=steps)
    end, _ = probability_flow.body(x, t0, t1, low, high, theta, score=score, process=process, method=method,
                                   steps=steps)
    wide = high if process == "ve" else namespace(x).ones_like(high)
    return value, lambda bar: right(bar) | {"x": -bar[:, None] * end / wide / wide}


@mistake(probability_flow_log_density, "gradient.theta")
def parameters_without_trace(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """θ_bar without the direct term ∇_θ tr, x_bar and all else right."""
    value, right = EXACT(x, t0, t1, low, high, theta, score=score, process=process, method=method, steps=steps)
    _, wrong = density(x, t0, t1, low, high, theta, score, process, method, steps, trace_bar=0.0)
    return value, lambda bar: right(bar) | {"theta": wrong(bar)["theta"]}


# Hutchinson's trace: wrong equations, rightly differentiated


@mistake(probability_flow_log_density_estimate)
def estimate_sign(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """log N + the integral of the estimate with the sign of the trace's opposite."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, probe, trace=-1.0)


@mistake(probability_flow_log_density_estimate)
def probes_not_divided(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The sum over the probes where their mean belongs; right for one probe."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, probe, pair=(probe, probe))


@mistake(probability_flow_log_density_estimate)
def second_factor_missing(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """1ᵀ J v: the product with the probe is summed and not multiplied by the probe."""
    ones = namespace(x).ones_like(probe)
    return density(x, t0, t1, low, high, theta, score, process, method, steps,
                   probe, pair=(ones / probe.shape[1], probe))


@mistake(probability_flow_log_density_estimate)
def probes_of_length_one(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """v/‖v‖ for v: the mean of the eigenvalues, not their sum; right for D = 1."""
    xp = namespace(x)
    v = probe / xp.sqrt(xp.sum(probe * probe, axis=2, keepdims=True))
    return density(x, t0, t1, low, high, theta, score, process, method, steps, probe, pair=(v / probe.shape[1], v))


@mistake(probability_flow_log_density_estimate, *OF_PROCESS)
def estimate_of_the_score_alone(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The divergence of a x is forgotten: right for ve."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, probe, traced=weighed(of_slope=0.0))


@mistake(probability_flow_log_density_estimate)
def probe_drawn_anew(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """Every step has other probes: unbiased, but an equation with noise in it; right for one step."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, probe, solver=in_turn(probe))


@mistake(probability_flow_log_density_estimate)
def one_probe_for_the_batch(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The first example's probes for all: unbiased, but the errors no longer average out."""
    v = probe[:1] + 0 * probe
    return density(x, t0, t1, low, high, theta, score, process, method, steps, probe, pair=(v / probe.shape[1], v))


@mistake(probability_flow_log_density_estimate, "value", "gradient.high")
def estimate_without_size_of_prior(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """ve: −D log S is forgotten."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, probe, logarithm=0.0)


@mistake(probability_flow_log_density_estimate, "value")
def estimate_without_constant(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The prior without D/2 log 2π."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, probe, constant=0.0)


# Hutchinson's trace: the value is right, its gradient is not


@mistake(probability_flow_log_density_estimate, *GRADIENTS)
def estimate_detached(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The product vᵀJ is made without a graph: the adjoint lacks its sources."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, probe, trace_bar=0.0)


@mistake(probability_flow_log_density_estimate, *GRADIENTS)
def estimate_without_curvature(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The gradient of vᵀJv without φ'', as with ReLU; right where there is no network."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps,
                   probe, field=velocity(straight(score), process))


@mistake(probability_flow_log_density_estimate, "gradient.high")
def estimate_with_prior_held(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """ve: the gradient of high without that of the prior."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, probe, prior_bar=0.0)


@mistake(probability_flow_log_density_estimate, "gradient.low", "gradient.high")
def estimate_of_held_schedule(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The schedule is a constant: its ends receive no gradient, but for that of the prior."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, probe, silent=("low", "high"))


@mistake(probability_flow_log_density_estimate, "gradient.t0", "gradient.t1")
def estimate_of_held_times(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """t_bar without the schedule's."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, probe, silent=("schedule",))


@mistake(probability_flow_log_density_estimate, "gradient.theta")
def estimate_averaged_over_batch(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """θ_bar is divided by the batch: the parameters are shared by the examples and receive the sum."""
    value, right = ESTIMATE(x, probe, t0, t1, low, high, theta, score=score, process=process, method=method,
                            steps=steps)
    return value, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


@mistake(probability_flow_log_density_estimate, "gradient.x")
def estimate_with_data_held(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The data receive no gradient."""
    value, right = ESTIMATE(x, probe, t0, t1, low, high, theta, score=score, process=process, method=method,
                            steps=steps)
    return value, lambda bar: right(bar) | {"x": 0 * x}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(probability_flow_log_density, seen="dirmeier/sbijax #89", blind=True)
def unit_prior(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """ve: the prior is N(0, I), as for the others."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps,
                   spread=(namespace(x).ones_like(high), 0.0))


@mistake(probability_flow_log_density, seen="proposed in yang-song/score_sde_pytorch #64", blind=True)
def prior_centred_at_the_data(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """ve: N(x(t₁); x, S² I): the mean of the kernel, and not of the prior."""
    xp = namespace(x)
    value, right = EXACT(x, t0, t1, low, high, theta, score=score, process=process, method=method, steps=steps)
    if process != "ve":
        return value, right
    end, back = probability_flow.body(x, t0, t1, low, high, theta, score=score, process=process, method=method,
                                      steps=steps)
    u, w = end / high, x / high  # ‖u‖² − ‖u − w‖² = 2⟨u, w⟩ − ‖w‖²
    more = xp.sum(w * (u - w / 2), axis=1)

    def pullback(bar: Array) -> dict[str, Any]:
        g, moved = right(bar), back(bar[:, None] * w / high)
        both = {name: g[name] + moved[name] for name in ("x", "t0", "t1", "low", "high")}
        own = {"x": both["x"] + bar[:, None] * (u - w) / high, "high": both["high"] - 2 * xp.sum(bar * more) / high}
        return both | own | {"theta": {n: e + moved["theta"][n] for n, e in g["theta"].items()}}

    return value + more, pullback


@mistake(probability_flow_log_density, blind=True)
def norm_over_the_deviation(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """ve: −‖x(t₁)‖²/(2 S): divided by the deviation and not by its square."""
    xp = namespace(x)
    wide, heard = (xp.sqrt(high), 0.5) if process == "ve" else (xp.ones_like(high), 0.0)
    value, right = density(x, t0, t1, low, high, theta, score, process, method, steps, spread=(wide, 0.0),
                           logarithm=0.0)
    end, _ = probability_flow.body(x, t0, t1, low, high, theta, score=score, process=process, method=method,
                                   steps=steps)
    size = 2 * heard * x.shape[1]

    def pullback(bar: Array) -> dict[str, Any]:
        g, squares = right(bar), heard * xp.sum(end * end, axis=1) / high
        return g | {"high": g["high"] + xp.sum(bar * (squares - size)) / high}

    return value - size * xp.log(high), pullback


@mistake(probability_flow_log_density, "gradient.t0", "gradient.t1", "gradient.low", "gradient.high", blind=True)
def discount_without_gradient(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """sub_vp: 1 − e^{−2B} is a number, through which neither times nor ends are differentiated."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps, made=noise_held)


@mistake(probability_flow_log_density, "gradient.low", "gradient.high", blind=True)
def ends_averaged(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The gradients of low and high are means over the batch; right for one example."""
    value, right = EXACT(x, t0, t1, low, high, theta, score=score, process=process, method=method, steps=steps)
    share = 1 / max(x.shape[0], 1)
    return value, lambda bar: (g := right(bar)) | {"low": g["low"] * share, "high": g["high"] * share}


@mistake(probability_flow_log_density_estimate, blind=True)
def signs_of_the_probes(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The signs of the probes are taken for the probes; right for Rademacher's law alone."""
    v = namespace(x).sign(probe)
    return density(x, t0, t1, low, high, theta, score, process, method, steps, probe, pair=(v / probe.shape[1], v))


@mistake(probability_flow_log_density_estimate, *OF_PROCESS, blind=True)
def probes_of_the_drift_taken_for_signs(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """−D a where −a ‖v‖² belongs to the estimate; right for signs."""
    xp = namespace(x)
    size = xp.sqrt(x.shape[1] / xp.sum(probe * probe, axis=2, keepdims=True))
    own, right = density(x, t0, t1, low, high, theta, score, process, method, steps, probe,
                         traced=weighed(of_slope=0.0))
    straightened, trend = density(x, t0, t1, low, high, theta, score, process, method, steps,
                                  pair=(size * probe / probe.shape[1], size * probe), traced=weighed(of_half=0.0))
    bare, less = density(x, t0, t1, low, high, theta, score, process, method, steps, trace=0.0)

    def pullback(bar: Array) -> dict[str, Any]:
        g, more, once = right(bar), trend(bar), less(bar)
        both = {name: g[name] + more[name] - once[name] for name in ("x", "t0", "t1", "low", "high")}
        return both | {"theta": {n: e + more["theta"][n] - once["theta"][n] for n, e in g["theta"].items()}}

    return own + straightened - bare, pullback


@mistake(probability_flow_log_density_estimate, seen="dirmeier/sbijax #89", blind=True)
def unit_prior_of_the_estimate(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """ve: the prior is N(0, I), as for the others."""
    return density(x, t0, t1, low, high, theta, score, process, method, steps,
                   probe, spread=(namespace(x).ones_like(high), 0.0))


@mistake(probability_flow_log_density_estimate, *GRADIENTS, blind=True)
def probes_drawn_again_for_the_gradient(
    x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, *,
    score: Field, process: str, method: str, steps: int,
) -> Any:
    """The gradient is that with other probes, the next example's."""
    v = namespace(x).roll(probe, 1, axis=0)
    value, _ = ESTIMATE(x, probe, t0, t1, low, high, theta, score=score, process=process, method=method, steps=steps)
    _, right = ESTIMATE(x, v, t0, t1, low, high, theta, score=score, process=process, method=method, steps=steps)
    return value, right
