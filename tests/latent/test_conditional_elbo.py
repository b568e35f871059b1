"""The evidence lower bound given a condition."""

import numpy as np

from refdgm import ArgumentError
from refdgm.latent.conditional_elbo import conditional_elbo

from ..kit import verify
from ..refusal import refused

TestConditionalElbo = verify(conditional_elbo)

LINEAR = {"encoder": "linear", "decoder": "linear", "prior": "linear", "likelihood": "gaussian"}
LOADINGS = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 0.0], [0.0, -1.0]])  # W of x = W z + V y + b + noise
MEETS = np.array([[0.5, -1.0, 0.0], [0.25, 0.0, 2.0], [1.0, 1.0, -0.5], [0.0, 0.75, 1.0]])  # V
BIAS = np.array([0.5, -1.0, 0.25, 2.0])
BEFORE = np.array([[1.0, -0.5, 0.25], [0.0, 2.0, -1.0]])  # the prior's mean is M y + m
SHIFT, SPREAD = np.array([0.5, -0.25]), np.log([0.5, 3.0])  # m, λ_p
THETA = {"A": np.concatenate([LOADINGS, MEETS], axis=1), "b": BIAS}
PSI = {"A": np.concatenate([BEFORE, np.zeros((2, 3))]), "b": np.concatenate([SHIFT, SPREAD])}


def nodes(size, batch):
    """±√Z e_i: the mean over these 2 Z draws is that over N(0, I) of everything quadratic."""
    ends = np.sqrt(size) * np.concatenate([np.eye(size), -np.eye(size)])
    return np.repeat(ends[None], batch, axis=0)


def evidence(x, y):
    """log p(x | y), its slopes in x, in y and in the prior's parameters, by the marginal law of x itself."""
    covariance = LOADINGS @ np.diag(np.exp(SPREAD)) @ LOADINGS.T + np.eye(4)
    slope = LOADINGS @ BEFORE + MEETS
    apart = x - y @ slope.T - LOADINGS @ SHIFT - BIAS
    away = np.linalg.solve(covariance, apart.T).T
    value = -(np.sum(apart * away, axis=1) + np.linalg.slogdet(covariance)[1] + 4 * np.log(2 * np.pi)) / 2
    inverse = np.linalg.inv(covariance)
    along = np.exp(SPREAD) * ((away @ LOADINGS) ** 2 - np.diag(LOADINGS.T @ inverse @ LOADINGS)) / 2
    return value, -away, away @ slope, away @ LOADINGS, along


def posterior():
    """An encoder of the exact posterior, whose precision e^{−λ_p} + WᵀW is diagonal."""
    precision = np.exp(-SPREAD) + np.sum(LOADINGS**2, axis=0)
    of_x, of_y = LOADINGS.T, np.exp(-SPREAD)[:, None] * BEFORE - LOADINGS.T @ MEETS
    a = np.concatenate([of_x, of_y], axis=1) / precision[:, None]
    b = (np.exp(-SPREAD) * SHIFT - LOADINGS.T @ BIAS) / precision
    return {"A": np.concatenate([a, 0 * a]), "b": np.concatenate([b, -np.log(precision)])}


