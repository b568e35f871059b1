"""The log-likelihood of binary choices, from their logits."""

from refdgm.declaration.domain import real, scale, share
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against, dimension
from refdgm.reference import reference


@reference(
    args={
        "logits": real("B", "...", finite=True, meaning="l, of p = σ(l)"),
        "x": share("B", "...", meaning="x, 0 or 1, or grey between them", instead="divide bytes by 255"),
    },
    wrt=("logits", "x"),
    result=real("B", meaning="nats, per example"),
    source="kingma2014vae",
    conventions={
        "the negative log-likelihood, a loss": {"value": scale(-1.0)},
        "mean over components": {"value": scale(1.0, per="...")},
        "the negative log-likelihood, mean over components": {"value": scale(-1.0, per="...")},
    },
)
def bernoulli_log_likelihood(logits: Array, x: Array) -> Result:
    """log p(x) of independent choices with p = σ(l), the reconstruction term of a Bernoulli decoder.

        J = Σ x log σ(l) + (1 − x) log σ(−l)                                  (1)
          = −Σ (1 − x) max(l, 0) + x max(−l, 0) + log(1 + t),   t = e^{−|l|}  (2)

    Cotangents for J_bar:

        l_bar = J_bar (x σ(−l) − (1 − x) σ(l)),   x_bar = J_bar l             (3)

    (3) is J_bar (x − σ(l)) with the digits of the small half where x is 1. The sum runs over all axes of an example.
    All terms of (2) have one sign; max(l, 0) − x l, which is the same, cancels where a confident l is right. For x of 0
    and 1 this is a probability; between them it is minus a cross-entropy, but no density of x, for e^J does not
    integrate to one over [0, 1].
    Source: Kingma & Welling (2014), appendix C.1.
    """
    xp = namespace(logits)
    t = xp.exp(-xp.abs(logits))
    rest = 1 - x
    each = rest * xp.maximum(logits, 0) + x * xp.maximum(-logits, 0) + xp.log1p(t)
    value = -xp.sum(xp.reshape(each, (x.shape[0], dimension(x))), axis=-1)    # (2), which is (1)

    def pullback(value_bar: Array) -> dict[str, Array]:
        bar = against(value_bar, x)
        up, down = xp.exp(xp.minimum(logits, 0)) / (1 + t), xp.exp(xp.minimum(-logits, 0)) / (1 + t)
        return {"logits": bar * (x * down - rest * up), "x": bar * logits}    # (3)

    return value, pullback
