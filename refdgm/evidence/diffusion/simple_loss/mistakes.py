"""Mistakes in the simple objective. A mean over the components and a factor ½ are conventions and not among them."""

from typing import Any

from refdgm.diffusion.forward_marginal import forward_marginal
from refdgm.diffusion.simple_loss import simple_loss
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, inner

LOSS = simple_loss.body


def towards(prediction: Array, y: Array, weight: Any = None) -> Any:
    """Σ w (p − y)², rightly differentiated."""
    residual = prediction - y
    loss = inner(residual, residual)
    if weight is None:
        return loss, lambda bar: {"prediction": 2 * against(bar, residual) * residual}
    return weight * loss, lambda bar: {"prediction": 2 * against(weight * bar, residual) * residual}


@mistake(simple_loss)
def always_the_noise(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Any:
    """The target is ε whatever the network predicts."""
    return LOSS(prediction, x0, eps, alpha_prod, target="eps")


@mistake(simple_loss)
def velocity_with_plus(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Any:
    """v = √ᾱ ε + √(1 − ᾱ) x₀: the sign lost in the target of v."""
    return LOSS(prediction, -x0 if target == "v" else x0, eps, alpha_prod, target=target)


@mistake(simple_loss)
def velocity_parts_exchanged(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Any:
    """v = √ᾱ x₀ − √(1 − ᾱ) ε: data and noise exchanged in the target of v."""
    if target == "v":
        x0, eps = eps, x0
    return LOSS(prediction, x0, eps, alpha_prod, target=target)


@mistake(simple_loss)
def noised_data_as_target(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Any:
    """The x₀-prediction is compared with x_t."""
    if target == "x0":
        return towards(prediction, forward_marginal.body(x0, eps, alpha_prod)[0])
    return LOSS(prediction, x0, eps, alpha_prod, target=target)


@mistake(simple_loss)
def weight_of_the_score_form(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Any:
    """‖ε − ε_hat‖² / (1 − ᾱ): what is left when the coefficient is dropped from the objective of the score."""
    if target == "eps":
        return towards(prediction, eps, 1 / (1 - alpha_prod))
    return LOSS(prediction, x0, eps, alpha_prod, target=target)


@mistake(simple_loss)
def root_of_the_square(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Any:
    """‖p − y‖, not squared."""
    xp = namespace(prediction)
    loss, right = LOSS(prediction, x0, eps, alpha_prod, target=target)
    return xp.sqrt(loss), lambda bar: right(bar / xp.sqrt(loss) / 2)


@mistake(simple_loss)
def summed_over_the_batch(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Any:
    """A sum without its axis: every example carries the whole batch; right for a batch of one."""
    xp = namespace(prediction)
    loss, right = LOSS(prediction, x0, eps, alpha_prod, target=target)
    everyone = xp.ones_like(loss)
    return everyone * xp.sum(loss), lambda bar: right(everyone * xp.sum(bar))


@mistake(simple_loss, "value")
def reported_per_component(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Any:
    """The mean over the components is reported, the sum is differentiated."""
    loss, right = LOSS(prediction, x0, eps, alpha_prod, target=target)
    return loss * prediction.shape[0] / prediction.size, right


@mistake(simple_loss, "gradient.prediction")
def two_forgotten(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Any:
    """p_bar = J_bar (p − y): the 2 of the square's derivative is forgotten."""
    loss, right = LOSS(prediction, x0, eps, alpha_prod, target=target)
    return loss, lambda bar: {"prediction": right(bar)["prediction"] / 2}


@mistake(simple_loss, "gradient.prediction")
def sign_of_the_residual(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Any:
    """p_bar = 2 J_bar (y − p): it climbs."""
    loss, right = LOSS(prediction, x0, eps, alpha_prod, target=target)
    return loss, lambda bar: {"prediction": -right(bar)["prediction"]}


@mistake(simple_loss, "gradient.prediction")
def weights_of_the_examples_ignored(
    prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str
) -> Any:
    """The gradient of the sum, whatever the cotangent: a loss that is weighted afterwards trains as if it were not."""
    loss, right = LOSS(prediction, x0, eps, alpha_prod, target=target)
    return loss, lambda bar: right(0 * bar + 1)


SIMPLE = simple_loss.body


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(simple_loss, blind=True)
def linear_beyond_one(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Any:
    """Residuals beyond one count 2|p − y| − 1, as in the loss of Huber."""
    xp = namespace(prediction)
    residual = SIMPLE(prediction, x0, eps, alpha_prod, target=target)[1](xp.ones_like(alpha_prod))["prediction"] / 2
    near = xp.clip(residual, -1, 1)
    return inner(near, 2 * residual - near), lambda bar: {"prediction": 2 * against(bar, near) * near}


@mistake(simple_loss, "gradient.prediction", blind=True)
def divided_by_the_batch(prediction: Array, x0: Array, eps: Array, alpha_prod: Array, *, target: str) -> Any:
    """p_bar is divided by B, as if the loss of each example were the mean over the batch."""
    loss, right = SIMPLE(prediction, x0, eps, alpha_prod, target=target)
    return loss, lambda bar: {"prediction": right(bar)["prediction"] / max(bar.shape[0], 1)}
