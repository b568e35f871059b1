"""What a test runs: lines of the machinery, and what the functions of the package that it calls name.

It is kept in .pytest_cache for as long as the machinery, the file of the test and what tests share do not change.
"""

import json
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import CodeType
from typing import Any

from validation.make.killing import resting
from validation.make.mutation import ROOT, Mutant, Source

PACKAGE = ROOT / "refdgm"
MACHINERY = ("check/judging", "boundary")
KEPT = ROOT / ".pytest_cache" / "traced.jsonl"


@dataclass
class Ran:
    """By file its lines; the names; and the seconds that it took."""

    lines: dict[str, set[int]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    seconds: float = 0.0

    def concerns(self, source: Source, one: Mutant) -> bool:
        """Whether it runs what is changed, or a function that names the table."""
        if one.of_a_table:
            return not self.names.isdisjoint(resting(source, one))
        first, last = one.lines
        return any(first <= line <= last for line in self.lines.get(str(source.file), ()))

    def dumps(self) -> str:
        return json.dumps({"lines": {path: sorted(lines) for path, lines in self.lines.items()},
                           "names": sorted(self.names), "seconds": self.seconds})

    @classmethod
    def loads(cls, text: str) -> "Ran":
        told = json.loads(text)
        return cls({path: set(lines) for path, lines in told["lines"].items()}, set(told["names"]), told["seconds"])


@cache
def digest(paths: Iterable[Path]) -> str:
    """Of their texts."""
    return sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def files(*folders: Path) -> tuple[Path, ...]:
    return tuple(path for folder in folders for path in sorted(folder.rglob("*.py")))


class Traces:
    """What was traced before, and what is now: a line each."""

    def __init__(self) -> None:
        shared = tuple(path for path in files(ROOT / "tests") if not path.name.startswith("test_"))
        self.held: dict[str, list[str]] = {}
        same = json.dumps(digest(files(*(PACKAGE / part for part in MACHINERY))) + digest(shared))
        first, *lines = KEPT.read_text(encoding="utf-8").splitlines() if KEPT.exists() else [""]
        if first == same:
            for line in lines:
                self.held |= json.loads(line)
        else:
            KEPT.parent.mkdir(exist_ok=True)
            KEPT.write_text(same + "\n", encoding="utf-8")

    def of(self, item: Any, trace: Callable[[Any], Ran]) -> Ran:
        now = digest((item.path,))
        before, ran = self.held.get(item.nodeid, ("", ""))
        if before != now:
            ran = trace(item).dumps()
            self.held[item.nodeid] = [now, ran]
            with KEPT.open("a", encoding="utf-8") as kept:
                kept.write(json.dumps({item.nodeid: [now, ran]}) + "\n")
        return read(ran)


read = cache(Ran.loads)


def processor() -> float:
    """Seconds of it that this process has had, and those of its own that have ended."""
    return sum(os.times()[:4])


@contextmanager
def traced() -> Iterator[Ran]:
    """Within: what is run in this process is noted."""
    noted = {str(path) for folder in MACHINERY for path in (PACKAGE / folder).glob("*.py")}
    package, ran, codes = str(PACKAGE), Ran({path: set() for path in noted}), set[CodeType]()

    def of_a_line(frame: Any, event: str, _: Any) -> Any:
        if event == "line":
            ran.lines[frame.f_code.co_filename].add(frame.f_lineno)
        return of_a_line

    def of_a_call(frame: Any, *_: Any) -> Any:
        code = frame.f_code
        if not code.co_filename.startswith(package):
            return None
        codes.add(code)
        return of_a_line if code.co_filename in noted else None

    started, before = processor(), sys.gettrace()
    threading.settrace(of_a_call)
    sys.settrace(of_a_call)
    try:
        yield ran
    finally:
        sys.settrace(before)
        threading.settrace(before)  # type: ignore[arg-type]
        ran.seconds = processor() - started
        ran.names = {name for code in codes for name in code.co_names}
