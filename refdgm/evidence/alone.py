"""The text of a definition by itself: plain NumPy that imports nothing else, for who is to derive its gradients."""

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from textwrap import dedent
from types import FunctionType, ModuleType
from typing import Any

from refdgm.evidence import traced
from refdgm.evidence.definitions import JUDGES, definition

PLAIN = (bool, int, float, str)
TRACED = {  # where nothing is traced
    "stopped": "def _stopped(u):\n    return u",
    "tanh": "def _tanh(a):\n    return np.tanh(a)",
    "sigmoid": "def _sigmoid(a):\n    return 1 / (1 + np.exp(-a))",
    "softplus": "def _softplus(a):\n    return np.logaddexp(0.0, a)",
    "rectified": "def _rectified(a):\n    return np.where(a > 0, a, 0.0)",
    "below_the_largest": "def _below_the_largest(u, axis):\n    return u - np.max(u, axis=axis, keepdims=True)",
    "log_sum_exp": "def _log_sum_exp(u, axis):\n    top = np.max(u, axis=axis, keepdims=True)\n"
                   "    return np.log(np.sum(np.exp(u - top), axis=axis)) + np.max(u, axis=axis)",
}
Edit = tuple[int, int, str]  # where, until where, what stands there then


def alone(reference: str) -> str | None:
    """`_value(…)` of a reference and all that it needs, as source; None where every text needs more than NumPy."""
    texts = definition(reference).texts
    words = sorted(texts, key=lambda word: (word in ("linear", *JUDGES), word != "usual", word == ""))
    for word in words:
        if word != "held" and (found := _needed(texts[word])) is not None:
            return "\n\n".join(_written(found))
    return None


def _needed(text: Any) -> dict[str, Any] | None:
    """The text and what it reads, by the names that they are to have, what is read first; None where that cannot be
    written down."""
    found: dict[str, Any] = {}

    def visit(function: FunctionType, name: str) -> bool:
        for read in _globals(function):
            value = function.__globals__[read]
            if value is traced:
                used = set(re.findall(r"\btraced\.(\w+)", inspect.getsource(function)))
                if not used <= TRACED.keys():
                    return False
                found.update({f"_{one}": TRACED[one] for one in sorted(used)})
            elif isinstance(value, FunctionType) and value.__module__.startswith("refdgm.evidence"):
                if value is not function and f"_{read}" not in found and not visit(value, f"_{read}"):
                    return False
            elif _plain(value) or (isinstance(value, ModuleType) and value.__name__ in sys.stdlib_module_names):
                found[read] = value
            else:
                return False
        found[name] = function
        return function.__name__ != "<lambda>"

    return found if visit(text, "_value") else None


def _globals(function: FunctionType) -> Iterator[str]:
    """The names of its module that it reads, in the order in which they stand."""
    tree = ast.parse(dedent(inspect.getsource(function)))
    read = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return (name for name in dict.fromkeys(read) if name in function.__globals__)


def _plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_plain(x) for pair in value.items() for x in pair)
    return all(map(_plain, value)) if type(value) in (tuple, list) else isinstance(value, PLAIN)


def _written(found: dict[str, Any]) -> list[str]:
    modules = [f"import {value.__name__}" + (f" as {name}" if name != value.__name__ else "")
               for name, value in found.items() if isinstance(value, ModuleType)]
    constants = [f"{name} = {value!r}" for name, value in found.items()
                 if _plain(value) and not _is_traced(name, value)]
    functions = [value if _is_traced(name, value) else _in_numpy(value, name, found) for name, value in found.items()
                 if isinstance(value, FunctionType) or _is_traced(name, value)]
    return ["\n".join(part) for part in (modules, constants) if part] + ["\n" + function for function in functions]


def _is_traced(name: str, value: Any) -> bool:
    return value is TRACED.get(name[1:])


def _in_numpy(function: Callable[..., Any], name: str, found: dict[str, Any]) -> str:
    """Its source under another name, with `np` for the vocabulary `xp` that it was given."""
    source = dedent(inspect.getsource(function))
    tree = ast.parse(source)
    starts = [0]
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    renamed = {read: f"_{read}" for read in _globals(function) if f"_{read}" in found}  # type: ignore[arg-type]
    renamed |= {function.__name__: name, "xp": "np"}
    text = source.encode()
    for begin, end, new in sorted(_edits(tree, renamed, lambda line, column: starts[line - 1] + column), reverse=True):
        text = text[:begin] + new.encode() + text[end:]
    return text.decode().rstrip()


def _first(listed: Sequence[Any], at: Callable[[int, int], int], star: int = 0) -> Edit:
    """Without the `xp` that stands first, up to what follows it."""
    begin = at(listed[0].lineno, listed[0].col_offset)
    return begin, at(listed[1].lineno, listed[1].col_offset) - star if listed[1:] else begin + len("xp"), ""


def _edits(tree: ast.Module, renamed: dict[str, str], at: Callable[[int, int], int]) -> Iterator[Edit]:
    dropped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            begin = at(node.lineno, node.col_offset + len("def "))
            yield begin, begin + len(node.name.encode()), renamed.get(node.name, node.name)
            taken = [*node.args.args, *node.args.kwonlyargs]
            if taken and taken[0].arg == "xp":
                star = len("*, ") if len(node.args.args) == 1 and len(taken) > 1 else 0
                yield _first(taken, at, star)
        elif isinstance(node, ast.Call) and node.args and getattr(node.args[0], "id", "") == "xp":
            dropped.add(id(node.args[0]))
            yield _first([*node.args, *node.keywords], at)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "traced":
            begin = at(node.lineno, node.col_offset)
            yield begin, begin + len(f"traced.{node.attr}"), f"_{node.attr}"
        if isinstance(node, ast.Name) and node.id in renamed and id(node) not in dropped:
            begin = at(node.lineno, node.col_offset)
            yield begin, begin + len(node.id), renamed[node.id]
