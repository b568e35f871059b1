"""Mistakes in the Inception Score. Its logarithm is a variant, and splits are the caller's."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.metrics.inception_score import inception_score
from refdgm.namespace import Array, namespace
from refdgm.primitives.softmax import log_softmax, softmax

BODY = inception_score.body


def parts(logits: Array) -> tuple[Any, Array, Array, Array]:
    """Of the samples: their number, p, log p and log m."""
    xp = namespace(logits)
    s = log_softmax.body(logits)[0]
    top = xp.max(s, axis=0)
    return xp, xp.exp(s), s, top + xp.log(xp.mean(xp.exp(s - top), axis=0))


def of_logarithms(logits: Array, value: Array, slope: Callable[[Array], Array]) -> Any:
    """A value, and the pullback of its slope in log p."""
    back = log_softmax.body(logits)[1]
    return value, lambda bar: back(slope(bar))


@mistake(inception_score)
def mean_of_exponentials(logits: Array) -> Any:
    """mean_b exp(Σ p w): the exponential of every sample's divergence, and their mean."""
    xp, p, s, m = parts(logits)
    each = xp.exp(xp.sum(p * (s - m), axis=1))

    def slope(bar: Array) -> Array:
        own = each[:, None] * p * (1 + s - m)
        return bar / p.shape[0] * (own - p * xp.mean(each[:, None] * p, axis=0) / xp.exp(m))

    return of_logarithms(logits, xp.mean(each), slope)


@mistake(inception_score)
def marginal_of_the_mean_logits(logits: Array) -> Any:
    """m = softmax(mean ℓ): the logits are averaged, and not the probabilities."""
    xp, p, s, _ = parts(logits)
    mean, to_logits = log_softmax.body(xp.mean(logits, axis=0, keepdims=True))
    value = xp.exp(xp.sum(p * (s - mean)) / p.shape[0])

    def pullback(bar: Array) -> dict[str, Array]:
        scale = bar * value / p.shape[0]
        own = log_softmax.body(logits)[1](scale * p * (1 + s - mean))["logits"]
        return {"logits": own - to_logits(scale * xp.sum(p, axis=0, keepdims=True))["logits"] / p.shape[0]}

    return value, pullback


@mistake(inception_score, seen="sbarratt/inception-score-pytorch #9")
def the_other_divergence(logits: Array) -> Any:
    """exp(mean_b KL(m ‖ p)): from the marginal to the sample."""
    xp, p, s, m = parts(logits)
    value = xp.exp(xp.mean(xp.sum(xp.exp(m) * (m - s), axis=1)))

    def slope(bar: Array) -> Array:
        return bar * value / p.shape[0] * (p * (1 + m - xp.mean(s, axis=0)) - xp.exp(m))

    return of_logarithms(logits, value, slope)


@mistake(inception_score)
def softmax_twice(logits: Array) -> Any:
    """Probabilities taken for logits."""
    p, first = softmax.body(logits)
    value, second = BODY(p)
    return value, lambda bar: first(second(bar)["logits"])


@mistake(inception_score)
def to_the_power_of_two(logits: Array) -> Any:
    """Two to the power of a divergence in nats."""
    xp = namespace(logits)
    score, right = BODY(logits)
    two = xp.log(score) * 0.6931471805599453
    return xp.exp(two), lambda bar: right(bar * 0.6931471805599453 * xp.exp(two) / score)


@mistake(inception_score)
def sum_over_the_samples(logits: Array) -> Any:
    """exp(Σ_b Σ_k p w): divergences are added; right for one sample."""
    score, right = BODY(logits)
    many = logits.shape[0]
    return score**many, lambda bar: right(bar * many * score ** (many - 1))


@mistake(inception_score, "value")
def diversity_alone(logits: Array) -> Any:
    """exp(H(m)): how many classes there are, however unsure the classifier is."""
    xp, _, _, m = parts(logits)
    return xp.exp(-xp.sum(xp.exp(m) * m)), BODY(logits)[1]


@mistake(inception_score, "gradient.logits")
def gradient_of_the_logarithm(logits: Array) -> Any:
    """Of log IS: the factor IS is forgotten."""
    score, right = BODY(logits)
    return score, lambda bar: right(bar / score)


@mistake(inception_score, "gradient.logits")
def gradient_of_a_sum(logits: Array) -> Any:
    """Without 1/B: right for one sample."""
    score, right = BODY(logits)
    return score, lambda bar: right(bar * logits.shape[0])


@mistake(inception_score, "gradient.logits")
def projection_left_out(logits: Array) -> Any:
    """ℓ_bar = (a_bar IS/B) p w: without −p ⟨p, w⟩."""
    _, p, s, m = parts(logits)
    score, _ = BODY(logits)
    return score, lambda bar: {"logits": bar * score / p.shape[0] * p * (s - m)}


@mistake(inception_score, "gradient.logits")
def certainty_alone(logits: Array) -> Any:
    """The gradient of exp(−mean H(p)) alone, scaled: what the marginal's entropy says is lost."""
    _, p, s, _ = parts(logits)
    score, _ = BODY(logits)
    return score, softmax_pulled(logits, lambda bar: bar * score / p.shape[0] * s)


def softmax_pulled(logits: Array, slope: Callable[[Array], Array]) -> Any:
    back = softmax.body(logits)[1]
    return lambda bar: back(slope(bar))


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(inception_score, seen="openai/guided-diffusion #153", blind=True)
def mean_of_two_splits(logits: Array) -> Any:
    """The mean of the scores of both halves, in the order of the samples, where that of all is asked for."""
    xp, half = namespace(logits), (logits.shape[0] + 1) // 2
    pieces = [BODY(part) for part in (logits[:half], logits[half:]) if part.shape[0]]
    return sum(score for score, _ in pieces) / len(pieces), lambda bar: {
        "logits": xp.concat([right(bar / len(pieces))["logits"] for _, right in pieces])}


@mistake(inception_score, blind=True)
def axis_of_the_samples(logits: Array) -> Any:
    """The softmax runs over the samples, and the mean over the classes."""
    value, right = BODY(logits.T)
    return value, lambda bar: {"logits": right(bar)["logits"].T}


@mistake(inception_score, seen="pytorch/ignite #1947", blind=True)
def nothing_times_infinity(logits: Array) -> Any:
    """p (log p − log m) of probabilities: 0 · (∞ − ∞), where a class underflows in every sample."""
    xp = namespace(logits)
    p, right = softmax.body(logits)
    m = xp.mean(p, axis=0)
    lost = 0 * xp.sum(xp.where(m > 0, 0 * m, m / m))
    score, pulled = BODY(logits)
    return score + lost, lambda bar: {"logits": pulled(bar)["logits"] + lost * right(0 * p)["logits"]}
