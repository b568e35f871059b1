"""One element of a ball array: a real ball (``arb``), or a ball that moves (``arb_series``: value and slope).

A moving ball v + v′ε is a power series cut after the first power (``ctx.cap = 2``). Every rule here either
encloses the exact result, or answers with NaN (which encloses everything), or raises :class:`Undecided`.

The library's series are not safe where a leading coefficient is zero: (ε·ε)/ε comes out as 0 + O(ε²)
although its slope is unknown, and sin(ε)/ε loses the slope silently. Division by what may be zero is
therefore NaN here.
"""

from flint import arb, arb_series

NAN = arb("nan")


class Undecided(ArithmeticError):
    """A comparison, a maximum or a sign that the balls do not decide."""


def value(v):
    """The ball of the value, whether or not it moves."""
    return v[0] if isinstance(v, arb_series) else v


def slope(v):
    """The ball of the derivative along the one direction; zero for what does not move."""
    if not isinstance(v, arb_series):
        return arb(0)
    return v[1] if v.prec >= 2 else NAN


def same(a, b):
    """Certainly the same number and, if moving, the same motion (so that a choice between them is void)."""
    return bool(value(a) == value(b) and slope(a) == slope(b))


def divide(a, b):
    """a / b; NaN where b may be zero."""
    if not value(b).contains(0):
        return a / b
    moves = isinstance(a, arb_series) or isinstance(b, arb_series)
    return arb_series([NAN, NAN]) if moves else NAN


def power(a, b):
    """a ** b for a small integer b, or exp(b log a)."""
    if not isinstance(b, int):
        return a**b
    if b < 0:
        return divide(arb(1), power(a, -b))
    if b < 2 or not value(a).contains(0):
        return a**b
    result = a  # the library's power of a ball around zero is NaN
    for _ in range(b - 1):
        result = result * a
    return result


def less(a, b):
    """a < b, certainly; a moving tie is undecided because the answer changes on the way."""
    x, y = value(a), value(b)
    if x < y:
        return True
    if x > y or (x >= y and not _moves(a, b)):
        return False
    raise Undecided(f"{x} against {y}")


def equal(a, b):
    """a == b, certainly."""
    x, y = value(a), value(b)
    if x != y:
        return False
    if x == y and not _moves(a, b):
        return True
    raise Undecided(f"{x} against {y}")


def _moves(*elements):
    return any(isinstance(v, arb_series) for v in elements)


def larger(a, b):
    """The certain maximum of two."""
    return a if same(a, b) or less(b, a) else b


def smaller(a, b):
    """The certain minimum of two."""
    return a if same(a, b) or less(a, b) else b


def sign(v):
    """−1, 0 or 1. A moving zero has no sign."""
    if equal(v, arb(0)):
        return arb(0)
    return arb(-1) if less(v, arb(0)) else arb(1)


def absolute(v):
    """|v|; a moving ball must not reach the kink, one at rest is enclosed also there."""
    if not _moves(v):
        return abs(v)
    return -v if not same(v, arb(0)) and less(v, arb(0)) else v


def floor(v):
    """The certain whole number below, which does not move: so what moves must not stand on a step."""
    below = value(v).floor()
    if not below.is_exact() or (_moves(v) and same(below, value(v))):
        raise Undecided(f"the whole number below {value(v)}")
    return below


def finite(v):
    """Whether value and slope are finite."""
    return value(v).is_finite() and slope(v).is_finite()


def not_a_number(v):
    """Whether nothing is known of the value or of the slope."""
    return value(v).is_nan() or slope(v).is_nan()


def _rule(name, derivative):
    """f with f(v + v′ε) = f(v) + f′(v) v′ε; `derivative` takes v and f(v)."""

    def apply(v):
        if not isinstance(v, arb_series):
            return getattr(v, name)()
        x = v[0]
        y = getattr(x, name)()
        return arb_series([y, derivative(x, y) * slope(v)])

    return apply


# The library's own rules, where it has the function for series too.
exp, log, sqrt, sin, cos = (
    lambda v, name=name: getattr(v, name)() for name in ("exp", "log", "sqrt", "sin", "cos")
)

# Rules written by hand, because the library has no such series. Where two forms of a derivative exist,
# the one without cancellation in the tails is taken.
erf = _rule("erf", lambda x, y: 2 / arb.pi().sqrt() * (-x * x).exp())
tanh = _rule("tanh", lambda x, y: x.sech() ** 2)
sinh = _rule("sinh", lambda x, y: x.cosh())
cosh = _rule("cosh", lambda x, y: x.sinh())
expm1 = _rule("expm1", lambda x, y: x.exp())
log1p = _rule("log1p", lambda x, y: 1 / (1 + x))
