"""One case put to one candidate: what it is called with, and what its answer is, as NumPy arrays by name."""

from typing import Any

import numpy as np

from refdgm.check.candidates import Candidate, call
from refdgm.check.fields import as_function
from refdgm.check.frameworks import WITH
from refdgm.check.numbers import Answer, Arrays
from refdgm.reference import Reference
from refdgm.testing.cases import flatten, nest


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
        name: as_function(ref.args[name].known[x], candidate.framework) if ref.args[name].field else x
        for name, x in options.items()
    }
    wrt = [name for name in inputs if name.partition(".")[0] in candidate.gradients]

    def outputs(flat: dict[str, Any]) -> dict[str, Any]:
        return named(candidate, ref, call(candidate, ref, nest(flat), given))

    def pair(flat: dict[str, Any]) -> Any:
        returned = call(candidate, ref, nest(flat), given)
        if candidate.gradient is not None or not wrt:
            pullback = lambda **more: call(candidate, ref, nest(flat), given, **more)
        elif isinstance(returned, tuple) and len(returned) == 2 and callable(returned[1]):
            returned, inner = returned
            pullback = lambda **more: inner(*more.values())
        else:
            raise TypeError(
                "must return (value, pullback), or be a pair of `value` and `gradient` in CANDIDATES; "
                'with no gradient to compare it says so: "gradients": []'
            )
        found = named(candidate, ref, returned)
        return found, lambda bars: _gradients(
            candidate, ref, pullback(**{f"{n}_bar": bar for n, bar in bars.items()})
        )

    made = WITH[candidate.framework](
        pair if candidate.pair else outputs, inputs, bars, wrt, dtype, device, candidate.pair
    )
    made.gradients = {name: g for name, g in made.gradients.items() if name in inputs}
    return made


def named(candidate: Candidate, ref: Reference, returned: Any) -> dict[str, Any]:
    """The outputs by name: a dict or a named tuple as it is, a tuple in the candidate's order, one array alone."""
    fields = getattr(returned, "_fields", None)
    if fields is not None and set(fields) & set(ref.result):
        returned = dict(zip(fields, returned, strict=True))
    if isinstance(returned, dict):
        return {name: y for name, y in returned.items() if name in ref.result}
    if isinstance(returned, (tuple, list)):
        if len(returned) != len(candidate.outputs):
            raise TypeError(
                f"returned {len(returned)} outputs, expected {len(candidate.outputs)}: "
                f"{', '.join(candidate.outputs)}"
            )
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
    return {name: np.zeros(()) if g is None else g for name, g in flatten(found).items()}
