"""The report without `rich`: the same words, in columns of plain text; and the report of nothing."""

import io
import os
import re
import subprocess
import sys

import pytest

from refdgm.check.report import exits
from refdgm.check.report import terminal as report

CODE = "import sys; sys.modules['rich'] = None; from refdgm.cli.main import main; sys.exit(main(sys.argv[1:]))"


def test_the_words_are_the_same(tmp_path):
    (tmp_path / "losses.py").write_text(
        "import autograd.numpy as np\n\n"
        "def gaussian_kl(mean, logvar):\n    return np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1)\n"
    )
    ask = ["check", "losses.py"]
    plain, rich = (
        subprocess.run([sys.executable, *how, *ask], cwd=tmp_path, capture_output=True, text=True, timeout=120)
        for how in (("-c", CODE), ("-m", "refdgm"))
    )
    assert plain.returncode == rich.returncode and plain.stderr == rich.stderr == ""
    assert "─" in rich.stdout and "─" not in plain.stdout
    assert "✗ gaussian_kl  differs" in plain.stdout.splitlines()
    told = [re.sub("its own time: .*", "", run.stdout) for run in (plain, rich)]  # two runs take two times
    words = [set(text.replace("─", " ").split()) for text in told]
    assert words[1] <= words[0]  # what is too wide for the terminal is left out of the table in colour
    table = plain.stdout.split("\n\n")[2].splitlines()[1:]
    assert [row.split()[0] for row in table] == ["gaussian_kl", "value", "gradient.mean", "gradient.logvar"]
    assert all("differs" in row for row in table)


RAISES = """
import autograd.numpy as np

def gaussian_kl(mean, logvar):
    return np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1)

def gaussian_kl_between(mean_q, logvar_q, mean_p, logvar_p):
    raise ValueError("of two lines, the first of which is so long that it fits into no narrow terminal\\nand more")
"""


@pytest.mark.parametrize("how", [("-c", CODE), ("-m", "refdgm")])
def test_columns_are_heeded_in_a_pipe(tmp_path, how):
    (tmp_path / "losses.py").write_text(RAISES)
    narrow, wide, nonsense, silent = (
        subprocess.run([sys.executable, *how, "check", "losses.py"], cwd=tmp_path, capture_output=True, text=True,
                       timeout=120, env={name: x for name, x in os.environ.items() if name != "COLUMNS"} | said).stdout
        for said in ({"COLUMNS": "80"}, {"COLUMNS": "100"}, {"COLUMNS": "wide"}, {}))
    assert max(map(len, narrow.splitlines())) <= 80 < max(map(len, wide.splitlines())) <= 100
    assert max(map(len, silent.splitlines())) > 100
    without = lambda text: re.sub("its own time: .*", "", text).split()
    assert without(nonsense) == without(silent), "what is no number says nothing"
    assert "in case" not in narrow and "in case" in silent, "the table leaves columns out"
    assert "\n    if that is meant, say why" in narrow and '\n    "gradient.mean"' in narrow, "lines stay indented"
    assert re.search(r"^  losses.py:8 in gaussian_kl_between", narrow, re.M), "and lines that there are stay apart"


@pytest.mark.parametrize("shown", [report._in_columns, report._with_rich])
def test_no_function_at_all_has_no_table(shown):
    to = io.StringIO()
    shown([], "a title", [], [("a line", "")], to)
    assert to.getvalue().split() == ["a", "title", "a", "line"]


LACKING = """
import sys
from refdgm.cli import main as cli
from refdgm.check.questions import cases as questions
from refdgm.check.questions.vectors import VectorFileError

def none(ref):
    raise VectorFileError(f"no vectors are shipped in {ref.name}.json: No such file or directory")

questions.shipped = none
sys.exit(cli.main(["check", "--select", "gaussian_kl"]))
"""


def test_a_reference_without_vectors_is_reported_not_raised(tmp_path):
    run = subprocess.run([sys.executable, "-c", LACKING], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stderr) == (exits.VECTORS, "")
    assert "gaussian_kl: no vectors are shipped in gaussian_kl.json" in run.stdout
    assert run.stdout.rstrip().endswith("nothing was checked; exit code 5")
