"""Measure the constant C: `python validation/make/constant.py [MODULE …]`, on candidates known to be correct.

For every element of every certified case: the error over the scale of `tolerance.py` (with C = 1). The largest of
all, in any dtype, is what C must exceed.
"""

import sys

import numpy as np

from refdgm.catalogue import CATALOGUE
from refdgm.check.judging.checked import Checked
from refdgm.check.judging.tolerance import C, Tolerance
from refdgm.check.process.session import Session
from refdgm.check.questions.cases import shipped
from refdgm.check.run import check

CORRECT = ("refdgm.check.candidates.embedded", "refdgm.candidates.torch_losses")


def ratio(checked: Checked) -> tuple[float, str]:
    """The largest error over scale, and where it is."""
    largest, where = 0.0, ""
    for result in checked.results:
        tolerance = result.tolerance or Tolerance(result.question)
        for outcome in result.outcomes:
            if outcome.arrays is None or outcome.arrays[0].dtype.kind != "f" or not outcome.arrays[0].size:
                continue
            right, got = outcome.arrays
            with np.errstate(all="ignore"):
                shares = np.abs(got - right) / (tolerance.loose(outcome.role) / C)
            share = float(np.max(np.where(np.isfinite(shares), shares, 0)))
            if share > largest:
                largest, where = share, f"{result.question.case.id} {outcome.role}"
    return largest, where


def main(modules: list[str]) -> None:
    """One line for every candidate, dtype and reference."""
    for module in modules or CORRECT:
        session = Session(module, 60.0, 16.0)
        for dtype in ("float64", "float32"):
            for name in session.found:
                checked = check(
                    session, CATALOGUE[name], shipped(CATALOGUE[name]), dtype, "cpu", lambda *_: None
                )
                share, where = ratio(checked)
                print(f"{module.rpartition('.')[2]:<14}{dtype:<9}{name:<33}{share:6.2f}  {where}")
        session.close()


if __name__ == "__main__":
    main(sys.argv[1:])
