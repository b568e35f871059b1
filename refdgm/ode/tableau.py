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
