"""The attack list, made again: what it is and what came of it, written to validation/reports/attacks.md and .json.

    python validation/make/attacks.py --date 2026-11-29                  # all of it, about half an hour
    python validation/make/attacks.py --date 2026-11-29 --only reports   # this part (may be repeated); others stay
    python validation/make/attacks.py                                    # all of it, and nothing is written

The list is validation/make/attack_list.py, and the table of docs/threat-model.md. Every part runs in processes of its
own, in each of its environments: here; where nothing but ASCII can be printed; with the instructions of older
processors alone; and with every other Python from 3.11 on that is on the PATH or among those of pyenv, in a copy of
this checkout and a fresh virtual environment, which takes its packages from the index.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from validation.make.attack_list import ASCII, MASKED, PARTS, PYTHONS, Attack  # noqa: E402

REPORTS = ROOT / "validation" / "reports"
CHOSEN = "ATTACKS_CHOSEN"  # node ids, for validation/make/chosen.py
LONGEST, TOO_LONG = 3600.0, 124  # seconds that a process may take, and the exit code of one that takes more
LEAST = (3, 11)
SINGLE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
HELD, NOT_RUN = "held", "not run here"
Row = dict[str, Any]  # of the record: what, where, outcome, tests, seconds, and lines that were told


@dataclass(frozen=True)
class Environment:
    """Where an attack is made: a Python, a folder, variables; or why it cannot be made there."""

    name: str
    python: str = sys.executable
    folder: Path = ROOT
    variables: dict[str, str] = field(default_factory=dict)
    why_not: str = ""

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        variables = os.environ | SINGLE | self.variables | more
        try:
            return subprocess.run([self.python, *words], cwd=self.folder, env=variables, capture_output=True, text=True,
                                  errors="replace", timeout=LONGEST, check=False)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(words, TOO_LONG, "", "it did not end")

    def described(self) -> str:
        """Python, NumPy, and the level of instructions that its loops choose from."""
        code = ("import platform, numpy; from validation.make.accuracy import level; "
                "print('Python', platform.python_version() + ', NumPy', numpy.__version__ + ',', level())")
        return f"{self.name}: {self.run('-c', code).stdout.strip()}"


def maskings() -> Iterator[Environment]:
    """From the newest instructions to none beyond the baseline, with those of libm, OpenBLAS and PyTorch."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    there = [name for name in __cpu_dispatch__ if __cpu_features__.get(name)]
    oldest = {"OPENBLAS_CORETYPE": "Nehalem", "ATEN_CPU_CAPABILITY": "default",
              "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F"} if platform.machine() == "x86_64" else {}
    if not there:
        yield Environment(MASKED, why_not="NumPy has no instructions here that could be masked")
    for first in range(len(there) - 1, -1, -1):
        masked = {"NPY_DISABLE_CPU_FEATURES": " ".join(there[first:])}
        yield Environment(f"without {' '.join(there[first:])}", variables=masked | (oldest if first == 0 else {}))


def version(python: str) -> tuple[int, ...]:
    """Of an interpreter, or nothing where it does not start."""
    code = "import sys; print(*sys.version_info[:3])"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return ()
    return tuple(map(int, done.stdout.split())) if done.returncode == 0 else ()


def other_pythons() -> dict[tuple[int, ...], str]:
    """The newest of each minor version but that of this process."""
    named = [Path(folder) / name for folder in os.get_exec_path() if Path(folder).is_dir()
             for name in os.listdir(folder) if re.fullmatch(r"python3\.\d+", name)]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = {version(str(path)): str(path) for path in (*named, *pyenv.glob("3.*/bin/python"))}
    mine = sys.version_info[:2]
    newest = {each[:2]: each for each in sorted(found) if each >= LEAST and each[:2] != mine}
    return {each: found[each] for each in newest.values()}


@contextmanager
def installed(python: str, name: str) -> Iterator[Environment]:
    """A fresh environment of another Python, and a copy of this checkout, installed there as the README says."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, text=True, check=True).stdout.split("\0")
    with tempfile.TemporaryDirectory() as folder:
        copy, bare = Path(folder) / "checkout", Path(folder) / "venv"
        for file in filter(lambda file: file and (ROOT / file).is_file(), listed):
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, copy / file)
        steps = ([python, "-m", "venv", str(bare)],
                 [str(bare / "bin" / "python"), "-m", "pip", "install", "-q", "-e", f"{copy}[test]"])
        done = [subprocess.run(step, capture_output=True, check=False).returncode for step in steps]
        why_not = "its packages could not be installed" if any(done) else ""
        yield Environment(name, str(bare / "bin" / "python"), copy, why_not=why_not)


@contextmanager
def environments(where: str) -> Iterator[Iterator[Environment]]:
    """Those of a kind, one after the other."""
    if where == PYTHONS:
        yield pythons()
    elif where == MASKED:
        yield maskings()
    else:
        spoken = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"} if where == ASCII else {}
        yield iter([Environment(where, variables=spoken)])


def pythons() -> Iterator[Environment]:
    """Each is gone when the next is asked for."""
    found = other_pythons()
    if not found:
        yield Environment(PYTHONS, why_not="there is no other Python")
    for each, python in found.items():
        with installed(python, f"Python {each[0]}.{each[1]}") as environment:
            yield environment


@cache
def files() -> dict[str, tuple[str, ...]]:
    """By the name of a test, those that have one of it."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE):
            found.setdefault(name, []).append(path.relative_to(ROOT).as_posix())
    return {name: tuple(paths) for name, paths in found.items()}


def ids(test: str) -> list[str]:
    """pytest's, of the tests of a name, perhaps with the beginning of their parameters."""
    return [f"{path}::{test}" for path in files().get(test.partition("[")[0], ())]


