"""The README shows the code as it is."""

import inspect
import re
from pathlib import Path

import refdgm
from refdgm.latent.gumbel import gumbel_softmax

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
