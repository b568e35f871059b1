"""The child: imports the candidate, answers one case after another, and is believed in nothing but its numbers.

`start.py` begins it. Its standard output belongs to the candidate and is no channel of ours.
"""

import os
import sys
import traceback
from time import perf_counter
from types import ModuleType
from typing import Any

from refdgm import CATALOGUE
from refdgm.check.candidates import damage, fields, frameworks, lending
from refdgm.check.candidates import entry as candidates
from refdgm.check.candidates.answering import answer
from refdgm.check.candidates.form import CandidateError
from refdgm.check.candidates.lines import LineError
from refdgm.check.numbers import Answer, Arrays
from refdgm.check.process import confine, own, source, wire
from refdgm.check.process.program import Gone, Program


class Module:
    """A module of Python, whose functions are called here."""

    def __init__(self, name: str, untrusted: bool) -> None:
        with own.hidden(untrusted):
            module = candidates.module(name)
        self.found, self.others = candidates.found(module, CATALOGUE), _others(module)

    def answer(self, head: dict[str, Any], inputs: Arrays, bars: Arrays) -> Answer:
        """The answer to one question."""
        name = head["reference"]
        return answer(self.found[name], CATALOGUE[name], head["options"], inputs, bars, head["dtype"], head["device"])


def main(read: int, write: int) -> None:
    """Load, tell what was found, and answer until the pipe closes."""
    head, _ = wire.receive(read)
    untrusted = head.get("untrusted") is True
    if untrusted:
        wire.send(write, {"status": "confined", "how": confine.candidate()}, {})
        head, _ = wire.receive(read)
        fields.written()
    own.watch(CATALOGUE, untrusted)
    before = damage.snapshot()
    source.believed_alone()
    try:
        offered = _loaded(head, untrusted)
        told = {name: one.plain() for name, one in offered.found.items()}
        wire.send(write, {"status": "ready", "found": told, "others": offered.others}, {})
    except Gone as gone:
        wire.send(write, {"status": "gone", "message": str(gone)}, {})
        return
    except CandidateError as error:
        wire.send(write, {"status": "declared wrong", "message": str(error)}, {})
        return
    except Exception as error:
        wire.send(write, {"status": "raised", "message": _told(error), "trace": _trace(error)}, {})
        return
    while True:
        try:
            head, arrays = wire.receive(read)
        except wire.WireError:
            return
        with own.hidden(untrusted), lending.guarded(untrusted):
            reply, out = _tried(head) if "framework" in head else _reply(offered, head, arrays)
        wire.send(write, reply | {"token": head["token"], "damage": [*damage.since(before), *own.told()]}, out)
        if reply["status"] == "gone":
            return


def _loaded(head: dict[str, Any], untrusted: bool) -> Module | Program:
    if "command" in head:
        return Program(head["command"], head["select"], head["paths"])
    return Module(head["module"], untrusted)


def _reply(offered: Module | Program, head: dict[str, Any], arrays: dict[str, Any]) -> wire.Message:
    inputs = {key.partition(".")[2]: x for key, x in arrays.items() if key.startswith("input.")}
    bars = {key.partition(".")[2]: x for key, x in arrays.items() if key.startswith("cotangent.")}
    began = perf_counter()
    try:
        made = offered.answer(head, inputs, bars)
        seconds = perf_counter() - began
    except Gone as gone:
        return {"status": "gone", "message": str(gone)}, {}
    except LineError as error:
        return {"status": "raised", "message": str(error)[:500]}, {}
    except Exception as error:
        return {"status": "raised", "message": _told(error), "trace": _trace(error)}, {}
    out = {f"output.{n}": x for n, x in made.outputs.items()} | {
        f"gradient.{n}": x for n, x in made.gradients.items()
    }
    return {"status": "answered", "severed": made.severed, "dtype": made.dtype, "others": made.others[:5],
            "seconds": seconds}, out


def _tried(head: dict[str, Any]) -> wire.Message:
    return {"status": "tried", "message": frameworks.refused(head["framework"], head["device"])}, {}


def _others(module: ModuleType) -> list[str]:
    """The functions of a module that no reference is called like: a name may be misspelt."""
    return sorted(
        n
        for n, x in vars(module).items()
        if callable(x)
        and getattr(x, "__module__", "") == module.__name__
        and not n.startswith("_")
        and n not in CATALOGUE
    )[:50]


def _told(error: Exception) -> str:
    said = f"{type(error).__name__}: {error}"[:500]
    if isinstance(error, SyntaxError) and error.text:
        python, line = ".".join(map(str, sys.version_info[:2])), error.text.strip()[:80]
        return f"{said}: Python {python} does not read `{line}`; correct it, or check with the Python it is for"
    if isinstance(error, ImportError | AttributeError):
        said += "".join(f"; {name}.py stands in the place of Python's own module {name}: give it another name"
                        for name in _shadows()[:3])
    return said


def _shadows() -> list[str]:
    """Modules of Python's own library in whose place a file of the candidate's folder, the first of the path, was
    imported."""
    at = {name: os.path.join(sys.path[0], f"{name}.py") for name in sys.stdlib_module_names}
    return sorted(name for name, file in at.items() if getattr(sys.modules.get(name), "__file__", None) == file)


def _trace(error: Exception) -> list[str]:
    """The last lines of the candidate's own part of the traceback, by file name and line."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if f"refdgm{os.sep}check" not in f.filename and "importlib" not in f.filename]
    return [f"{os.path.basename(f.filename)}:{f.lineno} in {f.name}: {f.line}" for f in own[-4:]]
