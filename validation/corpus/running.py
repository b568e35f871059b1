"""The corpus put to the check, in this process."""

import importlib
import warnings
from typing import Any

import numpy as np

from refdgm import CATALOGUE
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
    form: Form, dtype: str = "float64", sizes: dict[str, Any] | None = None, seed: int | None = None
) -> Checked:
    """What `refdgm.testing.check(function, reference, …)` finds, whether it passes or not."""
    ref = CATALOGUE[form.reference]
    entry = {"framework": form.framework, **form.entry, "function": form.function}
    fresh = sizes is not None or seed is not None
    cases = questions.fresh(ref, sizes, seed) if fresh else questions.shipped(ref)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return engine.check(Here(candidates.adapted(ref, entry)), ref, cases, dtype, "cpu", lambda *_: None)


def is_blamed(found: Checked) -> bool:
    """Whether the check calls it wrong, or takes it for something that it does not say it is."""
    return found.verdict not in PASSING


def roles(found: Checked) -> list[str]:
    """The roles that are blamed in any case, each once."""
    return list(dict.fromkeys(
        outcome.role for result in found.results for outcome in result.outcomes if outcome.verdict not in PASSING
    ))


def digits(found: Checked) -> float:
    """Of the worst element in all cases and roles."""
    return min((outcome.digits for result in found.results for outcome in result.outcomes), default=float("nan"))
