"""A plugin of pytest: every mutant that it is given goes through its own choice of the collected tests.

    MUTANTS=asked.json python -m pytest -n 0 -p validation.make.under_tests tests/stress …

Tests are collected once, by the package as it is. Each mutant has a process of its own, forked from there, so that no
fixture and nothing kept is handed on, and what its tests start has the mutant too (`mutant_site`); it ends at the first
test that fails, or that takes too long. `asked.json` is a list of {"path", "key", "tests", "traced"}, `tests` patterns
of ids in the order in which they are asked. Of what is traced those tests alone are asked that run what is changed, the
cheapest first (`tracing.py`). What killed each is written beside it, to `asked.killed.json`: null is a survivor; what
cannot be planted is told and left out.
"""

import fnmatch
import gc
import json
import os
import resource
import select
import signal
import time
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from validation.make.mutation import Mutant, Source
from validation.make.planting import Unplanted, live, module, planted
from validation.make.tracing import Ran, Traces, traced

UNABLE, UNASKED = "unable: ", "is not asked: "
SITE, PATHS = str(Path(__file__).parent / "mutant_site"), [x for x in (os.environ.get("PYTHONPATH"),) if x]
SECONDS = 120.0  # of processor time, for all tests of a mutant
AT_LEAST, TIMES = 5, 4  # seconds more, and as long as a test takes without a mutant, before it has no end
WAITS = 50  # as long by the clock, where something else is waited for


def chosen(items: list[Any], patterns: list[str]) -> list[Any]:
    """In the order of the patterns, each test once."""
    found = {item.nodeid: item for one in patterns for item in items if fnmatch.fnmatchcase(item.nodeid, one)}
    return list(found.values())


def first_failure(tests: list[Any], cost: dict[str, float] | None = None) -> str:
    """Of tests each of which may take some times what it costs, where that is known."""
    for number, item in enumerate(tests):
        after = tests[number + 1] if number + 1 < len(tests) else None
        if cost:
            limit = int(time.process_time() + AT_LEAST + TIMES * cost[item.nodeid])
            resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        for report in runtestprotocol(item, log=False, nextitem=after):
            if report.failed:
                return str(item.nodeid)
    return ""


def in_a_fork(work: Callable[[], str], seconds: float = SECONDS) -> str:
    """What is said there, or the signal that ended it."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        said = ""
        try:
            limit = int(seconds) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
            said = work()
        except BaseException as error:  # whatever it is, this process must not go on as pytest
            said = f"{UNABLE}{type(error).__name__}: {error}"
        finally:
            with os.fdopen(write, "w", encoding="utf-8") as pipe:
                pipe.write(said)
            os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as pipe:
        if not select.select([pipe], [], [], WAITS * seconds)[0]:
            os.kill(child, signal.SIGKILL)
        said = pipe.read()
    status = os.waitpid(child, 0)[1]
    if said.startswith(UNABLE):
        raise pytest.UsageError(said.removeprefix(UNABLE))
    return said if status == 0 else signal.Signals(os.WTERMSIG(status)).name


def with_it(tests: list[Any], source: Source, one: Mutant, cost: dict[str, float]) -> str:
    os.environ |= {"MUTANT": f"{one.path}\n{one.key}", "PYTHONPATH": os.pathsep.join([SITE, *PATHS])}  # for a start
    try:
        with planted(source, one):
            return first_failure(tests, cost)
    except Unplanted as error:
        return f"{UNASKED}{error}"


def running(item: Any) -> Ran:
    """What a test runs by itself; nothing where it fails."""

    def work() -> str:
        with traced() as ran:
            failing = first_failure([item])
        return "" if failing else ran.dumps()

    said = in_a_fork(work)
    return Ran.loads(said) if said.startswith("{") else Ran()


class Asked:
    """The mutants of a run, and what each test runs of their files, measured when it is first needed."""

    def __init__(self, items: list[Any], rows: list[dict[str, Any]]) -> None:
        self.items, self.rows = items, rows
        self.sources = {path: Source(path) for path in {row["path"] for row in rows}}
        self.killers = Counter[str]()
        self.traces = Traces()
        if find_spec("torch"):
            import torch  # noqa: F401  # which many tests do, and it takes longer than they
        for source in self.sources.values():
            module(source)
            live(str(source.file))  # once, and not in every fork
        gc.collect()
        gc.freeze()

    def put(self, row: dict[str, Any]) -> tuple[str, int]:
        """What kills it, and of how many tests."""
        source = self.sources[row["path"]]
        one = next(each for each in source.mutants if each.key == row["key"])
        tests, cost = self.concerned(row, source, one)
        said = in_a_fork(lambda: with_it(tests, source, one, cost)) if tests else ""
        if not said.startswith(UNASKED):
            self.killers[said] += 1
        return said, len(tests)

    def concerned(self, row: dict[str, Any], source: Source, one: Mutant) -> tuple[list[Any], dict[str, float]]:
        """In the order in which they are asked, and what each costs, where it was traced."""
        tests = chosen(self.items, row["tests"])
        if not row["traced"]:
            tests.sort(key=lambda item: not self.killers[item.nodeid])  # what found others before is asked first
            return tests, {}
        cost = {}
        for item in tests:
            ran = self.traces.of(item, running)
            if ran.concerns(source, one):
                cost[item.nodeid] = ran.seconds
        tests = [item for item in tests if item.nodeid in cost]
        tests.sort(key=lambda item: cost[item.nodeid])
        while sum(cost[item.nodeid] for item in tests) > row["most"]:
            tests.pop()
        tests.sort(key=lambda item: cost[item.nodeid] / (1 + self.killers[item.nodeid]))
        return tests, cost


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: Any) -> bool:
    path = Path(os.environ["MUTANTS"])
    found: dict[str, str | None] = {}
    asked = Asked(session.items, json.loads(path.read_text(encoding="utf-8")))
    for row in asked.rows:
        said, many = asked.put(row)
        if not said.startswith(UNASKED):
            found[row["key"]] = said or None
        print(row["key"], "—", said or f"survives {many} tests", flush=True)
        path.with_suffix(".killed.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    killers = [item for item in session.items if asked.killers[item.nodeid]]
    failing = in_a_fork(lambda: first_failure(killers), SECONDS * max(1, len(killers)))
    if failing:
        raise pytest.UsageError(f"{failing} fails without a mutant too")
    return True
