"""The attack list names tests and commands that there are and all tricks of docs/threat-model.md; its record is its."""

import importlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def made(monkeypatch):
    monkeypatch.syspath_prepend(ROOT)
    return importlib.import_module("validation.make.attacks")


def test_what_an_attack_names_is_there(made):
    for part in made.PARTS:
        assert made.attacks(part)
        for attack in made.attacks(part):
            assert bool(attack.tests) != bool(attack.command), attack.what
            assert [test for test in attack.tests if not made.ids(test)] == []
            for word in attack.command:
                assert "/" not in word or (ROOT / word).exists(), word


def test_every_trick_is_an_attack(made):
    page = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    named = re.findall(r"\| `(test_\w+)` \|$", page, re.MULTILINE)
    assert len(named) > 15
    assert [attack.tests for attack in made.tricks()] == [(test,) for test in named]


def test_the_record_is_of_this_list(made):
    """And its table is made of it; nothing in it says where it was made."""
    text = (made.REPORTS / "attacks.json").read_text(encoding="utf-8")
    record = json.loads(text)
    assert (made.REPORTS / "attacks.md").read_text(encoding="utf-8") == made.table(record)
    for part, one in record.items():
        assert {each["what"] for each in one["rows"]} == {attack.what for attack in made.attacks(part)}, (
            f"python validation/make/attacks.py --date … --only {part}")
    assert not re.search(r"(?<![\w.])/(?:home|root|tmp|work|usr|opt)\b|https?://", text)


def test_what_is_said_of_an_attack(made):
    here, attack = made.Environment("here"), made.Attack("x", ("test_a", "test_b"))
    of = lambda **came: made.row(attack, here, {f"test_{k}": v for k, v in came.items()})
    both = of(a=[("passed", 1.0)], b=[("passed", 2.0), ("skipped", 0.0)])
    assert (both["outcome"], both["tests"], both["seconds"]) == ("held (1 skipped)", 3, 3)
    assert of(a=[("passed", 1.0)], b=[])["outcome"] == "held (without test_b, which needs a library)"
    assert of(a=[], b=[])["outcome"].startswith("not run here") and of(a=[], b=[])["tests"] == 0
    assert of(a=[("failed", 0.0)], b=[("passed", 0.0)])["outcome"] == "FAILED: test_a"
    absent = made.row(attack, made.Environment("Python 3.99", why_not="there is none"), {})
    assert absent["outcome"] == "not run here: there is none"


def test_a_command_that_fails_is_told(made, capsys):
    attack = made.Attack("x", command=("-c", "print('a'); raise SystemExit(3)"), told=True)
    row = made.row(attack, made.Environment("here"), {})
    assert row["outcome"] == "FAILED with exit code 3" and row["told"] == ["a"] and "a" in capsys.readouterr().out


def test_chosen_tests_are_run_and_no_others(made):
    """Of parameters, those that begin so; what is not there for want of a library is no error."""
    chosen = ["test_wrt_that_names_nothing[3", "test_wrt_that_names_nothing[no such parameter"]
    found = made.by_tests(made.Environment("here"), chosen)
    assert [how for how, _ in found[chosen[0]]] == ["passed"] and found[chosen[1]] == []
