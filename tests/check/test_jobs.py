"""`--jobs N` finds what one process finds, in its order, and leaves nothing running."""

import json
import os
import re
import signal
import time
from pathlib import Path

import pytest

from refdgm.check.report import exits

from .test_interrupted import CHILD, SECOND, interrupted
from .test_processes import PROC, RIGHT, alive, refdgm, started

SEVERAL = """
import autograd.numpy as np
print("imported")
def gaussian_kl(mean, logvar):
    print("asked")
    return np.sum(np.exp(logvar) + mean**2 - 1 - logvar, axis=1)
def softmax(logits):
    e = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)
def log_sum_exp(logits):
    raise ValueError("not yet")
def gumbel_max(logits, gumbel):
    return np.argmax(logits + gumbel, axis=1)
"""
BROKEN = "raise RuntimeError('no file of mine')\ndef softmax(logits): pass\n"
REPORTS = ("r.json", "r.xml", "r.html", "s.md")


def reports(folder, *words):
    """Every report of a check, without its times."""
    paths = [part for path in REPORTS[:3] for part in ("--report", path)]
    done = refdgm(folder, "check", *words, *paths, "--summary", REPORTS[3])
    texts = {"out": done.stdout, "errors": done.stderr, "code": str(done.returncode)}
    texts |= {name: (folder / name).read_text(encoding="utf-8") for name in REPORTS}
    plain = json.loads(texts["r.json"], object_pairs_hook=lambda pairs: [
        (name, x) for name, x in pairs if name not in ("seconds", "median", "total")])
    texts = {name: re.sub(r'time="[^"]*"', "", re.sub(r"its own time: .*", "", text)) for name, text in texts.items()}
    texts["s.md"] = re.sub(r"(?m)^(\|.*\|)[^|]*(\|[^|]*\|)$", r"\1\2", texts["s.md"])
    return texts | {"r.json": plain}


@pytest.mark.parametrize("words", [(), ("--table", "--output", "--dtype", "float64,float32", "--select",
                                        "gaussian_kl,gumbel_max,cross_entropy"), ("--seed", "3", "--strict")])
def test_several_functions_of_a_file(tmp_path, words):
    (tmp_path / "mine.py").write_text(SEVERAL)
    alone = reports(tmp_path, "mine.py", *words)
    assert alone["code"] != str(exits.USAGE) and "gumbel_max" in alone["out"]
    assert reports(tmp_path, "mine.py", *words, "--jobs", "3") == alone


def test_several_files_of_a_folder(tmp_path):
    for name, text in (("a.py", SEVERAL), ("b.py", BROKEN), ("c.py", RIGHT)):
        (tmp_path / name).write_text(text)
    alone = reports(tmp_path, ".")
    assert "c.py: gaussian_kl" in alone["out"] and "no file of mine" in alone["out"]
    assert reports(tmp_path, ".", "--jobs", "2") == alone


def test_who_is_not_trusted(tmp_path):
    (tmp_path / "mine.py").write_text(SEVERAL.replace('print("imported")', "")
                                      .replace('    print("asked")\n', ""))
    words = ("mine.py", "--untrusted", "--seed", "5", "--select", "softmax,gumbel_max")
    alone = reports(tmp_path, *words)
    assert "gumbel_max" in alone["out"] and reports(tmp_path, *words, "--jobs", "2") == alone


@pytest.mark.parametrize("many", ["0", "-1", "257"])
def test_how_many(tmp_path, many):
    (tmp_path / "mine.py").write_text(RIGHT)
    done = refdgm(tmp_path, "check", "mine.py", "--jobs", many)
    assert done.returncode == exits.USAGE
    assert done.stderr == f"refdgm: --jobs must be a whole number from 1 to 256, got {many}\n"


def test_a_candidate_that_is_another_every_time(tmp_path):
    (tmp_path / "mine.py").write_text(RIGHT + """
import os, pathlib
if pathlib.Path("seen").exists():
    def softmax(logits): pass
else:
    pathlib.Path("seen").touch()
    def gumbel_max(logits, gumbel): pass
""")
    done = refdgm(tmp_path, "check", "mine.py", "--jobs", "2")
    assert done.returncode == exits.RAISED and "Traceback" not in done.stderr
    assert done.stderr == "refdgm: loaded once more, the candidate declares something else; leave --jobs out\n"


def test_ctrl_c_ends_all_of_them(tmp_path):
    """The first process hears it, and tells what is known."""
    out, _ = interrupted(tmp_path, RIGHT + CHILD + SECOND, "mine.py", "--jobs", "2", "--select",
                         "gaussian_kl,gumbel_max", "--report", "r.json")
    assert "of 2 functions were not finished" in out and "gumbel_max  " not in out
    assert json.loads((tmp_path / "r.json").read_text())["exit_code"] == exits.INTERRUPTED


def test_ctrl_c_among_files(tmp_path):
    (tmp_path / "a.py").write_text(RIGHT)
    (tmp_path / "b.py").write_text(CHILD + SECOND)
    out, _ = interrupted(tmp_path, "", ".", "--jobs", "2", "--report", "r.json")
    assert re.search(r"interrupted: [12] of 2 files were not finished", out)
    assert json.loads((tmp_path / "r.json").read_text())["outcome"] == "interrupted"


@pytest.mark.skipif(not PROC, reason="needs /proc")
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_none_is_left_when_the_first_process_is_no_more(tmp_path, by):
    check, pids = started(tmp_path, "--jobs", "2")
    judges = [int(pid) for pid in Path(f"/proc/{check.pid}/task/{check.pid}/children").read_text().split()]
    assert len(judges) >= 2 and all(map(alive, [*judges, *pids]))
    check.send_signal(by)
    check.communicate(timeout=60)
    deadline = time.monotonic() + 10
    while any(map(alive, [*judges, *pids])) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, [*judges, *pids]))


@pytest.mark.skipif(not PROC, reason="needs /proc")
def test_a_judge_that_is_ended_from_outside(tmp_path):
    check, pids = started(tmp_path, "--jobs", "2")
    judge = int(Path(f"/proc/{pids[0]}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(judge, signal.SIGKILL)
    _, errors = check.communicate(timeout=60)
    assert check.returncode == exits.FAULT
    assert errors == ("refdgm: a process that judges was ended from outside, perhaps for want of memory; "
                      "give fewer --jobs\n")
    assert not any(map(alive, pids))
