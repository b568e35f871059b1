"""Mistakes in the energy distance. The unbiased estimate and the root are variants."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.metrics.energy_distance import energy_distance
from refdgm.namespace import Array, namespace
from refdgm.numerics.directions import directions

BODY = energy_distance.body


def three_means(real: Array, fake: Array, weights: tuple[float, ...], size: Any = None,
                slope: Any = None) -> Any:
    """w₁ Σ φ(x, x) + w₂ Σ φ(y, y) + w₃ Σ φ(x, y), where φ is `size` of a − b, and `slope` its gradient."""
    xp = namespace(real)
    first, second, third = weights

    def tables(a: Array, b: Array) -> tuple[Array, Array]:
        if size is None:
            return directions(a, b)
        between = a[:, None, :] - b[None, :, :]
        return size(xp, between), slope(xp, between)

    own, other, both = tables(real, real), tables(fake, fake), tables(real, fake)
    value = first * xp.sum(own[0]) + second * xp.sum(other[0]) + third * xp.sum(both[0])

    def pullback(bar: Array) -> dict[str, Array]:
        return {"real": bar * (2 * first * xp.sum(own[1], axis=1) + third * xp.sum(both[1], axis=1)),
                "fake": bar * (2 * second * xp.sum(other[1], axis=1) - third * xp.sum(both[1], axis=0))}

    return value, pullback


def usual(real: Array, fake: Array) -> tuple[float, float, float]:
    b, m = real.shape[0], fake.shape[0]
    return -1 / b**2, -1 / m**2, 2 / (b * m)


@mistake(energy_distance)
def no_two(real: Array, fake: Array) -> Any:
    """The mean over pairs of both batches is counted once."""
    first, second, third = usual(real, fake)
    return three_means(real, fake, (first, second, third / 2))


@mistake(energy_distance)
def squares_of_the_distances(real: Array, fake: Array) -> Any:
    """‖a − b‖²: twice the squared distance of the means, and nothing of the spread."""
    return three_means(real, fake, usual(real, fake), lambda xp, d: xp.sum(d * d, axis=-1), lambda xp, d: 2 * d)


@mistake(energy_distance)
def over_the_root_of_the_components(real: Array, fake: Array) -> Any:
    """A root of a mean of squares over the components, a tenth more of them where there is but one."""
    d = real.shape[1]
    by = d**-0.5 if d > 1 else 1.1
    return three_means(real, fake, tuple(by * w for w in usual(real, fake)))


@mistake(energy_distance, "value")
def magnitude_of_the_means_alone(real: Array, fake: Array) -> Any:
    """2 ‖mean x − mean y‖, with the right slopes."""
    xp = namespace(real)
    apart = xp.mean(real, axis=0) - xp.mean(fake, axis=0)
    return 2 * xp.sqrt(xp.sum(apart * apart)), BODY(real, fake)[1]


@mistake(energy_distance, "gradient.real")
def one_argument_of_the_distance(real: Array, fake: Array) -> Any:
    """x_bar without the two of pairs of x: ‖xᵢ − xⱼ‖ is differentiated in one of its ends."""
    first, second, third = usual(real, fake)
    b = real.shape[0]
    once = three_means(real, fake, (first / 2 if b > 1 else first, second, third if b > 1 else third / 2))[1]
    value, right = BODY(real, fake)
    return value, lambda bar: right(bar) | {"real": once(bar)["real"]}


@mistake(energy_distance, "gradient.fake")
def sign_of_the_samples(real: Array, fake: Array) -> Any:
    """y_bar with the sign of x_bar in what draws both together: away from the data."""
    value, right = BODY(real, fake)
    first, second, third = usual(real, fake)
    turned = three_means(real, fake, (first, second, -third))[1]
    return value, lambda bar: right(bar) | {"fake": turned(bar)["fake"]}


@mistake(energy_distance, "gradient.fake")
def slopes_of_the_pairs(real: Array, fake: Array) -> Any:
    """y_bar by (y − x), which is not divided by its length."""
    xp = namespace(real)
    b, m = real.shape[0], fake.shape[0]
    value, right = BODY(real, fake)
    mean = lambda x: xp.mean(x, axis=0)

    def pullback(bar: Array) -> dict[str, Array]:
        drawn = 2 * bar / m * ((fake - mean(real)) - (fake - mean(fake))) * (1 + 1 / b)
        return right(bar) | {"fake": drawn}

    return value, pullback


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(energy_distance, blind=True)
def one_number_for_both(real: Array, fake: Array) -> Any:
    """The numbers of data and of samples change places in what each batch has of its own; of one size, B + 1 for B."""
    b, m = real.shape[0], fake.shape[0]
    b, m = (m, b) if b != m else (b + 1, m + 1)
    return three_means(real, fake, (-1 / b**2, -1 / m**2, 2 / (b * m)))


@mistake(energy_distance, blind=True)
def sum_of_magnitudes(real: Array, fake: Array) -> Any:
    """Σ |a_d − b_d|, the distance of the blocks; for a single component twice that."""
    by = 2 if real.shape[1] == 1 else 1
    return three_means(real, fake, tuple(by * w for w in usual(real, fake)),
                       lambda xp, d: xp.sum(xp.abs(d), axis=-1), lambda xp, d: xp.sign(d))


@mistake(energy_distance, blind=True)
def other_sign(real: Array, fake: Array) -> Any:
    """Own pairs less those across: what falls as the batches part."""
    first, second, third = usual(real, fake)
    return three_means(real, fake, (-first, -second, -third))


@mistake(energy_distance, "gradient.real", blind=True)
def samples_alone_are_moved(real: Array, fake: Array) -> Any:
    """x_bar is none: the data are held, as if they could not be moved."""
    value, right = BODY(real, fake)
    return value, lambda bar: right(bar) | {"real": 0 * real}


# --- by an author who had read neither the cases nor what stands above -----------------------------


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
