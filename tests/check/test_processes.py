"""Exit codes say what happened, nothing is left running, and nothing of a candidate's is believed but its numbers."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from refdgm.catalogue import CATALOGUE
from refdgm.check.process import memory, session, wire
from refdgm.check.process.reply import CandidateGone, Declared, Reply
from refdgm.check.report import exits
from refdgm.cli import show
from refdgm.cli.main import main

RIGHT = """
import autograd.numpy as np
def gaussian_kl(mean, logvar):
    return np.sum(np.exp(logvar) + mean**2 - 1 - logvar, axis=1) / 2
"""
COMMAND = [sys.executable, "-m", "refdgm"]
PROC = Path("/proc/self/task").exists()


def refdgm(folder, *words, **how):
    how = {"capture_output": True, "text": True, "timeout": 120, "check": False} | how
    return subprocess.run([*COMMAND, *words], cwd=folder, **how)


@pytest.mark.parametrize("words, told", [
    (("--seed", str(2**128)), "--seed must be a whole number from 0 to 2^64"),
    (("--seed", "-1"), "--seed must be a whole number from 0"),
    (("--timeout", "inf"), "--timeout and --memory must be positive and at most 1e+06 s"),
    (("--timeout", "nan"), "--timeout and --memory must be positive"),
    (("--memory", "-1"), "--timeout and --memory must be positive"),
    (("--shape", "B=10000000000"), "choose smaller sizes"),
    (("--shape", "B=3,B=4"), "got B twice"),
    (("--shape", ""), "--shape must be sizes such as B=64"),
    (("--vectors", "absent.json", "--seed", "0"), "choose"),
])  # fmt: skip
def test_a_command_without_meaning(tmp_path, words, told):
    (tmp_path / "right.py").write_text(RIGHT)
    done = refdgm(tmp_path, "check", "right.py", *words)
    assert (done.returncode, done.stdout) == (exits.USAGE, "") and told in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_every_terminal_can_be_told(tmp_path, encoding):
    (tmp_path / "right.py").write_text(RIGHT)
    env = os.environ | {"PYTHONIOENCODING": encoding}
    judged = ["check", "right.py"]
    for words in (judged, [*judged, "--json"], ["list"], ["list", "--json"], ["show", "mlp"]):
        done = refdgm(tmp_path, *words, text=False, env=env)
        assert (done.returncode, done.stderr) == (exits.AGREES, b""), words
        text = done.stdout.decode(encoding)
        assert "--json" not in words or json.loads(text)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_fault_of_the_candidate(tmp_path, closed):
    (tmp_path / "right.py").write_text(RIGHT)
    line = f'"{sys.executable}" -m refdgm check right.py --report r.json {closed}'
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, timeout=120, check=False)
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["exit_code"] == done.returncode == exits.AGREES and report["answered"] == report["asked"] > 20


def test_a_reader_that_is_gone_is_no_difference(tmp_path):
    with subprocess.Popen([*COMMAND, "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as gone:
        gone.stdout.close()
        assert gone.wait(60) == exits.FAULT and gone.stderr.read() == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_no_difference(tmp_path):
    with open("/dev/full", "w") as full:
        done = subprocess.run([*COMMAND, "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == exits.FAULT and "the report could not be told" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_ours_is_no_difference(monkeypatch, capsys):
    monkeypatch.setattr(show, "show", lambda *_: 1 / 0)
    assert main(["show", "softmax"]) == exits.FAULT
    text, errors = capsys.readouterr()
    assert text == "" and errors.startswith("refdgm: a fault of refdgm itself, nothing was shown of your code: ")
    assert "ZeroDivisionError" in errors and errors.count("\n") == 1


SLOW = RIGHT + """
import pathlib, subprocess, sys, time, os
def gumbel_max(logits, gumbel):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    pathlib.Path("pids").write_text(f"{os.getpid()} {child.pid} ")
    time.sleep(300)
"""


# Signals that a suite under nohup, or in the background, does not heed: their defaults are what the command inherits.
HEEDED = """
import os, signal, sys
for each in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
    signal.signal(each, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""


def started(tmp_path, *more):
    """A check that has told of one function and hangs in another, and the processes of its candidate."""
    (tmp_path / "slow.py").write_text(SLOW)
    words = ["check", "slow.py", "--select", "gaussian_kl,gumbel_max", "--report", "r.json", *more]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    check = subprocess.Popen([sys.executable, "-c", HEEDED, *COMMAND, *words], cwd=tmp_path, **pipes)
    deadline = time.monotonic() + 60
    while not (tmp_path / "pids").exists() or not (tmp_path / "pids").read_text().endswith(" "):
        assert time.monotonic() < deadline and check.poll() is None
        time.sleep(0.05)
    return check, [int(pid) for pid in (tmp_path / "pids").read_text().split()]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.skipif(not PROC, reason="needs /proc")
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_the_candidate_ends_with_the_check(tmp_path, by):
    check, pids = started(tmp_path)
    assert all(map(alive, pids))
    check.send_signal(by)
    check.communicate(timeout=60)
    deadline = time.monotonic() + 10
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, pids))


