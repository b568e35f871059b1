"""How far apart two laws of the same categories are, from their logits."""

from refdgm.declaration.domain import NAT, logits, real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.log_ratio import (
    entropy_of_choice,
    log_ratio,
    relative_entropies,
    second_less_first,
    softplus_between,
)
from refdgm.numerics.winner import winner
from refdgm.reference import reference

ARGS = {
    "logits_p": logits("B", "K", meaning="a, of p = softmax(a)"),
    "logits_q": logits("B", "K", meaning="b, of q = softmax(b)"),
}
BITS = {"bits": {"value": scale(NAT)}}


@reference(
    args=ARGS,
    wrt=("logits_p", "logits_q"),
    result=real("B", meaning="nats, per example"),
    source="kullback1951information",
    conventions=BITS,
)
def categorical_kl(logits_p: Array, logits_q: Array) -> Result:
    """KL(p‖q) of two categorical laws: what q costs who codes with it what comes from p.

        d = log p/q                                                           (1)
        J = Σ p d = Σ (p d − p + q)                                           (2)

    Cotangents for J_bar:

        a_bar = J_bar p ∘ (d − J),   b_bar = J_bar (q − p)                    (3)

    No summand of the second form of (2) is negative, as p and q sum to one: J has its digits where the laws are close,
    and is never below zero. d is made of a − b (`log_ratio`), and d − J of what d and J are up to the same constant.
    The order is that of the formula; F.kl_div takes log q first. What p excludes (a = −∞) costs nothing, 0 log 0 = 0,
    and has no slope; where q excludes what p does not, J = +∞ and a_bar does not exist: it is NaN.
    Source: Kullback & Leibler (1951), section 2.
    """
    xp = namespace(logits_p)
    p, q, d, u = log_ratio(logits_p, logits_q)                                # (1)
    excluded = xp.any((logits_q == -xp.inf) & (logits_p > -xp.inf), axis=-1)
    value = xp.where(excluded, xp.inf, xp.sum(relative_entropies(p, q, d), axis=-1))    # (2)

    def pullback(value_bar: Array) -> dict[str, Array]:
        bar, nowhere = value_bar[:, None], excluded[:, None]
        above = u - xp.vecdot(p, u)[:, None]                                  # d − J
        apart = xp.where(nowhere, q - p, second_less_first(p, q, d))
        return {"logits_p": xp.where(nowhere, xp.nan, bar * p * above), "logits_q": bar * apart}    # (3)

    return value, pullback


@reference(
    args=ARGS,
    wrt=("logits_p", "logits_q"),
    result=real("B", meaning="nats, per example: from 0 to log 2"),
    source="lin1991divergence",
    conventions=BITS,
)
def jensen_shannon_divergence(logits_p: Array, logits_q: Array) -> Result:
    """JSD(p, q): what a draw, from p or q as a coin falls, tells of the coin.

        J = ½ KL(p‖m) + ½ KL(q‖m),   m = (p + q)/2
          = Σ m (log 2 − H(p/2m)),   H(σ) = −σ log σ − (1 − σ) log(1 − σ)          (1)

    Cotangents for J_bar, with d = log p/q and any constant of the row taken off h and g:

        a_bar = ½ J_bar p ∘ (h − ⟨p, h⟩),   h = log p/m = log 2 − log(1 + e^{−d})  (2)
        b_bar = ½ J_bar q ∘ (g − ⟨q, g⟩),   g = log q/m = log 2 − log(1 + e^d)     (3)

    p/2m is σ(d), the chance that it was p: no summand of (1) is negative, and J is never above log 2, which it is where
    no category is of both laws. The mixture adds nothing to the slopes, for at m the sum of both divergences is
    smallest. h and g are measured from the likeliest category of their law, so that slopes far below one have their
    digits. √J is a distance; that of bits is at most 1. A discriminator at its best has the loss log 4 − 2J.
    Source: Lin (1991), section IV; Goodfellow et al. (2014), section 4.1.
    """
    p, q, d, u = log_ratio(logits_p, logits_q)
    xp = namespace(d)
    value = xp.sum((p + q) / 2 * entropy_of_choice(d), axis=-1)               # (1)

    def sided(law: Array, mine: Array, ratio: Array, shifted: Array) -> Array:
        k = winner(mine)
        of_best = ratio[k][:, None]
        h = -softplus_between(-of_best, -ratio, shifted[k][:, None] - shifted)
        return law * (h - xp.vecdot(law, h)[:, None]) / 2

    def pullback(value_bar: Array) -> dict[str, Array]:
        return {
            "logits_p": value_bar[:, None] * sided(p, logits_p, d, u),        # (2)
            "logits_q": value_bar[:, None] * sided(q, logits_q, -d, -u),      # (3)
        }

    return value, pullback
