"""In the candidate's process: a program of any language, started beside it and asked by lines (`candidates/lines.py`).

It is a child of this process and in its group, so that every limit, and what ends a candidate, holds for it too. Its
standard error is the candidate's output, as what a Python candidate prints.
"""

import os
import signal
import subprocess
from collections.abc import Sequence
from typing import Any

from refdgm.catalogue import CATALOGUE
from refdgm.check.candidates import lines
from refdgm.check.candidates.form import CandidateError
from refdgm.check.candidates.shaping import laid_out, reshaped
from refdgm.check.numbers import Answer, Arrays

SPARE, TIMES = 2**24, 32  # bytes of a line: this many, and so many times those of its question
WAIT = 2.0  # seconds for a program that has closed its output to end


class Gone(Exception):
    """It ended, or is out of step: it can be asked no more."""


class Program:
    """A program that runs; `found` is what it said that it has."""

    def __init__(self, command: Sequence[str], select: Sequence[str], paths: str | None) -> None:
        env = {name: x for name, x in os.environ.items() if name != "PYTHONPATH"}
        if paths is not None:  # as the user has it, without ours
            env["PYTHONPATH"] = paths
        try:
            self._child = subprocess.Popen(list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env)
        except OSError as error:
            raise CandidateError(f"--command: {command[0]} cannot be started: {error.strerror}; give a program that "
                                 "can be run, and its path where it is in no folder of PATH") from None
        self._number = 0
        self.others: list[str] = []
        try:
            self.found = lines.announced(self._exchange(lines.greeting()), select, CATALOGUE)
        except lines.OutOfStep as error:
            raise Gone(f"asked for its functions, {error}") from None
        except lines.LineError as error:
            raise CandidateError(f"--command, asked for its functions: {error}") from None

    def answer(self, head: dict[str, Any], inputs: Arrays, bars: Arrays) -> Answer:
        """The answer to one question; Gone where there will be no other."""
        name = head["reference"]
        candidate, ref = self.found[name], CATALOGUE[name]
        theirs = laid_out(candidate, ref, inputs, bars)
        ours = {one: x.shape for one, x in (inputs | bars).items() if one in theirs}
        given = {one: x for one, x in inputs.items() if one not in candidate.fixed}
        options = {one: x for one, x in head["options"].items() if one not in candidate.fixed}
        wanted = [one for one in inputs if one.partition(".")[0] in candidate.gradients]
        self._number += 1
        asked = lines.question(self._number, name, options, head["dtype"], reshaped(given, theirs),
                               reshaped(bars, theirs), wanted)
        try:
            made = lines.answered(self._exchange(asked), self._number, candidate, ref, inputs, reshaped(bars, theirs))
        except lines.OutOfStep as error:
            raise Gone(str(error)) from None
        made.outputs, made.gradients = reshaped(made.outputs, ours), reshaped(made.gradients, ours)
        return made

    def _exchange(self, line: str) -> str:
        """One line there, one line back."""
        assert self._child.stdin and self._child.stdout
        most = SPARE + TIMES * len(line)
        try:
            self._child.stdin.write(line.encode() + b"\n")
            self._child.stdin.flush()
            found = self._child.stdout.readline(most)
        except OSError:
            found = b""
        if not found.endswith(b"\n"):
            raise Gone(f"it wrote a line of more than {most} bytes, longer than any right answer" if len(found) >= most
                       else self._ended(found))
        return found.decode(errors="replace")

    def _ended(self, rest: bytes) -> str:
        try:
            code = self._child.wait(WAIT)
        except subprocess.TimeoutExpired:
            return "the program closed its standard output before it answered; keep it open until standard input ends"
        how = f"with exit code {code}" if code >= 0 else f"by signal {signal.Signals(-code).name}"
        if rest:
            return f"the program ended {how} in the middle of a line; end every answer with a line feed"
        return f"the program ended {how} before it answered" + (
            "; read standard input to its end, and answer every line" if code == 0 else "")
