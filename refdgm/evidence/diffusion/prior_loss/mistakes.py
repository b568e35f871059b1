"""Mistakes in the first and the last term of the bound."""

from typing import Any

from refdgm.diffusion.prior_loss import prior_loss, reconstruction_loss
from refdgm.evidence.declare import mistake
from refdgm.evidence.diffusion.bound import multiplied, times, without
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner

PRIOR = prior_loss.body
FIRST = reconstruction_loss.body


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
    """x_bar₀ = 2 J_bar ᾱ x₀: the square is differentiated, its half forgotten."""
    return times(PRIOR(x0, alpha_prod), "x0", 2.0)


# L_0


def of_the_first(prediction: Array, eps: Array, weight: Any, rest: Any) -> Any:
    """w ‖ε_hat − ε‖² + D b, where (w, ∂w/∂β) and (b, ∂b/∂β) are given."""
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
    """‖ε_hat − ε‖²/2: the 1/√α of the mean is forgotten."""
    return of_the_first(prediction, eps, (0 * beta + 0.5, 0 * beta), of_density(beta))


@mistake(reconstruction_loss, "value", "gradient.prediction")
def first_not_by_variance(prediction: Array, eps: Array, beta: Array) -> Any:
    """β ‖ε_hat − ε‖²/(2 α): the distance of the means is not divided by the variance."""
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
    """e_bar = 2 J_bar (ε_hat − ε)/α: the square is differentiated, its half forgotten."""
    return times(FIRST(prediction, eps, beta), "prediction", 2.0)


# --- planted by people who had not seen the cases, or after public code ---------------------------

# reconstruction_loss


@mistake(reconstruction_loss, "value", "gradient.beta", blind=True)
def log_variance_kept_from_below(prediction: Array, eps: Array, beta: Array) -> Any:
    """log β is not allowed below log 10⁻³, where the usual first β is 10⁻⁴."""
    xp = namespace(eps)
    alpha, least = 1 - beta, xp.maximum(beta, 0 * beta + 1e-3)
    rest = xp.log(2 * xp.pi * least) / 2, xp.where(beta > 1e-3, 1 / beta / 2, xp.zeros_like(beta))
    return of_the_first(prediction, eps, (1 / alpha / 2, 1 / alpha / alpha / 2), rest)


@mistake(reconstruction_loss, "gradient.beta", blind=True)
def distance_held(prediction: Array, eps: Array, beta: Array) -> Any:
    """β_bar has the normaliser alone: the 1/α of the distance is held."""
    loss, right = FIRST(prediction, eps, beta)
    return loss, lambda bar: right(bar) | {"beta": bar * dimension(eps) / beta / 2}


# prior_loss


@mistake(prior_loss, "value", "gradient.alpha_prod", blind=True)
def components_of_the_first_axis(x0: Array, alpha_prod: Array) -> Any:
    """D is the length of the first axis of an example and not of all of them together."""
    loss, right = PRIOR(x0, alpha_prod)
    missing = dimension(x0) - (x0.shape[1] if x0.ndim > 1 else 1)
    rest = -alpha_prod - namespace(x0).log1p(-alpha_prod)
    return loss - missing * rest / 2, lambda bar: (g := right(bar)) | {
        "alpha_prod": g["alpha_prod"] - bar * missing * alpha_prod / (1 - alpha_prod) / 2
    }


@mistake(prior_loss, "gradient.alpha_prod", blind=True)
def log_variance_held(x0: Array, alpha_prod: Array) -> Any:
    """(‖x₀‖² − D)/2 for the slope in ᾱ: the logarithm of the variance is held."""
    loss, right = PRIOR(x0, alpha_prod)
    return loss, lambda bar: right(bar) | {"alpha_prod": bar * (inner(x0, x0) - dimension(x0)) / 2}
