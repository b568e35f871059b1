"""The loss of an autoencoder."""

import numpy as np

from refdgm.latent.autoencoder_loss import autoencoder_loss
from refdgm.latent.elbo import elbo

from ..kit import verify

TestAutoencoderLoss = verify(autoencoder_loss)

LINEAR = {"encoder": "linear", "decoder": "linear"}


class TestLaws:
    def test_at_whole_numbers(self):
        """z = 3x + 1 = 7, f = 5z − 30 = 5 at x = 2: r = 3, J = 4½, slopes 15·{2, 1}, 3·{7, 1} and 45 − 3. Kills: the
        ½, its two, a way of x forgotten or taken twice, a part detached, |r|, ‖r‖."""
        value, pullback = autoencoder_loss.vjp(
            np.array([[2.0]]), {"A": np.array([[3.0]]), "b": np.ones(1)},
            {"A": np.array([[5.0]]), "b": np.array([-30.0])}, **LINEAR)
        np.testing.assert_array_equal(value, [4.5])
        g = pullback(np.ones(1))
        assert (g["x"], g["phi"]["A"], g["phi"]["b"]) == (42, 30, 15)
        assert (g["theta"]["A"], g["theta"]["b"]) == (21, 3)

    def test_principal_components_are_at_rest(self, rng):
        """Of linear networks at the two leading axes of centred data J adds up to half of the variances that are left
        out, and no parameter has a gradient. Kills: a mean over components, a transposed decoder, any lost path."""
        x = rng.normal(size=(9, 4)) * [3.0, 2.0, 1.0, 0.5]
        x = x - np.mean(x, axis=0)
        _, sizes, axes = np.linalg.svd(x, full_matrices=False)
        phi, theta = {"A": axes[:2], "b": np.zeros(2)}, {"A": axes[:2].T, "b": np.zeros(4)}
        value, pullback = autoencoder_loss.vjp(x, phi, theta, **LINEAR)
        np.testing.assert_allclose(np.sum(value), np.sum(sizes[2:] ** 2) / 2, rtol=1e-12)
        g = pullback(np.ones(9))
        for part in (g["phi"], g["theta"]):
            for entry in part.values():
                np.testing.assert_allclose(entry, np.zeros_like(entry), atol=1e-12)
        turned = np.array([[0.6, 0.8], [-0.8, 0.6]])  # no base of the plane is better than another
        again = autoencoder_loss(x, phi | {"A": turned @ axes[:2]}, theta | {"A": axes[:2].T @ turned.T}, **LINEAR)
        np.testing.assert_allclose(again, value, rtol=1e-12)

    def test_what_comes_back_costs_nothing(self, rng):
        """f∘g = 1: J = 0 and every gradient is exactly 0. Kills: a norm without its square, a target that is not x."""
        x = np.round(rng.normal(size=(3, 2)) * 1024) / 1024
        phi = {"A": np.array([[0.0, 2], [1, 0]]), "b": np.array([1.0, 0])}
        theta = {"A": np.array([[0.0, 1], [0.5, 0]]), "b": np.array([0, -0.5])}
        value, pullback = autoencoder_loss.vjp(x, phi, theta, **LINEAR)
        g = pullback(np.ones(3))
        assert not np.any(value) and not any(np.any(e) for e in (g["x"], *g["phi"].values(), *g["theta"].values()))

    def test_it_is_a_limit_of_the_variational_one(self, rng):
        """No noise and, by two values of β, no divergence: the bound is −J − D/2 log 2π. Kills: ½ in one of them."""
        x, many = rng.normal(size=(3, 4)), {"encoder": "mlp_tanh", "decoder": "mlp_tanh"}
        shapes = {"W1": (5, 4), "b1": (5,), "W2": (2, 5), "b2": (2,)}
        phi = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        theta = {n: rng.normal(size=s) for n, s in {"W1": (5, 2), "b1": (5,), "W2": (4, 5), "b2": (4,)}.items()}
        both = phi | {"W2": np.concatenate([phi["W2"], rng.normal(size=(2, 5))]), "b2": np.append(phi["b2"], [1, 2])}
        still = np.zeros((3, 1, 2))
        one, two = (elbo(x, still, beta, both, theta, likelihood="gaussian", **many) for beta in (1.0, 2.0))
        np.testing.assert_allclose(2 * one - two, -autoencoder_loss(x, phi, theta, **many) - 2 * np.log(2 * np.pi),
                                   rtol=1e-11)
