"""The density of a relaxed draw: how likely a point of the simplex is under Gumbel-softmax."""

from refdgm.declaration.domain import logits, positive, real, simplex
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.impossible import least_possible, lowered
from refdgm.numerics.log_mean_exp import log_mean_exp
from refdgm.reference import reference


@reference(
    args={
        "c": simplex("B", "K", meaning="c, a point inside the simplex",
                     instead="a draw that underflowed to 0 has no density; draw at a higher temperature"),
        "logits": logits("B", "K", meaning="ℓ, unnormalised log-probabilities"),
        "tau": positive(meaning="τ, temperature"),
    },
    wrt=("c", "logits", "tau"),
    result=real("B", meaning="log p(c), nats, per example"),
    source="maddison2017concrete",
)
def concrete_log_density(c: Array, logits: Array, tau: Array) -> Result:
    """Log-density of the Concrete distribution, the law of gumbel_softmax(ℓ, g, τ), at a point c of the simplex.

        s = ℓ − τ log c,   w = softmax(s)                                           (1)
        log p = log (K−1)! + (K−1) log τ + Σ_k (log w_k − log c_k)                  (2)

    It is the density of K − 1 of the coordinates; the last is one minus their sum. Cotangents for p_bar, of log p:

        ℓ_bar = p_bar (1 − K w) = −p_bar (e^r − 1),   r = s − log(Σ_j e^{s_j} / K)  (3)
        c_bar = −(p_bar + τ ℓ_bar) / c                                              (4)
        τ_bar = (K−1) Σ p_bar / τ − Σ ⟨ℓ_bar, log c⟩                                (5)

    c_bar are the partial derivatives of (2) with all K coordinates free. Along the simplex, where changes of c sum to
    zero, only differences of its entries count: another formula that equals (2) there may differ by a constant a row.

    The second form of (3) keeps the digits of almost equal shares, where r ≈ 0: the logarithm is then formed as
    log(1 + mean (e^s − 1)). log c is measured from its minimum in s and in (5), where Σ ℓ_bar = 0, so that τ log c
    overflows only where log p does.
    Where ℓ = −∞ no draw has c > 0, and log p is −∞. The density of log c, which libraries call ExpConcrete or
    ExpRelaxedCategorical, is this one without the term −Σ log c_k.

    Source: Maddison, Mnih & Teh (2017), definition 1.
    """
    xp = namespace(c)
    count = c.shape[-1]
    log_c = xp.log(c)
    above = log_c - xp.log(least_possible(c, logits))
    s = lowered(logits, tau, above)                                           # (1)
    s = s - xp.max(s, axis=-1, keepdims=True)
    total = xp.sum(xp.exp(s), axis=-1, keepdims=True)
    log_factorial = xp.sum(xp.log(xp.arange(1, count, dtype=c.dtype, device=c.device)))
    volume = log_factorial + (count - 1) * xp.log(tau)
    log_p = volume + xp.sum(s - xp.log(total) - log_c, axis=-1)               # (2)

    def pullback(log_p_bar: Array) -> dict[str, Array]:
        each = log_p_bar[:, None]
        logits_bar = -each * xp.expm1(s - log_mean_exp(s, total))             # (3)
        return {
            "c": -(each + tau * logits_bar) / c,                              # (4)
            "logits": logits_bar,
            "tau": (count - 1) * xp.sum(log_p_bar) / tau - xp.sum(logits_bar * above),    # (5)
        }

    return log_p, pullback
