"""One change at a time: what is changed, that it is put in place and taken out again, and a sample that is noticed."""

import importlib
import json
import os
from pathlib import Path

import pytest

from refdgm.numerics.lerp import half_apart
from refdgm.numerics.winner import winner

ROOT = Path(__file__).parents[2]
TEXT = '''
"""No docstring is changed."""
TABLE = (1, 2.5)
TOLD = f"{TABLE} and 3"


def body(x: float, y: float = 3, *, axis: int = -1) -> float:
    """Nor this one: 1 + 1."""
    if x < y:
        raise ValueError(f"x must be at least {y + 1}")
    z = xp.sum(x - y * 2, axis=-1, dtype=f(1, 2))

    def pullback(z_bar):
        z_bar *= other(z, y)
        return {"x": -z_bar}

    return z, pullback
'''


@pytest.fixture(scope="module")
def make():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        names = ("mutation", "planting", "killing", "mutants", "mutant_tests", "mutants_equivalent", "mutant_tables",
                 "under_tests")
        yield {name: importlib.import_module(f"validation.make.{name}") for name in names}


def test_what_is_changed(make, tmp_path) -> None:
    """And what is not: declarations, defaults, messages, the words of a table, dtypes."""
    path = tmp_path / "written.py"
    path.write_text(TEXT)
    source = make["mutation"].Source(str(path))
    assert [one.key.removeprefix(f"{path}::") for one in source.mutants] == [
        "TABLE: 1 → 2", "TABLE: 2.5 → 5.0",
        "body: x < y → x <= y", "body: x < y → x >= y",
        "body: xp.sum(x - y * 2, axis=-1, dtype=f(1, 2)) → xp.mean(x - y * 2, axis=-1, dtype=f(1, 2))",
        "body: x - y * 2 → x + y * 2", "body: x - y * 2 → y * 2 - x", "body: x - y * 2 → x",
        "body: x - y * 2 → -(y * 2)", "body: y * 2 → y / 2", "body: y * 2 → y", "body: y * 2 → 2", "body: 2 → 3",
        "body: -1 → 0",
        "body.pullback: z_bar *= other(z, y) → z_bar /= other(z, y)", "body.pullback: z_bar *= other(z, y) → nothing",
        "body.pullback: other(z, y) → other(y, z)", "body.pullback: -z_bar → z_bar",
    ]
    unchanged = source.code
    for one in source.mutants:
        assert source.changed(one) != unchanged, one.key
    assert make["mutation"].Source(str(path)).code == unchanged == compile(source.tree, str(path), "exec")


def test_it_is_put_in_place_and_taken_out(make) -> None:
    """Whoever imported the function calls the mutant; a table is another one wherever it is held."""
    source = make["mutation"].Source("refdgm/numerics/lerp.py")
    one = next(each for each in source.mutants if each.key.endswith("half_apart: x / 2 - y / 2 → x / 2 + y / 2"))
    with make["planting"].planted(source, one):
        assert half_apart(4.0, 2.0) == 3
    assert half_apart(4.0, 2.0) == 1
    odeint, tableau = (importlib.import_module(f"refdgm.ode.{name}") for name in ("odeint", "tableau"))
    source = make["mutation"].Source("refdgm/ode/tableau.py")
    one = next(each for each in source.mutants if each.key.endswith("half: 2 → 3"))
    with make["planting"].planted(source, one):
        assert odeint.TABLEAUS is tableau.TABLEAUS and odeint.TABLEAUS["midpoint"].c[1] == tableau.half
        assert tableau.half.denominator == 3
    assert odeint.TABLEAUS is tableau.TABLEAUS and tableau.TABLEAUS["midpoint"].c[1] == tableau.half
    assert tableau.half.denominator == 2


def test_who_names_one_of_several_numbers_rests_on_it(make) -> None:
    source = make["mutation"].Source("refdgm/numerics/polar_factor.py")
    one = next(each for each in source.mutants if each.key.endswith("(UP, ON): 30 → 31"))
    assert make["killing"].resting(source, one) == {"UP", "ON"}
    source = make["mutation"].Source("refdgm/ode/tableau.py")
    one = next(each for each in source.mutants if each.key.endswith("half: 2 → 3"))
    assert {"half", "TABLEAUS"} <= make["killing"].resting(source, one)


def test_the_references_kill_none_of_themselves(make) -> None:
    """Without a mutant nothing differs, and no digit is lost that is not known to be."""
    killing = make["killing"]
    for name in ("softmax", "gaussian_mixture_hessian", "odeint"):
        for tolerance, got, raised in killing.answers(killing.CATALOGUE[name], killing.questions(name)):
            assert not raised
            assert all(outcome.verdict in killing.PASSING for outcome in killing.compare(tolerance, got, []))


