"""Strided schedules."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.diffusion.strided_schedule import strided_schedule

from ..kit import verify
from ..refusal import refused

TestStridedSchedule = verify(strided_schedule)

LINEAR = np.linspace(1e-4, 0.02, 1000)
SPACINGS = ("leading", "linspace", "trailing")


def visited(train, steps, spacing):
    return strided_schedule(np.full(train, 0.25), steps=steps, spacing=spacing).timestep.tolist()


class TestLaws:
    def test_the_table_of_the_paper(self):
        """Table 2 of Lin et al., T = 1000 and S = 10, which counts from 1. Kills: spacings exchanged, an offset, the
        steps in the order of the training."""
        assert visited(1000, 10, "leading") == [901 - 1 - 100 * i for i in range(10)]
        assert visited(1000, 10, "linspace") == [t - 1 for t in (1000, 889, 778, 667, 556, 445, 334, 223, 112, 1)]
        assert visited(1000, 10, "trailing") == [1000 - 1 - 100 * i for i in range(10)]

    def test_what_does_not_divide(self):
        """Fractions are rounded, to the even neighbour if they are halves. Kills: ⌊⌋ and ⌈⌉, halves rounded up."""
        assert visited(100, 5, "linspace") == [99, 74, 50, 25, 0]
        assert visited(6, 3, "linspace") == [5, 2, 0]
        assert visited(8, 3, "linspace") == [7, 4, 0]
        assert visited(10, 4, "trailing") == [9, 7, 4, 1]
        assert visited(6, 4, "trailing") == [5, 3, 2, 1]
        assert visited(11, 3, "trailing") == [10, 6, 3]
        assert visited(11, 3, "leading") == [6, 3, 0]

    @pytest.mark.parametrize("spacing", SPACINGS)
    @pytest.mark.parametrize("steps", [1, 7, 50, 333, 999, 1000])
    def test_strides_meet(self, spacing, steps):
        """Every stride ends where the next one begins, the last one at the data; timesteps fall strictly. Kills: the
        previous timestep as t − T/S, ᾱ of the neighbour in the training, ᾱ_0 of the first step for 1, β of the table.
        """
        product = np.cumprod(1 - LINEAR)
        timestep, beta, here, before = strided_schedule(LINEAR, steps=steps, spacing=spacing)
        assert timestep.shape == (steps,) and np.all(np.diff(timestep) < 0) and timestep[-1] >= 0
        np.testing.assert_allclose(here, product[timestep], rtol=1e-13)
        np.testing.assert_array_equal(before[:-1], here[1:])
        assert before[-1] == 1
        product_of_strides = np.cumprod((1 - beta)[::-1])[::-1]  # where β is near 1, 1 − β has lost digits
        np.testing.assert_allclose(product_of_strides, here, rtol=1e-12, atol=2.0**-53)

    @pytest.mark.parametrize("spacing", SPACINGS)
    def test_all_the_steps_are_the_training_s(self, spacing):
        """S = T. Kills: an end left out, β that is not 1 − α of the stride."""
        timestep, beta, _, _ = strided_schedule(LINEAR, steps=1000, spacing=spacing)
        np.testing.assert_array_equal(timestep, np.arange(1000)[::-1])
        np.testing.assert_allclose(beta, LINEAR[::-1], rtol=1e-15)

    def test_the_ends(self):
        """Leading leaves out the noisiest step, trailing the first. Kills: names exchanged."""
        ends = {spacing: visited(1000, 30, spacing)[::29] for spacing in SPACINGS}
        assert ends == {"leading": [957, 0], "linspace": [999, 0], "trailing": [999, 32]}
        assert [visited(1000, 1, spacing) for spacing in SPACINGS] == [[0], [0], [999]]

    def test_small_strides_keep_their_digits(self):
        """β = 2⁻⁵⁰ after one of ½: the stride over three of them is 3 · 2⁻⁵⁰. Kills: 1 − ᾱ/ᾱ_prev from rounded ᾱ."""
        beta = np.full(7, 2.0**-50)
        beta[0] = 0.5
        got = strided_schedule(beta, steps=3, spacing="linspace")
        np.testing.assert_allclose(got.beta, [3 * 2.0**-50, 3 * 2.0**-50, 0.5], rtol=1e-14)

    def test_more_steps_than_there_are(self):
        said = refused(strided_schedule, ArgumentError, "steps must be at most T = 7", np.full(7, 0.5), steps=8,
                       spacing="leading")
        assert said.endswith("got 8; take fewer")
