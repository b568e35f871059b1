"""What is written for machines: the JSON and its schema, the score, times, lines for GitHub, a table of a folder."""

import json
from importlib.resources import files as resources
from types import SimpleNamespace

import jsonschema
import pytest

from refdgm.check import verdicts
from refdgm.check.report import exits, github, summary
from refdgm.check.report.files import SCHEMA
from refdgm.check.report.score import timed

pytestmark = pytest.mark.usefixtures("measured_together")

SCHEMA_FILE = json.loads((resources("refdgm.check.report") / "report.schema.json").read_text(encoding="utf-8"))
RIGHT = """
import autograd.numpy as np

def gaussian_kl(mean, logvar):
    return 0.5 * np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=-1)
"""
TWICE = RIGHT.replace("0.5 * ", "")
HELD = RIGHT.replace("    return", "    from autograd.tracer import getval\n    mean = getval(mean)\n    return")
REPORTS = {
    "right": (RIGHT, ()),
    "twice": (TWICE, ("--dtype", "float64,float32")),
    "raises": ("def gaussian_kl(mean, logvar):\n    raise ValueError('no')\n", ()),
    "half": (RIGHT, ("--dtype", "bfloat16")),
    "missing": (RIGHT, ("--select", "gaussian_kl,softmax")),
    "untrusted": (RIGHT, ("--untrusted", "--seed", "3")),
    "fresh": (RIGHT, ("--shape", "B=3", "--seed", "3")),
}


def valid(report):
    jsonschema.Draft202012Validator(SCHEMA_FILE).validate(report)


@pytest.mark.parametrize("name", REPORTS)
def test_reports_are_those_of_the_schema(refdgm_check, name):
    text, words = REPORTS[name]
    report = refdgm_check(text, *words).report
    valid(report)
    assert report["schema"] == SCHEMA == SCHEMA_FILE["$id"] and report["functions"]
    for function in report["functions"]:
        right = function["verdict"] in verdicts.PASSING
        assert (function["score"] == 1) == right and 0 <= function["score"] <= 1


def test_the_schema_is_one_and_refuses():
    jsonschema.Draft202012Validator.check_schema(SCHEMA_FILE)
    assert set(SCHEMA_FILE["$defs"]["verdict"]["enum"]) == {*verdicts.VERDICTS}
    assert set(SCHEMA_FILE["$defs"]["outcome"]["enum"]) >= {*exits.OUTCOMES.values(), exits.CONVENTION}
    with pytest.raises(jsonschema.ValidationError):
        valid({"format": "refdgm-report/1"})


def test_the_score_knows_value_and_gradient_apart(refdgm_check):
    one = refdgm_check(HELD).report["functions"][0]
    assert one["value"] == 1 and one["gradient"] < 1 and one["score"] == (1 + one["gradient"]) / 2
    run = refdgm_check(TWICE)
    wrong = sum(any(o["verdict"] == "differs" for o in case["roles"] if o["role"] == "output.value")
                for case in run.report["functions"][0]["cases"])
    assert run.report["functions"][0]["value"] == 1 - wrong / run.report["asked"]
    both = refdgm_check(RIGHT, "--select", "gaussian_kl,softmax")
    assert both.code == 1 and both.report["score"] == 0.5 and "score 0.50" in " ".join(both.text.split())


def test_the_time_is_that_of_the_candidate(refdgm_check):
    slow = RIGHT.replace("    return", "    __import__('time').sleep(0.02)\n    return")
    run = refdgm_check(slow)
    function = run.report["functions"][0]
    assert 0.02 <= function["seconds"]["median"] < 2 and run.code == 0
    assert function["seconds"]["total"] == pytest.approx(sum(case["seconds"] for case in function["cases"]))
    assert "its own time: " in run.text and "no part of the verdict" in run.text
    assert timed([]) == []


def test_a_clock_that_lies_is_held_to_ours(refdgm_check):
    lies = RIGHT + "\nimport refdgm.check.process.worker as w\nticks = iter(range(0, 10**9, 1000))\n" \
                   "w.perf_counter = lambda: float(next(ticks))\n"
    assert refdgm_check(lies).report["functions"][0]["seconds"]["median"] < 100


