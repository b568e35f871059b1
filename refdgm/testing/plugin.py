"""For pytest: `pytest --refdgm my_losses.py` has one test for every case, `my_losses.py::gaussian_kl/013`.

It is loaded in every run of pytest where refdgm is installed, and so imports nothing but pytest; the engine comes with
the first file of candidates.
"""

from pathlib import Path
from typing import Any

import pytest

NAMED = pytest.StashKey[list[Path]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The words of the command line, and the settings of the same names."""
    group = parser.getgroup("refdgm", "refdgm, a judge of generative-model code")
    group.addoption("--refdgm", action="append", metavar="FILE", default=[],
                    help="a file of candidates: one test for every case; without other paths nothing else is run")
    group.addoption("--refdgm-dtype", metavar="NAMES", help="as --dtype of refdgm check: float32,float64")
    group.addoption("--refdgm-strict", action="store_true", help="as --strict of refdgm check")
    group.addoption("--refdgm-timeout", type=float, metavar="S", help="as --timeout of refdgm check, seconds a case")
    group.addoption("--refdgm-memory", type=float, metavar="GIB", help="as --memory of refdgm check")
    parser.addini("refdgm_candidates", "files of candidates, asked in every run", type="args", default=[])
    parser.addini("refdgm_dtype", "as --refdgm-dtype", default="")
    parser.addini("refdgm_timeout", "as --refdgm-timeout", default="60")
    parser.addini("refdgm_memory", "as --refdgm-memory", default="16")


def pytest_configure(config: pytest.Config) -> None:
    """The files are among what is collected."""
    asked = [config.invocation_params.dir / name for name in config.getoption("--refdgm")]
    always = [config.rootpath / name for name in config.getini("refdgm_candidates")]
    for path in asked + always:
        if not path.is_file():
            raise pytest.UsageError(f"refdgm: there is no file {path.name} of candidates")
    config.stash[NAMED] = [path.resolve() for path in asked + always]
    given = config.args if config.args_source is config.ArgsSource.ARGS else []
    before = given if asked else config.args
    there = {(config.invocation_params.dir / word.partition("::")[0]).resolve() for word in before}
    more = [str(path) for path in dict.fromkeys(asked + always) if path.resolve() not in there]
    config.args = [*before, *more]


def pytest_collect_file(file_path: Path, parent: Any) -> Any:
    """Where it is found in a folder, and is called like no module of tests."""
    patterns = parent.config.getini("python_files")
    if parent.session.isinitpath(file_path) or any(file_path.match(pattern) for pattern in patterns):
        return None
    return pytest_pycollect_makemodule(file_path, parent)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: Any) -> Any:
    """In place of a module of tests, which would be imported here."""
    if module_path.resolve() not in parent.config.stash.get(NAMED, []):
        return None
    from refdgm.testing.collected import Candidates

    return Candidates.from_parent(parent, path=module_path)
