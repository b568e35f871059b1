"""How sure a classifier is of every sample, and how many classes it sees in all of them."""

from refdgm.declaration.domain import DATA, real
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.log_mean_exp import log_mean_exp
from refdgm.numerics.winner import is_winner, measured, winner
from refdgm.primitives.softmax import softmax
from refdgm.reference import reference


@reference(
    args={"logits": real("B", "K", kind=DATA, finite=True, meaning="ℓ, a classifier's logits of the samples")},
    wrt=("logits",),
    result=real(meaning="IS, from 1 to the smaller of B and K"),
    source="salimans2016improved",
    bounds={"B": Bound(1, why="a score of no samples is none")},
)
def inception_score(logits: Array) -> Result:
    """The Inception Score: e to the mutual information of sample and class.

        p = softmax(ℓ),   m = mean_b p,   w = log p − log m                   (1)
        IS = exp(mean_b Σ_k p w)                                              (2)

    Cotangent for IS-bar, a number a_bar:

        ℓ_bar = (a_bar IS/B) p ∘ (w − ⟨p, w⟩)                                 (3)

    The marginal's own change drops out of (3): Σ_b p/m is the same for every class. Logarithms come from logits, so
    that a class which no sample has adds 0. Of w in (3) a constant of the row counts for nothing: where a row is nearly
    all that two classes have, log B is left out, and where classes are nearly even, it is not. 10 splits and the mean
    of their scores, as it is reported, are slices of the caller; they want samples in random order.
    Source: Salimans et al. (2016), section 4.
    """
    xp = namespace(logits)
    samples = logits.shape[0]
    k = winner(logits)
    below = measured(logits, k)
    log_p = below - log_mean_exp(below, xp.sum(xp.exp(below), axis=-1, keepdims=True))    # and log K, for every class
    of_class = winner(log_p.T)
    apart = measured(log_p.T, of_class)
    odds = xp.exp(apart)
    w = (apart - log_mean_exp(apart, xp.sum(odds, axis=-1, keepdims=True))).T             # (1)
    p, to_logits = softmax.body(logits)                                                   # (1)
    score = xp.exp(xp.sum(p * w) / samples)                                               # (2)

    def pullback(score_bar: Array) -> dict[str, Array]:
        rest = xp.sum(xp.where(is_winner(of_class, samples), 0.0, odds), axis=-1)
        alone, alike = (apart - xp.log1p(rest)[:, None]).T, rest < 0.5
        h = xp.where(alike & alike[k[1]][:, None], measured(alone, k), measured(w, k))
        return to_logits(score_bar * score / samples * h)                                 # (3)

    return score, pullback
