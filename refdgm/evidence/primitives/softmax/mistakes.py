"""Mistakes in log-sum-exp, softmax and log-softmax."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.primitives.softmax import log_softmax, log_sum_exp, softmax


def probabilities(logits: Array) -> Array:
    return softmax.body(logits)[0]


def largest(logits: Array) -> Array:
    """One-hot of the largest entry."""
    xp = namespace(logits)
    return xp.astype(xp.arange(logits.shape[1]) == xp.argmax(logits, axis=-1)[:, None], logits.dtype)


# Log-sum-exp: wrong equations, rightly differentiated


@mistake(log_sum_exp)
def no_logarithm(logits: Array) -> Any:
    """Σ e^ℓ: the normaliser itself, not its logarithm."""
    xp = namespace(logits)
    e = xp.exp(logits)
    return xp.sum(e, axis=-1), lambda bar: {"logits": bar[:, None] * e}


@mistake(log_sum_exp)
def maximum_alone(logits: Array) -> Any:
    """max ℓ: the shift without what it was shifted for."""
    xp = namespace(logits)
    return xp.max(logits, axis=-1), lambda bar: {"logits": bar[:, None] * largest(logits)}


@mistake(log_sum_exp)
def shift_not_given_back(logits: Array) -> Any:
    """log Σ e^{ℓ − max ℓ}: the maximum is taken off and not added again."""
    xp = namespace(logits)
    total, right = log_sum_exp.body(logits)
    return total - xp.max(logits, axis=-1), lambda bar: {
        "logits": right(bar)["logits"] - bar[:, None] * largest(logits)
    }


@mistake(log_sum_exp)
def winner_left_out(logits: Array) -> Any:
    """max ℓ + log r: log1p(r) written as log(r), so that the largest term is missing from the sum."""
    xp = namespace(logits)
    top, hot = xp.max(logits, axis=-1), largest(logits)
    e = xp.where(hot > 0, xp.zeros_like(logits), xp.exp(logits - top[:, None]))
    rest = xp.sum(e, axis=-1, keepdims=True)
    return top + xp.log(rest[:, 0]), lambda bar: {"logits": bar[:, None] * e / rest}


@mistake(log_sum_exp)
def sum_over_everything(logits: Array) -> Any:
    """A sum without its axis: every example gets the normaliser of the batch; right for a batch of one."""
    xp = namespace(logits)
    total, right = log_sum_exp.body(xp.reshape(logits, (1, -1)))
    return total * xp.ones_like(logits[:, 0]), lambda bar: {
        "logits": xp.reshape(right(xp.sum(bar, keepdims=True))["logits"], logits.shape)
    }


# Log-sum-exp: value or gradient alone


@mistake(log_sum_exp, "value")
def mean_of_exponentials(logits: Array) -> Any:
    """log mean e^ℓ: log K too small, with the same gradient."""
    xp = namespace(logits)
    total, right = log_sum_exp.body(logits)
    return total - xp.log(xp.ones_like(total) * logits.shape[1]), right


@mistake(log_sum_exp, "value")
def detached_shift_not_given_back(logits: Array) -> Any:
    """log Σ e^{ℓ − m} with m detached and not added again: the gradient is right."""
    xp = namespace(logits)
    total, right = log_sum_exp.body(logits)
    return total - xp.max(logits, axis=-1), right


@mistake(log_sum_exp, "gradient.logits")
def gradient_of_the_maximum(logits: Array) -> Any:
    """ℓ_bar = A_bar onehot(k): all of it to the largest logit."""
    total, _ = log_sum_exp.body(logits)
    return total, lambda bar: {"logits": bar[:, None] * largest(logits)}


@mistake(log_sum_exp, "gradient.logits")
def gradient_through_half_a_shift(logits: Array) -> Any:
    """m + log Σ e^{ℓ − sg(m)}: the maximum is detached in the exponent and not before it."""
    total, right = log_sum_exp.body(logits)
    return total, lambda bar: {"logits": right(bar)["logits"] + bar[:, None] * largest(logits)}


@mistake(log_sum_exp, "gradient.logits")
def gradient_not_normalised(logits: Array) -> Any:
    """ℓ_bar = A_bar e^{ℓ − max ℓ}: not divided by the sum."""
    xp = namespace(logits)
    total, _ = log_sum_exp.body(logits)
    e = xp.exp(logits - xp.max(logits, axis=-1, keepdims=True))
    return total, lambda bar: {"logits": bar[:, None] * e}


@mistake(log_sum_exp, "gradient.logits")
def normaliser_cotangent_ignored(logits: Array) -> Any:
    """ℓ_bar = softmax(ℓ), whatever the cotangent."""
    total, right = log_sum_exp.body(logits)
    return total, lambda bar: right(0 * bar + 1)


# Softmax: wrong equations, rightly differentiated


@mistake(softmax)
def over_batch(logits: Array) -> Any:
    """The softmax runs over the examples, not over the categories: no shape tells."""
    y, right = softmax.body(logits.T)
    return y.T, lambda bar: {"logits": right(bar.T)["logits"].T}


@mistake(softmax)
def over_everything(logits: Array) -> Any:
    """One normaliser for the whole batch, as of a sum without its axis: right for a batch of one."""
    xp = namespace(logits)
    y, right = softmax.body(xp.reshape(logits, (1, -1)))
    return xp.reshape(y, logits.shape), lambda bar: {
        "logits": xp.reshape(right(xp.reshape(bar, (1, -1)))["logits"], logits.shape)
    }


@mistake(softmax)
def softmax_of_softmax(logits: Array) -> Any:
    """Probabilities taken for logits: normalised twice."""
    p, first = softmax.body(logits)
    y, second = softmax.body(p)
    return y, lambda bar: first(second(bar)["logits"])


@mistake(softmax)
def base_two(logits: Array) -> Any:
    """2^ℓ for e^ℓ."""
    xp = namespace(logits)
    log_two = xp.log(2 * xp.ones_like(logits))
    y, right = softmax.body(logits * log_two)
    return y, lambda bar: {"logits": right(bar)["logits"] * log_two}


@mistake(softmax)
def shift_of_the_numerator_alone(logits: Array) -> Any:
    """e^{ℓ − m} / Σ e^ℓ, with m detached: the maximum is taken from the numerator alone."""
    xp = namespace(logits)
    y, right = softmax.body(logits)
    scale = xp.exp(-xp.max(logits, axis=-1, keepdims=True))
    return y * scale, lambda bar: right(bar * scale)


# Softmax: value or gradient alone


@mistake(softmax, "value")
def one_hot_value(logits: Array) -> Any:
    """The one-hot of the largest logit, with the gradient of softmax."""
    return largest(logits), softmax.body(logits)[1]


@mistake(softmax, "gradient.logits")
def without_rank_one_part(logits: Array) -> Any:
    """ℓ_bar = y ∘ y_bar: the projection −y⟨y_bar, y⟩ is dropped."""
    y, _ = softmax.body(logits)
    return y, lambda bar: {"logits": y * bar}


@mistake(softmax, "gradient.logits")
def derivative_of_a_sigmoid(logits: Array) -> Any:
    """ℓ_bar = y (1 − y) ∘ y_bar: the diagonal of the Jacobian alone."""
    y, _ = softmax.body(logits)
    return y, lambda bar: {"logits": y * (1 - y) * bar}


@mistake(softmax, "gradient.logits")
def derivative_of_the_logarithm(logits: Array) -> Any:
    """ℓ_bar = y_bar − y Σ y_bar: that of log y."""
    xp = namespace(logits)
    y, _ = softmax.body(logits)
    return y, lambda bar: {"logits": bar - y * xp.sum(bar, axis=-1, keepdims=True)}


@mistake(softmax, "gradient.logits")
def projected_on_ones(logits: Array) -> Any:
    """ℓ_bar = y ∘ (y_bar − mean y_bar): centred without the weights; right where y is uniform."""
    xp = namespace(logits)
    y, _ = softmax.body(logits)
    return y, lambda bar: {"logits": y * (bar - xp.mean(bar, axis=-1, keepdims=True))}


@mistake(softmax, "gradient.logits")
def winner_measured_once(logits: Array) -> Any:
    """ℓ_bar = y ∘ (y_bar − y_bar_k − ⟨y_bar, y⟩): measured from the winner's cotangent in the first factor only."""
    xp = namespace(logits)
    y, _ = softmax.body(logits)

    def pullback(bar: Array) -> dict[str, Array]:
        winner = xp.sum(bar * largest(logits), axis=-1, keepdims=True)
        return {"logits": y * (bar - winner - xp.sum(bar * y, axis=-1, keepdims=True))}

    return y, pullback


