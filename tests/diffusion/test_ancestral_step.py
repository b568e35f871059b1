"""The ancestral step."""

from fractions import Fraction

import numpy as np
import pytest

from refdgm.diffusion.ancestral_step import ancestral_step

from ..kit import verify

TestAncestralStep = verify(ancestral_step)

MEAN, VAR = 2.0, 0.25  # of Gaussian data


def linear(first, last, steps):
    """β_1 … β_T and ᾱ_0 … ᾱ_T."""
    beta = np.linspace(first, last, steps)
    return beta, np.concatenate([[1.0], np.cumprod(1 - beta)])


def step(x, z, beta, before, variance, variance_of_data=VAR, mean=MEAN):
    """One step of one number with the exact prediction for Gaussian data."""
    product = (1 - beta) * before
    spread = product * variance_of_data + 1 - product
    eps = np.sqrt(1 - product) * (x - np.sqrt(product) * mean) / spread
    one = lambda u: np.asarray([u], np.float64)
    return ancestral_step(one(x), one(eps), one(z), one(beta), one(before), variance=variance)[0]


class TestLaws:
    @pytest.mark.parametrize("t", [1, 2, 17, 50])
    def test_the_mean_is_that_of_the_exact_reverse_kernel(self, t):
        """Gaussian data N(m, s²): E[x_{t−1} | x_t] has slope √α_t v_{t−1}/v_t and passes through the two marginal
        means. Kills: α for ᾱ, ᾱ_{t−1} for ᾱ_t, a root too few, a lost 1/√α_t, the sign of ε.
        """
        beta, product = linear(0.001, 0.3, 50)
        v = product * VAR + 1 - product
        at = [step(x, 0.0, beta[t - 1], product[t - 1], "posterior") for x in (0.0, 1.0)]
        slope = np.sqrt(1 - beta[t - 1]) * v[t - 1] / v[t]
        np.testing.assert_allclose(at[1] - at[0], slope, rtol=1e-12)
        np.testing.assert_allclose(at[0], np.sqrt(product[t - 1]) * MEAN - slope * np.sqrt(product[t]) * MEAN,
                                   rtol=1e-11, atol=1e-12)

    @pytest.mark.parametrize(("variance", "last", "want"), [
        ("posterior", 0.0, 0.20188), ("posterior", 1.0, 0.20188), ("beta", 0.0, 0.26466), ("beta", 1.0, 0.26566),
    ])
    def test_the_chain_of_fifty_steps_has_the_variance_of_its_recursion(self, variance, last, want):
        """V_{t−1} = α_t (v_{t−1}/v_t)² V_t + σ_t² from V_T = 1, by the probes x = 0, 1 and z = 0, 1 of the affine
        steps, no sample drawn; neither variance returns the 0.25 of the data. Kills: β andβ_tilde exchanged, σ² for σ,
        a shifted ᾱ; noise in the last step of β_tilde.
        """
        beta, product = linear(0.001, 0.3, 50)
        v, chain, recursion = product * VAR + 1 - product, 1.0, 1.0
        for t in range(50, 0, -1):
            keep = last if t == 1 else 1.0
            at = [step(x, keep * z, beta[t - 1], product[t - 1], variance) for x, z in ((0, 0), (1, 0), (0, 1))]
            chain = (at[1] - at[0]) ** 2 * chain + (at[2] - at[0]) ** 2
            added = beta[t - 1] * (1 if variance == "beta" else (1 - product[t - 1]) / (1 - product[t]))
            recursion = (1 - beta[t - 1]) * (v[t - 1] / v[t]) ** 2 * recursion + keep * added
        np.testing.assert_allclose(chain, recursion, rtol=1e-12)
        assert abs(chain - want) < 5e-6

    def test_a_point_of_data_is_recovered(self):
        """Data that are one point: the posterior chain ends in it whatever the noises. Kills: noise in the last
        step, a mean that is not the posterior's."""
        beta, product = linear(0.001, 0.3, 50)
        x = 0.7
        for t in range(50, 0, -1):
            x = step(x, (-1) ** t, beta[t - 1], product[t - 1], "posterior", variance_of_data=0.0, mean=-1.25)
        np.testing.assert_allclose(x, -1.25, rtol=1e-13)

    def test_small_steps_keep_their_digits(self):
        """β = 2⁻⁴⁰ at ᾱ_{t−1} = 1 − 2⁻³⁰, against rational numbers. Kills: 1 − (1 − β) ᾱ_{t−1} formed from ᾱ_t."""
        beta, product = Fraction(1, 2**40), 1 - Fraction(1, 2**30)
        now = 1 - (1 - beta) * product
        one = lambda u: np.asarray([float(u)])
        got = ancestral_step(one(0), one(0), one(1), one(beta), one(product), variance="posterior")
        np.testing.assert_allclose(got**2, float(beta * (1 - product) / now), rtol=2.0**-50)
        grads = ancestral_step.vjp(one(0), one(0), one(1), one(beta), one(product), variance="beta")[1](one(1))
        np.testing.assert_allclose(grads["eps_pred"] ** 2, float(beta**2 / now / (1 - beta)), rtol=2.0**-50)

    def test_examples_have_their_own_step(self, rng):
        """Another schedule for each example, as many components as examples. Kills: coefficients along the wrong
        axis."""
        xt, eps, z, bar = rng.normal(size=(4, 3, 3))
        beta, before = np.asarray([0.1, 0.5, 0.9]), np.asarray([1.0, 0.5, 0.125])
        together, pullback = ancestral_step.vjp(xt, eps, z, beta, before, variance="posterior")
        for b in range(3):
            args = [u[b:b + 1] for u in (xt, eps, z, beta, before)]
            alone, back = ancestral_step.vjp(*args, variance="posterior")
            np.testing.assert_array_equal(together[b:b + 1], alone)
            np.testing.assert_array_equal(pullback(bar)["eps_pred"][b:b + 1], back(bar[b:b + 1])["eps_pred"])
