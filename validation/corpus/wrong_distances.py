"""Wrong bodies of distances, written before the known mistakes were read."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.metrics.energy_distance import energy_distance
from refdgm.metrics.frechet_distance import frechet_distance
from refdgm.metrics.maximum_mean_discrepancy import maximum_mean_discrepancy
from refdgm.metrics.wasserstein_distance_1d import wasserstein_distance_1d
from refdgm.namespace import Array, namespace

# frechet_distance


def three_parts(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array, means: float, traces: float,
                cross: float) -> Any:
    """means ‖μ − ν‖² + traces tr(Σ + Ω) − 2 cross tr(ΣΩ)^½: the last from the distance itself."""
    xp = namespace(mean_p)
    value, right = frechet_distance.body(mean_p, cov_p, mean_q, cov_q)
    apart, eye = mean_p - mean_q, xp.eye(cov_p.shape[0], dtype=cov_p.dtype, device=cov_p.device)
    squares, both = xp.sum(apart * apart), xp.sum(eye * (cov_p + cov_q))

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        rest = (traces - cross) * bar * eye
        return {"mean_p": 2 * means * bar * apart, "mean_q": -2 * means * bar * apart,
                "cov_p": cross * g["cov_p"] + rest, "cov_q": cross * g["cov_q"] + rest}

    return cross * value + (means - cross) * squares + (traces - cross) * both, pullback


@mistake(frechet_distance, "value", "gradient.cov_p", "gradient.cov_q", blind=True)
def root_taken_off_once(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """tr(Σ + Ω − (ΣΩ)^½): the two is forgotten, and equal laws are apart."""
    return three_parts(mean_p, cov_p, mean_q, cov_q, 1.0, 1.0, 0.5)


@mistake(frechet_distance, "value", "gradient.mean_p", "gradient.mean_q", blind=True)
def mean_of_squared_means(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """The mean of (μ − ν)² over components, where their sum belongs."""
    return three_parts(mean_p, cov_p, mean_q, cov_q, 1 / mean_p.shape[0], 1.0, 1.0)


@mistake(frechet_distance, "value", "gradient.mean_p", "gradient.mean_q", blind=True)
def distance_of_means_not_squared(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """‖μ − ν‖ for ‖μ − ν‖²."""
    xp = namespace(mean_p)
    value, right = three_parts(mean_p, cov_p, mean_q, cov_q, 0.0, 1.0, 1.0)
    apart = mean_p - mean_q
    length = xp.sqrt(xp.sum(apart * apart))
    return value + length, lambda bar: right(bar) | {"mean_p": bar * apart / length, "mean_q": -bar * apart / length}


@mistake(frechet_distance, "value", "gradient.cov_p", "gradient.cov_q", blind=True)
def roots_of_each(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """tr Σ^½Ω^½ for tr (ΣΩ)^½: right where the two commute."""
    xp = namespace(mean_p)
    value, right = three_parts(mean_p, cov_p, mean_q, cov_q, 1.0, 1.0, 0.0)

    def rooted(cov: Array) -> Any:
        w, u = xp.linalg.eigh((cov + cov.T) / 2)
        w = xp.sqrt(xp.maximum(w, 0))
        return (u * w) @ u.T, lambda bar: u @ ((u.T @ bar @ u) / (w[:, None] + w[None, :])) @ u.T

    (p, p_right), (q, q_right) = rooted(cov_p), rooted(cov_q)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return g | {"cov_p": g["cov_p"] - 2 * bar * p_right(q), "cov_q": g["cov_q"] - 2 * bar * q_right(p)}

    return value - 2 * xp.sum(p * q), pullback


@mistake(frechet_distance, "value", "gradient.cov_p", "gradient.cov_q", blind=True)
def variances_alone(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """Σ (σ_i − ω_i)² of the diagonals: covariances taken for those of independent components."""
    xp = namespace(mean_p)
    value, right = three_parts(mean_p, cov_p, mean_q, cov_q, 1.0, 0.0, 0.0)
    eye = xp.eye(cov_p.shape[0], dtype=cov_p.dtype, device=cov_p.device)
    p, q = xp.sqrt(xp.sum(eye * cov_p, axis=0)), xp.sqrt(xp.sum(eye * cov_q, axis=0))

    def pullback(bar: Array) -> dict[str, Array]:
        return right(bar) | {"cov_p": bar * eye * (1 - q / p), "cov_q": bar * eye * (1 - p / q)}

    return value + xp.sum((p - q) ** 2), pullback


@mistake(frechet_distance, "gradient.cov_p", "gradient.cov_q", blind=True)
def root_without_gradient(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """Σ̄ = J̄ I: the root came from a library outside of the graph."""
    value, _ = frechet_distance.body(mean_p, cov_p, mean_q, cov_q)
    _, right = three_parts(mean_p, cov_p, mean_q, cov_q, 1.0, 1.0, 0.0)
    return value, right


# maximum_mean_discrepancy


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
def exponent_without_two(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """e^{−s/h²}: no two beside the width."""
    def kernel(xp: Any, s: Array, h: Array) -> Any:
        k = xp.exp(-s / (h * h))
        return k, -k / (h * h), 2 * k * s / h**3

    return discrepancy(real, fake, bandwidth, over(real, fake, estimator), kernel, estimator == "biased")


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
def pairs_across_once(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Any:
    """− Σ k(x, y)/BM without its two."""
    first, second, third = over(real, fake, estimator)
    return discrepancy(real, fake, bandwidth, (first, second, third / 2), gaussian, estimator == "biased")


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


# energy_distance


def distances(real: Array, fake: Array, weights: tuple[float, float, float], norm: Any) -> Any:
    """w₁ Σ ‖x − x‖ + w₂ Σ ‖y − y‖ + w₃ Σ ‖x − y‖ of a norm that gives itself and its slopes."""
    xp = namespace(real)

    def table(a: Array, b: Array, weight: float) -> Any:
        length, slope = norm(xp, a[:, None, :] - b[None, :, :])
        return weight * xp.sum(length), weight * xp.sum(slope, axis=1), -weight * xp.sum(slope, axis=0)

    xx, yy, xy = table(real, real, weights[0]), table(fake, fake, weights[1]), table(real, fake, weights[2])
    return xx[0] + yy[0] + xy[0], lambda bar: {"real": bar * (xx[1] + xx[2] + xy[1]),
                                               "fake": bar * (yy[1] + yy[2] + xy[2])}


def euclidean(xp: Any, apart: Array, eps: float = 0.0) -> Any:
    r = xp.sqrt(xp.sum(apart * apart, axis=-1) + eps)
    return r, apart / xp.where(r > 0, r, xp.ones_like(r))[:, :, None]


def shares(real: Array, fake: Array) -> tuple[float, float, float]:
    b, m = real.shape[0], fake.shape[0]
    return -1 / b**2, -1 / m**2, 2 / (b * m)


@mistake(energy_distance, blind=True)
def across_once(real: Array, fake: Array) -> Any:
    """The mean distance across is not doubled: equal batches are below zero."""
    first, second, third = shares(real, fake)
    return distances(real, fake, (first, second, third / 2), euclidean)


@mistake(energy_distance, blind=True)
def squared_lengths(real: Array, fake: Array) -> Any:
    """‖a − b‖² for ‖a − b‖: twice the squared distance of the means is all that is left."""
    return distances(real, fake, shares(real, fake), lambda xp, d: (xp.sum(d * d, axis=-1), 2 * d))


@mistake(energy_distance, blind=True)
def sum_of_absolute_components(real: Array, fake: Array) -> Any:
    """The distance of city blocks: right on a line."""
    return distances(real, fake, shares(real, fake), lambda xp, d: (xp.sum(xp.abs(d), axis=-1), xp.sign(d)))


@mistake(energy_distance, blind=True)
def every_pair_once_over_squares(real: Array, fake: Array) -> Any:
    """Pairs i < j alone, over B²: half of what the batches' own distances are."""
    first, second, third = shares(real, fake)
    return distances(real, fake, (first / 2, second / 2, third), euclidean)


