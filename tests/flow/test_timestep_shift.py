"""Shifted times."""

import numpy as np
import pytest

from refdgm.cases import draw
from refdgm.check.questions.question import Question, Terms
from refdgm.flow.timestep_shift import timestep_shift

from ..kit import verify

TestTimestepShift = verify(timestep_shift)

T = np.array([0.01, 0.25, 0.5, 0.9, 0.99])
shifts = pytest.mark.parametrize("shift", [0.2, 1.0, 3.0, 50.0])


class TestLaws:
    def test_at_a_point(self):
        """t = ¼, s = 3: D = 3/2, t′ = ½, slopes 4/3 and 1/12. Kills: minus for plus, the numerator without s, √s, e^s,
        s², either slope without its square."""
        value, pullback = timestep_shift.vjp(np.array([0.25]), 3.0)
        grads = pullback(np.array([12.0]))
        assert value.item() == 0.5
        np.testing.assert_allclose([grads["t"].item(), grads["shift"].item()], [16.0, 1.0], rtol=1e-15)

    @shifts
    def test_the_odds_are_multiplied(self, shift):
        """log t′/(1 − t′) = log t/(1 − t) + log s. Kills: every other formula that has the right ends."""
        got = timestep_shift(T, shift)
        np.testing.assert_allclose(np.log(got / (1 - got)), np.log(T / (1 - T)) + np.log(shift), rtol=1e-12, atol=1e-13)

    @shifts
    def test_shifts_compose(self, shift):
        """s after 2 is 2s, and 1/s undoes s. Kills: a shift that is applied twice, or not at all."""
        twice = timestep_shift(timestep_shift(T, 2.0), shift)
        np.testing.assert_allclose(twice, timestep_shift(T, 2 * shift), rtol=1e-13)
        np.testing.assert_allclose(timestep_shift(timestep_shift(T, shift), 1 / shift), T, rtol=1e-13)

    @shifts
    def test_the_ends_stay(self, shift):
        """0 and 1 are fixed; ½ is where the odds were 1/s. Kills: 1 + s t in the denominator."""
        np.testing.assert_array_equal(timestep_shift(np.array([0.0, 1.0]), shift), [0.0, 1.0])
        np.testing.assert_allclose(timestep_shift(np.array([1 / (1 + shift)]), shift), [0.5], rtol=1e-15)

    def test_as_much_noise_for_more_pixels(self):
        """The mean of n pixels (1 − t) c + t ε tells c to t/((1 − t) √n): for four times the pixels s = 2 leaves that.
        Kills: the shift of the other direction, s = m/n without its root."""
        got = timestep_shift(T, 2.0)
        np.testing.assert_allclose(got / (1 - got) / np.sqrt(4 * 64), T / (1 - T) / np.sqrt(64), rtol=1e-12)

    def test_conventions(self):
        """Of the other direction τ/(τ + s (1 − τ)); Flux's e^μ/(e^μ + 1/t − 1). Kills: either map the wrong way up."""
        case = draw(timestep_shift, 1)
        inverse, by_log = timestep_shift.exchanges
        for name, theirs in ((inverse, lambda t, s: t / (t + s * (1 - t))),
                             (by_log, lambda t, mu: np.exp(mu) / (np.exp(mu) + 1 / t - 1))):
            asked = Question(timestep_shift, case, Terms(("value",), ("t", "shift"), convention=name))
            given = asked.asked()
            want = asked.by(timestep_shift.body, asked.inputs, asked.bars)["output.value"]
            np.testing.assert_allclose(theirs(given["input.t"], given["input.shift"]), want, rtol=1e-12)
