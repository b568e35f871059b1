"""Later mistakes in traces and in log-densities along a flow, planted without sight of the certified cases."""

from typing import Any

from refdgm.flow.cnf_log_density import cnf_log_density, ffjord_log_density, with_log_density
from refdgm.flow.cnf_log_density_adjoint import cnf_log_density_adjoint
from refdgm.flow.hutchinson_trace import hutchinson_trace, jacobian_trace
from refdgm.mistakes.flowing import axes, density, start
from refdgm.mistakes.later.ode import rectangles
from refdgm.mistakes.mistake import mistake
from refdgm.mistakes.trace import estimate
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.ode.odeint import odeint
from refdgm.ode.odeint_adjoint import odeint_adjoint
from refdgm.ode.step import added

Theta = dict[str, Array]
GRADIENTS = ("gradient.x", "gradient.t0", "gradient.t1", "gradient.theta")


def solved(
    solver: Any, x: Array, t0: Array, t1: Array, theta: Theta, field: Field, method: str, steps: int
) -> Any:
    """As `cnf_log_density`, with another solver, or another field for the pair of state and log-density."""
    xp = namespace(x)
    state, right = solver(start(x), t1, t0, theta, velocity=field, method=method, steps=steps)
    z = state[:, :-1]

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(xp.concat([-bar[:, None] * z, -bar[:, None]], axis=1))
        return {"x": g["z0"][:, :-1], "t0": g["t1"], "t1": g["t0"], "theta": g["theta"]}

    log_2pi = xp.log(xp.full_like(t0, 2 * xp.pi))
    return -xp.sum(z * z, axis=1) / 2 - x.shape[1] * log_2pi / 2 - state[:, -1], pullback


def blind(velocity: Field, x: Array, name: str) -> Field:
    """The field of state and log-density, where the trace sends no cotangent to `name`."""
    xp, both = namespace(x), with_log_density(velocity, axes(x), axes(x))

    def vjp(state: Array, t: Array, theta: Theta) -> Any:
        rates, right = both.vjp(state, t, theta)

        def pullback(bar: Array, wrt: tuple[str, ...] = ("z", "t", "theta")) -> dict[str, Any]:
            g = right(bar, wrt=wrt)
            path = xp.concat([bar[:, :-1], xp.zeros_like(bar[:, -1:])], axis=1)
            return g | {name: right(path, wrt=wrt)[name]} if name in wrt else g

        return rates, pullback

    return Field(both.name, ("z", "t"), both.value, vjp)


# The trace


@mistake(jacobian_trace)
def odd_axis_dropped(x: Array, theta: Theta, *, score: Field) -> Any:
    """The axes are taken in pairs, and the last one of an odd number is left out."""
    pairs = x.shape[1] // 2 * 2
    return estimate(x, axes(x)[:, :pairs], axes(x)[:, :pairs], theta, score)


@mistake(jacobian_trace)
def forward_differences(x: Array, theta: Theta, *, score: Field) -> Any:
    """Σ (s_i(x + ε e_i) − s_i(x))/ε with ε = 10⁻⁴: differences in place of derivatives, right for a linear field."""
    epsilon = 1e-4
    s, here = score.vjp(x, theta)
    directions = [axes(x)[0, i] for i in range(x.shape[1])]
    moved = [score.vjp(x + epsilon * e, theta) for e in directions]
    trace = sum(((there - s) @ e / epsilon for (there, _), e in zip(moved, directions, strict=True)), 0 * s[:, 0])

    def pullback(bar: Array) -> dict[str, Any]:
        share = bar[:, None] / epsilon
        g = here(0 * s - share)
        x_bar, theta_bar = g["x"], g["theta"]
        for (_, right), e in zip(moved, directions, strict=True):
            g = right(share * e)
            x_bar, theta_bar = x_bar + g["x"], added(theta_bar, g["theta"])
        return {"x": x_bar, "theta": theta_bar}

    return trace, pullback


@mistake(jacobian_trace, "gradient.theta")
def shared_jacobian_hears_the_first_example(x: Array, theta: Theta, *, score: Field) -> Any:
    """A linear field has one Jacobian for the batch, and its gradient is the first example's; right for networks."""
    trace, right = jacobian_trace.body(x, theta, score=score)
    if score.name != "linear":
        return trace, right
    xp = namespace(x)
    return trace, lambda bar: (g := right(bar)) | {"theta": g["theta"] | {"A": xp.sum(bar[:1]) * axes(x)[0]}}


# Hutchinson's estimator


