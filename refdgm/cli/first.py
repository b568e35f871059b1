"""A bare `refdgm check`: a right function, one of another convention, a wrong one, and what the check says of each."""

import sys
from textwrap import fill

from refdgm.check import verdicts
from refdgm.check.judging.checked import Checked
from refdgm.check.report import exits
from refdgm.check.report.files import has_letters
from refdgm.check.report.remarks import pair, place, worst
from refdgm.cli.refused import Refused
from refdgm.version import __version__

WIDTH, INDENT = 78, " " * 18


def tell(checked: list[Checked]) -> int:
    """Print it. That the wrong one is found is agreement; to find anything else would be a fault of ours."""
    right, meant, wrong = checked
    named = wrong.verdict == verdicts.DIFFERS and wrong.equals
    if not (right.verdict == verdicts.AGREES and meant.convention and named):
        found = ", ".join(f"{one.ref.name} {one.verdict}" for one in checked)
        raise Refused(f"the example is not found to be what it is ({found}); please report it", exits.FAULT)
    yes, no = "✓✗" if has_letters(sys.stdout) else "ox"
    print(
        f"refdgm {__version__}: three functions that autograd differentiates without complaint",
        "",
        f"{yes} {right.ref.name:<15} agrees, value and gradient, in {right.answered} of {right.asked} certified cases",
        f"~ {meant.ref.name:<15} agrees under a convention: {meant.convention}",
        f"{INDENT}right if that is meant: declare it, or translate",
        f"{no} {wrong.ref.name:<15} differs: {_differs(wrong)}",
        fill(f"it is {wrong.equals[0][1]}", WIDTH, initial_indent=INDENT, subsequent_indent=INDENT),
        "",
        "Yours:  refdgm check my_losses.py     by these names, in torch, JAX, NumPy, ...",
        "Names:  refdgm list                   all of them; refdgm show gaussian_kl: one",
        "Ours:   refdgm check --definitions    each embedded definition, case by case",
        sep="\n",
    )
    return exits.AGREES


def _differs(checked: Checked) -> str:
    pairs = next(pairs for pairs in checked.by_role().values()
                 if any(outcome.verdict == verdicts.DIFFERS for _, outcome in pairs))
    result, outcome = worst(pairs)
    got, right = pair(outcome)
    return f"in case {result.question.case.id.rpartition('/')[2]}, {place(outcome)} is {got}, right is {right}"
