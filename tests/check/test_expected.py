"""A difference that is meant is accepted as it is, and in no other form; what is stale fails."""

import json

import pytest

from refdgm import CATALOGUE
from refdgm.check.expecting import expected
from refdgm.errors import ArgumentError

pytestmark = pytest.mark.usefixtures("measured_together")

REF = CATALOGUE["gaussian_kl"]
CLAMPS = """
import autograd.numpy as np

def kl(mean, logvar):
    logvar = np.maximum(logvar, -3.0)
    return 0.5 * np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=-1)
"""
RIGHT = CLAMPS.replace("-3.0", "-1e9")
TWICE = CLAMPS.replace("-3.0", "-1e9").replace("0.5 * ", "")
WHERE = {"differs": "clamps logvar on purpose", "only": ["value", "gradient.logvar"], "where": "logvar < -3"}
HALF = {"differs": "is twice the divergence", "only": ["value", "gradient.mean", "gradient.logvar"],
        "mistake": "missing_half"}


def asked(refdgm_check, text, expect, *words):
    entry = f'\nCANDIDATES = {{"gaussian_kl": {{"function": kl, "expect": {expect!r}}}}}\n'
    return refdgm_check(text + entry, *words)


def test_what_is_meant_is_accepted_and_told(refdgm_check, tmp_path):
    run = asked(refdgm_check, CLAMPS, WHERE, "--report", "r.xml")
    function = run.report["functions"][0]
    assert run.code == 0 and run.report["outcome"] == "agrees"
    assert function["verdict"] == "differs as expected: clamps logvar on purpose"
    assert function["expected"]["unexpected"] == "" and function["score"] < 1
    assert any("=" in case["id"] for case in function["cases"])  # and the long axes were asked
    assert "1 differs as expected" in " ".join(run.text.split()) and "~ gaussian_kl" in " ".join(run.text.split())
    xml = (tmp_path / "r.xml").read_text()
    assert "<skipped message=" in xml and "<failure" not in xml
    run = asked(refdgm_check, TWICE, HALF, "--dtype", "float64,float32")
    assert run.code == 0 and [one["dtype"] for one in run.report["functions"]] == ["float64", "float32"]


@pytest.mark.parametrize("text, expect, why", [
    (RIGHT, WHERE, "it agrees in all cases; take expect out"),
    (CLAMPS, WHERE | {"only": ["gradient.logvar"]}, "value differs too, which was not expected"),
    (CLAMPS, WHERE | {"only": [*WHERE["only"], "gradient.mean"]}, "gradient.mean agrees; take what agrees out"),
    (CLAMPS, WHERE | {"where": "logvar < -13"}, "where no element has logvar < -13"),
    (TWICE, HALF | {"mistake": "no_one"}, "not that of gaussian_kl/no_one"),
    (TWICE, HALF | {"mistake": "", "cases": ["001", "002"]}, "it differs in gaussian_kl/003"),
    (CLAMPS, WHERE | {"where": "", "cases": "all"}, "it agrees in gaussian_kl/001"),
    (CLAMPS.replace("mean**2", "mean**2 + 0 * mean[:, :1] * 2 + mean - mean**1.5 + mean**1.5"), WHERE,
     "gradient.mean differs too"),
])  # fmt: skip
def test_what_is_stale_or_another_fails(refdgm_check, text, expect, why):
    if "no_one" in why:
        other = next(name for name in mistakes() if name != "gaussian_kl/missing_half")
        expect, why = expect | {"mistake": other}, why.replace("gaussian_kl/no_one", other)
    run = asked(refdgm_check, text, expect)
    assert run.code == 1, run.text
    told = run.report["functions"][0]["expected"]["unexpected"]
    assert why in told and told[:40] in " ".join(run.text.split())


def mistakes():
    from refdgm.evidence import find

    return [one.name for one in find.mistakes("gaussian_kl")]


def test_an_error_is_no_difference(refdgm_check):
    run = asked(refdgm_check, CLAMPS.replace("logvar = ", "assert mean.shape[0] > 1\n    logvar = "), WHERE)
    assert run.code != 0


def test_the_entry_that_would_accept_it_is_told(refdgm_check):
    run = refdgm_check(TWICE + '\nCANDIDATES = {"gaussian_kl": kl}\n')
    line = next(line for line in run.text.splitlines() if "if that is meant, say why" in line)
    entry = json.loads(line.partition('"expect": ')[2])
    assert entry["mistake"] == "gaussian_kl/missing_half"
    assert asked(refdgm_check, TWICE, entry | {"differs": "is meant"}).code == 0


def test_cases_that_are_not_asked_say_nothing(refdgm_check):
    run = asked(refdgm_check, RIGHT, WHERE | {"where": "", "cases": ["006"]}, "--shape", "B=2")
    assert run.code == 0 and "was not looked for" in run.text


def test_the_file_of_who_judges(refdgm_check, tmp_path):
    text = CLAMPS + '\nCANDIDATES = {"gaussian_kl": kl}\n'
    table = '[expect."my_losses.py".gaussian_kl]\n' + "".join(
        f"{key} = {json.dumps(x)}\n" for key, x in WHERE.items())
    (tmp_path / "refdgm.toml").write_text(table)
    assert refdgm_check(text).code == 0
    assert refdgm_check(text, "--untrusted").code == 0
    both = asked(refdgm_check, CLAMPS, WHERE)
    assert both.code == 2 and "leave one out" in both.errors
    for old, new, told in (("differs", "cases", "must say why"), ("my_losses", "gone", "no such file"),
                           ("[expect.", "[accept.", "of which nothing is known"), ("differs", "x", "unknown key 'x'"),
                           ("[", "", "cannot be read")):
        (tmp_path / "refdgm.toml").write_text(table.replace(old, new, 1))
        run = refdgm_check(text)
        assert run.code == 2 and told in run.errors and len(run.errors.splitlines()) == 1, run.errors
    only = table.replace("gaussian_kl", "softmax").replace('"value", "gradient.logvar"', '"gradient.logits"').replace(
        "logvar < -3", "logits < 0")
    (tmp_path / "refdgm.toml").write_text(only)
    run = refdgm_check(text)
    assert run.code == 2 and "expects a difference of softmax, which the candidate does not have" in run.errors


def test_who_is_not_trusted_excuses_nothing(refdgm_check):
    run = asked(refdgm_check, CLAMPS, WHERE, "--untrusted")
    assert run.code == 1 and "its own entry expects is not believed" in " ".join(run.text.split())


@pytest.mark.parametrize("given, why", [
    ("x", "must be a dictionary"),
    ({"only": ["value"], "cases": "all"}, "must say why in differs"),
    ({"differs": "x", "cases": "all"}, "must name in only which differ"),
    ({"differs": "x", "only": ["gradient.x"], "cases": "all"}, "not among value, gradient.mean"),
    ({"differs": "x", "only": ["value"]}, "must pin the difference down"),
    ({"differs": "x", "only": ["value"], "mistake": "none"}, "which is none of its"),
    ({"differs": "x", "only": ["value"], "cases": "013"}, "a list of their numbers"),
    ({"differs": "x", "only": ["value"], "where": "logvar = 3"}, "must compare in where"),
    ({"differs": "x", "only": ["value"], "where": "nothing < 3"}, "must compare in where"),
    ({"differs": "x", "only": ["value"], "reason": "y", "cases": "all"}, "unknown key 'reason'"),
])  # fmt: skip
def test_what_has_no_meaning_is_refused(given, why):
    with pytest.raises(ArgumentError) as told:
        expected(REF, given)
    assert why in str(told.value) and str(told.value).startswith("gaussian_kl: ")