@mistake(hutchinson_trace)
def probes_on_the_sphere(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """√D v/‖v‖ for v: also unbiased, right for Rademacher's law, but not the estimate from the probes given."""
    xp = namespace(x)
    left = probe * (x.shape[1] / xp.sum(probe * probe, axis=2, keepdims=True)) / probe.shape[1]
    return estimate(x, probe, left, theta, score)


@mistake(hutchinson_trace)
def batch_and_probes_exchanged(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The probes are read as (R, B, D): an example is given those of others, right for one probe or one example."""
    xp = namespace(x)
    size, count, dimension = probe.shape
    dealt = xp.permute_dims(xp.reshape(probe, (count, size, dimension)), (1, 0, 2))
    return estimate(x, dealt, dealt / count, theta, score)


@mistake(hutchinson_trace, "gradient.x", "gradient.theta")
def cotangent_of_the_product(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """ṡ̄ = T̄ ṡ/R where T̄ v/R belongs: of the factors of ⟨v, ṡ⟩ the wrong one is left."""
    trace, _ = hutchinson_trace.body(x, probe, theta, score=score)
    (s, s_dot), inner = score.jvp(x, probe, theta)
    return trace, lambda bar: inner(0 * s, bar[:, None, None] * s_dot / probe.shape[1])


@mistake(hutchinson_trace, "gradient.x", "gradient.theta")
def gradient_of_the_first_probe(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The mean over the probes is reported, the estimate of the first one is differentiated."""
    trace, _ = hutchinson_trace.body(x, probe, theta, score=score)
    return trace, hutchinson_trace.body(x, probe[:, :1], theta, score=score)[1]


# The log-density with the exact trace


@mistake(cnf_log_density)
def data_a_little_early(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The solve begins at t₁ + 10⁻⁵ (t₀ − t₁), as for a field that is singular at the data, and not at t₁."""
    epsilon = 1e-5
    value, right = density(x, t0, t1 + epsilon * (t0 - t1), theta, velocity, method, steps)
    return value, lambda bar: (g := right(bar)) | {
        "t0": g["t0"] + epsilon * g["t1"], "t1": (1 - epsilon) * g["t1"]}


@mistake(cnf_log_density)
def trace_by_rectangles(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The trace is summed at the beginnings of the steps, whatever the method of the state."""
    both = with_log_density(velocity, axes(x), axes(x))
    return solved(rectangles, x, t0, t1, theta, both, method, steps)


@mistake(cnf_log_density)
def clamped_from_below(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """A log-density below −100 is reported as −100, and its gradient is zero, as some cross-entropies do it."""
    xp = namespace(x)
    value, right = cnf_log_density.body(x, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    floor = xp.full_like(value, -100.0)
    return xp.where(value < floor, floor, value), lambda bar: right(xp.where(value < floor, 0 * bar, bar))


@mistake(cnf_log_density, "value")
def constant_of_one_axis(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """½ log 2π where D/2 log 2π belongs; right for D = 1."""
    return density(x, t0, t1, theta, velocity, method, steps, constant=1 / x.shape[1])


@mistake(cnf_log_density, "gradient.t0", "gradient.t1")
def trace_still_in_time(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """τ lacks ∂ tr/∂t: the trace hears of the time through the state alone; right for a velocity without time."""
    return solved(odeint.body, x, t0, t1, theta, blind(velocity, x, "t"), method, steps)


# The log-density with Hutchinson's trace


@mistake(ffjord_log_density)
def signs_of_the_probes(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The signs of the probes are taken for the probes; right for Rademacher's law, wrong for normal ones."""
    signs = namespace(x).sign(probe)
    return density(x, t0, t1, theta, velocity, method, steps, signs / probe.shape[1], signs)


@mistake(ffjord_log_density, *GRADIENTS)
def probes_drawn_again_for_the_gradient(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The gradient is that with other probes, the next example's: the noise is not kept for the way back."""
    other = namespace(x).roll(probe, 1, axis=0)
    value, _ = ffjord_log_density.body(x, probe, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    _, right = ffjord_log_density.body(x, other, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return value, right


@mistake(ffjord_log_density, *GRADIENTS)
def gradient_with_the_exact_trace(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The estimate is reported, the log-density with the exact trace is differentiated."""
    value, _ = ffjord_log_density.body(x, probe, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return value, cnf_log_density.body(x, t0, t1, theta, velocity=velocity, method=method, steps=steps)[1]


# The continuous adjoint of the log-density


@mistake(cnf_log_density_adjoint, "value")
def value_without_the_integral(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """log N(z(t₀)) is reported with the gradient of the log-density: the trace is integrated on the way back only."""
    value, _ = density(x, t0, t1, theta, velocity, method, steps, trace=0.0)
    _, right = cnf_log_density_adjoint.body(x, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return value, right


@mistake(cnf_log_density_adjoint, *GRADIENTS)
def gradient_of_the_solver(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The discrete adjoint, that of cnf_log_density: the derivative of the value, not what the equation gives."""
    return cnf_log_density.body(x, t0, t1, theta, velocity=velocity, method=method, steps=steps)


@mistake(cnf_log_density_adjoint, "gradient.theta")
def direct_trace_missing(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ̄ lacks p̄ ∇_θ tr, while the adjoint has its sources."""
    return solved(odeint_adjoint.body, x, t0, t1, theta, blind(velocity, x, "theta"), method, steps)


@mistake(cnf_log_density_adjoint, "gradient.t0")
def base_time_without_trace(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t̄₀ = ⟨a, f⟩ at the base, as for a loss of the state alone."""
    xp = namespace(x)
    value, right = cnf_log_density_adjoint.body(x, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    z, _ = odeint.body(x, t1, t0, theta, velocity=velocity, method=method, steps=steps)
    return value, lambda bar: right(bar) | {"t0": -xp.sum(bar[:, None] * z * velocity.value(z, t0, theta))}
