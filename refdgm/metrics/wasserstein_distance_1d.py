"""How far one batch of numbers has to be carried to be another."""

from refdgm.declaration.domain import DATA, real
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference

SOME = Bound(1, why="from no number nothing is carried")


@reference(
    args={
        "real": real("B", kind=DATA, finite=True, distinct=True, meaning="x, numbers of data"),
        "fake": real("M", kind=DATA, finite=True, distinct=True, meaning="y, numbers of samples"),
    },
    wrt=("real", "fake"),
    result=real(meaning="W, never below zero"),
    source="peyre2019computational",
    bounds={"B": SOME, "M": SOME},
)
def wasserstein_distance_1d(real: Array, fake: Array) -> Result:
    """The Wasserstein distance of order one of two batches of numbers, each with the same weight in its batch.

        W = ∫ |F(t) − G(t)| dt                                                           (1)

    with the parts F and G of x and of y that are at most t: between neighbours of both batches, in one order, a gap
    times how many more of x than of y lie before it, counted with the weights 1/B and 1/M. Of batches of one size that
    is the mean of |x₍ᵢ₎ − y₍ᵢ₎|, the smallest with the smallest. Cotangents for the number w_bar of W: the i-th
    smallest of x has the quantiles from (i − 1)/B to i/B, and is drawn down by those of smaller y and up by those of
    larger,

        x_bar₍ᵢ₎ = w_bar (min(max(G₋, i − 1), i) + min(max(G₊, i − 1), i) − (2i − 1))/B  (2)
        y_bar₍ⱼ₎ = w_bar (min(max(F₋, j − 1), j) + min(max(F₊, j − 1), j) − (2j − 1))/M  (3)

    where G₋ and G₊ are B times the parts of y below x₍ᵢ₎ and up to it, and F₋, F₊ are M times those of x at y₍ⱼ₎. All
    of these are whole numbers over M or B, and are counted as such. Where an x and a y are one there is a kink, and
    what both share of the quantiles has the slope 0; of equal numbers of one batch the first is the smaller. That is
    minus the loss of the best critic of slope one. It is the distance itself, neither a square nor a root; the
    distance of order two, and that of slices of several components, are the caller's sums.
    Source: Peyré & Cuturi (2019), remark 2.30.
    """
    xp = namespace(real)
    b, m = real.shape[0], fake.shape[0]
    points = xp.concat([real, fake])
    order = xp.argsort(points, stable=True)
    sorted_points = xp.take(points, order)
    ahead = xp.cumulative_sum(m - (b + m) * xp.astype(order >= b, order.dtype))  # BM (F − G), in whole numbers
    gaps = sorted_points[1:] - sorted_points[:-1]
    value = xp.sum(xp.astype(xp.abs(ahead[:-1]), real.dtype) * gaps) / (b * m)   # (1)

    def pullback(value_bar: Array) -> dict[str, Array]:
        return {
            "real": value_bar * xp.astype(_drawn(real, fake), real.dtype) / (b * m),   # (2)
            "fake": value_bar * xp.astype(_drawn(fake, real), real.dtype) / (b * m),   # (3)
        }

    return value, pullback


def _drawn(mine: Array, others: Array) -> Array:
    """Of each of mine: how many of the quantiles that it has are of smaller others, less those of larger, over both."""
    xp = namespace(mine)
    b, m = mine.shape[0], others.shape[0]
    own = _ranks(mine)
    below = b * (_ranks(xp.concat([mine, others]))[:b] - own)  # equal others come after
    up_to = b * (_ranks(xp.concat([others, mine]))[m:] - own)  # and here before
    first, last = m * own, m * (own + 1)
    return _within(below, first, last) + _within(up_to, first, last) - first - last


def _ranks(x: Array) -> Array:
    """How many come before each, in a stable order."""
    xp = namespace(x)
    return xp.argsort(xp.argsort(x, stable=True), stable=True)


def _within(x: Array, least: Array, most: Array) -> Array:
    xp = namespace(x)
    return xp.minimum(xp.maximum(x, least), most)
