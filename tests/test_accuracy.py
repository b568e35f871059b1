"""The references are as accurate as the record says, and the record can be broken."""

import copy
import importlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from refdgm import CATALOGUE

from .turns import in_turn

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def accuracy():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        yield importlib.import_module("validation.make.accuracy")


@pytest.fixture(scope="module")
def kept(accuracy):
    return accuracy.records.read(accuracy.KIND)


def test_no_figure_is_worse_than_the_record(accuracy):
    assert accuracy.compared(in_turn(CATALOGUE)) == []


def test_the_records_are_of_these_references(accuracy, kept):
    assert list(kept) == [name for name, ref in CATALOGUE.items() if accuracy.floats(ref)]
    assert (accuracy.records.REPORTS / "accuracy.md").read_text(encoding="utf-8") == accuracy.markdown(kept)
    for levels in kept.values():
        assert levels
        for one in levels.values():
            assert {"float64", "float32"} == one["refdgm"]["figures"].keys()
            assert set(one) <= {"refdgm", *accuracy.OTHERS}


@pytest.mark.parametrize("known", [True, False])
def test_a_worse_figure_is_seen(accuracy, kept, known):
    """On a level that was measured a tenth is allowed; elsewhere a half and two units of the derived scale, and any
    finite number of ulps, which a result near zero may have; a NaN never."""
    here = next(iter(kept["gumbel_softmax"])) if known else "another"
    was = {name: next(iter(levels.values()))["refdgm"]["figures"] if known else accuracy.worst(levels)
           for name, levels in kept.items()}
    same = {name: {here: {"refdgm": {"figures": figures}}} if known else kept[name] for name, figures in was.items()}
    assert accuracy.worse(was, same, here) == []
    for unit in accuracy.UNITS:
        for factor, seen in (
            (1.05, False), (1.2, known), (float("nan"), True), (100, known or "scaled" in unit),
        ):
            now = copy.deepcopy(was)
            now["gumbel_softmax"]["float64"]["output.value"][unit] *= factor
            told = accuracy.worse(now, same, here)
            assert bool(told) == seen and all("gumbel_softmax output.value in float64" in line for line in told)
    assert accuracy.worse(was, {}, here)


def test_the_level_is_one_that_numpy_knows(accuracy):
    from numpy._core._multiarray_umath import __cpu_baseline__, __cpu_dispatch__

    assert accuracy.level() in (*__cpu_baseline__, *__cpu_dispatch__, "none")


def test_one_record_is_replaced_alone(accuracy, kept, tmp_path, monkeypatch):
    """The figures of its other levels stay, and those of a library that is not installed."""
    shutil.copytree(accuracy.records.REPORTS, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(accuracy.records, "REPORTS", tmp_path)
    monkeypatch.setattr(accuracy, "level", lambda: "a level")
    monkeypatch.setattr(accuracy.util, "find_spec", lambda package: None)
    torch = {"date": "before", "with": "torch 0", "figures": {}}
    accuracy.records.write(accuracy.KIND, "softplus", kept["softplus"] | {"a level": {"torch": torch}})
    assert accuracy.main(["--only", "softplus", "--date", "a day"]) == 0
    again = accuracy.records.read(accuracy.KIND)
    assert {name for name in kept if again[name] != kept[name]} == {"softplus"}
    assert {here: again["softplus"][here] for here in kept["softplus"]} == kept["softplus"]
    new = again["softplus"]["a level"]
    assert new["torch"] == torch and new["refdgm"]["date"] == "a day" and new.keys() == {"torch", "refdgm"}
    assert "a level" in (tmp_path / "accuracy.md").read_text(encoding="utf-8")
    assert accuracy.main(["--only", "softplus", "--check"]) == 0


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
