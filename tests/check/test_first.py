"""What a newcomer sees first: three functions and a verdict of each, in twelve lines of eighty columns."""

from dataclasses import replace
from pathlib import Path

import pytest

from refdgm.check import verdicts
from refdgm.check.candidates import example
from refdgm.cli import check, first
from refdgm.cli.main import main, parser
from refdgm.cli.refused import Refused

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def checked():
    """The three, checked."""
    return check.run(check.plan(parser().parse_args(["check"]))).checked


def test_twelve_lines_that_the_readme_shows(checked, capsys):
    assert first.tell(checked) == 0
    told = capsys.readouterr().out
    assert len(told.splitlines()) == 12 and max(map(len, told.splitlines())) <= 80
    assert told in README


def test_one_is_right_one_is_meant_otherwise_and_one_is_wrong(checked):
    right, meant, wrong = checked
    assert right.verdict == verdicts.AGREES and not right.convention
    assert meant.convention == "logvar is log σ, not log σ²"
    assert wrong.verdict == verdicts.DIFFERS and "the known mistake" in wrong.equals[0][1]
    names = {name for name in vars(example) if name[0] not in "_@"}  # @ is pytest's, where refdgm is a plugin of it
    assert {one.ref.name for one in checked} == names - {"np"}


def test_another_finding_is_a_fault_of_ours(checked):
    right, meant, wrong = checked
    for found in ([right, replace(meant, convention=""), wrong], [wrong, meant, wrong], [right, meant, right],
                  [right, meant, replace(wrong, equals=[])]):
        with pytest.raises(Refused, match="please report it") as refused:
            first.tell(found)
        assert refused.value.code == 6


def test_an_option_is_of_the_definitions():
    for words in (["--definitions"], ["--select", "softmax"], ["--seed", "0"], ["--json"], ["--strict"]):
        assert check.plan(parser().parse_args(["check", *words])).module == check.EMBEDDED
    assert check.plan(parser().parse_args(["check", "--timeout", "9"])).module == check.EXAMPLE


def test_definitions_and_a_module_are_not_asked_together(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text("x = 1\n")
    assert main(["check", "--definitions", "mine.py"]) == 2
    assert "choose" in capsys.readouterr().err
