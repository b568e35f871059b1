"""Queries that take of each value as much as its key deserves."""

from refdgm.declaration.domain import logits, positive, real
from refdgm.namespace import Array, Results, namespace
from refdgm.numerics.winner import is_winner, measured, winner
from refdgm.reference import reference


@reference(
    args={
        "query": real("B", "N", "D", finite=True, meaning="q, queries; B counts examples and heads alike"),
        "key": real("B", "K", "D", finite=True, meaning="k, keys"),
        "value": real("B", "K", "E", finite=True, meaning="v, values"),
        "bias": logits("B", "N", "K", meaning="b, added to the scores; −∞ where a query may not look, 0 where it may"),
        "scale": positive(meaning="β, the factor of the products, as 1/√D"),
    },
    wrt=("query", "key", "value", "bias", "scale"),
    result={
        "out": real("B", "N", "E", meaning="o, the mean of the values"),
        "lse": real("B", "N", meaning="A, log Σ eˢ of each query, in nats"),
    },
    source="vaswani2017attention",
)
def attention(query: Array, key: Array, value: Array, bias: Array, scale: Array) -> Results:
    """Scaled dot-product attention, and the log-normaliser of its softmax.

        s_ij = β ⟨q_i, k_j⟩ + b_ij                                           (1)
        p_i = softmax(s_i),   o_i = Σ_j p_ij v_j                             (2)
        A_i = log Σ_j e^{s_ij}                                               (3)

    Cotangents for o_bar and A_bar, with p_bar_ij = ⟨o_bar_i, v_j⟩:

        s_bar_ij = p_ij (p_bar_ij − Σ_l p_il p_bar_il + A_bar_i)             (4)
        q_bar_i = β Σ_j s_bar_ij k_j,   k_bar_j = β Σ_i s_bar_ij q_i         (5)
        v_bar_j = Σ_i p_ij o_bar_i,   b_bar = s_bar                          (6)
        β_bar = Σ s_bar_ij ⟨q_i, k_j⟩                                        (7)

    Σ_l p_il p_bar_il in (4) is ⟨o_bar_i, o_i⟩, which kernels form first. Here scores and p_bar are measured from those
    of the winner of each row (`softmax`), so that a query that looks at one key alone keeps its gradient. A_bar is a
    part of (4) that kernels leave out which return A and do not differentiate it. Where b = −∞, p = 0 and s_bar = 0.
    A query that may look nowhere is refused: PyTorch answers with zeros, JAX with the mean of all values, others with
    NaN. A causal mask is a b; for N ≠ K say which: PyTorch aligns it with the first key, FlashAttention with the last.
    Source: Vaswani et al. (2017), eq. 1; (4) as in Dao, Fu, Ermon, Rudra & Ré (2022), appendix B.2.
    """
    xp = namespace(query)
    many, keys = query.shape[0] * query.shape[1], key.shape[1]
    products = query @ xp.matrix_transpose(key)
    scores = xp.reshape(scale * products + bias, (many, keys))                # (1)
    k = winner(scores)
    e = xp.exp(measured(scores, k))
    rest = xp.sum(xp.where(is_winner(k, keys), 0.0, e), axis=-1)
    shares = e / (1 + rest)[:, None]
    table = xp.reshape(shares, bias.shape)
    out = table @ value                                                       # (2)
    lse = xp.reshape(scores[k] + xp.log1p(rest), query.shape[:2])             # (3)

    def pullback(out_bar: Array, lse_bar: Array) -> dict[str, Array]:
        h = measured(xp.reshape(out_bar @ xp.matrix_transpose(value), (many, keys)), k)
        above = h - xp.vecdot(shares, h)[:, None] + xp.reshape(lse_bar, (many, 1))
        scores_bar = xp.reshape(shares * above, bias.shape)                   # (4)
        return {
            "query": scale * (scores_bar @ key),
            "key": scale * (xp.matrix_transpose(scores_bar) @ query),         # (5)
            "value": xp.matrix_transpose(table) @ out_bar,
            "bias": scores_bar,                                               # (6)
            "scale": xp.sum(scores_bar * products),                           # (7)
        }

    return (out, lse), pullback
