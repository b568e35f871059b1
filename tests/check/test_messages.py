"""What people do in their first minutes: one sentence each, with the cause and the way out."""

import os
import signal
import subprocess
import sys
import time
from xml.etree import ElementTree

import pytest

from refdgm.catalogue import CATALOGUE
from refdgm.check.candidates.entry import adapted, module
from refdgm.check.candidates.form import CandidateError
from refdgm.check.process import session
from refdgm.check.process.reply import CandidateGone
from refdgm.check.questions import cases
from refdgm.cli.main import main, parser
from refdgm.errors import ArgumentError

KL = "0.5 * np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=-1)"
RIGHT = f"import autograd.numpy as np\n\ndef gaussian_kl(mean, logvar):\n    return {KL}\n"


class Layer:
    def forward(self, mean, logvar):
        return mean

    def backward(self, bar):
        return bar, bar


@pytest.mark.parametrize("given, told", [
    (Layer, r"Layer is a class with forward and backward, and a function is asked for"),
    (Layer(), r"Layer has forward and backward, and cannot be called"),
])  # fmt: skip
def test_a_layer_that_is_no_function(given, told):
    with pytest.raises(CandidateError, match=told) as raised:
        adapted(CATALOGUE["gaussian_kl"], given)
    assert "layer = Layer(); return layer.forward(…), layer.backward" in str(raised.value)


def test_a_class_of_torch_modules_and_what_is_none():
    torch = pytest.importorskip("torch")
    kind = type("KL", (torch.nn.Module,), {"forward": lambda self, mean, logvar: mean})
    with pytest.raises(CandidateError, match=r'KL is a class of torch modules.*CANDIDATES = {"gaussian_kl": KL\(\)}'):
        adapted(CATALOGUE["gaussian_kl"], {"function": kind, "framework": "torch"})
    assert adapted(CATALOGUE["gaussian_kl"], {"function": kind(), "framework": "torch"})
    function = type("F", (torch.autograd.Function,), {})
    assert adapted(CATALOGUE["gaussian_kl"], {"function": function, "framework": "torch"})


def test_a_dotted_module_of_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "half.py").write_text("def half(x): return x / 2\n")
    (tmp_path / "mine" / "losses.py").write_text("from .half import half\nimport not_installed_here\n")
    with pytest.raises(ModuleNotFoundError, match="not_installed_here"):
        module("mine.losses")
    with pytest.raises(CandidateError, match=r"there is no module mine.other, neither installed nor as"):
        module("mine.other")
    with pytest.raises(CandidateError, match=r"losses.py imports relatively.*mine: refdgm check mine.losses"):
        module("mine/losses.py")


@pytest.mark.parametrize("text, kind, told", [
    ("import argparse\np = argparse.ArgumentParser()\np.add_argument('--data', required=True)\np.parse_args()\n",
     "raised", "ended with exit code 2 .*`if __name__ == \"__main__\":`\n.*required: --data"),
    ("import time\nfor i in range(10**6):\n    print('epoch', i, flush=True)\n    time.sleep(0.01)\n",
     "timeout", r"still being imported after 8 s; .* or wait longer: --timeout 32 waits 16 s\n  it printed: epoch \d+"),
    ("import numpy\ndef softmax(x)\n    return x\n",
     "raised", r"SyntaxError: .*\(mine.py, line 2\): Python 3\.\d+ does not read `def softmax\(x\)`; correct it, or"),
    ("import graphlib\ngraphlib.TopologicalSorter\n",
     "raised", "AttributeError: .*; graphlib.py stands in the place of Python's own module graphlib: give it another"),
])  # fmt: skip
def test_what_runs_at_import(tmp_path, monkeypatch, text, kind, told):
    monkeypatch.setattr(session, "STARTING", 8.0)
    (tmp_path / "mine.py").write_text(text)
    (tmp_path / "graphlib.py").write_text("x = 1\n")
    with pytest.raises(CandidateGone, match=r"(?s)" + told) as gone:
        session.Session(str(tmp_path / "mine.py"), 5.0, 16.0)
    assert gone.value.kind == kind


