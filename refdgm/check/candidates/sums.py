"""Outputs of a candidate that are weighted sums of ours: a loss in one number."""

from math import isfinite
from typing import Any

from refdgm.check.candidates.form import CandidateError
from refdgm.reference import Reference


def sums(ref: Reference, given: dict[str, Any]) -> dict[str, dict[str, float]]:
    """The entry's `outputs`, if every one is a sum of outputs of one shape."""
    for name, weights in given.items():
        if not (type(name) is str and name.isidentifier() and isinstance(weights, dict) and weights):
            raise CandidateError(f'{ref.name}: an output must be a sum such as {{"loss": {{"{ref.bars[0]}": 1}}}}, '
                                 f"got {name!r}: {weights!r}")
        for ours, weight in weights.items():
            if ours not in ref.bars:
                known = ", ".join(ref.bars)
                raise CandidateError(f"{ref.name}: {name} is a sum of {ours!r}, which is not among {known}")
            if type(weight) not in (int, float) or not isfinite(weight):
                raise CandidateError(f"{ref.name}: the weight of {ours} in {name} must be a number, got {weight!r}")
        if len({ref.result[ours].shape for ours in weights}) > 1:
            raise CandidateError(f"{ref.name}: {name} is a sum of outputs of several shapes; return them apart")
    return {name: {ours: float(w) for ours, w in weights.items()} for name, weights in given.items()}
