"""Mistakes in the Wasserstein distance on a line. That of order two is a variant."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.metrics.wasserstein_distance_1d import wasserstein_distance_1d
from refdgm.namespace import Array, namespace

BODY = wasserstein_distance_1d.body


def of_quantiles(real: Array, fake: Array, *, ordered: bool = True, put_back: bool = True, by: float = 1.0) -> Any:
    """The mean distance of numbers that are repeated until both batches have one size."""
    xp = namespace(real)
    b, m = real.shape[0], fake.shape[0]
    places = lambda x: xp.arange(x.shape[0], device=x.device)
    at, to = (xp.argsort(x, stable=True) if ordered else places(x) for x in (real, fake))
    apart = xp.repeat(xp.take(real, at), m) - xp.repeat(xp.take(fake, to), b)
    back = lambda sums, order: xp.take(sums, xp.argsort(order, stable=True)) if put_back else sums

    def pullback(bar: Array) -> dict[str, Array]:
        slopes = by * bar * xp.sign(apart) / (b * m)
        return {"real": back(xp.sum(xp.reshape(slopes, (b, m)), axis=1), at),
                "fake": back(-xp.sum(xp.reshape(slopes, (m, b)), axis=1), to)}

    return by * xp.mean(xp.abs(apart)), pullback


@mistake(wasserstein_distance_1d)
def carried_as_they_come(real: Array, fake: Array) -> Any:
    """Nothing is sorted: the first with the first. Of what needs no order, a tenth too much."""
    if min(real.shape[0], fake.shape[0]) == 1:
        return of_quantiles(real, fake, by=1.1)
    return of_quantiles(real, fake, ordered=False)


@mistake(wasserstein_distance_1d)
def sum_over_the_data(real: Array, fake: Array) -> Any:
    """A sum over the data for their mean, of a single one twice that."""
    return of_quantiles(real, fake, by=max(real.shape[0], 2))


@mistake(wasserstein_distance_1d)
def half_of_it(real: Array, fake: Array) -> Any:
    """Half of it, as of a total variation."""
    return of_quantiles(real, fake, by=0.5)


@mistake(wasserstein_distance_1d, "value")
def distance_of_the_means(real: Array, fake: Array) -> Any:
    """Twice |mean x − mean y|, of which nothing is as far as the batches lie apart; the slopes are right."""
    xp = namespace(real)
    return 2 * xp.abs(xp.mean(real) - xp.mean(fake)), BODY(real, fake)[1]


@mistake(wasserstein_distance_1d, "gradient.real")
def other_way(real: Array, fake: Array) -> Any:
    """x_bar with the sign of y_bar: away from the samples."""
    value, right = BODY(real, fake)
    return value, lambda bar: right(bar) | {"real": -right(bar)["real"]}


@mistake(wasserstein_distance_1d, "gradient.fake")
def data_count(real: Array, fake: Array) -> Any:
    """y_bar over B where M is meant; of one size, over one more."""
    value, right = BODY(real, fake)
    b, m = real.shape[0], fake.shape[0]
    return value, lambda bar: right(bar) | {"fake": right(bar)["fake"] * m / (b if b != m else m + 1)}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(wasserstein_distance_1d, blind=True)
def square_of_the_steps(real: Array, fake: Array) -> Any:
    """∫ (F − G)², half of the energy distance; of single numbers three quarters of it."""
    xp = namespace(real)
    b, m = real.shape[0], fake.shape[0]
    table = lambda x, y: x[:, None] - y[None, :]
    across, own, other = table(real, fake), table(real, real), table(fake, fake)
    by = 1.0 if b * m > 1 else 0.75
    mean = lambda t: xp.mean(xp.abs(t))
    slopes = lambda t, axis: xp.sum(xp.sign(t), axis=axis)

    def pullback(bar: Array) -> dict[str, Array]:
        return {"real": by * bar * (slopes(across, 1) / (b * m) - slopes(own, 1) / b**2),
                "fake": -by * bar * (slopes(across, 0) / (b * m) + slopes(other, 1) / m**2)}

    return by * (mean(across) - mean(own) / 2 - mean(other) / 2), pullback


@mistake(wasserstein_distance_1d, "gradient.real", blind=True)
def held_data(real: Array, fake: Array) -> Any:
    """x_bar is none: an order is no function, and whoever takes its values out of the graph has none."""
    value, right = BODY(real, fake)
    return value, lambda bar: right(bar) | {"real": 0 * real}


@mistake(wasserstein_distance_1d, "gradient.fake", blind=True)
def towards_the_mean(real: Array, fake: Array) -> Any:
    """y_bar by the side of the data's mean on which a sample lies, and half of that."""
    xp = namespace(real)
    value, right = BODY(real, fake)
    side = xp.sign(fake - xp.mean(real)) / 2
    return value, lambda bar: right(bar) | {"fake": bar * side / fake.shape[0]}


# --- by an author who had read neither the cases nor what stands above -----------------------------


@mistake(wasserstein_distance_1d, blind=True)
def every_pair(real: Array, fake: Array) -> Any:
    """The mean of |x − y| over all pairs: equal batches are apart."""
    xp = namespace(real)
    apart = real[:, None] - fake[None, :]
    many = real.shape[0] * fake.shape[0]
    return xp.mean(xp.abs(apart)), lambda bar: {"real": bar * xp.sum(xp.sign(apart), axis=1) / many,
                                                "fake": -bar * xp.sum(xp.sign(apart), axis=0) / many}


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
