"""Symbols and supports are rows of tables: what a row says is what is drawn, refused and told."""

from math import inf, isnan

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.cases import REGIMES, draw, symbols, within
from refdgm.check.questions import cases as questions
from refdgm.check.report.edges import edges
from refdgm.cli.show import show
from refdgm.declaration.domain import Array, index, noise, parameters, positive, real
from refdgm.declaration.supports import INDEX, REAL, SUPPORTS, Rows, Support
from refdgm.declaration.symbols import SYMBOLS, Bound, Some, Symbol, alike, sizes, width
from refdgm.nets.layout import AFFINE
from refdgm.reference import quantity, reference

from .refusal import refused


def of(domain):
    """A quantity of one argument, x."""

    @quantity(args={"x": domain}, result=real(), source="a test")
    def same(x):
        """x itself.  Source: a test."""
        return x

    return same


# --- supports -------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", SUPPORTS.values(), ids=str)
class TestSupports:
    def test_its_ends_are_where_it_says(self, row):
        """Of a number, and of an element of an array; 0-d arrays and Python numbers in one sentence."""
        dtype = np.int64 if row.integer else np.float64
        for number in row.edges:
            assert row.holds(number) and np.all(row.holds(np.full(3, number, dtype)))
        for number in row.outside:
            assert not row.holds(number) and not np.any(row.holds(np.full(3, number, dtype)))
            domain = Array(("B", "K"), row, below="K" if row.integer else None)
            inside = np.full((2, 2), row.edges[0] if row.integer else 0.5, dtype)
            inside[1, 0] = number
            words = row.words.format(below="K")
            said = refused(of(domain), ArgumentError, f"x must be {words}, got {float(number)} at [1, 0]; ", inside)
            assert "clean or leave out such examples" in said
            if not row.integer:
                refused(of(Array((), row)), ArgumentError, f"x must be {words}, got {number}", number)
                refused(of(Array((), row)), ArgumentError, f"x must be {words}, got ", np.asarray(number))

    def test_what_is_drawn_lies_in_it(self, row):
        for regime in REGIMES:
            if not row.integer:
                ref = of(Array(("B", "K") if row.rows is None or row.rows.axes == 1 else ("K", "K"), row))
                ref.validate(*draw(ref, 3, regime).arguments().values())

    def test_it_is_told_by_its_name(self, row):
        assert str(row) == row.name and f"{row}" == SUPPORTS[row.name].name
        assert f"(B, K) {row.name}" in show(of(Array(("B", "K"), row)))


def test_nan_is_refused_where_there_is_an_order_and_infinities_where_asked():
    x = np.asarray([[1.0, np.nan, np.inf]])
    of(real("B", "K"))(x)
    refused(of(real("B", "K", ordered=True)), ArgumentError, "x must be a number, got nan at [0, 1]; ", x)
    refused(of(real("B", "K", finite=True)), ArgumentError, "x must be finite, got inf at [0, 2]; ", x)
    both = of(real("B", "K", finite=True, ordered=True))
    refused(both, ArgumentError, "x must be finite and never NaN, got nan at [0, 1]; ", x)
    refused(of(real(finite=True)), ArgumentError, "x must be finite, got nan; ", np.nan)
    of(real())(np.nan)


def test_an_index_stays_below_its_symbol():
    @quantity(args={"code": index("B", below="K"), "book": real("K")}, result=real(), source="")
    def looked_up(code, book):
        return book[code]

    @quantity(args={"code": index("B", below="K"), "c": real(), "book": real("K")}, result=real(), source="")
    def of_both(code, c, book):
        return book * code + c

    assert looked_up(np.asarray([1, 0]), np.asarray([5.0, 7.0])).tolist() == [7, 5]
    assert looked_up(np.asarray([1, 0]), np.asarray([5.0, 7.0], np.float16)).dtype == np.float16  # and not of int64
    assert of_both(np.asarray([1, 0]), 0.5, np.ones(2)).tolist() == [1.5, 0.5]  # a number is no index beside one
    refused(looked_up, ArgumentError, "code must be a whole number from 0 to K − 1, got 2.0 at [1]; ",
            np.asarray([0, 2]), np.ones(2))


LENGTH_IS_ONE = Rows(
    measure=lambda xp, x: xp.sqrt(xp.sum(x * x, axis=-1)),
    good=lambda xp, length: xp.abs(length - 1) <= 2.0**-7,
    must="rows of length one",
    got=lambda length: f"the length {float(length):g}",
    instead="divide by it",
)
NEW = {
    "nonzero": Support("nonzero", "a finite number but 0", lambda x: (x != 0) & (abs(x) < inf), short=False,
                       draw=lambda np, rng, shape, regime, line: np.where((z := line()) == 0, 1.0, z),
                       edges=(5e-324, -1e308), outside=(0.0, -0.0, inf)),
    "direction": Support("direction", "finite", lambda x: abs(x) < inf, rows=LENGTH_IS_ONE, short=False,
                         draw=lambda np, rng, shape, regime, line: (
                             (z := line()) / np.sqrt(np.sum(z * z, axis=-1, keepdims=True))),
                         outside=(inf,)),
    "above 2": Support("above 2", "above 2 and finite", lambda x: (x > 2) & (x < inf), outside=(2.0, inf),
                       draw=lambda np, rng, shape, regime, line: 2 + np.exp(np.clip(line(), -5, 5))),
}


