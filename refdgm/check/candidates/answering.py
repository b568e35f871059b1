"""One case put to one candidate: what it is called with, and what its answer is, as NumPy arrays by name."""

from collections.abc import Iterable
from typing import Any

from refdgm.cases import flatten, nest
from refdgm.check.candidates.bijections import as_functions
from refdgm.check.candidates.calling import call
from refdgm.check.candidates.fields import as_function
from refdgm.check.candidates.form import Candidate
from refdgm.check.candidates.frameworks import WITH
from refdgm.check.candidates.shaping import laid_out, reshaped
from refdgm.check.numbers import Answer, Arrays
from refdgm.flow.bijection import Bijection
from refdgm.reference import Reference

NOTHING = "it returned None: is a return missing?"


def answer(
    candidate: Candidate,
    ref: Reference,
    options: dict[str, Any],
    inputs: Arrays,
    bars: Arrays,
    dtype: str = "float64",
    device: str = "cpu",
) -> Answer:
    """The candidate's outputs on `inputs` and its gradients at the cotangents `bars`; what it raises is raised."""
    given = {
        name: received(ref.args[name].known[x], candidate.framework) if ref.args[name].field else x
        for name, x in options.items()
    }
    wrt = [name for name in inputs if name.partition(".")[0] in candidate.gradients]
    others: list[str] = []
    theirs = laid_out(candidate, ref, inputs, bars)
    ours = {name: x.shape for name, x in (inputs | bars).items() if name in theirs}

    def outputs(flat: dict[str, Any]) -> dict[str, Any]:
        returned = call(candidate, ref, nest(reshaped(flat, theirs)), given)
        if returned is None:
            raise TypeError(NOTHING)
        others.extend(_others(returned, (*ref.result, *candidate.sums)))
        return reshaped(named(candidate, ref, returned), ours)

    def pair(flat: dict[str, Any]) -> Any:
        flat = reshaped(flat, theirs)
        returned = call(candidate, ref, nest(flat), given)
        if returned is None:
            raise TypeError(NOTHING)
        if candidate.gradient is not None or not wrt:
            pullback = lambda **more: call(candidate, ref, nest(flat), given, **more)
        elif isinstance(returned, tuple) and len(returned) == 2 and callable(returned[1]):
            returned, inner = returned
            pullback = lambda **more: inner(*more.values())
        else:
            raise TypeError(
                f"must return (value, pullback), got {_kind(returned)}; or be a pair of `value` and `gradient` in "
                'CANDIDATES, or say that there is no gradient to compare: "gradients": []'
            )
        others.extend(_others(returned, (*ref.result, *candidate.sums)))
        found = reshaped(named(candidate, ref, returned), ours)
        return found, lambda bars: reshaped(_gradients(
            candidate, ref, pullback(**{f"{n}_bar": bar for n, bar in reshaped(bars, theirs).items()})
        ), ours)

    made = WITH[candidate.framework](
        pair if candidate.pair else outputs, inputs, bars, wrt, dtype, device, candidate.pair
    )
    others += _others(made.gradients, inputs)
    made.gradients = {name: g for name, g in made.gradients.items() if name in inputs}
    made.others = others
    return made


def received(field: Any, framework: str) -> Any:
    """What is received for it."""
    return as_functions(field, framework) if isinstance(field, Bijection) else as_function(field, framework)


def _others(returned: Any, known: Iterable[str]) -> list[str]:
    """Names of what came back that are not ours: misspelt, it may be."""
    return [str(name) for name in returned if name not in known] if isinstance(returned, dict) else []


def _kind(x: Any) -> str:
    """What came, in a few words."""
    if isinstance(x, (tuple, list)):
        return f"a {type(x).__name__} of {len(x)}"
    return f"an array of shape {tuple(x.shape)}" if hasattr(x, "shape") else f"a {type(x).__name__}"


def named(candidate: Candidate, ref: Reference, returned: Any) -> dict[str, Any]:
    """The outputs by name: a dict or a named tuple as it is, a tuple in the candidate's order, one array alone."""
    fields = getattr(returned, "_fields", None)
    if fields is not None and set(fields) & set(ref.result):
        returned = dict(zip(fields, returned, strict=True))
    if isinstance(returned, dict):
        return {name: y for name, y in returned.items() if name in {*ref.result, *candidate.sums}}
    if isinstance(returned, (tuple, list)):
        if len(returned) != len(candidate.outputs):
            wanted = "one array" if len(candidate.outputs) == 1 else f"{len(candidate.outputs)} arrays"
            raise TypeError(f"must return {wanted}, {', '.join(candidate.outputs)}; got {_kind(returned)}")
        return dict(zip(candidate.outputs, returned, strict=True))
    if len(candidate.outputs) > 1:
        raise TypeError(f"returned one output, expected {', '.join(candidate.outputs)} as a tuple or a dict")
    return {candidate.outputs[0]: returned} if returned is not None else {}


def _gradients(candidate: Candidate, ref: Reference, found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        found = found if isinstance(found, (tuple, list)) else (found,)
        if len(found) != len(candidate.gradients):
            raise TypeError(f"returned {len(found)} gradients, expected {', '.join(candidate.gradients)}")
        found = dict(zip(candidate.gradients, found, strict=True))
    return flatten(found)
