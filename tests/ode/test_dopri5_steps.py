"""Dormand and Prince's method on a given grid."""

from fractions import Fraction
from math import factorial

import numpy as np
import pytest
from scipy.linalg import expm

from refdgm.ode.dopri5_steps import dopri5_steps
from refdgm.ode.tableau import DOPRI5, DOPRI5_ERROR, TABLEAUS

from ..kit import verify
from ..kit.orders import observed
from .fields import power_of_time

TestDopri5Steps = verify(dopri5_steps)

A = np.array([[-0.4, 1.1], [-0.9, 0.2]])
UNSHIFTED = {"A": A, "b": np.zeros(2)}
Z0 = np.array([[1.0, 0.5], [-0.3, 0.8], [0.2, -1.1]])
GRID = np.array([0.25, 0.5, 1.25, 1.5])


def trees(order):
    """Rooted trees of that many nodes, each the sorted tuple of its branches."""
    def forests(nodes, largest):
        if not nodes:
            yield ()
        for size in range(1, min(nodes, largest) + 1):
            for tree in trees(size):
                for rest in forests(nodes - size, size):
                    yield tuple(sorted((tree, *rest)))
    return sorted(set(forests(order - 1, order - 1)))


def nodes(tree):
    return 1 + sum(map(nodes, tree))


def density(tree):
    """γ: the product of the sizes of all subtrees."""
    product = nodes(tree)
    for branch in tree:
        product *= density(branch)
    return product


def weights(a, tree):
    """Φ_i: the products over branches of Σ_j a_ij Φ_j, in exact rational arithmetic."""
    products = [Fraction(1)] * len(a)
    for branch in tree:
        inner = weights(a, branch)
        sums = [sum((q * inner[j] for j, q in enumerate(row)), Fraction(0)) for row in a]
        products = [p * x for p, x in zip(products, sums, strict=True)]
    return products


def order(a, b):
    """The largest order of which every tree has Σ b_i Φ_i = 1/γ."""
    reached = 0
    while all(sum(w * x for w, x in zip(b, weights(a, tree), strict=True)) == Fraction(1, density(tree))
              for tree in trees(reached + 1)):
        reached += 1
    return reached


def quadrature(k, grid):
    theta = {"scale": np.array(1.0)}
    return dopri5_steps.vjp(np.zeros((1, 1)), grid, theta, velocity=power_of_time(k))


class TestTableaus:
    def test_there_are_as_many_conditions_as_trees(self):
        assert [len(trees(n)) for n in range(1, 7)] == [1, 1, 2, 4, 9, 20]

    @pytest.mark.parametrize("name", TABLEAUS)
    def test_orders_of_the_methods(self, name):
        """The order conditions in rational arithmetic: exactly the declared order. Kills: any wrong coefficient."""
        assert order(TABLEAUS[name].a, TABLEAUS[name].b) == TABLEAUS[name].order

    @pytest.mark.parametrize("table", [*TABLEAUS.values(), DOPRI5], ids=[*TABLEAUS, "dopri5"])
    def test_stages_are_where_their_slopes_lead(self, table):
        """c_i = Σ a_ij, Σ b_i = 1. Kills: a node that belongs to another row, seen by fields of time alone."""
        assert tuple(map(sum, table.a)) == table.c and sum(table.b) == 1

    def test_orders_of_the_pair(self):
        """Five for the weights that are used, four for the embedded ones, on all 17 and 8 trees.

        Kills: the weights exchanged, the error's sign or scale, a seventh stage that is not the next step's first.
        """
        a, b = (*DOPRI5.a, DOPRI5.b), (*DOPRI5.b, 0)
        embedded = [x - e for x, e in zip(b, DOPRI5_ERROR, strict=True)]
        assert order(DOPRI5.a, DOPRI5.b) == order(a, b) == DOPRI5.order == 5
        assert order(a, embedded) == 4 and embedded[-1] == Fraction(1, 40)


