"""Mistakes in the objective of flow matching. A mean over the components, a ½ and a velocity from the data to the
noise are conventions and not among them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.flow.flow_matching_loss import flow_matching_loss
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, inner

LOSS = flow_matching_loss.body


def towards(velocity: Array, u: Array) -> Any:
    """‖v − u‖², rightly differentiated."""
    residual = velocity - u
    return inner(residual, residual), lambda bar: {"velocity": 2 * against(bar, residual) * residual}


@mistake(flow_matching_loss)
def sigma_left_out(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """u = x₁ − x₀, whatever is left of the noise."""
    return towards(velocity, x1 - x0)


@mistake(flow_matching_loss)
def noise_added(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """u = x₁ + (1 − σ) x₀: the sign of one term lost."""
    return towards(velocity, x1 + (1 - sigma_min) * x0)


@mistake(flow_matching_loss)
def towards_the_data(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """u = x₁: the target of a network that predicts the data."""
    return towards(velocity, x1)


@mistake(flow_matching_loss)
def towards_the_noise(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """u = x₀: the target of a network that predicts the noise."""
    return towards(velocity, x0)


@mistake(flow_matching_loss)
def sigma_at_the_data(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """u = (1 − σ) x₁ − x₀: σ belongs to the noise."""
    return towards(velocity, (1 - sigma_min) * x1 - x0)


@mistake(flow_matching_loss)
def root_of_the_square(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """‖v − u‖, not squared."""
    xp = namespace(velocity)
    loss, right = LOSS(velocity, x0, x1, sigma_min)
    safe = xp.where(loss > 0, xp.sqrt(loss), xp.ones_like(loss))
    return xp.sqrt(loss), lambda bar: right(bar / safe / 2)


@mistake(flow_matching_loss)
def absolute_residuals(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """Σ |v − u|: another norm, whose best velocity is a median."""
    xp = namespace(velocity)
    residual = velocity - (x1 - (1 - sigma_min) * x0)
    sign = xp.sign(residual)
    return inner(residual, sign), lambda bar: {"velocity": against(bar, sign) * sign}


@mistake(flow_matching_loss)
def summed_over_the_batch(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """A sum without its axis: every example carries the whole batch; right for a batch of one."""
    xp = namespace(velocity)
    loss, right = LOSS(velocity, x0, x1, sigma_min)
    everyone = xp.ones_like(loss)
    return everyone * xp.sum(loss), lambda bar: right(everyone * xp.sum(bar))


@mistake(flow_matching_loss)
def averaged_over_the_last_axis(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """The mean over the last axis and the sum over the others; a mean over all is a convention."""
    loss, right = LOSS(velocity, x0, x1, sigma_min)
    share = 1 / max(velocity.shape[-1], 1) if velocity.ndim > 1 else 1.0
    return share * loss, lambda bar: right(share * bar)


@mistake(flow_matching_loss, "value")
def reported_per_component(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """The mean over the components is reported, the sum is differentiated."""
    loss, right = LOSS(velocity, x0, x1, sigma_min)
    return loss * velocity.shape[0] / max(velocity.size, 1), right


@mistake(flow_matching_loss, "gradient.velocity")
def two_forgotten(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """v_bar = J_bar (v − u): the 2 of the square's derivative is forgotten."""
    loss, right = LOSS(velocity, x0, x1, sigma_min)
    return loss, lambda bar: right(bar / 2)


@mistake(flow_matching_loss, "gradient.velocity")
def sign_of_the_residual(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """v_bar = 2 J_bar (u − v): it climbs."""
    loss, right = LOSS(velocity, x0, x1, sigma_min)
    return loss, lambda bar: right(-bar)


@mistake(flow_matching_loss, "gradient.velocity")
def weights_of_the_examples_ignored(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """The gradient of the sum, whatever the cotangent: a loss that is weighted by time trains as if it were not."""
    loss, right = LOSS(velocity, x0, x1, sigma_min)
    return loss, lambda bar: right(0 * bar + 1)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(flow_matching_loss, seen="atong01/conditional-flow-matching #24", blind=True)
def averaged_before_squaring(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """The residuals are averaged over the batch and then squared: one point is trained; right for a batch of one."""
    xp = namespace(velocity)
    residual = velocity - (x1 - (1 - sigma_min) * x0)
    mean = 0 * residual + xp.mean(residual, axis=0, keepdims=True)

    def pullback(bar: Array) -> dict[str, Array]:
        return {"velocity": 2 * xp.sum(bar) / max(bar.shape[0], 1) * mean}

    return inner(mean, mean), pullback


@mistake(flow_matching_loss, seen="theislab/CellFlow #305", blind=True)
def from_another_source(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """The target begins at the source of another example than the path did; right for a batch of one."""
    return LOSS(velocity, namespace(x0).roll(x0, 1, axis=0), x1, sigma_min)


@mistake(flow_matching_loss, blind=True)
def linear_beyond_one(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """Residuals beyond one count 2|v − u| − 1, as in the loss of Huber."""
    residual = velocity - (x1 - (1 - sigma_min) * x0)
    near = namespace(velocity).clip(residual, -1, 1)
    return inner(near, 2 * residual - near), lambda bar: {"velocity": 2 * against(bar, near) * near}


@mistake(flow_matching_loss, "gradient.velocity", blind=True)
def divided_by_the_batch(velocity: Array, x0: Array, x1: Array, sigma_min: Array) -> Any:
    """v_bar is divided by B, as if the loss of each example were the mean over the batch."""
    loss, right = LOSS(velocity, x0, x1, sigma_min)
    return loss, lambda bar: right(bar / max(bar.shape[0], 1))