@pytest.mark.parametrize("row", NEW.values(), ids=str)
def test_a_new_support_is_a_row(row):
    """It is drawn in every regime, refused in its words, and told: machinery has no list of supports."""
    ref = of(Array(("B", "K"), row))
    for regime in REGIMES:
        (x,) = draw(ref, 5, regime).arguments().values()
        assert x.shape == (5, 7)
        ref.validate(x)
    for number in row.outside:
        wrong = x.copy()
        wrong[1, 2] = number
        refused(ref, ArgumentError, f"x must be {row.words}, got {number} at [1, 2]; ", wrong)
    assert f"x  (B, K) {row.name}" in show(ref)


def test_a_new_rule_of_rows_is_told():
    said = refused(of(Array(("B", "K"), NEW["direction"])), ArgumentError, "x must have rows of length one, got ",
                   np.asarray([[1.0, 0.0], [3.0, 4.0]]))
    assert said == "x must have rows of length one, got the length 5 in row [1]; divide by it"


def test_the_rows_of_old_supports_are_told_as_a_whole():
    simplex, logits = (of(Array(("B", "K"), SUPPORTS[name])) for name in ("simplex", "logits"))
    said = refused(simplex, ArgumentError, "x must have rows that sum to one", np.asarray([[0.5, 0.5], [0.5, 0.25]]))
    assert said == "x must have rows that sum to one, got the sum 0.75 in row [1]; divide by the sum"
    rows = np.asarray([[0.0, -inf], [-inf, -inf]])
    said = refused(logits, ArgumentError, "x must have a finite entry in every row", rows)
    assert said == "x must have a finite entry in every row, got only −∞ in row [1]; leave it out"
    said = refused(of(Array(("K",), SUPPORTS["logits"])), ArgumentError, "x must have a finite entry, got ", rows[1])
    assert said == "x must have a finite entry, got only −∞; make one category possible"


def test_a_law_is_drawn_whatever_the_support():
    signs = draw(of(noise("rademacher", "B", "R", meaning="v")), 1).arrays["input.x"]
    assert set(np.unique(signs)) == {-1.0, 1.0}
    assert INDEX.integer and not REAL.integer and isnan(REAL.edges[-1])


def test_a_number_may_have_to_exceed_another():
    """Told by `show`, drawn so in every regime, refused where it does not; a device array is not read on a call."""

    @quantity(args={"low": positive(), "high": positive(above="low")}, result=real(), source="a test")
    def between(low, high):
        """high − low.  Source: a test."""
        return high - low

    assert "() positive above low" in show(between)
    for regime in REGIMES:
        for seed in range(5):
            between.validate(*draw(between, seed, regime).arguments().values())
    said = "high must be above low, got 1.0 for 2.0; exchange them or choose another number"
    for low, high in ((2.0, 1.0), (np.asarray(2.0), 1.0), (np.asarray(2.0), np.asarray(1.0))):
        refused(between, ArgumentError, said, low, high)
    assert between(np.asarray(2.0), np.asarray(1.0), check_values=False) == -1


# --- symbols --------------------------------------------------------------------------------------


def test_every_use_has_a_size_of_every_symbol():
    for what in ("drawn", "vectors", "lane"):
        assert sizes(what).keys() == SYMBOLS.keys()
        assert all(isinstance(size, tuple) == SYMBOLS[symbol].several for symbol, size in sizes(what).items())
    assert alike(4)["..."] == (4,) and alike(4)["hidden"] == (4, 4) and alike(4)["B"] == 4
    assert all(row.meaning and row.tried for row in SYMBOLS.values())


def test_a_new_symbol_is_a_row(monkeypatch):
    """Its meaning and sizes are what cases draw, and its empty axis is refused in its words."""
    row = Symbol("colours", drawn=6, vectors=6, lane=2, some=Some("colour", "paint it first"))
    monkeypatch.setitem(SYMBOLS, "C", row)
    ref = of(real("B", "C"))
    assert symbols(ref) == {"B", "C"}
    assert draw(ref, 1, sizes=sizes("drawn")).arrays["input.x"].shape == (5, 6)
    said = refused(ref, ArgumentError, "same needs at least one colour", np.zeros((2, 0)))
    assert said == "same needs at least one colour, got C = 0; paint it first"


def test_an_argument_may_need_what_others_do_not():
    needs = of(real("B", "T", nonempty=("T", Some("moment", "wait for one"))))
    said = refused(needs, ArgumentError, "same needs ", np.zeros((2, 0)))
    assert said == "same needs at least one moment, got T = 0; wait for one"
    assert of(real("B", "T"))(np.zeros((2, 0))).shape == (2, 0)