# Log-softmax: wrong equations, rightly differentiated


@mistake(log_softmax)
def log_over_batch(logits: Array) -> Any:
    """The log-softmax runs over the examples, not over the categories."""
    s, right = log_softmax.body(logits.T)
    return s.T, lambda bar: {"logits": right(bar.T)["logits"].T}


@mistake(log_softmax)
def shifted_only(logits: Array) -> Any:
    """ℓ − max ℓ: shifted, and not normalised."""
    xp = namespace(logits)
    hot = largest(logits)
    return logits - xp.max(logits, axis=-1, keepdims=True), lambda bar: {
        "logits": bar - hot * xp.sum(bar, axis=-1, keepdims=True)
    }


@mistake(log_softmax)
def of_probabilities(logits: Array) -> Any:
    """log softmax(softmax ℓ): a loss that takes logits is given probabilities."""
    p, first = softmax.body(logits)
    s, second = log_softmax.body(p)
    return s, lambda bar: first(second(bar)["logits"])


@mistake(log_softmax)
def clipped_at_a_tenth(logits: Array) -> Any:
    """log(y + ε), the small number against log 0 so large that it shows: 1/10."""
    xp = namespace(logits)
    y, right = softmax.body(logits)
    return xp.log(y + 0.1), lambda bar: right(bar / (y + 0.1))


