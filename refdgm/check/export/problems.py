"""Questions as problems of the benchmarks of kernels: a definition, a reference that runs, workloads with their inputs.

A problem is a reference under one choice of its words; its inputs are the arguments, whole numbers among them, and the
cotangents, its outputs the value and every gradient. A bound is one pair for a workload there, |got − right| ≤ atol +
rtol |right|: the least that refuses no answer which `loose` allows. What cannot be said so is left out, and listed with
the reason.
"""

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import numpy as np

from refdgm.check.dtypes import BITS
from refdgm.check.export.arrays import RULE, Exported
from refdgm.check.judging.tolerance import C
from refdgm.check.numbers import Arrays
from refdgm.reference import Reference

FORMAT = "refdgm-problems/1"
DTYPES = ("float32", "float64")
SPARE = 1 + 2.0**-20  # their sums are rounded to float32


@dataclass(frozen=True)
class Workload:
    """A case: its arrays by the names of the problem, and how far an answer may be off."""

    uuid: str
    about: dict[str, Any]  # of the index of the export
    axes: dict[str, int]
    inputs: Arrays
    scalars: dict[str, int]
    right: Arrays  # value, strict.value, loose.value
    tolerance: dict[str, float]  # atol, rtol


@dataclass(frozen=True)
class Problem:
    """What all its workloads share."""

    name: str
    family: str
    axes: dict[str, dict[str, Any]]
    inputs: dict[str, dict[str, Any]]
    outputs: dict[str, dict[str, Any]]
    reference: str
    description: str
    workloads: list[Workload] = field(default_factory=list)


@dataclass(frozen=True)
class Shaped:
    """The arrays of a case by the names of the problem, with the names of their axes."""

    inputs: Arrays
    outputs: Arrays
    axes: dict[str, tuple[str, ...]]


def problems(ref: Reference, dtype: str, made: Exported) -> tuple[list[Problem], list[dict[str, str]]]:
    """Those of a reference, and the cases that none of them holds, each with the reason."""
    found: dict[Any, Problem] = {}
    left = list(made.index["not_asked"])
    for told in made.index["cases"]:
        case = told["case"]
        asked, right = _of(made.questions, case), _of(made.right, case)
        known = {role: x for role, x in right.items() if not role.startswith(("strict.", "loose."))}
        if why := _inexpressible(known, right):
            left.append({"id": f"{ref.name}/{case}", "why": why})
            continue
        shaped = _shaped(ref, asked, known)
        words = {option: x for option, x in told["options"].items() if isinstance(x, str)}
        numbers = {option: x for option, x in told["options"].items() if option not in words}
        key = (tuple(words.items()), tuple(shaped.axes.items()))
        if key not in found:
            found[key] = _problem(ref, dtype, words, list(numbers), shaped, [one.name for one in found.values()])
        sizes = {axis: size for name, x in (shaped.inputs | shaped.outputs).items()
                 for axis, size in zip(shaped.axes[name], x.shape, strict=True) if not axis.startswith("const_")}
        bounds = {f"{kind}.{name}": right[f"{kind}.{role}"] for kind in ("strict", "loose")
                  for role, name in _outputs(ref, known).items()}
        found[key].workloads.append(Workload(
            str(uuid5(NAMESPACE_OID, f"refdgm/{ref.name}/{case}/{dtype}")), told, sizes,
            {name: _stored(x, dtype) for name, x in shaped.inputs.items()}, numbers,
            shaped.outputs | bounds, _bound(known, right, dtype)))
    return list(found.values()), left


def _of(arrays: Arrays, case: str) -> Arrays:
    return {name.partition("/")[2]: x for name, x in arrays.items() if name.startswith(f"{case}/")}


def _inexpressible(known: Arrays, right: Arrays) -> str:
    """Why a case has no place in such a benchmark."""
    if not all(np.isfinite(x).all() for x in known.values()):
        return "a right answer is infinite, and a difference of infinities is refused there"
    if not all(np.isfinite(right[f"loose.{role}"]).all() for role in known):
        return "where the usual form overflows every answer is allowed, and no bound says so"
    return ""


def _bound(known: Arrays, right: Arrays, dtype: str) -> dict[str, float]:
    """The answer is held against a reference that may be off by `strict` itself."""
    rtol = C * 2.0 ** -BITS[dtype]
    spare = [np.max(right[f"loose.{role}"] + right[f"strict.{role}"] - rtol * np.abs(x), initial=0.0)
             for role, x in known.items() if x.dtype.kind == "f"]
    return {"atol": float(max(spare, default=0.0)) * SPARE, "rtol": rtol * SPARE}


def _stored(x: Any, dtype: str) -> Any:
    return x.astype(dtype) if x.dtype.kind == "f" else x


def _inputs(asked: Iterable[str]) -> dict[str, str]:
    """input.theta.W1 is theta_W1, cotangent.value is value_bar."""
    return {role: f"{name}_bar" if kind == "cotangent" else name.replace(".", "_")
            for role in asked for kind, _, name in [role.partition(".")]}


def _outputs(ref: Reference, known: Iterable[str]) -> dict[str, str]:
    """In the order in which `run` returns them; gradient.theta.W1 is grad_theta_W1; an output called like an argument
    ends in _out."""
    order = [*(f"output.{one}" for one in ref.result), *(f"gradient.{one}" for one in ref.wrt)]
    roles = sorted(known, key=lambda role: order.index(".".join(role.split(".")[:2])))  # entries stay as they are
    names = {role: f"grad_{name.replace('.', '_')}" if kind == "gradient" else name
             for role in roles for kind, _, name in [role.partition(".")]}
    return {role: f"{name}_out" if name in ref.args else name for role, name in names.items()}


