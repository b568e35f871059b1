"""Mistakes in gradients by the logarithm of a law. A reward for a cost is a convention and none of them."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.latent.score_function_estimator import leave_one_out_estimator, score_function_estimator
from refdgm.namespace import Array, namespace

BODY, OTHERS = score_function_estimator.body, leave_one_out_estimator.body


def mean(x: Array) -> Array:
    return namespace(x).mean(x, axis=-1)


def weighted(right: Callable[..., Any], weight: Array) -> Callable[..., Any]:
    """The right pullback, but for this weight of each draw's score."""
    return lambda bar: right(bar) | {"log_prob": bar[:, None] / weight.shape[1] * weight}


def others(cost: Array) -> Array:
    xp = namespace(cost)
    return (xp.sum(cost, axis=-1, keepdims=True) - cost) / (cost.shape[1] - 1)


def spread(cost: Array) -> Array:
    """The standard deviation of an example's costs, over R."""
    away = cost - mean(cost)[:, None]
    return namespace(cost).sqrt(mean(away * away))[:, None]


# With a baseline that is given


@mistake(score_function_estimator)
def summed(log_prob: Array, cost: Array, baseline: Array) -> Any:
    """The sum over draws: the step grows with their number."""
    value, right = BODY(log_prob, cost, baseline)
    return value * cost.shape[1], lambda bar: right(bar * cost.shape[1])


@mistake(score_function_estimator, "value")
def surrogate_reported(log_prob: Array, cost: Array, baseline: Array) -> Any:
    """mean (f − b) log q is reported: a number whose slope means something, and which does not."""
    _, right = BODY(log_prob, cost, baseline)
    return mean((cost - baseline[:, None]) * log_prob), right


@mistake(score_function_estimator, "gradient.log_prob")
def baseline_forgotten(log_prob: Array, cost: Array, baseline: Array) -> Any:
    """J_bar f/R: of the same expectation, and another variance."""
    value, right = BODY(log_prob, cost, baseline)
    return value, weighted(right, cost)


@mistake(score_function_estimator, "gradient.log_prob")
def lowered_for_raised(log_prob: Array, cost: Array, baseline: Array) -> Any:
    """J_bar (b − f)/R: the sign of a loss, on a cost."""
    value, right = BODY(log_prob, cost, baseline)
    return value, weighted(right, baseline[:, None] - cost)


@mistake(score_function_estimator, "gradient.log_prob")
def probability_for_its_logarithm(log_prob: Array, cost: Array, baseline: Array) -> Any:
    """J_bar q (f − b)/R: ∂q for ∂ log q, and what is drawn is weighed by its probability twice."""
    value, right = BODY(log_prob, cost, baseline)
    return value, weighted(right, namespace(cost).exp(log_prob) * (cost - baseline[:, None]))


@mistake(score_function_estimator, "gradient.cost")
def path_forgotten(log_prob: Array, cost: Array, baseline: Array) -> Any:
    """f_bar = 0: what the cost depends on itself does not learn."""
    value, right = BODY(log_prob, cost, baseline)
    return value, lambda bar: right(bar) | {"cost": 0 * cost}


# With the mean of the others


@mistake(leave_one_out_estimator, name="summed")
def sum_of_draws(log_prob: Array, cost: Array) -> Any:
    """The sum over draws."""
    value, right = OTHERS(log_prob, cost)
    return value * cost.shape[1], lambda bar: right(bar * cost.shape[1])


@mistake(leave_one_out_estimator, "value", name="surrogate_reported")
def sum_of_surrogates(log_prob: Array, cost: Array) -> Any:
    """mean (f − b) log q is reported."""
    return mean((cost - others(cost)) * log_prob), OTHERS(log_prob, cost)[1]


@mistake(leave_one_out_estimator, "gradient.log_prob")
def one_baseline_for_the_batch(log_prob: Array, cost: Array) -> Any:
    """The mean of all draws of the batch for baseline, where other examples have other costs."""
    value, right = OTHERS(log_prob, cost)
    return value, weighted(right, cost - namespace(cost).mean(cost) + 0 * cost)


