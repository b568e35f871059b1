"""Candidates: what a module offers for comparison, found by name, in `CANDIDATES`, or under `@candidate`.

An entry of `CANDIDATES = {"<reference>": entry}` is a callable, or a dictionary with

    function    the callable: a function, a module (torch.nn.Module), a torch.autograd.Function
    value, gradient   instead of `function`: a pair; `gradient` takes the same arguments and `<output>_bar`s
    arguments   ["their order, in our names", …], passed by position, or {"ours": "theirs"}, passed by name
                (default: by name where the signature has our names, otherwise by position in our order)
    outputs     our names of what it returns, in its order (default: all, as declared)
    gradients   the arguments whose gradient it has (default: all)
    pair        True: it returns (value, pullback) of its own arrays (NumPy and CuPy: always)
    reduction   "mean" or "sum" over the batch of outputs of shape (B,)
    parameters  {"codebook": "embedding.weight", "theta.W1": "0.weight"}: arguments that a torch module holds
    convention  the name of a convention of the field that it follows, as a report tells it
    framework   "torch", "jax", "autograd", "numpy", "cupy" (default: what its module imports)
    dtype       its best, where that is not float64

A candidate need not import anything of this package.
"""

import importlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from refdgm.catalogue import unknown
from refdgm.errors import RefdgmError
from refdgm.evidence import conventions
from refdgm.reference import Reference

EMBEDDED = "refdgm.check.candidates.embedded"
FRAMEWORKS = ("torch", "jax", "autograd", "cupy", "numpy")
KEYS = (
    "function",
    "value",
    "gradient",
    "arguments",
    "outputs",
    "gradients",
    "pair",
    "reduction",
    "parameters",
    "convention",
    "framework",
    "dtype",
)
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)


class CandidateError(RefdgmError):
    """A candidate is declared in a way that has no meaning."""


@dataclass(frozen=True)
class Candidate:
    """A callable with how it is to be called and what it returns."""

    reference: str
    function: Callable[..., Any]
    gradient: Callable[..., Any] | None
    arguments: tuple[str, ...] | dict[str, str] | None
    outputs: tuple[str, ...]
    gradients: tuple[str, ...]
    pair: bool
    reduction: str
    parameters: dict[str, str]
    convention: str
    framework: str
    dtype: str
    taken: str = ""  # why for this framework, where it does not say
    called: str = ""  # how, where its signature does not have our names

    def plain(self) -> dict[str, Any]:
        """What the other side needs to know, as data."""
        names = ("outputs", "gradients", "reduction", "convention", "framework", "dtype", "taken", "called")
        return {name: getattr(self, name) for name in names}


