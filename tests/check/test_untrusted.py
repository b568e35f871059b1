"""A candidate that cheats on purpose, in a process of its own. docs/threat-model.md tells which tricks are defended."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from refdgm.catalogue import CATALOGUE
from refdgm.check.process import confine
from refdgm.check.questions.cases import tiles
from refdgm.check.questions.vectors import shipped

KL = """
import autograd.numpy as np
def right(mean, logvar):
    return np.sum(np.exp(logvar) + mean**2 - 1 - logvar, axis=1) / 2
"""
RIGHT = KL + "gaussian_kl = right\n"
SEED = ("--untrusted", "--seed", "1")
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux confines a process")
SIGNALS = pytest.mark.skipif(
    not sys.platform.startswith("linux") or confine._libc().syscall(confine.CREATE_RULESET, None, 0, 1) < 6,
    reason="Landlock knows signals from its version 6 on")


def notes(run):
    return " ".join(note for function in run.report["functions"] for note in function["notes"])


def test_the_right_one_agrees_and_the_seed_is_told(refdgm_check):
    run = refdgm_check(RIGHT, "--untrusted", "--report", "report.xml")
    assert run.code == 0 and run.report["untrusted"] is True and run.report["seed"] >= 0
    assert f"--seed {run.report['seed']} has them again" in run.text.replace("\n", " ")
    cases = [case["id"] for case in run.report["functions"][0]["cases"]]
    assert sum("drawn" in id for id in cases) >= 3 and sum("drawn" not in id for id in cases) > 20
    again = refdgm_check(RIGHT, "--untrusted", "--seed", str(run.report["seed"]))
    assert [case["id"] for case in again.report["functions"][0]["cases"]] == cases and notes(again) == ""
    plain = refdgm_check(RIGHT)
    assert plain.report["untrusted"] is False and plain.report["seed"] is None


def test_a_suite_says_that_it_did_not_trust(refdgm_check, tmp_path):
    refdgm_check(RIGHT, *SEED, "--report", "report.xml")
    text = (tmp_path / "report.xml").read_text()
    assert '<property name="untrusted" value="true" />' in text and '<property name="seed" value="1" />' in text


@pytest.mark.parametrize("options, told", [
    (("--untrusted", "--vectors", "x.json"), "--vectors gives others: choose"),
    (("--untrusted",), "the embedded definitions are ours; name a module"),
])  # fmt: skip
def test_where_it_has_no_meaning(refdgm_check, options, told):
    run = refdgm_check(RIGHT if len(options) > 1 else None, *options)
    assert run.code == 2 and told in run.errors


def test_a_table_of_the_shipped_answers(refdgm_check, tmp_path):
    """And of those to the cases with one long axis, which are the same in every plain check."""
    ref, table = CATALOGUE["gaussian_kl"], []
    for case in (*shipped(ref.name).cases, *tiles(ref, 0, [{}])):
        key = case.arrays["input.mean"].tobytes() + case.arrays["input.logvar"].tobytes()
        answers = ref.answers(case)
        table.append([key.hex(), *(answers[role].tolist() for role in
                                   ("output.value", "gradient.mean", "gradient.logvar"))])
    (tmp_path / "table.json").write_text(json.dumps(table))
    cheat = """
import json, pathlib
import numpy as np
table = {row[0]: row[1:] for row in json.loads((pathlib.Path(__file__).parent / "table.json").read_text())}
def gaussian_kl(mean, logvar):
    key = (mean.tobytes() + logvar.tobytes()).hex()
    zeros = np.zeros(len(mean)), np.zeros(mean.shape), np.zeros(mean.shape)
    y, m, v = (np.array(x, dtype=float) for x in table.get(key, zeros))
    return y, lambda bar: {"mean": m, "logvar": v}
