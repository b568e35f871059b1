"""Langevin steps of a given signal-to-noise ratio."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.sde.langevin_corrector_step import langevin_corrector_step

from ..kit import verify
from ..refusal import refused

TestLangevinCorrectorStep = verify(langevin_corrector_step)
norms = pytest.mark.parametrize("norm", ["example", "batch"])


def parts(x, score, eps, snr, norm):
    """The drift, which is even in the noise, and the noise, which is odd."""
    there, back = (langevin_corrector_step(x, score, sign * eps, snr, norm=norm) for sign in (1, -1))
    return (there + back) / 2 - x, (there - back) / 2


def length(x):
    return np.sqrt(np.sum(x**2, axis=tuple(range(1, x.ndim))))


class TestLaws:
    def test_by_hand(self):
        """s = (3, 0), z = (0, 4), r = ½: ρ = 2/3, x′ − x = (2ρ²·3, 2ρ·4) = (8/3, 16/3). For λ = (1, 1),
        ρ_bar = 4ρ·3 + 8 = 16, r_bar = 16·4/3, s_bar = (8/9 − 16ρ/3, 8/9). Kills: 2 left out of a part, ρ inverted or
        not squared, r outside the square, a step that is held, a sign."""
        x, s, z = np.array([[1.0, 1.0]]), np.array([[3.0, 0.0]]), np.array([[0.0, 4.0]])
        for norm in ("example", "batch"):
            value, pullback = langevin_corrector_step.vjp(x, s, z, 0.5, norm=norm)
            grads = pullback(np.ones((1, 2)))
            np.testing.assert_allclose(value, x + np.array([[8 / 3, 16 / 3]]), rtol=1e-14)
            np.testing.assert_allclose(grads["snr"], 64 / 3, rtol=1e-14)
            np.testing.assert_allclose(grads["score"], [[8 / 9 - 32 / 9, 8 / 9]], rtol=1e-14)
            np.testing.assert_array_equal(grads["x"], [[1, 1]])

    @norms
    def test_the_ratio_is_what_was_asked_for(self, rng, norm):
        """The drift has r times the length of the noise: of every example, or in the mean. The drift is a
        positive multiple of s, the noise of z. Kills: lengths along one axis, one length of the whole batch, a mean
        of ratios."""
        x, score, eps = rng.normal(size=(3, 4, 2, 3))
        score = score * np.array([0.5, 1, 4, 9])[:, None, None]
        drift, spread = parts(x, score, eps, 0.16, norm)
        ratio = length(drift) / length(spread) if norm == "example" else np.sum(length(drift)) / np.sum(length(spread))
        np.testing.assert_allclose(ratio, 0.16, rtol=1e-12)
        rho = length(spread) / length(eps) / 2
        np.testing.assert_allclose(drift, 2 * rho[:, None, None] ** 2 * score, rtol=1e-10)
        np.testing.assert_allclose(spread, 2 * rho[:, None, None] * eps, rtol=1e-12)
        if norm == "batch":
            np.testing.assert_allclose(rho, rho[0], rtol=1e-12)

    def test_means_of_lengths(self):
        """Scores of lengths 3 and 5, noises of 2 and 6, r = 1: ρ = 4/4, where one length of the whole batch would give
        √40/√34 and a mean of ratios (2/3 + 6/5)/2. Kills: those."""
        score, eps = np.array([[3.0, 0.0], [0.0, 5.0]]), np.array([[2.0, 0.0], [0.0, 6.0]])
        got = langevin_corrector_step(np.zeros((2, 2)), score, eps, 1.0, norm="batch")
        np.testing.assert_allclose(got, 2 * score + 2 * eps, rtol=1e-14)

    def test_a_batch_of_one(self, rng):
        """Both kinds of length agree on one example, in value and gradients."""
        x, score, eps, bar = rng.normal(size=(4, 1, 2, 3))
        (one, back), (all_, pulled) = (
            langevin_corrector_step.vjp(x, score, eps, 0.3, norm=n) for n in ("example", "batch"))
        np.testing.assert_allclose(one, all_, rtol=1e-13)
        for name, grad in back(bar).items():
            np.testing.assert_allclose(pulled(bar)[name], grad, rtol=1e-12, err_msg=name)

    @norms
    def test_gradients_by_homogeneity(self, rng, norm):
        """x′ − x has the degree −1 in all scores together: Σ⟨s_bar, s⟩ = −Σ⟨λ, x′ − x⟩; in r its parts have 2 and 1.
        Kills: a step that is held (the sign is the other then), that is held in one part, or whose other examples are
        forgotten; a mean for r_bar."""
        x, score, eps, bar = rng.normal(size=(4, 5, 2, 3))
        value, pullback = langevin_corrector_step.vjp(x, score, eps, 0.3, norm=norm)
        grads, (drift, spread) = pullback(bar), parts(x, score, eps, 0.3, norm)
        np.testing.assert_allclose(np.sum(grads["score"] * score), -np.sum(bar * (value - x)), rtol=1e-12)
        np.testing.assert_allclose(0.3 * grads["snr"], np.sum(bar * (2 * drift + spread)), rtol=1e-12)

    def test_an_example_alone(self, rng):
        """By its own length an example does not see the batch; by the batch's it does."""
        x, score, eps = rng.normal(size=(3, 4, 3))
        for norm, alike in (("example", True), ("batch", False)):
            whole = langevin_corrector_step(x, score, eps, 0.3, norm=norm)
            alone = langevin_corrector_step(x[1:2], score[1:2], eps[1:2], 0.3, norm=norm)
            assert np.allclose(whole[1:2], alone, rtol=1e-12) == alike

    def test_the_step_size_of_langevin_dynamics(self, rng):
        """η = 4ρ² in x + (η/2) s + √η z, in a loop of its own. Kills: the convention that is told."""
        x, score, eps = rng.normal(size=(3, 4, 3))
        got = langevin_corrector_step(x, score, eps, 0.3, norm="example")
        for b in range(4):
            eta = 4 * 0.3**2 * (eps[b] @ eps[b]) / (score[b] @ score[b])
            np.testing.assert_allclose(got[b], x[b] + eta / 2 * score[b] + np.sqrt(eta) * eps[b], rtol=1e-12)


def test_a_score_of_zeros_is_refused():
    """Of a whole example, and not of a row; an infinite one too; no ratio is not a ratio of zero."""
    x = np.ones((3, 2, 2))
    score = np.ones((3, 2, 2))
    score[1, 0] = 0
    langevin_corrector_step(x, score, x, 0.16, norm="batch")
    score[1] = 0
    said = refused(langevin_corrector_step, ArgumentError, "score must have ", x, score, x, 0.16, norm="example")
    assert said == ("score must have a component other than zero in every example, got only zeros in row [1]; "
                    "leave such examples out")
    score[1, 1, 0] = np.nan
    refused(langevin_corrector_step, ArgumentError, "score must be finite, got nan at [1, 1, 0]; ", x, score, x, 0.16,
            norm="batch")
    said = refused(langevin_corrector_step, ArgumentError, "snr must be positive", x, x, x, 0.0, norm="batch")
    assert said.endswith("; a ratio of zero is the identity")