def test_several_dtypes_in_one_run(refdgm_check):
    run = refdgm_check(RIGHT, "--dtype", "float32,float64,bfloat16")
    assert [one["dtype"] for one in run.report["functions"]] == ["float32", "float64", "bfloat16"]
    lines = [line for line in run.text.splitlines() if line.startswith("ok ")]
    assert len(lines) == 3 and run.code == 0 and "3 of 3 checks agree" in " ".join(run.text.split())
    assert lines[0].split()[1:3] == ["gaussian_kl", "float32"]
    wrong = refdgm_check(RIGHT, "--dtype", "float32,int8")
    assert wrong.code == 2 and "--dtype must be of float64, float32" in wrong.errors and "got int8" in wrong.errors
    assert refdgm_check(RIGHT, "--dtype", ",").code == 2


def test_lines_for_github(refdgm_check):
    text = TWICE.replace("def gaussian_kl", "def kl") + '\nCANDIDATES = {"gaussian_kl": kl}\n'
    run = refdgm_check(text, "--format", "github")
    (line,) = [line for line in run.text.splitlines() if line.startswith("::")]
    number = 1 + text.splitlines().index("def kl(mean, logvar):")
    assert line.startswith(f"::error file=my_losses.py,line={number},title=gaussian_kl%3A differs::") and "%0A" in line
    assert "missing_half" in line and "gaussian_kl  differs" in run.text
    assert "::" not in refdgm_check(RIGHT, "--format", "github").text
    assert "choose" in refdgm_check(RIGHT, "--format", "github", "--json").errors


def test_what_a_line_for_github_escapes(tmp_path):
    assert github._command("error", "a,b:c", "50 %\r\n::x", None, 1) == "::error title=a%2Cb%3Ac::50 %25%0D%0A::x\n"
    (tmp_path / "x.py").write_text("a = 1\n\nclass softmax:\n    pass\n")
    assert github.line_of(tmp_path / "x.py", "softmax") == 3 and github.line_of(tmp_path / "none.py", "softmax") == 1


def folder(tmp_path, **texts):
    (tmp_path / "mine").mkdir()
    for name, text in texts.items():
        (tmp_path / "mine" / f"{name}.py").write_text(text)


def test_a_folder_of_candidates(refdgm_check, tmp_path):
    folder(tmp_path, right=RIGHT, twice=TWICE, gone="import nothing_there\nCANDIDATES = {}\n", none="x = 1\n")
    run = refdgm_check(None, "mine", "--summary", "summary.md", "--report", "r.xml")
    assert run.code == 1
    valid(run.report)
    assert [one["candidate"] for one in run.report["functions"]] == ["right.py", "twice.py"]
    assert [one["candidate"] for one in run.report["not_loaded"]] == ["gone.py"] and "none.py" not in run.text
    table = (tmp_path / "summary.md").read_text()
    rows = [line for line in table.splitlines() if line.startswith("| ") and ".py" in line]
    assert [row.split(" | ")[1] for row in rows] == ["right.py", "twice.py", "gone.py"]
    assert "missing\\_half" in rows[1] and "nothing\\_there" in rows[2]
    assert 'testsuite name="gone.py"' in (tmp_path / "r.xml").read_text()


def test_of_a_folder_the_worst_counts(refdgm_check, tmp_path):
    folder(tmp_path, right=RIGHT, gone="import nothing_there\nCANDIDATES = {}\n")
    assert refdgm_check(None, "mine").code == exits.RAISED
    (tmp_path / "mine" / "gone.py").write_text("x = 1\n")
    assert refdgm_check(None, "mine").code == exits.AGREES
    (tmp_path / "mine" / "right.py").unlink()
    run = refdgm_check(None, "mine")
    assert run.code == exits.USAGE and "mine has no file that offers a candidate" in run.errors


def test_a_summary_is_written_over_no_other_file(refdgm_check, tmp_path):
    (tmp_path / "README.md").write_text("# mine\n")
    run = refdgm_check(RIGHT, "--summary", "README.md")
    assert run.code == 2 and "--summary would overwrite README.md" in run.errors
    assert (tmp_path / "README.md").read_text() == "# mine\n"
    for _ in range(2):
        assert refdgm_check(RIGHT, "--summary", "s.md").code == 0
    assert refdgm_check(RIGHT, "--summary", "s.json").code == 2


def test_a_cell_ends_no_cell():
    assert summary._cell("a | b\n<c> `d`") == "a \\| b \\<c\\> \\`d\\`" and len(summary._cell("word " * 99)) <= 160
    assert summary._reason(SimpleNamespace(equals=[(["x"], "it")])) == "it"
