"""Mistakes in the trace of a Jacobian, exact and by Hutchinson's estimator."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.flow.flowing import axes
from refdgm.evidence.network import bent, tangent
from refdgm.flow.hutchinson_trace import hutchinson_trace, jacobian_trace
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.ode.step import added

Theta = dict[str, Array]


def estimate(x: Array, right: Array, left: Array, theta: Theta, score: Field) -> Any:
    """Σ_r ⟨left_r, (∂s/∂x) right_r⟩, rightly differentiated."""
    xp = namespace(x)
    (s, s_dot), inner = score.jvp(x, right, theta)

    def pullback(bar: Array) -> dict[str, Any]:
        return inner(0 * s, bar[:, None, None] * left)

    return 0 * s[:, 0] + xp.sum(left * s_dot, axis=(1, 2)), pullback


# The trace: wrong equations, rightly differentiated


@mistake(jacobian_trace)
def trace_averaged(x: Array, theta: Theta, *, score: Field) -> Any:
    """A mean over the axes where the trace is a sum; right for D = 1."""
    return estimate(x, axes(x), axes(x) / x.shape[1], theta, score)


@mistake(jacobian_trace)
def trace_of_opposite_sign(x: Array, theta: Theta, *, score: Field) -> Any:
    """−tr, the rate of a log-density along the field."""
    return estimate(x, axes(x), -axes(x), theta, score)


@mistake(jacobian_trace)
def sum_of_jacobian(x: Array, theta: Theta, *, score: Field) -> Any:
    """The sum of all entries, as one backward pass of Σ s gives it; right for a diagonal Jacobian."""
    ones = namespace(x).sum(axes(x), axis=1, keepdims=True)
    return estimate(x, ones, ones, theta, score)


@mistake(jacobian_trace)
def first_axis_alone(x: Array, theta: Theta, *, score: Field) -> Any:
    """∂s₁/∂x₁: of the backward passes only one is made."""
    return estimate(x, axes(x)[:, :1], axes(x)[:, :1], theta, score)


@mistake(jacobian_trace)
def squared_norm_of_jacobian(x: Array, theta: Theta, *, score: Field) -> Any:
    """tr JᵀJ = Σ J_ij², without the second factor e_r."""
    xp = namespace(x)
    (s, s_dot), inner = score.jvp(x, axes(x) + 0 * x[:, None], theta)
    return xp.sum(s_dot * s_dot, axis=(1, 2)), lambda bar: inner(0 * s, 2 * bar[:, None, None] * s_dot)


# The trace: the value is right, its gradient is not


@mistake(jacobian_trace, "gradient.x", "gradient.theta")
def trace_without_curvature(x: Array, theta: Theta, *, score: Field) -> Any:
    """The φ'' term is missing, as with ReLU; right for a linear field."""
    trace, right = jacobian_trace.body(x, theta, score=score)
    if not score.name.startswith("mlp_"):
        return trace, right
    every = axes(x) + 0 * x[:, None]
    (s, _), flat = tangent(x, every, theta, bent(score.name.removeprefix("mlp_"), 0.0))
    return trace, lambda bar: flat(0 * s, bar[:, None, None] * every)


@mistake(jacobian_trace, "gradient.x")
def trace_detached_from_input(x: Array, theta: Theta, *, score: Field) -> Any:
    """The Jacobian is taken for a constant of x: x_bar = 0, right for a linear field."""
    trace, right = jacobian_trace.body(x, theta, score=score)
    return trace, lambda bar: (g := right(bar)) | {"x": 0 * g["x"]}


@mistake(jacobian_trace, "gradient.theta")
def trace_averaged_over_batch(x: Array, theta: Theta, *, score: Field) -> Any:
    """θ_bar is divided by the batch: the parameters are shared by the examples and receive the sum."""
    trace, right = jacobian_trace.body(x, theta, score=score)
    return trace, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


# Hutchinson's estimator: wrong equations, rightly differentiated


@mistake(hutchinson_trace, seen="bayesflow-org/bayesflow #772")
def not_divided(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The sum over the probes where their mean belongs; right for one probe."""
    return estimate(x, probe, probe, theta, score)


