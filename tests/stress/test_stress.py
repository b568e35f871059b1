"""Every hard input against every reference: a table without gaps.

A row is asked of every reference. Where it does not apply, `WHY_NOT` says why. S01–S30 are about arrays of any
kind, the rows of the families about single formulas. Warnings are errors here, as in the whole suite.
"""

import inspect
from importlib import import_module
from pathlib import Path

import mpmath
import numpy as np
import pytest

import refdgm.numerics
from refdgm import CATALOGUE

from ..turns import in_turn
from .rows import EVERY, KERNELS, ROWS, WHY_NOT

for path in sorted(Path(__file__).parent.glob("*.py")):
    if path.stem not in ("__init__", "rows", "test_stress"):
        import_module(f"{__package__}.{path.stem}")

LATER = {  # formula rows whose references are not here yet
    "FID": "no metric", "IS": "no metric",
}
NEEDS = {"S13": pytest.mark.needs("torch")}
ASKED = [pytest.param(r, n, id=f"{r}-{n}", marks=NEEDS.get(r, ())) for r in ROWS for n in EVERY if n in ROWS[r].of]


@pytest.mark.parametrize(("name", "reference"), in_turn(ASKED, lambda one: one.values[1]))
def test_row(name, reference):
    ROWS[name].ask(CATALOGUE[reference])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", KERNELS)
def test_kernel(name, dtype):
    with mpmath.workdps(2000):  # no textbook expression cancels there, or leaves the range
        KERNELS[name].ask(dtype)


def test_every_kernel_has_a_row():
    """And says its textbook expression in the first line of its docstring."""
    asked = {kernel for row in KERNELS.values() for kernel in row.of}
    for path in sorted(Path(refdgm.numerics.__file__).parent.glob("[a-z]*.py")):
        module = import_module(f"refdgm.numerics.{path.stem}")
        for name, f in vars(module).items():
            if inspect.isfunction(f) and f.__module__ == module.__name__ and not name.startswith("_"):
                assert f in asked, f"{name} has no row in tests/stress/kernels.py"
                assert f.__doc__.splitlines()[0].endswith((".", ":")), name


def test_the_table_has_no_gaps():
    assert [f"S{n:02d}" for n in range(1, 31)] == sorted(name for name in ROWS if name[1:].isdigit())
    for name, declared in ROWS.items():
        assert declared.what and declared.of and set(declared.of) <= set(EVERY), name
        for reference in EVERY:
            assert (reference in declared.of) != bool(WHY_NOT.get((name, reference))), (name, reference)
    assert len(ASKED) + len(WHY_NOT) == len(ROWS) * len(EVERY)
    assert all(LATER.values())
