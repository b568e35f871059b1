"""Mistakes in strided schedules. An offset that moves timesteps and their ᾱ together is a choice and not among them."""

from itertools import pairwise
from typing import Any

from refdgm.diffusion.strided_schedule import strided_schedule
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

SCHEDULE = strided_schedule.body
STRIDES = ("beta", "alpha_prod_prev")


def through(beta: Array, visited: list[int], before: list[int]) -> Any:
    """The schedule at these timesteps with strides down to those of `before`; below the first there is the data."""
    xp = namespace(beta)
    products = xp.cumulative_prod(1 - beta)
    whole = xp.ones_like(products[0])
    here = xp.stack([products[t] for t in visited])
    prev = xp.stack([products[t] if t >= 0 else whole for t in before])
    return xp.asarray(visited, dtype=xp.int64, device=beta.device), 1 - here / prev, here, prev


def those(beta: Array, steps: int, spacing: str) -> list[int]:
    return [int(t) for t in SCHEDULE(beta, steps=steps, spacing=spacing)[0]]


@mistake(strided_schedule, *STRIDES, seen="huggingface/diffusers #11347")
def previous_by_the_mean_stride(beta: Array, *, steps: int, spacing: str) -> Any:
    """The stride ends at t − ⌊T/S⌋, whatever the spacing: it does not meet the next one."""
    visited = those(beta, steps, spacing)
    return through(beta, visited, [t - beta.shape[0] // steps for t in visited])


@mistake(strided_schedule, *STRIDES)
def previous_of_the_training(beta: Array, *, steps: int, spacing: str) -> Any:
    """ᾱ_{t−1} of the training's schedule for that of the next timestep: strides of one step."""
    visited = those(beta, steps, spacing)
    return through(beta, visited, [t - 1 for t in visited])


@mistake(strided_schedule, *STRIDES)
def previous_one_too_low(beta: Array, *, steps: int, spacing: str) -> Any:
    """ᾱ_prev is read one index below the next timestep, whatever the spacing; the last one is right."""
    visited = those(beta, steps, spacing)
    return through(beta, visited, [*(max(t - 1, -1) for t in visited[1:]), -1])


@mistake(strided_schedule, *STRIDES)
def previous_one_too_high(beta: Array, *, steps: int, spacing: str) -> Any:
    """ᾱ_prev is read one index above the next timestep, so that the last one is the first of the table, not 1."""
    visited = those(beta, steps, spacing)
    return through(beta, visited, [t + 1 for t in (*visited[1:], -1)])


@mistake(strided_schedule, "beta")
def beta_of_the_table(beta: Array, *, steps: int, spacing: str) -> Any:
    """β_t of the training for the β of the stride."""
    timestep, _, here, prev = SCHEDULE(beta, steps=steps, spacing=spacing)
    return timestep, namespace(beta).take(beta, timestep, axis=0), here, prev


@mistake(strided_schedule, "beta")
def betas_added(beta: Array, *, steps: int, spacing: str) -> Any:
    """β of the stride as the sum of its β: right to first order."""
    xp = namespace(beta)
    timestep, _, here, prev = SCHEDULE(beta, steps=steps, spacing=spacing)
    visited = [*those(beta, steps, spacing), -1]
    return timestep, xp.stack([xp.sum(beta[s + 1 : t + 1]) for t, s in pairwise(visited)]), here, prev


@mistake(strided_schedule)
def order_of_the_training(beta: Array, *, steps: int, spacing: str) -> Any:
    """The least noisy timestep first: not turned round."""
    xp = namespace(beta)
    return tuple(xp.flip(x) for x in SCHEDULE(beta, steps=steps, spacing=spacing))


@mistake(strided_schedule)
def rounded_down(beta: Array, *, steps: int, spacing: str) -> Any:
    """Fractions are cut off: astype(int) without round."""
    train = beta.shape[0]
    up = {
        "leading": [i * (train // steps) for i in range(steps)],
        "linspace": [i * (train - 1) // max(steps - 1, 1) for i in range(steps)],
        "trailing": [(i + 1) * train // steps - 1 for i in range(steps)],
    }[spacing]
    return through(beta, up[::-1], [*up[-2::-1], -1] if steps > 1 else [-1])


@mistake(strided_schedule)
def ends_of_linspace_left_out(beta: Array, *, steps: int, spacing: str) -> Any:
    """linspace with T/S for (T − 1)/(S − 1), as if the last timestep were not to be met."""
    if spacing != "linspace":
        return SCHEDULE(beta, steps=steps, spacing=spacing)
    up = [round(i * beta.shape[0] / steps) for i in range(steps)]
    return through(beta, up[::-1], [*up[-2::-1], -1] if steps > 1 else [-1])


@mistake(strided_schedule, "timestep")
def timesteps_from_one(beta: Array, *, steps: int, spacing: str) -> Any:
    """The timesteps alone count from 1, as in the papers: they no longer point at their ᾱ."""
    timestep, stride, here, prev = SCHEDULE(beta, steps=steps, spacing=spacing)
    return timestep + 1, stride, here, prev


@mistake(strided_schedule, "alpha_prod", "alpha_prod_prev", "beta")
def products_of_the_visited(beta: Array, *, steps: int, spacing: str) -> Any:
    """ᾱ as the product of the visited 1 − β alone: the steps between are forgotten."""
    xp = namespace(beta)
    timestep = SCHEDULE(beta, steps=steps, spacing=spacing)[0]
    chosen = xp.take(beta, timestep, axis=0)
    here = xp.flip(xp.cumulative_prod(xp.flip(1 - chosen)))
    return timestep, chosen, here, here / (1 - chosen)


STRIDED = strided_schedule.body


# --- planted by people who had not seen the cases, or after public code ---------------------------


def visiting(beta: Array, visited: list[int]) -> Any:
    """The right schedule at these timesteps."""
    xp = namespace(beta)
    log_alpha = xp.log1p(-beta)
    strides = [xp.sum(log_alpha[s + 1 : t + 1]) for t, s in zip(visited, [*visited[1:], -1], strict=True)]
    timestep = xp.asarray(visited, dtype=xp.int64, device=beta.device)
    here = xp.take(xp.cumulative_prod(1 - beta), timestep, axis=0)
    return timestep, -xp.expm1(xp.stack(strides)), here, xp.concat([here[1:], xp.ones_like(here[:1])])


@mistake(strided_schedule, blind=True)
def halves_rounded_up(beta: Array, *, steps: int, spacing: str) -> Any:
    """⌊x + ½⌋ for a rounding to the even neighbour."""
    if spacing == "leading":
        return STRIDED(beta, steps=steps, spacing=spacing)
    train, gaps = beta.shape[0], max(steps - 1, 1)
    up = {
        "linspace": [(2 * i * (train - 1) + gaps) // (2 * gaps) for i in range(steps)],
        "trailing": [(2 * (i + 1) * train + steps) // (2 * steps) - 1 for i in range(steps)],
    }[spacing]
    return visiting(beta, up[::-1])


@mistake(strided_schedule, blind=True)
def trailing_by_whole_strides(beta: Array, *, steps: int, spacing: str) -> Any:
    """Trailing timesteps are ⌊T/S⌋ apart, which is right where S divides T."""
    if spacing != "trailing":
        return STRIDED(beta, steps=steps, spacing=spacing)
    train = beta.shape[0]
    return visiting(beta, [train - 1 - i * (train // steps) for i in range(steps)])


@mistake(strided_schedule, "timestep", "beta", "alpha_prod", blind=True)
def single_step_of_linspace_at_the_end(beta: Array, *, steps: int, spacing: str) -> Any:
    """One step by linspace is the noisiest, for the grid is made from there downwards."""
    if spacing == "linspace" and steps == 1:
        return visiting(beta, [beta.shape[0] - 1])
    return STRIDED(beta, steps=steps, spacing=spacing)
