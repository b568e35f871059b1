"""Schedules and their products."""

import numpy as np
import pytest
from flint import arb, ctx

from refdgm.diffusion.linear_schedule import alpha_products, cosine_schedule, linear_schedule

from ..kit import verify

TestLinearSchedule = verify(linear_schedule)
TestCosineSchedule = verify(cosine_schedule)
TestAlphaProducts = verify(alpha_products)


class TestLinearLaws:
    @pytest.mark.parametrize("steps", [2, 3, 10, 1000])
    def test_the_ends_and_the_steps_between(self, steps):
        """Kills: T steps in place of T − 1 between the ends, an end left out, the ends exchanged."""
        beta = linear_schedule(1e-4, 0.02, steps=steps)
        assert beta.shape == (steps,) and beta[0] == 1e-4 and beta[-1] == 0.02
        np.testing.assert_allclose(np.diff(beta), (0.02 - 1e-4) / (steps - 1), rtol=1e-9)

    def test_one_step(self):
        np.testing.assert_array_equal(linear_schedule(0.125, 0.5, steps=1), [0.125])

    def test_the_published_schedule(self):
        """T = 1000 from 10⁻⁴ to 0.02: Σ β = 10.05. Kills: a schedule linear in √β."""
        np.testing.assert_allclose(np.sum(linear_schedule(1e-4, 0.02, steps=1000)), 10.05, rtol=1e-13)


def exact_cosine(steps, offset, cap, bits=200):
    """β from the definition, with so many digits that none are missed."""
    before, ctx.prec = ctx.prec, bits
    try:
        angle = lambda t: (arb(t) / steps + arb(offset)) / (1 + arb(offset)) * arb.pi() / 2
        beta = [1 - angle(t).cos() ** 2 / angle(t - 1).cos() ** 2 for t in range(1, steps + 1)]
        return np.array([min(float(b), cap) for b in beta])
    finally:
        ctx.prec = before


class TestCosineLaws:
    @pytest.mark.parametrize("steps", [1, 2, 7, 1000])
    def test_every_beta_has_its_digits(self, steps):
        """The first are about 4·10⁻⁵ and the last before the cap 0.75. Kills: 1 − f(t)/f(t − 1) in float64, whose first
        β has lost five digits, s added after the division, cos for cos²."""
        got = cosine_schedule(0.008, 0.999, steps=steps)
        np.testing.assert_allclose(got, exact_cosine(steps, 0.008, 0.999), rtol=8e-16)

    def test_float32_keeps_its_digits_too(self):
        offset, cap = np.float32(0.008), np.float32(0.999)
        got = cosine_schedule(np.asarray(offset), np.asarray(cap), steps=1000)
        assert got.dtype == np.float32
        np.testing.assert_allclose(got, exact_cosine(1000, float(offset), float(cap)), rtol=8 * 2.0**-23)

    def test_the_product_is_the_cosine(self):
        """ᾱ_t = f(t)/f(0) for t < T; ᾱ_T is what the cap leaves. Kills: ᾱ_t = f(t), the index moved by one."""
        steps, s = 10, 0.125
        beta = cosine_schedule(s, 0.875, steps=steps)
        f = np.cos((np.arange(steps + 1) / steps + s) / (1 + s) * np.pi / 2) ** 2
        want = f[1:] / f[0]
        want[-1] = want[-2] * 0.125  # β_T would be 1
        np.testing.assert_allclose(np.cumprod(1 - beta), want, rtol=1e-13)

    def test_without_an_offset_half_of_the_signal_is_left_halfway(self):
        """s → 0: ᾱ at T/2 is cos²(π/4) = ½."""
        beta = cosine_schedule(2.0**-60, 0.999, steps=20)
        np.testing.assert_allclose(np.prod(1 - beta[:10]), 0.5, rtol=1e-13)


class TestProductLaws:
    def test_equal_steps(self):
        """β = ½: ᾱ = 2⁻ᵗ exactly. Kills: the product begun at ᾱ_0 = 1, a sum in place of it."""
        alpha_prod, one_minus = alpha_products(np.full(4, 0.5))
        np.testing.assert_array_equal(alpha_prod, [0.5, 0.25, 0.125, 0.0625])
        np.testing.assert_allclose(one_minus, [0.5, 0.75, 0.875, 0.9375], rtol=1e-15)

    @pytest.mark.parametrize(("dtype", "rtol"), [("float64", 4e-15), ("float32", 4e-6)])
    def test_one_minus_keeps_its_digits(self, dtype, rtol):
        """c_t = β_t + (1 − β_t) c_{t−1}, a recursion of positive terms, for the schedule of Ho et al. Kills: 1 − ᾱ,
        which in float32 is wrong by 2·10⁻⁴."""
        beta = np.linspace(1e-4, 0.02, 1000).astype(dtype)
        c, want = np.longdouble(0), []
        for b in beta.astype(np.longdouble):
            c = b + (1 - b) * c
            want.append(c)
        np.testing.assert_allclose(alpha_products(beta).one_minus, np.array(want, float), rtol=rtol)

    def test_a_step_moves_what_comes_after_it(self):
        """ᾱ_t for β = (½, ½, ½) by hand: ∂ᾱ_3/∂β_s = −¼ for every s, ∂ᾱ_1/∂β_1 = −1 and no other. 1 − ᾱ moves against
        it. Kills: the sum over earlier steps, a step that does not move its own product."""
        _, pullback = alpha_products.vjp(np.full(3, 0.5))
        np.testing.assert_array_equal(pullback(alpha_prod_bar=np.array([0.0, 0, 1]))["beta"], [-0.25] * 3)
        np.testing.assert_array_equal(pullback(alpha_prod_bar=np.array([1.0, 0, 0]))["beta"], [-1, 0, 0])
        np.testing.assert_array_equal(pullback(one_minus_bar=np.array([0, 1.0, 0]))["beta"], [0.5, 0.5, 0])
