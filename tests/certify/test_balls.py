"""The judge is judged: arithmetic, what it does not decide, and its namespace against NumPy's."""

import operator
from fractions import Fraction

import array_api_compat
import array_api_compat.numpy as np
import pytest
from flint import arb, arb_series, ctx

from refdgm.certify import balls as xp
from refdgm.certify.balls import BallArray, Undecided, precision
from refdgm.certify.elements import NAN, slope, value

from .series import BITS, element, moving

pytestmark = pytest.mark.usefixtures("many_bits")


# --- arithmetic -----------------------------------------------------------------------------------


@pytest.mark.parametrize("scalar", [3, 0.1, np.float64(0.1), np.int64(3), Fraction(1, 3), True, 2**80])
@pytest.mark.parametrize("f", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_scalars_are_exact_on_either_side(f, scalar):
    plain = scalar.item() if isinstance(scalar, np.generic) else scalar
    exact = Fraction(plain)
    x = Fraction(7, 8)
    for ball in (xp.asarray(0.875), xp.asarray([0.875])[0], moving(0.875, 0)):
        left, right = f(ball, scalar), f(scalar, ball)
        for got, wanted in ((left, f(x, exact)), (right, f(exact, x))):
            reached = value(element(got)) * wanted.denominator
            assert reached.contains(wanted.numerator) and reached.rad() < arb((1, -200))


@pytest.mark.parametrize("n", [-3, -1, 0, 1, 2, 5])
def test_integer_powers_of_negative_numbers(n):
    got = element(moving(-1.5) ** n)
    exact, exact_slope = Fraction(-3, 2) ** n, n * Fraction(-3, 2) ** (n - 1)
    assert (value(got) * exact.denominator).contains(exact.numerator)
    assert (slope(got) * exact_slope.denominator).contains(exact_slope.numerator)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_integer_powers_of_what_may_be_zero(n):
    """The library's own power of a ball around zero is NaN."""
    around = arb(0, 0.25)
    got = element(BallArray(around) ** n)
    assert got.is_finite() and got.contains(arb(0.25) ** n) and got.contains(0) and abs(got) <= arb(0.25) ** n * 1.01
    still = element(moving(0) ** n)
    assert value(still) == 0 and slope(still) == 0


def test_division_by_what_may_be_zero_is_nan():
    """ε²/ε has the slope 1, and sin ε/ε the slope 0; a cut series knows neither."""
    e = moving(0)
    for quotient in (e * e / e, xp.sin(e) / e, e**-1, 1 / e, xp.ones(()) / BallArray(arb(0, 1))):
        assert xp.isnan(quotient) and not xp.isfinite(quotient)


def test_pi_has_the_precision_of_the_moment():
    with precision(2000):
        assert element(xp.pi).rad() < arb((1, -1990))


def test_precision_is_restored():
    before = ctx.prec
    with pytest.raises(KeyError), precision(77):
        assert ctx.prec == 77 and ctx.cap == 2
        raise KeyError
    assert ctx.prec == before


def test_eps_follows_the_precision():
    assert xp.finfo(xp.float64).eps == arb(2) ** -BITS and xp.isdtype(xp.ones(()).dtype, "real floating")


def test_a_series_in_an_array_stays_one_element():
    m = xp.asarray([moving(1.0), 2, 0.5])
    assert m.shape == (3,) and m[0].shape == () and xp.stack([m, m]).shape == (2, 3)
    z = xp.zeros((2, 2))
    z[0, 0], z[1, :] = m[0], m[0]
    assert [slope(v) == 1 for v in z.raw.flat] == [True, False, True, True]
    assert isinstance(element(m @ m), arb_series) and slope(element(m @ m)) == 2


# --- what is not decided --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        lambda: xp.argmax(xp.asarray([1.0, 1.0])),
        lambda: xp.argmin(xp.asarray([2.0, 1.0, 1.0])),
        lambda: xp.argmax(xp.asarray([arb(1, 0.5), arb(1.25)])),
        lambda: xp.argsort(xp.asarray([2.0, 1.0, 1.0])),
        lambda: xp.argsort(xp.asarray([arb(1, 0.5), arb(1.25)])),
        lambda: xp.argsort(xp.asarray([BallArray(NAN).raw[()], arb(1)])),
        lambda: xp.sort(xp.asarray([0.5, moving(1.0, 1), moving(1.0, 2)])),
        lambda: xp.sort(xp.asarray([arb(1, 0.5), arb(1.25)])),
        lambda: xp.max(xp.asarray([moving(1.0, 1), moving(1.0, 2)])),
        lambda: xp.min(xp.asarray([arb(1, 0.5), arb(1.25)])),
        lambda: xp.maximum(3 * (xp.ones(()) / 3), xp.ones(())),
        lambda: xp.minimum(moving(1.0), xp.ones(())),
        lambda: 3 * (xp.ones(()) / 3) < 1,
        lambda: 3 * (xp.ones(()) / 3) == 1,
        lambda: xp.where(moving(0.0) >= 0, 1.0, 2.0),
        lambda: xp.sign(moving(0.0)),
        lambda: xp.sign(xp.asarray(arb(0, 1))),
        lambda: xp.abs(moving(0.0)),
        lambda: xp.floor(moving(2.0)),
        lambda: xp.floor(3 * (xp.ones(()) / 3)),
        lambda: BallArray(NAN) < 1,
        lambda: xp.maximum(BallArray(NAN), xp.ones(())),
        lambda: xp.astype(xp.asarray(0.5), xp.int64),
    ],
)
def test_ties_and_kinks_are_undecided(question):
    with pytest.raises(Undecided):
        question()


