"""Mistakes in sliced score matching, plain and with reduced variance. Twice the objective is a convention and not
among them.
"""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.network import bent, tangent
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.score.sliced_score_matching import sliced_score_matching, sliced_score_matching_vr

Theta = dict[str, Array]
PLAIN = sliced_score_matching
REDUCED = sliced_score_matching_vr


def objective(
    x: Array, probe: Array, theta: Theta, score: Field, norm: float, along: float, trace: float,
    norm_bar: float | None = None, along_bar: float | None = None, trace_bar: float | None = None, jvp: Any = None,
) -> Any:
    """norm · ½ ‖s‖² + mean of along · ½ ⟨v, s⟩² + trace · ⟨v, s_dot⟩, and the gradient of that, or of what the `_bar`
    weights make; `jvp` is another tangent of the network."""
    xp = namespace(x)
    norm_bar, along_bar = norm if norm_bar is None else norm_bar, along if along_bar is None else along_bar
    trace_bar, count = trace if trace_bar is None else trace_bar, probe.shape[1]
    (s, s_dot), right = (jvp or score.jvp)(x, probe, theta)
    u = xp.sum(probe * s[:, None, :], axis=-1)
    seen = xp.sum(along * u * u / 2 + trace * xp.sum(probe * s_dot, axis=-1), axis=1) / count

    def pullback(bar: Array) -> dict[str, Any]:
        each = bar[:, None, None] * probe / count
        g = right(norm_bar * bar[:, None] * s + along_bar * xp.sum(u[:, :, None] * each, axis=1), trace_bar * each)
        return {"x": g["x"], "theta": g["theta"]}

    return norm * xp.sum(s * s, axis=-1) / 2 + seen, pullback


def plain(x: Array, probe: Array, theta: Theta, score: Field, trace: float = 1.0, **more: Any) -> Any:
    return objective(x, probe, theta, score, 0.0, 1.0, trace, **more)


def reduced(x: Array, probe: Array, theta: Theta, score: Field, trace: float = 1.0, **more: Any) -> Any:
    return objective(x, probe, theta, score, 1.0, 0.0, trace, **more)


def of_unit_length(probe: Array) -> Array:
    xp = namespace(probe)
    return probe / xp.sqrt(xp.sum(probe * probe, axis=-1, keepdims=True))


def without_curvature(score: Field) -> Any:
    """The network's tangent without φ''; a linear score has none."""
    if not score.name.startswith("mlp_"):
        return score.jvp
    return lambda x, x_dot, theta: tangent(x, x_dot, theta, bent(score.name.removeprefix("mlp_"), 0.0))


# --- plain: wrong equations, rightly differentiated -----------------------------------------------


