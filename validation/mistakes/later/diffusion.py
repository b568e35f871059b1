"""Later mistakes in the simple objective, in the terms of the variational bound, and in the bound as a whole."""

from typing import Any

from refdgm.diffusion.linear_schedule import alpha_products
from refdgm.diffusion.prior_loss import prior_loss, reconstruction_loss
from refdgm.diffusion.simple_loss import simple_loss
from refdgm.diffusion.variational_bound import variational_bound
from refdgm.diffusion.variational_loss import variational_loss
from refdgm.mistakes.bound import of_a_step, of_the_first, parts
from refdgm.mistakes.mistake import mistake
from refdgm.mistakes.whole_bound import at, terms, weighted
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner

SIMPLE, STEP, FIRST = simple_loss.body, variational_loss.body, reconstruction_loss.body
PRIOR, WHOLE = prior_loss.body, variational_bound.body

# simple_loss


@mistake(simple_loss)
def linear_beyond_one(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Any:
    """Residuals beyond one count 2|p − y| − 1, as in the loss of Huber."""
    xp = namespace(prediction)
    residual = SIMPLE(prediction, x0, eps, alpha_prod, target=target)[1](xp.ones_like(alpha_prod))["prediction"] / 2
    near = xp.clip(residual, -1, 1)
    return inner(near, 2 * residual - near), lambda bar: {"prediction": 2 * against(bar, near) * near}


@mistake(simple_loss, "gradient.prediction")
def divided_by_the_batch(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Any:
    """p̄ is divided by B, as if the loss of each example were the mean over the batch."""
    loss, right = SIMPLE(prediction, x0, eps, alpha_prod, target=target)
    return loss, lambda bar: {"prediction": right(bar)["prediction"] / max(bar.shape[0], 1)}


# variational_loss


@mistake(variational_loss, "value", "gradient.beta", "gradient.alpha_prod_prev")
def constant_reversed(
    prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """K = ½ (1/r − 1 + log r) where σ² = β: the divergence of the variances in the opposite direction."""
    if variance == "posterior":
        return STEP(prediction, eps, beta, alpha_prod_prev, variance=variance)
    rest = 1 - alpha_prod_prev
    total = beta + (1 - beta) * rest
    r = rest / total
    slope = (r - 1) / r / r / 2
    constant = (
        (1 / r - 1 + namespace(eps).log(r)) / 2,
        -slope * r * alpha_prod_prev / total,
        -slope * beta / total / total,
    )
    return of_a_step(prediction, eps, parts(beta, alpha_prod_prev, variance)[0], constant)


@mistake(variational_loss, "gradient.beta")
def alpha_held(prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str) -> Any:
    """The 1/α in the weight is held in β̄, which is right to first order in β."""
    loss, right = STEP(prediction, eps, beta, alpha_prod_prev, variance=variance)
    weight, residual = parts(beta, alpha_prod_prev, variance)[0][0], prediction - eps
    missing = inner(residual, residual) * weight / (1 - beta)
    return loss, lambda bar: (g := right(bar)) | {"beta": g["beta"] - bar * missing}


# reconstruction_loss


@mistake(reconstruction_loss, "value", "gradient.beta")
def log_variance_kept_from_below(prediction: Array, eps: Array, beta: Array) -> Any:
    """log β is not allowed below log 10⁻³, where the usual first β is 10⁻⁴."""
    xp = namespace(eps)
    alpha, least = 1 - beta, xp.maximum(beta, 0 * beta + 1e-3)
    rest = xp.log(2 * xp.pi * least) / 2, xp.where(beta > 1e-3, 1 / beta / 2, xp.zeros_like(beta))
    return of_the_first(prediction, eps, (1 / alpha / 2, 1 / alpha / alpha / 2), rest)


@mistake(reconstruction_loss, "gradient.beta")
def distance_held(prediction: Array, eps: Array, beta: Array) -> Any:
    """β̄ has the normaliser alone: the 1/α of the distance is held."""
    loss, right = FIRST(prediction, eps, beta)
    return loss, lambda bar: right(bar) | {"beta": bar * dimension(eps) / beta / 2}


# prior_loss


@mistake(prior_loss, "value", "gradient.alpha_prod")
def components_of_the_first_axis(x0: Array, alpha_prod: Array) -> Any:
    """D is the length of the first axis of an example and not of all of them together."""
    loss, right = PRIOR(x0, alpha_prod)
    missing = dimension(x0) - (x0.shape[1] if x0.ndim > 1 else 1)
    rest = -alpha_prod - namespace(x0).log1p(-alpha_prod)
    return loss - missing * rest / 2, lambda bar: (g := right(bar)) | {
        "alpha_prod": g["alpha_prod"] - bar * missing * alpha_prod / (1 - alpha_prod) / 2
    }


@mistake(prior_loss, "gradient.alpha_prod")
def log_variance_held(x0: Array, alpha_prod: Array) -> Any:
    """(‖x₀‖² − D)/2 for the slope in ᾱ: the logarithm of the variance is held."""
    loss, right = PRIOR(x0, alpha_prod)
    return loss, lambda bar: right(bar) | {"alpha_prod": bar * (inner(x0, x0) - dimension(x0)) / 2}


# variational_bound


@mistake(variational_bound, "value", "gradient.prediction", "gradient.beta")
def last_divergence_left_out(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """The sum of L_{t−1} ends at T − 1: the step from the noisiest state is not among them."""
    steps = beta.shape[0]
    if steps == 1:
        return WHOLE(prediction, x0, eps, beta, variance=variance)
    return weighted(terms(prediction, x0, eps, beta, variance), [*[1.0] * (steps - 1), 0.0, 1.0])


@mistake(variational_bound, "value", "gradient.x0", "gradient.beta")
def prior_of_the_first_state(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """L_T is taken at ᾱ_1: the table is read from the wrong end."""
    xp, steps = namespace(x0), beta.shape[0]
    if steps == 1:
        return WHOLE(prediction, x0, eps, beta, variance=variance)
    each = xp.ones_like(x0[(slice(None), *[0] * (x0.ndim - 1))])
    loss, right = weighted(terms(prediction, x0, eps, beta, variance), [*[1.0] * steps, 0.0])
    prior, of_prior = PRIOR(x0, (1 - beta[0]) * each)

    def pullback(bar: Array) -> dict[str, Array]:
        g, more = right(bar), of_prior(bar)
        return g | {
            "x0": g["x0"] + more["x0"],
            "beta": g["beta"] - at(steps, 0, xp.sum(more["alpha_prod"]), 0),
        }

    return loss + prior, pullback


@mistake(variational_bound, "gradient.beta")
def prior_held_in_the_schedule(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """L_T passes nothing on to β, as where it is taken for a constant of training."""
    xp, steps = namespace(x0), beta.shape[0]
    each = xp.ones_like(x0[(slice(None), *[0] * (x0.ndim - 1))])
    loss, right = WHOLE(prediction, x0, eps, beta, variance=variance)
    (alpha_prod, _), to_beta = alpha_products.body(beta)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        last = at(steps, steps - 1, xp.sum(PRIOR(x0, alpha_prod[-1] * each)[1](bar)["alpha_prod"]), 0)
        return g | {"beta": g["beta"] - to_beta(last, xp.zeros_like(last))["beta"]}

    return loss, pullback


@mistake(variational_bound, "gradient.prediction")
def decoder_detached(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """L_0 is evaluated without gradient, and the network learns nothing at t = 1."""
    xp = namespace(x0)
    loss, right = WHOLE(prediction, x0, eps, beta, variance=variance)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        first, later = g["prediction"][:, :1, ...], g["prediction"][:, 1:, ...]
        return g | {"prediction": xp.concat([xp.zeros_like(first), later], axis=1)}

    return loss, pullback