@mistake(energy_distance, "value", "gradient.real", blind=True)
def data_among_themselves_left_out(real: Array, fake: Array) -> Any:
    """2 Σ ‖x − y‖/BM − Σ ‖y − y‖/M², as a score of forecasts: what does not depend on the samples is left out."""
    _, second, third = shares(real, fake)
    return distances(real, fake, (0.0, second, third), euclidean)


@mistake(energy_distance, blind=True)
def root_with_a_little_more(real: Array, fake: Array) -> Any:
    """√(s + 10⁻⁸): a point is 10⁻⁴ from itself, which the means of own distances have."""
    return distances(real, fake, shares(real, fake), lambda xp, d: euclidean(xp, d, 1e-8))


@mistake(energy_distance, "gradient.real", "gradient.fake", blind=True)
def own_distances_from_one_side(real: Array, fake: Array) -> Any:
    """The slope of ‖xᵢ − xⱼ‖ reaches the first of a pair alone."""
    first, second, third = shares(real, fake)
    value, _ = energy_distance.body(real, fake)
    _, right = distances(real, fake, (first / 2, second / 2, third), euclidean)
    return value, right


# wasserstein_distance_1d


def ranked(x: Array) -> Any:
    """The numbers in order, and what brings cotangents of them back to their places."""
    xp = namespace(x)
    order = xp.argsort(x, stable=True)
    back = xp.argsort(order, stable=True)
    return xp.take(x, order), lambda bar: xp.take(bar, back)