def test_what_is_certain_is_decided():
    x = xp.asarray([0.5, -2.0, 0.0])
    assert [bool(v) for v in x > -1] == [True, False, True]
    assert int(xp.argmax(x)) == 0 and int(xp.argmin(x)) == 1
    assert bool(xp.all(xp.sign(x) == xp.asarray([1, -1, 0])))
    assert bool(xp.all(xp.abs(x) == xp.asarray([0.5, 2, 0])))
    assert bool(xp.all(xp.floor(xp.asarray([0.5, -2.0, -2.5])) == xp.asarray([0, -2, -3])))
    assert slope(element(xp.floor(moving(-2.5, 5)))) == 0
    assert bool(xp.max(xp.asarray([1.0, 1.0])) == 1), "whichever of the two is taken, it is the same number"
    assert slope(element(xp.max(xp.asarray([moving(2.0, 5), 1.0])))) == 5
    assert slope(element(xp.abs(moving(-2.0, 5)))) == -5
    assert list(xp.argsort(xp.asarray([moving(2.0, 5), 1.0, arb(1.5, 0.25)])).raw) == [1, 2, 0]
    assert [slope(v) for v in xp.sort(xp.asarray([moving(2.0, 5), 1.0, 1.0])).raw] == [0, 0, 5], "in any order"
    assert element(xp.abs(xp.asarray(arb(0, 1)))).contains(0)
    assert bool(xp.where(xp.asarray([True]), 1.0, BallArray(NAN))[0] == 1)


# --- the namespace, against NumPy on numbers that both compute exactly ----------------------------

A = np.asarray([[[3.0, -1.5, 0.25], [2.0, 8.0, -4.0]], [[1.0, 0.5, -7.0], [0.75, 6.0, 5.0]]])  # (2, 2, 3)
K = np.asarray([[2, 0], [1, 2]])