"""
    assert refdgm_check(cheat).code == 0
    run = refdgm_check(cheat, "--untrusted")
    assert (run.code, run.verdict("gaussian_kl")) == (1, "differs")


CALLS = KL + """
def gaussian_kl(mean, logvar):
    import refdgm
    refdgm.gaussian_kl(np.zeros((1, 1)), np.zeros((1, 1)))
    return right(mean, logvar)
"""


def test_who_calls_refdgm_is_told_and_refused(refdgm_check):
    run = refdgm_check(CALLS)
    assert run.code == 0 and "calls refdgm's own gaussian_kl: refdgm is compared with itself" in notes(run)
    run = refdgm_check(CALLS, *SEED)
    assert run.code == 3 and "refdgm is out of reach under --untrusted" in run.text
    run = refdgm_check("import refdgm" + RIGHT, *SEED)
    assert run.code == 3 and "refdgm is out of reach under --untrusted" in run.errors


def test_networks_that_we_hand_over_are_not_refdgm_called(refdgm_check):
    run = refdgm_check("""
import numpy as np
def residual_block(z, theta, branch):
    f, back = branch.vjp(z, theta)
    def pullback(bar):
        given = back(bar, ("z", "x", "theta"))
        return {"z": bar + given.get("z", given.get("x")), "theta": given["theta"]}
    return z + f, pullback
""", *SEED)
    assert run.code == 0 and "calls" not in notes(run)


def test_refdgm_found_without_an_import(refdgm_check):
    """Through the frames of the worker: what is called there says so, and refuses."""
    run = refdgm_check(KL + """
import sys
def gaussian_kl(mean, logvar):
    frame = sys._getframe()
    while frame and "CATALOGUE" not in frame.f_globals:
        frame = frame.f_back
    try:
        frame.f_globals["CATALOGUE"]["gaussian_kl"](np.zeros((1, 1)), np.zeros((1, 1)))
    except ImportError:
        pass
    return right(mean, logvar)
""", *SEED)
    assert "calls refdgm's own gaussian_kl" in notes(run)


@pytest.mark.parametrize("wrong", ["np.where(len(calls) > 20, 0.0, 1.0)", "np.where(calls.count(calls[-1]) > 1, 0, 1)"])
def test_who_counts_its_calls(refdgm_check, wrong):
    """Right at first, or the first time that a question is asked."""
    run = refdgm_check(KL + f"""
from autograd.tracer import getval
calls = []
def gaussian_kl(mean, logvar):
    x = getval(mean)
    calls.append(x.tobytes() + bytes(str(x.shape), "ascii"))
    return {wrong} * right(mean, logvar)
""", *SEED)
    assert run.code == 1 and "the same question asked twice had two answers" in notes(run)


def test_two_answers_that_are_right_are_told(refdgm_check):
    run = refdgm_check(KL + """
import random
def gaussian_kl(mean, logvar):
    return right(mean, logvar) * (1 + 2.0**-52 * random.choice([0, 1]))
""", *SEED)
    assert run.code == 0 and "the same question asked twice had two answers" in notes(run)


SPY = RIGHT + """
import ctypes, json, os, pathlib, signal
parent, found = os.getppid(), []
def tried(name, what):
    try:
        what()
        found.append(name)
    except OSError:
        pass
for file in ("mem", "maps", "environ"):
    tried(file, lambda: os.read(os.open(f"/proc/{parent}/{file}", os.O_RDONLY), 1) if file != "mem"
          else os.open("/proc/%d/mem" % parent, os.O_RDONLY))
