"""Mistakes in attention. The layout of heads, a boolean mask and where a causal one begins are conventions."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.layers.attention import attention
from refdgm.namespace import Array, namespace

BODY = attention.body
SCORES = ("gradient.query", "gradient.key", "gradient.bias", "gradient.scale")


def turned(x: Array) -> Array:
    return namespace(x).matrix_transpose(x)


def row(x: Array) -> Array:
    return namespace(x).sum(x, axis=-1, keepdims=True)


def shares(query: Array, key: Array, bias: Array, scale: Array) -> tuple[Array, Array]:
    """The products and the softmax of the scores over the keys."""
    xp = namespace(query)
    products = query @ turned(key)
    s = scale * products + bias
    e = xp.exp(s - xp.max(s, axis=-1, keepdims=True))
    return products, e / row(e)


def from_scores(query: Array, key: Array, scale: Array, s_bar: Array) -> dict[str, Array]:
    """What s_bar is pulled back to."""
    return {"query": scale * (s_bar @ key), "key": scale * (turned(s_bar) @ query), "bias": s_bar,
            "scale": namespace(query).sum(s_bar * (query @ turned(key)))}


def scores_replaced(query: Array, key: Array, value: Array, bias: Array, scale: Array,
                    s_bar: Callable[[Array, Array, Array], Array]) -> Any:
    """The right outputs; s_bar of the shares, of p_bar and of A_bar is another."""
    got, right = BODY(query, key, value, bias, scale)
    _, p = shares(query, key, bias, scale)

    def pullback(out_bar: Array, lse_bar: Array) -> dict[str, Array]:
        wrong = s_bar(p, out_bar @ turned(value), lse_bar[:, :, None])
        return right(out_bar, lse_bar) | from_scores(query, key, scale, wrong)

    return got, pullback


def one_replaced(found: Any, name: str, of: Callable[[dict[str, Array], Array, Array], Array]) -> Any:
    """One gradient is another: of the right ones and both cotangents."""
    got, right = found

    def pullback(out_bar: Array, lse_bar: Array) -> dict[str, Array]:
        grads = right(out_bar, lse_bar)
        return grads | {name: of(grads, out_bar, lse_bar)}

    return got, pullback


# Wrong equations, rightly differentiated


@mistake(attention, seen="delzac/cntkx #10")
def not_scaled(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """s = ⟨q, k⟩ + b: the products are not scaled."""
    one = 1 + 0 * scale
    return one_replaced(BODY(query, key, value, bias, one), "scale", lambda grads, *_: 0 * scale)


@mistake(attention)
def scaled_twice(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """β² ⟨q, k⟩: queries and keys are scaled each; right for β = 1."""
    return one_replaced(BODY(query, key, value, bias, scale**2), "scale", lambda grads, *_: 2 * scale * grads["scale"])


@mistake(attention, seen="esceptico/perceiver-io #9")
def divided_by_the_scale(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """⟨q, k⟩/β: the factor is a divisor; right for β = 1."""
    return one_replaced(BODY(query, key, value, bias, 1 / scale), "scale",
                        lambda grads, *_: -grads["scale"] / scale**2)


@mistake(attention)
def bias_scaled(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """β (⟨q, k⟩ + b); right for b of 0 and −∞."""
    xp = namespace(query)
    got, right = BODY(query, key, value, scale * bias, scale)
    held = xp.where(bias == -xp.inf, 0.0, bias)

    def pullback(out_bar: Array, lse_bar: Array) -> dict[str, Array]:
        grads = right(out_bar, lse_bar)
        return grads | {"bias": scale * grads["bias"], "scale": grads["scale"] + xp.sum(grads["bias"] * held)}

    return got, pullback


@mistake(attention, "lse")
def maximum_not_given_back(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """log Σ e^{s − max s}: the largest score is taken off and not given back."""
    (out, lse), right = BODY(query, key, value, bias, scale)
    s = scale * (query @ turned(key)) + bias
    return (out, lse - namespace(query).max(s, axis=-1)), right


@mistake(attention, "out")
def sum_not_divided(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """Σ e^{s − max s} v is handed on: the last division of a running softmax is left out."""
    (out, lse), right = BODY(query, key, value, bias, scale)
    xp = namespace(query)
    s = scale * (query @ turned(key)) + bias
    return (out * row(xp.exp(s - xp.max(s, axis=-1, keepdims=True))), lse), right


# The outputs are right, gradients are not


@mistake(attention, *SCORES)
def row_sum_dropped(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """s_bar = p (p_bar + A_bar): Σ p p_bar = ⟨o_bar, o⟩ is not taken off."""
    return scores_replaced(query, key, value, bias, scale, lambda p, p_bar, lse_bar: p * (p_bar + lse_bar))


@mistake(attention, *SCORES)
def diagonal_alone(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """p (1 − p) p_bar: the derivative of a logistic function, for each key by itself."""
    return scores_replaced(query, key, value, bias, scale,
                           lambda p, p_bar, lse_bar: p * ((1 - p) * p_bar + lse_bar))


@mistake(attention, "gradient.query")
def query_without_the_scale(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """q_bar = s_bar k, without β; right for β = 1."""
    return one_replaced(BODY(query, key, value, bias, scale), "query", lambda grads, *_: grads["query"] / scale)


@mistake(attention, "gradient.key")
def key_scaled_twice(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """k_bar = β s_barᵀ (β q): the queries that were kept are scaled already; right for β = 1."""
    return one_replaced(BODY(query, key, value, bias, scale), "key", lambda grads, *_: grads["key"] * scale)


@mistake(attention, "gradient.value")
def values_by_unnormalised_shares(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """v_bar = Σ e^{s − max s} o_bar: shares that are not divided by their sum."""
    xp = namespace(query)
    s = scale * (query @ turned(key)) + bias
    e = xp.exp(s - xp.max(s, axis=-1, keepdims=True))
    return one_replaced(BODY(query, key, value, bias, scale), "value", lambda grads, out_bar, _: turned(e) @ out_bar)


@mistake(attention, "gradient.bias")
def bias_meets_the_scale(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """b_bar = β s_bar; right for β = 1."""
    return one_replaced(BODY(query, key, value, bias, scale), "bias", lambda grads, *_: grads["bias"] * scale)


@mistake(attention, "gradient.scale")
def scale_meets_the_scores(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """β_bar = Σ s_bar β ⟨q, k⟩: the products that were kept are scaled already; right for β = 1."""
    return one_replaced(BODY(query, key, value, bias, scale), "scale", lambda grads, *_: grads["scale"] * scale)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(attention, "out", "gradient.query", "gradient.key", "gradient.value", "gradient.bias", "gradient.scale",
         seen="labmlai/annotated_deep_learning_paper_implementations #282; "
              "labmlai/annotated_deep_learning_paper_implementations #146", blind=True)
def softmax_over_the_queries(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """The shares of a key over all queries sum to one, not those of a query over all keys."""
    xp = namespace(query)
    (_, lse), _ = BODY(query, key, value, bias, scale)
    products, right_shares = shares(query, key, bias, scale)
    s = scale * products + bias
    top = xp.max(s, axis=1, keepdims=True)
    e = xp.exp(s - xp.where(top == -xp.inf, 0.0, top))
    total = xp.sum(e, axis=1, keepdims=True)
    p = e / xp.where(total > 0, total, 1.0)

    def pullback(out_bar: Array, lse_bar: Array) -> dict[str, Array]:
        p_bar = out_bar @ turned(value)
        s_bar = p * (p_bar - xp.sum(p * p_bar, axis=1, keepdims=True)) + right_shares * lse_bar[:, :, None]
        return from_scores(query, key, scale, s_bar) | {"value": turned(p) @ out_bar}

    return (p @ value, lse), pullback


@mistake(attention, *SCORES, seen="Dao-AILab/flash-attention #1817; Dao-AILab/flash-attention #889", blind=True)
def log_normaliser_without_a_gradient(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """A_bar is left out: what is made of the log-normaliser teaches nothing."""
    got, right = BODY(query, key, value, bias, scale)
    return got, lambda out_bar, lse_bar: right(out_bar, 0 * lse_bar)


@mistake(attention, "out", "gradient.query", "gradient.key", "gradient.value", "gradient.bias", "gradient.scale",
         seen="huggingface/pytorch-image-models #2236", blind=True)
def masked_after_the_softmax(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """What is masked has a share of the softmax, and is made zero behind it: the shares do not sum to one."""
    xp = namespace(query)
    (_, lse), _ = BODY(query, key, value, bias, scale)
    seen = bias != -xp.inf
    _, right_shares = shares(query, key, bias, scale)
    _, p = shares(query, key, xp.where(seen, bias, 0.0), scale)

    def pullback(out_bar: Array, lse_bar: Array) -> dict[str, Array]:
        p_bar = xp.where(seen, out_bar @ turned(value), 0.0)
        s_bar = p * (p_bar - row(p * p_bar))
        return from_scores(query, key, scale, xp.where(seen, s_bar, 0.0) + right_shares * lse_bar[:, :, None]) | {
            "value": turned(xp.where(seen, p, 0.0)) @ out_bar}

    return (xp.where(seen, p, 0.0) @ value, lse), pullback


@mistake(attention, seen="hyunwoongko/transformer #10", blind=True)
def masked_by_a_small_number(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """−12 for −∞: what is masked has a share of 10⁻⁵ and more."""
    xp = namespace(query)
    seen = bias != -xp.inf
    got, right = BODY(query, key, value, xp.where(seen, bias, -12.0), scale)
    return one_replaced((got, right), "bias", lambda grads, *_: xp.where(seen, grads["bias"], 0.0))


@mistake(attention, seen="georg-wolflein/good-features #1", blind=True)
def masked_by_multiplication(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """The score of what is masked is made 0, and e⁰ is one."""
    xp = namespace(query)
    seen = bias != -xp.inf
    products = xp.where(seen, query @ turned(key), 0.0)
    s = scale * products + xp.where(seen, bias, 0.0)
    e = xp.exp(s - xp.max(s, axis=-1, keepdims=True))
    p = e / row(e)

    def pullback(out_bar: Array, lse_bar: Array) -> dict[str, Array]:
        p_bar = out_bar @ turned(value)
        s_bar = xp.where(seen, p * (p_bar - row(p * p_bar) + lse_bar[:, :, None]), 0.0)
        return from_scores(query, key, scale, s_bar) | {"value": turned(p) @ out_bar}

    return (p @ value, xp.max(s, axis=-1) + xp.log(row(e))[:, :, 0]), pullback


@mistake(attention, seen="omihub777/ViT-CIFAR #11; brightmart/bert_language_understanding #9", blind=True)
def scaled_by_the_width_of_all_heads(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Any:
    """A further 1/√2, as of a width that counts the components of two heads."""
    half = 2**-0.5
    return one_replaced(BODY(query, key, value, bias, scale * half), "scale", lambda grads, *_: half * grads["scale"])
