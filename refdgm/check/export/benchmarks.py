"""The two forms in which benchmarks of kernels read problems: FlashInfer Trace, and that of SOL-ExecBench."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from refdgm.check.export.problems import Problem, Workload, index
from refdgm.check.questions.safetensors_file import encode
from refdgm.reference import Reference

Files = dict[str, bytes]


def flashinfer(ref: Reference, dtype: str, found: list[Problem], left: list[dict[str, str]]) -> Files:
    """A set of traces: definitions, workloads without a solution, and the tensors, by the folders of a set."""
    files: Files = {}
    right: dict[str, str] = {}
    for one in found:
        place = f"{one.family}/{one.name}"
        tags = {"tags": ["status:verified", f"refdgm:{ref.name}"]}
        files[f"definitions/{place}.json"] = _json(_definition(one) | tags)
        lines = []
        for workload in one.workloads:
            path = f"blob/workloads/{place}/{one.name}_{workload.uuid}.safetensors"
            right[workload.uuid] = f"blob/right/{place}/{one.name}_{workload.uuid}.safetensors"
            files[path], files[right[workload.uuid]] = encode(workload.inputs), encode(workload.right)
            lines.append({"definition": one.name, "workload": _workload(workload, path), "solution": None,
                          "evaluation": None})
        files[f"workloads/{place}.jsonl"] = _lines(lines)
    files[f"refdgm.{ref.name}.{dtype}.json"] = _json(index(ref, dtype, found, left, right))
    return files


def sol(ref: Reference, dtype: str, found: list[Problem], left: list[dict[str, str]]) -> Files:
    """A folder for each problem: definition.json, reference.py, workload.jsonl, and the tensors beside them."""
    files: Files = {}
    right: dict[str, str] = {}
    for one in found:
        files[f"{one.name}/definition.json"] = _json(_definition(one))
        files[f"{one.name}/reference.py"] = one.reference.encode()
        lines = []
        for workload in one.workloads:
            path = f"{workload.uuid}.safetensors"
            right[workload.uuid] = f"{one.name}/{workload.uuid}.right.safetensors"
            files[f"{one.name}/{path}"] = encode(workload.inputs)
            files[right[workload.uuid]] = encode(workload.right)
            bound = {"max_atol": workload.tolerance["atol"], "max_rtol": workload.tolerance["rtol"],
                     "required_matched_ratio": 1.0}
            lines.append(_workload(workload, path) | {"tolerance": bound})
        files[f"{one.name}/workload.jsonl"] = _lines(lines)
    files[f"refdgm.{ref.name}.{dtype}.json"] = _json(index(ref, dtype, found, left, right))
    return files


FORMS: Mapping[str, Callable[[Reference, str, list[Problem], list[dict[str, str]]], Files]] = {
    "flashinfer": flashinfer, "sol": sol}
LACKING = {"flashinfer": ("float64",)}  # dtypes that a form has no name for


def _definition(one: Problem) -> dict[str, Any]:
    return {"name": one.name, "op_type": one.family, "description": one.description, "axes": one.axes,
            "inputs": one.inputs, "outputs": one.outputs, "reference": one.reference}


def _workload(workload: Workload, path: str) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    for name in workload.inputs:
        inputs[name] = {"type": "safetensors", "path": path, "tensor_key": name}
    inputs |= {name: {"type": "scalar", "value": x} for name, x in workload.scalars.items()}
    return {"uuid": workload.uuid, "axes": workload.axes, "inputs": inputs}


def _json(x: Any) -> bytes:
    return (json.dumps(x, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _lines(rows: list[Any]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows).encode()