SAME = {
    "sum": lambda xp, a, k: xp.sum(a),
    "sum of two axes": lambda xp, a, k: xp.sum(a, axis=(0, 2), keepdims=True),
    "sum of integers": lambda xp, a, k: xp.sum(k, axis=0),
    "mean": lambda xp, a, k: xp.mean(a, axis=1),
    "prod": lambda xp, a, k: xp.prod(a, axis=-1),
    "max": lambda xp, a, k: xp.max(a, axis=-1, keepdims=True),
    "min of all": lambda xp, a, k: xp.min(a),
    "argmax": lambda xp, a, k: xp.argmax(a, axis=1),
    "argmin": lambda xp, a, k: xp.argmin(a, axis=-1, keepdims=True),
    "argsort": lambda xp, a, k: xp.argsort(a, axis=1),
    "argsort of integers": lambda xp, a, k: xp.argsort(xp.argsort(xp.reshape(a, (-1,)))),
    "argsort of equal integers": lambda xp, a, k: xp.argsort(xp.reshape(k, (-1,)), stable=True),
    "sort": lambda xp, a, k: xp.sort(a, axis=0),
    "sort of integers": lambda xp, a, k: xp.sort(k),
    "maximum": lambda xp, a, k: xp.maximum(a, a[::-1, :, :]),
    "cumulative_sum": lambda xp, a, k: xp.cumulative_sum(a, axis=2, include_initial=True),
    "cumulative_prod": lambda xp, a, k: xp.cumulative_prod(a, axis=1),
    "matmul batched": lambda xp, a, k: a @ xp.matrix_transpose(a),
    "matmul broadcast": lambda xp, a, k: xp.matmul(a, a[0, :, :].T),
    "matmul vector": lambda xp, a, k: a @ a[0, 0, :],
    "matmul nothing": lambda xp, a, k: a[:, :, :0] @ a.mT[:, :0, :],
    "vecdot": lambda xp, a, k: xp.vecdot(a, a),
    "permute_dims": lambda xp, a, k: xp.permute_dims(a, (2, 0, 1)),
    "reshape": lambda xp, a, k: xp.reshape(a, (3, -1)),
    "concat": lambda xp, a, k: xp.concat([a, k[:, :, None]], axis=2),
    "concatenate": lambda xp, a, k: xp.concatenate([a, a], axis=1),
    "stack": lambda xp, a, k: xp.stack([a, a * 2], axis=1),
    "squeeze": lambda xp, a, k: xp.squeeze(a[:, :1, :], axis=1),
    "expand_dims": lambda xp, a, k: xp.expand_dims(a, axis=1),
    "broadcast_to": lambda xp, a, k: xp.broadcast_to(a[0, :, :], (4, 2, 3)),
    "take": lambda xp, a, k: xp.take(a, k[1, :], axis=2),
    "take_along_axis": lambda xp, a, k: xp.take_along_axis(a[0, :, :], k, axis=1),
    "fancy index": lambda xp, a, k: a[xp.arange(2), k[0, :] % 2],
    "None and ellipsis": lambda xp, a, k: a[..., None, 1],
    "mask": lambda xp, a, k: xp.where(a > 0.75, a, xp.zeros_like(a)),
    "one-hot": lambda xp, a, k: xp.astype(k[..., None] == xp.arange(3), a.dtype),
    "boolean algebra": lambda xp, a, k: ~((a > 0) & (a < 4)) | (a == 8),
    "any all": lambda xp, a, k: xp.any(a > 7, axis=2) & xp.all(a > -5, axis=2),
    "tril": lambda xp, a, k: xp.tril(a),
    "triu": lambda xp, a, k: xp.triu(a, k=1),
    "flip": lambda xp, a, k: xp.flip(a, axis=1),
    "swapaxes": lambda xp, a, k: xp.swapaxes(a, 0, 2),
    "transpose": lambda xp, a, k: xp.transpose(a, (1, 2, 0)),
    "sign": lambda xp, a, k: xp.sign(a),
    "eye": lambda xp, a, k: xp.eye(2, 3, dtype=a.dtype) * a,
    "arange": lambda xp, a, k: xp.arange(1, 7, 2, dtype=a.dtype) / 2,
    "full": lambda xp, a, k: xp.full((2, 3), 0.125) + xp.ones((2, 3)) + xp.full_like(a, 2),
    "integers": lambda xp, a, k: k * 2 - k**2,
    "integers and numbers": lambda xp, a, k: a[:, :, :2] * k + k / 2,
    "reflected": lambda xp, a, k: 1 - 2 * a + 1 / xp.full_like(a, 4.0),
    "finite": lambda xp, a, k: xp.isfinite(a * xp.inf) | xp.isnan(a),
}


@pytest.mark.parametrize("name", SAME)
def test_same_as_numpy(name):
    wanted = np.asarray(SAME[name](np, A, K))
    got = SAME[name](xp, xp.asarray(A), xp.asarray(K))
    assert got.shape == wanted.shape
    if wanted.dtype == np.float64:
        assert got.dtype is xp.ball
        assert all(type(b) is arb and b == float(v) for b, v in zip(got.raw.flat, wanted.flat, strict=True))
    else:
        assert got.dtype == wanted.dtype and np.all(got.raw == wanted)


def test_moved_series_are_the_same_series():
    """Shape functions carry slopes along: (transposed, stacked, summed) moves by the sum of directions."""
    d = np.arange(12).reshape(2, 2, 3)
    a = xp.stack([moving(v, int(s)) for v, s in zip(A.flat, d.flat, strict=True)])
    a = xp.permute_dims(xp.reshape(a, (2, 2, 3)), (2, 0, 1))
    assert [int(slope(v).unique_fmpz()) for v in xp.sum(a, axis=1).raw.flat] == list(np.sum(d, axis=0).T.flat)


def test_it_is_an_array_api_object():
    x = xp.asarray(A)
    assert array_api_compat.array_namespace(x) is xp and x.to_device("cpu") is x and x.device == "cpu"
    assert (x.shape, x.ndim, x.size, len(x)) == ((2, 2, 3), 3, 12, 2)
    assert x.mT.shape == (2, 3, 2) and x[0].T.shape == (3, 2)
    assert np.asarray([1.0]).__mul__(x[0, 0, :]) is NotImplemented, "NumPy leaves the operator to the balls"


def test_a_ball_is_no_condition():
    for question in (lambda x: xp.where(x, 1.0, 2.0), xp.any, xp.all, xp.logical_not, lambda x: x & x):
        with pytest.raises(TypeError):
            question(xp.asarray([1.0, 0.0]))


def test_text_and_complex_numbers_make_no_ball():
    for wrong in ("1.5", 1j, None):
        with pytest.raises(TypeError):
            xp.asarray(wrong)
