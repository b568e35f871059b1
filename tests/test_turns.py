"""By turns every reference is asked what is costly, and at once where it is no longer what was asked."""

import pytest

from refdgm.catalogue import CATALOGUE, FAMILIES
from refdgm.evidence.find import concept

from . import turns


def test_every_so_manieth_and_what_has_changed():
    names, was = list("abcdefg"), dict.fromkeys("abcdef", "same")
    now = lambda name: "other" if name == "e" else "same"
    assert turns.chosen(names, was, now, 3) == {"a", "d", "g", "e"}
    assert turns.chosen(names, was | {"g": "same"}, now, 8) == {"a", "e"}
    assert turns.chosen(names, {}, now, 8) == set(names)
    assert turns.chosen(names, was | {"e": "other", "g": "same"}, now, 3) == {"a", "d", "g"}


@pytest.mark.parametrize("changed", [(), ("judge",), ("maths",), ("maths", "judge")], ids=str)
def test_more_are_asked_where_shared_code_has_changed(monkeypatch, changed):
    was = {**dict.fromkeys(turns.record.AREAS, "one"), **dict.fromkeys(CATALOGUE, "same")}
    monkeypatch.setattr(turns, "everyone", False)
    monkeypatch.setattr(turns.record, "recorded", lambda: was)
    monkeypatch.setattr(turns.record, "digest", lambda name: "same")
    monkeypatch.setattr(turns.record, "shared", lambda area: "another" if area in changed else "one")
    turns.asked.cache_clear(), turns.unchanged.cache_clear()
    many, settled = len(turns.asked()), {name for name in CATALOGUE if turns.settled(name)}
    assert settled == (CATALOGUE.keys() - turns.asked() if "maths" not in changed else set())
    turns.asked.cache_clear(), turns.unchanged.cache_clear()
    assert many == -(-len(CATALOGUE) // (turns.CHANGED if changed else turns.SAME))


def test_in_turn_keeps_order_and_what_belongs_to_a_reference(monkeypatch):
    monkeypatch.setattr(turns, "asked", lambda: frozenset({"softmax", "odeint"}))
    assert turns.in_turn(["odeint", "mlp", "softmax"]) == ["odeint", "softmax"]
    assert turns.in_turn([("mlp", 1), ("softmax", 2)], lambda one: one[0]) == [("softmax", 2)]


def test_a_third_is_of_every_family():
    third = turns.chosen(CATALOGUE, dict.fromkeys(CATALOGUE, "same"), lambda name: "same", turns.CHANGED)
    assert {concept(name).partition(".")[0] for name in third} == set(FAMILIES)
    assert len(third) < len(CATALOGUE) / 2


def test_a_change_of_its_own_files_changes_the_digest(tmp_path, monkeypatch):
    monkeypatch.setattr(turns.record, "ROOT", tmp_path)
    seen = {turns.record.digest("softmax")}
    for file in ("refdgm/primitives/softmax.py", "refdgm/evidence/primitives/softmax/mistakes.py",
                 "refdgm/evidence/primitives/softmax/more.py", "validation/vectors/softmax.json",
                 "docs/derivations/softmax.md", "tests/primitives/test_softmax.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("x = 1\n")
        seen.add(turns.record.digest("softmax"))
    assert len(seen) == 7
    (tmp_path / "refdgm/primitives/mlp.py").write_text("x = 1\n")
    assert turns.record.digest("softmax") in seen


def test_a_change_of_shared_code_changes_the_digest_of_its_area(tmp_path, monkeypatch):
    monkeypatch.setattr(turns.record, "ROOT", tmp_path)
    every = {"refdgm/check/judging/judge.py": "judge", "refdgm/numerics/sums.py": "maths",
             "refdgm/evidence/definitions.py": "maths", "refdgm/reference.py": "maths", "refdgm/cli/show.py": "judge",
             "tests/kit/verify.py": "maths", "tests/check/test_scale.py": "judge",
             "tests/evidence/test_find.py": "judge", "validation/corpus/score.py": "judge",
             "docs/derivation_checker/form.py": "judge"}
    for file, area in every.items():
        before = {each: turns.record.shared(each) for each in ("", "maths", "judge")}
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("x = 1\n")
        changed = {each for each in before if turns.record.shared(each) != before[each]}
        assert changed == {"", area}, file
    before = turns.record.shared()
    for file in ("refdgm/primitives/softmax.py", "tests/primitives/test_softmax.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("x = 1\n")
    assert turns.record.shared() == before


def test_the_record_is_of_references():
    assert set(turns.record.recorded()) <= {*turns.record.AREAS, *CATALOGUE}
