"""Denoising score matching, at one level of noise and at many."""

import numpy as np
import pytest

from refdgm.score.denoising_score_matching import denoising_score_matching, noise_conditional_score_matching

from ..kit import verify

TestDenoisingScoreMatching = verify(denoising_score_matching)
TestNoiseConditionalScoreMatching = verify(noise_conditional_score_matching)

SIGNS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])  # (x, ε): all moments of a quadratic


def at_levels(sigma, size):
    return np.full(size, float(sigma))


class TestLaws:
    def test_at_a_point(self):
        """s = (1, 3), ε = (2, −4), σ = 2: r = (2, 1), J = 5/2, s_bar = r, σ_bar = −(2·1 + 1·(−2))/2 = 0; and with ε =
        (2, 4) r = (2, 5), σ_bar = −(2·1 + 5·2)/2 = −6. Kills: s − ε/σ, ε/σ², no ½, σ_bar without its sign or its second
        1/σ."""
        score, eps, sigma = np.array([[1.0, 3.0], [1.0, 3.0]]), np.array([[2.0, -4.0], [2.0, 4.0]]), at_levels(2, 2)
        value, pullback = denoising_score_matching.vjp(score, eps, sigma)
        grads = pullback(np.ones(2))
        np.testing.assert_array_equal(value, [2.5, 14.5])
        np.testing.assert_array_equal(grads["score"], [[2, 1], [2, 5]])
        np.testing.assert_array_equal(grads["sigma"], [0, -6])

    def test_conditional_at_a_point(self):
        """The same with weight σ² = 4: r = (4, 2) and (4, 10), J = 10 and 58, s_bar = 2r, σ_bar = ⟨r, s⟩ = 10 and 34.
        Kills: no weight, the weight σ, s_bar without the factor σ, the weight held fixed in σ_bar."""
        score, eps, sigma = np.array([[1.0, 3.0], [1.0, 3.0]]), np.array([[2.0, -4.0], [2.0, 4.0]]), at_levels(2, 2)
        value, pullback = noise_conditional_score_matching.vjp(score, eps, sigma)
        grads = pullback(np.ones(2))
        np.testing.assert_array_equal(value, [10, 58])
        np.testing.assert_array_equal(grads["score"], [[8, 4], [8, 20]])
        np.testing.assert_array_equal(grads["sigma"], [10, 34])

    @pytest.mark.parametrize("sigma", [0.3, 1.0, 2.5])
    def test_gaussian_data(self, sigma):
        """Data N(0, v), s(x_tilde) = −a x_tilde: E J = ½ (a²(v + σ²) − 2a + 1/σ²), least at a = 1/(v + σ²), where it is
        ½ v/(σ²(v + σ²)), not zero; and σ² times that for the noise-conditional objective. Expectations are means over
        the signs of x = ±√v and ε = ±1. Kills: the target's sign, σ read as a variance, any other weight."""
        v = 0.7
        x, eps = (np.sqrt(v) * SIGNS[:, :1]), SIGNS[:, 1:]
        for a in (0.2, 1 / (v + sigma**2), 1.9):
            args = -a * (x + sigma * eps), eps, at_levels(sigma, 4)
            value, _ = denoising_score_matching.value_and_grad(*args)
            weighted, _ = noise_conditional_score_matching.value_and_grad(*args)
            want = (a**2 * (v + sigma**2) - 2 * a + sigma**-2) / 2
            np.testing.assert_allclose([value, weighted], [want, sigma**2 * want], rtol=1e-13)
        args = -(x + sigma * eps) / (v + sigma**2), eps, at_levels(sigma, 4)
        value, grads = denoising_score_matching.value_and_grad(*args)
        weighted, _ = noise_conditional_score_matching.value_and_grad(*args)
        least = v / (v + sigma**2) / 2
        np.testing.assert_allclose([value, weighted], [least / sigma**2, least], rtol=1e-12)
        np.testing.assert_allclose(np.sum(grads["score"] * args[0]), 0, atol=1e-13 / sigma**2)

    @pytest.mark.parametrize("sigma", [0.4, 1.3])
    def test_the_whole_derivative_by_the_level(self, sigma):
        """d/dσ of ½ (a²(v + σ²) − 2a + 1/σ²) is a²σ − 1/σ³: σ_bar and, through x_tilde = x + σε, ⟨s_bar, −aε⟩. Kills: a
        σ_bar that already contains the part of x_tilde, or lacks a factor of 1/σ."""
        v, a = 0.7, 0.9
        x, eps = (np.sqrt(v) * SIGNS[:, :1]), SIGNS[:, 1:]
        args = -a * (x + sigma * eps), eps, at_levels(sigma, 4)
        _, grads = denoising_score_matching.value_and_grad(*args)
        got = np.sum(grads["sigma"]) + np.sum(grads["score"] * -a * eps)
        np.testing.assert_allclose(got, a**2 * sigma - sigma**-3, rtol=1e-12)
        _, grads = noise_conditional_score_matching.value_and_grad(*args)
        got = np.sum(grads["sigma"]) + np.sum(grads["score"] * -a * eps)
        np.testing.assert_allclose(got, a**2 * (sigma * v + 2 * sigma**3) - 2 * a * sigma, rtol=1e-12)

    def test_explicit_up_to_a_constant(self):
        """Vincent's theorem for data at three points, noised: for any s, E J − ½ E(s − ∇log π_σ)² is
        ½ (1/σ² − E(∇log π_σ)²), by quadrature. Kills: what is right for linear scores only, the constant forgotten."""
        points, sigma = np.array([-1.0, 0.25, 1.5]), 0.8
        t = np.linspace(-14, 16, 3001)
        step = t[1] - t[0]
        kernels = np.exp(-((t - points[:, None]) ** 2) / (2 * sigma**2)) / np.sqrt(2 * np.pi) / sigma
        density = kernels.mean(0)
        true_score = (kernels * (points[:, None] - t)).mean(0) / sigma**2 / density
        want = (sigma**-2 - np.sum(density * true_score**2) * step) / 2
        for s in (np.tanh(1.3 * t - 0.4), 0.5 * t, np.sin(t)):
            total = 0.0
            for point, kernel in zip(points, kernels, strict=True):
                eps = (t - point) / sigma
                value = denoising_score_matching(s[:, None], eps[:, None], at_levels(sigma, t.size))
                total += np.sum(kernel * value) * step / 3
            explicit = np.sum(density * (s - true_score) ** 2) * step / 2
            np.testing.assert_allclose(total - explicit, want, rtol=1e-11)

    def test_all_levels_count_alike(self, rng):
        """With s = 0 the noise-conditional objective is ½ ‖ε‖² at every level, the plain one that over σ². Kills: the
        levels of other examples, or of components, taken for the example's own."""
        eps = rng.normal(size=(3, 3))
        sigma = np.array([1e-3, 1.0, 50.0])
        norms = np.sum(eps**2, axis=1) / 2
        np.testing.assert_allclose(noise_conditional_score_matching(0 * eps, eps, sigma), norms, rtol=1e-14)
        np.testing.assert_allclose(denoising_score_matching(0 * eps, eps, sigma), norms / sigma**2, rtol=1e-14)

    def test_components_add(self):
        """Six equal components are six times one, in whatever shape. Kills: the mean over components."""
        for shape in ((6,), (2, 3), (1, 2, 3)):
            score, eps = np.ones((2, *shape)), np.full((2, *shape), 2.0)
            np.testing.assert_array_equal(denoising_score_matching(score, eps, at_levels(2, 2)), [12, 12])
            np.testing.assert_array_equal(noise_conditional_score_matching(score, eps, at_levels(2, 2)), [48, 48])
        one = np.ones(2), np.full(2, 2.0), at_levels(2, 2)
        np.testing.assert_array_equal(denoising_score_matching(*one), [2, 2])
        np.testing.assert_array_equal(noise_conditional_score_matching(*one), [8, 8])

    @pytest.mark.needs("torch")
    def test_no_examples_axes_in_torch(self):
        """One number an example, where a sum over no axes must leave it alone. Kills: a sum over all that there is."""
        import torch

        args = torch.asarray([1.0, 3.0]), torch.asarray([2.0, -4.0]), torch.asarray([2.0, 2.0])
        value, pullback = denoising_score_matching.vjp(*args)
        assert value.tolist() == [2.0, 0.5] and pullback(torch.ones(2))["sigma"].tolist() == [-1.0, 1.0]
