"""Every hard input against every reference: a table without gaps.

A row is asked of every reference. Where it does not apply, `WHY_NOT` says why. S01–S30 are about arrays of any
kind, the rows of the families about single formulas. Warnings are errors here, as in the whole suite.
"""

from importlib import import_module
from pathlib import Path

import pytest

from refdgm import CATALOGUE

from .rows import EVERY, ROWS, WHY_NOT

for path in sorted(Path(__file__).parent.glob("*.py")):
    if path.stem not in ("__init__", "rows", "test_stress"):
        import_module(f"{__package__}.{path.stem}")

LATER = {  # formula rows whose references are not here yet
    "categorical KL, ELBO": "no reference takes probabilities", "GAN, WGAN-GP": "no critic",
    "planar flow": "no flow of layers", "RBM": "no energy", "SDE marginals": "no process",
    "FID": "no metric", "IS": "no metric",
}
NEEDS = {"S13": pytest.mark.needs("torch")}
ASKED = [pytest.param(r, n, id=f"{r}-{n}", marks=NEEDS.get(r, ())) for r in ROWS for n in EVERY if n in ROWS[r].of]


@pytest.mark.parametrize(("name", "reference"), ASKED)
def test_row(name, reference):
    ROWS[name].ask(CATALOGUE[reference])


def test_the_table_has_no_gaps():
    assert [f"S{n:02d}" for n in range(1, 31)] == [name for name in ROWS if name[1:].isdigit()]
    for name, declared in ROWS.items():
        assert declared.what and declared.of and set(declared.of) <= set(EVERY), name
        for reference in EVERY:
            assert (reference in declared.of) != bool(WHY_NOT.get((name, reference))), (name, reference)
    assert len(ASKED) + len(WHY_NOT) == len(ROWS) * len(EVERY)
    assert all(LATER.values())
