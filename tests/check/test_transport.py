"""Every message has an end in time, whoever holds the pipe: no transport may wait for a whole one without a limit."""

import fcntl
import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from refdgm.check.process import memory, session, wire
from refdgm.check.process.reply import CandidateGone

from .test_processes import PROC, alive

LIMIT = 1.5
WHOLE = wire.encode({"status": "ready", "found": {}, "others": []}, {})
HALF = f"""
import os, sys, time
write = int(sys.argv[2])
os.write(write, {WHOLE[:20]!r})
"""
HELD = """
if not os.fork():
    os.setsid()  # in no group that is ended with the candidate's
    open("holder", "w").write(str(os.getpid()))
    time.sleep(60)
    os._exit(0)
while not os.path.exists("holder") or not open("holder").read():
    time.sleep(0.01)
"""
READY = {"status": "ready", "found": {"softmax": {"outputs": ["value"], "gradients": []}}, "others": []}
DROPS = f"""
import os, sys, time
os.write(int(sys.argv[2]), {wire.encode(READY, {})!r})
time.sleep(300)
"""
END = "time.sleep(300)\n", "os._exit(0)\n"


def opened(folder, text, monkeypatch):
    """A session with a candidate that speaks to the pipe itself."""
    monkeypatch.setattr(session, "STARTING", LIMIT)
    monkeypatch.chdir(folder)
    (folder / "mine.py").write_text(text)
    return session.Session("mine.py", LIMIT, 4.0)


def in_time(began):
    return time.monotonic() - began < LIMIT + 5


@pytest.mark.parametrize("end, why", [(END[0], "still being imported"), (END[1], "ended with exit code 0")])
def test_half_a_message(tmp_path, monkeypatch, end, why):
    began = time.monotonic()
    with pytest.raises(CandidateGone, match=why):
        opened(tmp_path, HALF + end, monkeypatch)
    assert in_time(began)


@pytest.mark.skipif(not PROC, reason="needs /proc")
@pytest.mark.parametrize("end", END)
def test_half_a_message_and_somebody_else_keeps_the_pipe_open(tmp_path, monkeypatch, end):
    """There is no end of the file to wait for: a process of another group has the other end."""
    began = time.monotonic()
    try:
        with pytest.raises(CandidateGone, match="still being imported"):
            opened(tmp_path, HALF + HELD + end, monkeypatch)
        assert in_time(began) and alive(int(Path("holder").read_text()))
    finally:
        os.kill(int(Path("holder").read_text()), signal.SIGKILL)


def test_a_question_that_nobody_reads(tmp_path, monkeypatch):
    """It is longer than what the pipe holds."""
    asked = opened(tmp_path, DROPS, monkeypatch)
    began = time.monotonic()
    try:
        with pytest.raises(CandidateGone, match=r"the question was not read within 1\.5 s"):
            asked.ask({"reference": "softmax", "options": {}, "dtype": "float64", "device": "cpu"},
                      {"input.logits": np.zeros((300, 1000))})
        assert in_time(began)
    finally:
        asked.close()


@pytest.mark.skipif(not hasattr(fcntl, "F_SETPIPE_SZ"), reason="needs Linux")
def test_a_pipe_holds_a_mebibyte_where_it_may(monkeypatch):
    read, write = os.pipe()
    try:
        wire.widen(read)
        assert fcntl.fcntl(write, fcntl.F_GETPIPE_SZ) == 2**20
        monkeypatch.delattr(fcntl, "F_SETPIPE_SZ")
        wire.widen(read, write)  # as on macOS: they stay as they are
    finally:
        os.close(read)
        os.close(write)


KEPT = """
import os, sys
import numpy as np
from refdgm.check.process import memory
if sys.argv[1:]:
    memory.keep()
x = np.ones(2**24)
del x
print(memory.resident(os.getpid()) > 2**27)
"""


@pytest.mark.skipif(not PROC or platform.libc_ver()[0] != "glibc", reason="needs the GNU C library")
def test_what_is_freed_is_kept():
    """An array of 128 MiB, for the next one; otherwise its pages go back."""
    for words, kept in (["keep"], "True"), ([], "False"):
        ran = subprocess.run([sys.executable, "-c", KEPT, *words], capture_output=True, text=True, check=True)
        assert ran.stdout.split() == [kept]


def test_another_library_has_nothing_to_be_told(monkeypatch):
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())
    memory.keep()


def test_where_there_is_no_fork(tmp_path, monkeypatch):
    monkeypatch.delattr(session.os, "fork")
    with pytest.raises(CandidateGone, match="by means of Unix, which this system lacks") as gone:
        opened(tmp_path, "", monkeypatch)
    assert gone.value.kind == "usage"


def test_where_no_call_tells_how_it_ended(tmp_path, monkeypatch):
    """As on macOS with Python 3.11 and 3.12: that it ended is still told."""
    monkeypatch.delattr(session.os, "waitid")
    with pytest.raises(CandidateGone, match="the process ended; let what runs at import stand"):
        opened(tmp_path, "import os\nos._exit(3)\n", monkeypatch)
