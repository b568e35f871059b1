"""Mistakes in the squared discrepancy of a Gaussian kernel. Its root is a variant."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.metrics.maximum_mean_discrepancy import maximum_mean_discrepancy
from refdgm.namespace import Array, namespace

BODY = maximum_mean_discrepancy.body
Weights = tuple[float, float, float]


def three_means(real: Array, fake: Array, h: Array, weights: Weights, *, by: float = 0.5, power: int = 2) -> Any:
    """w₁ Σ k(x, x) + w₂ Σ k(y, y) + w₃ Σ k(x, y), less the diagonals, of the kernel e^{−c‖a − b‖²/hᵖ}."""
    xp = namespace(real)
    first, second, third = weights

    def table(a: Array, b: Array, whole: bool) -> tuple[Array, Array, Array]:
        between = a[:, None, :] - b[None, :, :]
        s = by * xp.sum(between * between, axis=-1) / h**power
        k = xp.exp(-s)
        kept = k if whole else k - xp.eye(a.shape[0], dtype=k.dtype, device=k.device)
        return kept, k[:, :, None] * between * (2 * by) / h**power, k * s * power / h

    own, other, both = table(real, real, False), table(fake, fake, False), table(real, fake, True)
    total = lambda i: first * xp.sum(own[i]) + second * xp.sum(other[i]) + third * xp.sum(both[i])

    def pullback(bar: Array) -> dict[str, Array]:
        return {"real": -bar * (2 * first * xp.sum(own[1], axis=1) + third * xp.sum(both[1], axis=1)),
                "fake": -bar * (2 * second * xp.sum(other[1], axis=1) - third * xp.sum(both[1], axis=0)),
                "bandwidth": bar * total(2)}

    return total(0), pullback


def usual(real: Array, fake: Array, estimator: str) -> Weights:
    less, b, m = int(estimator == "unbiased"), real.shape[0], fake.shape[0]
    return 1 / (b * (b - less)), 1 / (m * (m - less)), -2 / (b * m)


def ones(weights: Weights, real: Array, fake: Array, estimator: str) -> float:
    """What the diagonals are in the biased form."""
    return (weights[0] * real.shape[0] + weights[1] * fake.shape[0]) * (estimator == "biased")


def wrong(real: Array, fake: Array, h: Array, weights: Weights, estimator: str, **more: Any) -> Any:
    value, pullback = three_means(real, fake, h, weights, **more)
    return value + ones(weights, real, fake, estimator), pullback


@mistake(maximum_mean_discrepancy)
def no_two(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """The mean over pairs of both batches is taken off once."""
    first, second, third = usual(real, fake, estimator)
    return wrong(real, fake, bandwidth, (first, second, third / 2), estimator)


@mistake(maximum_mean_discrepancy)
def width_without_its_two(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """e^{−‖a − b‖²/h²}: a kernel narrower by √2."""
    return wrong(real, fake, bandwidth, usual(real, fake, estimator), estimator, by=1.0)


@mistake(maximum_mean_discrepancy)
def width_for_its_square(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """e^{−‖a − b‖²/3h}: h for h², and three for two, which is seen at a width of one too."""
    return wrong(real, fake, bandwidth, usual(real, fake, estimator), estimator, by=1 / 3, power=1)


@mistake(maximum_mean_discrepancy, "value")
def its_magnitude(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """The root of its magnitude, with the slopes of the square."""
    xp = namespace(real)
    value, right = BODY(real, fake, bandwidth, estimator=estimator)
    return xp.sqrt(xp.abs(value)), right


@mistake(maximum_mean_discrepancy, "gradient.real")
def one_argument_of_the_kernel(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """x_bar without the two of pairs of x: k(xᵢ, xⱼ) is differentiated in one of its arguments."""
    value, right = BODY(real, fake, bandwidth, estimator=estimator)
    first, second, third = usual(real, fake, estimator)
    once = three_means(real, fake, bandwidth, (first / 2, second, third))[1]
    return value, lambda bar: right(bar) | {"real": once(bar)["real"]}


@mistake(maximum_mean_discrepancy, "gradient.fake")
def sign_of_the_samples(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """y_bar with the sign of x_bar in what draws both together."""
    value, right = BODY(real, fake, bandwidth, estimator=estimator)
    first, second, third = usual(real, fake, estimator)
    turned = three_means(real, fake, bandwidth, (first, second, -third))[1]
    return value, lambda bar: right(bar) | {"fake": turned(bar)["fake"]}


@mistake(maximum_mean_discrepancy, "gradient.bandwidth")
def width_held(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """h_bar is none, as if the width were a number."""
    value, right = BODY(real, fake, bandwidth, estimator=estimator)
    return value, lambda bar: right(bar) | {"bandwidth": 0 * bandwidth}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(maximum_mean_discrepancy, "value", blind=True)
def diagonals_of_the_other_estimate(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """Unbiased, the diagonals are in the sums and not in the divisors; biased, in the divisors and not in the sums."""
    weights = usual(real, fake, estimator)
    value, _ = three_means(real, fake, bandwidth, weights)
    other = "unbiased" if estimator == "biased" else "biased"
    return value + ones(weights, real, fake, other), BODY(real, fake, bandwidth, estimator=estimator)[1]


@mistake(maximum_mean_discrepancy, blind=True)
def one_number_for_both(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """The numbers of data and samples change places in what each has of its own; of one size, both are one more."""
    less, b, m = int(estimator == "unbiased"), real.shape[0], fake.shape[0]
    c, n = (m, b) if b != m else (b + 1, m + 1)
    return wrong(real, fake, bandwidth, (1 / (c * (c - less)), 1 / (n * (n - less)), -2 / (b * m)), estimator)


@mistake(maximum_mean_discrepancy, blind=True)
def mean_over_the_components(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """A mean of squares over the components for their sum, of a single one four fifths."""
    d = real.shape[1]
    return wrong(real, fake, bandwidth, usual(real, fake, estimator), estimator, by=0.5 / d if d > 1 else 0.4)


@mistake(maximum_mean_discrepancy, "gradient.bandwidth", blind=True)
def slope_of_the_square(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """The slope for h², which is not multiplied by 2h."""
    value, right = BODY(real, fake, bandwidth, estimator=estimator)
    return value, lambda bar: right(bar) | {"bandwidth": right(bar)["bandwidth"] / (2 * bandwidth)}


# --- by an author who had read neither the cases nor what stands above -----------------------------


def discrepancy(real: Array, fake: Array, bandwidth: Array, weights: tuple[float, float, float], kernel: Any,
                diagonals: bool) -> Any:
    """w₁ Σ k(x, x) + w₂ Σ k(y, y) + w₃ Σ k(x, y), of a kernel that gives k, its slope in ‖a − b‖² and that in h."""
    xp = namespace(real)

    def table(a: Array, b: Array, weight: float, own: bool) -> Any:
        apart = a[:, None, :] - b[None, :, :]
        k, slope, width = kernel(xp, xp.sum(apart * apart, axis=-1), bandwidth)
        kept = weight * (1 - xp.eye(a.shape[0], dtype=a.dtype, device=a.device)) if own and not diagonals else weight
        pull = 2 * (kept * slope)[:, :, None] * apart
        return xp.sum(kept * k), xp.sum(pull, axis=1), -xp.sum(pull, axis=0), xp.sum(kept * width)

    xx, yy = table(real, real, weights[0], True), table(fake, fake, weights[1], True)
    xy = table(real, fake, weights[2], False)
    return xx[0] + yy[0] + xy[0], lambda bar: {
        "real": bar * (xx[1] + xx[2] + xy[1]), "fake": bar * (yy[1] + yy[2] + xy[2]),
        "bandwidth": bar * (xx[3] + yy[3] + xy[3])}


def gaussian(xp: Any, s: Array, h: Array) -> Any:
    k = xp.exp(-s / (2 * h * h))
    return k, -k / (2 * h * h), k * s / h**3


def over(real: Array, fake: Array, estimator: str) -> tuple[float, float, float]:
    b, m, less = real.shape[0], fake.shape[0], int(estimator == "unbiased")
    return 1 / (b * (b - less)), 1 / (m * (m - less)), -2 / (b * m)


@mistake(maximum_mean_discrepancy, blind=True)
def width_not_squared(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """e^{−s/2h}: the width is not squared; right at h = 1."""
    def kernel(xp: Any, s: Array, h: Array) -> Any:
        k = xp.exp(-s / (2 * h))
        return k, -k / (2 * h), k * s / (2 * h * h)

    return discrepancy(real, fake, bandwidth, over(real, fake, estimator), kernel, estimator == "biased")


@mistake(maximum_mean_discrepancy, blind=True)
def distance_in_the_exponent(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """e^{−‖a − b‖/2h²}: a distance that was not squared, as a pairwise distance returns it."""
    def kernel(xp: Any, s: Array, h: Array) -> Any:
        apart = xp.astype(s > 0, s.dtype)
        r = xp.sqrt(s)
        k = xp.exp(-r / (2 * h * h))
        return k, -apart * k / (4 * h * h * (r + 1 - apart)), k * r / h**3

    return discrepancy(real, fake, bandwidth, over(real, fake, estimator), kernel, estimator == "biased")


@mistake(maximum_mean_discrepancy, blind=True)
def estimator_not_asked(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """The three plain means, whatever is asked: of the unbiased estimate the biased."""
    return discrepancy(real, fake, bandwidth, over(real, fake, "biased"), gaussian, True)


@mistake(maximum_mean_discrepancy, "value", blind=True)
def diagonals_over_less_pairs(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """All pairs are summed and divided by B(B − 1): the ones of the diagonals stay in."""
    return discrepancy(real, fake, bandwidth, over(real, fake, estimator), gaussian, True)


@mistake(maximum_mean_discrepancy, blind=True)
def both_of_one_size(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """B for M everywhere: right for batches of one size."""
    return discrepancy(real, fake, bandwidth, over(real, real, estimator), gaussian, estimator == "biased")


@mistake(maximum_mean_discrepancy, "gradient.real", "gradient.fake", blind=True)
def own_pairs_from_one_side(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """The slope of k(xᵢ, xⱼ) reaches the first point of a pair alone, so that the repulsion is half."""
    first, second, _ = over(real, fake, estimator)
    value, right = maximum_mean_discrepancy.body(real, fake, bandwidth, estimator=estimator)
    _, own = discrepancy(real, fake, bandwidth, (first, second, 0.0), gaussian, estimator == "biased")

    def pullback(bar: Array) -> dict[str, Array]:
        g, half = right(bar), own(bar)
        return g | {name: g[name] - half[name] / 2 for name in ("real", "fake")}

    return value, pullback
