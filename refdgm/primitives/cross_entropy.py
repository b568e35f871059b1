"""What a classifier is trained with."""

from refdgm.declaration.domain import NAT, logits, nonnegative, scale
from refdgm.declaration.domain import real as number
from refdgm.namespace import Array, Result, namespace
from refdgm.primitives.softmax import log_softmax
from refdgm.reference import reference


@reference(
    args={
        "logits": logits("B", "K", meaning="ℓ, unnormalised log-probabilities"),
        "target": nonnegative("B", "K", meaning="t, a one-hot label, shares, or weights; a row of zeros is left out",
                              instead="a label is a row with a single 1"),
    },
    wrt=("logits", "target"),
    result=number("B", meaning="nats, per example"),
    source="bishop2006prml",
    conventions={"bits": {"value": scale(NAT)}, "the log-likelihood, which is raised": {"value": scale(-1.0)}},
)
def cross_entropy(logits: Array, target: Array) -> Result:
    """The cross-entropy of labels, or of shares of them, and the probabilities that logits give.

        J = −Σ_j t_j log y_j,   y = softmax(ℓ)                               (1)

    Cotangents for J_bar, with s = log y:

        ℓ_bar = J_bar (y Σ t − t),   t_bar = −J_bar s                        (2)

    (2) is y − t where a row of t sums to one; it need not: a row of zeros is an example that is left out, and has no
    slope, and a weight of a class is a factor of its t. All summands of (1) have one sign, and the slope of the
    likeliest category is formed with what the others leave of it (`log_softmax`): J and ℓ_bar have their digits where a
    label is predicted well. Where t = 0 nothing is added, also at ℓ = −∞; where a label is excluded by −∞, J = +∞. The
    result is one number an example. A mean over those that are not left out divides by their number, which is not B;
    with shares, libraries divide by B all the same. Labels smoothed by α are t ↦ (1 − α) t + α/K.
    Source: Bishop (2006), section 4.3.4.
    """
    xp = namespace(logits)
    s, to_logits = log_softmax.body(logits)
    asked = xp.where(target == 0, 0.0, s)
    value = -xp.sum(target * asked, axis=-1)                                  # (1)

    def pullback(value_bar: Array) -> dict[str, Array]:
        bar = -value_bar[:, None]
        return {"logits": to_logits(bar * target)["logits"], "target": bar * s}    # (2)

    return value, pullback
