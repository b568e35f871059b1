"""Mistakes in the cross-entropy of labels. Bits, and the log-likelihood, are conventions and none of them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.primitives.cross_entropy import cross_entropy
from refdgm.primitives.softmax import log_softmax, softmax
from refdgm.primitives.softplus import log_sigmoid

BODY = cross_entropy.body


def each(x: Array) -> Array:
    return namespace(x).sum(x, axis=-1)


def law(logits: Array) -> Array:
    return softmax.body(logits)[0]


@mistake(cross_entropy)
def softmax_twice(logits: Array, target: Array) -> Any:
    """A network that ends in a softmax, before a loss that has its own: no label costs less than log(1 + (K − 1)/e)."""
    y, to_logits = softmax.body(logits)
    value, right = BODY(y, target)
    return value, lambda bar: (g := right(bar)) | {"logits": to_logits(g["logits"])["logits"]}


@mistake(cross_entropy)
def next_label(logits: Array, target: Array) -> Any:
    """Labels that count from one, read as if from zero: every category is asked for its neighbour's share."""
    xp = namespace(logits)
    value, right = BODY(logits, xp.roll(target, 1, axis=1))
    return value, lambda bar: (g := right(bar)) | {"target": xp.roll(g["target"], -1, axis=1)}


@mistake(cross_entropy)
def one_against_all(logits: Array, target: Array) -> Any:
    """−Σ t log σ(ℓ) + (1 − t) log σ(−ℓ): categories that may all be true at once."""
    xp = namespace(logits)
    (yes, to_yes), (no, to_no) = log_sigmoid.body(logits), log_sigmoid.body(-logits)
    return -each(target * yes + (1 - target) * no), lambda bar: {
        "logits": to_yes(-bar[:, None] * target)["x"] - to_no(-bar[:, None] * (1 - target))["x"],
        "target": bar[:, None] * (no - yes) + xp.zeros_like(target)}


@mistake(cross_entropy, "value")
def mean_reported(logits: Array, target: Array) -> Any:
    """The mean over categories is logged, the sum is trained with."""
    value, right = BODY(logits, target)
    return value / logits.shape[1], right


@mistake(cross_entropy, "value")
def divergence_reported(logits: Array, target: Array) -> Any:
    """Σ t log t/y: the entropy of the target is taken off, which is none of a label and some of shares."""
    value, right = BODY(logits, target)
    xp = namespace(logits)
    return value + each(target * xp.log(xp.where(target > 0, target, 1.0))), right


@mistake(cross_entropy, "gradient.logits")
def normaliser_forgotten(logits: Array, target: Array) -> Any:
    """ℓ_bar = −J_bar t: logits are taken for log-probabilities."""
    value, right = BODY(logits, target)
    return value, lambda bar: right(bar) | {"logits": -bar[:, None] * target}


@mistake(cross_entropy, "gradient.logits")
def slope_of_a_square(logits: Array, target: Array) -> Any:
    """ℓ_bar through y ∘ (g − ⟨g, y⟩) of g = y − t: the slope of ½‖y − t‖², and none where it is sure and wrong."""
    value, right = BODY(logits, target)
    y, to_logits = softmax.body(logits)
    return value, lambda bar: right(bar) | {"logits": to_logits(bar[:, None] * (y - target))["logits"]}


@mistake(cross_entropy, "gradient.target")
def target_detached(logits: Array, target: Array) -> Any:
    """t_bar = 0: a teacher that is to learn does not."""
    value, right = BODY(logits, target)
    return value, lambda bar: right(bar) | {"target": 0 * target}


@mistake(cross_entropy, "gradient.target")
def logits_for_their_logarithms(logits: Array, target: Array) -> Any:
    """t_bar = −J_bar ℓ: right up to a constant of the row, as for shares that sum to one."""
    value, right = BODY(logits, target)
    return value, lambda bar: right(bar) | {"target": -bar[:, None] * logits}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(cross_entropy, "gradient.logits", blind=True)
def sum_of_shares_taken_for_one(logits: Array, target: Array) -> Any:
    """ℓ_bar = J_bar (y − t): an example that is left out, a row of zeros, is pushed to equal probabilities."""
    value, right = BODY(logits, target)
    return value, lambda bar: right(bar) | {"logits": bar[:, None] * (law(logits) - target)}


@mistake(cross_entropy, seen="fastai/fastai #1814", blind=True)
def smoothed_over_the_others(logits: Array, target: Array) -> Any:
    """A tenth of every label is shared out, as α/(K − 1) to each category, its own among them: it sums to more than
    one."""
    many = max(logits.shape[1] - 1, 1)
    value, right = BODY(logits, 0.9 * target + 0.1 / many)
    return value, lambda bar: (g := right(bar)) | {"target": 0.9 * g["target"]}


@mistake(cross_entropy, blind=True)
def epsilon_under_the_logarithm(logits: Array, target: Array) -> Any:
    """log(y + 10⁻⁸): no label costs more than 18.4, and beyond that none learns."""
    xp = namespace(logits)
    y, to_logits = softmax.body(logits)
    logs = xp.log(y + 1e-8)
    return -each(target * logs), lambda bar: {
        "logits": to_logits(-bar[:, None] * target / (y + 1e-8))["logits"], "target": -bar[:, None] * logs}


@mistake(cross_entropy, blind=True)
def rounded_to_a_label(logits: Array, target: Array) -> Any:
    """The largest share is taken for the whole: argmax of the target, before a loss of labels."""
    xp = namespace(logits)
    columns = xp.arange(logits.shape[1], dtype=xp.int64, device=logits.device)
    hot = xp.astype(columns[None, :] == xp.argmax(target, axis=-1)[:, None], logits.dtype)
    value, right = BODY(logits, hot)
    return value, lambda bar: right(bar) | {"target": 0 * target}


@mistake(cross_entropy, blind=True)
def over_the_batch(logits: Array, target: Array) -> Any:
    """The softmax of each column, over the examples."""
    xp = namespace(logits)
    s, back = log_softmax.body(xp.matrix_transpose(logits))
    logs = xp.matrix_transpose(s)
    return -each(target * logs), lambda bar: {
        "logits": xp.matrix_transpose(back(xp.matrix_transpose(-bar[:, None] * target))["logits"]),
        "target": -bar[:, None] * logs}
