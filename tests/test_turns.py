"""By turns every reference is asked what is costly, and at once where it is no longer what was asked."""

import json
import os
import subprocess
import sys
from types import ModuleType

import pytest

from refdgm.catalogue import CATALOGUE, FAMILIES
from refdgm.evidence.find import concept

from . import turns


def test_every_so_manieth_and_what_has_changed(monkeypatch):
    names, was = list("abcdefg"), dict.fromkeys("abcdef", "same")
    now = lambda name: "other" if name == "e" else "same"
    monkeypatch.setattr(turns, "EVERY", 3)
    assert turns.chosen(names, was, now) == {"a", "d", "g", "e"}
    assert turns.chosen(names, was, now, 4) == {"b", "e", "g"}
    assert turns.chosen(names, {}, now) == set(names)
    assert turns.chosen(names, was | {"e": "other", "g": "same"}, now, 2) == {"c", "f"}


@pytest.mark.parametrize("code", ["00", "01", "0d", "ff"])
def test_other_code_asks_others_and_no_part_of_them_is_more(monkeypatch, code):
    """All are asked by as many such digests; what is not in turn is settled."""
    was = dict.fromkeys(CATALOGUE, "same")
    monkeypatch.setattr(turns, "everyone", False)
    monkeypatch.setattr(turns.record, "recorded", lambda: was)
    monkeypatch.setattr(turns.record, "digest", lambda name: "same")
    monkeypatch.setattr(turns.record, "shared", lambda: code)
    turns.asked.cache_clear()
    asked, settled = turns.asked(), {name for name in CATALOGUE if turns.settled(name)}
    turns.asked.cache_clear()
    assert settled == CATALOGUE.keys() - asked
    assert asked == {name for n, name in enumerate(CATALOGUE) if n % turns.EVERY == int(code, 16) % turns.EVERY}


def test_in_turn_keeps_order_and_what_belongs_to_a_reference(monkeypatch):
    monkeypatch.setattr(turns, "asked", lambda: frozenset({"softmax", "odeint"}))
    assert turns.in_turn(["odeint", "mlp", "softmax"]) == ["odeint", "softmax"]
    assert turns.in_turn([("mlp", 1), ("softmax", 2)], lambda one: one[0]) == [("softmax", 2)]


