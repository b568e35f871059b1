"""Candidates: what a module offers for comparison, found by name, in `CANDIDATES`, or under `@candidate`.

An entry of `CANDIDATES = {"<reference>": entry}` is a callable, or a dictionary with

    function    the callable: a function, a module (torch.nn.Module), a torch.autograd.Function
    value, gradient   instead of `function`: a pair; `gradient` takes the same arguments and `<output>_bar`s
    arguments   ["their order, in our names", …], passed by position, or {"ours": "theirs"}, passed by name
                (default: by name where the signature has our names, otherwise by position in our order)
    outputs     our names of what it returns, in its order (default: all, as declared)
                {"loss": {"codebook_loss": 1, "commitment_loss": 1}}: a weighted sum of ours under one name
    gradients   the arguments whose gradient it has (default: all)
    pair        True: it returns (value, pullback) of its own arrays (NumPy and CuPy: always)
    reduction   "mean" or "sum" over the batch of outputs of shape (B,)
    parameters  {"codebook": "embedding.weight", "theta.W1": "0.weight"}: arguments that a torch module holds
    convention  the name of a convention of the field that it follows, as a report tells it
    framework   "torch", "jax", "autograd", "numpy", "cupy" (default: what its module imports)
    dtype       its best, where that is not float64
    shape       {"mean": "B,C,H,W"}: arrays that it has with other axes; 1 is an axis of one
    fixed       {"target": "eps", "beta": 0.25}: what it does not take, and does always in this way
    elementary  {"exp": 60, "log": 4}: ulps that elementary functions of its platform err by; see `elementary.py`
    expect      {"differs": "clamps on purpose", "only": ["gradient.logvar"], "cases": ["013"]}: a difference that is
                meant, and how it is told from others: by cases or a known mistake; see `expecting.py`

A candidate need not import anything of this package.
"""

import importlib
import importlib.util
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from refdgm.catalogue import unknown
from refdgm.check.candidates import classes
from refdgm.check.candidates.calling import called, lacking
from refdgm.check.candidates.detecting import FRAMEWORKS, detected
from refdgm.check.candidates.fixing import fixed
from refdgm.check.candidates.form import Candidate, CandidateError
from refdgm.check.candidates.shaping import shapes
from refdgm.check.candidates.sums import sums
from refdgm.check.elementary import elementary
from refdgm.check.expecting import expected
from refdgm.errors import ArgumentError
from refdgm.evidence import conventions
from refdgm.reference import Reference

EMBEDDED = "refdgm.check.candidates.embedded"
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
    "fixed",
    "shape",
    "elementary",
    "expect",
)
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)


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
        return _dotted(name)
    path = Path(name).resolve()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise CandidateError(f"there is no file {path.name}")
    sys.path.insert(0, str(path.parent))
    made = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(path.stem, made)
    try:
        spec.loader.exec_module(made)
    except ImportError as error:
        if "no known parent package" not in str(error):
            raise
        raise CandidateError(f"{path.name} imports relatively, and a file by itself has no package; name it as a "
                             f"module in the folder that holds {path.parent.name}: refdgm check "
                             f"{path.parent.name}.{path.stem}") from None
    return made


def _dotted(name: str) -> ModuleType:
    """A module that is installed or lies in the working folder, as `python -m` finds it."""
    here = Path(*name.split("."))
    if here.is_dir() or here.with_suffix(".py").is_file():
        sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise  # of what it imports
        raise CandidateError(f"there is no module {name}, neither installed nor as {here}.py in this folder; give the "
                             "path of a file, or go to the folder that holds it") from None


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
    classes.refuse(ref.name, function)
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
    added = sums(ref, entry["outputs"]) if isinstance(entry.get("outputs"), dict) else {}
    held = fixed(ref, entry.get("fixed", {}))
    for key in ("arguments", "gradients", "parameters"):
        if both := [name for name in entry.get(key) or () if name in held]:
            raise CandidateError(f"{ref.name}: {both[0]} is fixed, and so not among its {key}; leave it out of one")
    parameters = dict(entry.get("parameters", {}))
    _among(ref, "parameters", [name.partition(".")[0] for name in parameters], ref.arrays)
    chosen, taken = entry.get("framework") or framework, ""
    if not chosen:
        chosen, taken = detected(function, scope)
    _one(ref, "framework", chosen, FRAMEWORKS)
    _one(ref, "reduction", entry.get("reduction", "none"), ("none", "mean", "sum"))
    _one(ref, "convention", entry.get("convention", ""), ("", *conventions.of(ref.name)))
    _one(ref, "dtype", entry.get("dtype", ""), ("", "float64", "float32", "float16", "bfloat16"))
    made = Candidate(
        ref.name,
        function,
        entry.get("gradient"),
        order,
        tuple(added) or _among(ref, "outputs", entry.get("outputs", tuple(ref.result)), ref.result),
        _among(ref, "gradients", entry.get("gradients", [name for name in ref.wrt if name not in held]), ref.wrt),
        "gradient" in entry or bool(entry.get("pair", chosen in ("numpy", "cupy"))),
        entry.get("reduction", "none"),
        parameters,
        entry.get("convention", ""),
        chosen,
        entry.get("dtype", ""),
        taken,
        minded=tuple(entry.get("gradients", ())),
        sums=added,
        fixed=held,
        shape=shapes(ref, entry.get("shape", {})),
        elementary=_elementary(ref, entry.get("elementary", {})),
        expect=_expected(ref, entry["expect"]) if "expect" in entry else {},
    )
    return replace(made, called=called(made, ref), lacks=lacking(made, ref))


def _elementary(ref: Reference, given: Any) -> dict[str, float]:
    try:
        return elementary(given, f"{ref.name}: elementary")
    except ArgumentError as error:
        raise CandidateError(str(error)) from None


def _expected(ref: Reference, given: Any) -> dict[str, Any]:
    try:
        return expected(ref, given).plain()
    except ArgumentError as error:
        raise CandidateError(str(error)) from None


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