@mistake(wasserstein_distance_1d, blind=True)
def every_pair(real: Array, fake: Array) -> Any:
    """The mean of |x − y| over all pairs: equal batches are apart."""
    xp = namespace(real)
    apart = real[:, None] - fake[None, :]
    many = real.shape[0] * fake.shape[0]
    return xp.mean(xp.abs(apart)), lambda bar: {"real": bar * xp.sum(xp.sign(apart), axis=1) / many,
                                                "fake": -bar * xp.sum(xp.sign(apart), axis=0) / many}


@mistake(wasserstein_distance_1d, blind=True)
def smallest_with_smallest_of_unlike_sizes(real: Array, fake: Array) -> Any:
    """Both in order, cut to the shorter: the largest of the longer are left out. Right for one size."""
    xp = namespace(real)
    (x, x_right), (y, y_right) = ranked(real), ranked(fake)
    many = min(x.shape[0], y.shape[0])
    apart = x[:many] - y[:many]

    def pullback(bar: Array) -> dict[str, Array]:
        each = bar * xp.sign(apart) / many
        return {"real": x_right(xp.concat([each, xp.zeros_like(x[many:])])),
                "fake": y_right(xp.concat([-each, xp.zeros_like(y[many:])]))}

    return xp.mean(xp.abs(apart)), pullback


@mistake(wasserstein_distance_1d, blind=True)
def means_apart(real: Array, fake: Array) -> Any:
    """|∫ (F − G)|, the distance of the means: right where one law is nowhere below the other."""
    xp = namespace(real)
    apart = xp.mean(real) - xp.mean(fake)
    return xp.abs(apart), lambda bar: {"real": bar * xp.sign(apart) / real.shape[0] + 0 * real,
                                       "fake": -bar * xp.sign(apart) / fake.shape[0] + 0 * fake}


@mistake(wasserstein_distance_1d, blind=True)
def numbers_as_they_come(real: Array, fake: Array) -> Any:
    """The mean of |xᵢ − yᵢ| without putting them in order, cut to the shorter."""
    xp = namespace(real)
    many = min(real.shape[0], fake.shape[0])
    apart = real[:many] - fake[:many]

    def pullback(bar: Array) -> dict[str, Array]:
        each = bar * xp.sign(apart) / many
        return {"real": xp.concat([each, xp.zeros_like(real[many:])]),
                "fake": xp.concat([-each, xp.zeros_like(fake[many:])])}

    return xp.mean(xp.abs(apart)), pullback


@mistake(wasserstein_distance_1d, "gradient.real", "gradient.fake", blind=True)
def gradient_in_order_of_size(real: Array, fake: Array) -> Any:
    """Cotangents of the ordered numbers, not brought back to their places: right for numbers in order."""
    xp = namespace(real)
    value, right = wasserstein_distance_1d.body(real, fake)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return {"real": xp.take(g["real"], xp.argsort(real, stable=True)),
                "fake": xp.take(g["fake"], xp.argsort(fake, stable=True))}

    return value, pullback


@mistake(wasserstein_distance_1d, blind=True)
def gaps_not_counted(real: Array, fake: Array) -> Any:
    """The mean of |F − G| over all numbers but the last, without the gaps between them: a number of ranks alone."""
    xp = namespace(real)
    everyone = xp.sort(xp.concat([real, fake]))[:-1]
    f = xp.mean(xp.astype(real[None, :] <= everyone[:, None], real.dtype), axis=1)
    g = xp.mean(xp.astype(fake[None, :] <= everyone[:, None], real.dtype), axis=1)
    return xp.mean(xp.abs(f - g)), lambda bar: {"real": 0 * bar * real, "fake": 0 * bar * fake}
