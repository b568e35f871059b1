"""Later mistakes in schedules, in conversions between what networks predict, in the posterior and in weights."""

from typing import Any

from refdgm.diffusion.diffusion_posterior import diffusion_posterior
from refdgm.diffusion.forward_marginal import forward_marginal
from refdgm.diffusion.linear_schedule import alpha_products, cosine_schedule, linear_schedule
from refdgm.diffusion.min_snr_weight import min_snr_weight
from refdgm.diffusion.score_from_eps import eps_from_score, score_from_eps
from refdgm.diffusion.strided_schedule import strided_schedule
from refdgm.diffusion.v_from_x0_eps import eps_from_v, v_from_x0_eps, x0_from_v
from refdgm.diffusion.x0_from_eps import eps_from_x0, x0_from_eps
from refdgm.mistakes.mistake import mistake
from refdgm.mistakes.schedule import from_products
from refdgm.mistakes.weighted_sum import mixture
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner

PRODUCTS, POSTERIOR, STRIDED = alpha_products.body, diffusion_posterior.body, strided_schedule.body

# linear_schedule


@mistake(linear_schedule)
def smaller_end_first(beta_first: Array, beta_last: Array, *, steps: int) -> Any:
    """The schedule always grows, so that one that was asked to fall is turned round."""
    xp = namespace(beta_first)
    ends = xp.minimum(beta_first, beta_last), xp.maximum(beta_first, beta_last)
    return linear_schedule.body(*ends, steps=steps)


@mistake(linear_schedule)
def single_step_is_the_last(beta_first: Array, beta_last: Array, *, steps: int) -> Any:
    """A schedule of one step is β_T and not β_1, for the grid is counted down from its end."""
    return linear_schedule.body(beta_last if steps == 1 else beta_first, beta_last, steps=steps)


# cosine_schedule


@mistake(cosine_schedule)
def small_variances_raised(offset: Array, cap: Array, *, steps: int) -> Any:
    """β is kept from below too, at 10⁻⁴, which the first steps of long schedules do not reach."""
    beta = cosine_schedule.body(offset, cap, steps=steps)
    return namespace(cap).maximum(beta, 0 * beta + 1e-4)


@mistake(cosine_schedule)
def offset_not_normalised(offset: Array, cap: Array, *, steps: int) -> Any:
    """The angle is (t/T + s) π/2 without the division by 1 + s, and passes the right angle before the end."""
    xp = namespace(cap)
    return from_products(lambda t: xp.cos((t / steps + offset) * (xp.pi / 2)) ** 2, cap, steps)


# alpha_products


@mistake(alpha_products, "alpha_prod")
def products_kept_from_zero(beta: Array) -> Any:
    """ᾱ never falls below 2⁻²⁴, a guard against a division by zero elsewhere."""
    xp = namespace(beta)
    (alpha_prod, one_minus), right = PRODUCTS(beta)
    return (xp.maximum(alpha_prod, 0 * alpha_prod + 2.0**-24), one_minus), right


@mistake(alpha_products, "gradient.beta")
def own_step_left_out(beta: Array) -> Any:
    """β̄_s sums over t > s, so that β_s does not move its own ᾱ_s."""
    values, right = PRODUCTS(beta)
    return values, lambda a, b: {"beta": right(a, b)["beta"] - (b - a) * values[0] / (1 - beta)}


@mistake(alpha_products, "gradient.beta")
def divided_inside_the_sum(beta: Array) -> Any:
    """Each ᾱ_t is divided by its own 1 − β_t and not by 1 − β_s, which is right for a constant schedule."""
    xp = namespace(beta)
    values, _ = PRODUCTS(beta)
    return values, lambda a, b: {"beta": xp.flip(xp.cumulative_sum(xp.flip((b - a) * values[0] / (1 - beta))))}


# forward_marginal


