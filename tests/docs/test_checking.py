"""The candidates shown in the manual agree."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from refdgm.check.candidates.entry import KEYS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "checking-your-code.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```python\n# (\w+\.py)\n(.*?)^```$", PAGE, re.M | re.S))


def test_there_are_examples():
    assert len(FILES) == 3


@pytest.mark.parametrize("name", FILES)
def test_example_agrees(name, tmp_path):
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    command = [sys.executable, "-m", "refdgm", "check", str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    agree = re.search(r"(\d) of (\d) functions agree", done.stdout)
    assert agree and agree[1] == agree[2] and "differs" not in done.stdout


def test_the_table_has_all_keys():
    told = re.findall(r"^\| (`.*?`) \|", PAGE, re.M)
    assert {word.strip("`") for row in told for word in row.split(", ")} == {*KEYS}
