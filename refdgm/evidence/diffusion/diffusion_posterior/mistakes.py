"""Mistakes in the step back, given the data."""

from typing import Any

from refdgm.diffusion.diffusion_posterior import diffusion_posterior
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, inner

POSTERIOR = diffusion_posterior.body
SCHEDULE = ("gradient.beta", "gradient.alpha_prod_prev")


@mistake(diffusion_posterior)
def product_of_this_step(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """ᾱ_t where ᾱ_{t−1} belongs: the index moved by one."""
    value, right = POSTERIOR(xt, x0, beta, (1 - beta) * alpha_prod_prev)

    def pullback(mean_bar: Array, variance_bar: Array) -> dict[str, Array]:
        g = right(mean_bar, variance_bar)
        moved = g["alpha_prod_prev"]
        return g | {"beta": g["beta"] - alpha_prod_prev * moved, "alpha_prod_prev": (1 - beta) * moved}

    return value, pullback


@mistake(diffusion_posterior, "mean", "gradient.xt", "gradient.x0", *SCHEDULE)
def coefficients_exchanged(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """The coefficient of x₀ multiplies x_t, and the other x₀."""
    value, right = POSTERIOR(x0, xt, beta, alpha_prod_prev)
    return value, lambda m, v: (g := right(m, v)) | {"xt": g["x0"], "x0": g["xt"]}


@mistake(diffusion_posterior, "mean", "gradient.xt", *SCHEDULE)
def alpha_without_root(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """α c′/c x_t: the root of α forgotten."""
    root = namespace(xt).sqrt(1 - beta)
    value, right = POSTERIOR(against(root, xt) * xt, x0, beta, alpha_prod_prev)

    def pullback(mean_bar: Array, variance_bar: Array) -> dict[str, Array]:
        g = right(mean_bar, variance_bar)
        return g | {"xt": against(root, xt) * g["xt"], "beta": g["beta"] - inner(g["xt"], xt) / root / 2}

    return value, pullback


@mistake(diffusion_posterior, "mean", "gradient.x0", *SCHEDULE)
def product_without_root(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """ᾱ_{t−1} β/c x₀: the root of ᾱ_{t−1} forgotten."""
    root = namespace(xt).sqrt(alpha_prod_prev)
    value, right = POSTERIOR(xt, against(root, x0) * x0, beta, alpha_prod_prev)

    def pullback(mean_bar: Array, variance_bar: Array) -> dict[str, Array]:
        g = right(mean_bar, variance_bar)
        more = inner(g["x0"], x0) / root / 2
        return g | {"x0": against(root, x0) * g["x0"], "alpha_prod_prev": g["alpha_prod_prev"] + more}

    return value, pullback


@mistake(diffusion_posterior, "variance", *SCHEDULE)
def variance_of_the_step(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """β for β_tilde: the variance of a step forward."""
    (mean, _), right = POSTERIOR(xt, x0, beta, alpha_prod_prev)
    return (mean, 1 * beta), lambda m, v: (g := right(m, 0 * v)) | {"beta": g["beta"] + v}


@mistake(diffusion_posterior, "variance", *SCHEDULE)
def variance_upside_down(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """β (1 − ᾱ_t)/(1 − ᾱ_{t−1})."""
    (mean, _), right = POSTERIOR(xt, x0, beta, alpha_prod_prev)
    rest = 1 - alpha_prod_prev

    def pullback(mean_bar: Array, variance_bar: Array) -> dict[str, Array]:
        g = right(mean_bar, 0 * variance_bar)
        return g | {
            "beta": g["beta"] + variance_bar * (2 * beta / rest + 1 - 2 * beta),
            "alpha_prod_prev": g["alpha_prod_prev"] + variance_bar * (beta / rest) ** 2,
        }

    return (mean, beta * (beta / rest + 1 - beta)), pullback


@mistake(diffusion_posterior, "variance", *SCHEDULE)
def deviation_for_variance(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """√β_tilde where the variance is asked for."""
    (mean, variance), right = POSTERIOR(xt, x0, beta, alpha_prod_prev)
    root = namespace(xt).sqrt(variance)
    return (mean, root), lambda m, v: right(m, v / root / 2)


@mistake(diffusion_posterior, "variance", *SCHEDULE)
def logarithm_for_variance(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """log β_tilde where the variance is asked for."""
    (mean, variance), right = POSTERIOR(xt, x0, beta, alpha_prod_prev)
    return (mean, namespace(xt).log(variance)), lambda m, v: right(m, v / variance)


@mistake(diffusion_posterior, "gradient.x0")
def data_detached(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """The predicted x₀ receives no gradient."""
    value, right = POSTERIOR(xt, x0, beta, alpha_prod_prev)
    return value, lambda m, v: (g := right(m, v)) | {"x0": 0 * g["x0"]}


@mistake(diffusion_posterior, "gradient.xt")
def state_detached(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """x_t receives no gradient: a chain of steps is cut here."""
    value, right = POSTERIOR(xt, x0, beta, alpha_prod_prev)
    return value, lambda m, v: (g := right(m, v)) | {"xt": 0 * g["xt"]}


@mistake(diffusion_posterior, *SCHEDULE)
def schedule_detached(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """The schedule receives no gradient."""
    value, right = POSTERIOR(xt, x0, beta, alpha_prod_prev)
    return value, lambda m, v: (g := right(m, v)) | {name: 0 * g[name] for name in ("beta", "alpha_prod_prev")}


@mistake(diffusion_posterior, "gradient.beta")
def mean_s_share_forgotten(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """β_bar of the variance alone: the mean depends on β too."""
    value, right = POSTERIOR(xt, x0, beta, alpha_prod_prev)
    return value, lambda m, v: right(m, v) | {"beta": right(0 * m, v)["beta"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(diffusion_posterior, "variance", "gradient.beta", "gradient.alpha_prod_prev", blind=True)
def variance_of_the_step_at_the_end(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """At t = 1 the variance is β, so that its logarithm is finite."""
    xp = namespace(xt)
    (mean, variance), right = POSTERIOR(xt, x0, beta, alpha_prod_prev)
    end = alpha_prod_prev == 1

    def pullback(m: Array, v: Array) -> dict[str, Array]:
        at_end = xp.where(end, v, xp.zeros_like(v))
        return (g := right(m, v - at_end)) | {"beta": g["beta"] + at_end}

    return (mean, xp.where(end, beta, variance)), pullback


@mistake(diffusion_posterior, "mean", "gradient.xt", "gradient.beta", "gradient.alpha_prod_prev", blind=True)
def state_weighted_by_the_product(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """√ᾱ_t c′/c x_t for √α_t c′/c x_t: the product of all steps for that of one."""
    root = namespace(xt).sqrt(alpha_prod_prev)
    value, right = POSTERIOR(against(root, xt) * xt, x0, beta, alpha_prod_prev)

    def pullback(m: Array, v: Array) -> dict[str, Array]:
        g = right(m, v)
        more = inner(g["xt"], xt) / root / 2
        return g | {"xt": against(root, xt) * g["xt"], "alpha_prod_prev": g["alpha_prod_prev"] + more}

    return value, pullback


@mistake(diffusion_posterior, "gradient.beta", blind=True)
def level_held(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """β_bar with 1 − ᾱ_t held, as if it were a table and did not depend on β_t."""
    xp = namespace(xt)
    value, right = POSTERIOR(xt, x0, beta, alpha_prod_prev)
    rest = 1 - alpha_prod_prev
    total = beta + (1 - beta) * rest

    def pullback(m: Array, v: Array) -> dict[str, Array]:
        of_mean = inner(m, x0) * xp.sqrt(alpha_prod_prev) - inner(m, xt) * rest / xp.sqrt(1 - beta) / 2
        return right(m, v) | {"beta": (of_mean + v * rest) / total}

    return value, pullback


@mistake(diffusion_posterior, "gradient.beta", "gradient.alpha_prod_prev", blind=True)
def variance_cotangent_ignored(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Any:
    """Only the mean is differentiated by the schedule, and the cotangent of the variance is dropped."""
    value, right = POSTERIOR(xt, x0, beta, alpha_prod_prev)
    return value, lambda m, v: right(m, 0 * v)
