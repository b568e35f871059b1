"""By turns every reference is asked what is costly, and at once where it is no longer what was asked."""

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
    """All are asked by eight such digests; what is not in turn is settled."""
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
