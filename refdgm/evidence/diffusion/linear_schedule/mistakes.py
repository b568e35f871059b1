"""Mistakes in the schedules and their products."""

from typing import Any

from refdgm.diffusion.linear_schedule import alpha_products, cosine_schedule, linear_schedule
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

PRODUCTS = alpha_products.body


def indices(x: Array, steps: int) -> Array:
    return namespace(x).arange(steps, dtype=x.dtype, device=x.device)


# linear_schedule


@mistake(linear_schedule)
def end_left_out(beta_first: Array, beta_last: Array, *, steps: int) -> Any:
    """T steps from β_1 in place of T − 1: β_T is never reached."""
    return beta_first + (beta_last - beta_first) * indices(beta_first, steps) / steps


@mistake(linear_schedule)
def beginning_left_out(beta_first: Array, beta_last: Array, *, steps: int) -> Any:
    """t/T for (t − 1)/(T − 1): the first β is not β_1."""
    return beta_first + (beta_last - beta_first) * (indices(beta_first, steps) + 1) / steps


@mistake(linear_schedule)
def ends_exchanged(beta_first: Array, beta_last: Array, *, steps: int) -> Any:
    """From β_T down to β_1."""
    return linear_schedule.body(beta_last, beta_first, steps=steps)


@mistake(linear_schedule)
def linear_in_the_root(beta_first: Array, beta_last: Array, *, steps: int) -> Any:
    """√β is linear: the schedule of latent diffusion, often under the name of the linear one."""
    xp = namespace(beta_first)
    return linear_schedule.body(xp.sqrt(beta_first), xp.sqrt(beta_last), steps=steps) ** 2


@mistake(linear_schedule)
def geometric(beta_first: Array, beta_last: Array, *, steps: int) -> Any:
    """log β is linear."""
    xp = namespace(beta_first)
    return xp.exp(linear_schedule.body(xp.log(beta_first), xp.log(beta_last), steps=steps))


# cosine_schedule


def from_products(f: Any, cap: Array, steps: int) -> Any:
    xp = namespace(cap)
    t = indices(cap, steps)
    return xp.minimum(1 - f(t + 1) / f(t), cap)


@mistake(cosine_schedule)
def cosine_not_squared(offset: Array, cap: Array, *, steps: int) -> Any:
    """f = cos: √ᾱ for ᾱ."""
    xp = namespace(cap)
    return from_products(lambda t: xp.cos((t / steps + offset) / (1 + offset) * (xp.pi / 2)), cap, steps)


@mistake(cosine_schedule)
def offset_after_the_division(offset: Array, cap: Array, *, steps: int) -> Any:
    """(t/T)/(1 + s) + s: a bracket lost."""
    xp = namespace(cap)
    return from_products(lambda t: xp.cos((t / steps / (1 + offset) + offset) * (xp.pi / 2)) ** 2, cap, steps)


@mistake(cosine_schedule)
def offset_forgotten(offset: Array, cap: Array, *, steps: int) -> Any:
    """s = 0: the first β nearly vanish."""
    return cosine_schedule.body(0 * offset, cap, steps=steps)


@mistake(cosine_schedule)
def not_capped(offset: Array, cap: Array, *, steps: int) -> Any:
    """No minimum: β_T is one, and no signal is left."""
    return cosine_schedule.body(offset, 0 * cap + 2, steps=steps)


@mistake(cosine_schedule)
def one_step_more(offset: Array, cap: Array, *, steps: int) -> Any:
    """t/(T + 1) for t/T: the cosine's end is not reached."""
    xp = namespace(cap)
    return from_products(lambda t: xp.cos((t / (steps + 1) + offset) / (1 + offset) * (xp.pi / 2)) ** 2, cap, steps)


@mistake(cosine_schedule)
def products_returned(offset: Array, cap: Array, *, steps: int) -> Any:
    """ᾱ_t = f(t)/f(0) is returned for β_t, capped."""
    xp = namespace(cap)
    f = lambda t: xp.cos((t / steps + offset) / (1 + offset) * (xp.pi / 2)) ** 2
    t = indices(cap, steps)
    return xp.minimum(f(t + 1) / f(0 * t), cap)


# alpha_products


@mistake(alpha_products, seen="lucidrains/denoising-diffusion-pytorch #81")
def products_of_the_step_before(beta: Array) -> Any:
    """ᾱ_{t−1} for ᾱ_t: the index moved by one."""
    xp = namespace(beta)
    (alpha_prod, one_minus), right = PRODUCTS(beta)
    first = xp.ones_like(beta[:1])

    def pullback(a: Array, b: Array) -> dict[str, Array]:
        last = xp.zeros_like(beta[:1])
        return right(xp.concat([a[1:], last]), xp.concat([b[1:], last]))

    return (xp.concat([first, alpha_prod[:-1]]), xp.concat([0 * first, one_minus[:-1]])), pullback


@mistake(alpha_products)
def exponential_of_the_sum(beta: Array) -> Any:
    """ᾱ = e^{−Σβ}: the limit of many small steps."""
    xp = namespace(beta)
    alpha_prod = xp.exp(-xp.cumulative_sum(beta))
    return (alpha_prod, 1 - alpha_prod), lambda a, b: {
        "beta": xp.flip(xp.cumulative_sum(xp.flip((b - a) * alpha_prod)))
    }


