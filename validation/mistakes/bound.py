"""Mistakes in the terms of the variational bound. A mean over the components is a convention and not among them."""

from typing import Any

from refdgm.diffusion.prior_loss import prior_loss, reconstruction_loss
from refdgm.diffusion.variational_loss import variational_loss
from refdgm.mistakes.mistake import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner

PRIOR, STEP, FIRST = prior_loss.body, variational_loss.body, reconstruction_loss.body


def multiplied(found: Any, factor: float) -> Any:
    """A multiple of an objective, rightly differentiated."""
    value, right = found
    return factor * value, lambda bar: right(factor * bar)


def without(found: Any, *names: str) -> Any:
    """The same with some arguments detached."""
    value, right = found
    return value, lambda bar: (g := right(bar)) | {name: 0 * g[name] for name in names}


def times(found: Any, name: str, factor: float) -> Any:
    """The same with one cotangent multiplied."""
    value, right = found
    return value, lambda bar: (g := right(bar)) | {name: factor * g[name]}


# L_T


def of_the_prior(x0: Array, alpha_prod: Array, squares: Any, rest: Any) -> Any:
    """a ‖x₀‖² + D b, where (a, ∂a/∂ᾱ) and (b, ∂b/∂ᾱ) are given."""
    size, norm = dimension(x0), inner(x0, x0)
    return squares[0] * norm + size * rest[0], lambda bar: {
        "x0": 2 * against(bar * squares[0], x0) * x0,
        "alpha_prod": bar * (squares[1] * norm + size * rest[1]),
    }


@mistake(prior_loss)
def prior_without_half(x0: Array, alpha_prod: Array) -> Any:
    """Twice the divergence."""
    return multiplied(PRIOR(x0, alpha_prod), 2.0)


@mistake(prior_loss)
def prior_mean_without_square(x0: Array, alpha_prod: Array) -> Any:
    """√ᾱ ‖x₀‖²: the factor of the mean is not squared with it."""
    xp = namespace(x0)
    root, log = xp.sqrt(alpha_prod), xp.log(1 - alpha_prod)
    rest = (-alpha_prod - log) / 2, alpha_prod / (1 - alpha_prod) / 2
    return of_the_prior(x0, alpha_prod, (root / 2, 1 / root / 4), rest)


@mistake(prior_loss)
def prior_reversed(x0: Array, alpha_prod: Array) -> Any:
    """KL(N(0, I) ‖ q(x_T | x₀))."""
    v = 1 - alpha_prod
    squares = alpha_prod / v / 2, 1 / v / v / 2
    return of_the_prior(x0, alpha_prod, squares, ((1 / v - 1 + namespace(x0).log(v)) / 2, (1 / v / v - 1 / v) / 2))


@mistake(prior_loss, "value", "gradient.alpha_prod")
def prior_of_the_mean_alone(x0: Array, alpha_prod: Array) -> Any:
    """½ ᾱ ‖x₀‖²: the variance of q(x_T | x₀) is taken for one."""
    return of_the_prior(x0, alpha_prod, (alpha_prod / 2, alpha_prod * 0 + 0.5), (0 * alpha_prod, 0 * alpha_prod))


@mistake(prior_loss, "value", "gradient.alpha_prod")
def prior_log_deviation(x0: Array, alpha_prod: Array) -> Any:
    """log √(1 − ᾱ) for log (1 − ᾱ): the log-variance is not that of the variance beside it."""
    rest = -alpha_prod / 2 - namespace(x0).log(1 - alpha_prod) / 4, 1 / (1 - alpha_prod) / 4 - 0.5
    return of_the_prior(x0, alpha_prod, (alpha_prod / 2, alpha_prod * 0 + 0.5), rest)