@pytest.mark.parametrize("first", range(turns.EVERY))
def test_each_part_is_of_nearly_every_family(first):
    part = turns.chosen(CATALOGUE, dict.fromkeys(CATALOGUE, "same"), lambda name: "same", first)
    assert len({concept(name).partition(".")[0] for name in part}) >= len(FAMILIES) - 4
    assert len(part) <= -(-len(CATALOGUE) // turns.EVERY)


def test_a_change_of_its_own_code_changes_the_digest(tmp_path, monkeypatch):
    """What is written about it does not, in comments, docstrings or between the blocks of its page."""
    monkeypatch.setattr(turns.record, "ROOT", tmp_path)
    seen = {turns.record.digest("softmax")}
    for file in ("refdgm/primitives/softmax.py", "refdgm/evidence/primitives/softmax/mistakes.py",
                 "refdgm/evidence/primitives/softmax/more.py", "validation/vectors/softmax.json",
                 "docs/derivations/softmax.md", "tests/primitives/test_softmax.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        code = "```python\nx = 1\n```\n" if file.endswith(".md") else "x = 1\n"
        (tmp_path / file).write_text(code)
        seen.add(turns.record.digest("softmax"))
        prose = f'"""Words.\n\nMore."""\n\n{code}' if file.endswith(".py") else f"Words.\n{code}\nMore.\n"
        (tmp_path / file).write_text(code if file.endswith(".json") else prose)
        assert turns.record.digest("softmax") in seen
    assert len(seen) == 7
    (tmp_path / "refdgm/primitives/mlp.py").write_text("x = 1\n")
    assert turns.record.digest("softmax") in seen


def test_code_is_what_is_left_of_a_program():
    text = '''"""About it."""

# a word
HASH = "# 1"  # why


class Law:
    """Of it."""

    def of(self, x="""not one"""):
        """Two
        lines."""
        def inner():
            """One."""
            return x
        return """none  either"""
'''
    left = ['HASH = "# 1"', "class Law:", '    def of(self, x="""not one"""):', "        def inner():",
            "            return x", '        return """none  either"""']
    assert turns.record.code(text).split("\n") == left


def test_a_change_of_shared_code_changes_its_digest(tmp_path, monkeypatch):
    monkeypatch.setattr(turns.record, "ROOT", tmp_path)
    for file in ("refdgm/check/judging/judge.py", "refdgm/numerics/sums.py", "tests/kit/verify.py",
                 "tests/check/test_scale.py", "validation/corpus/score.py", "refdgm/primitives/softmax.py",
                 "tests/primitives/test_softmax.py"):
        before = turns.record.shared()
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("x = 1\n")
        assert (turns.record.shared() == before) is file.endswith("softmax.py"), file


def test_the_record_is_of_references():
    assert set(turns.record.recorded()) <= set(CATALOGUE)


class Item:
    """What of one of pytest's is read."""

    def __init__(self, file, test, module):
        self.nodeid, self.path, self.module = f"{file}::{test}", turns.ROOT / file, module


def modules():
    """Tests that go by the references' turns, and others."""
    by, plain = ModuleType("by"), ModuleType("plain")
    by.in_turn = turns.in_turn
    plain.json = json
    return by, plain


def test_of_costly_tests_one_in_ten_is_asked(monkeypatch):
    """Whatever else is asked with them; what is cheap, new, of a changed reference or by references is asked always."""
    by, plain = modules()
    costly = [f"test_{n:02}" for n in range(13)]
    known = {"tests/check/test_slow.py": {test: 9.0 - n / 2 for n, test in enumerate(costly)},
             "tests/check/test_corpus.py": {"test_0": 9.0},
             "tests/primitives/test_softmax.py": {"test_0": 3.0}, "tests/docs/test_manual.py": {"test_0": 99.0}}
    monkeypatch.setattr(turns.record, "costly", lambda: known)
    monkeypatch.setattr(turns, "asked", lambda: frozenset({"softmax"}))
    items = [*(Item("tests/check/test_slow.py", test, plain) for test in [*costly, "test_new"]),
             Item("tests/check/test_corpus.py", "test_0", by), Item("tests/docs/test_manual.py", "test_0", plain),
             Item("tests/primitives/test_softmax.py", "test_0", plain)]
    seen = []
    for first in range(10):
        monkeypatch.setattr(turns.record, "shared", lambda first=first: f"{first:x}")
        out = {one.nodeid for one in turns.others_turn(iter(items))}
        assert "tests/docs/test_manual.py::test_0" in out
        waiting = {nodeid.partition("::")[2] for nodeid in out - {"tests/docs/test_manual.py::test_0"}}
        asked = {first, 19 - first}  # to and fro
        assert waiting == {test for n, test in enumerate(costly) if n not in asked}
        seen += {*costly} - waiting
    assert sorted(seen) == costly
    monkeypatch.setattr(turns, "asked", lambda: frozenset())
    assert len(turns.others_turn(items)) == 12 + 1  # and that of softmax is one of fourteen


def test_what_a_run_of_the_suite_leaves_is_asked_by_ci():
    ci = (turns.ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert all((turns.ROOT / file).exists() and f"pytest -q -n 0 {file}\n" in ci for file in turns.NAMED)


def test_a_file_that_is_another_has_no_costs(tmp_path, monkeypatch):
    monkeypatch.setattr(turns.record, "ROOT", tmp_path)
    monkeypatch.setattr(turns.record, "RECORD", tmp_path / "turns.json")
    assert turns.record.costly() == {} == turns.record.recorded()
    (tmp_path / "test_a.py").write_text("x = 1\n")
    (tmp_path / "1.jsonl").write_text("".join(json.dumps(each) + "\n" for each in [
        ["test_a.py::test_one[a::b]", 1.04], ["test_a.py::test_two", 0.2]]))
    found = turns.record.measured(tmp_path)
    turns.record.RECORD.write_text(json.dumps({"asked": {}, "costly": found}))
    assert turns.record.costly() == {"test_a.py": {"test_one[a::b]": 1.0}}
    (tmp_path / "test_a.py").write_text("x = 2\n")
    assert turns.record.costly() == {}


def test_a_page_that_is_another_is_asked_about(tmp_path, monkeypatch):
    """test_any_language.py is about any-language.md; what is no page, or no test of pages, rests on itself alone."""
    monkeypatch.setattr(turns.record, "ROOT", tmp_path)
    for folder in ("docs", "tests/docs", "tests/check"):
        (tmp_path / folder).mkdir(parents=True)
    files = ("tests/docs/test_any_language.py", "tests/docs/test_other.py", "tests/check/test_any_language.py")
    for name in (*files, "docs/any-language.md"):
        (tmp_path / name).write_text("x = 1\n")
    before = [turns.record.tested(name) for name in files]
    (tmp_path / "docs" / "any-language.md").write_text("x = 2\n")
    after = [turns.record.tested(name) for name in files]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, True, True]


def test_costs_are_told_anew_of_what_has_changed(tmp_path, monkeypatch):
    """Of a file that is as it was the costs stay, for a run asks a part of it; one that is gone has none."""
    monkeypatch.setattr(turns.record, "ROOT", tmp_path)
    for name in "abc":
        (tmp_path / name).write_text(name)
    now = {name: {"digest": turns.record._of([tmp_path / name]), "seconds": {"test": 9.0}} for name in "abc"}
    was = {"a": now["a"] | {"seconds": {"test": 1.0}}, "b": {"digest": "another", "seconds": {"test": 1.0}},
           "c": {"digest": "another", "seconds": {}}, "d": {"digest": "of what is gone", "seconds": {}}}
    assert turns.record.renewed(was, {"a": now["a"], "b": now["b"]}) == {"a": was["a"], "b": now["b"]}


def test_costs_are_those_of_all_processes(tmp_path):
    """Of the test's own and of those that it waited for; which module goes by references its imports tell."""
    (tmp_path / "test_it.py").write_text("""import subprocess, sys

def test_busy():
    subprocess.run([sys.executable, "-c", "while __import__('time').process_time() < 0.5: pass"], check=True)

def test_idle():
    assert True
""")
    subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "validation.make.costs", "test_it.py"], check=True,
                   cwd=tmp_path, stdout=subprocess.DEVNULL,
                   env=os.environ | {"COSTS": str(tmp_path), "PYTHONPATH": str(turns.ROOT)})
    [file] = tmp_path.glob("*.jsonl")
    (busy, long), (idle, short) = map(json.loads, file.read_text().splitlines())
    assert busy.endswith("::test_busy") and idle.endswith("::test_idle") and long > 0.4 > 0.25 > short
    by, plain = modules()
    assert turns.by_references(by) and not turns.by_references(plain) and not turns.by_references(sys.modules["json"])


@pytest.mark.parametrize("words, asked", [
    ((), False), (("tests/check/test_plugin.py", "tests/check/test_told.py"), True), (("--all-references",), True),
])
def test_what_is_named_is_asked(words, asked, tmp_path):
    """A run of the whole suite says how many costly tests wait."""
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-n", "0", "--collect-only", "-p", "no:cacheprovider",
                           "-o", "testpaths=tests/check/test_plugin.py", *words],
                          cwd=turns.ROOT, capture_output=True, text=True, check=True)
    assert ("by turns: " in done.stdout) is not asked
