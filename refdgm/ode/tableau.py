"""Explicit Runge–Kutta methods as data: Y_i = z + h Σ_j a_ij k_j, k_i = f(Y_i, t + c_i h), z⁺ = z + h Σ_i b_i k_i."""

from dataclasses import dataclass
from fractions import Fraction

half = Fraction(1, 2)


@dataclass(frozen=True)
class Tableau:
    """Row i of `a` has i entries; `b` weighs the stages, `c` places them in the step; `order` is the classical one."""

    a: tuple[tuple[Fraction | int, ...], ...]
    b: tuple[Fraction | int, ...]
    c: tuple[Fraction | int, ...]
    order: int


TABLEAUS = {
    "euler": Tableau(a=((),), b=(1,), c=(0,), order=1),
    "heun": Tableau(a=((), (1,)), b=(half, half), c=(0, 1), order=2),
    "midpoint": Tableau(a=((), (half,)), b=(0, 1), c=(0, half), order=2),
    "rk4": Tableau(
        a=((), (half,), (0, half), (0, 0, 1)),
        b=(Fraction(1, 6), Fraction(1, 3), Fraction(1, 3), Fraction(1, 6)),
        c=(0, half, half, 1),
        order=4,
    ),
}
# The fifth-order weights and, apart, their difference from the embedded ones of order four. Those have a seventh stage
# too, the first of the next step: Y₇ = z⁺, c₇ = 1.
DOPRI5 = Tableau(
    a=(
        (),
        (Fraction(1, 5),),
        (Fraction(3, 40), Fraction(9, 40)),
        (Fraction(44, 45), Fraction(-56, 15), Fraction(32, 9)),
        (Fraction(19372, 6561), Fraction(-25360, 2187), Fraction(64448, 6561), Fraction(-212, 729)),
        (Fraction(9017, 3168), Fraction(-355, 33), Fraction(46732, 5247), Fraction(49, 176), Fraction(-5103, 18656)),
    ),
    b=(Fraction(35, 384), 0, Fraction(500, 1113), Fraction(125, 192), Fraction(-2187, 6784), Fraction(11, 84)),
    c=(0, Fraction(1, 5), Fraction(3, 10), Fraction(4, 5), Fraction(8, 9), 1),
    order=5,
)
DOPRI5_ERROR = (
    Fraction(71, 57600), 0, Fraction(-71, 16695), Fraction(71, 1920), Fraction(-17253, 339200), Fraction(22, 525),
    Fraction(-1, 40),
)
