"""The README shows the code as it is."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import refdgm
from refdgm.latent.gumbel_softmax import gumbel_softmax

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


def without_annotations(line: str) -> str:
    return re.sub(r": Array\b|: dict\[str, Array\]| -> [^:]+(?=:$)", "", line).strip()


def test_the_reference_shown_is_the_reference():
    shown = [line.strip() for line in blocks("python")[0].splitlines() if line.strip()]
    source = [without_annotations(line) for line in inspect.getsource(gumbel_softmax.body).splitlines()]
    at = 0
    for line in shown:
        assert line in source[at:], f"the README shows {line!r}, which is not (or not there) in the source"
        at = source.index(line, at) + 1
    body = source[source.index("xp = namespace(logits)"):]
    assert [line for line in body if line] == shown[shown.index("xp = namespace(logits)"):]


def test_the_set_up_is_the_first_two_shell_blocks():
    first, second = blocks("sh")[:2]
    assert "refdgm check" in first and "pytest" in second


def test_names_in_the_readme_exist():
    for name in re.findall(r"^from refdgm import (.+)$", README, re.M):
        for part in name.split(","):
            assert hasattr(refdgm, part.strip())


def test_the_usage_runs_as_it_stands():
    names = {}
    exec(blocks("python")[1], names)
    assert names["y"].shape == (1, 3) and names["grads"].keys() == {"mean", "logvar"}


@pytest.mark.needs("torch")
def test_the_candidate_agrees_as_it_stands(tmp_path):
    """With digits lost in places, as the text says."""
    path = tmp_path / "my_losses.py"
    path.write_text(blocks("python")[2], encoding="utf-8")
    check = [sys.executable, "-m", "refdgm", "check", str(path)]
    found = subprocess.run(check, capture_output=True, text=True, encoding="utf-8")
    assert found.returncode == 0, found.stdout + found.stderr
    assert "loses digits" in found.stdout
    assert subprocess.run([*check, "--strict"], capture_output=True).returncode == 1