def candidate(reference: str, **entry: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a function as a candidate for `reference`; keywords as in `CANDIDATES`."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        function.__refdgm__ = reference, {**entry, "function": function}  # type: ignore[attr-defined]
        return function

    return mark


def module(name: str) -> ModuleType:
    """Import a file (`my_losses.py`) or a dotted module; this runs its code."""
    if not name.endswith(".py"):
        if not DOTTED.fullmatch(name) or "__" in name:
            raise CandidateError(f"{name!r} is neither a file ending in .py nor the dotted name of a module")
        return importlib.import_module(name)
    path = Path(name).resolve()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise CandidateError(f"there is no file {path.name}")
    sys.path.insert(0, str(path.parent))
    made = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(path.stem, made)
    spec.loader.exec_module(made)
    return made


def found(module: ModuleType, catalogue: dict[str, Reference]) -> dict[str, Candidate]:
    """The candidates of a module by the name of their reference."""
    entries: dict[str, Any] = {}
    for name, x in vars(module).items():
        marked = getattr(x, "__refdgm__", None) if callable(x) else None
        if marked is not None:
            entries[marked[0]] = marked[1]
        elif name in catalogue and callable(x) and not isinstance(x, Reference):  # imported to compare by hand
            entries.setdefault(name, x)
    declared = getattr(module, "CANDIDATES", {})
    if not isinstance(declared, dict):
        raise CandidateError(f"CANDIDATES must be a dictionary, got a {type(declared).__name__}")
    entries |= declared
    for name in entries:
        if name not in catalogue:
            raise CandidateError(unknown(name))
    home = getattr(module, "FRAMEWORK", None)
    return {
        name: adapted(catalogue[name], entries[name], home, vars(module))
        for name in catalogue
        if name in entries
    }


def adapted(
    ref: Reference, entry: Any, framework: str | None = None, scope: dict[str, Any] | None = None
) -> Candidate:
    """A candidate from an entry of `CANDIDATES`; what it leaves open is as declared by the reference."""
    entry = dict(entry) if isinstance(entry, dict) else {"function": entry}
    for key in entry.keys() - set(KEYS):
        raise CandidateError(f"{ref.name}: unknown key {key!r}; there are {', '.join(KEYS)}")
    function = entry.get("function", entry.get("value"))
    if not callable(function) or not callable(entry.get("gradient", function)):
        raise CandidateError(f"{ref.name}: needs a callable `function`, or a pair `value` and `gradient`")
    if isinstance(function, Reference):
        raise CandidateError(f"{ref.name}: this function is refdgm's own; name yours")
    order = entry.get("arguments")
    if order is not None:
        _among(ref, "arguments", order, ref.args)
        order = dict(order) if isinstance(order, dict) else tuple(order)
    if not entry.get("outputs", ref.result):
        raise CandidateError(f"{ref.name}: outputs is empty, and nothing would be compared; leave it out for all")
    parameters = dict(entry.get("parameters", {}))
    _among(ref, "parameters", [name.partition(".")[0] for name in parameters], ref.arrays)
    chosen, taken = entry.get("framework") or framework, ""
    if not chosen:
        chosen, taken = _detected(function, scope)
    _one(ref, "framework", chosen, FRAMEWORKS)
    _one(ref, "reduction", entry.get("reduction", "none"), ("none", "mean", "sum"))
    _one(ref, "convention", entry.get("convention", ""), ("", *conventions.of(ref.name)))
    _one(ref, "dtype", entry.get("dtype", ""), ("", "float64", "float32", "float16", "bfloat16"))
    made = Candidate(
        ref.name,
        function,
        entry.get("gradient"),
        order,
        _among(ref, "outputs", entry.get("outputs", tuple(ref.result)), ref.result),
        _among(ref, "gradients", entry.get("gradients", ref.wrt), ref.wrt),
        "gradient" in entry or bool(entry.get("pair", chosen in ("numpy", "cupy"))),
        entry.get("reduction", "none"),
        parameters,
        entry.get("convention", ""),
        chosen,
        entry.get("dtype", ""),
        taken,
    )
    return replace(made, called=_called(made, ref))


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


def _called(candidate: Candidate, ref: Reference) -> str:
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
    called = f"called as {ref.name}({', '.join(f'{theirs} = {ours}' for theirs, ours in pairs.items())})"
    for theirs in moved:
        if theirs in ref.args:
            raise CandidateError(
                f"{ref.name}: it would be {called}, but {theirs} is the name of another argument of ours; "
                'give their order with "arguments"'
            )
    return called


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


def _detected(function: Any, scope: dict[str, Any] | None) -> tuple[str, str]:
    """The framework that the module of a candidate imports, NumPy where there is none; and why, to be told."""
    spaces = [
        getattr(inspect.unwrap(function), "__globals__", {}) if inspect.isroutine(function) else {},
        scope or {},
    ]
    spaces.append(vars(sys.modules.get(getattr(function, "__module__", "") or "", sys)))
    for space in spaces:
        roots = {_root(x) for x in list(space.values())}
        for name in FRAMEWORKS:
            if name in roots:
                return name, f"taken for {name} because its module imports {name}"
    return "numpy", "taken for numpy because its module imports no framework"


def _root(x: Any) -> str:
    name = x.__name__ if isinstance(x, ModuleType) else getattr(x, "__module__", None)
    return name.partition(".")[0] if type(name) is str else ""


def _among(ref: Reference, key: str, names: Any, known: Iterable[str]) -> tuple[str, ...]:
    known = tuple(known)
    for name in names:
        if name not in known:
            raise CandidateError(
                f"{ref.name}: {key} names {name!r}, which is not among {', '.join(known) or 'none'}"
            )
    return tuple(names)


def _one(ref: Reference, key: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known and not any(known):
        raise CandidateError(f"{ref.name} has no {key}s, got {value!r}; leave {key} out")
    if value not in known:
        raise CandidateError(
            f"{ref.name}: {key} must be one of {', '.join(filter(None, known))}, got {value!r}"
        )