def _shaped(ref: Reference, asked: Arrays, known: Arrays) -> Shaped:
    """An axis has the name of its symbol, a number that of a constant, an axis of a parameter one of its own."""
    inputs = {name: asked[role] for role, name in _inputs(asked).items()}
    outputs = {name: known[role] for role, name in _outputs(ref, known).items()}
    sizes: dict[str, int] = {}
    axes: dict[str, tuple[str, ...]] = {}
    for (role, name), x in zip((_inputs(asked) | _outputs(ref, known)).items(), (inputs | outputs).values(),
                               strict=True):
        kind, _, ours = role.partition(".")
        if kind == "gradient":
            axes[name] = axes[_inputs([f"input.{ours}"])[f"input.{ours}"]]
            continue
        domain = (ref.result if kind in ("output", "cotangent") else ref.args).get(ours)
        own = [f"{name}_{at}" for at in range(x.ndim)]
        symbols = _symbols(getattr(domain, "shape", None), x, own)
        axes[name] = tuple(
            axis if sizes.setdefault(axis, size) == size else other
            for axis, size, other in zip((f"{one}_axis" if one in ref.args else one for one in symbols), x.shape, own,
                                         strict=True))
    return Shaped(inputs, outputs, axes)


def _symbols(shape: Any, x: Any, own: list[str]) -> list[str]:
    """Those of a declared shape, which ends in … where an example has axes of its own."""
    if shape is None:
        return own
    symbols = [str(one) if isinstance(one, str) else f"const_{one}" for one in shape if one != "..."]
    if "..." in shape:
        symbols += [f"axis_{at}" for at in range(len(symbols), x.ndim)]
    return symbols if len(symbols) == x.ndim else own


def _problem(
    ref: Reference, dtype: str, words: Mapping[str, str], numbers: list[str], shaped: Shaped, taken: list[str]
) -> Problem:
    name = "_".join(["refdgm", ref.name, dtype, *words.values()])
    number = sum(one == name or one.startswith(f"{name}__") for one in taken) + 1
    scalars = {one: {"shape": None, "dtype": "int64"} for one in numbers}
    every = {axis: None for axes in shaped.axes.values() for axis in axes}
    axes = {axis: {"type": "const", "value": int(axis.removeprefix("const_"))} if axis.startswith("const_")
            else {"type": "var"} for axis in every}
    spec = lambda name, x: {"shape": list(shaped.axes[name]), "dtype": dtype if x.dtype.kind == "f" else str(x.dtype)}
    said = (inspect.getdoc(ref.body) or "").partition("\n\n")[0].replace("\n", " ")
    return Problem(
        name if number == 1 else f"{name}__{number}", ref.body.__module__.split(".")[1], axes,
        {one: spec(one, x) for one, x in shaped.inputs.items()} | scalars,
        {one: spec(one, x) for one, x in shaped.outputs.items()}, _reference(ref, words, numbers, shaped), said)


def _reference(ref: Reference, words: Mapping[str, str], numbers: list[str], shaped: Shaped) -> str:
    """The source of `run`: the value and the gradients of the cotangents, by the reference itself."""
    names = [*shaped.inputs, *numbers]
    passed = []
    for array in ref.arrays:
        entries = [one for one in names if one.startswith(f"{array}_") and not hasattr(ref.args[array], "shape")]
        told = ", ".join(f'"{one.removeprefix(array + "_")}": {one}' for one in entries)
        passed.append(array if hasattr(ref.args[array], "shape") else f"{{{told}}}")
    passed += [*(f'{word}="{x}"' for word, x in words.items()), *(f"{number}={number}" for number in numbers)]
    several = [f"value.{one}" for one in ref.result] if len(ref.result) > 1 else ["value"]
    grads = []
    for name in ref.wrt:
        if hasattr(ref.args[name], "shape"):
            grads.append(f'grads["{name}"]')
        else:
            entries = [one.removeprefix(f"grad_{name}_") for one in shaped.outputs if one.startswith(f"grad_{name}_")]
            grads += [f'grads["{name}"]["{one}"]' for one in entries]
    returned = [*several, *grads]
    lines = ["import torch", "", f"from refdgm import {ref.name}", "", "", "@torch.no_grad()",
             f"def run({', '.join(names)}):"]
    call = ", ".join(passed)
    if ref.differentiable:
        lines += [f"    value, pullback = {ref.name}.vjp({call})",
                  f"    grads = pullback({', '.join(f'{bar}_bar' for bar in ref.bars)})"]
    else:
        lines += [f"    value = {ref.name}({call})"]
    return "\n".join([*lines, f"    return {', '.join(returned)}", ""])


def index(ref: Reference, dtype: str, found: list[Problem], left: list[dict[str, str]],
          right: Mapping[str, str]) -> dict[str, Any]:
    """What the form of the benchmark has no word for: cases, the judge's bounds, what is left out. `right`: the file of
    right answers by uuid."""
    return {
        "format": FORMAT, "reference": ref.name, "dtype": dtype, "rule": RULE,
        "problems": [{"definition": one.name, "workloads": [
            {"uuid": w.uuid, "case": f"{ref.name}/{w.about['case']}", "comment": w.about["comment"],
             "certified": w.about["certified"], **w.tolerance, "right": right[w.uuid]} for w in one.workloads]}
            for one in found],
        "left_out": left,
    }
