"""A plugin of pytest: every mutant that it is given goes through its own choice of the collected tests.

    MUTANTS=asked.json python -m pytest -n 0 -p validation.make.under_tests tests/stress …

Tests are collected once, by the package as it is. Each mutant has a process of its own, forked from there, so that no
fixture and nothing kept is handed on, and what its tests start has the mutant too (`mutant_site`); it ends at the first
test that fails, or that takes too long. `asked.json` is a list of {"path", "key", "tests"}, the last patterns of ids in
the order in which they are asked. What killed each is written beside it, to `asked.killed.json`: null is a survivor.
"""

import fnmatch
import json
import os
import resource
import signal
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from validation.make.mutation import Source
from validation.make.planting import planted

UNABLE = "unable: "
SITE, PATHS = str(Path(__file__).parent / "mutant_site"), [x for x in (os.environ.get("PYTHONPATH"),) if x]
SECONDS = 120  # of processor time, for all tests of a mutant


def chosen(items: list[Any], patterns: list[str]) -> list[Any]:
    """In the order of the patterns, each test once."""
    found = {item.nodeid: item for one in patterns for item in items if fnmatch.fnmatchcase(item.nodeid, one)}
    return list(found.values())


def first_failure(tests: list[Any]) -> str:
    for number, item in enumerate(tests):
        after = tests[number + 1] if number + 1 < len(tests) else None
        for report in runtestprotocol(item, log=False, nextitem=after):
            if report.failed:
                return str(item.nodeid)
    return ""


def in_a_fork(tests: list[Any], source: Source | None = None, one: Any = None) -> str:
    """What fails there, or the signal that ended it."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        said = ""
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
            if source:  # for what tests start
                os.environ |= {"MUTANT": f"{one.path}\n{one.key}", "PYTHONPATH": os.pathsep.join([SITE, *PATHS])}
            with planted(source, one) if source else nullcontext():
                said = first_failure(tests)
        except BaseException as error:  # whatever it is, this process must not go on as pytest
            said = f"{UNABLE}{type(error).__name__}: {error}"
        finally:
            os.write(write, said.encode())
            os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as pipe:
        said = pipe.read()
    status = os.waitpid(child, 0)[1]
    if said.startswith(UNABLE):
        raise pytest.UsageError(said.removeprefix(UNABLE))
    return said if status == 0 else signal.Signals(os.WTERMSIG(status)).name


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: Any) -> bool:
    asked = Path(os.environ["MUTANTS"])
    sources: dict[str, Source] = {}
    found: dict[str, str | None] = {}
    killers: set[str] = set()
    for row in json.loads(asked.read_text(encoding="utf-8")):
        source = sources.setdefault(row["path"], Source(row["path"]))
        one = next(each for each in source.mutants if each.key == row["key"])
        tests = chosen(session.items, row["tests"])
        tests.sort(key=lambda item: item.nodeid not in killers)  # what found others before is asked first
        found[row["key"]] = said = in_a_fork(tests, source, one) or None
        killers |= {said} if said else set()
        print(row["key"], "—", found[row["key"]] or f"survives {len(tests)} tests", flush=True)
        asked.with_suffix(".killed.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    failing = in_a_fork([item for item in session.items if item.nodeid in killers])
    if failing:
        raise pytest.UsageError(f"{failing} fails without a mutant too")
    return True
