"""From unnormalised log-probabilities to normalised ones: log-sum-exp, softmax, log-softmax.

All three measure the logits from the largest of their row, the winner k, so that no exponential overflows; of equal
entries the first wins. Where a logarithm follows, what the others add to e^{ℓ_k − ℓ_k} = 1 is kept apart from that 1,
which would round it off. Logits further apart than the largest number have the difference −∞, with NumPy's warning:
probabilities are right even then, and a log-probability is beyond the range.
"""

from refdgm.declaration.domain import logits, real, scale, simplex
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.winner import is_winner, measured, winner
from refdgm.reference import reference

LOGITS = {"logits": logits("B", "K", meaning="ℓ, unnormalised log-probabilities")}


@reference(
    args=LOGITS,
    wrt=("logits",),
    result=real("B", meaning="log Σ e^ℓ, the log-normaliser"),
    source="blanchard2021logsumexp",
)
def log_sum_exp(logits: Array) -> Result:
    """Log-sum-exp: the logarithm of the normaliser, a smooth maximum.

        A = log Σ_j e^ℓ_j = ℓ_k + log(1 + r),   r = Σ_{j≠k} e^{ℓ_j − ℓ_k}    (1)

    Cotangent for A_bar:

        ℓ_bar = A_bar softmax(ℓ) = A_bar e^{ℓ − ℓ_k} / (1 + r)               (2)

    log(1 + r) is log1p(r), which keeps the digits of an r far below 1. Where ℓ = −∞, ℓ_bar is exactly zero.
    Source: Blanchard, Higham & Higham (2021), the shifted form, its largest term left out of the sum.
    """
    xp = namespace(logits)
    k = winner(logits)
    e = xp.exp(measured(logits, k))
    rest = xp.sum(xp.where(is_winner(k, e.shape[1]), 0.0, e), axis=-1)
    total = logits[k] + xp.log1p(rest)                                        # (1)

    def pullback(total_bar: Array) -> dict[str, Array]:
        return {"logits": (total_bar / (1 + rest))[:, None] * e}              # (2)

    return total, pullback


@reference(
    args=LOGITS,
    wrt=("logits",),
    result=simplex("B", "K", meaning="y, the probabilities"),
    source="bridle1990softmax",
)
def softmax(logits: Array) -> Result:
    """Softmax: the probabilities that belong to unnormalised log-probabilities.

        y = e^{ℓ − ℓ_k} / Σ_j e^{ℓ_j − ℓ_k}                                         (1)

    Cotangent for y_bar, with the Jacobian diag(y) − y yᵀ, and measured from that of the winner k:

        ℓ_bar = y ∘ (y_bar − ⟨y_bar, y⟩) = y ∘ (h − ⟨h, y⟩),   h = y_bar − y_bar_k  (2)

    A constant in y_bar changes nothing (the y sum to one), and without it the winner's gradient keeps its digits where
    1 − y_k is far below the rounding of y_k. Where ℓ = −∞, y and ℓ_bar are exactly zero.
    Source: Bridle (1990); its Jacobian in Bishop (2006), eq. 4.106.
    """
    xp = namespace(logits)
    k = winner(logits)
    e = xp.exp(measured(logits, k))
    y = e / xp.sum(e, axis=-1, keepdims=True)                                 # (1)

    def pullback(y_bar: Array) -> dict[str, Array]:
        h = measured(y_bar, k)
        return {"logits": y * (h - xp.vecdot(h, y)[:, None])}                 # (2)

    return y, pullback


@reference(
    args=LOGITS,
    wrt=("logits",),
    result=real("B", "K", meaning="log y, the log-probabilities"),
    source="blanchard2021logsumexp",
    conventions={"the negative log-probabilities, a loss": {"value": scale(-1.0)}},
)
def log_softmax(logits: Array) -> Result:
    """Log-softmax: normalised log-probabilities; the cross-entropy of a label is minus one entry.

        s = ℓ − ℓ_k − log(1 + r),   r = Σ_{j≠k} e^{ℓ_j − ℓ_k}                                 (1)

    Cotangent for s_bar, with y = e^s and the winner k:

        ℓ_bar_j = s_bar_j − y_j Σ s_bar = s_bar_j − y_j (s_bar_k + c),   c = Σ_{i≠k} s_bar_i  (2)
        ℓ_bar_k = y_k (r s_bar_k − c),   for 1 − y_k = r y_k                                  (3)

    The two terms of (1) have one sign. (3) keeps the digits of 1 − y_k: the gradient of a label that is predicted
    well. Where ℓ_j = −∞, s_j = −∞ and (2) is the limit s_bar_j: zero in every loss that is finite there.
    Source: Blanchard, Higham & Higham (2021) for (1); (2) from the Jacobian I − 1 yᵀ.
    """
    xp = namespace(logits)
    k = winner(logits)
    below, won = measured(logits, k), is_winner(k, logits.shape[1])
    e = xp.exp(below)
    rest = xp.sum(xp.where(won, 0.0, e), axis=-1, keepdims=True)
    s = below - xp.log1p(rest)                                                # (1)

    def pullback(s_bar: Array) -> dict[str, Array]:
        of_winner, others = s_bar[k][:, None], xp.where(won, 0.0, s_bar)
        shared = xp.sum(others, axis=-1, keepdims=True) + xp.where(won, -rest * of_winner, of_winner)
        return {"logits": others - e / (1 + rest) * shared}                   # (2), (3)

    return s, pullback
