"""The evidence lower bound of codes."""

from itertools import product

import numpy as np

from refdgm import ArgumentError
from refdgm.latent.vq_vae_elbo import vq_vae_elbo

from ..kit import verify
from ..refusal import refused

TestVqVaeElbo = verify(vq_vae_elbo)

LINEAR = {"decoder": "linear", "likelihood": "gaussian"}


def log_normal(x, mean):
    return -np.sum((x - mean) ** 2, axis=-1) / 2 - x.shape[-1] / 2 * np.log(2 * np.pi)


def drawn(rng, batch=3, many=2, size=2, codes=4, wide=3):
    """Data, latents, a codebook, and W and b of a linear decoder."""
    return (rng.normal(size=(batch, wide)), rng.normal(size=(batch, many, size)), rng.normal(size=(codes, size)),
            {"A": rng.normal(size=(wide, many * size)), "b": rng.normal(size=wide)})


def nearest(z, codebook):
    """By the definition, one position after the other."""
    return [[min(range(len(codebook)), key=lambda j: np.sum((one - codebook[j]) ** 2)) for one in row] for row in z]


class TestLaws:
    def test_what_it_lacks_is_the_divergence_from_the_posterior(self, rng):
        """log p(x) of all K^N ways to fill the positions, each of probability K^−N, less J is −log of what the
        posterior gives the ways chosen. Kills: log K once, its sign, none, of every component, in bits, of the
        codes in use."""
        x, z, codebook, theta = drawn(rng)
        k, value = nearest(z, codebook), vq_vae_elbo(x, z, codebook, theta, **LINEAR)
        for b in range(3):
            joint = {way: np.exp(log_normal(x[b], theta["A"] @ np.concatenate(codebook[list(way)]) + theta["b"])) / 16
                     for way in product(range(4), repeat=2)}
            evidence = sum(joint.values())
            np.testing.assert_allclose(np.log(evidence) - value[b], -np.log(joint[tuple(k[b])] / evidence), rtol=1e-12)

    def test_positions_that_nobody_reads_cost_log_k_each(self, rng):
        """Two more positions with weights of zero change J by 2 log K and no gradient. Kills: log K of one position, of
        the distinct codes, an average over positions."""
        x, z, codebook, theta = drawn(rng, many=1)
        more = {"A": np.concatenate([theta["A"], np.zeros((3, 4))], axis=1), "b": theta["b"]}
        longer = np.concatenate([z, rng.normal(size=(3, 2, 2))], axis=1)
        one, back = vq_vae_elbo.vjp(x, z, codebook, theta, **LINEAR)
        three, back_of_three = vq_vae_elbo.vjp(x, longer, codebook, more, **LINEAR)
        np.testing.assert_allclose(one - three, np.full(3, 2 * np.log(4)), rtol=1e-13)
        g, h = back(np.ones(3)), back_of_three(np.ones(3))
        np.testing.assert_allclose(h["codebook"], g["codebook"], rtol=1e-13)
        np.testing.assert_allclose(h["theta"]["A"][:, :2], g["theta"]["A"], rtol=1e-13)

    def test_a_code_learns_from_every_position_that_took_it(self):
        """e_bar_j is the sum of W_nᵀ (x − f) over positions, written out where code 1 is taken three times and code 2
        by nobody. Kills: q_bar for the encoder, the last of duplicates, a mean of them, positions exchanged, a held
        x."""
        codebook = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 9.0]])
        z = np.array([[[1.25, 0.25], [0.75, 0.0]], [[0.0, -0.25], [2.0, 0.0]]])  # codes 1, 1 and 0, 1
        a, b, x = np.array([[1.0, 2.0, -1.0, 3.0]]), np.array([0.5]), np.array([[2.0], [4.0]])
        value, pullback = vq_vae_elbo.vjp(x, z, codebook, {"A": a, "b": b}, **LINEAR)
        apart = np.array([2 - (1 - 1 + 0.5), 4 - (-1 + 0.5)])  # f = q·a + b with q = (1, 0, 1, 0) and (0, 0, 1, 0)
        np.testing.assert_allclose(value, -(apart**2) / 2 - np.log(2 * np.pi) / 2 - 2 * np.log(3), rtol=1e-15)
        g = pullback(np.array([1.0, 10.0]))
        first, second = np.array([1.0, 2.0]), np.array([-1.0, 3.0])
        np.testing.assert_array_equal(g["codebook"], [
            10 * apart[1] * first, apart[0] * (first + second) + 10 * apart[1] * second, [0.0, 0.0]])
        np.testing.assert_array_equal(g["x"], [[-apart[0]], [-10 * apart[1]]])
        np.testing.assert_array_equal(g["theta"]["A"], [[apart[0], 0, apart[0] + 10 * apart[1], 0]])
        np.testing.assert_array_equal(g["theta"]["b"], [apart[0] + 10 * apart[1]])

    def test_it_is_flat_in_z(self, rng):
        """Any z of the same cell gives the same bits, J and gradients: the distance enters no term. Kills: the codebook
        loss among the terms, a copy that is decoded in the code's place."""
        x, z, codebook, theta = drawn(rng)
        at_codes = codebook[np.array(nearest(z, codebook))]
        one, back = vq_vae_elbo.vjp(x, z, codebook, theta, **LINEAR)
        two, back_of_two = vq_vae_elbo.vjp(x, at_codes, codebook, theta, **LINEAR)
        np.testing.assert_array_equal(one, two)
        np.testing.assert_array_equal(back(np.ones(3))["codebook"], back_of_two(np.ones(3))["codebook"])

    def test_one_code_costs_nothing(self):
        """K = 1: J is log p(x | e), of a Bernoulli of l = 2 · 3 here. Kills: log(K + 1), a constant in the prior."""
        for x, want in ((1.0, -np.log1p(np.exp(-6))), (0.0, -np.log1p(np.exp(6)))):
            value = vq_vae_elbo(np.array([[x]]), np.array([[[7.0]]]), np.array([[3.0]]),
                                {"A": np.array([[2.0]]), "b": np.zeros(1)}, decoder="linear", likelihood="bernoulli")
            np.testing.assert_allclose(value, [want], rtol=1e-15)

    def test_near_is_in_the_sense_of_the_square_and_the_first_of_equals(self):
        """18 < 25, 16 < 18, and 4 before 4, by a decoder that tells which code it got. Kills: Σ |z − e|, max |z − e|,
        argmax, the last of equals, ‖z‖² − 2⟨z, e⟩ + ‖e‖² at 2³⁰."""
        theta = {"A": np.array([[1.0, 0.0]]), "b": np.zeros(1)}
        for codebook, want in (([[3.0, 3.0], [0.0, 5.0]], 3), ([[3.0, 3.0], [0.0, 4.0]], 0),
                               ([[2.0, 0.0], [-2.0, 0.0], [0.0, 2.0]], 2)):
            for shift in (0.0, 2.0**30):
                value = vq_vae_elbo(np.array([[want + shift]]), np.full((1, 1, 2), shift), np.array(codebook) + shift,
                                    theta, **LINEAR)
                np.testing.assert_allclose(value, [-np.log(2 * np.pi) / 2 - np.log(len(codebook))], rtol=1e-15)

    def test_what_does_not_fit_is_refused(self):
        """The decoder reads all positions, and a code is as long as a latent."""
        x, z, codebook, theta = drawn(np.random.default_rng(0))
        refused(vq_vae_elbo, ArgumentError, "theta.A must have shape (3, 4), got (3, 2)", x, z, codebook,
                {"A": theta["A"][:, :2], "b": theta["b"]}, **LINEAR)
        refused(vq_vae_elbo, ArgumentError, "codebook must be", x, z, codebook * np.nan, theta, **LINEAR)
        refused(vq_vae_elbo, ArgumentError, "vq_vae_elbo needs at least one category", x, z, codebook[:0], theta,
                **LINEAR)