@mistake(hutchinson_trace)
def variance_of_two(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """Probes of variance 2, as a complex normal has: twice the trace."""
    return estimate(x, probe, 2 * probe / probe.shape[1], theta, score)


@mistake(hutchinson_trace)
def probes_of_length_one(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """v/‖v‖ for v, so that E vvᵀ = I/D: the mean of the eigenvalues, not their sum."""
    xp = namespace(x)
    unit = probe / xp.sum(probe * probe, axis=2, keepdims=True)
    return estimate(x, probe, unit / probe.shape[1], theta, score)


@mistake(hutchinson_trace)
def second_factor_missing(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """1ᵀ J v: the product with the probe is summed and not multiplied by the probe; its mean is 0."""
    return estimate(x, probe, (0 * probe + 1) / probe.shape[1], theta, score)


@mistake(hutchinson_trace)
def probes_of_ones(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """1ᵀ J 1, the sum of all entries of the Jacobian."""
    ones = 0 * probe + 1
    return estimate(x, ones, ones / probe.shape[1], theta, score)


@mistake(hutchinson_trace)
def one_probe_for_the_batch(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The first example's probes for all examples: unbiased, but the errors no longer average out."""
    same = probe[:1] + 0 * probe
    return estimate(x, same, same / probe.shape[1], theta, score)


@mistake(hutchinson_trace)
def probes_not_paired(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """v_{r+1}ᵀ J v_r: another probe on the left than on the right, whose mean is 0; right for one probe."""
    xp = namespace(x)
    return estimate(x, probe, xp.roll(probe, 1, axis=1) / probe.shape[1], theta, score)


# Hutchinson's estimator: the value is right, its gradient is not


@mistake(hutchinson_trace, "gradient.x", "gradient.theta")
def gradient_of_the_sum_of_probes(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The mean over the probes is reported, the sum is differentiated."""
    trace, right = hutchinson_trace.body(x, probe, theta, score=score)
    return trace, lambda bar: right(probe.shape[1] * bar)


@mistake(hutchinson_trace, "gradient.x", "gradient.theta")
def curvature_missing(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The φ'' term is missing, as with ReLU; right for a linear field."""
    trace, right = hutchinson_trace.body(x, probe, theta, score=score)
    if not score.name.startswith("mlp_"):
        return trace, right
    (s, _), flat = tangent(x, probe, theta, bent(score.name.removeprefix("mlp_"), 0.0))
    share = probe / probe.shape[1]
    return trace, lambda bar: flat(0 * s, bar[:, None, None] * share)


@mistake(hutchinson_trace, "gradient.x")
def input_detached(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The Jacobian is taken for a constant of x: x_bar = 0, right for a linear field."""
    trace, right = hutchinson_trace.body(x, probe, theta, score=score)
    return trace, lambda bar: (g := right(bar)) | {"x": 0 * g["x"]}


@mistake(hutchinson_trace, "gradient.theta")
def parameters_averaged_over_batch(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """θ_bar is divided by the batch: the parameters are shared by the examples and receive the sum."""
    trace, right = hutchinson_trace.body(x, probe, theta, score=score)
    return trace, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


# --- planted by people who had not seen the cases, or after public code ---------------------------

# The trace


@mistake(jacobian_trace, blind=True)
def odd_axis_dropped(x: Array, theta: Theta, *, score: Field) -> Any:
    """The axes are taken in pairs, and the last one of an odd number is left out."""
    pairs = x.shape[1] // 2 * 2
    return estimate(x, axes(x)[:, :pairs], axes(x)[:, :pairs], theta, score)


@mistake(jacobian_trace, blind=True)
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


@mistake(jacobian_trace, "gradient.theta", blind=True)
def shared_jacobian_hears_the_first_example(x: Array, theta: Theta, *, score: Field) -> Any:
    """A linear field has one Jacobian for the batch, and its gradient is the first example's; right for networks."""
    trace, right = jacobian_trace.body(x, theta, score=score)
    if score.name != "linear":
        return trace, right
    xp = namespace(x)
    return trace, lambda bar: (g := right(bar)) | {"theta": g["theta"] | {"A": xp.sum(bar[:1]) * axes(x)[0]}}


# Hutchinson's estimator


@mistake(hutchinson_trace, blind=True)
def probes_on_the_sphere(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """√D v/‖v‖ for v: also unbiased, right for Rademacher's law, but not the estimate from the probes given."""
    xp = namespace(x)
    left = probe * (x.shape[1] / xp.sum(probe * probe, axis=2, keepdims=True)) / probe.shape[1]
    return estimate(x, probe, left, theta, score)


@mistake(hutchinson_trace, blind=True)
def batch_and_probes_exchanged(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The probes are read as (R, B, D): an example is given those of others, right for one probe or one example."""
    xp = namespace(x)
    size, count, dimension = probe.shape
    dealt = xp.permute_dims(xp.reshape(probe, (count, size, dimension)), (1, 0, 2))
    return estimate(x, dealt, dealt / count, theta, score)


@mistake(hutchinson_trace, "gradient.x", "gradient.theta", blind=True)
def cotangent_of_the_product(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """d_bar = T_bar s_dot/R where T_bar v/R belongs: of the factors of ⟨v, s_dot⟩ the wrong one is left."""
    trace, _ = hutchinson_trace.body(x, probe, theta, score=score)
    (s, s_dot), inner = score.jvp(x, probe, theta)
    return trace, lambda bar: inner(0 * s, bar[:, None, None] * s_dot / probe.shape[1])


@mistake(hutchinson_trace, "gradient.x", "gradient.theta", blind=True)
def gradient_of_the_first_probe(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The mean over the probes is reported, the estimate of the first one is differentiated."""
    trace, _ = hutchinson_trace.body(x, probe, theta, score=score)
    return trace, hutchinson_trace.body(x, probe[:, :1], theta, score=score)[1]


@mistake(hutchinson_trace, blind=True)
def averaged_over_components(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """⟨v, s_dot⟩ as a mean over the components: the trace divided by D."""
    value, right = hutchinson_trace.body(x, probe, theta, score=score)
    return value / x.shape[1], lambda bar: right(bar / x.shape[1])