@mistake(forward_marginal, "value", "gradient.alpha_prod")
def rest_of_the_root(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """1 − √ᾱ for √(1 − ᾱ): the root is taken before the difference."""
    signal = namespace(x0).sqrt(alpha_prod)
    return against(signal, x0) * x0 + against(1 - signal, x0) * eps, lambda bar: {
        "x0": against(signal, x0) * bar,
        "alpha_prod": (inner(bar, x0) - inner(bar, eps)) / signal / 2,
    }


@mistake(forward_marginal, "gradient.alpha_prod")
def marginal_noise_held(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ has the term of the data alone, though √(1 − ᾱ) depends on ᾱ too."""
    xt, right = forward_marginal.body(x0, eps, alpha_prod)
    root = namespace(x0).sqrt(alpha_prod)
    return xt, lambda bar: right(bar) | {"alpha_prod": inner(bar, x0) / root / 2}


@mistake(forward_marginal, "gradient.alpha_prod")
def marginal_schedule_gradient_averaged(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ is a mean over the components of the example and not their sum."""
    xt, right = forward_marginal.body(x0, eps, alpha_prod)
    return xt, lambda bar: (g := right(bar)) | {"alpha_prod": g["alpha_prod"] / max(dimension(x0), 1)}


# x0_from_eps


@mistake(x0_from_eps)
def data_clipped(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """The data are clipped to [−1, 1], as images are."""
    xp = namespace(xt)
    x0, right = x0_from_eps.body(xt, eps, alpha_prod)
    inside = xp.abs(x0) <= 1
    return xp.clip(x0, -1, 1), lambda bar: right(xp.where(inside, bar, xp.zeros_like(bar)))


@mistake(x0_from_eps, "gradient.alpha_prod")
def denominator_held(xt: Array, eps: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ goes through √(1 − ᾱ) alone, and 1/√ᾱ is held."""
    xp = namespace(xt)
    x0, right = x0_from_eps.body(xt, eps, alpha_prod)
    both = xp.sqrt(alpha_prod) * xp.sqrt(1 - alpha_prod)
    return x0, lambda bar: right(bar) | {"alpha_prod": inner(bar, eps) / both / 2}


# eps_from_x0


@mistake(eps_from_x0)
def denominator_with_an_epsilon(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """10⁻⁸ is added to √(1 − ᾱ) before the division."""
    xp = namespace(xt)
    signal, noise = xp.sqrt(alpha_prod), xp.sqrt(1 - alpha_prod)
    by = noise + 1e-8
    eps = (xt - against(signal, xt) * x0) / against(by, xt)
    return eps, lambda bar: {
        "xt": bar / against(by, xt),
        "x0": -against(signal / by, xt) * bar,
        "alpha_prod": inner(bar, eps) / by / noise / 2 - inner(bar, x0) / signal / by / 2,
    }


@mistake(eps_from_x0, "gradient.alpha_prod")
def numerator_held(xt: Array, x0: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ goes through the denominator alone, and √ᾱ x₀ is held."""
    eps, right = eps_from_x0.body(xt, x0, alpha_prod)
    return eps, lambda bar: right(bar) | {"alpha_prod": inner(bar, eps) / (1 - alpha_prod) / 2}


# v_from_x0_eps


@mistake(v_from_x0_eps)
def velocity_along_the_product(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """v is dx_t/dᾱ = x₀/(2√ᾱ) − ε/(2√(1 − ᾱ)) and not the derivative by the angle."""
    return mixture({"x0": (x0, (0.5, -1, 0)), "eps": (eps, (-0.5, 0, -1))}, alpha_prod)


@mistake(v_from_x0_eps)
def schedule_of_the_first_example(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """ᾱ of the first example serves the whole batch."""
    xp = namespace(x0)
    first = xp.arange(alpha_prod.shape[0], device=alpha_prod.device) == 0
    v, right = v_from_x0_eps.body(x0, eps, alpha_prod[:1] + 0 * alpha_prod)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return g | {"alpha_prod": xp.where(first, xp.sum(g["alpha_prod"]), xp.zeros_like(alpha_prod))}

    return v, pullback


# x0_from_v


@mistake(x0_from_v, "value")
def data_brought_into_range(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """Data with a component beyond one are divided by their largest, and the gradient knows nothing of it."""
    xp = namespace(xt)
    x0, right = x0_from_v.body(xt, v, alpha_prod)
    flat = xp.reshape(xp.abs(x0), (x0.shape[0], dimension(x0)))
    one = xp.ones_like(alpha_prod)[:, None]
    return x0 / against(xp.max(xp.concat([one, flat], axis=1), axis=1), x0), right


@mistake(x0_from_v, "gradient.alpha_prod")
def rotation_gradient_sign(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """The term of v in the cotangent of ᾱ has a minus: the inner derivative of 1 − ᾱ is forgotten."""
    xp = namespace(xt)
    x0, right = x0_from_v.body(xt, v, alpha_prod)
    signal, noise = xp.sqrt(alpha_prod), xp.sqrt(1 - alpha_prod)
    return x0, lambda bar: right(bar) | {"alpha_prod": inner(bar, xt) / signal / 2 - inner(bar, v) / noise / 2}


# eps_from_v


@mistake(eps_from_v, "value", "gradient.xt", "gradient.alpha_prod")
def noised_state_not_weighted(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """x_t + √ᾱ v: the state enters without √(1 − ᾱ)."""
    return mixture({"xt": (xt, (1, 0, 0)), "v": (v, (1, 1, 0))}, alpha_prod)


@mistake(eps_from_v, "gradient.xt", "gradient.v")
def cotangents_exchanged(xt: Array, v: Array, alpha_prod: Array) -> Any:
    """x̄_t has the factor √ᾱ and v̄ the factor √(1 − ᾱ), which is right at ᾱ = ½."""
    eps, right = eps_from_v.body(xt, v, alpha_prod)
    return eps, lambda bar: (g := right(bar)) | {"xt": g["v"], "v": g["xt"]}


# score_from_eps


@mistake(score_from_eps)
def deviation_kept_from_zero(eps: Array, alpha_prod: Array) -> Any:
    """1 − ᾱ is not allowed below 10⁻³, where the first steps of the usual schedules have it."""
    xp = namespace(eps)
    variance = xp.maximum(1 - alpha_prod, 0 * alpha_prod + 1e-3)
    score = -eps / against(xp.sqrt(variance), eps)
    return score, lambda bar: {
        "eps": -bar / against(xp.sqrt(variance), eps),
        "alpha_prod": xp.where(1 - alpha_prod > 1e-3, inner(bar, score) / variance / 2, 0 * alpha_prod),
    }


@mistake(score_from_eps, "gradient.alpha_prod")
def score_gradient_without_root(eps: Array, alpha_prod: Array) -> Any:
    """−⟨s̄, ε⟩/(2 (1 − ᾱ)) for the cotangent of ᾱ: ε stands where s belongs, and a root is lost."""
    score, right = score_from_eps.body(eps, alpha_prod)
    return score, lambda bar: right(bar) | {"alpha_prod": -inner(bar, eps) / (1 - alpha_prod) / 2}


# eps_from_score


@mistake(eps_from_score)
def deviation_in_single_precision(score: Array, alpha_prod: Array) -> Any:
    """√(1 − ᾱ) is taken from a table in float32."""
    xp = namespace(score)
    noise = xp.astype(xp.sqrt(1 - xp.astype(alpha_prod, xp.float32)), alpha_prod.dtype)
    return -against(noise, score) * score, lambda bar: {
        "score": -against(noise, score) * bar,
        "alpha_prod": inner(bar, score) / noise / 2,
    }


@mistake(eps_from_score, "gradient.score")
def score_gradient_unsigned(score: Array, alpha_prod: Array) -> Any:
    """s̄ = √(1 − ᾱ) ε̄: the sign is lost on the way back."""
    eps, right = eps_from_score.body(score, alpha_prod)
    return eps, lambda bar: (g := right(bar)) | {"score": -g["score"]}


# diffusion_posterior


@mistake(diffusion_posterior, "variance", "gradient.beta", "gradient.alpha_prod_prev")
def variance_of_the_step_at_the_end(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """At t = 1 the variance is β, so that its logarithm is finite."""
    xp = namespace(xt)
    (mean, variance), right = POSTERIOR(xt, x0, beta, alpha_prod_prev)
    end = alpha_prod_prev == 1

    def pullback(m: Array, v: Array) -> dict[str, Array]:
        at_end = xp.where(end, v, xp.zeros_like(v))
        return (g := right(m, v - at_end)) | {"beta": g["beta"] + at_end}

    return (mean, xp.where(end, beta, variance)), pullback


@mistake(diffusion_posterior, "mean", "gradient.xt", "gradient.beta", "gradient.alpha_prod_prev")
def state_weighted_by_the_product(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """√ᾱ_t c′/c x_t for √α_t c′/c x_t: the product of all steps for that of one."""
    root = namespace(xt).sqrt(alpha_prod_prev)
    value, right = POSTERIOR(against(root, xt) * xt, x0, beta, alpha_prod_prev)

    def pullback(m: Array, v: Array) -> dict[str, Array]:
        g = right(m, v)
        more = inner(g["xt"], xt) / root / 2
        return g | {"xt": against(root, xt) * g["xt"], "alpha_prod_prev": g["alpha_prod_prev"] + more}

    return value, pullback


@mistake(diffusion_posterior, "gradient.beta")
def level_held(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """β̄ with 1 − ᾱ_t held, as if it were a table and did not depend on β_t."""
    xp = namespace(xt)
    value, right = POSTERIOR(xt, x0, beta, alpha_prod_prev)
    rest = 1 - alpha_prod_prev
    total = beta + (1 - beta) * rest

    def pullback(m: Array, v: Array) -> dict[str, Array]:
        of_mean = inner(m, x0) * xp.sqrt(alpha_prod_prev) - inner(m, xt) * rest / xp.sqrt(1 - beta) / 2
        return right(m, v) | {"beta": (of_mean + v * rest) / total}

    return value, pullback


@mistake(diffusion_posterior, "gradient.beta", "gradient.alpha_prod_prev")
def variance_cotangent_ignored(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """Only the mean is differentiated by the schedule, and the cotangent of the variance is dropped."""
    value, right = POSTERIOR(xt, x0, beta, alpha_prod_prev)
    return value, lambda m, v: right(m, 0 * v)


# min_snr_weight


@mistake(min_snr_weight)
def one_added_to_the_weight(alpha_prod: Array, gamma: Array, *, target: str) -> Any:
    """min(SNR, γ)/SNR + 1 for a velocity: a bracket is lost and the one added last."""
    if target == "v":
        return min_snr_weight.body(alpha_prod, gamma, target="eps") + 1
    return min_snr_weight.body(alpha_prod, gamma, target=target)


@mistake(min_snr_weight)
def cut_after_the_conversion(alpha_prod: Array, gamma: Array, *, target: str) -> Any:
    """The weight that the parametrisation gives is cut at γ in place of the signal-to-noise ratio."""
    weight = {"eps": 0 * alpha_prod + 1, "x0": alpha_prod / (1 - alpha_prod), "v": alpha_prod}[target]
    return namespace(alpha_prod).minimum(weight, gamma + 0 * weight)


@mistake(min_snr_weight)
def soft_minimum(alpha_prod: Array, gamma: Array, *, target: str) -> Any:
    """SNR γ/(SNR + γ) for min(SNR, γ): the weight without a kink, far from it nearly the same."""
    cut = gamma * alpha_prod / (alpha_prod + gamma * (1 - alpha_prod))
    return {"eps": cut * (1 - alpha_prod) / alpha_prod, "x0": cut, "v": cut * (1 - alpha_prod)}[target]


# strided_schedule


def visiting(beta: Array, visited: list[int]) -> Any:
    """The right schedule at these timesteps."""
    xp = namespace(beta)
    log_alpha = xp.log1p(-beta)
    strides = [xp.sum(log_alpha[s + 1 : t + 1]) for t, s in zip(visited, [*visited[1:], -1], strict=True)]
    timestep = xp.asarray(visited, dtype=xp.int64, device=beta.device)
    here = xp.take(xp.cumulative_prod(1 - beta), timestep, axis=0)
    return timestep, -xp.expm1(xp.stack(strides)), here, xp.concat([here[1:], xp.ones_like(here[:1])])


@mistake(strided_schedule)
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


@mistake(strided_schedule)
def trailing_by_whole_strides(beta: Array, *, steps: int, spacing: str) -> Any:
    """Trailing timesteps are ⌊T/S⌋ apart, which is right where S divides T."""
    if spacing != "trailing":
        return STRIDED(beta, steps=steps, spacing=spacing)
    train = beta.shape[0]
    return visiting(beta, [train - 1 - i * (train // steps) for i in range(steps)])


@mistake(strided_schedule, "timestep", "beta", "alpha_prod")
def single_step_of_linspace_at_the_end(beta: Array, *, steps: int, spacing: str) -> Any:
    """One step by linspace is the noisiest, for the grid is made from there downwards."""
    if spacing == "linspace" and steps == 1:
        return visiting(beta, [beta.shape[0] - 1])
    return STRIDED(beta, steps=steps, spacing=spacing)
