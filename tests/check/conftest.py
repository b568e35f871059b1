"""Run `refdgm check` on a module given as text, as a user would; the candidate in a process of its own, as always."""

import contextlib
import io
import json
import textwrap
from dataclasses import dataclass
from typing import Any

import pytest

from refdgm.check.judging.once import measuring_together
from refdgm.cli.main import main


@dataclass
class Run:
    """What came of it."""

    code: int
    text: str
    errors: str
    report: dict[str, Any]

    def verdict(self, name: str) -> str:
        return next(f["verdict"] for f in self.report["functions"] if f["reference"] == name)

    def equals(self, name: str) -> str:
        found = next(f["equals"] for f in self.report["functions"] if f["reference"] == name)
        return json.dumps(found, ensure_ascii=False)


@pytest.fixture(scope="module")
def measured_together():
    """Many candidates of one reference are held to one tolerance, which is then measured once in a module."""
    with measuring_together():
        yield


@pytest.fixture
def refdgm_check(tmp_path, monkeypatch):
    """The command in this process, for a hundred tests ask it and most of a start is imports. As a shell starts it, it
    is in test_reports.py and test_processes.py."""

    def run(text: str | None, *options: str) -> Run:
        words = ["check"]
        if text is not None:
            (tmp_path / "my_losses.py").write_text(textwrap.dedent(text))
            words.append("my_losses.py")
        out, err = io.StringIO(), io.StringIO()
        with monkeypatch.context() as there, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            there.chdir(tmp_path)
            try:
                code = main([*words, "--report", "report.json", *options])
            except SystemExit as stopped:
                code = stopped.code
        written = tmp_path / "report.json"
        report = json.loads(written.read_text()) if written.exists() else {"functions": []}
        return Run(code, out.getvalue(), err.getvalue(), report)

    return run
