"""A table that is looked up: which rows, what they hear when they are named twice or never, and what is refused."""

import numpy as np
import pytest

from refdgm import ArgumentError, DTypeError
from refdgm.layers.embedding import embedding

from ..kit import verify
from ..refusal import refused

TestEmbedding = verify(embedding)
TABLE = np.array([[1.0, 2.0], [3.0, 5.0], [7.0, 11.0], [13.0, 17.0]])


def drawn(rng, places=(3, 5), rows=7, width=2):
    return rng.integers(rows, size=places), rng.normal(size=(rows, width)), rng.normal(size=(*places, width))


class TestLaws:
    def test_by_hand(self):
        """Row 2 is named twice, row 0 once, the others never. Kills: counting from one, an overwritten row, a mean."""
        value, pullback = embedding.vjp(np.array([[2, 0, 2]]), TABLE)
        np.testing.assert_array_equal(value, [[[7, 11], [1, 2], [7, 11]]])
        grads = pullback(np.array([[[1.0, 2.0], [4.0, 8.0], [16.0, 32.0]]]))
        np.testing.assert_array_equal(grads["weight"], [[4, 8], [0, 0], [17, 34], [0, 0]])

    def test_cotangents_of_one_count(self, rng):
        """The gradient of a cotangent of ones is how often each index comes. Kills: a place dropped or overwritten, a
        mean, a gradient that is gathered."""
        index, weight, _ = drawn(rng, (5, 29), 11, 3)
        counted = embedding.vjp(index, weight)[1](np.ones((5, 29, 3)))["weight"]
        np.testing.assert_array_equal(counted, np.tile(np.bincount(index.ravel(), minlength=11)[:, None], (1, 3)))

    def test_nothing_is_lost_on_the_way_back(self, rng):
        """Over all rows the gradient adds up to what the places sent. Kills: a padding row, a place that is dropped."""
        index, weight, bar = drawn(rng)
        grads = embedding.vjp(index, weight)[1](bar)
        np.testing.assert_allclose(grads["weight"].sum(axis=0), bar.sum(axis=(0, 1)), rtol=1e-13, atol=1e-14)

    def test_a_place_by_itself(self, rng):
        """Every place sends its own cotangent to its own row, and nothing to others. Kills: indices in another order
        than cotangents, one example's indices for all."""
        index, weight, bar = drawn(rng, (2, 3))
        _, pullback = embedding.vjp(index, weight)
        for place in np.ndindex(index.shape):
            alone = np.zeros_like(bar)
            alone[place] = bar[place]
            want = np.zeros_like(weight)
            want[index[place]] = bar[place]
            np.testing.assert_array_equal(pullback(alone)["weight"], want)

    def test_names_are_no_matter(self, rng):
        """Rows in another order, named by where they went, give the same result, and gradients in that order. Kills: a
        row that is special."""
        index, weight, bar = drawn(rng)
        order = rng.permutation(7)
        went = np.argsort(order)
        value, pullback = embedding.vjp(index, weight)
        other, back = embedding.vjp(went[index], weight[order])
        np.testing.assert_array_equal(other, value)
        np.testing.assert_allclose(back(bar)["weight"], pullback(bar)["weight"][order], rtol=1e-14)

    @pytest.mark.parametrize("kind", [np.int32, np.int64])
    def test_indices_of_any_width(self, kind, rng):
        index, weight, bar = drawn(rng)
        value, pullback = embedding.vjp(index.astype(kind), weight)
        np.testing.assert_array_equal(value, weight[index])
        np.testing.assert_array_equal(pullback(bar)["weight"], embedding.vjp(index, weight)[1](bar)["weight"])

    def test_of_no_places(self):
        value, pullback = embedding.vjp(np.zeros((0, 3), dtype=np.int64), TABLE)
        assert value.shape == (0, 3, 2)
        np.testing.assert_array_equal(pullback(value)["weight"], np.zeros((4, 2)))


class TestArguments:
    @pytest.mark.parametrize("wrong", [-1, 4])
    def test_an_index_is_that_of_a_row(self, wrong):
        refused(embedding, ArgumentError, "index must be a whole number from 0 to K", np.array([[0, wrong]]), TABLE)

    def test_an_index_is_no_number_of_the_line(self):
        refused(embedding, DTypeError, "index must be one of int32, int64", np.array([[0.0, 1.0]]), TABLE)

    def test_a_table_has_a_row(self):
        refused(embedding, ArgumentError, "embedding needs at least one category", np.zeros((1, 0), dtype=np.int64),
                np.zeros((0, 2)))
