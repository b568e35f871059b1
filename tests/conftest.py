"""How the suite runs: on all cores, without what is not installed, on a GPU if asked, how many examples."""

import os
import shutil
import signal
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}  # a shared machine has no clock
settings.register_profile("dev", max_examples=30, **COMMON)
settings.register_profile("ci", max_examples=30, derandomize=True, database=None, **COMMON)
settings.register_profile("long", max_examples=1000, **COMMON)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


os.environ.setdefault("OMP_NUM_THREADS", "1")  # one process a core, and one thread a process
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # begun in the background, where it is for whatever is started
    signal.signal(signal.SIGINT, signal.default_int_handler)
os.environ.pop("COLUMNS", None)  # which pytest-xdist sets: a report is as wide as a test says, or a file

if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):  # a hundred processes would compile torch and us, each anew
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode"))

PROGRAMS = {"C": ("cc",), "C++": ("g++", "clang++"), "Chromium": ("chromium", "google-chrome"), "Node": ("node",),
            "Rust": ("rustc",)}
LACKING = pytest.StashKey[Counter]()
WAITING = "costly"  # in what is lacking: whose turn it is not
LONG = {"check", "docs", "evidence", "stress", "vectors"}  # first, so that no long module runs alone at the end


def pytest_addoption(parser):
    parser.addoption("--all-references", action="store_true", help="ask of all references what is asked by turns")
    parser.addoption("--backend", choices=("numpy", "cupy"), default="numpy", help="cupy: also every case on the GPU")


def pytest_configure(config):
    from . import turns

    turns.everyone = config.getoption("--all-references") or bool(config.option.keyword)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """As many processes as cores, where pytest-xdist is there and nothing else was said; tests of one class or module
    stay together, for they share what is costly, in the order of `LONG`, not of how many they are. `-n 0`, `--pdb` and
    `-p no:xdist` run in one process, as a GPU is."""
    option = config.option
    if hasattr(option, "numprocesses") and not hasattr(config, "workerinput"):
        if option.numprocesses is None:
            option.numprocesses = "auto" if option.backend == "numpy" else 0
        option.dist = "loadscope" if option.dist == "no" else option.dist
        option.loadscopereorder = False


@cache
def there(what):
    """Whether a library can be imported, or a program started."""
    return any(map(shutil.which, PROGRAMS[what])) if what in PROGRAMS else find_spec(what) is not None


def pytest_collection_modifyitems(config, items):
    """What cannot run here, without a GPU or a library, is not there, rather than skipped by the dozen; nor is what
    belongs to the long run, unless `-m long` asks for it."""
    from . import turns

    without = {"gpu"} if config.getoption("--backend") == "numpy" else set()
    without |= {"long"} - set(config.option.markexpr.split())
    lacking, out = config.stash.setdefault(LACKING, Counter()), set()
    for item in items:
        absent = {what for mark in item.iter_markers("needs") for what in mark.args if not there(what)}
        lacking.update(absent)
        if absent or any(map(item.get_closest_marker, without)):
            out.add(item)
    if not turns.everyone and config.args == config.getini("testpaths"):
        waiting = turns.others_turn(item for item in items if item not in out)
        lacking[WAITING], out = len(waiting), out | waiting
    config.hook.pytest_deselected(items=[item for item in items if item in out])
    items[:] = sorted((item for item in items if item not in out), key=lambda item: item.path.parent.name not in LONG)


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["lacking"] = dict(session.config.stash[LACKING])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Every process collects the same tests: what one of them lacks is told once."""
    if hasattr(node, "workeroutput"):
        node.config.stash[LACKING] = Counter(node.workeroutput.get("lacking", {}))


def pytest_terminal_summary(terminalreporter, config):
    for what, many in config.stash.get(LACKING, {}).items():
        if what == WAITING:
            terminalreporter.write_line(f"by turns: {many} costly tests deselected, --all-references asks them")
            continue
        terminalreporter.write_line(f"{what} is not installed: {many} tests deselected")


@pytest.fixture
def rng():
    """Numbers for laws: the same in every run."""
    import numpy as np

    return np.random.Generator(np.random.Philox(key=20))
