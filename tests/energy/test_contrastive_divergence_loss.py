"""The loss of contrastive divergence."""

import numpy as np

from refdgm.energy.contrastive_divergence_loss import contrastive_divergence_loss

from ..kit import verify

TestContrastiveDivergenceLoss = verify(contrastive_divergence_loss)


class TestLaws:
    def test_at_whole_numbers(self):
        """E⁺ = (3, −2), E⁻ = (5, 7), α = ¼: −2 + 34/4 and −9 + 53/4; slopes 1 + 3/2, 1 − 1 and −1 + 5/2, −1 + 7/2.
        Kills: every sign, ½, a penalty of one, of the difference, of magnitudes, a 2 left out, a mean over all."""
        value, pullback = contrastive_divergence_loss.vjp(np.array([3.0, -2.0]), np.array([5.0, 7.0]), 0.25)
        np.testing.assert_array_equal(value, [6.5, 4.25])
        g = pullback(np.array([1.0, 10.0]))
        np.testing.assert_array_equal(g["energy_data"], [2.5, 0])
        np.testing.assert_array_equal(g["energy_model"], [1.5, 25])

    def test_samples_of_the_model_give_the_gradient_of_the_likelihood(self, rng):
        """Nine states, E = θ f: the mean over data and over all states, each as often as the model says, is
        d/dθ mean(E + log Z) by its own difference. Kills: exchanged energies, samples without gradient, a factor."""
        f, theta = rng.normal(size=9), 0.7
        p = np.exp(-theta * f)
        p /= np.sum(p)
        data = np.array([2, 3, 5, 7])
        pairs = np.stack(np.meshgrid(data, np.arange(9), indexing="ij"), -1).reshape(-1, 2)  # all that meet
        weights = np.repeat(np.full(4, 0.25), 9) * np.tile(p, 4)
        _, pullback = contrastive_divergence_loss.vjp(theta * f[pairs[:, 0]], theta * f[pairs[:, 1]], 0.0)
        g = pullback(weights)
        got = np.sum(g["energy_data"] * f[pairs[:, 0]] + g["energy_model"] * f[pairs[:, 1]])
        loss = lambda t: np.mean(t * f[data]) + np.log(np.sum(np.exp(-t * f)))
        np.testing.assert_allclose(got, (loss(theta + 1e-4) - loss(theta - 1e-4)) / 2e-4, rtol=1e-7)

    def test_the_penalty_holds_the_zero_of_energy(self, rng):
        """Without it a constant in both changes nothing; with it the best constant is −(E⁺ + E⁻)/2. Kills: a penalty of
        the difference, a sign, squares of one alone."""
        data, model = rng.normal(size=(2, 4))
        plain = contrastive_divergence_loss(data + 3, model + 3, 0.0)
        np.testing.assert_allclose(plain, data - model, rtol=1e-13)
        middle = (data + model) / 2
        g = contrastive_divergence_loss.vjp(data - middle, model - middle, 0.3)[1](np.ones(4))
        np.testing.assert_allclose(g["energy_data"] + g["energy_model"], np.zeros(4), atol=1e-14)
        off = contrastive_divergence_loss.vjp(data - middle + 1, model - middle + 1, 0.3)[1](np.ones(4))
        np.testing.assert_allclose(off["energy_data"] + off["energy_model"], np.full(4, 1.2), rtol=1e-13)

    def test_at_rest(self):
        """E⁺ = −1/(2α), E⁻ = 1/(2α): no gradient, and J = −1/(2α). Kills: ½ α, α on one."""
        for alpha in (0.25, 0.5, 4.0):
            at = np.full(2, 1 / (2 * alpha))
            value, pullback = contrastive_divergence_loss.vjp(-at, at, alpha)
            np.testing.assert_array_equal(value, -at)
            assert not any(np.any(x) for x in pullback(np.ones(2)).values())