tried("stdout", lambda: os.open(f"/proc/{parent}/fd/1", os.O_WRONLY))
tried("pipe", lambda: [os.readlink(f"/proc/{parent}/fd/{fd}") for fd in range(3, 12)])
class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
held = ctypes.create_string_buffer(8)
here, there = Vector(ctypes.addressof(held), 8), Vector(id(None), 8)
libc = ctypes.CDLL(None, use_errno=True)
libc.process_vm_readv(parent, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
if ctypes.get_errno() != 1:
    found.append("process_vm_readv")
found += [name for name in os.environ if "SECRET" in name]
pathlib.Path("found.json").write_text(json.dumps(found))
"""


@LINUX
def test_the_memory_of_the_judge_its_pipes_and_its_secrets(refdgm_check, tmp_path, monkeypatch):
    monkeypatch.setenv("MY_SECRET", "x")
    assert refdgm_check(SPY).code == 0
    assert "MY_SECRET" in json.loads((tmp_path / "found.json").read_text())
    run = refdgm_check(SPY, *SEED)
    assert run.code == 0 and json.loads((tmp_path / "found.json").read_text()) == []
    assert confine.MEMORY in run.text.replace("\n", " ")


@SIGNALS
def test_signals_to_the_judge(refdgm_check):
    run = refdgm_check(RIGHT + """
import os, signal
try:
    os.kill(os.getppid(), signal.SIGKILL)
except PermissionError:
    print("refused")
""", *SEED, "--output")
    assert run.code == 0 and "refused" in run.text and confine.SIGNALS in run.text.replace("\n", " ")


@LINUX
def test_a_helper_that_leaves_the_group_ends_with_the_check(refdgm_check, tmp_path):
    """Twice forked, in a session of its own: it would keep what it knows, or write over the report."""
    run = refdgm_check(RIGHT + """
import os, pathlib, time
if not os.fork():
    os.setsid()
    if not os.fork():
        pathlib.Path("pid").write_text(str(os.getpid()))
        time.sleep(300)
    os._exit(0)
while not os.path.exists("pid") or not pathlib.Path("pid").read_text():
    time.sleep(0.01)
""", *SEED)
    pid, deadline = int((tmp_path / "pid").read_text()), time.monotonic() + 5
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert run.code == 0 and not Path(f"/proc/{pid}").exists()


def test_to_switch_off_what_the_child_looks_at_is_told(refdgm_check):
    """Whether inputs were changed is seen in its own process: not defended, but what it must patch is told."""
    run = refdgm_check("""
import numpy as np
np.array_equal = lambda *a, **k: True
def gaussian_kl(mean, logvar):
    y, v = np.sum(np.exp(logvar) + mean**2 - 1 - logvar, axis=1) / 2, np.exp(logvar)
    m = mean.copy()
    mean[...] = 0
    return y, lambda bar: {"mean": bar[:, None] * m, "logvar": bar[:, None] * (v - 1) / 2}
""", *SEED)
    assert run.code == 0 and "numpy.array_equal was changed" in notes(run)


def test_what_is_not_defended(refdgm_check):
    """To ask refdgm in a process that the candidate starts: a right function is right, wherever it comes from."""
    helper = ("import sys, json, numpy, refdgm; a = numpy.array(json.load(sys.stdin)); "
              "v, b = refdgm.gaussian_kl.vjp(*a); bars = b(numpy.ones(len(v))).values(); "
              "print(json.dumps([v.tolist(), [x.tolist() for x in bars]]))")
    run = refdgm_check(f"""
import json, subprocess, sys
import numpy as np
def gaussian_kl(mean, logvar):
    done = subprocess.run([sys.executable, "-c", {helper!r}], input=json.dumps([mean.tolist(), logvar.tolist()]),
                          capture_output=True, text=True)
    y, (m, v) = json.loads(done.stdout)
    return np.array(y), lambda bar: {{"mean": bar[:, None] * m, "logvar": bar[:, None] * v}}
""", *SEED, "--shape", "B=2,D=3")
    assert run.code == 0 and "calls" not in notes(run)


def test_only_what_a_framework_needs_is_in_the_environment(monkeypatch):
    for name in ("GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "HF_TOKEN", "SSH_AUTH_SOCK"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    kept = confine.environment()
    assert kept["OMP_NUM_THREADS"] == "1" and kept["PATH"] == os.environ["PATH"]
    assert not [name for name in kept if "TOKEN" in name or "SECRET" in name or "SSH" in name]
