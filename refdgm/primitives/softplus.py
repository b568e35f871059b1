"""The logarithm of the logistic function σ(x) = 1/(1 + e^{−x}), and minus that of its complement σ(−x) = 1 − σ(x)."""

from refdgm.declaration.domain import real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={"x": real("B", "...", meaning="x, a logit")},
    wrt=("x",),
    result=real("B", "...", meaning="−log σ(−x) ≥ 0"),
    source="dugas2001softplus",
)
def softplus(x: Array) -> Result:
    """Softplus: a smooth positive part, and the log-normaliser of a binary choice.

        y = log(1 + eˣ) = max(x, 0) + log(1 + t),   t = e^{−|x|}             (1)

    Cotangent for y_bar:

        x_bar = y_bar σ(x) = y_bar e^{min(x, 0)} / (1 + t)                   (2)

    Nothing overflows; log(1 + t) is log1p(t), so that y = eˣ far below zero, and x + e^{−x} far above it.
    Source: Dugas, Bengio, Bélisle, Nadeau & Garcia (2001).
    """
    xp = namespace(x)
    t = xp.exp(-xp.abs(x))
    y = xp.maximum(x, 0) + xp.log1p(t)                                        # (1)

    def pullback(y_bar: Array) -> dict[str, Array]:
        return {"x": y_bar * (xp.exp(xp.minimum(x, 0)) / (1 + t))}            # (2)

    return y, pullback


@reference(
    args={"x": real("B", "...", meaning="x, a logit")},
    wrt=("x",),
    result=real("B", "...", meaning="log σ(x) ≤ 0"),
    source="bishop2006prml",
    conventions={"the negative log-probability, a loss": {"value": scale(-1.0)}},
)
def log_sigmoid(x: Array) -> Result:
    """Log-sigmoid: the log-probability of a binary choice with logit x.

        y = log σ(x) = −softplus(−x) = min(x, 0) − log(1 + t),   t = e^{−|x|}   (1)

    Cotangent for y_bar:

        x_bar = y_bar σ(−x) = y_bar e^{min(−x, 0)} / (1 + t)                    (2)

    The logarithm of a rounded σ(x) would be −∞ far below zero, and 0 where σ(x) rounds to 1; 1 − σ(x) likewise.
    Source: σ as in Bishop (2006), eq. 4.59, and its derivative, eq. 4.88: σ' = σ (1 − σ).
    """
    xp = namespace(x)
    t = xp.exp(-xp.abs(x))
    y = xp.minimum(x, 0) - xp.log1p(t)                                        # (1)

    def pullback(y_bar: Array) -> dict[str, Array]:
        return {"x": y_bar * (xp.exp(xp.minimum(-x, 0)) / (1 + t))}           # (2)

    return y, pullback