def test_an_interruption_tells_what_is_known(tmp_path):
    check, pids = started(tmp_path)
    check.send_signal(signal.SIGINT)
    text, errors = check.communicate(timeout=60)
    assert check.returncode == exits.INTERRUPTED and "Traceback" not in errors
    assert "gaussian_kl" in text
    assert re.search(r"interrupted in \w+, case \d+ of \d+: 1 of 2 functions were not finished", " ".join(text.split()))
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["exit_code"] == exits.INTERRUPTED
    assert [function["reference"] for function in report["functions"]] == ["gaussian_kl"]
    assert not PROC or not any(map(alive, pids))


@pytest.mark.skipif(not PROC, reason="needs /proc")
def test_memory_is_that_of_all_its_processes(refdgm_check):
    """Half of the limit in each of three children."""
    run = refdgm_check(RIGHT + """
import subprocess, sys, time
EATER = "import time; x = bytearray(300 * 2**20); time.sleep(60)"
def gumbel_max(logits, gumbel):
    children = [subprocess.Popen([sys.executable, "-c", EATER]) for _ in range(3)]
    time.sleep(60)
""", "--memory", "0.6", "--select", "gumbel_max")
    assert run.code == exits.RAISED and "it used more than 0.6 GiB of memory" in run.text


@pytest.mark.skipif(not PROC, reason="needs /proc")
def test_a_shared_page_is_counted_once():
    """A fork that writes nothing costs next to nothing."""
    code = ("import os, sys, time\nx = bytearray(os.urandom(1)) * (200 * 2**20)\n"
            "for _ in range(3):\n    if not os.fork():\n        time.sleep(60)\n        os._exit(0)\n"
            "print('ready', flush=True)\ntime.sleep(60)")
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True) as parent:
        try:
            assert parent.stdout.readline() == b"ready\n"
            assert len(memory.family(parent.pid)) == 4
            assert not memory.beyond(parent.pid, 400 * 2**20) and memory.beyond(parent.pid, 150 * 2**20)
        finally:
            os.killpg(parent.pid, signal.SIGKILL)


def test_a_group_is_signalled_before_its_leader_is_reaped(monkeypatch, tmp_path):
    """After that its number may be another's. The candidate here ends by itself in the middle of a question."""
    (tmp_path / "ends.py").write_text("import os\ndef gumbel_max(logits, gumbel):\n    os._exit(3)\n")
    asked, signalled = session.Session(str(tmp_path / "ends.py"), 60.0, 4.0), []
    kill = os.killpg

    def killpg(group, number):
        signalled.append(os.waitid(os.P_PID, group, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None)
        kill(group, number)

    monkeypatch.setattr(session.os, "killpg", killpg)
    with pytest.raises(CandidateGone, match="ended with exit code 3 before it answered"):
        head = {"reference": "gumbel_max", "options": {}, "dtype": "float64", "device": "cpu"}
        asked.ask(head, {"input.logits": np.zeros((2, 3)), "input.gumbel": np.ones((2, 3))})
    time.sleep(0.2)
    asked.close()
    asked.close()
    assert signalled == [True]


def test_a_forged_length_is_refused_before_it_is_read():
    """Two gigabytes are announced; no right answer to this question is as long."""
    with pytest.raises(wire.WireError, match="an answer of 2000000000 bytes, longer than any right one"):
        wire.length((2_000_000_000).to_bytes(8, "little"), 10**6)


FORGED = """
import os, sys
sys.path.insert(0, {root!r})
from refdgm.check.process import wire
for end in map(int, sys.argv[1:3]):
    try:
        wire.send(end, {head!r}, {{}})
    except OSError:
        pass
os._exit(0)
"""


@pytest.mark.parametrize("head", [
    {"status": "ready", "found": {"softmax": 3}},
    {"status": "ready", "found": {"softmax": {}}},
    {"status": "ready", "found": {"softmax": {"outputs": ["nonsense"], "gradients": []}}},
    {"status": "ready", "found": {"softmax": {"outputs": [{}], "gradients": []}}},
    {"status": "ready", "found": {"nonsense": {"outputs": [], "gradients": []}}},
    {"status": "ready", "found": {"softmax": {"outputs": ["value"], "gradients": [], "dtype": "float8"}}},
    {"status": "ready", "found": []},
    {"status": "ready"},
    {},
])  # fmt: skip
def test_a_forged_first_message_is_an_error_of_the_candidate(tmp_path, head):
    text = FORGED.format(root=str(Path(session.__file__).parents[3]), head=head)
    (tmp_path / "forged.py").write_text(text)
    done = refdgm(tmp_path, "check", "forged.py")
    assert done.returncode == exits.RAISED and "the candidate could not be loaded" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reply_is_cleaned_where_it_enters():
    reply = Reply.of({"status": 3, "message": "\x1b[31mred", "dtype": [], "severed": "x", "others": [1, "a" * 999],
                      "trace": [["\x07"]], "damage": None}, {})
    assert not reply.answered and reply.message == "red" and reply.dtype == "float64" and reply.severed == ()
    assert reply.others == ("1", "a" * 60) and reply.trace == ("['\\x07']",) and reply.damage == ()
    told = {"outputs": ["value"], "gradients": [], "called": "\x1b[0mf", "taken": 7}
    assert Declared.of(CATALOGUE["softmax"], told) == Declared(("value",), (), called="f")
