"""Ctrl-C, in a process of its own: what is known is told, no report is a half one, and nothing is left running."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from refdgm.check.report import exits

from .test_processes import HEEDED, PROC, RIGHT, alive

CHILD = """
import os, pathlib, subprocess, sys, time
def hang():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    pathlib.Path("pids").write_text(f"{os.getpid()} {child.pid} ")
    time.sleep(300)
"""
SECOND = "\ncalls = 0\ndef gumbel_max(logits, gumbel):\n    global calls\n    calls += 1\n    if calls == 3: hang()\n" \
         "    import numpy\n    return numpy.argmax(logits + gumbel, axis=1)\n"
JUDGE = """
import os, pathlib, subprocess, sys, time
from refdgm.check import run
from refdgm.cli.main import main
judged, questions = run._judged, []
def slow(question, reply, declared, checked):
    if question.ref.name == "gumbel_max" and len(questions) == 4:
        pathlib.Path("pids").write_text(pathlib.Path("own").read_text())
        time.sleep(300)
    questions.extend([question] * (question.ref.name == "gumbel_max"))
    return judged(question, reply, declared, checked)
run._judged = slow
sys.exit(main(sys.argv[1:]))
"""
OWN = CHILD + SECOND.replace("calls == 3", "calls == 1").replace("hang()", "start()") + """
def start():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    pathlib.Path("own").write_text(f"{os.getpid()} {child.pid} ")
"""


def interrupted(folder, text, *words, program=("-m", "refdgm")):
    """A check that hangs somewhere, once it is there and was sent SIGINT; its candidate's processes have ended."""
    if text:
        (folder / "mine.py").write_text(text)
    run = subprocess.Popen([sys.executable, "-c", HEEDED, sys.executable, *program, "check", *words], cwd=folder,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline, pids = time.monotonic() + 60, folder / "pids"
    while not pids.exists() or not pids.read_text().endswith(" "):
        assert time.monotonic() < deadline and run.poll() is None, run.communicate()
        time.sleep(0.05)
    of = [int(pid) for pid in pids.read_text().split()]
    assert not PROC or all(map(alive, of))
    run.send_signal(signal.SIGINT)
    out, errors = run.communicate(timeout=60)
    assert run.returncode == exits.INTERRUPTED and "Traceback" not in out + errors
    assert not PROC or not any(map(alive, of))
    assert not list(folder.glob("*.draft"))
    return out, errors


REPORTS = ("--report", "r.json", "--report", "r.xml", "--report", "r.html", "--summary", "s.md")


def test_while_it_is_loaded_nothing_is_written(tmp_path):
    out, errors = interrupted(tmp_path, CHILD + "hang()\n", "mine.py", *REPORTS)
    assert (out, errors) == ("", "refdgm: interrupted while the candidate was loaded; nothing was checked\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.py", "pids"]


def whole(folder):
    """Every report is whole, has the function that was finished, and says that the others were not."""
    report = json.loads((folder / "r.json").read_text())
    assert (report["exit_code"], report["outcome"]) == (exits.INTERRUPTED, "interrupted")
    assert [function["reference"] for function in report["functions"]] == ["gaussian_kl"]
    suites = ElementTree.parse(folder / "r.xml").getroot()
    assert [suite.get("name") for suite in suites] == ["gaussian_kl", "refdgm check"]
    assert suites[1].find("testcase/error").get("message") == "interrupted" and suites[1].get("errors") == "1"
    for name in ("r.html", "s.md"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "exit code 130 (interrupted)" in text and "gumbel_max" not in text
    assert (folder / "r.html").read_text(encoding="utf-8").endswith("</html>\n")


def test_during_a_case(tmp_path):
    out, _ = interrupted(tmp_path, RIGHT + CHILD + SECOND, "mine.py", "--select", "gaussian_kl,gumbel_max", *REPORTS)
    assert "✓ gaussian_kl  loses digits" in out and "gumbel_max  " not in out
    assert "interrupted in gumbel_max, case 3 of " in out and "1 of 2 functions were not finished" in out
    whole(tmp_path)


def test_while_the_answers_are_judged(tmp_path):
    out, _ = interrupted(tmp_path, RIGHT + OWN, "mine.py", "--select", "gaussian_kl,gumbel_max", *REPORTS,
                         program=("-c", JUDGE))
    assert "interrupted in gumbel_max, case 5 of " in out and "1 of 2 functions were not finished" in out
    whole(tmp_path)


def test_several_dtypes_are_one_function(tmp_path):
    out, _ = interrupted(tmp_path, RIGHT + CHILD + SECOND.replace("== 3", "== 40"), "mine.py", "--dtype",
                         "float64,float32", "--select", "gumbel_max")
    assert "1 of 1 functions were not finished" in out and "gumbel_max float64" in out


@pytest.mark.parametrize("text", [CHILD + "hang()\ndef softmax(logits): pass\n", CHILD + SECOND])
def test_in_a_folder_no_other_file_is_begun(tmp_path, text):
    (tmp_path / "a.py").write_text(RIGHT)
    (tmp_path / "b.py").write_text(text)
    (tmp_path / "c.py").write_text("open('begun', 'w').close()\ndef softmax(logits): pass\n")
    out, _ = interrupted(tmp_path, "", ".", "--report", "r.json")
    assert "b.py: interrupted" in out and "a.py: gaussian_kl" in out
    assert not (tmp_path / "begun").exists()
    assert json.loads((tmp_path / "r.json").read_text())["outcome"] == "interrupted"


@pytest.mark.skipif(not PROC, reason="needs /proc")
def test_a_program_ends_too(tmp_path):
    (tmp_path / "program.py").write_text(
        f"#!{sys.executable}\n{CHILD}\ninput()\nprint('{{\"functions\": [\"softmax\"]}}', flush=True)\n"
        "input()\nhang()\n")
    os.chmod(Path(tmp_path / "program.py"), 0o700)
    out, _ = interrupted(tmp_path, "", "--command", "./program.py")
    assert "interrupted in softmax, case 1 of " in out and "nothing was checked; exit code 130" in out


def test_the_example_is_no_fault(tmp_path):
    judge = JUDGE.replace('question.ref.name == "gumbel_max" and len(questions) == 4', "True").replace(
        'pathlib.Path("own").read_text()', '"%d " % os.getpid()').replace("time.sleep(300)", "time.sleep(10)")
    (tmp_path / "judge.py").write_text(judge)
    run = subprocess.Popen([sys.executable, "-c", HEEDED, sys.executable, "judge.py", "check"], cwd=tmp_path,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "pids").exists():
        assert run.poll() is None
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    out, errors = run.communicate(timeout=60)
    assert (run.returncode, out) == (exits.INTERRUPTED, "")
    assert errors == "refdgm: interrupted while the example was asked\n"