# --- bounds of sizes, laws, objectives ------------------------------------------------------------


@reference(args={"x": real("B", "H")}, wrt=("x",), result=real(), source="a test",
           bounds={"B": Bound(2, why="a variance of one has no value; give two"),
                   "H": Bound(1, 6, why="it lists 2^H states; take fewer units")})
def spread(x):
    """The sum of all.  Source: a test."""
    return np.asarray(np.sum(x)), lambda bar: {"x": np.zeros_like(x) + bar}


def test_sizes_beyond_a_bound_are_refused_in_its_words():
    for shape, words in [((1, 3), "B of at least 2, got B = 1; a variance of one has no value; give two"),
                         ((2, 7), "H of at least 1 and at most 6, got H = 7; it lists 2^H states; take fewer units"),
                         ((2, 0), "H of at least 1 and at most 6, got H = 0; it lists 2^H states; take fewer units")]:
        assert refused(spread, ArgumentError, "spread needs ", np.zeros(shape)) == f"spread needs {words}"
    for shape in ((2, 1), (2, 6), (9, 6)):
        assert spread(np.ones(shape)) == shape[0] * shape[1]


def test_cases_stay_within_bounds():
    assert within(spread, {"B": 1, "H": 40, "D": 9}) == {"B": 2, "H": 6, "D": 9}
    assert within(spread, {"B": 3, "H": 0}) == {"B": 3, "H": 1}
    with pytest.raises(ArgumentError, match="spread needs H of at least 1 and at most 6, got H = 7; it lists"):
        questions.used({"H": 7}, [spread])
    around = questions.long(spread)
    assert "H" not in around and "B" in around
    assert [edge for edge in edges(spread) if edge.startswith(("B", "H"))] == [
        "B = 1 (B is at least 2)", "H = 0 (H is at least 1 and at most 6)", "H = 7 (H is at least 1 and at most 6)"]
    assert "  H: at least 1 and at most 6, for it lists 2^H states; take fewer units" in show(spread)


def test_uniform_noise_is_drawn_from_0_to_1_and_refused_beyond():
    u = noise("uniform", "B", "D")
    x = draw(of(u), 3, "extreme", {"B": 40, "D": 25}).arrays["input.x"]
    assert np.all((x > 0) & (x < 1)) and abs(np.mean(x) - 0.5) < 0.05 and np.var(x) > 0.06
    refused(of(u), ArgumentError, "x must be from 0 to 1", np.full((2, 2), 1.5))
    assert np.all(of(u)(np.asarray([[0.0, 1.0]])) == [[0.0, 1.0]])


def test_an_objective_of_two_batches_is_its_own_mean():
    assert spread.objective
    x = np.arange(6.0).reshape(2, 3)
    mean, grads = spread.value_and_grad(x)
    assert mean == 15 and np.all(grads["x"] == 1)
    assert not of(real()).objective


# --- widths of networks ---------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "want"), [(7, 7), ("1", 1), ("D", 3), ("2*Z", 8), ("N*Z", 20), ("D+C", 5),
                                            ("2*D + N*Z + 1", 27)])
def test_widths_are_sums_of_products(text, want):
    assert width(text, {"D": 3, "Z": 4, "N": 5, "C": 2}) == want


@reference(
    args={
        "x": real("B", "D", meaning="x"),
        "z": real("B", "Z", meaning="z"),
        "phi": parameters(AFFINE, "D+Z", "2*Z"),
        "theta": parameters(AFFINE, "2*Z", "E"),
    },
    wrt=("x",),
    result=real("B", meaning="J"),
    source="a test",
)
def widths(x, z, phi, theta):
    """The sum of x.  Source: a test."""
    return np.sum(x, axis=1), lambda bar: {"x": bar[:, None] + 0 * x}


def test_widths_are_drawn_and_asked():
    """What is drawn has the shapes that are told, the boundary takes these and no others, and a plain symbol that no
    array has is read off θ, as before."""
    case = draw(widths, 1, sizes={"B": 2, "D": 3, "Z": 5, "E": 4})
    arguments = case.arguments()
    assert {entry: arguments[name][entry].shape for name in ("phi", "theta") for entry in ("A",)} == {"A": (4, 10)}
    assert arguments["phi"]["A"].shape == (10, 8) and case.about["sizes"].keys() >= {"B", "D", "Z", "E"}
    assert symbols(widths) == {"B", "D", "Z", "E", "hidden"}
    np.testing.assert_array_equal(widths(*arguments.values()), np.sum(arguments["x"], axis=1))
    short = {"A": np.ones((5, 8)), "b": np.ones(5)}
    refused(widths, ArgumentError, "phi.A must have shape (10, 8), got (5, 8); weights are (out, in)",
            *(arguments | {"phi": short}).values())
