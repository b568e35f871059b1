"""Mistakes in a contrast of queries and keys. The other direction, cosines and 1/τ are conventions."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.metrics.info_nce import info_nce
from refdgm.namespace import Array, namespace

BODY = info_nce.body


def axes(x: Array) -> Array:
    return namespace(x).eye(x.shape[0], dtype=x.dtype, device=x.device)


def of_table(query: Array, key: Array, tau: Array, logits: Array, of: Any) -> Any:
    """The mean of what `of` makes of the products over τ, losses and their pullback to them."""
    xp = namespace(query)
    losses, back = of(logits)

    def pullback(bar: Array) -> dict[str, Array]:
        each = back(bar / xp.ones_like(losses) / query.shape[0]) / tau
        return {"query": each @ key, "key": each.T @ query, "tau": -xp.sum(each * logits)}

    return xp.mean(losses), pullback


def shares(logits: Array, axis: int = 1) -> tuple[Array, Array]:
    """log Σ e^ℓ and the softmax."""
    xp = namespace(logits)
    top = xp.max(logits, axis=axis, keepdims=True)
    e = xp.exp(logits - top)
    total = xp.sum(e, axis=axis, keepdims=True)
    return xp.squeeze(top + xp.log(total), axis=axis), e / total


def diagonal(x: Array) -> Array:
    return namespace(x).sum(x * axes(x), axis=1)


# Wrong equations, rightly differentiated


@mistake(info_nce)
def over_the_queries(query: Array, key: Array, tau: Array) -> Any:
    """The softmax over the queries of a key: the other direction."""

    def of(logits: Array) -> Any:
        total, p = shares(logits, axis=0)
        return total - diagonal(logits), lambda bar: bar[None, :] * (p - axes(p))

    return of_table(query, key, tau, query @ key.T / tau, of)


@mistake(info_nce)
def times_the_temperature(query: Array, key: Array, tau: Array) -> Any:
    """ℓ = τ ⟨q, k⟩."""
    value, right = BODY(query, key, 1 / tau)
    return value, lambda bar: (g := right(bar)) | {"tau": -g["tau"] / tau**2}


@mistake(info_nce)
def root_of_the_size(query: Array, key: Array, tau: Array) -> Any:
    """ℓ over √D as well, as of an attention; right for D = 1."""
    root = max(query.shape[1], 1) ** 0.5
    value, right = BODY(query, key, tau * root)
    return value, lambda bar: (g := right(bar)) | {"tau": g["tau"] * root}


@mistake(info_nce)
def own_counted_twice(query: Array, key: Array, tau: Array) -> Any:
    """log(1 + Σ e^{d_ij}) with the own key in the sum as well: of a single pair J is log 2."""

    def of(logits: Array) -> Any:
        xp, own = namespace(logits), diagonal(logits)
        total, _ = shares(logits)
        total = total + xp.log1p(xp.exp(own - total))
        p = xp.exp(logits - total[:, None])
        return total - own, lambda bar: bar[:, None] * (p + axes(p) * (diagonal(p)[:, None] - 1))

    return of_table(query, key, tau, query @ key.T / tau, of)


@mistake(info_nce, "value")
def mean_in_the_denominator(query: Array, key: Array, tau: Array) -> Any:
    """The mean of the exponentials for their sum: J − log B, which is no chance's logarithm."""
    xp = namespace(query)
    value, right = BODY(query, key, tau)
    return value - xp.log(xp.ones_like(value) * query.shape[0]), right


@mistake(info_nce, "value")
def sign_of_the_value(query: Array, key: Array, tau: Array) -> Any:
    """The log-likelihood is reported, and the loss minimised."""
    value, right = BODY(query, key, tau)
    return -value, right


# The values are right, a gradient is not


@mistake(info_nce, "gradient.key")
def keys_held(query: Array, key: Array, tau: Array) -> Any:
    """The keys are taken for constants, as those of an encoder that follows slowly."""
    value, right = BODY(query, key, tau)
    return value, lambda bar: right(bar) | {"key": 0 * key}


