"""The references are as accurate as the record says, and the record can be broken."""

import copy
import importlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from refdgm import CATALOGUE

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def accuracy():
    sys.path.insert(0, str(ROOT))
    try:
        yield importlib.import_module("validation.accuracy")
    finally:
        sys.path.remove(str(ROOT))


@pytest.fixture(scope="module")
def kept(accuracy):
    return json.loads((accuracy.REPORTS / "accuracy.json").read_text(encoding="utf-8"))


def test_no_figure_is_worse_than_the_record(accuracy):
    assert accuracy.compared() == []


def test_the_record_is_of_these_references(accuracy, kept):
    assert list(kept["references"]) == [name for name, ref in CATALOGUE.items() if accuracy.floats(ref)]
    assert (accuracy.REPORTS / "accuracy.md").read_text(encoding="utf-8") == accuracy.markdown(kept)
    for who in kept["references"].values():
        assert {"float64", "float32"} == who["refdgm"].keys()


def test_a_worse_figure_is_seen(accuracy, kept):
    """On the same processor a tenth is allowed; elsewhere a half and two units of the derived scale, and any finite
    number of ulps, which a result near zero may have; a NaN never."""
    was = kept["references"]
    assert accuracy.worse(was, was, True) == []
    for unit in ("ulps", "mean ulps", "scaled", "mean scaled"):
        for factor, same, seen in (
            (1.05, True, False), (1.2, True, True), (1.2, False, False), (float("nan"), False, True),
            (100, False, "scaled" in unit),
        ):
            now = copy.deepcopy(was)
            figure = now["gumbel_softmax"]["refdgm"]["float64"]["output.value"]
            figure[unit] *= factor
            told = accuracy.worse(now, was, same)
            assert bool(told) == seen and all("gumbel_softmax output.value in float64" in line for line in told)
    assert accuracy.worse(was, {}, True)


def test_errors_are_counted_in_the_right_units(accuracy):
    """Three spacings at 1, two at 1000, and what is lost entirely."""
    question = accuracy.questions(CATALOGUE["gaussian_kl"], "float64")[0]
    right = {role: x.astype(float) for role, x in question.expected.items()}
    off = {role: x + 3 * np.spacing(np.abs(x)) for role, x in right.items()}
    zero = {role: np.zeros_like(x) for role, x in right.items()}
    for ulps, scaled in (part for parts in accuracy.errors(question, zero, off).values() for part in parts):
        np.testing.assert_array_equal(ulps, 3)
        assert np.all((scaled >= 1.5) & (scaled <= 3))  # eps |y| lies between one spacing and two
    off["output.value"] = np.full_like(off["output.value"], np.nan)
    assert all(np.isinf(part[0]).all() for part in accuracy.errors(question, zero, off)["output.value"])