class TestLaws:
    def test_amplification_of_a_linear_equation(self):
        """One step is Σ_{k ≤ 5} xᵏ/k! + x⁶/600. Kills: the embedded weights, stages of another method of order five."""
        want = Z0.T
        for h in np.diff(GRID):
            step = sum(np.linalg.matrix_power(h * A, k) / factorial(k) for k in range(6))
            want = (step + np.linalg.matrix_power(h * A, 6) / 600) @ want
        np.testing.assert_allclose(dopri5_steps(Z0, GRID, UNSHIFTED, velocity="linear"), want.T, rtol=1e-13)

    def test_order_towards_the_matrix_exponential(self):
        """z_dot = A z: z₁ = e^{TA} z₀, with order five. Kills: a coefficient that costs an order, a step left out."""
        want = Z0 @ expm(1.5 * A).T

        def error(steps):
            grid = np.linspace(0.5, 2.0, steps + 1)
            return np.max(np.abs(dopri5_steps(Z0, grid, UNSHIFTED, velocity="linear") - want))

        np.testing.assert_allclose(observed(error, steps=(4, 8, 16))[-1], 5, atol=0.25)

    @pytest.mark.parametrize("grid", [GRID, GRID[::-1], np.array([0.5, 2.0, -1.0, 0.0])],
                             ids=["forwards", "backwards", "zigzag"])
    @pytest.mark.parametrize("k", [0, 1, 2, 3, 4])
    def test_an_exact_quadrature_does_not_depend_on_inner_points(self, grid, k):
        """On f = tᵏ, k ≤ 4, the method is exact: (t_N^{k+1} − t₀^{k+1})/(k + 1), t_bar = (−t₀ᵏ, 0, …, 0, t_Nᵏ).

        Kills: t_bar of the ends alone, h_bar on one end of the step, c_i τ_i or τ_n left out, |h|.
        """
        value, pullback = quadrature(k, grid)
        grads = pullback(np.ones((1, 1)))
        np.testing.assert_allclose(value, [[(grid[-1] ** (k + 1) - grid[0] ** (k + 1)) / (k + 1)]], rtol=1e-12)
        want = np.zeros(4)
        want[0], want[-1] = -(grid[0] ** k), grid[-1] ** k
        np.testing.assert_allclose(grads["times"], want, atol=1e-12)

    def test_the_sixth_power_of_time_is_missed(self):
        """∫ t⁵ over one step from 0 to 1 is Σ b_i c_i⁵, not 1/6. Kills: a rule of higher order under this name."""
        value, _ = quadrature(5, np.array([0.0, 1.0]))
        want = sum(b * Fraction(c) ** 5 for b, c in zip(DOPRI5.b, DOPRI5.c, strict=True))
        np.testing.assert_allclose(value, [[float(want)]], rtol=1e-14)
        assert abs(want - Fraction(1, 6)) > Fraction(1, 10000)

    def test_an_autonomous_solve_depends_on_differences_of_times(self):
        """Σ t_bar_n = 0. Kills: τ_n or h_bar_n counted at one point only."""
        _, pullback = dopri5_steps.vjp(Z0, GRID, UNSHIFTED, velocity="linear")
        np.testing.assert_allclose(np.sum(pullback(np.ones_like(Z0))["times"]), 0, atol=1e-13)

    def test_inner_points_matter_less_and_less(self):
        """The flow of a sine; z_bar₀, θ_bar and the end times with order five, t_bar of inner points with order six.

        Kills: θ_bar of one step, t_bar of inner points that does not cancel between the steps on both sides.
        """
        z0, rate, bar, span = np.array([[0.4, 1.9]]), np.array([0.9, -0.6]), np.array([[1.3, -0.7]]), 2.0
        z1 = 2 * np.arctan(np.tan(z0 / 2) * np.exp(rate * span))
        slope = np.sin(z1) / np.sin(z0)
        ends = np.sum(bar * rate * np.sin(z1))
        want = [bar * slope, np.sum(bar * span * np.sin(z1), axis=0), np.array([-ends, ends])]

        def apart(steps):
            grid = np.linspace(0.3, 0.3 + span, steps + 1)
            value, pullback = dopri5_steps.vjp(z0, grid, {"theta": rate}, velocity="theta_sin")
            g = pullback(bar)
            got = [g["z0"], g["theta"]["theta"], g["times"][[0, -1]]]
            return (np.max(np.abs(value - z1)),
                    np.sqrt(sum(np.sum((x - y) ** 2) for x, y in zip(got, want, strict=True))),
                    np.max(np.abs(g["times"][1:-1])))

        for n, expected in enumerate((5, 5, 6)):
            found = observed(lambda steps, n=n: apart(steps)[n], steps=(16, 32))[-1]
            np.testing.assert_allclose(found, expected, atol=0.35)

    def test_no_step_is_the_identity(self):
        """One point, or the same point again and again, in the middle too. Kills: h = 0 taken for an error."""
        bar = np.ones_like(Z0)
        for grid in (np.array([0.5]), np.array([0.5, 0.5, 0.5])):
            value, pullback = dopri5_steps.vjp(Z0, grid, UNSHIFTED, velocity="linear")
            grads = pullback(bar)
            np.testing.assert_array_equal(value, Z0)
            np.testing.assert_array_equal(grads["z0"], bar)
            assert grads["times"].shape == grid.shape and not np.any(grads["theta"]["A"])
            assert value is not Z0 and grads["z0"] is not bar
        twice = np.array([0.25, 0.5, 0.5, 1.25, 1.5])
        np.testing.assert_array_equal(*(dopri5_steps(Z0, x, UNSHIFTED, velocity="linear") for x in (GRID, twice)))
