"""The corpus put to the check, in this process."""

import importlib
import warnings
from typing import Any

import numpy as np

from refdgm import CATALOGUE
from refdgm.cases import options_grid, symbols
from refdgm.check import run as engine
from refdgm.check.candidates import entry as candidates
from refdgm.check.judging.checked import Checked
from refdgm.check.questions import cases as questions
from refdgm.check.verdicts import PASSING
from refdgm.testing.engine import Here
from validation.corpus import FAMILIES
from validation.corpus.form import Form


def forms(*families: str) -> list[Form]:
    """All entries, or those of some families."""
    return [form for family in families or FAMILIES
            for form in importlib.import_module(f"validation.corpus.{family}").FORMS]


def checked(
    form: Form, dtype: str = "float64", sizes: dict[str, Any] | None = None, seed: int | None = None,
    some: slice = slice(None),
) -> Checked:
    """What `refdgm.testing.check(function, reference, …)` finds, whether it passes or not; in `some` of the cases."""
    ref = CATALOGUE[form.reference]
    entry = {"framework": form.framework, **form.entry, "function": form.function}
    fresh = sizes is not None or seed is not None
    cases = questions.fresh(ref, sizes, seed) if fresh else questions.shipped(ref)[some]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return engine.check(Here(candidates.adapted(ref, entry)), ref, cases, dtype, "cpu", lambda *_: None,
                            fresh=None if fresh else 0)


def is_blamed(found: Checked) -> bool:
    """Whether the check calls it wrong: differs, missing, an error."""
    return found.verdict not in PASSING


def roles(found: Checked) -> list[str]:
    """The roles that are blamed in any case, each once."""
    return list(dict.fromkeys(
        outcome.role for result in found.results for outcome in result.outcomes if outcome.verdict not in PASSING
    ))


def digits(found: Checked) -> float:
    """Of the worst element in all cases and roles."""
    return min((outcome.digits for result in found.results for outcome in result.outcomes), default=float("nan"))


ODD = {"B": 33, "D": 65, "K": 66, "E": 34, "T": 17, "...": (3, 5, 7)}  # beside the tiles of kernels
SMALL = {"B": 9, "D": 5, "K": 5, "T": 5}  # where states are listed, a matrix solved, or a network has a slope an axis
MANY = 5  # combinations of options, beyond which fresh cases take minutes


def odd_sizes(form: Form) -> dict[str, Any]:
    """Fresh sizes that its reference has."""
    ref = CATALOGUE[form.reference]
    listed = any(bound.most for bound in ref.bounds.values())
    heavy = listed or any(getattr(domain, "of", None) for domain in ref.args.values()) or "factors" in ref.args
    return {symbol: size for symbol, size in (SMALL if heavy else ODD).items() if symbol in symbols(ref)}


def sampled(form: Form) -> bool:
    """Whether it is asked in fresh cases, which are drawn for every combination of options."""
    return len(options_grid(CATALOGUE[form.reference])) <= MANY


def asked(form: Form, how: str, some: slice = slice(None)) -> Checked | None:
    """One of the rounds of `blamed.HOW`, in some of its cases; None where it is not asked in this one."""
    if how == "fresh" and not sampled(form):
        return None
    return checked(form, sizes=odd_sizes(form), seed=1) if how == "fresh" else checked(form, how, some=some)


def worst(found: Checked) -> list[str]:
    """A line for every role that is blamed, of the case that is furthest off."""
    lines = []
    for role in roles(found):
        at = [(outcome, result.question.case) for result in found.results for outcome in result.outcomes
              if outcome.role == role and outcome.verdict not in PASSING]
        outcome, case = min(at, key=lambda one: one[0].digits)
        where = " ".join([case.id, *map(str, case.options.values())])
        lines.append(f"`{role}` in {len(at)} of {len(found.results)} cases; {where} at {list(outcome.at)}: got "
                     f"{outcome.got!r}, right {outcome.expected!r}, {outcome.digits:.1f} digits")
    return lines or [f"{result.question.case.id}: {result.message}" for result in found.results if result.message]
