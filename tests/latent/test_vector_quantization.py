"""Vector quantization."""

import tracemalloc

import numpy as np
import pytest

from refdgm.latent.vector_quantization import HELD, by_code, nearest, slices, vector_quantization

from ..kit import verify

TestVectorQuantization = verify(vector_quantization)


def unit_case():
    """One latent at (3, 0), codes at (1, 0) and (−5, 0), β = ¼: everything is an integer or a quarter."""
    return np.array([[3.0, 0.0]]), np.array([[1.0, 0.0], [-5.0, 0.0]]), 0.25


class TestSlices:
    def test_the_nearest_of_many_latents(self, rng):
        """Kills: a slice that is left out, taken twice, or begins at the wrong latent."""
        z, codebook = rng.normal(size=(70, 64)), rng.normal(size=(64, 64))
        assert len(slices(70, codebook.size)) == 3
        want = [np.argmin([np.sum((each - code) ** 2) for code in codebook]) for each in z]
        np.testing.assert_array_equal(nearest(z, codebook), want)

    def test_sums_of_many_codes(self, rng):
        """Kills: the same of codes; of many latents with one code, one that overwrites another."""
        k, bar = rng.integers(0, 900, size=300), rng.normal(size=(300, 2))
        assert len(slices(1000, 300)) == 3
        want = np.zeros((1000, 2))
        np.add.at(want, k, bar)
        np.testing.assert_allclose(by_code(k, bar, 1000), want, rtol=1e-14)

    def test_no_more_is_held(self, rng):
        """Two slices, the last and the next, of sixteen. Kills: slices that the codes' number, or their
        size, is forgotten in."""
        z, codebook = rng.normal(size=(512, 16)), rng.normal(size=(256, 16))
        tracemalloc.start()
        nearest(z, codebook)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert 8 * HELD <= most < 3 * 8 * HELD

    @pytest.mark.parametrize(("size", "others", "many"), [
        (0, 0, 1), (0, 5, 1), (0, 2 * HELD, 1), (7, 0, 1), (1, 2 * HELD, 1), (3, 2 * HELD, 3), (5, HELD // 2, 3),
        (HELD, 1, 1)])
    def test_every_one_is_in_a_slice_once(self, size, others, many):
        """Of nothing there is one slice, of what is large one each. Kills: none of an empty batch, two of it."""
        found = slices(size, others)
        assert [i for one in found for i in range(size)[one]] == list(range(size))
        assert len(found) == many


class TestLaws:
    def test_values(self):
        """Kills: a mean over D, β in the value of the codebook loss, ½ before the squares."""
        out = vector_quantization(*unit_case())
        assert list(out.code) == [0]
        np.testing.assert_array_equal(out.quantized, [[1, 0]])
        np.testing.assert_array_equal(out.codebook_loss, [4])
        np.testing.assert_array_equal(out.commitment_loss, [1])

    def test_beta_weighs_the_commitment(self):
        """c_bar moves the code only, by 2(e − z); m_bar the latent only, by 2β(z − e). Kills: β on the other term."""
        _, pullback = vector_quantization.vjp(*unit_case())
        grads = pullback(codebook_loss_bar=np.ones(1))
        np.testing.assert_array_equal(grads["codebook"], [[-4, 0], [0, 0]])
        assert not np.any(grads["z"]) and grads["beta"] == 0
        grads = pullback(commitment_loss_bar=np.ones(1))
        np.testing.assert_array_equal(grads["z"], [[1, 0]])
        assert not np.any(grads["codebook"]) and grads["beta"] == 4

    def test_the_copy_reaches_the_encoder_alone(self, rng):
        """z_bar = q_bar and nothing for the codebook. Kills: the gradient of the decoder sent to the code, or to
        both."""
        z, codebook, bar = rng.normal(size=(4, 3)), rng.normal(size=(5, 3)), rng.normal(size=(4, 3))
        grads = vector_quantization.vjp(z, codebook, 0.25)[1](quantized_bar=bar)
        np.testing.assert_array_equal(grads["z"], bar)
        assert not np.any(grads["codebook"])

    def test_the_best_codes_are_the_means_of_their_cells(self, rng):
        """The codebook loss is quadratic: e − e_bar/(2n) is the mean, where the gradient is zero (k-means).

        Kills: latents of one cell overwriting one another instead of adding up, a sign lost, a mean for the sum.
        """
        centres = np.array([[-4.0, 0.0], [4.0, 1.0], [0.0, 9.0]])
        cells = np.array([0, 1, 1, 2, 2, 2, 0])
        z = centres[cells] + 0.5 * rng.normal(size=(7, 2))
        grads = vector_quantization.vjp(z, centres, 0.25)[1](codebook_loss_bar=np.ones(7))
        counts = np.bincount(cells)[:, None]
        means = np.stack([z[cells == j].mean(axis=0) for j in range(3)])
        np.testing.assert_allclose(centres - grads["codebook"] / (2 * counts), means, rtol=1e-13)
        at_means = vector_quantization.vjp(z, means, 0.25)[1](codebook_loss_bar=np.ones(7))
        np.testing.assert_allclose(at_means["codebook"], 0, atol=1e-14)

    def test_far_from_the_origin_nothing_changes(self):
        """Kills: ‖z‖² − 2⟨z, e⟩ + ‖e‖², which has no digits left at 2³⁰."""
        z, codebook, beta = np.array([[0.25, 0.5]]), np.array([[1.0, 0.5], [0.25, 1.0], [0.0, 0.5]]), 0.5
        out = vector_quantization(z + 2.0**30, codebook + 2.0**30, beta)
        assert list(out.code) == [2]
        np.testing.assert_array_equal(out.codebook_loss, [0.0625])

    def test_near_is_in_the_sense_of_the_square(self):
        """18 < 25 and 16 < 18. Kills: distances Σ |z − e| or max |z − e|, each wrong in one of the two."""
        for other, want in ((5.0, 0), (4.0, 1)):
            out = vector_quantization(np.zeros((1, 2)), np.array([[3.0, 3.0], [0.0, other]]), 1.0)
            assert list(out.code) == [want]

    def test_of_equally_near_codes_the_first(self):
        """Kills: the last one, or a sum over all the nearest."""
        out = vector_quantization(np.zeros((1, 1)), np.array([[2.0], [-1.0], [1.0]]), 1.0)
        assert list(out.code) == [1]
