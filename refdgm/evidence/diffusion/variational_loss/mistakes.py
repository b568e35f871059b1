"""Mistakes in the terms L_{t−1} of the bound."""

from typing import Any

from refdgm.diffusion.variational_loss import variational_loss
from refdgm.evidence.declare import mistake
from refdgm.evidence.diffusion.bound import times, without
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner

STEP = variational_loss.body


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
    """w ‖ε_hat − ε‖² + D K."""
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
    """σ² = β_tilde whatever was chosen."""
    return STEP(prediction, eps, beta, alpha_prod_prev, variance="posterior")


@mistake(variational_loss)
def unweighted(prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str) -> Any:
    """‖ε_hat − ε‖²: the simple objective, reported as the bound."""
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
    """e_bar = J_bar w (ε_hat − ε): the 2 of the square's derivative is forgotten."""
    return times(STEP(prediction, eps, beta, alpha_prod_prev, variance=variance), "prediction", 0.5)


@mistake(variational_loss, "gradient.alpha_prod_prev")
def product_gradient_sign(
    prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """The cotangent of ᾱ_{t−1} with the opposite sign: the derivative with respect to 1 − ᾱ_{t−1}."""
    return times(STEP(prediction, eps, beta, alpha_prod_prev, variance=variance), "alpha_prod_prev", -1.0)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(variational_loss, "value", "gradient.beta", "gradient.alpha_prod_prev", blind=True)
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


@mistake(variational_loss, "gradient.beta", blind=True)
def alpha_held(prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str) -> Any:
    """The 1/α in the weight is held in β_bar, which is right to first order in β."""
    loss, right = STEP(prediction, eps, beta, alpha_prod_prev, variance=variance)
    weight, residual = parts(beta, alpha_prod_prev, variance)[0][0], prediction - eps
    missing = inner(residual, residual) * weight / (1 - beta)
    return loss, lambda bar: (g := right(bar)) | {"beta": g["beta"] - bar * missing}
