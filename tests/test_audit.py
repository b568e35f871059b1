"""What the audit of kernel judges says is what its rules do, and its record and page are of these rules."""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest

from refdgm import CATALOGUE

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "kernel-judges.md"


@pytest.fixture(scope="module")
def audit():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        yield importlib.import_module("validation.make.audit")


@pytest.fixture(scope="module")
def rules(audit):
    return importlib.import_module("validation.make.audit_rules")


@pytest.fixture(scope="module")
def kept(audit):
    return json.loads(audit.RECORD.read_text(encoding="utf-8"))["kernels"]


RIGHT = np.float32([100.0, 1.0, 1e-3, 0.0])
FAULTS = {  # what each rule is for, by how far off each element is
    "off by 1e-2 of the largest": [1.0, 0, 0, 0],
    "a small one doubled": [0, 0, 1e-3, 0],
    "a half added": [0, 0.5, 0, 0],
    "off by 5e-5": [0, 5e-5, 0, 0],
    "off by 5e-6": [0, 5e-6, 0, 0],
    "nothing": [0, 0, 0, 0],
}
ACCEPTED = {
    "kernelbench_first": {"off by 1e-2 of the largest", "a small one doubled", "off by 5e-5", "off by 5e-6", "nothing"},
    "kernelbench": {"off by 5e-5", "off by 5e-6", "nothing"},
    "flashinfer": {"off by 1e-2 of the largest", "a small one doubled", "off by 5e-5", "off by 5e-6", "nothing"},
    "robust_kbench": {"off by 5e-6", "nothing"},
    "tritonbench": {"off by 5e-6", "nothing"},
    "gpu_mode": {"off by 5e-6", "nothing"},
}


@pytest.mark.parametrize("judge", ACCEPTED)
def test_a_rule_accepts_what_it_says(rules, judge):
    law = rules.judges()[judge].law
    assert {name for name, off in FAULTS.items() if law.accepts(RIGHT + np.float32(off), RIGHT)} == ACCEPTED[judge]


def test_both_errors_or_their_sum(rules):
    """Off by 0.015 of one: within the sum 0.02, beyond both of 0.01."""
    right, got = np.float32([1.0]), np.float32([1.015])
    assert rules.judges()["kernelbench_first"].law.accepts(got, right)
    assert not rules.judges()["flashinfer"].law.accepts(got, right)


def test_a_share_of_the_elements(rules):
    law, right = rules.judges()["sol"].law, np.ones(1000, np.float32)
    for many, accepted in ((10, True), (11, False)):
        got = right.copy()
        got[:many] = 7
        assert law.accepts(got, right) is accepted
    small = 1e-3 * right
    assert law.accepts(2 * small, small) and not law.accepts(0 * small, small)
    assert law.accepts(0 * small, 0 * small) and not law.accepts(np.where(small > 0, np.inf, 0), small)


def test_not_a_number_is_accepted_by_none(rules):
    right = np.ones(4, np.float32)
    got = np.float32([1, 1, 1, np.nan])
    assert not any(judge.law.accepts(got, right) or judge.law.accepts(right[:3], right)
                   for judge in rules.judges().values())


@pytest.mark.parametrize("law", ["uniform", "normal"])
def test_inputs_follow_their_law(rules, law):
    told = rules.data()["kernels"]["attention"]
    case = rules.drawn(CATALOGUE["attention"], law, 5, told["sizes"], told["given"])
    query, arguments = case.arrays["input.query"], case.arguments()
    assert query.shape == (2, 256, 64) and np.all(np.float32(query) == query)
    assert (query.min() >= 0 and query.max() < 1) if law == "uniform" else abs(query.mean()) < 0.05 < query.std() - 0.9
    assert not arguments["bias"].any() and arguments["scale"] == 0.125
    CATALOGUE["attention"].validate(*arguments.values())
    assert not np.array_equal(query, rules.drawn(CATALOGUE["attention"], law, 6, told["sizes"]).arrays["input.query"])


def test_the_record_is_of_these_rules(audit, rules, kept):
    assert list(kept) == list(rules.data()["kernels"])
    for name, one in kept.items():
        told = rules.data()["kernels"][name]
        assert (one["sizes"], one["given"]) == (told["sizes"], told.get("given", {}))
    report = audit.audit_tables.report(kept)
    assert audit.RECORD.with_suffix(".md").read_text(encoding="utf-8") == report
    table = report.split("looks at them.\n\n")[1].split("\n\n")[0]
    assert table.count("\n") == len(rules.judges()) + 3 and table in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("law", ["uniform", "normal"])
def test_a_row_is_made_again(audit, rules, kept, law):
    """Who accepts what of one kernel, from its bodies."""
    name = "rotary_embedding"
    told, bodies = rules.data()["kernels"][name], {
        one.name: one.body for one in audit.find.mistakes(name) if one.name in kept[name]["candidates"]}
    assert len(bodies) == len(audit.audit_tables.mistakes({name: kept[name]}))
    found = audit.accepted(CATALOGUE[name], law, told, bodies, rules.data()["trials"])
    assert found == {candidate: row[law] for candidate, row in kept[name]["candidates"].items()}


def test_what_we_accept_is_made_again(audit, kept):
    """Of one kernel: right code, and two mistakes."""
    ref, name = CATALOGUE["silu"], "silu"
    bodies = {one.name: one.body for one in audit.find.mistakes(name)[:2]}
    for candidate, found in audit.ours(ref, bodies):
        assert found == kept[name]["candidates"][candidate]["refdgm"], candidate
    assert all(kept[name]["candidates"]["right"]["refdgm"]["float32"].values())