def test_what_does_not_end_is_stopped(make) -> None:
    source = make["mutation"].Source("refdgm/numerics/expm1_minus_identity.py")
    one = next(each for each in source.mutants if each.key.endswith("_terms: term > eps → term <= eps"))
    assert make["killing"].killed_by(source, one, ["gaussian_kl"])
    with pytest.raises(make["killing"].Late), make["killing"].limited(0.01):
        while True:
            winner.__name__.upper()


def test_a_sample_is_noticed(make) -> None:
    """By the certified cases; what these let pass is known to be no other function, or to be found by a test."""
    known = {key for row in json.loads(make["mutants"].RECORD.read_text()).values() for key in row["tests"]}
    every = [(source, one) for source in make["killing"].sources().values() for one in source.mutants]
    found = make["mutants"].by_cases(make["mutants"].drawn(every, 25, seed=1))
    asked = [(one.key, killed) for one, names, killed in found if names]
    left = [key for key, killed in asked if killed is None]
    assert len(asked) > 20 and len(left) < 5
    assert [key for key in left if key not in known and key not in make["mutants_equivalent"].EQUIVALENT] == []


def test_a_test_finds_one(make) -> None:
    """In a process of its own, forked from one that has collected the tests; where a function asserts something too,
    whose code pytest would else have written anew."""
    want = {
        "refdgm/numerics/weighted_gram.py::weighted_gram: xp.abs(rows) → rows":
            "tests/numerics/test_weighted_gram.py::test_a_matrix_whose_entries_sum_to_zero",
        "refdgm/check/judging/narrow.py::narrowed: many - 1 → many":
            "tests/check/test_narrow_ends.py::test_one_row_is_enough",
    }
    of = {one.key: one for key in want for one in make["mutation"].Source(key.partition("::")[0]).mutants}
    patterns = ("tests/numerics/*", "tests/check/test_narrow_ends.py::test_one*")
    asked = [(of[key], [pattern]) for key, pattern in zip(want, patterns, strict=True)]
    assert make["mutant_tests"].under_tests(asked) == want


def test_what_cannot_be_planted_is_told_and_is_not_asked(make, monkeypatch) -> None:
    """And what comes after it is."""
    source = make["mutation"].Source("refdgm/numerics/lerp.py")
    gone, one, other = source.mutants[:3]
    monkeypatch.setattr(make["planting"], "live", lambda file: {})
    for name in ("MUTANT", "PYTHONPATH"):  # which it sets for what tests start
        monkeypatch.setenv(name, os.environ.get(name, ""))
    said = make["under_tests"].with_it([], source, gone, {})
    assert said == f"{make['under_tests'].UNASKED}{gone.key} cannot be planted: nothing that runs would change"
    monkeypatch.setattr(make["mutants"], "under_tests", lambda left, most: {one.key: "a test", other.key: None})
    rows = {source.path: make["mutants"].row(source) | {"asked": 3}}
    make["mutants"].settle(rows, [(each, []) for each in (gone, one, other)])
    found = rows[source.path]
    assert (found["asked"], found["tests"], found["alive"]) == (2, {one.key: "a test"}, [other.key])


def test_all_that_is_told_to_be_equivalent_is_a_mutant(make) -> None:
    every = {one.key for part in make["mutants"].PARTS for source in make["mutants"].sources(part)
             for one in source.mutants}
    assert sorted(set(make["mutants_equivalent"].EQUIVALENT) - every) == []
    reasons = make["mutants_equivalent"].REASONS
    assert sum(map(len, reasons.values())) == len(make["mutants_equivalent"].EQUIVALENT) and all(reasons)


def test_no_file_of_the_maths_is_left_out(make) -> None:
    sources = make["killing"].sources().values()
    kept = json.loads(make["mutants"].RECORD.read_text(encoding="utf-8"))
    assert [source.path for source in sources if source.mutants and source.path not in kept] == []


def test_the_table_is_made_of_the_record(make) -> None:
    record = json.loads(make["mutants"].RECORD.read_text(encoding="utf-8"))
    text = make["mutants"].RECORD.with_suffix(".md").read_text(encoding="utf-8")
    assert text == make["mutant_tables"].report(record), "python validation/make/mutants.py --table"
    maths = tuple(f"refdgm/{ring}/" for ring in make["killing"].MATHS)
    assert not [key for path, row in record.items() for key in row["alive"] if path.startswith(maths)]
