"""Mistakes in log-densities along a flow."""

from dataclasses import replace
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.flow.flowing import axes, blind, density, negated, restless, solved, straight
from refdgm.evidence.stepping import rectangles
from refdgm.flow.cnf_log_density import cnf_log_density, ffjord_log_density, with_log_density
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.ode.odeint import odeint

Theta = dict[str, Array]


# The exact trace: wrong equations, rightly differentiated


@mistake(cnf_log_density)
def divergence_sign(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """log N(z(t₀)) + ∫ tr: the determinant of the flow where that of its inverse belongs."""
    return density(x, t0, t1, theta, velocity, method, steps, trace=-1.0)


@mistake(cnf_log_density)
def change_of_variables_missing(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """log N(z(t₀)) alone."""
    return density(x, t0, t1, theta, velocity, method, steps, trace=0.0)


@mistake(cnf_log_density)
def trace_averaged(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """A mean over the axes where the trace is a sum; right for D = 1."""
    return density(x, t0, t1, theta, velocity, method, steps, trace=1 / x.shape[1])


@mistake(cnf_log_density)
def sum_of_jacobian(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The sum of all entries of the Jacobian, as one backward pass of Σ f gives it; right for a diagonal one."""
    ones = namespace(x).sum(axes(x), axis=1, keepdims=True)
    return density(x, t0, t1, theta, velocity, method, steps, ones, ones)


@mistake(cnf_log_density)
def base_not_halved(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """−‖z(t₀)‖² in the log-density of the base, without ½."""
    return density(x, t0, t1, theta, velocity, method, steps, norm=2.0)


@mistake(cnf_log_density)
def limits_of_the_state_exchanged(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """z(t₀) = x + ∫ f from t₀ to t₁: the state runs forwards from the data, and the trace is taken along that."""
    return density(x, t1, t0, theta, velocity, method, steps, trace=-1.0)


@mistake(cnf_log_density)
def density_of_the_inverse(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """Base and data exchanged: a true density, that of the flow from t₁ to t₀."""
    return density(x, t1, t0, theta, velocity, method, steps)


@mistake(cnf_log_density)
def time_not_reversed(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """−f is solved from t₀ to t₁ and asked at t₀ + s for t₁ − s; right for a velocity without time."""
    return density(x, t1, t0, theta, negated(velocity), method, steps)


@mistake(cnf_log_density)
def base_at_the_data(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """log N(x) − ∫ tr: the base is asked at x = z(t₁)."""
    xp = namespace(x)
    rest, right = density(x, t0, t1, theta, velocity, method, steps, norm=0.0)
    return rest - xp.sum(x * x, axis=1) / 2, lambda bar: (g := right(bar)) | {"x": g["x"] - bar[:, None] * x}


@mistake(cnf_log_density)
def trace_at_the_data(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """(t₁ − t₀) tr ∂f/∂z(x, t₁) for the integral along the trajectory; right for a linear flow."""
    xp = namespace(x)
    base, right = density(x, t0, t1, theta, velocity, method, steps, trace=0.0)
    (f, f_dot), field = velocity.jvp(x, axes(x), t1, theta)
    trace = xp.sum(axes(x) * f_dot, axis=(1, 2)) + 0 * base

    def pullback(bar: Array) -> dict[str, Any]:
        g, span = right(bar), t1 - t0
        inner = field(0 * f, -span * bar[:, None, None] * axes(x))
        by_span = xp.sum(bar * trace)
        return {
            "x": g["x"] + inner["z"], "t0": g["t0"] + by_span, "t1": g["t1"] - by_span + inner["t"],
            "theta": {name: entry + inner["theta"][name] for name, entry in g["theta"].items()},
        }

    return base - (t1 - t0) * trace, pullback


@mistake(cnf_log_density, "value")
def constant_missing(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The base without D/2 log 2π: no density, and not comparable between dimensions."""
    return density(x, t0, t1, theta, velocity, method, steps, constant=0.0)


# The exact trace: the value is right, its gradient is not


@mistake(cnf_log_density, "gradient.x", "gradient.t0", "gradient.t1", "gradient.theta")
def trace_detached(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The adjoint without the sources ∇ tr: the log-density is taken for a function of z(t₀) alone."""
    return density(x, t0, t1, theta, velocity, method, steps, trace_bar=0.0)


@mistake(cnf_log_density, "gradient.x", "gradient.t0", "gradient.t1", "gradient.theta")
def trace_source_sign(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The sources ∇ tr of the adjoint with the opposite sign."""
    return density(x, t0, t1, theta, velocity, method, steps, trace_bar=-1.0)


@mistake(cnf_log_density, "gradient.x", "gradient.t0", "gradient.t1", "gradient.theta")
def base_detached(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The gradient of the trace alone."""
    return density(x, t0, t1, theta, velocity, method, steps, norm_bar=0.0)


@mistake(cnf_log_density, "gradient.x", "gradient.t0", "gradient.t1", "gradient.theta")
def curvature_missing(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The gradient of the trace without φ'', as with ReLU; right for fields that are no networks."""
    return density(x, t0, t1, theta, straight(velocity), method, steps)


@mistake(cnf_log_density, "gradient.x")
def score_of_the_base(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """x_bar = −p_bar z(t₀): the cotangent of the base is not brought back to the data."""
    value, right = density(x, t0, t1, theta, velocity, method, steps)
    z0, _ = odeint.body(x, t1, t0, theta, velocity=velocity, method=method, steps=steps)
    return value, lambda bar: right(bar) | {"x": -bar[:, None] * z0}


@mistake(cnf_log_density, "gradient.theta")
def parameters_without_trace(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ_bar = ∫ (∂f/∂θ)ᵀ a without the direct term ∇_θ tr, a and x_bar right."""
    value, right = density(x, t0, t1, theta, velocity, method, steps)
    _, wrong = density(x, t0, t1, theta, velocity, method, steps, trace_bar=0.0)
    return value, lambda bar: right(bar) | {"theta": wrong(bar)["theta"]}


@mistake(cnf_log_density, "gradient.theta")
def parameters_averaged_over_batch(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ_bar is divided by the batch: the parameters are shared by the examples and receive the sum."""
    value, right = density(x, t0, t1, theta, velocity, method, steps)
    return value, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


@mistake(cnf_log_density, "gradient.t0", "gradient.t1")
def times_exchanged(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₀ for t_bar₁: the solve begins at t₁, and its gradients are taken in the order of the arguments."""
    value, right = density(x, t0, t1, theta, velocity, method, steps)
    return value, lambda bar: (g := right(bar)) | {"t0": g["t1"], "t1": g["t0"]}


@mistake(cnf_log_density, "gradient.t0", "gradient.t1")
def times_detached(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The end points receive no gradient."""
    value, right = density(x, t0, t1, theta, velocity, method, steps)
    return value, lambda bar: (g := right(bar)) | {"t0": 0 * g["t0"], "t1": 0 * g["t1"]}


# Hutchinson's trace: wrong equations, rightly differentiated


@mistake(ffjord_log_density)
def estimate_sign(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """log N(z(t₀)) + ∫ vᵀJv."""
    return density(x, t0, t1, theta, velocity, method, steps, probe / probe.shape[1], probe, trace=-1.0)


@mistake(ffjord_log_density)
def probes_not_divided(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The sum over the probes where their mean belongs; right for one probe."""
    return density(x, t0, t1, theta, velocity, method, steps, probe, probe)


@mistake(ffjord_log_density)
def probes_of_length_one(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """v/‖v‖ for v: the mean of the eigenvalues, not their sum."""
    left = probe / namespace(x).sum(probe * probe, axis=2, keepdims=True) / probe.shape[1]
    return density(x, t0, t1, theta, velocity, method, steps, left, probe)


@mistake(ffjord_log_density)
def variance_of_two(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """Probes of variance 2: twice the trace."""
    return density(x, t0, t1, theta, velocity, method, steps, 2 * probe / probe.shape[1], probe)


@mistake(ffjord_log_density)
def second_factor_missing(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """1ᵀ J v: the product with the probe is summed and not multiplied by the probe."""
    return density(x, t0, t1, theta, velocity, method, steps, (0 * probe + 1) / probe.shape[1], probe)


@mistake(ffjord_log_density)
def probe_drawn_anew(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """Every step has other probes: unbiased, but an equation with noise in it; right for one step."""
    return restless(x, probe, t0, t1, theta, velocity, method, steps)


@mistake(ffjord_log_density)
def one_probe_for_the_batch(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The first example's probes for all examples: unbiased, but the errors no longer average out."""
    same = probe[:1] + 0 * probe
    return density(x, t0, t1, theta, velocity, method, steps, same / probe.shape[1], same)


@mistake(ffjord_log_density)
def estimate_along_the_wrong_way(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """z(t₀) = x + ∫ f from t₀ to t₁: the state runs forwards from the data."""
    return density(x, t1, t0, theta, velocity, method, steps, probe / probe.shape[1], probe, trace=-1.0)


@mistake(ffjord_log_density, "value")
def estimate_without_constant(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The base without D/2 log 2π."""
    return density(x, t0, t1, theta, velocity, method, steps, probe / probe.shape[1], probe, constant=0.0)


# Hutchinson's trace: the value is right, its gradient is not


@mistake(ffjord_log_density, "gradient.x", "gradient.t0", "gradient.t1", "gradient.theta")
def estimate_detached(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The product vᵀJ is made without a graph: the adjoint lacks its sources."""
    return density(x, t0, t1, theta, velocity, method, steps, probe / probe.shape[1], probe, trace_bar=0.0)


@mistake(ffjord_log_density, "gradient.x", "gradient.t0", "gradient.t1", "gradient.theta")
def estimate_without_curvature(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The gradient of vᵀJv without φ'', as with ReLU; right for fields that are no networks."""
    return density(x, t0, t1, theta, straight(velocity), method, steps, probe / probe.shape[1], probe)


@mistake(ffjord_log_density, "gradient.theta")
def estimate_averaged_over_batch(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ_bar is divided by the batch: the parameters are shared by the examples and receive the sum."""
    value, right = ffjord_log_density.body(
        x, probe, t0, t1, theta, velocity=velocity, method=method, steps=steps
    )
    return value, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


@mistake(ffjord_log_density, "gradient.t0", "gradient.t1")
def estimate_times_exchanged(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₀ for t_bar₁: the solve begins at t₁, and its gradients are taken in the order of the arguments."""
    value, right = ffjord_log_density.body(
        x, probe, t0, t1, theta, velocity=velocity, method=method, steps=steps
    )
    return value, lambda bar: (g := right(bar)) | {"t0": g["t1"], "t1": g["t0"]}


GRADIENTS = ("gradient.x", "gradient.t0", "gradient.t1", "gradient.theta")


# --- planted by people who had not seen the cases, or after public code ---------------------------

# The log-density with the exact trace


@mistake(cnf_log_density, blind=True)
def data_a_little_early(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The solve begins at t₁ + 10⁻⁵ (t₀ − t₁), as for a field that is singular at the data, and not at t₁."""
    epsilon = 1e-5
    value, right = density(x, t0, t1 + epsilon * (t0 - t1), theta, velocity, method, steps)
    return value, lambda bar: (g := right(bar)) | {
        "t0": g["t0"] + epsilon * g["t1"], "t1": (1 - epsilon) * g["t1"]}


@mistake(cnf_log_density, blind=True)
def trace_by_rectangles(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The trace is summed at the beginnings of the steps, whatever the method of the state."""
    both = with_log_density(velocity, axes(x), axes(x))
    return solved(rectangles, x, t0, t1, theta, both, method, steps)


@mistake(cnf_log_density, blind=True)
def clamped_from_below(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """A log-density below −100 is reported as −100, and its gradient is zero, as some cross-entropies do it."""
    xp = namespace(x)
    value, right = cnf_log_density.body(x, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    floor = xp.full_like(value, -100.0)
    return xp.where(value < floor, floor, value), lambda bar: right(xp.where(value < floor, 0 * bar, bar))


@mistake(cnf_log_density, "value", blind=True)
def constant_of_one_axis(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """½ log 2π where D/2 log 2π belongs; right for D = 1."""
    return density(x, t0, t1, theta, velocity, method, steps, constant=1 / x.shape[1])


@mistake(cnf_log_density, "gradient.t0", "gradient.t1", blind=True)
def trace_still_in_time(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """τ lacks ∂ tr/∂t: the trace hears of the time through the state alone; right for a velocity without time."""
    return solved(odeint.body, x, t0, t1, theta, blind(velocity, x, "t"), method, steps)


# The log-density with Hutchinson's trace


@mistake(ffjord_log_density, blind=True)
def signs_of_the_probes(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The signs of the probes are taken for the probes; right for Rademacher's law, wrong for normal ones."""
    signs = namespace(x).sign(probe)
    return density(x, t0, t1, theta, velocity, method, steps, signs / probe.shape[1], signs)


@mistake(ffjord_log_density, *GRADIENTS, blind=True)
def probes_drawn_again_for_the_gradient(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The gradient is that with other probes, the next example's: the noise is not kept for the way back."""
    other = namespace(x).roll(probe, 1, axis=0)
    value, _ = ffjord_log_density.body(x, probe, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    _, right = ffjord_log_density.body(x, other, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return value, right


@mistake(ffjord_log_density, *GRADIENTS, blind=True)
def gradient_with_the_exact_trace(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The estimate is reported, the log-density with the exact trace is differentiated."""
    value, _ = ffjord_log_density.body(x, probe, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return value, cnf_log_density.body(x, t0, t1, theta, velocity=velocity, method=method, steps=steps)[1]


def timeless(velocity: Field) -> Field:
    """The velocity with a clock that receives no gradient."""

    def jvp(z: Array, z_dot: Array, t: Array, theta: Theta) -> Any:
        outputs, right = velocity.jvp(z, z_dot, t, theta)

        def pullback(*bars: Array, wrt: tuple[str, ...]) -> dict[str, Any]:
            g = right(*bars, wrt=wrt)
            return g | {"t": 0 * g["t"]} if "t" in wrt else g

        return outputs, pullback

    return replace(velocity, jvp=jvp)


@mistake(cnf_log_density, "gradient.t0", "gradient.t1", blind=True)
def clock_detached(x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int) -> Any:
    """The time in the field is a new constant in every stage: t_bar₀ and t_bar₁ come through the step size alone."""
    return cnf_log_density.body(x, t0, t1, theta, velocity=timeless(velocity), method=method, steps=steps)


@mistake(ffjord_log_density, "gradient.t0", "gradient.t1", blind=True)
def estimate_with_a_detached_clock(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The time in the field is a new constant in every stage: t_bar₀ and t_bar₁ come through the step size alone."""
    return ffjord_log_density.body(
        x, probe, t0, t1, theta, velocity=timeless(velocity), method=method, steps=steps
    )
