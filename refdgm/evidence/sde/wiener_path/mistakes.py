"""Mistakes in paths of a Wiener process."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.sde.wiener_path import wiener_path

BODY = wiener_path.body


def added(eps: Array, h: Array, width: Array, slope: Array, axis: int = 1) -> Any:
    """Σ width_k ε_k along an axis, rightly differentiated; `slope` is that of the width in its own h."""
    xp = namespace(eps)

    def later(bar: Array) -> Array:
        return xp.flip(xp.cumulative_sum(xp.flip(bar, axis=axis), axis=axis), axis=axis)

    return xp.cumulative_sum(width[None, :, None] * eps, axis=axis), lambda bar: {
        "h": slope * xp.sum(later(bar) * eps, axis=(0, 2))}


def roots(h: Array) -> tuple[Array, Array]:
    root = namespace(h).sqrt(h)
    return root, 1 / (2 * root)


@mistake(wiener_path)
def step_for_its_root(eps: Array, h: Array) -> Any:
    """h ε: the step is taken for the deviation of its increment, whose variance it is."""
    return added(eps, h, h, namespace(h).ones_like(h))


@mistake(wiener_path)
def increments_returned(eps: Array, h: Array) -> Any:
    """√h_n ε_n: the increments, which are not added up."""
    xp = namespace(eps)
    root, slope = roots(h)
    return root[None, :, None] * eps, lambda bar: {"h": slope * xp.sum(bar * eps, axis=(0, 2))}


@mistake(wiener_path)
def one_number_for_all_coordinates(eps: Array, h: Array) -> Any:
    """ε ~ N(0, 1) in place of N(0, I): all coordinates of an example move by the same noise."""
    return BODY(eps[:, :, :1] + 0 * eps, h)


@mistake(wiener_path)
def root_of_the_last_step(eps: Array, h: Array) -> Any:
    """√h_n Σ ε_k: the sum is scaled, by its last step; right for equal ones."""
    xp = namespace(eps)
    root, slope = roots(h)
    total = xp.cumulative_sum(eps, axis=1)
    return root[None, :, None] * total, lambda bar: {"h": slope * xp.sum(bar * total, axis=(0, 2))}


@mistake(wiener_path)
def path_before_each_step(eps: Array, h: Array) -> Any:
    """The zero at the start is the first, and the end is left out."""
    xp = namespace(eps)
    path, right = BODY(eps, h)
    none = xp.zeros_like(eps[:, :1, :])
    return xp.concat([none, path[:, :-1, :]], axis=1), lambda bar: right(xp.concat([bar[:, 1:, :], none], axis=1))


@mistake(wiener_path, "value")
def start_is_drawn(eps: Array, h: Array) -> Any:
    """w starts at ε_1 and not at 0: the variance is too large by one, at all times."""
    path, right = BODY(eps, h)
    return path + eps[:, :1, :], right


@mistake(wiener_path, "gradient.h")
def later_times_left_out(eps: Array, h: Array) -> Any:
    """h_bar by the cotangent at the end of the step alone, though all later times move with it."""
    xp = namespace(eps)
    path, _ = BODY(eps, h)
    return path, lambda bar: {"h": roots(h)[1] * xp.sum(bar * eps, axis=(0, 2))}


@mistake(wiener_path, "gradient.h")
def root_differentiated_without_half(eps: Array, h: Array) -> Any:
    """h_bar with 1/√h for 1/(2√h)."""
    path, right = BODY(eps, h)
    return path, lambda bar: {"h": 2 * right(bar)["h"]}


@mistake(wiener_path, "gradient.h")
def gradient_averaged(eps: Array, h: Array) -> Any:
    """h_bar is a mean over the batch, where all examples share the steps."""
    path, right = BODY(eps, h)
    return path, lambda bar: {"h": right(bar)["h"] / max(eps.shape[0], 1)}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(wiener_path, seen="uclales/uclales #7", blind=True)
def steps_forgotten(eps: Array, h: Array) -> Any:
    """Σ ε_k: every increment has the variance one, whatever its step; right for steps of one."""
    xp = namespace(eps)
    return xp.cumulative_sum(eps, axis=1), lambda bar: {"h": xp.zeros_like(h)}


@mistake(wiener_path, blind=True)
def first_step_for_all(eps: Array, h: Array) -> Any:
    """The first step is taken for all of them; right for a grid of equal steps."""
    xp = namespace(eps)
    first = xp.astype(xp.arange(h.shape[0], device=h.device) == 0, h.dtype)
    path, right = BODY(eps, h[:1] + 0 * h)
    return path, lambda bar: {"h": first * xp.sum(right(bar)["h"])}


@mistake(wiener_path, blind=True)
def added_along_components(eps: Array, h: Array) -> Any:
    """The sum runs along the last axis, and not along the time."""
    return added(eps, h, *roots(h), axis=2)


@mistake(wiener_path, "gradient.h", blind=True)
def earlier_times_for_later(eps: Array, h: Array) -> Any:
    """c_k is the sum of the cotangents up to k, and not from k on: a sum that was not turned round."""
    xp = namespace(eps)
    path, _ = BODY(eps, h)
    return path, lambda bar: {"h": roots(h)[1] * xp.sum(xp.cumulative_sum(bar, axis=1) * eps, axis=(0, 2))}


@mistake(wiener_path, blind=True)
def differences_of_roots_of_times(eps: Array, h: Array) -> Any:
    """Increments of the deviation √t_k − √t_{k−1}, where t = Σ h, as if deviations added up; right at first."""
    xp = namespace(eps)
    t = xp.cumulative_sum(h)
    root = xp.sqrt(t)
    none = xp.zeros_like(h[:1])
    width = root - xp.concat([none, root[:-1]])

    def pullback(bar: Array) -> dict[str, Array]:
        later = xp.flip(xp.cumulative_sum(xp.flip(bar, axis=1), axis=1), axis=1)
        each = xp.sum(later * eps, axis=(0, 2))
        t_bar = (each - xp.concat([each[1:], none])) / (2 * root)
        return {"h": xp.flip(xp.cumulative_sum(xp.flip(t_bar)))}

    return xp.cumulative_sum(width[None, :, None] * eps, axis=1), pullback