@mistake(alpha_products)
def products_of_roots(beta: Array) -> Any:
    """√ᾱ for ᾱ: the root of every product."""
    xp = namespace(beta)
    (alpha_prod, _), right = PRODUCTS(beta)
    root = xp.sqrt(alpha_prod)
    return (root, 1 - root), lambda a, b: right(a / root / 2, b / root / 2)


@mistake(alpha_products)
def multiplied_from_the_end(beta: Array) -> Any:
    """The product over the later steps."""
    xp = namespace(beta)
    values, right = PRODUCTS(xp.flip(beta))
    return tuple(map(xp.flip, values)), lambda a, b: {"beta": xp.flip(right(xp.flip(a), xp.flip(b))["beta"])}


@mistake(alpha_products, "one_minus", "gradient.beta")
def variances_added(beta: Array) -> Any:
    """Σ β for 1 − ᾱ: the variances of the steps are added, though each step shrinks those before it."""
    xp = namespace(beta)
    (alpha_prod, _), right = PRODUCTS(beta)
    return (alpha_prod, xp.cumulative_sum(beta)), lambda a, b: {
        "beta": right(a, 0 * b)["beta"] + xp.flip(xp.cumulative_sum(xp.flip(b)))
    }


@mistake(alpha_products, "one_minus")
def deviation_reported(beta: Array) -> Any:
    """√(1 − ᾱ) is reported for 1 − ᾱ, which is differentiated."""
    (alpha_prod, one_minus), right = PRODUCTS(beta)
    return (alpha_prod, namespace(beta).sqrt(one_minus)), right


@mistake(alpha_products, "gradient.beta")
def earlier_steps_summed(beta: Array) -> Any:
    """β_bar_s sums over t ≤ s: over the steps that came before."""
    xp = namespace(beta)
    (alpha_prod, one_minus), _ = PRODUCTS(beta)
    return (alpha_prod, one_minus), lambda a, b: {
        "beta": xp.cumulative_sum((b - a) * alpha_prod) / (1 - beta)
    }


@mistake(alpha_products, "gradient.beta")
def own_step_alone(beta: Array) -> Any:
    """β_bar_t from ᾱ_t alone: the earlier products are held."""
    values, _ = PRODUCTS(beta)
    return values, lambda a, b: {"beta": (b - a) * values[0] / (1 - beta)}


# --- planted by people who had not seen the cases, or after public code ---------------------------

# linear_schedule


@mistake(linear_schedule, blind=True)
def smaller_end_first(beta_first: Array, beta_last: Array, *, steps: int) -> Any:
    """The schedule always grows, so that one that was asked to fall is turned round."""
    xp = namespace(beta_first)
    ends = xp.minimum(beta_first, beta_last), xp.maximum(beta_first, beta_last)
    return linear_schedule.body(*ends, steps=steps)


@mistake(linear_schedule, blind=True)
def single_step_is_the_last(beta_first: Array, beta_last: Array, *, steps: int) -> Any:
    """A schedule of one step is β_T and not β_1, for the grid is counted down from its end."""
    return linear_schedule.body(beta_last if steps == 1 else beta_first, beta_last, steps=steps)


@mistake(linear_schedule, blind=True)
def single_step_is_no_number(beta_first: Array, beta_last: Array, *, steps: int) -> Any:
    """(t − 1)/(T − 1) of a single step is 0/0."""
    beta = linear_schedule.body(beta_first, beta_last, steps=steps)
    return beta if steps > 1 else beta * namespace(beta).nan


# cosine_schedule


@mistake(cosine_schedule, blind=True)
def small_variances_raised(offset: Array, cap: Array, *, steps: int) -> Any:
    """β is kept from below too, at 10⁻⁴, which the first steps of long schedules do not reach."""
    beta = cosine_schedule.body(offset, cap, steps=steps)
    return namespace(cap).maximum(beta, 0 * beta + 1e-4)


@mistake(cosine_schedule, blind=True)
def offset_not_normalised(offset: Array, cap: Array, *, steps: int) -> Any:
    """The angle is (t/T + s) π/2 without the division by 1 + s, and passes the right angle before the end."""
    xp = namespace(cap)
    return from_products(lambda t: xp.cos((t / steps + offset) * (xp.pi / 2)) ** 2, cap, steps)


# alpha_products


@mistake(alpha_products, "alpha_prod", blind=True)
def products_kept_from_zero(beta: Array) -> Any:
    """ᾱ never falls below 2⁻²⁴, a guard against a division by zero elsewhere."""
    xp = namespace(beta)
    (alpha_prod, one_minus), right = PRODUCTS(beta)
    return (xp.maximum(alpha_prod, 0 * alpha_prod + 2.0**-24), one_minus), right


@mistake(alpha_products, "gradient.beta", blind=True)
def own_step_left_out(beta: Array) -> Any:
    """β_bar_s sums over t > s, so that β_s does not move its own ᾱ_s."""
    values, right = PRODUCTS(beta)
    return values, lambda a, b: {"beta": right(a, b)["beta"] - (b - a) * values[0] / (1 - beta)}


@mistake(alpha_products, "gradient.beta", blind=True)
def divided_inside_the_sum(beta: Array) -> Any:
    """Each ᾱ_t is divided by its own 1 − β_t and not by 1 − β_s, which is right for a constant schedule."""
    xp = namespace(beta)
    values, _ = PRODUCTS(beta)
    return values, lambda a, b: {"beta": xp.flip(xp.cumulative_sum(xp.flip((b - a) * values[0] / (1 - beta))))}