def test_a_file_of_the_folder_takes_the_place_of_no_module_of_ours(tmp_path):
    (tmp_path / "mine.py").write_text(RIGHT)
    for name in ("random", "copy", "statistics", "queue"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')\n")
    ran = subprocess.run([sys.executable, "-m", "refdgm", "explain", "gaussian_kl/013"], cwd=tmp_path,
                         capture_output=True, text=True, check=False)
    assert ran.returncode == 0 and "gaussian_kl/013" in ran.stdout, ran.stderr


def test_loading_has_a_limit_of_its_own_that_is_no_longer_than_a_case_of_the_usual_one():
    """Of both together it was twice as long, and silent."""
    assert parser().parse_args(["check"]).timeout >= session.STARTING


def test_nothing_was_asked(capsys):
    assert main([]) == 2
    assert capsys.readouterr().err.startswith("refdgm: nothing was asked; `refdgm check` shows an example")


def test_a_size_in_two_places(refdgm_check):
    run = refdgm_check(RIGHT, "--shape", "B=3", "--shape", "B=4")
    assert run.code == 2 and "--shape must give each size once, got B twice" in run.errors


def test_sizes_are_refused_by_the_memory_of_all_cases():
    ref, sizes = CATALOGUE["gaussian_kl"], {"B": 2**20, "D": 30}  # 0.47 GiB each, three of them
    each = cases.bytes_of(ref, cases.SIZES | sizes)
    assert cases.JUDGED * each * 3 > cases.LARGEST > each * 3
    with pytest.raises(ArgumentError, match=r"the cases of gaussian_kl may take 57\.2 GiB in these sizes, limit 16"):
        cases.used(sizes, [ref])
    cases.used({"B": 2**17, "D": 30}, [ref])


WIDE = """
import autograd.numpy as np

def softmax(logits):
    e = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)
"""


def test_the_estimate_of_memory_holds(tmp_path):
    """Of a function that is wrong, which is judged and diagnosed; beside 150 MiB of Python, NumPy and refdgm. Of the
    program's own memory: `ru_maxrss` knows of whoever forked it."""
    (tmp_path / "mine.py").write_text(WIDE)
    code = ("import re, sys; from refdgm.cli.main import main; main(sys.argv[1:]); "
            "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])")
    done = subprocess.run([sys.executable, "-c", code, "check", "mine.py", "--shape", "B=1000,K=100"], cwd=tmp_path,
                          capture_output=True, text=True, timeout=300, check=True)
    peak = 2**10 * int(done.stdout.split()[-1])
    case = cases.bytes_of(CATALOGUE["softmax"], cases.SIZES | {"B": 1000, "K": 100})
    assert "differs" in done.stdout and peak < 150 * 2**20 + cases.JUDGED * 3 * case


def test_all_lines_are_counted(refdgm_check):
    loud = RIGHT.replace("    return", "    print('a line\\n' * 9999)\n    return")
    run = refdgm_check(loud, "--shape", "B=2")
    assert "The candidate printed 30000 lines; --output shows." in run.text


def test_junit_carries_the_diagnosis(refdgm_check, tmp_path):
    path = tmp_path / "report.xml"
    refdgm_check(RIGHT.replace("0.5 * ", ""), "--report", str(path))
    suite = ElementTree.parse(path).getroot()[0]
    assert "gaussian_kl differs, first in value" in suite.findtext("system-out")
    refdgm_check(RIGHT, "--report", str(path))
    assert ElementTree.parse(path).getroot()[0].find("system-out") is None


def test_the_schema_is_no_index(refdgm_check, tmp_path):
    (tmp_path / "schema.json").write_text('{\n "$schema": "https://json-schema.org/draft/2020-12/schema"}')
    run = refdgm_check(RIGHT, "--vectors", str(tmp_path / "schema.json"))
    assert run.code == 5 and "schema.json is the schema of index files and no index; name one" in run.errors


def test_interrupted_while_it_is_loaded(tmp_path):
    (tmp_path / "mine.py").write_text("open('here', 'w').close()\nimport time\ntime.sleep(60)\n")
    run = subprocess.Popen([sys.executable, "-m", "refdgm", "check", "mine.py"], cwd=tmp_path, text=True,
                           stderr=subprocess.PIPE, env=dict(os.environ))
    while not (tmp_path / "here").exists():
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    told = run.communicate(timeout=30)[1]
    assert run.returncode == 130 and told == "refdgm: interrupted while the candidate was loaded; nothing was checked\n"


@pytest.mark.parametrize("text, told", [
    (RIGHT.replace("    return", "    value ="), "gaussian_kl: TypeError: it returned None: is a return missing?"),
    (f"import numpy as np\n\ndef gaussian_kl(mean, logvar):\n    return {KL}, "
     "lambda bar: {'mean': bar[:, None] * mean}\n",
     'gaussian_kl: no gradient of logvar was returned; name it in what the pullback returns, or say which there are: '
     '"gradients": ["mean"]'),
])
def test_what_was_not_returned(text, told, tmp_path, capsys):
    (tmp_path / "mine.py").write_text(text)
    assert main(["check", str(tmp_path / "mine.py")]) in (1, 3)
    assert told in " ".join(capsys.readouterr().out.split())