# Log-softmax: value or gradient alone


@mistake(log_softmax, "value")
def probabilities_returned(logits: Array) -> Any:
    """y for log y, with the gradient of log y."""
    return probabilities(logits), log_softmax.body(logits)[1]


@mistake(log_softmax, "value")
def centred_value(logits: Array) -> Any:
    """log y measured from its mean, the centred log-ratio, with the gradient of log y."""
    xp = namespace(logits)
    s, right = log_softmax.body(logits)
    return s - xp.mean(s, axis=-1, keepdims=True), right


@mistake(log_softmax, "gradient.logits")
def gradient_of_one_label(logits: Array) -> Any:
    """ℓ_bar = s_bar − y: right where the cotangents of a row sum to one, as those of a label do."""
    s, _ = log_softmax.body(logits)
    return s, lambda bar: {"logits": bar - probabilities(logits)}


@mistake(log_softmax, "gradient.logits")
def normaliser_detached(logits: Array) -> Any:
    """ℓ_bar = s_bar: the normaliser is taken for a constant."""
    s, _ = log_softmax.body(logits)
    return s, lambda bar: {"logits": 1 * bar}


@mistake(log_softmax, "gradient.logits")
def gradient_of_the_probabilities(logits: Array) -> Any:
    """ℓ_bar = y ∘ (s_bar − ⟨s_bar, y⟩): that of y."""
    s, _ = log_softmax.body(logits)
    return s, softmax.body(logits)[1]


@mistake(log_softmax, "gradient.logits")
def uniform_normaliser(logits: Array) -> Any:
    """ℓ_bar = s_bar − Σ s_bar / K: as if every category had the same probability."""
    xp = namespace(logits)
    s, _ = log_softmax.body(logits)
    return s, lambda bar: {"logits": bar - xp.mean(bar, axis=-1, keepdims=True)}


# --- planted by people who had not seen the cases, or after public code ---------------------------

# Log-sum-exp


