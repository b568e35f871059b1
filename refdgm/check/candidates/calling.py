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
    given = {name: x for name, x in (arrays | options).items() if name not in candidate.fixed}
    if candidate.parameters:
        function, given = _with_parameters(candidate, given)
    apply = getattr(function, "apply", None)
    if inspect.isclass(function) and apply is not None:  # torch.autograd.Function: by position only
        order = (
            candidate.arguments
            if isinstance(candidate.arguments, tuple)
            else tuple(n for n in ref.args if n in given)
        )
        return apply(*(given[name] for name in order if name in given))
    args, named = _passed(candidate, ref, function, given)
    return function(*args, **named, **more)


def _passed(
    candidate: Candidate, ref: Reference, function: Callable[..., Any], given: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """What goes by position, and what by name."""
    missing = lacking(candidate, ref, function)
    given = {name: x for name, x in given.items() if name not in missing}
    if isinstance(candidate.arguments, dict):
        return [], {candidate.arguments.get(name, name): x for name, x in given.items()}
    if candidate.arguments is None and _takes(function, given):
        return [], given
    order = ref.arrays if candidate.arguments is None else candidate.arguments
    rest = {name: given[name] for name in ref.options if name in given and name not in order}
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
    args, named = _passed(candidate, ref, function, {name: name for name in ref.args if name not in candidate.fixed})
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
                f'give their order with "arguments": {_entry(ref, bound)}'
            )
    known = [name for name in signature.parameters if name in ref.arrays]
    if known and any(pairs[theirs] in ref.arrays for theirs in moved):
        raise CandidateError(
            f"{ref.name}: it would be {told}, a guess, for it has {', '.join(known)} under our names and not all; "
            f'say which is which with "arguments": {_entry(ref, bound)}'
        )
    return told


def _entry(ref: Reference, theirs: Iterable[str]) -> str:
    """The entry to write, as far as the names tell it."""
    theirs = list(theirs)
    pairs = {name: name for name in ref.args if name in theirs}
    known = {one.ours: (one.theirs, name) for name, one in ref.exchanges.items() if one.theirs in theirs}
    pairs |= {ours: name for ours, (name, _) in known.items() if ours not in pairs}
    left = [name for name in ref.arrays if name not in pairs]
    rest = [name for name in theirs if name not in pairs.values()]
    pairs |= {ours: rest[0] if len(left) == len(rest) == 1 else "…" for ours in left}
    told = ", ".join(f'"{name}": "{pairs[name]}"' for name in ref.args if name in pairs)
    exchanged = [name for ours, (theirs_name, name) in known.items() if pairs.get(ours) == theirs_name]
    return f"{{{told}}}" + "".join(f', "convention": "{name}"' for name in exchanged)


def lacking(candidate: Candidate, ref: Reference, function: Callable[..., Any] | None = None) -> tuple[str, ...]:
    """The options that it does not take by any name, and which it is therefore not passed."""
    renamed = candidate.arguments if isinstance(candidate.arguments, dict) else {}
    placed = candidate.arguments if isinstance(candidate.arguments, tuple) else ()
    taken = _names(function or candidate.function)
    options = [name for name in ref.options if name not in candidate.fixed and name not in placed]
    return () if taken is None else tuple(name for name in options if renamed.get(name, name) not in taken)


def _names(function: Callable[..., Any]) -> set[str] | None:
    """The names by which it takes arguments; None where it takes any, or does not say."""
    try:
        parameters = inspect.signature(getattr(function, "forward", function)).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return None
    return {p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}


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
