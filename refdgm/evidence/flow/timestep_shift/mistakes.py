"""Mistakes in the shift of a time. The inverse shift, that of the other direction, is a convention and none of them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.flow.timestep_shift import timestep_shift
from refdgm.namespace import Array, namespace

SHIFTED = timestep_shift.body


def moved(t: Array, value: Array, of_t: Array, of_shift: Array) -> Any:
    """A value with its slopes."""
    return value, lambda bar: {"t": of_t * bar, "shift": namespace(t).sum(of_shift * bar)}


def by(t: Array, shift: Array, slope: Array) -> Any:
    """Another shift, with its slope in the right one."""
    value, right = SHIFTED(t, shift)
    return value, lambda bar: (g := right(bar)) | {"shift": g["shift"] * slope}


@mistake(timestep_shift)
def minus_in_the_denominator(t: Array, shift: Array) -> Any:
    """s t / (1 − (s − 1) t)."""
    total = 1 - (shift - 1) * t
    return moved(t, shift * t / total, shift / total**2, t * (1 + t) / total**2)


@mistake(timestep_shift)
def one_not_subtracted(t: Array, shift: Array) -> Any:
    """s t / (1 + s t): noise of 1 does not stay."""
    total = 1 + shift * t
    return moved(t, shift * t / total, shift / total**2, t / total**2)


@mistake(timestep_shift)
def numerator_not_shifted(t: Array, shift: Array) -> Any:
    """t / (1 + (s − 1) t)."""
    total = 1 + (shift - 1) * t
    return moved(t, t / total, 1 / total**2, -t * t / total**2)


@mistake(timestep_shift)
def root_taken_twice(t: Array, shift: Array) -> Any:
    """√s for s, which is √(m/n) already."""
    root = shift**0.5
    return by(t, root, 1 / root / 2)


@mistake(timestep_shift)
def exponentiated(t: Array, shift: Array) -> Any:
    """e^s: the shift is taken for its logarithm."""
    large = namespace(t).exp(shift)
    return by(t, large, large)


@mistake(timestep_shift)
def scaled_and_cut(t: Array, shift: Array) -> Any:
    """min(s t, 1): what the shift is for little noise, for all of it."""
    xp = namespace(t)
    inside = xp.astype(shift * t < 1, t.dtype)
    return moved(t, xp.minimum(shift * t, 1.0), inside * shift, inside * t)


@mistake(timestep_shift, "gradient.t")
def slope_of_the_numerator(t: Array, shift: Array) -> Any:
    """t_bar = y_bar s/D: the denominator is held."""
    value, right = SHIFTED(t, shift)
    return value, lambda bar: right(bar) | {"t": bar * shift / ((1 - t) + shift * t)}


@mistake(timestep_shift, "gradient.t")
def time_gradient_passed_on(t: Array, shift: Array) -> Any:
    """t_bar = y_bar: as if the times were only renamed."""
    value, right = SHIFTED(t, shift)
    return value, lambda bar: right(bar) | {"t": +bar}


@mistake(timestep_shift, "gradient.shift")
def denominator_held(t: Array, shift: Array) -> Any:
    """s_bar = Σ y_bar t/D: the shift in the denominator is taken for a constant."""
    xp = namespace(t)
    value, right = SHIFTED(t, shift)
    return value, lambda bar: right(bar) | {"shift": xp.sum(bar * t / ((1 - t) + shift * t))}


@mistake(timestep_shift, "gradient.shift")
def rest_left_out(t: Array, shift: Array) -> Any:
    """s_bar = Σ y_bar t/D²: without 1 − t."""
    xp = namespace(t)
    value, right = SHIFTED(t, shift)
    return value, lambda bar: right(bar) | {"shift": xp.sum(bar * t / ((1 - t) + shift * t) ** 2)}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(timestep_shift, seen="huggingface/diffusers #13243", blind=True)
def applied_twice(t: Array, shift: Array) -> Any:
    """Ends that are shifted already make the grid, and the grid is shifted: by s²."""
    return by(t, shift * shift, 2 * shift)


@mistake(timestep_shift, seen="huggingface/diffusers #14013", blind=True)
def left_as_it_is(t: Array, shift: Array) -> Any:
    """Times that are handed in go to the network unshifted, though the levels of noise are shifted."""
    return moved(t, +t, 0 * t + 1, 0 * t)


@mistake(timestep_shift, blind=True)
def on_a_thousand_steps(t: Array, shift: Array) -> Any:
    """The time is rounded to one of a thousand steps first."""
    return SHIFTED(namespace(t).round(1000 * t) / 1000, shift)


@mistake(timestep_shift, blind=True)
def one_time_for_all(t: Array, shift: Array) -> Any:
    """The time of the first example serves the whole batch; right for equal times, as a sampler has them."""
    xp = namespace(t)
    first = xp.astype(xp.arange(t.shape[0], device=t.device) == 0, t.dtype)
    value, right = SHIFTED(t[:1] + 0 * t, shift)
    return value, lambda bar: (g := right(bar)) | {"t": first * xp.sum(g["t"])}


@mistake(timestep_shift, "gradient.shift", blind=True)
def shift_gradient_averaged(t: Array, shift: Array) -> Any:
    """s_bar is a mean over the batch, where every example adds what it has; right for one example."""
    value, right = SHIFTED(t, shift)
    return value, lambda bar: (g := right(bar)) | {"shift": g["shift"] / max(t.shape[0], 1)}
