"""How a candidate is called: by name, by position, or with what a module holds; and what is told of it."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from refdgm.check.candidates.form import Candidate, CandidateError
from refdgm.reference import Reference


def call(
    candidate: Candidate, ref: Reference, arrays: dict[str, Any], options: dict[str, Any], **more: Any
) -> Any:
    """Call it, with `arrays` by our names (θ as a dict), in the way that it declares or its signature shows."""
    function = candidate.gradient if more and candidate.gradient else candidate.function
    given = arrays | options
    if candidate.parameters:
        function, given = _with_parameters(candidate, given)
    apply = getattr(function, "apply", None)
    if inspect.isclass(function) and apply is not None:  # torch.autograd.Function: by position only
        order = (
            candidate.arguments
            if isinstance(candidate.arguments, tuple)
            else tuple(n for n in ref.args if n in given)
        )
        return apply(*(given[name] for name in order))
    args, named = _passed(candidate, ref, function, given)
    return function(*args, **named, **more)


def _passed(
    candidate: Candidate, ref: Reference, function: Callable[..., Any], given: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """What goes by position, and what by name."""
    if isinstance(candidate.arguments, dict):
        return [], {candidate.arguments.get(name, name): x for name, x in given.items()}
    if candidate.arguments is None and _takes(function, given):
        return [], given
    order = ref.arrays if candidate.arguments is None else candidate.arguments
    rest = {name: given[name] for name in ref.options if name not in order}
    return [given[name] for name in order if name in given], rest


def called(candidate: Candidate, ref: Reference) -> str:
    """How it is called, where its signature has names that are not ours, or does not take what it is given."""
    function = candidate.function
    if candidate.parameters or inspect.isclass(function):
        return ""
    try:
        signature = inspect.signature(getattr(function, "forward", function))  # a torch module shows *args alone
    except (TypeError, ValueError):
        return ""
    args, named = _passed(candidate, ref, function, {name: name for name in ref.args})
    try:
        bound = signature.bind(*args, **named).arguments
    except TypeError:
        return f"called with {', '.join([*args, *(f'{name}=…' for name in named)])}"
    pairs = {theirs: ours for theirs, ours in bound.items() if isinstance(ours, str)}
    moved = [theirs for theirs, ours in pairs.items() if theirs != ours]
    if not moved or candidate.arguments is not None:
        return ""
    told = f"called as {ref.name}({', '.join(f'{theirs} = {ours}' for theirs, ours in pairs.items())})"
    for theirs in moved:
        if theirs in ref.args:
            raise CandidateError(
                f"{ref.name}: it would be {told}, but {theirs} is the name of another argument of ours; "
                'give their order with "arguments"'
            )
    return told


def _takes(function: Callable[..., Any], names: Iterable[str]) -> bool:
    """Whether the signature has all these names; where it has not, arrays are passed by position."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return not any(p.kind is p.VAR_POSITIONAL for p in parameters)
    return set(names) <= {p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}


def _with_parameters(
    candidate: Candidate, given: dict[str, Any]
) -> tuple[Callable[..., Any], dict[str, Any]]:
    from torch.func import functional_call

    held, rest = {}, dict(given)
    for ours, theirs in candidate.parameters.items():
        name, _, entry = ours.partition(".")
        held[theirs] = given[name][entry] if entry else given[name]
        rest.pop(name, None)
    module: Any = candidate.function
    return lambda *args, **named: functional_call(module, held, args, named), rest
