"""What differs in a large array, looked at further in the rows that were measured: the furthest ones, and some from all
over it. What a few rows contradict no array confirms; what they confirm is asked of all of them again."""

from dataclasses import replace

import numpy as np

from refdgm.check.judging import rows
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.tolerance import Tolerance


def narrowed(result: Result) -> Result:
    """The same of these rows; itself where it was not judged by rows, or not in all of its roles."""
    whole, arrays = result.tolerance, [outcome.arrays for outcome in result.outcomes]
    if whole is None or not any(outcome.rows for outcome in result.outcomes):
        return result
    asked = rows.of(result.question, [0])
    shapes = {} if asked is None else {role: x.shape for role, x in asked.base.items()}
    if any(pair is None or pair[0].shape != pair[1].shape or shapes.get(outcome.role, ())[:1] != (1,)
           for outcome, pair in zip(result.outcomes, arrays, strict=True)):
        return result
    many = max(outcome.rows[1] for outcome in result.outcomes if outcome.rows)
    kept = {n for parts in whole.parts.values() for some, _ in parts for n in some}
    kept |= {outcome.at[0] for outcome in result.outcomes if outcome.at}
    some = sorted(kept | set(np.linspace(0, many - 1, rows.SPREAD).astype(int).tolist()))
    asked = rows.of(result.question, some)
    assert asked is not None
    outcomes = [replace(o, at=(some.index(o.at[0]), *o.at[1:]) if o.at else (), rows=None,
                        arrays=o.arrays and (o.arrays[0][some], o.arrays[1][some])) for o in result.outcomes]
    among = max(x.size for x in result.question.base.values())
    return replace(result, question=asked, outcomes=outcomes, tolerance=Tolerance(asked, whole.dtype, among))


def few(checked: Checked) -> Checked | None:
    """All of it, narrowed; None where nothing is."""
    results = [narrowed(result) for result in checked.results]
    if all(one is other for one, other in zip(results, checked.results, strict=True)):
        return None
    return replace(checked, results=results, suspects=[])