def tricks() -> tuple[Attack, ...]:
    """The table of docs/threat-model.md."""
    page = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \|[^|]+\| `(test_\w+)` \|$", page, re.MULTILINE)
    return tuple(Attack(what, (test,)) for what, test in rows)


def attacks(part: str) -> tuple[Attack, ...]:
    return PARTS[part].attacks or tricks()


def by_tests(environment: Environment, tests: list[str]) -> dict[str, list[tuple[str, float]]]:
    """(what came of it, seconds) of every test of these names, in one process of pytest."""
    found: dict[str, list[tuple[str, float]]] = {test: [] for test in tests}
    named = {each: test for test in tests for each in ids(test)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tests.xml"
        done = environment.run("-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-p",
                               "validation.make.chosen", f"--junitxml={path}",
                               *sorted({each.partition("::")[0] for each in named}), **{CHOSEN: "\n".join(named)})
        if done.returncode not in (0, 1, 5) or not path.exists():
            print(done.stdout[-2000:], done.stderr[-2000:], flush=True)
            return {test: [("pytest did not run", 0.0)] for test in tests}
        for case in ElementTree.parse(path).getroot().iter("testcase"):
            name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
            came = "failed" if case.find("failure") is not None or case.find("error") is not None else (
                "skipped" if case.find("skipped") is not None else "passed")
            for each, test in named.items():
                if name == each or name.startswith(each if "[" in each else f"{each}["):
                    found[test].append((came, float(case.get("time", 0))))
    return found


def row(attack: Attack, environment: Environment, found: dict[str, list[tuple[str, float]]]) -> Row:
    """What came of one attack in one environment."""
    base: Row = {"what": attack.what, "where": environment.name, "tests": 0, "seconds": 0, "told": []}
    if environment.why_not:
        return base | {"outcome": f"{NOT_RUN}: {environment.why_not}"}
    if attack.command:
        started = time.monotonic()
        done = environment.run(*attack.command)
        if done.returncode:
            print(done.stdout[-2000:], done.stderr[-2000:], flush=True)
        return base | {"outcome": f"FAILED with exit code {done.returncode}" if done.returncode else HELD, "tests": 1,
                       "seconds": round(time.monotonic() - started),
                       "told": done.stdout.strip().splitlines() if attack.told else []}
    came = [(test, *one) for test in attack.tests for one in found[test]]
    lacking = [test for test in attack.tests if not found[test]]
    failed = sorted({test for test, how, _ in came if how not in ("passed", "skipped")})
    skipped = sum(how == "skipped" for _, how, _ in came)
    notes = [f"{skipped} skipped"] * bool(skipped) + [f"without {test}, which needs a library" for test in lacking]
    held = f"{HELD} ({'; '.join(notes)})" if notes else HELD
    nothing = f"{NOT_RUN}: a library is missing, or the system is another"
    outcome = f"FAILED: {', '.join(failed)}" if failed else held if len(came) > skipped else nothing
    return base | {"outcome": outcome, "tests": len(came), "seconds": round(sum(each[2] for each in came))}


def made(part: str, date: str) -> dict[str, Any]:
    """The record of a part."""
    rows: list[Row] = []
    told: list[str] = []
    for where in PARTS[part].where:
        with environments(where) as several:
            for environment in several:
                tests = [test for attack in attacks(part) for test in attack.tests]
                found = by_tests(environment, tests) if tests and not environment.why_not else {}
                rows += [row(attack, environment, found) for attack in attacks(part)]
                told += [] if environment.why_not else [environment.described()]
                for each in rows[-len(attacks(part)):]:
                    print(f"  {each['where']}: {each['what']}: {each['outcome']}", flush=True)
    libc = " ".join(platform.libc_ver()).strip()
    return {"date": date, "platform": f"{platform.system()} on {platform.machine()}{', ' + libc if libc else ''}",
            "environments": told, "rows": rows}


def table(record: dict[str, Any]) -> str:
    """The record for readers."""
    lines = ["# The attack list", "",
             "What somebody might do to have a wrong function called right, a right one called wrong, a file "
             "overwritten or a machine exhausted; made again, part by part, by "
             "`python validation/make/attacks.py --date …`.", ""]
    for name, part in PARTS.items():
        lines += [f"## {part.what} (`{name}`)", ""]
        if name not in record:
            lines += ["Not run.", ""]
            continue
        one = record[name]
        lines += [f"{one['date']}, {one['platform']}; {'; '.join(one['environments']) or 'nowhere'}.", "",
                  "| attack | where | outcome | tests | seconds |", "|---|---|---|---|---|"]
        lines += [f"| {each['what'].replace('|', '/')} | {each['where']} | {each['outcome']} | {each['tests']} | "
                  f"{each['seconds']} |" for each in one["rows"]]
        lines += ["", *(f"* {line}" for each in one["rows"] for line in each["told"]),
                  *([""] if any(each["told"] for each in one["rows"]) else [])]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", help="the day to write into the record, YYYY-MM-DD; without it nothing is written")
    parser.add_argument("--only", nargs="+", action="extend", choices=list(PARTS), help="these parts")
    chosen = parser.parse_args()
    path = REPORTS / "attacks.json"
    record = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    failed = 0
    for name in chosen.only or PARTS:
        print(f"== {PARTS[name].what}", flush=True)
        record[name] = made(name, chosen.date or "today")
        failed += sum(each["outcome"].startswith("FAILED") for each in record[name]["rows"])
        if chosen.date:
            path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            (REPORTS / "attacks.md").write_text(table(record), encoding="utf-8")
    print(f"{failed} attacks failed" if failed else "every attack that could be made here held")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
