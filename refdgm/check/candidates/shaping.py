"""Arrays with other axes than ours: images where we have rows, (B, 1, 1, 1) where we have a number for each."""

from collections.abc import Iterable
from math import prod
from typing import Any

from refdgm.check.candidates.form import Candidate, CandidateError
from refdgm.declaration.domain import Array, Shape
from refdgm.declaration.domain import shown as told
from refdgm.declaration.symbols import EXAMPLES
from refdgm.reference import Reference

Sizes = tuple[int, ...]


def shapes(ref: Reference, given: Any) -> dict[str, str]:
    """The entry's `shape`, if every one is a shape that ours can be laid out in."""
    if not isinstance(given, dict):
        raise CandidateError(f'{ref.name}: shape must be a dictionary such as {{"x": "B,C,H,W"}}, got {given!r}')
    known = {name: d for name, d in (*ref.args.items(), *ref.result.items()) if isinstance(d, Array)}
    for name, text in given.items():
        if name not in known:
            raise CandidateError(f"{ref.name}: shape names {name!r}, which is not among {', '.join(known)}")
        ours = known[name].shape
        if len(ours) > 2 or not (not ours or ours[0] in EXAMPLES):
            raise CandidateError(f"{ref.name}: shape can lay out (B, D), (B, ...), (B,) and (), but {name} is "
                                 f"{told(ours)}; leave it out")
        axes = _axes(text) if isinstance(text, str) else []
        free = [axis for axis in axes[len(ours[:1]):] if axis != "1"]
        if not all(axes) or axes[: len(ours[:1])] != list(ours[:1]) or not (axes and (free or len(ours) < 2)):
            raise CandidateError(f"{ref.name}: the shape of {name} must be axes such as "
                                 f"{''.join(f'{axis},' for axis in ours[:1])}C,H,W, got {text!r}")
    return dict(given)


def laid_out(candidate: Candidate, ref: Reference, inputs: dict[str, Any], outputs: dict[str, Any]) -> dict[str, Sizes]:
    """The shape in which the candidate has each array that it has otherwise: arguments, and outputs with such axes."""
    found = {name: _sizes(text, ref.args[name].shape, inputs[name].shape)
             for name, text in candidate.shape.items() if name in ref.args}
    alike = {ref.args[name].shape: text for name, text in candidate.shape.items() if name in ref.args}
    for name, like in outputs.items():
        ours = ref.result[name].shape if name in ref.result else ()
        text = candidate.shape.get(name, alike.get(ours, "") if len(ours) == 2 else "")
        if text:
            found[name] = _sizes(text, ours, like.shape)
    return found


def reshaped(arrays: dict[str, Any], shapes: dict[str, Sizes]) -> dict[str, Any]:
    """The arrays in these shapes, where they have as many numbers."""
    return {name: x.reshape(shapes[name]) if name in shapes and prod(getattr(x, "shape", (0,))) == prod(shapes[name])
            else x for name, x in arrays.items()}


def _axes(text: str) -> list[str]:
    return [axis.strip() for axis in text.split(",")]


def _sizes(text: str, ours: Shape, shape: Iterable[int]) -> Sizes:
    """The factors of the number of components are dealt out to the axes, the largest first."""
    lead, shape = len(ours[:1]), tuple(shape)
    rest, axes = prod(shape[lead:]), _axes(text)[lead:]
    sizes, free, factor, factors = [1] * len(axes), [i for i, axis in enumerate(axes) if axis != "1"], 2, []
    if rest == 0:
        return (*shape[:lead], *([0] + [1] * (len(axes) - 1)))
    while rest > 1:
        while rest % factor == 0:
            factors.append(factor)
            rest //= factor
        factor += 1
    for number, factor in enumerate(reversed(factors)):
        sizes[free[number % len(free)]] *= factor
    return (*shape[:lead], *sizes)
