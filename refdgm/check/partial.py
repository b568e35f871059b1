"""A right function of less: without an option, right wherever one word is asked for; or of data with axes alone."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from refdgm.check import verdicts
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.compare import compare
from refdgm.check.judging.tolerance import Tolerance
from refdgm.declaration.domain import Array

Options = dict[str, Any]


def wherever(checked: Checked, lacks: tuple[str, ...]) -> list[Options]:
    """The options by which it agrees in every case, where it does not in others and shows that it does no other: it
    does not take the option, raises an error, or answers as if those options had been asked for."""
    ref = checked.ref
    for names in dict.fromkeys([lacks, *((name,) for name in ref.options)]):
        groups: dict[tuple[Any, ...], list[Result]] = {}
        for result in checked.results:
            groups.setdefault(tuple(result.question.case.options[name] for name in names), []).append(result)
        good = [key for key, results in groups.items() if all(map(_agrees, results))]
        failing = [result for result in checked.results if not _agrees(result)]
        if not names or not good or not failing:
            continue
        ways = [dict(zip(names, key, strict=True)) for key in good]
        raised = all(result.verdict == verdicts.ERROR and not result.outcomes for result in failing)
        if set(names) <= set(lacks) or raised or any(_as_if(way, failing) for way in ways):
            return ways
    return []


def without_axes(checked: Checked) -> list[Result]:
    """The cases without axes beside the batch, where these alone fail: an author who reduces over "the rest", or puts
    a number of each example against it, has never had such data."""
    bare = [result for result in checked.results if _bare(result)]
    failing = [result for result in checked.results if not _agrees(result)]
    rest = len(checked.results) - len(bare)
    return bare if rest and failing and all(map(_bare, failing)) else []


def _bare(result: Result) -> bool:
    question = result.question
    domains = {n: d for n, d in question.ref.args.items() if isinstance(d, Array) and d.shape[-1:] == ("...",)}
    return any(question.inputs[name].ndim < len(domain.shape) for name, domain in domains.items())


def _agrees(result: Result) -> bool:
    return result.verdict in verdicts.PASSING


def _as_if(way: Options, results: Iterable[Result]) -> bool:
    """Whether the answers are the right ones to the same cases with these options."""
    return all(_answers(way, result) for result in results)


def _answers(way: Options, result: Result) -> bool:
    ref, case = result.question.ref, result.question.case
    if any(ref.args[name].least is not None for name in way):  # other sizes, it may be
        return False
    arrays = {role: x for role, x in case.arrays.items() if role.startswith(("input.", "cotangent."))}
    options = case.options | way
    if any(ref.args[name].field for name in way if options[name] != case.options[name]):  # other parameters
        return False
    question = replace(result.question, case=replace(case, options=options, arrays=arrays))
    given = {o.role: o.arrays[1] for o in result.outcomes if o.arrays is not None}
    if not given or len(given) != len(result.outcomes):
        return False
    tolerance = Tolerance(question, result.tolerance.dtype if result.tolerance else question.dtype)
    return all(o.verdict in verdicts.PASSING or o.spared for o in compare(tolerance, given, []))
