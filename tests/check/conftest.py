"""Run `refdgm check` on a module given as text, as a user would: in a process of its own."""

import json
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from typing import Any

import pytest


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


@pytest.fixture
def refdgm_check(tmp_path):
    def run(text: str | None, *options: str) -> Run:
        command = [sys.executable, "-m", "refdgm", "check"]
        if text is not None:
            (tmp_path / "my_losses.py").write_text(textwrap.dedent(text))
            command.append("my_losses.py")
        command += ["--report", "report.json", *options]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
        written = tmp_path / "report.json"
        report = json.loads(written.read_text()) if written.exists() else {"functions": []}
        return Run(done.returncode, done.stdout, done.stderr, report)

    return run
