"""The supports, one row each: the set of numbers that every element of an array must lie in.

To add a support is to add a row: the boundary asks it what to refuse and in what words, `cases` how to draw its
numbers, tests where it ends. `inside` is told of numbers and of arrays alike, in comparisons joined by & and |.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, nan
from typing import Any

A_NUMBER = "a number"
ROUNDING = 2.0**-7  # of bfloat16, the coarsest dtype in which a point of the simplex may have been stored


@dataclass(frozen=True)
class Rows:
    """What the last axis must be as a whole: of each row, taken as `measure(xp, x)`, whether it is `good`."""

    measure: Callable[[Any, Any], Any]
    good: Callable[[Any, Any], Any]  # of the namespace and what was measured
    must: str
    got: Callable[[Any], str]  # what was measured of one row, in words
    instead: str  # the way out
    beyond: str = ""  # a row that is none, in words, for the name of the argument
    alone: tuple[str, str] | None = None  # `must` and `instead` where the row is all there is
    axes: int = 1  # of the last ones: 2 where a matrix is meant, which is square


@dataclass(frozen=True)
class Support:
    """A set of numbers. `draw(np, rng, shape, regime, line)` draws some, `line()` gives those of the whole line."""

    name: str
    words: str  # what an element must be, for the error; {below} is the symbol that an index stays below
    inside: Callable[[Any], Any] | None = None  # None: every number, infinities and NaN too
    finite: str = ""  # the words where the argument refuses infinities, if they are others
    rows: Rows | None = None
    draw: Callable[[Any, Any, tuple[int, ...], str, Callable[[], Any]], Any] | None = None  # None: the line itself
    short: bool = True  # drawn numbers may be rounded to short ones
    line: bool = False  # every finite number lies in it
    integer: bool = False
    edges: tuple[float, ...] = ()  # the numbers at its ends that still lie in it
    outside: tuple[float, ...] = ()  # those that no longer do
    beyond: tuple[str, ...] = ()  # the first of these, in words, for the name of the argument: what no case asks

    def __str__(self) -> str:
        return self.name

    def holds(self, x: Any) -> Any:
        """Whether a number, or every number of an array by itself, lies in it."""
        return (x == x) | (x != x) if self.inside is None else self.inside(x)


def _positive(np: Any, rng: Any, shape: tuple[int, ...], regime: str, line: Any) -> Any:
    low, high = {"tiny": (0.02, 0.1), "extreme": (4.0, 20.0)}.get(regime, (0.3, 3.0))
    return np.exp(rng.uniform(np.log(low), np.log(high), size=shape))


def _nonnegative(np: Any, rng: Any, shape: tuple[int, ...], regime: str, line: Any) -> Any:
    """Those of `positive`, one in eight exactly 0."""
    x = _positive(np, rng, shape, regime, line)
    return np.where(rng.uniform(size=shape) < 0.125, 0.0, x)


def _nonzero(np: Any, rng: Any, shape: tuple[int, ...], regime: str, line: Any) -> Any:
    """Those of `positive`, of either sign; of two and more both signs come."""
    x = np.asarray(_positive(np, rng, shape, regime, line) * rng.choice([-1.0, 1.0], size=shape))
    if x.size > 1 and abs(np.sum(np.sign(x))) == x.size:
        x.reshape(-1)[-1] *= -1
    return x


def _between(np: Any, rng: Any, shape: tuple[int, ...], regime: str, line: Any) -> Any:
    return rng.uniform(0.05, 0.95, size=shape)


def _levels(np: Any, rng: Any, shape: tuple[int, ...], regime: str, line: Any) -> Any:
    """−1, 0 and 1: the levels of every grid of an odd number of them."""
    return rng.choice([-1.0, 0.0, 1.0], size=shape)


def _shares(np: Any, rng: Any, shape: tuple[int, ...], regime: str, line: Any) -> Any:
    """softmax(z) in whole numbers of parts, at least one each: positive, exact, and exactly one in sum.
    In the regime "unit" short numbers, away from the boundary by a quarter of an even share."""
    z = line()
    if not z.size:
        return z
    count = z.shape[-1]
    parts = 2**10 if regime == "unit" and count < 64 else 2**24
    least = parts // (4 * count) if regime == "unit" else 1
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    shares = least + np.floor(e / np.sum(e, axis=-1, keepdims=True) * (parts - count * least))
    largest = np.argmax(shares, axis=-1)[..., None]
    rest = parts - np.sum(shares, axis=-1, keepdims=True)
    np.put_along_axis(shares, largest, np.take_along_axis(shares, largest, axis=-1) + rest, axis=-1)
    return shares / parts


def _direction(np: Any, rng: Any, shape: tuple[int, ...], regime: str, line: Any) -> Any:
    """Numbers of the line; ones in an example of which short numbers would leave nothing."""
    z = line()
    rest = tuple(range(1, z.ndim))
    kept = np.round(z * 1024) != 0 if regime == "unit" else z != 0
    return np.where(np.any(kept, axis=rest, keepdims=True), z, 1.0)


def _vector(np: Any, rng: Any, shape: tuple[int, ...], regime: str, line: Any) -> Any:
    """Numbers of the line; ones in a row of which short numbers would leave nothing."""
    z = line()
    kept = np.round(z * 1024) != 0 if regime == "unit" else z != 0
    return np.where(np.any(kept, axis=-1, keepdims=True), z, 1.0) if z.ndim else z


def _covariance(np: Any, rng: Any, shape: tuple[int, ...], regime: str, line: Any) -> Any:
    """That of twice as many samples as components, and 1/16 of every variance by itself. Factors are so short that all
    products and sums are exact: the same on every machine. In the regime "mixed" components are in other units."""
    many = shape[-1]
    if regime == "near":  # then matrices are near too
        z, short = np.concatenate([line(), np.eye(many)], axis=-1), 2.0**-16
    else:
        z, short = rng.normal(size=(*shape[:-1], 2 * many)), 2.0**-5
    units = 2.0 ** rng.integers(-2, 2, size=(*shape[:-1], 1)) if regime == "mixed" else 1.0
    z = np.round(z / short) * short * units
    size = {"tiny": 2.0**-17, "extreme": 16.0}.get(regime, 1.0) * 2.0 ** -np.ceil(np.log2(max(1, many)))
    return size * (z @ np.swapaxes(z, -1, -2) + units * np.eye(many) * units / 16)


def _least(xp: Any, x: Any) -> Any:
    """The smallest eigenvalue over the largest, of matrices in units of their largest element, for squares of it may
    vanish or overflow; NaN where one is not symmetric."""
    largest = xp.max(xp.abs(x), axis=(-2, -1), keepdims=True)
    x = xp.astype(x / xp.where(largest > 0, largest, xp.ones_like(largest)), xp.float32)
    unequal = xp.max(xp.abs(x - xp.matrix_transpose(x)), axis=(-2, -1))
    found = xp.linalg.eigvalsh(x)
    most = xp.max(xp.abs(found), axis=-1)  # 1 at least, but of zeros
    return xp.where(unequal <= ROUNDING, found[..., 0] / xp.where(most > 0, most, xp.ones_like(most)), nan)


def _some(xp: Any, x: Any) -> Any:
    """Whether an example has a component that is not zero, or none at all."""
    rest = tuple(range(1, x.ndim))
    return (xp.any(x != 0, axis=rest) if rest else x != 0) | (0 in x.shape)


SOME_FINITE = Rows(
    measure=lambda xp, x: xp.any(x != -inf, axis=-1),
    good=lambda xp, some: some,
    must="a finite entry in every row",
    got=lambda _: "only −∞",
    instead="leave it out",
    beyond="a row of {} of −∞ alone",
    alone=("a finite entry", "make one category possible"),
)
NOT_ALL_ZERO = Rows(
    measure=lambda xp, x: _some(xp, x),
    good=lambda xp, some: some,
    must="a component other than zero in every example",
    got=lambda _: "only zeros",
    instead="leave such examples out",
    beyond="an example of {} of zeros alone",
)
SOME_COMPONENT = Rows(
    measure=lambda xp, x: xp.any(x != 0, axis=-1),
    good=lambda xp, some: some,
    must="a component other than zero in every row",
    got=lambda _: "only zeros",
    instead="leave such rows out",
    beyond="a row of {} of zeros alone",
    alone=("a component other than zero", "a plane needs a normal"),
)
SUM_IS_ONE = Rows(
    measure=lambda xp, x: xp.sum(x, axis=-1, dtype=xp.float32),
    good=lambda xp, total: xp.abs(total - 1) <= ROUNDING,  # a stored sample passes; weights, logits do not
    must="rows that sum to one",
    got=lambda total: f"the sum {float(total):g}",
    instead="divide by the sum",
    beyond="a row of {} with another sum",
)
COVARIANCES = Rows(
    measure=_least,
    good=lambda xp, least: least >= -ROUNDING,
    must="equal halves about its diagonal and no negative eigenvalue",
    got=lambda least: f"an eigenvalue of {float(least):.2g} of the largest" if least == least else "unequal halves",
    instead="of a factor give its product with its transpose",
    beyond="{} that is not symmetric, or not positive semidefinite",
    axes=2,
)

REAL = Support("real", A_NUMBER, finite="finite", line=True, edges=(inf, -inf, nan))
LOGITS = Support("logits", "below +∞", lambda x: x != inf, rows=SOME_FINITE, line=True,
                 edges=(-inf, nan), outside=(inf,), beyond=("{} = +∞",))
POSITIVE = Support("positive", "positive and finite", lambda x: (x > 0) & (x < inf), draw=_positive,
                   edges=(5e-324, 1e308), outside=(0.0, -1.0, inf, -inf, nan), beyond=("{} = 0",))
NONNEGATIVE = Support("nonnegative", "0 or positive, and finite", lambda x: (x >= 0) & (x < inf), draw=_nonnegative,
                      edges=(0.0, 5e-324, 1e308), outside=(-5e-324, -1.0, inf, -inf, nan), beyond=("{} < 0",))
UNIT = Support("unit", "strictly between 0 and 1", lambda x: (x > 0) & (x < 1), draw=_between,
               edges=(5e-324, 1 - 2.0**-53), outside=(0.0, 1.0, -1.0, inf, -inf, nan), beyond=("{} = 0", "{} = 1"))
PORTION = Support("portion", "above 0 and at most 1", lambda x: (x > 0) & (x <= 1), draw=_between,
                  edges=(5e-324, 1.0), outside=(0.0, 1 + 2.0**-52, inf, -inf, nan), beyond=("{} = 0", "{} > 1"))
SHARE = Support("share", "from 0 to 1", lambda x: (x >= 0) & (x <= 1), draw=_between,
                edges=(0.0, 1.0), outside=(-5e-324, 1 + 2.0**-52, inf, -inf, nan), beyond=("{} < 0", "{} > 1"))
CENTRED = Support("centred", "from −1 to 1", lambda x: (x >= -1) & (x <= 1), draw=_levels,
                  edges=(-1.0, 1.0), outside=(-1 - 2.0**-52, 1 + 2.0**-52, inf, -inf, nan),
                  beyond=("{} < −1", "{} > 1"))
SIMPLEX = Support("simplex", "positive and finite", lambda x: (x > 0) & (x < inf), rows=SUM_IS_ONE, draw=_shares,
                  short=False, edges=(1.0,), outside=(0.0, -1.0, inf, -inf, nan), beyond=("{} = 0",))
DIRECTION = Support("direction", "finite", lambda x: (x < inf) & (x > -inf), rows=NOT_ALL_ZERO, draw=_direction,
                    edges=(5e-324, -1e308), outside=(inf, -inf, nan), beyond=("{} = ±∞", "{} = NaN"))
VECTOR = Support("vector", "finite", lambda x: (x < inf) & (x > -inf), rows=SOME_COMPONENT, draw=_vector,
                 edges=(5e-324, -1e308), outside=(inf, -inf, nan), beyond=("{} = ±∞", "{} = NaN"))
NONZERO = Support("nonzero", "finite and other than zero", lambda x: (x < inf) & (x > -inf) & (x != 0), draw=_nonzero,
                  edges=(5e-324, -5e-324, 1e308, -1e308), outside=(0.0, -0.0, inf, -inf, nan),
                  beyond=("{} = 0", "{} = ±∞", "{} = NaN"))
COVARIANCE = Support("covariance", "finite", lambda x: (x < inf) & (x > -inf), rows=COVARIANCES, draw=_covariance,
                     edges=(0.0, 5e-324, -1e308), outside=(inf, -inf, nan), beyond=("{} = ±∞", "{} = NaN"))
INDEX = Support("index", "a whole number from 0 to {below} − 1", lambda x: x >= 0, integer=True,
                edges=(0,), outside=(-1,), beyond=("{} = −1", "{} = {below}"))

SUPPORTS = {row.name: row for row in (REAL, LOGITS, POSITIVE, NONNEGATIVE, UNIT, PORTION, SHARE, CENTRED, SIMPLEX,
                                   DIRECTION, VECTOR, NONZERO, COVARIANCE, INDEX)}