@mistake(PLAIN)
def anti_score(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """½ ⟨v, s⟩² − ⟨v, s_dot⟩: the sign of the integration by parts; the network learns minus the score."""
    return plain(x, probe, theta, score, -1.0)


@mistake(PLAIN)
def half_forgotten(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """⟨v, s⟩² + ⟨v, s_dot⟩: neither the objective nor twice it."""
    return objective(x, probe, theta, score, 0.0, 2.0, 1.0)


@mistake(PLAIN)
def both_norms(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """½ ‖s‖² is added and ½ ⟨v, s⟩² kept."""
    return objective(x, probe, theta, score, 1.0, 1.0, 1.0)


@mistake(PLAIN)
def norm_in_full(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """½ ‖s‖² + ⟨v, s_dot⟩: that is the objective with reduced variance."""
    return reduced(x, probe, theta, score)


@mistake(PLAIN)
def unit_directions(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """Directions of length one: E v vᵀ = I/D."""
    return plain(x, of_unit_length(probe), theta, score)


@mistake(PLAIN)
def directions_summed(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The sum over directions for their mean; right for one."""
    loss, right = PLAIN.body(x, probe, theta, score=score)
    return probe.shape[1] * loss, lambda bar: right(probe.shape[1] * bar)


@mistake(PLAIN)
def one_direction_for_all(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The directions of the first example serve the whole batch; right for a batch of one."""
    return plain(x, probe[:1, ...] + 0 * probe, theta, score)


@mistake(PLAIN)
def square_of_the_mean(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """½ (mean of ⟨v, s⟩)², for the mean of the squares; right for one direction."""
    xp = namespace(x)
    loss, right = plain(x, probe, theta, score)
    centre = xp.mean(probe, axis=1, keepdims=True)
    before, back = objective(x, probe, theta, score, 0.0, 1.0, 0.0)
    after, forth = objective(x, centre, theta, score, 0.0, 1.0, 0.0)

    def pullback(bar: Array) -> dict[str, Any]:
        g, less, more = right(bar), back(bar), forth(bar)
        theta_bar = {n: g["theta"][n] - less["theta"][n] + more["theta"][n] for n in theta}
        return {"x": g["x"] - less["x"] + more["x"], "theta": theta_bar}

    return loss - before + after, pullback


# One of value and gradient is right


@mistake(PLAIN, "value")
def reported_without_trace(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """½ ⟨v, s⟩² is reported while the right objective is minimised."""
    return plain(x, probe, theta, score, 0.0, trace_bar=1.0)


@mistake(PLAIN, "gradient.x", "gradient.theta")
def trace_detached(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """⟨v, s_dot⟩ is computed without a graph (create_graph forgotten): the gradient is that of ½ ⟨v, s⟩²."""
    return plain(x, probe, theta, score, trace_bar=0.0)


@mistake(PLAIN, "gradient.x", "gradient.theta")
def curvature_missing(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The φ'' term of the gradient is missing, as with ReLU; right for a linear score."""
    return plain(x, probe, theta, score, jvp=without_curvature(score))


@mistake(PLAIN, "gradient.x", "gradient.theta")
def directions_drawn_again(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """Other directions in the gradient than in the value."""
    xp = namespace(probe)
    again = plain(x, xp.roll(probe, 1, axis=0), theta, score)[1]
    return PLAIN.body(x, probe, theta, score=score)[0], again


@mistake(PLAIN, "gradient.theta")
def gradient_averaged_over_batch(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """θ_bar is divided by the batch once more; right for a batch of one."""
    loss, right = PLAIN.body(x, probe, theta, score=score)
    return loss, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


# --- reduced variance: the same -------------------------------------------------------------------


@mistake(REDUCED)
def reduced_anti_score(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """½ ‖s‖² − ⟨v, s_dot⟩: the sign of the integration by parts; the network learns minus the score."""
    return reduced(x, probe, theta, score, -1.0)


@mistake(REDUCED)
def reduced_half_forgotten(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """‖s‖² + ⟨v, s_dot⟩: neither the objective nor twice it."""
    return objective(x, probe, theta, score, 2.0, 0.0, 1.0)


@mistake(REDUCED)
def reduced_both_norms(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """½ ⟨v, s⟩² is kept beside ½ ‖s‖²."""
    return objective(x, probe, theta, score, 1.0, 1.0, 1.0)


@mistake(REDUCED)
def norm_along_directions(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """½ ⟨v, s⟩² + ⟨v, s_dot⟩: that is the plain objective."""
    return plain(x, probe, theta, score)


@mistake(REDUCED)
def reduced_unit_directions(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """Directions of length one: E v vᵀ = I/D."""
    return reduced(x, of_unit_length(probe), theta, score)


@mistake(REDUCED)
def reduced_directions_of_variance_two(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """v ~ N(0, 2I): ½ ‖s‖² + 2 tr in the mean."""
    return reduced(x, 2**0.5 * probe, theta, score)


@mistake(REDUCED)
def quadratic_forms_summed(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The sum of ⟨v, s_dot⟩ over the directions for their mean; right for one."""
    return reduced(x, probe, theta, score, float(probe.shape[1]))


@mistake(REDUCED)
def reduced_one_direction_for_all(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The directions of the first example serve the whole batch; right for a batch of one."""
    return reduced(x, probe[:1, ...] + 0 * probe, theta, score)


@mistake(REDUCED, "value")
def reduced_reported_without_trace(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """½ ‖s‖² is reported while the right objective is minimised."""
    return reduced(x, probe, theta, score, 0.0, trace_bar=1.0)


@mistake(REDUCED, "gradient.x", "gradient.theta")
def reduced_trace_detached(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """⟨v, s_dot⟩ is computed without a graph (create_graph forgotten): the gradient is that of ½ ‖s‖²."""
    return reduced(x, probe, theta, score, trace_bar=0.0)


@mistake(REDUCED, "gradient.x", "gradient.theta")
def reduced_norm_detached(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The gradient is that of ⟨v, s_dot⟩ alone."""
    return reduced(x, probe, theta, score, norm_bar=0.0)


@mistake(REDUCED, "gradient.x", "gradient.theta")
def reduced_curvature_missing(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The φ'' term of the gradient is missing, as with ReLU; right for a linear score."""
    return reduced(x, probe, theta, score, jvp=without_curvature(score))


@mistake(REDUCED, "gradient.x", "gradient.theta")
def reduced_directions_drawn_again(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """Other directions in the gradient than in the value."""
    xp = namespace(probe)
    again = reduced(x, xp.roll(probe, 1, axis=0), theta, score)[1]
    return REDUCED.body(x, probe, theta, score=score)[0], again


@mistake(REDUCED, "gradient.theta")
def reduced_gradient_averaged_over_batch(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """θ_bar is divided by the batch once more; right for a batch of one."""
    loss, right = REDUCED.body(x, probe, theta, score=score)
    return loss, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


# --- planted by people who had not seen the cases, or after public code ---------------------------

# --- sliced ---------------------------------------------------------------------------------------


@mistake(sliced_score_matching, blind=True)
def directions_on_the_sphere(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The directions are brought to the length √D; right for v = ±1, which has it."""
    xp = namespace(probe)
    length = xp.sqrt(xp.sum(probe * probe, axis=-1, keepdims=True))
    return plain(x, probe * x.shape[1] ** 0.5 / length, theta, score)


@mistake(sliced_score_matching, blind=True)
def examples_and_directions_interchanged(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """Terms made direction by direction are read as (B, R): examples exchange them, and the batch mean is right."""
    xp = namespace(x)
    batch, count = probe.shape[:2]
    (s, s_dot), right = score.jvp(x, probe, theta)
    u = xp.sum(probe * s[:, None, :], axis=-1)
    terms = xp.reshape((u * u / 2 + xp.sum(probe * s_dot, axis=-1)).T, (batch, count))

    def pullback(bar: Array) -> dict[str, Any]:
        each = xp.reshape(bar[:, None] / count + xp.zeros_like(terms), (count, batch)).T[:, :, None]
        return right(xp.sum(u[:, :, None] * each * probe, axis=1), each * probe)

    return xp.sum(terms, axis=1) / count, pullback


@mistake(sliced_score_matching, blind=True)
def squares_summed(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The squares are summed over the directions and only the quadratic forms averaged; right for one direction."""
    xp = namespace(x)
    count = probe.shape[1]
    (s, s_dot), right = score.jvp(x, probe, theta)
    u = xp.sum(probe * s[:, None, :], axis=-1)
    loss = xp.sum(u * u / 2 + xp.sum(probe * s_dot, axis=-1) / count, axis=1)

    def pullback(bar: Array) -> dict[str, Any]:
        along = bar[:, None, None] * probe
        return right(xp.sum(u[:, :, None] * along, axis=1), along / count)

    return loss, pullback


@mistake(sliced_score_matching, "gradient.x", "gradient.theta", blind=True)
def gradient_of_last_direction(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The gradient is that of the last direction's term, the others being overwritten; right for one direction."""
    loss, _ = sliced_score_matching.body(x, probe, theta, score=score)
    return loss, sliced_score_matching.body(x, probe[:, -1:, :], theta, score=score)[1]


# --- sliced, reduced variance ---------------------------------------------------------------------


@mistake(sliced_score_matching_vr, blind=True)
def norm_averaged_over_components(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """½ of the mean of the squared components, beside the whole trace; right for D = 1."""
    share = 1 / max(x.shape[1], 1)
    (value, right), (norm, back) = (
        sliced_score_matching_vr.body(x, probe, theta, score=score),
        reduced(x, probe, theta, score, 0.0),
    )

    def pullback(bar: Array) -> dict[str, Any]:
        g, less = right(bar), back((1 - share) * bar)
        theta_bar = {n: e - less["theta"][n] for n, e in g["theta"].items()}
        return {"x": g["x"] - less["x"], "theta": theta_bar}

    return value - (1 - share) * norm, pullback


@mistake(sliced_score_matching_vr, blind=True)
def estimate_shared_by_batch(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """Every example has the batch's mean estimate of the trace: right in the mean over the batch."""
    xp = namespace(x)
    batch, count = max(x.shape[0], 1), probe.shape[1]
    (s, s_dot), right = score.jvp(x, probe, theta)
    traces = xp.sum(probe * s_dot, axis=(1, 2)) / count

    def pullback(bar: Array) -> dict[str, Any]:
        return right(bar[:, None] * s, xp.sum(bar) / batch * probe / count)

    return xp.sum(s * s, axis=-1) / 2 + xp.sum(traces) / batch, pullback


@mistake(sliced_score_matching_vr, "value", blind=True)
def reported_along_first_direction(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The value has the first direction alone, the gradient has all; right for one direction."""
    _, right = sliced_score_matching_vr.body(x, probe, theta, score=score)
    return sliced_score_matching_vr.body(x, probe[:, :1, :], theta, score=score)[0], right


@mistake(sliced_score_matching_vr, "gradient.x", "gradient.theta", blind=True)
def directions_summed_in_gradient(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """The trace's part of the gradient is a sum over the directions, the value a mean; right for one direction."""
    value, _ = sliced_score_matching_vr.body(x, probe, theta, score=score)
    return value, reduced(x, probe, theta, score, trace_bar=float(probe.shape[1]))[1]


@mistake(sliced_score_matching, "gradient.x", "gradient.theta", blind=True)
def square_detached(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """½ ⟨v, s⟩² is formed where nothing is differentiated: the gradient is that of the trace alone."""
    return plain(x, probe, theta, score, along_bar=0.0)
