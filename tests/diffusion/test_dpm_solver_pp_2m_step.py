"""The step of DPM-Solver++(2M)."""

from decimal import Decimal, localcontext
from itertools import pairwise

import numpy as np
import pytest

from refdgm.diffusion.dpm_solver_pp_2m_step import dpm_solver_pp_2m_step

from ..kit import verify

TestDpmSolverPp2mStep = verify(dpm_solver_pp_2m_step)

processes = pytest.mark.parametrize("process", ["vp", "ve"])
GRID = -1 + 3 * np.linspace(0, 1, 9) ** 2  # of λ; every step is longer than the one before


def levels(lam, process):
    """α and σ, the usual way: SNR = e^{2λ}."""
    snr = np.exp(2 * np.asarray(lam))
    return (np.sqrt(snr / (1 + snr)), np.sqrt(1 / (1 + snr))) if process == "vp" else (1.0 + 0 * snr, np.sqrt(1 / snr))


def step(*numbers, process):
    return dpm_solver_pp_2m_step(*(np.array([u]) for u in numbers), process=process)[0]


class TestLaws:
    @processes
    def test_a_known_point_keeps_its_noise(self, process):
        """x = α c + σ e with both predictions c: x′ = α′ c + σ′ e, the DDIM step. Kills: α and σ of another time, λ
        for 2λ, −h for e^{−h} − 1, a sign, weights of the predictions that do not sum to one."""
        for lam, h in [(-2.0, 0.3), (0.1, 1.7), (3.0, 0.01), (6.0, 5.0)]:
            (a, s), (a_next, s_next) = levels(lam, process), levels(lam + h, process)
            got = step(a * 1.7 - s * 0.6, 1.7, 1.7, lam, h, 0.37, process=process)
            np.testing.assert_allclose(got, a_next * 1.7 - s_next * 0.6, rtol=1e-13)

    @processes
    def test_a_line_is_taken_at_the_middle_of_the_step(self, process):
        """Predictions a + b λ at λ and λ − h₀: the step is that of the constant a + b (λ + h/2). Kills: r for 1/r,
        which has order two on every slowly changing grid, c without ½, h₀ for h in e^{−h}."""
        a, b, x = 0.3, -0.8, 1.1
        for lam, h, before in [(-1.0, 0.3, 0.8), (0.4, 1.2, 0.5), (2.0, 0.9, 0.1)]:
            (_, s), (a_next, s_next) = levels(lam, process), levels(lam + h, process)
            got = step(x, a + b * lam, a + b * (lam - before), lam, h, before, process=process)
            want = s_next / s * x + (a_next - s_next * np.exp(lam)) * (a + b * (lam + h / 2))
            np.testing.assert_allclose(got, want, rtol=1e-12)

    @processes
    def test_gaussian_data_with_order_two(self, process):
        """Data N(0, v): the flow is x ∝ √(α² v + σ²), on an uneven grid. Kills: first order, extrapolation to another
        place than the middle or back."""
        v, errors = 0.4, []
        for refine in (4, 8, 16, 32):
            grid = np.interp(np.linspace(0, 8, 8 * refine + 1), np.arange(9), GRID)
            x, kept, before = 0.9, None, 1.0
            for lam, after in pairwise(grid):
                a, s = levels(lam, process)
                x0 = a * v / (a**2 * v + s**2) * x
                x = step(x, x0, x0 if kept is None else kept, lam, after - lam, before, process=process)
                kept, before = x0, after - lam
            (a, s), (a_end, s_end) = levels(grid[0], process), levels(grid[-1], process)
            errors.append(x - 0.9 * np.sqrt((a_end**2 * v + s_end**2) / (a**2 * v + s**2)))
        orders = np.log2(np.abs(np.array(errors[:-1]) / np.array(errors[1:])))
        np.testing.assert_allclose(orders[-1], 2, atol=0.1)

    @processes
    @pytest.mark.parametrize("lam", [-6.0, 0.5, 9.0])
    def test_short_steps_keep_their_digits(self, process, lam):
        """h = 2⁻⁴⁰, the weights of x and of the data against 60 digits. Kills: e^{−h} − 1 as it is written, and the
        quotient σ′/σ by a difference of logarithms."""
        with localcontext() as context:
            context.prec = 60
            h, at = Decimal(2) ** -40, Decimal(lam)
            snr, after = (2 * at).exp(), (2 * (at + h)).exp()
            a_next = (after / (1 + after)).sqrt() if process == "vp" else Decimal(1)
            ratio = ((1 + snr) / (1 + after)).sqrt() if process == "vp" else (-h).exp()
            of_data = float(-a_next * ((-h).exp() - 1))
        np.testing.assert_allclose(step(1.0, 0.0, 0.0, lam, 2.0**-40, 1.0, process=process), float(ratio), rtol=4e-16)
        np.testing.assert_allclose(step(0.0, 1.0, 1.0, lam, 2.0**-40, 1.0, process=process), of_data, rtol=4e-15)

    @processes
    def test_the_end_is_the_extrapolated_prediction(self, process):
        """h → ∞, where no noise is left: D, which overshoots x₀ as far as h/(2h₀) says; that is why the last step of a
        sampler is of the first order. Kills: noise at the end."""
        got = step(0.7, 1.5, 1.0, 0.2, 60.0, 30.0, process=process)
        np.testing.assert_allclose(got, 1.5 + 0.5, rtol=1e-13)
