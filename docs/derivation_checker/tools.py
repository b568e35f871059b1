"""What the expressions of a page may use."""

import random

from mpmath import mp


def points(seed):
    """Random points with 20 binary digits after the point: the same number in 40 digits and in float64."""
    rng = random.Random(seed)

    def real(lo=-2, hi=2):
        return mp.mpf(round((lo + (hi - lo) * rng.random()) * 2**20)) / 2**20

    def vec(n, lo=-2, hi=2):
        return [real(lo, hi) for _ in range(n)]

    def mat(n, m, lo=-2, hi=2):
        return [vec(m, lo, hi) for _ in range(n)]

    return {"real": real, "pos": lambda lo=0.4, hi=2.5: real(lo, hi), "vec": vec, "mat": mat}


def D(f, x):
    """f'(x), by a central difference at more than twice the working precision."""
    return mp.diff(f, x)


def put(v, j, t):
    """v with entry j replaced; j is an index or a tuple of indices."""
    j, *deeper = j if isinstance(j, tuple) else (j,)
    w = list(v)
    w[j] = put(w[j], tuple(deeper), t) if deeper else t
    return w


def grad(f, v):
    """All partial derivatives of a scalar f at a number, vector or matrix, in its shape, each by D."""
    if not isinstance(v, (list, tuple)):
        return D(f, v)
    return [grad(lambda t, j=j: f(put(v, j, t)), v[j]) for j in range(len(v))]


def quad(f, *knots):
    """∫ f from the first to the last knot, tanh-sinh between each two; refuses what has not converged."""
    value, error = mp.quad(f, list(knots), error=True)
    if not error <= mp.mpf(10) ** (8 - min(mp.dps, 40)):     # inside D the precision is raised
        raise ArithmeticError(f"quadrature has not converged: {mp.nstr(error, 3)}")
    return value


def line(f, centre=0, width=1, reach=16, steps=4):
    """∫ f over the line by the trapezoidal rule: exponentially accurate for what is analytic and decays.

    Where f is narrower than the page foresaw, the points are doubled, three times at most. Refuses a result that half
    the points do not confirm, or whose ends are not small. (Trefethen and Weideman, SIAM Review 56, 2014.)
    """
    h, n = mp.mpf(width) / steps, reach * steps
    values = [f(centre + k * h) for k in range(-n, n + 1)]
    fine, coarse = h * mp.fsum(values), 2 * h * mp.fsum(values[n % 2::2])
    digits = min(mp.dps, 40)                                 # inside D the precision is raised
    # Halving h squares the error, so what both agree on to half the digits holds to all of them.
    agree = lambda: abs(fine - coarse) <= mp.mpf(10) ** (-digits // 2) * (1 + abs(fine))
    for _ in range(3):
        if agree():
            break
        h, n = h / 2, 2 * n
        fine, coarse = fine / 2 + h * mp.fsum(f(centre + k * h) for k in range(1 - n, n, 2)), fine
    if not agree():
        raise ArithmeticError(f"the trapezoidal rule has not converged: {mp.nstr(fine - coarse, 3)}")
    # More points see nothing of what is cut off: as much as a page's tolerance must not be left at the ends.
    ends = width * (abs(values[0]) + abs(values[-1]))
    if not ends <= mp.mpf(10) ** (10 - digits) * (1 + abs(fine)):
        raise ArithmeticError(f"the integrand has not decayed: {mp.nstr(ends, 3)}")
    return fine


def flat(value):
    """All numbers of a nested list, in order."""
    if isinstance(value, (list, tuple)):
        return [entry for part in value for entry in flat(part)]
    return [mp.mpf(value)]


def dot(a, b):
    """The sum of products of all entries."""
    a, b = flat(a), flat(b)
    if len(a) != len(b):
        raise ValueError(f"dot of {len(a)} and {len(b)} entries")
    return mp.fsum(x * y for x, y in zip(a, b, strict=True))


def matvec(a, v):
    return [dot(row, v) for row in a]


def transpose(a):
    return [list(column) for column in zip(*a, strict=True)]


def argmax(v):
    """The index of the largest entry, the lowest one at ties."""
    return max(range(len(v)), key=lambda k: (v[k], -k))


TOOLS = {
    **{name: getattr(mp, name) for name in (
        "mpf", "exp", "log", "sqrt", "sin", "cos", "atan", "tanh", "expm1", "fsum", "factorial", "limit", "inf", "pi",
    )},
    "D": D, "grad": grad, "put": put, "quad": quad, "line": line, "flat": flat, "dot": dot, "matvec": matvec,
    "transpose": transpose, "argmax": argmax,
}
