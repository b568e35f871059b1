"""How long a step may be: the error measured in tolerances, the change of the step, the first step."""

from typing import NamedTuple

from refdgm.errors import ArgumentError
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.ode.tableau import DOPRI5

MOST = 5  # times longer or shorter than the step before


class Tolerance(NamedTuple):
    """w = atol + rtol max(|z_n|, |z_{n+1}|), and the shortest step: `finest` |t|, or `least` where t is near zero."""

    rtol: float
    atol: float
    finest: float
    least: float

    def largest(self, error: Array, z: Array, other: Array) -> float:
        """max |e/w|: the one number that is read from the device."""
        xp = namespace(z)
        return float(xp.max(xp.abs(error) / (self.atol + self.rtol * xp.maximum(xp.abs(z), xp.abs(other)))))

    def shortest(self, t: float) -> float:
        return max(self.finest * abs(t), self.least)


def change(ratio: float) -> float:
    """0.9 ε^{−1/5} between 1/5 and 5; the shortest if ε is no number."""
    if not ratio < float("inf"):
        return 1 / MOST
    return min(MOST, max(1 / MOST, ratio ** (-1 / DOPRI5.order) * 9 / 10)) if ratio else MOST


def first_step(
    velocity: Field, z: Array, t: Array, theta: dict[str, Array], slope: Array, span: float, allowed: Tolerance
) -> float:
    """Hairer, Nørsett & Wanner: so short that a term of order five, guessed from two slopes, is a hundredth of w."""
    size, rate = (allowed.largest(x, z, z) for x in (z, slope))
    if not (size < float("inf") and rate < float("inf")):
        raise ArgumentError("z0 and velocity must be finite at the start, got NaN or infinities; check z0, theta and "
                            "the tolerances")
    h = size / rate / 100 if size * rate > 0 else abs(span) / 100
    h = min(max(h, allowed.least), max(abs(span) / 100, allowed.least))
    signed = h if span > 0 else -h
    bend = allowed.largest(velocity.value(z + signed * slope, t + signed, theta) - slope, z, z) / h
    steepest = max(rate, bend)
    guess = (steepest * 100) ** (-1 / DOPRI5.order) if 0 < steepest < float("inf") else h
    return min(100 * h, guess, abs(span))