@mistake(leave_one_out_estimator, "gradient.log_prob", name="lowered_for_raised")
def negative(log_prob: Array, cost: Array) -> Any:
    """The sign of a loss, on a cost."""
    value, right = OTHERS(log_prob, cost)
    return value, weighted(right, others(cost) - cost)


@mistake(leave_one_out_estimator, "gradient.log_prob")
def own_cost_in_the_sum(log_prob: Array, cost: Array) -> Any:
    """b = Σ f/(R − 1), the draw itself among them."""
    value, right = OTHERS(log_prob, cost)
    total = namespace(cost).sum(cost, axis=-1, keepdims=True)
    return value, weighted(right, cost - total / (cost.shape[1] - 1))


@mistake(leave_one_out_estimator, "gradient.cost", name="path_forgotten")
def costs_detached(log_prob: Array, cost: Array) -> Any:
    """f_bar = 0: what the costs depend on themselves does not learn."""
    value, right = OTHERS(log_prob, cost)
    return value, lambda bar: right(bar) | {"cost": 0 * cost}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(score_function_estimator, "gradient.cost", seen="batra-mlp-lab/visdial-rl #13", blind=True)
def cost_not_held(log_prob: Array, cost: Array, baseline: Array) -> Any:
    """f_bar = J_bar log q/R: the surrogate is differentiated in the cost that weighs it."""
    value, right = BODY(log_prob, cost, baseline)
    return value, lambda bar: right(bar) | {"cost": bar[:, None] / cost.shape[1] * log_prob}


@mistake(score_function_estimator, "gradient.log_prob", seen="jsboige/CoursIA #15256", blind=True)
def mean_of_the_draws(log_prob: Array, cost: Array, baseline: Array) -> Any:
    """The mean of the costs for b, each draw's own among them: short by 1 − 1/R, and nothing for one draw."""
    value, right = BODY(log_prob, cost, baseline)
    return value, weighted(right, cost - mean(cost)[:, None])


@mistake(score_function_estimator, "gradient.log_prob", blind=True)
def normalised(log_prob: Array, cost: Array, baseline: Array) -> Any:
    """(f − b)/(std f + 10⁻⁸): the expectation of another quantity."""
    value, right = BODY(log_prob, cost, baseline)
    return value, weighted(right, (cost - baseline[:, None]) / (spread(cost) + 1e-8))


@mistake(score_function_estimator, "gradient.log_prob", blind=True)
def clipped(log_prob: Array, cost: Array, baseline: Array) -> Any:
    """f − b between −1 and 1."""
    xp = namespace(cost)
    value, right = BODY(log_prob, cost, baseline)
    return value, weighted(right, xp.minimum(xp.maximum(cost - baseline[:, None], -1), 1))


@mistake(leave_one_out_estimator, "gradient.log_prob", seen="jsboige/CoursIA #15256", blind=True,
         name="mean_of_the_draws")
def in_sample(log_prob: Array, cost: Array) -> Any:
    """f − mean f over R: the draw is in its own baseline, and the slope short by 1 − 1/R."""
    value, right = OTHERS(log_prob, cost)
    return value, weighted(right, cost - mean(cost)[:, None])


@mistake(leave_one_out_estimator, "gradient.log_prob", seen="NVIDIA-NeMo/RL #1518", blind=True, name="normalised")
def by_the_deviation(log_prob: Array, cost: Array) -> Any:
    """(f − b)/(std f + 10⁻⁶): beside the mean of others a scale that knows the draw."""
    value, right = OTHERS(log_prob, cost)
    return value, weighted(right, (cost - others(cost)) / (spread(cost) + 1e-6))


@mistake(leave_one_out_estimator, "gradient.cost", blind=True)
def baseline_not_held(log_prob: Array, cost: Array) -> Any:
    """f_bar_r = J_bar (1 + log q_r − those of the others)/R: (f − b) log q is differentiated in f and in b."""
    value, right = OTHERS(log_prob, cost)
    return value, lambda bar: right(bar) | {"cost": bar[:, None] / cost.shape[1] * (1 + log_prob - others(log_prob))}
