"""The log-likelihood of levels between −1 and 1, from a logistic law that is cut into bins."""

from refdgm.declaration.domain import NAT, centred, count, real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against, dimension
from refdgm.numerics.halves import halves
from refdgm.numerics.log_of_rest import log_of_rest
from refdgm.primitives.softplus import softplus
from refdgm.reference import reference


@reference(
    args={
        "x": centred("B", "...", meaning="x, levels of the grid −1, −1 + 2δ, …, 1",
                     instead="of bytes take x/127.5 − 1"),
        "mean": real("B", "...", finite=True, meaning="μ"),
        "log_scale": real("B", "...", finite=True, meaning="ρ = log s"),
        "levels": count(3, meaning="K, how many levels the grid has, δ = 1/(K − 1); 256 of bytes"),
    },
    wrt=("x", "mean", "log_scale"),
    result=real("B", meaning="nats, per example"),
    source="salimans2017pixelcnn",
    conventions={
        "the negative log-likelihood, a loss": {"value": scale(-1.0)},
        "mean over components": {"value": scale(1.0, per="...")},
        "the negative log-likelihood, mean over components": {"value": scale(-1.0, per="...")},
        "the negative log-likelihood, bits per dimension": {"value": scale(-NAT, per="...")},
    },
)
def discretized_logistic_log_likelihood(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Result:
    """log P(x) of a logistic variable that is rounded to K levels; the first and the last bin are open.

        a = (x + δ − μ)/s,   b = (x − δ − μ)/s,   w = a − b = 2δ/s                 (1)
        log P = −log(1 + e^{−a}) − log(1 + e^b) + log(1 − e^{−w})                  (2)
        J = Σ log P                                                                (3)

    (2) is log(σ(a) − σ(b)). In the first bin, x < −1 + δ, its first term is all there is, which is log σ(a); in the
    last, x > 1 − δ, the second, log(1 − σ(b)). Cotangents for J_bar, of g_a = σ(−a), 0 in the last bin, and g_b = σ(b),
    0 in the first:

        e = g_a − g_b,   inside −(σ(a) σ(b) + σ(−a) σ(−b)) tanh((x − μ)/s)         (4)
        μ_bar = −J_bar e/s,   x_bar = −μ_bar                                       (5)
        ρ_bar = −J_bar (a g_a − b g_b + w/(e^w − 1)),   the quotient inside alone  (6)

    All terms of (2) have one sign; the difference of two σ loses all digits in the tails, and (4) keeps those that
    g_a − g_b loses near the mode. So nothing is clamped, and no density stands for a narrow bin. It holds as far as s
    and 1/s are numbers. Of two levels it would be bernoulli_log_likelihood of the logits μ/s.
    Source: Salimans, Karpathy, Chen & Kingma (2017), section 2.1.
    """
    xp = namespace(x)
    n, rate = levels - 1, xp.exp(-log_scale)
    unit, away = rate / n, n * (x - mean)
    a, b, w = (away + 1) * unit, (away - 1) * unit, 2 * unit                  # (1)
    first, last = n * (x + 1) < 1, n * (1 - x) < 1
    ends, gone = first | last, xp.exp(-w)
    rest = -xp.expm1(-w)
    upper = xp.where(last, 0.0, softplus.body(-a)[0])
    lower = xp.where(first, 0.0, softplus.body(b)[0])
    log_p = xp.where(ends, 0.0, log_of_rest(gone, rest)) - upper - lower      # (2)
    value = xp.sum(xp.reshape(log_p, (x.shape[0], dimension(x))), axis=-1)    # (3)

    def pullback(value_bar: Array) -> dict[str, Array]:
        bar = against(value_bar, x)
        (on_a, off_a), (on_b, off_b) = halves(a), halves(b)
        up, down = xp.where(last, 0.0, off_a), xp.where(first, 0.0, on_b)
        middle = -(on_a * on_b + off_a * off_b) * xp.tanh(away * unit)
        x_bar = bar * (xp.where(ends, up - down, middle) * rate)              # (4)
        wide = a * up - b * down + xp.where(ends, 0.0, w * (gone / rest))
        return {"x": x_bar, "mean": -x_bar, "log_scale": -bar * wide}         # (5), (6)

    return value, pullback
