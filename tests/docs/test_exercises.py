"""The quizzes of docs/exercises.md are of mistakes that there are, and their order says nothing."""

import re
from pathlib import Path

import pytest

from refdgm import CATALOGUE
from refdgm.cli.exercise import unfit

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "exercises.md").read_text(encoding="utf-8")
ASKED = re.findall(r"^<!-- quiz (\S+) (\S+) -->$", PAGE, re.M)


@pytest.fixture
def quizzes(monkeypatch):
    pytest.importorskip("mpmath")
    monkeypatch.syspath_prepend(ROOT / "docs")
    import quizzes

    return quizzes


def test_there_are_a_dozen():
    assert len(ASKED) == len({page for page, _ in ASKED}) == 12


def test_they_are_as_the_derivations_have_them(quizzes):
    assert quizzes.written(PAGE) == PAGE, "python docs/quizzes.py makes them anew"
    assert PAGE.count("Which is wrong?") == len(ASKED)


def test_the_order_of_the_lines_tells_nothing(quizzes):
    places = [quizzes.quiz(*one)[3] for one in ASKED]
    assert 4 <= sum(places) <= 8
    for page, step in ASKED:
        _, before, lines, wrong, why = quizzes.quiz(page, step)
        text = (ROOT / "docs" / "derivations" / f"{page}.md").read_text(encoding="utf-8")
        planted = text[:text.index(f"<summary>⚠ <code>{step}</code>")].rpartition("> ⚠")[2]
        assert why in " ".join(planted.replace("\n>", "").split())
        right = text[text.index(f"<summary>✓ <code>{step}</code>"):]
        assert right.index(lines[1 - wrong]) < right.index(lines[wrong])
        assert before.expression in text and lines[0] != lines[1]


def test_what_is_recommended_can_be_begun():
    listed = re.search(r"To begin with:(.*?)\.", PAGE, re.S)[1]
    names = re.findall(r"`(\w+)`", listed)
    assert len(names) == 9 and [unfit(CATALOGUE[name]) for name in names] == [""] * 9


def test_the_mistake_that_it_quotes_is_known():
    from refdgm.evidence import find

    quoted = " ".join(re.search(r"known mistake (gaussian_kl/\w+): (.*?dropped\.)", PAGE, re.S).groups())
    assert " ".join(quoted.split()) in {f"{one.name} {one.what}" for one in find.mistakes("gaussian_kl")}
