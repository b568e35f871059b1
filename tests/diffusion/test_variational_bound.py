"""The terms of the variational bound."""

import numpy as np
import pytest

from refdgm.diffusion.prior_loss import prior_loss, reconstruction_loss
from refdgm.diffusion.variational_bound import variational_bound
from refdgm.diffusion.variational_loss import variational_loss

from ..kit import verify

TestPriorLoss = verify(prior_loss)
TestVariationalLoss = verify(variational_loss)
TestReconstructionLoss = verify(reconstruction_loss)
TestVariationalBound = verify(variational_bound)


def schedule(steps, first=0.02, last=0.4):
    beta = np.linspace(first, last, steps)
    alpha_prod = np.cumprod(1 - beta)
    return beta, alpha_prod, np.concatenate([[1.0], alpha_prod[:-1]])


def gaussian_kl(m, v, n, w):
    """KL(N(m, v) ‖ N(n, w)) by the trapezoidal rule over the line."""
    x = m + np.sqrt(v) * np.linspace(-12, 12, 2001)
    q = np.exp(-((x - m) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v)
    log_ratio = (x - n) ** 2 / (2 * w) - (x - m) ** 2 / (2 * v) + np.log(w / v) / 2
    return np.sum(q * log_ratio) * (x[1] - x[0])


class TestLaws:
    @pytest.mark.parametrize("mu", [0.0, 0.7])
    def test_the_bound_is_tight_for_gaussian_data(self, mu):
        """Data N(μ, 1): the noise that is best, √(1 − ᾱ)(x_t − √ᾱ μ), and the reverse variance β_t are exact at every
        step, t = 1 included. So the *sum* L_T + Σ L_{t−1} + L_0 is −log N(x₀; μ, 1), and for the model that starts at
        N(0, 1) and not at N(√ᾱ_T μ, 1) also E log of the ratio of these two, ᾱ_T (μ x₀ − μ²/2). Every term is a square
        of a linear function of ε, so ε = ±1 has its expectation exactly.
        Kills: a mean over t, a missing K, ½, D or log 2π, β_tilde for β, ᾱ_t for ᾱ_{t−1}, a wrong weight at t = 1."""
        beta, alpha_prod, prev = schedule(7)
        x0 = np.array([[0.3, -1.1]])
        bound = prior_loss(x0, alpha_prod[-1:])
        for t in range(7):
            a = alpha_prod[t]
            for sign in (1.0, -1.0):
                eps = np.full_like(x0, sign)
                best = np.sqrt(1 - a) * (np.sqrt(a) * x0 + np.sqrt(1 - a) * eps - np.sqrt(a) * mu)
                b = beta[t : t + 1]
                if t == 0:
                    bound = bound + reconstruction_loss(best, eps, b) / 2
                else:
                    bound = bound + variational_loss(best, eps, b, prev[t : t + 1], variance="beta") / 2
        surprise = np.sum((x0 - mu) ** 2, axis=1) / 2 + np.log(2 * np.pi)
        start = alpha_prod[-1] * np.sum(mu * x0 - mu**2 / 2, axis=1)
        np.testing.assert_allclose(bound, surprise + start, rtol=1e-12)
        a, both = alpha_prod[:, None], np.ones((2, 7, 2)) * np.array([1.0, -1.0])[:, None, None]
        best = np.sqrt(1 - a) * (np.sqrt(a) * x0 + np.sqrt(1 - a) * both - np.sqrt(a) * mu)
        whole = np.mean(variational_bound(best, np.concatenate([x0, x0]), both, beta, variance="beta"))
        np.testing.assert_allclose(whole, bound[0], rtol=1e-13)

    @pytest.mark.parametrize("variance", ["posterior", "beta"])
    @pytest.mark.parametrize(("mu", "s"), [(0.0, 1.0), (0.7, 1.0), (-0.4, 0.3), (0.9, 2.5)])
    def test_what_the_whole_bound_exceeds(self, mu, s, variance):
        """Data N(μ, s²) and the best noise √(1 − ᾱ)(x_t − √ᾱ μ)/v_t, v_t = ᾱ_t s² + 1 − ᾱ_t: the steps back of the data
        are Gaussian, of variance β_t v_{t−1}/v_t and of the model's mean. By the chain rule of divergences the mean of
        the bound is the entropy of the data, plus at every step, t = 1 included, the divergence for the variance alone,
        plus that of the last state from N(0, 1). It is zero in the middle for s = 1 and σ² = β: there the *sum* is
        tight, as for N(0, 1) it is altogether. All is a square of what is linear in (x₀, ε_t), so that x₀ = μ ± s and
        ε = ±1 have the expectation exactly. Kills: a mean over t, T times one step, an end left out or counted
        twice, ᾱ_t for ᾱ_{t−1}, β_tilde for β, a missing K, ½, D or log 2π."""
        beta, alpha_prod, prev = schedule(7)
        x0, sign = (np.ravel(x)[:, None] for x in np.meshgrid([mu - s, mu + s], [-1.0, 1.0]))
        eps = sign[:, None] * np.ones((4, 7, 2))
        x0 = x0 * np.ones((4, 2))
        a, v = alpha_prod[:, None], alpha_prod * s**2 + 1 - alpha_prod
        best = np.sqrt(1 - a) * (np.sqrt(a) * (x0[:, None] - mu) + np.sqrt(1 - a) * eps) / v[:, None]
        back = beta * (prev * s**2 + 1 - prev) / v
        model = beta * (1 - prev) / (1 - alpha_prod) if variance == "posterior" else 1 * beta
        model[0] = beta[0]
        excess = np.sum(back / model - 1 - np.log(back / model)) / 2
        start = (alpha_prod[-1] * mu**2 + v[-1] - 1 - np.log(v[-1])) / 2
        entropy = np.log(2 * np.pi * np.e * s**2) / 2
        got = np.mean(variational_bound(best, x0, eps, beta, variance=variance))
        np.testing.assert_allclose(got, 2 * (entropy + excess + start), rtol=1e-12)

    def test_the_logarithms_telescope(self):
        """With σ² = β: ½ ᾱ_T (‖x₀‖² − D) + Σ_t β_t q_t/(2 α_t c_t) + ½ D (log 2π − Σ_{t≥2} β_t ᾱ_{t−1}/c_t),
        c_t = 1 − ᾱ_t; of one step too, where it is ½ α (‖x₀‖² − D) + q/(2α) + ½ D log 2π whatever the noise level."""
        rng = np.random.default_rng(5)
        for steps in (1, 2, 5):
            beta, alpha_prod, prev = schedule(steps, 0.1, 0.6)
            x0, eps, guess = rng.normal(size=(3, 2)), rng.normal(size=(3, steps, 2)), rng.normal(size=(3, steps, 2))
            q, c = np.sum((guess - eps) ** 2, axis=2), 1 - alpha_prod
            want = alpha_prod[-1] * (np.sum(x0**2, axis=1) - 2) / 2 + q @ (beta / (1 - beta) / c) / 2
            want = want + np.log(2 * np.pi) - np.sum((beta * prev / c)[1:])
            np.testing.assert_allclose(variational_bound(guess, x0, eps, beta, variance="beta"), want, rtol=1e-13)

    @pytest.mark.parametrize("variance", ["posterior", "beta"])
    def test_the_usual_schedule_in_single_precision(self, variance):
        """β from 10⁻⁴ to 0.02: 1 − ᾱ is 10⁻⁴ at first, of which the float32 ᾱ = 0.9999 keeps three digits.
        Kills: 1 − ᾱ as a difference."""
        rng = np.random.default_rng(6)
        beta = np.linspace(1e-4, 0.02, 200).astype(np.float32)
        x0, eps, guess = (rng.normal(size=n).astype(np.float32) for n in ((2, 3), (2, 200, 3), (2, 200, 3)))
        answers = []
        for dtype in (np.float32, np.float64):
            given = (x.astype(dtype) for x in (guess, x0, eps, beta))
            value, pullback = variational_bound.vjp(*given, variance=variance)
            answers.append({"value": value, **pullback(np.ones(2, dtype))})
        for name, x in answers[0].items():
            want = answers[1][name]
            np.testing.assert_allclose(x, want, rtol=3e-5, atol=1e-6 * abs(want).max(), err_msg=name)

    def test_a_short_schedule_of_small_steps(self):
        """ᾱ_T is near one at the end too, and the noise level drops out: with σ² = β, x₀ = 0 and exact predictions
        it is ½ D (log 2π − ᾱ_T − Σ_{t≥2} β_t ᾱ_{t−1}/c_t). Kills: log (1 − ᾱ_T) from a float32 ᾱ_T."""
        beta = np.array([1e-5, 3e-5, 1e-5], np.float32)
        exact = beta.astype(np.float64)
        c = -np.expm1(np.cumsum(np.log1p(-exact)))
        want = np.log(2 * np.pi) - (1 - c[-1]) - np.sum((exact * (1 - c) / (1 - exact) / c)[1:])
        zero = np.zeros((1, 3, 2), np.float32)
        got = variational_bound(zero, zero[:, 0], zero, beta, variance="beta")
        np.testing.assert_allclose(got, want, rtol=2e-5)

    @pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-15), (np.float32, 4e-7)])
    def test_the_constant_near_the_first_step(self, dtype, rtol):
        """β = 7/8 and ᾱ_{t−1} = 1 − 2⁻²⁰: r is about 10⁻⁶, and log r from r itself. Kills: log1p(−β ᾱ_{t−1}/c), which
        has lost as many digits as there are nines in its argument."""
        zero, rest = np.zeros((1, 1), dtype), 2.0**-20
        r = rest / (0.875 + 0.125 * rest)
        got = variational_loss(zero, zero, np.array([0.875], dtype), np.array([1 - rest], dtype), variance="beta")
        np.testing.assert_allclose(got, (r - 1 - np.log(r)) / 2, rtol=rtol)

    def test_a_point_of_data(self):
        """Data at one point have ε known from x_t, andβ_tilde is the exact reverse variance: every L_{t−1} is zero.
        With σ² = β it is not: K > 0. Kills: a constant with β_tilde, no constant with β."""
        beta, _, prev = schedule(5)
        eps = np.ones((4, 3))
        assert (variational_loss(eps, eps, beta[1:], prev[1:], variance="posterior") == 0).all()
        assert (variational_loss(eps, eps, beta[1:], prev[1:], variance="beta") > 1e-4).all()

    @pytest.mark.parametrize("variance", ["posterior", "beta"])
    def test_it_is_the_divergence_of_the_two_steps(self, variance):
        """The means of both steps written out in x_t, and the divergence by quadrature. Kills: any weight."""
        beta, alpha_prod, prev = schedule(6)
        x0, eps, guess = 0.8, -0.4, 0.5
        for t in range(1, 6):
            a, before, b = alpha_prod[t], prev[t], beta[t]
            xt = np.sqrt(a) * x0 + np.sqrt(1 - a) * eps
            mean = (np.sqrt(before) * b * x0 + np.sqrt(1 - b) * (1 - before) * xt) / (1 - a)
            model = (xt - b / np.sqrt(1 - a) * guess) / np.sqrt(1 - b)
            posterior = b * (1 - before) / (1 - a)
            want = gaussian_kl(mean, posterior, model, posterior if variance == "posterior" else b)
            got = variational_loss(np.array([[guess]]), np.array([[eps]]), np.array([b]), np.array([before]),
                                   variance=variance)
            np.testing.assert_allclose(got, want, rtol=1e-9)

    def test_published_weights(self):
        """The weights on ‖ε_hat − ε‖² for T = 10, β from 0.02 to 0.4, σ² = β_tilde: 1.6588 at t = 2, 0.7201 at t = 3.
        Kills: σ² = β, the weight of the step before or after."""
        beta, _, prev = schedule(10)
        one, zero = np.ones((2, 1)), np.zeros((2, 1))
        got = variational_loss(one, zero, beta[1:3], prev[1:3], variance="posterior")
        np.testing.assert_allclose(got, [1.6588, 0.7201], atol=5e-5)

    def test_the_weight_at_the_first_step_is_finite_with_beta(self):
        """As ᾱ_{t−1} → 1 the weight for σ² = β tends to 1/(2α), which is that of L_0."""
        one, zero, beta, near = np.ones((1, 1)), np.zeros((1, 1)), np.array([0.25]), np.array([1 - 2.0**-50])
        apart = variational_loss(one, zero, beta, near, variance="beta")
        apart = apart - variational_loss(zero, zero, beta, near, variance="beta")
        np.testing.assert_allclose(apart, 1 / (2 * 0.75), rtol=1e-13)
        first = reconstruction_loss(one, zero, beta) - reconstruction_loss(zero, zero, beta)
        np.testing.assert_allclose(first, 1 / (2 * 0.75), rtol=1e-13)

    def test_reconstruction_is_a_density(self):
        """e^{−L_0} integrates to one over x₀ at fixed mean: x₀ − μ = √(β/α)(ε_hat − ε). Kills: ½ log β without 2π, the
        variance for the deviation, α left out."""
        beta = 0.3
        eps = np.linspace(-12, 12, 4001)[:, None]
        density = np.exp(-reconstruction_loss(0 * eps, eps, np.full(4001, beta)))
        step = (eps[1, 0] - eps[0, 0]) * np.sqrt(beta / (1 - beta))
        np.testing.assert_allclose(np.sum(density) * step, 1, rtol=1e-12)

    @pytest.mark.parametrize("alpha_prod", [0.5, 0.04, 0.96])
    def test_prior_is_a_divergence(self, alpha_prod):
        """By quadrature, component by component. Kills: √ᾱ for ᾱ, 1 − ᾱ for ᾱ, the divergence the other way round."""
        x0 = np.array([[0.7, -1.9]])
        want = sum(gaussian_kl(np.sqrt(alpha_prod) * x, 1 - alpha_prod, 0.0, 1.0) for x in x0[0])
        np.testing.assert_allclose(prior_loss(x0, np.array([alpha_prod])), want, rtol=1e-10)

    def test_the_prior_of_a_long_schedule(self):
        """ᾱ = 2⁻³⁰ and x₀ = 0: −ᾱ − log(1 − ᾱ) = ᾱ²/2 + ᾱ³/3 + …, all digits. Kills: the sum of its two parts."""
        a = 2.0**-30
        value, pullback = prior_loss.vjp(np.zeros((1, 1)), np.array([a]))
        np.testing.assert_allclose(value, (a**2 / 2 + a**3 / 3) / 2, rtol=1e-15)
        np.testing.assert_allclose(pullback(np.ones(1))["alpha_prod"], a / (1 - a) / 2, rtol=1e-15)