class TestLaws:
    def test_exact_posterior_gives_the_evidence_of_the_condition(self, rng):
        """J = log p(x | y), no gradient for φ; x_bar, y_bar and ψ_bar are those of log p(x | y). Kills: a sign, a
        constant, the other divergence, σ for σ², the condition left out anywhere, a held prior or path, sums of draws,
        draws of the prior."""
        x, y = rng.normal(size=(3, 4)), rng.normal(size=(3, 3))
        value, pullback = conditional_elbo.vjp(x, y, nodes(2, 3), posterior(), THETA, PSI, **LINEAR)
        want, of_x, of_y, of_mean, of_spread = evidence(x, y)
        np.testing.assert_allclose(value, want, rtol=1e-13)
        g = pullback(np.ones(3))
        np.testing.assert_allclose(g["x"], of_x, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(g["y"], of_y, rtol=1e-12, atol=1e-13)
        law = np.concatenate([of_mean, of_spread], axis=1)
        np.testing.assert_allclose(g["psi"]["A"], law.T @ y, rtol=1e-11, atol=1e-13)
        np.testing.assert_allclose(g["psi"]["b"], np.sum(law, axis=0), rtol=1e-11, atol=1e-13)
        for entry in g["phi"].values():
            np.testing.assert_allclose(entry, np.zeros_like(entry), atol=1e-13)

    def test_what_it_lacks_is_the_divergence_from_the_posterior(self, rng):
        """log p(x | y) − J = KL(q ‖ p(z | x, y)) for any encoder, written out. Kills: what is right at the posterior
        alone: a slope of q's variance that is lost, an encoder that is held."""
        x, y = rng.normal(size=(3, 4)), rng.normal(size=(3, 3))
        phi = {"A": rng.normal(size=(4, 7)) / 2, "b": rng.normal(size=4) / 2}
        both, exact = np.concatenate([x, y], axis=1), posterior()
        code, law = both @ phi["A"].T + phi["b"], both @ exact["A"].T + exact["b"]
        apart, ratio = code[:, :2] - law[:, :2], np.exp(code[:, 2:] - law[:, 2:])
        gap = np.sum(ratio - 1 - np.log(ratio) + apart**2 / np.exp(law[:, 2:]), axis=1) / 2
        value, pullback = conditional_elbo.vjp(x, y, nodes(2, 3), phi, THETA, PSI, **LINEAR)
        np.testing.assert_allclose(evidence(x, y)[0] - value, gap, rtol=1e-12)
        bar = np.concatenate([apart / np.exp(law[:, 2:]), (ratio - 1) / 2], axis=1)
        np.testing.assert_allclose(pullback(np.ones(3))["phi"]["A"], -bar.T @ both, rtol=1e-11)

    def test_a_prior_that_gives_zero_is_the_plain_bound(self, rng):
        """ψ = 0: the closed divergence from N(0, I), and log p of every draw, written out, of conditions that differ.
        Kills: conditions laid beside the draws of other examples, one draw for all."""
        x, y, eps = rng.normal(size=(3, 4)), rng.normal(size=(3, 3)), rng.normal(size=(3, 5, 2))
        phi = {"A": rng.normal(size=(4, 7)) / 2, "b": rng.normal(size=4) / 2}
        code = np.concatenate([x, y], axis=1) @ phi["A"].T + phi["b"]
        want = -np.sum(code[:, :2] ** 2 + np.exp(code[:, 2:]) - 1 - code[:, 2:], axis=1) / 2
        for r in range(5):
            z = code[:, :2] + np.exp(code[:, 2:] / 2) * eps[:, r]
            apart = x - z @ LOADINGS.T - y @ MEETS.T - BIAS
            want -= (np.sum(apart**2, axis=1) / 2 + 2 * np.log(2 * np.pi)) / 5
        zero = {"A": np.zeros((4, 3)), "b": np.zeros(4)}
        np.testing.assert_allclose(conditional_elbo(x, y, eps, phi, THETA, zero, **LINEAR), want, rtol=1e-13)

    def test_an_encoder_that_is_the_prior_costs_nothing(self, rng):
        """Where neither looks at x the divergence is 0, and its slopes too: J is what decoded draws say of x, and ψ_bar
        is exactly 0. Kills: a constant in the divergence, λ_p or λ read as log σ, a prior that hears of the draws."""
        x, y, eps = rng.normal(size=(3, 4)), rng.normal(size=(3, 3)), rng.normal(size=(3, 5, 2))
        phi = {"A": np.concatenate([np.zeros((4, 4)), PSI["A"]], axis=1), "b": PSI["b"]}
        value, pullback = conditional_elbo.vjp(x, y, eps, phi, THETA, PSI, **LINEAR)
        z = (y @ BEFORE.T + SHIFT)[:, None] + np.exp(SPREAD / 2) * eps
        apart = x[:, None] - z @ LOADINGS.T - (y @ MEETS.T + BIAS)[:, None]
        want = -np.mean(np.sum(apart**2, axis=2), axis=1) / 2 - 2 * np.log(2 * np.pi)
        np.testing.assert_allclose(value, want, rtol=1e-13)
        for entry in pullback(np.ones(3))["psi"].values():
            np.testing.assert_allclose(entry, np.zeros_like(entry), atol=1e-14)

    def test_a_picture_of_one_pixel(self):
        """l = 2 z + 3 y with z = μ + 3 ε = ±1, y = ½: log σ(±2 + 3/2). From the prior N(1, 4) to N(−2, 9) it is half of
        (9 + 9)/4 − 1 − log 9/4. Kills: σ twice, data and logits exchanged, y as a bias of the wrong sign."""
        phi = {"A": np.zeros((2, 2)), "b": np.array([-2.0, 2 * np.log(3)])}
        psi = {"A": np.array([[2.0], [0.0]]), "b": np.array([0.0, 2 * np.log(2)])}
        theta = {"A": np.array([[2.0, 3.0]]), "b": np.zeros(1)}
        eps, y = np.array([[[1.0], [1 / 3]]] * 2), np.full((2, 1), 0.5)
        value = conditional_elbo(np.array([[1.0], [0.0]]), y, eps, phi, theta, psi,
                                 **LINEAR | {"likelihood": "bernoulli"})
        kl = (9 / 4 + 9 / 4 - 1 - np.log(9 / 4)) / 2
        yes, no = (-np.sum(np.log(1 + np.exp([-sign * 3.5, sign * 0.5]))) for sign in (1, -1))
        np.testing.assert_allclose(value, np.array([yes, no]) / 2 - kl, rtol=1e-14)

    def test_what_does_not_fit_is_refused(self):
        """Each network by the width that the condition makes of its inputs."""
        arguments = np.zeros((1, 4)), np.zeros((1, 3)), np.zeros((1, 1, 2))
        zeros = lambda out, into: {"A": np.zeros((out, into)), "b": np.zeros(out)}
        refused(conditional_elbo, ArgumentError, "phi.A must have shape (4, 7), got (4, 4)", *arguments, zeros(4, 4),
                THETA, PSI, **LINEAR)
        refused(conditional_elbo, ArgumentError, "psi.A must have shape (4, 3), got (4, 4)", *arguments, posterior(),
                THETA, zeros(4, 4), **LINEAR)
        refused(conditional_elbo, ArgumentError, "theta.A must have shape (4, 5), got (4, 2)", *arguments, posterior(),
                zeros(4, 2), PSI, **LINEAR)
