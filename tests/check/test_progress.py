"""Progress on a terminal: what is asked, how far it is, how long it takes; on nothing else a word."""

import os
import pty
import re
import sys
import threading

import pytest

from refdgm.check.report import progress

pytest.importorskip("rich")


@pytest.fixture
def terminal(monkeypatch):
    """To be standard error, and what was written there once it is closed; pytest has its own until the test begins."""
    master, slave = pty.openpty()
    written = []

    def read():
        while True:
            try:
                some = os.read(master, 1 << 16)
            except OSError:
                return
            written.append(some)

    reader = threading.Thread(target=read)
    reader.start()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    with os.fdopen(slave, "w", encoding="utf-8") as stream:

        def closed():
            stream.close()
            reader.join(10)
            return b"".join(written).decode()

        yield stream, closed
    os.close(master)


def test_how_far_it_is_and_how_long_it_takes(terminal, monkeypatch):
    """Counted over all functions; taken away at the end."""
    stream, closed = terminal
    monkeypatch.setattr(sys, "stderr", stream)
    clock = iter(range(100))
    monkeypatch.setattr(progress.time, "monotonic", lambda: 2.0 * next(clock))
    out = sys.stdout
    with progress.shown(4) as step:
        for name in ("softmax", "gaussian_kl", "mlp", "odeint"):
            for case in (1, 2):
                step(name, case, 2)
                assert sys.stdout is out  # a report in a pipe stays there
    said = closed()
    assert re.search(r"softmax, 1 of 2.*gaussian_kl, 2 of 2.*odeint, 2 of 2", said, re.S) and "left" in said
    assert said.rstrip().endswith("\x1b[2K")  # the line is cleared


def test_what_is_short_says_nothing(terminal, monkeypatch):
    stream, closed = terminal
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.shown(2) as step:
        step("softmax", 1, 2)
    assert closed() == ""


def test_no_terminal_no_word(capsys, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    with progress.shown(2) as step:
        step("softmax", 1, 2)
    assert capsys.readouterr().err == ""