@mistake(info_nce, "gradient.key")
def negatives_held(query: Array, key: Array, tau: Array) -> Any:
    """A key hears of its own query alone."""
    value, right = BODY(query, key, tau)
    _, p = shares(query @ key.T / tau)
    return value, lambda bar: right(bar) | {"key": bar / len(p) * (diagonal(p) - 1)[:, None] * query / tau}


@mistake(info_nce, "gradient.query")
def query_without_temperature(query: Array, key: Array, tau: Array) -> Any:
    """q_bar is not divided by τ."""
    value, right = BODY(query, key, tau)
    return value, lambda bar: (g := right(bar)) | {"query": g["query"] * tau}


@mistake(info_nce, "gradient.tau")
def sign_of_the_temperature(query: Array, key: Array, tau: Array) -> Any:
    """+⟨c_bar, d⟩/τ."""
    value, right = BODY(query, key, tau)
    return value, lambda bar: (g := right(bar)) | {"tau": -g["tau"]}


@mistake(info_nce, "gradient.tau")
def temperature_averaged(query: Array, key: Array, tau: Array) -> Any:
    """τ_bar is divided by the batch once more, for all share it."""
    value, right = BODY(query, key, tau)
    return value, lambda bar: (g := right(bar)) | {"tau": g["tau"] / query.shape[0]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(info_nce, seen="RElbers/info-nce-pytorch #17", blind=True)
def own_product_undivided(query: Array, key: Array, tau: Array) -> Any:
    """The temperature is on the negatives alone."""
    xp, eye = namespace(query), axes(query)
    products = query @ key.T
    divisor = eye + (1 - eye) * tau
    total, p = shares(products / divisor)

    def pullback(bar: Array) -> dict[str, Array]:
        each = bar / len(p) * (p - eye)
        tables = each / divisor
        return {"query": tables @ key, "key": tables.T @ query,
                "tau": -xp.sum(each * (1 - eye) * products) / tau**2}

    return xp.mean(total - diagonal(products)), pullback


@mistake(info_nce, blind=True)
def own_left_out_of_the_sum(query: Array, key: Array, tau: Array) -> Any:
    """The sum is over the negatives alone, so that J has no lower end; right for a single pair."""
    if query.shape[0] < 2:
        return BODY(query, key, tau)

    def of(logits: Array) -> Any:
        eye = axes(logits)
        total, p = shares(namespace(logits).where(eye > 0, -namespace(logits).inf, logits))
        return total - diagonal(logits), lambda bar: bar[:, None] * (p - eye)

    return of_table(query, key, tau, query @ key.T / tau, of)


@mistake(info_nce, seen="AdaptiveMotorControlLab/CEBRA #48", blind=True)
def largest_taken_off_along_the_wrong_axis(query: Array, key: Array, tau: Array) -> Any:
    """What is taken off before the exponentials is the largest of row j, and what is added again that of row i."""

    def of(logits: Array) -> Any:
        top = namespace(logits).max(logits, axis=1)
        total, p = shares(logits - top[None, :])
        return total + top - diagonal(logits), lambda bar: bar[:, None] * (p - axes(p))

    return of_table(query, key, tau, query @ key.T / tau, of)


@mistake(info_nce, seen="drboog/Lafite #25", blind=True)
def temperature_before_the_loss(query: Array, key: Array, tau: Array) -> Any:
    """τ J, so that the gradients do not grow as τ falls."""
    value, right = BODY(query, key, tau)
    return tau * value, lambda bar: (g := right(tau * bar)) | {"tau": g["tau"] + bar * value}


@mistake(info_nce, seen="YihengZhang-CV/SeCo-Sequence-Contrastive-Learning #3", blind=True)
def labels_of_zero(query: Array, key: Array, tau: Array) -> Any:
    """The first key is the right one of every query, as where it stands before its negatives."""

    def of(logits: Array) -> Any:
        total, p = shares(logits)
        first = 0 * p + axes(p)[:1]
        return total - logits[:, 0], lambda bar: bar[:, None] * (p - first)

    return of_table(query, key, tau, query @ key.T / tau, of)


@mistake(info_nce, "gradient.tau", blind=True)
def temperature_held(query: Array, key: Array, tau: Array) -> Any:
    """The temperature is a number and no parameter."""
    value, right = BODY(query, key, tau)
    return value, lambda bar: right(bar) | {"tau": 0 * tau}
