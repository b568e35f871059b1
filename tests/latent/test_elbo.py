"""The evidence lower bound."""

import numpy as np

from refdgm import ArgumentError
from refdgm.latent.elbo import elbo

from ..kit import verify
from ..refusal import refused

TestElbo = verify(elbo)

LINEAR = {"encoder": "linear", "decoder": "linear", "likelihood": "gaussian"}
LOADINGS = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 0.0], [0.0, -1.0]])  # W of x = W z + b + noise; WᵀW is diagonal
BIAS = np.array([0.5, -1.0, 0.25, 2.0])
THETA = {"A": LOADINGS, "b": BIAS}


def nodes(size, batch):
    """±√Z e_i: the mean over these 2 Z draws is that over N(0, I) of everything quadratic."""
    ends = np.sqrt(size) * np.concatenate([np.eye(size), -np.eye(size)])
    return np.repeat(ends[None], batch, axis=0)


def evidence(x):
    """log N(x; b, W Wᵀ + I) and its slope in x, by the matrix itself."""
    covariance, apart = LOADINGS @ LOADINGS.T + np.eye(4), x - BIAS
    away = np.linalg.solve(covariance, apart.T).T
    return -(np.sum(apart * away, axis=1) + np.linalg.slogdet(covariance)[1] + 4 * np.log(2 * np.pi)) / 2, -away


def posterior():
    """An encoder of the exact posterior: precision I + WᵀW, which is diagonal."""
    precision = 1 + np.sum(LOADINGS**2, axis=0)
    a = LOADINGS.T / precision[:, None]
    return {"A": np.concatenate([a, 0 * a]), "b": np.concatenate([-a @ BIAS, -np.log(precision)])}


class TestLaws:
    def test_exact_posterior_gives_the_evidence(self, rng):
        """J = log p(x), no gradient for φ, and x_bar is the score of the evidence. Kills: a sign, a constant, β
        elsewhere, a mean over data or latents, σ for σ², any path that is held, draws that are summed or left out."""
        x = rng.normal(size=(3, 4))
        value, pullback = elbo.vjp(x, nodes(2, 3), 1.0, posterior(), THETA, **LINEAR)
        want, slope = evidence(x)
        np.testing.assert_allclose(value, want, rtol=1e-13)
        g = pullback(np.ones(3))
        np.testing.assert_allclose(g["x"], slope, rtol=1e-12, atol=1e-14)
        for entry in g["phi"].values():
            np.testing.assert_allclose(entry, np.zeros_like(entry), atol=1e-13)

    def test_what_it_lacks_is_the_divergence_from_the_posterior(self, rng):
        """log p(x) − J = KL(q ‖ p(z | x)) for any encoder, written out here. Kills: the other divergence."""
        x = rng.normal(size=(3, 4))
        phi = {"A": rng.normal(size=(4, 4)) / 2, "b": rng.normal(size=4) / 2}
        code, exact = x @ phi["A"].T + phi["b"], posterior()
        m, v = x @ exact["A"].T[:, :2] + exact["b"][:2], np.exp(exact["b"][2:])
        mu, var = code[:, :2], np.exp(code[:, 2:])
        gap = np.sum(np.log(v / var) + (var + (mu - m) ** 2) / v - 1, axis=1) / 2
        np.testing.assert_allclose(evidence(x)[0] - elbo(x, nodes(2, 3), 1.0, phi, THETA, **LINEAR), gap, rtol=1e-12)

    def test_it_is_linear_in_beta(self, rng):
        """Two values of β give the divergence, of which β_bar is minus the sum. Kills: β on the likelihood, or on
        both."""
        x, eps = rng.normal(size=(3, 4)), rng.normal(size=(3, 5, 2))
        phi = {"A": rng.normal(size=(4, 4)), "b": rng.normal(size=4)}
        low, high = (elbo(x, eps, beta, phi, THETA, **LINEAR) for beta in (0.5, 2.5))
        code = x @ phi["A"].T + phi["b"]
        kl = np.sum(code[:, :2] ** 2 + np.exp(code[:, 2:]) - 1 - code[:, 2:], axis=1) / 2
        np.testing.assert_allclose((low - high) / 2, kl, rtol=1e-11)
        g = elbo.vjp(x, eps, 0.5, phi, THETA, **LINEAR)[1](np.array([1.0, 10.0, 100.0]))
        np.testing.assert_allclose(g["beta"], -kl @ [1, 10, 100], rtol=1e-13)

    def test_a_picture_of_one_pixel(self):
        """l = 2 z, z = μ + 3 ε = ±1 at μ = −2 + 3·{1, ⅓}: log σ(±2) each. Kills: σ twice, data and logits exchanged."""
        phi = {"A": np.zeros((2, 1)), "b": np.array([-2.0, 2 * np.log(3)])}
        theta = {"A": np.array([[2.0]]), "b": np.zeros(1)}
        eps = np.array([[[1.0], [1 / 3]]] * 2)
        value = elbo(np.array([[1.0], [0.0]]), eps, 1.0, phi, theta, encoder="linear", decoder="linear",
                     likelihood="bernoulli")
        mean = -(np.log(1 + np.exp(-2)) + np.log(1 + np.exp(2))) / 2
        np.testing.assert_allclose(value, mean - (4 + 9 - 1 - 2 * np.log(3)) / 2 + 0 * value, rtol=1e-14)

    def test_what_is_no_likelihood_is_refused(self):
        arguments = np.zeros((1, 4)), np.zeros((1, 1, 2)), 1.0, posterior(), THETA
        said = refused(elbo, ArgumentError, "likelihood must be one of gaussian, bernoulli, got 'mse'", *arguments,
                       **LINEAR | {"likelihood": "mse"})
        assert "take gaussian" in said
        refused(elbo, ArgumentError, "phi.A must have shape (4, 4), got (2, 4)", *arguments[:3],
                {"A": np.zeros((2, 4)), "b": np.zeros(2)}, THETA, **LINEAR)
