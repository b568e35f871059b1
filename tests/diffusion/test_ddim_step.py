"""The DDIM step."""

from decimal import Decimal, localcontext

import numpy as np
import pytest

from refdgm.diffusion.ddim_step import ddim_step

from ..kit import verify

TestDdimStep = verify(ddim_step)

ETAS = [0.0, 0.3, 0.75, 1.0]


def one(u):
    return np.asarray([u], np.float64)


def step(x, eps, z, beta, before, eta):
    """One number."""
    return ddim_step(one(x), one(eps), one(z), one(beta), one(before), eta)[0]


class TestLaws:
    @pytest.mark.parametrize("eta", ETAS)
    @pytest.mark.parametrize(("beta", "before"), [(0.02, 0.9), (0.4, 0.5), (0.9, 0.03), (1e-4, 0.9999)])
    def test_the_marginals_are_those_of_the_forward_process(self, beta, before, eta):
        """From x_t = √ᾱ_t x₀ + √(1 − ᾱ_t) ε the step gives √ᾱ_s x₀ + k ε + σ z with k² + σ² = 1 − ᾱ_s, k ≥ 0 and
        σ/η the posterior's deviation, by the probes x₀, ε, z = 1. Kills: √(1 − ᾱ_s) without −σ², σ of another η,
        β for β_tilde, ᾱ_t and ᾱ_s exchanged, the other sign of the direction.
        """
        product = (1 - beta) * before
        now = 1 - product
        of_x0 = step(np.sqrt(product), 0.0, 0.0, beta, before, eta)
        of_eps = step(np.sqrt(now), 1.0, 0.0, beta, before, eta)
        of_z = step(0.0, 0.0, 1.0, beta, before, eta)
        np.testing.assert_allclose(of_x0, np.sqrt(before), rtol=1e-13)
        np.testing.assert_allclose(of_z, eta * np.sqrt(beta * (1 - before) / now), rtol=1e-11)
        np.testing.assert_allclose(of_eps**2 + of_z**2, 1 - before, rtol=1e-10)
        assert of_eps >= 0

    def test_eta_one_is_the_ancestral_step(self, rng):
        """(x − β ε/√(1 − ᾱ_t))/√α + √β_tilde z. Kills: an η that scales the variance, −σ² with another σ."""
        x, eps, z = rng.normal(size=(3, 4))
        beta, before = np.asarray([0.02, 0.4, 0.9, 0.1]), np.asarray([0.9, 0.5, 0.03, 1.0])
        now = 1 - (1 - beta) * before
        want = (x - beta * eps / np.sqrt(now)) / np.sqrt(1 - beta) + np.sqrt(beta * (1 - before) / now) * z
        np.testing.assert_allclose(ddim_step(x, eps, z, beta, before, 1.0), want, rtol=1e-13)

    def test_without_noise_it_tends_to_the_probability_flow(self):
        """Data N(2, ¼), exact predictions, η = 0: x₀ → μ + √(v₀/v_T)(x_T − m_T), the error halved with the
        step. Kills: a drift of twice the score, noise at η = 0."""
        mean, var, x_start, errors = 2.0, 0.25, 0.3, []
        for steps in (100, 200, 400, 800):
            product = np.exp(-np.linspace(0, 6, steps + 1) ** 2 / 6)  # ᾱ from 1 to e⁻⁶
            v, x = product * var + 1 - product, x_start
            for t in range(steps, 0, -1):
                eps = np.sqrt(1 - product[t]) * (x - np.sqrt(product[t]) * mean) / v[t]
                x = step(x, eps, 7.0, 1 - product[t] / product[t - 1], product[t - 1], 0.0)
            errors.append(x - (mean + np.sqrt(var / v[-1]) * (x_start - np.sqrt(product[-1]) * mean)))
        orders = np.log2(np.abs(np.asarray(errors[:-1]) / np.asarray(errors[1:])))
        assert abs(errors[-1]) < 2e-2 and abs(orders[-1] - 1) < 0.05

    @pytest.mark.parametrize("eta", ETAS)
    def test_the_variance_recursion(self, eta):
        """Gaussian data, fifty steps: V_s = a² V_t + σ² with the slope a of the affine map, which for the exact
        prediction is √(ᾱ_s ᾱ_t) s²/v_t + √(1 − ᾱ_s − σ²) √(1 − ᾱ_t)/v_t. Kills: a prediction that is not linear, σ
        that is added twice.
        """
        product = np.concatenate([[1.0], np.cumprod(1 - np.linspace(0.001, 0.3, 50))])
        v, chain, want = product * 0.25 + 1 - product, 1.0, 1.0
        for t in range(50, 0, -1):
            beta, before = 1 - product[t] / product[t - 1], product[t - 1]
            slope = np.sqrt(1 - product[t]) / v[t]
            at = [step(x, slope * x, z, beta, before, eta) for x, z in ((1.0, 0.0), (0.0, 1.0))]
            chain = at[0] ** 2 * chain + at[1] ** 2
            sigma2 = eta**2 * (1 - before) / (1 - product[t]) * beta
            a = np.sqrt(before * product[t]) * 0.25 / v[t] + np.sqrt(np.abs(1 - before - sigma2)) * slope
            want = a**2 * want + sigma2
        np.testing.assert_allclose(chain, want, rtol=1e-11)

    @pytest.mark.parametrize("eta", ETAS)
    def test_short_steps_keep_their_digits(self, eta):
        """β = 2⁻⁴⁰ at ᾱ_s = ½, against 60 digits. Kills: the difference of the two terms in ε, formed as it is
        written."""
        with localcontext() as context:
            context.prec = 60
            beta, before, e = Decimal(2) ** -40, Decimal("0.5"), Decimal(eta)
            now = 1 - (1 - beta) * before
            sigma2 = e * e * beta * (1 - before) / now
            want = float((1 - before - sigma2).sqrt() - (now / (1 - beta)).sqrt())
        np.testing.assert_allclose(step(0.0, 1.0, 0.0, 2.0**-40, 0.5, eta), want, rtol=2.0**-50)

    @pytest.mark.parametrize("eta", ETAS)
    def test_the_last_step_is_the_predicted_data(self, eta):
        """ᾱ_s = 1: x₀ for every η and z, and η has no influence. Kills: noise in the last step, 0/0 at η = 1."""
        got, pullback = ddim_step.vjp(one(0.7), one(-0.4), one(9.0), one(0.36), one(1.0), eta)
        np.testing.assert_allclose(got, (0.7 + 0.6 * 0.4) / 0.8, rtol=1e-15)
        assert pullback(one(1.0))["eta"] == 0
