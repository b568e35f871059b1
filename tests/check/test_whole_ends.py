"""What an array tells and its elements do not, at the bounds: errors toward zero, and the bits that were lost."""

import numpy as np
import pytest

from refdgm.check.judging import inside, whole
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.compare import Outcome
from refdgm.check.verdicts import AGREES, LOSES
from tests.check.judge import VALUE, question
from tests.check.looked import Given

SINGLE = 2.0**-24


def noted(*arrays):
    """Of a right number times 1 minus so many roundings."""
    asked = question(dtype="float32")
    results = [Result(asked, AGREES, [Outcome(VALUE, AGREES, arrays=(x, x * (1 - SINGLE * toward)))])
               for x, toward in arrays]
    checked = Checked(asked.ref, "float32", results)
    whole.look(checked)
    return checked.notes


def sided(many):
    """A hundred errors, so many of them toward zero."""
    return np.where(np.arange(100) < many, 1.0, -1.0)


@pytest.mark.parametrize("sign", [1, -1])
def test_toward_zero_is_up_where_numbers_are_negative(sign):
    x = sign * np.linspace(1, 2, 100)
    (note,) = noted(*[(x, sided(100))] * 4)
    assert note.startswith("value: 400 of 400 errors point toward zero, ")
    assert not noted(*[(x, sided(0))] * 4)


@pytest.mark.parametrize("many, told", [(95, True), (94, False), (50, False), (0, False)])
def test_every_array_is_sided(many, told):
    """By 95 in a hundred errors at least."""
    x = np.linspace(1, 2, 100)
    assert bool(noted(*[(x, sided(100))] * 4, (x, sided(many)))) is told


def test_errors_are_counted_from_the_smallest_normal_number_on():
    smallest = 2.0**-14
    for x, many in ((smallest, 32), (np.nextafter(smallest, 0), 0)):
        right = np.full(32, x)
        found = list(whole._sides(Outcome(VALUE, AGREES, arrays=(right, right - 2.0**-25)), "float16"))
        assert found == [(many, many)] * bool(many)


def told(off=0.0, mine="float32", theirs="float64", arrays=True):
    """Of an answer with eight bits in `mine`, whose numbers in `theirs` are off by so much."""
    expected, spread = np.asarray([-(2.0**24), 2.0**25, -(2.0**25)]), 4.0
    errors = spread * inside.USUAL * 2.0**16 * np.asarray([1.0, -1.0, -1.0])
    outcome = Outcome(VALUE, LOSES, arrays=(expected, expected + errors) if arrays else None)
    return inside.told(Given(mine, spread), Given(theirs), outcome, {VALUE: expected + off})


def test_bits_are_told_of_what_is_right_in_float64_throughout():
    """An error is one of either sign."""
    assert "about 8 of 24 bits" in told()
    for off in (1e-6, -1e-6):
        assert told(np.asarray([off, 0.0, 0.0])) == told(np.full(3, off)) == ""


@pytest.mark.parametrize("mine, theirs", [("float64", "float32"), ("float32", "float32"), ("float16", "float32"),
                                          ("float64", "float64")])
def test_bits_are_told_of_float32_beside_float64_alone(mine, theirs):
    assert told(mine=mine, theirs=theirs) == ""


def test_no_bits_are_told_where_there_is_no_array():
    assert told(arrays=False) == ""