@mistake(log_sum_exp, blind=True)
def streamed_sum_not_rescaled(logits: Array) -> Any:
    """The running sum of a streamed log-sum-exp is not rescaled when the maximum grows, and the gradient is formed
    with the result; right where the largest logit comes first."""
    xp = namespace(logits)
    total = xp.zeros_like(logits[:, 0])
    top = total + float(xp.finfo(logits.dtype).min)
    for j in range(logits.shape[1]):
        top = xp.maximum(top, logits[:, j])
        total = total + xp.exp(logits[:, j] - top)
    value = top + xp.log(total)
    return value, lambda bar: {"logits": bar[:, None] * xp.exp(logits - value[:, None])}


@mistake(log_sum_exp, blind=True)
def ties_counted_once(logits: Array) -> Any:
    """All entries equal to the maximum, not one of them, are left out of the sum under log1p; right without ties."""
    xp = namespace(logits)
    top = xp.max(logits, axis=-1, keepdims=True)
    e = xp.exp(logits - top)
    rest = xp.sum(xp.where(logits == top, 0.0, e), axis=-1)
    return top[:, 0] + xp.log1p(rest), lambda bar: {"logits": (bar / (1 + rest))[:, None] * e}


# Softmax


@mistake(softmax, blind=True)
def epsilon_in_the_denominator(logits: Array) -> Any:
    """The sum of the exponentials has 10⁻⁶ added to it, though it is never below one."""
    xp = namespace(logits)
    e = xp.exp(logits - xp.max(logits, axis=-1, keepdims=True))
    y = e / (xp.sum(e, axis=-1, keepdims=True) + 1e-6)
    return y, lambda bar: {"logits": y * (bar - xp.sum(bar * y, axis=-1, keepdims=True))}


@mistake(softmax, blind=True)
def masked_taken_for_zero(logits: Array) -> Any:
    """A masked category enters with the logit 0, as of a product with the mask; right where no logit is −∞."""
    xp = namespace(logits)
    masked = logits == -xp.inf
    y, right = softmax.body(xp.where(masked, 0.0, logits))
    return y, lambda bar: {"logits": xp.where(masked, 0.0, right(bar)["logits"])}


@mistake(softmax, "gradient.logits", blind=True)
def inner_product_over_the_batch(logits: Array) -> Any:
    """⟨y_bar, y⟩ is a sum without its axis, over all examples; right for a batch of one."""
    xp = namespace(logits)
    y, _ = softmax.body(logits)
    return y, lambda bar: {"logits": y * (bar - xp.sum(bar * y))}


# Log-softmax


@mistake(log_softmax, "value", blind=True)
def logarithm_of_the_softmax(logits: Array) -> Any:
    """The logarithm of a probability that may have underflowed, which is −∞ where the logits are far apart."""
    xp = namespace(logits)
    return xp.log(probabilities(logits)), log_softmax.body(logits)[1]


@mistake(log_softmax, "gradient.logits", blind=True)
def vanished_categories_without_gradient(logits: Array) -> Any:
    """ℓ_bar_j = 0 where y_j underflows, a guard against the NaN of log 0, although ℓ_bar_j is s_bar_j there."""
    xp = namespace(logits)
    s, right = log_softmax.body(logits)
    return s, lambda bar: {"logits": xp.where(probabilities(logits) > 0, right(bar)["logits"], 0.0)}


@mistake(log_softmax, "gradient.logits", blind=True)
def winner_attracted_by_the_others(logits: Array) -> Any:
    """ℓ_bar_k = y_k (r s_bar_k + c) for y_k (r s_bar_k − c): the winner alone has the wrong sign of what the others
    send."""
    xp = namespace(logits)
    s, right = log_softmax.body(logits)
    hot = largest(logits)

    def pullback(bar: Array) -> dict[str, Array]:
        others = xp.sum(bar * (1 - hot), axis=-1, keepdims=True)
        return {"logits": right(bar)["logits"] + 2 * hot * probabilities(logits) * others}

    return s, pullback