@mistake(prior_loss, "gradient.alpha_prod")
def prior_schedule_detached(x0: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(PRIOR(x0, alpha_prod), "alpha_prod")


@mistake(prior_loss, "gradient.x0")
def prior_data_doubled(x0: Array, alpha_prod: Array) -> Any:
    """x̄₀ = 2 J̄ ᾱ x₀: the square is differentiated, its half forgotten."""
    return times(PRIOR(x0, alpha_prod), "x0", 2.0)


# L_{t−1}: wrong equations, rightly differentiated


def parts(beta: Array, before: Array, variance: str) -> Any:
    """The weight w and the constant K, each with its derivatives in β and ᾱ_{t−1}."""
    xp = namespace(beta)
    alpha, rest = 1 - beta, 1 - before
    c = beta + alpha * rest
    if variance == "posterior":
        w = beta / (2 * alpha * rest)
        return (w, w / (beta * alpha), w / rest), (0 * w, 0 * w, 0 * w)
    w, r = beta / (2 * alpha * c), rest / c
    constant = (r - 1 - xp.log(r)) / 2, beta * (before / c) ** 2 / 2, beta**2 * before / (rest * c**2) / 2
    return (w, w * (1 / (beta * alpha) - before / c), w * alpha / c), constant


def of_a_step(prediction: Array, eps: Array, weight: Any, constant: Any) -> Any:
    """w ‖ε̂ − ε‖² + D K."""
    size, residual = dimension(eps), prediction - eps
    squares = inner(residual, residual)
    value, beta, before = (w * squares + size * k for w, k in zip(weight, constant, strict=True))
    return value, lambda bar: {
        "prediction": 2 * against(bar * weight[0], eps) * residual,
        "beta": bar * beta,
        "alpha_prod_prev": bar * before,
    }


def product(weight: Any, factor: Any) -> Any:
    """The product of two, each with its derivatives."""
    return weight[0] * factor[0], *(weight[i] * factor[0] + weight[0] * factor[i] for i in (1, 2))


@mistake(variational_loss)
def beta_not_squared(
    prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """w = β/(2 σ² α (1 − ᾱ_t)): the β of the mean's coefficient is not squared."""
    weight, constant = parts(beta, alpha_prod_prev, variance)
    return of_a_step(prediction, eps, product(weight, (1 / beta, -1 / beta**2, 0)), constant)


@mistake(variational_loss)
def alpha_forgotten(prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str) -> Any:
    """w = β²/(2 σ² (1 − ᾱ_t)): the 1/√α of the mean is forgotten."""
    weight, constant = parts(beta, alpha_prod_prev, variance)
    return of_a_step(prediction, eps, product(weight, (1 - beta, -1, 0)), constant)


@mistake(variational_loss)
def half_forgotten(prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str) -> Any:
    """The weight without its ½."""
    weight, constant = parts(beta, alpha_prod_prev, variance)
    return of_a_step(prediction, eps, product(weight, (2, 0, 0)), constant)


@mistake(variational_loss)
def deviation_in_the_weight(
    prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """√(1 − ᾱ_t) for 1 − ᾱ_t in the weight."""
    weight, constant = parts(beta, alpha_prod_prev, variance)
    root = namespace(eps).sqrt(1 - (1 - beta) * alpha_prod_prev)
    factor = root, alpha_prod_prev / root / 2, -(1 - beta) / root / 2
    return of_a_step(prediction, eps, product(weight, factor), constant)


@mistake(variational_loss)
def product_one_step_late(
    prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """ᾱ_t where ᾱ_{t−1} belongs: the index moved by one."""
    value, right = STEP(prediction, eps, beta, (1 - beta) * alpha_prod_prev, variance=variance)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        moved = g["alpha_prod_prev"]
        return g | {"beta": g["beta"] - alpha_prod_prev * moved, "alpha_prod_prev": (1 - beta) * moved}

    return value, pullback


@mistake(variational_loss)
def always_the_posterior_variance(
    prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """σ² = β̃ whatever was chosen."""
    return STEP(prediction, eps, beta, alpha_prod_prev, variance="posterior")


@mistake(variational_loss)
def unweighted(prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str) -> Any:
    """‖ε̂ − ε‖²: the simple objective, reported as the bound."""
    nothing = 0 * beta
    return of_a_step(prediction, eps, (nothing + 1, nothing, nothing), (nothing, nothing, nothing))


@mistake(variational_loss, "value", "gradient.beta", "gradient.alpha_prod_prev")
def constant_dropped(prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str) -> Any:
    """No K where σ² = β: the same gradient for the network, and no bound."""
    weight, constant = parts(beta, alpha_prod_prev, variance)
    return of_a_step(prediction, eps, weight, tuple(0 * k for k in constant))


@mistake(variational_loss, "value", "gradient.beta", "gradient.alpha_prod_prev")
def constant_once(prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str) -> Any:
    """K is counted once and not for every component."""
    weight, constant = parts(beta, alpha_prod_prev, variance)
    return of_a_step(prediction, eps, weight, tuple(k / dimension(eps) for k in constant))


# L_{t−1}: the value is right, its gradient is not


@mistake(variational_loss, "gradient.beta", "gradient.alpha_prod_prev")
def weight_detached(prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str) -> Any:
    """A learned schedule that receives no gradient."""
    return without(STEP(prediction, eps, beta, alpha_prod_prev, variance=variance), "beta", "alpha_prod_prev")


@mistake(variational_loss, "gradient.prediction")
def prediction_halved(prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str) -> Any:
    """ε̂-bar = J̄ w (ε̂ − ε): the 2 of the square's derivative is forgotten."""
    return times(STEP(prediction, eps, beta, alpha_prod_prev, variance=variance), "prediction", 0.5)


@mistake(variational_loss, "gradient.alpha_prod_prev")
def product_gradient_sign(
    prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """The cotangent of ᾱ_{t−1} with the opposite sign: the derivative with respect to 1 − ᾱ_{t−1}."""
    return times(STEP(prediction, eps, beta, alpha_prod_prev, variance=variance), "alpha_prod_prev", -1.0)


# L_0


def of_the_first(prediction: Array, eps: Array, weight: Any, rest: Any) -> Any:
    """w ‖ε̂ − ε‖² + D b, where (w, ∂w/∂β) and (b, ∂b/∂β) are given."""
    size, residual = dimension(eps), prediction - eps
    squares = inner(residual, residual)
    return weight[0] * squares + size * rest[0], lambda bar: {
        "prediction": 2 * against(bar * weight[0], eps) * residual,
        "beta": bar * (weight[1] * squares + size * rest[1]),
    }


def of_density(beta: Array) -> Any:
    """½ log 2πβ and its derivative."""
    xp = namespace(beta)
    return xp.log(2 * xp.pi * beta) / 2, 1 / beta / 2


@mistake(reconstruction_loss)
def first_without_alpha(prediction: Array, eps: Array, beta: Array) -> Any:
    """‖ε̂ − ε‖²/2: the 1/√α of the mean is forgotten."""
    return of_the_first(prediction, eps, (0 * beta + 0.5, 0 * beta), of_density(beta))


@mistake(reconstruction_loss, "value", "gradient.prediction")
def first_not_by_variance(prediction: Array, eps: Array, beta: Array) -> Any:
    """β ‖ε̂ − ε‖²/(2 α): the distance of the means is not divided by the variance."""
    alpha = 1 - beta
    return of_the_first(prediction, eps, (beta / alpha / 2, 1 / alpha / alpha / 2), of_density(beta))


@mistake(reconstruction_loss, "value")
def first_without_two_pi(prediction: Array, eps: Array, beta: Array) -> Any:
    """½ D log β: the 2π is dropped, every gradient is right."""
    xp = namespace(eps)
    value, right = FIRST(prediction, eps, beta)
    return value - dimension(eps) * xp.log(2 * xp.pi * xp.ones_like(beta)) / 2, right


@mistake(reconstruction_loss, "value", "gradient.beta")
def first_log_of_the_deviation(prediction: Array, eps: Array, beta: Array) -> Any:
    """½ log 2π√β: the deviation where the variance belongs."""
    xp = namespace(eps)
    alpha, (_, slope) = 1 - beta, of_density(beta)
    rest = xp.log(2 * xp.pi * xp.sqrt(beta)) / 2, slope / 2
    return of_the_first(prediction, eps, (1 / alpha / 2, 1 / alpha / alpha / 2), rest)


@mistake(reconstruction_loss, "value", "gradient.beta")
def first_log_sign(prediction: Array, eps: Array, beta: Array) -> Any:
    """−½ log 2πβ: the sign of the normaliser."""
    alpha = 1 - beta
    rest = tuple(-part for part in of_density(beta))
    return of_the_first(prediction, eps, (1 / alpha / 2, 1 / alpha / alpha / 2), rest)


@mistake(reconstruction_loss, "gradient.beta")
def first_variance_detached(prediction: Array, eps: Array, beta: Array) -> Any:
    """The variance receives no gradient."""
    return without(FIRST(prediction, eps, beta), "beta")


@mistake(reconstruction_loss, "gradient.prediction")
def first_doubled(prediction: Array, eps: Array, beta: Array) -> Any:
    """ε̂-bar = 2 J̄ (ε̂ − ε)/α: the square is differentiated, its half forgotten."""
    return times(FIRST(prediction, eps, beta), "prediction", 2.0)
