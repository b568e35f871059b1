"""The parent's side: a candidate in a child process with a time limit, a memory limit and no way to speak for us."""

import os
import secrets
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import refdgm
from refdgm.catalogue import CATALOGUE
from refdgm.check.process import confine, wire
from refdgm.check.process import memory as held
from refdgm.check.process.reply import LINE, LONG, CandidateGone, Declared, Reply, plain, texts

STARTING = 60.0  # seconds that interpreter and candidate may take to be imported; half the limit for a case, if more
KEPT = 20_000  # characters of the candidate's own output that are kept
SPARE, TIMES = 2**26, 32  # bytes of an answer: this many, and so many times those of its question
EVERY = 0.05  # seconds between two looks at its memory
LAST = 3  # lines that a program wrote before it ended
UNIX = ("a candidate's process is started, limited and ended by means of Unix, which this system lacks; use WSL or a "
        "container, or refdgm.testing.check, which asks a function in your own process")
LATE = "; a program must end its answer with a line feed, and flush its standard output"

Load = str | Mapping[str, Any]  # a module, or what the worker is to load in its place


class Session:
    """One child. `found` is what it declared; `ask` puts one case to it; it is started again by making another.

    The child leads a process group, and a guard in it ends the group when this process is no more (`start.py`). The
    leader stays a zombie until `close` has signalled the group: until then its number is nobody else's.
    """

    def __init__(self, module: Load, timeout: float, memory: float, untrusted: bool = False) -> None:
        if not (hasattr(os, "fork") and hasattr(os, "killpg")):
            raise CandidateGone("usage", UNIX)
        load = {"module": module} if isinstance(module, str) else dict(module)
        self._late = LATE if "command" in load else ""
        self.confined = confine.judge() if untrusted else []
        self._before = set(held.family(os.getpid())) if self.confined else None
        self.timeout, self.memory, self.over, self._closed = timeout, memory * 2**30, False, False
        request, self._write = os.pipe()
        self._read, reply = os.pipe()
        wire.widen(request, reply)
        root = str(Path(refdgm.__file__).resolve().parents[1])
        paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        self._log = tempfile.TemporaryFile()  # noqa: SIM115, it lives as long as the session
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "refdgm.check.process.start", str(request), str(reply)],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            pass_fds=(request, reply),
            start_new_session=True,
            env={**(confine.environment() if untrusted else os.environ),
                 "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1", "JAX_ENABLE_X64": "1"},
        )
        os.close(request)
        os.close(reply)
        threading.Thread(target=self._watch, daemon=True).start()
        try:
            if untrusted:
                self.confined += texts(self._exchange({"untrusted": True}, {}, timeout + STARTING)[0].get("how"))
            head = self._loaded(load, max(STARTING, timeout / 2))
            self._there(head)
            if head.get("status") == "declared wrong":
                raise CandidateGone("usage", plain(str(head.get("message"))))
            if head.get("status") != "ready":
                message = "\n  ".join([plain(str(head.get("message"))), *texts(head.get("trace"))])
                raise CandidateGone("raised", message)
            self.found = _declared(head.get("found"))
            self.others = texts(head.get("others"))
        except BaseException:
            self.close()
            raise

    def ask(self, head: dict[str, Any], arrays: dict[str, Any]) -> Reply:
        """The reply to one case; `CandidateGone` where there is none."""
        began = time.monotonic()
        reply = self._asked(head, arrays)
        return Reply.of(*reply, time.monotonic() - began)

    def refuses(self, framework: str, device: str) -> str:
        """Why no candidate of this framework can be asked on this device; nothing where it can."""
        return plain(str(self._asked({"framework": framework, "device": device}, {})[0].get("message") or ""))

    def _loaded(self, load: dict[str, Any], limit: float) -> dict[str, Any]:
        """The first message; where a module sends none, with what it printed last and what to do."""
        try:
            return self._exchange(load, {}, limit)[0]
        except CandidateGone as gone:
            if "module" not in load or self.over:
                raise
            why, way = str(gone), "let what runs at import stand under `if __name__ == \"__main__\":`"
            if gone.kind == "timeout":
                why = f"it was still being imported after {limit:g} s"
                way += f", or wait longer: --timeout {4 * limit:g} waits {2 * limit:g} s"
            last = [f"it printed: {line[:LINE]}" for line in self.said().splitlines() if line.strip()][-LAST:]
            raise CandidateGone(gone.kind, "\n  ".join([f"{why}; {way}", *last])) from None

    def _asked(self, head: dict[str, Any], arrays: dict[str, Any]) -> wire.Message:
        token = secrets.token_hex(8)
        reply, out = self._exchange(head | {"token": token}, arrays, self.timeout)
        if reply.get("token") != token:
            raise CandidateGone("raised", "an answer came to a question that was not asked")
        self._there(reply)
        return reply, out

    def _there(self, head: dict[str, Any]) -> None:
        """Raise where a program has ended, with what it wrote last."""
        if head.get("status") == "gone":
            last = [f"it wrote: {line[:LINE]}" for line in self.said().splitlines() if line.strip()][-LAST:]
            raise CandidateGone("raised", "\n  ".join([plain(str(head.get("message")))[:LONG], *last]))

    def said(self) -> str:
        """The end of what the candidate printed."""
        size = self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, size - KEPT))
        return plain(self._log.read().decode(errors="replace"))

    def printed(self) -> int:
        """How many lines it printed, of all."""
        self._log.seek(0)
        many, last = 0, b"\n"
        while part := self._log.read(2**20):
            many, last = many + part.count(b"\n"), part[-1:]
        return many + (last != b"\n")

    def close(self) -> None:
        """End the child and whatever it started; once."""
        if self._closed:
            return
        self._closed = True
        try:
            os.killpg(self._child.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # it has not become a leader yet
            self._child.kill()
        self._child.wait()
        self._strays()
        os.close(self._read)
        os.close(self._write)
        self._log.close()

    def _strays(self) -> None:
        """End what left the group; it comes home to us when its parent ends, which is why it is looked for again."""
        deadline = time.monotonic() + 2
        while self._before is not None and (left := set(held.family(os.getpid())) - self._before):
            for pid in left:
                with suppress(ProcessLookupError, ChildProcessError):
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, os.WNOHANG)
            if time.monotonic() > deadline:
                return
            time.sleep(0.01)

    def _exchange(self, head: dict[str, Any], arrays: dict[str, Any], limit: float) -> wire.Message:
        deadline = time.monotonic() + limit
        try:
            question = wire.encode(head, arrays)
            self._deliver(question, deadline, limit)
            size = wire.length(self._exactly(8, deadline, limit), SPARE + TIMES * len(question))
            return wire.decode(self._exactly(size, deadline, limit))
        except (OSError, wire.WireError) as error:
            raise CandidateGone("raised", self._ended(error)) from None

    def _deliver(self, message: bytes, deadline: float, limit: float) -> None:
        os.set_blocking(self._write, False)
        rest = memoryview(message)
        while rest:
            _, ready, _ = select.select([], [self._write], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise CandidateGone("timeout", f"the question was not read within {limit:g} s")
            rest = rest[os.write(self._write, rest[: wire.AT_ONCE]) :]

    def _exactly(self, size: int, deadline: float, limit: float) -> bytearray:
        data = bytearray()  # grows as it comes: what is announced is no memory yet
        while len(data) < size:
            ready, _, _ = select.select([self._read], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise CandidateGone("timeout", f"no answer within {limit:g} s{self._late}")
            part = os.read(self._read, min(size - len(data), wire.AT_ONCE))
            if not part:
                raise wire.WireError("the process ended")
            data += part
        return data

    def _ended(self, error: Exception) -> str:
        if self.over:
            return f"the process was ended: it used more than {self.memory / 2**30:g} GiB of memory"
        deadline = time.monotonic() + 1
        while (how := self._how_it_ended()) is None and time.monotonic() < deadline:
            time.sleep(0.01)
        return f"the process ended {how} before it answered" if how else plain(str(error))

    def _how_it_ended(self) -> str | None:
        """None as long as it runs, or where no system call tells it of one that is not reaped (macOS until 3.13)."""
        if not hasattr(os, "waitid"):
            return None
        status = os.waitid(os.P_PID, self._child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if status is None:
            return None
        if status.si_code == os.CLD_EXITED:
            return f"with exit code {status.si_status}"
        return f"by signal {signal.Signals(status.si_status).name}"

    def _watch(self) -> None:
        """End a child that with its own children grows beyond the memory limit (where /proc tells their sizes)."""
        while not self._closed:
            if held.beyond(self._child.pid, self.memory):
                self.over = True
                os.kill(self._child.pid, signal.SIGKILL)  # a zombie at worst: it is not reaped before `close`
                return
            time.sleep(EVERY)


def _declared(found: Any) -> dict[str, Declared]:
    try:
        return {name: Declared.of(CATALOGUE[name], told) for name, told in found.items()}
    except (AttributeError, KeyError, ValueError):
        message = "the first message was none of a worker: something else wrote to its pipe"
        raise CandidateGone("raised", message) from None


class Restarting:
    """A session that is started again for the next question after it was lost."""

    def __init__(self, module: Load, timeout: float, memory: float, untrusted: bool = False) -> None:
        self._how = module, timeout, memory, untrusted
        self._session: Session | None = Session(*self._how)
        self.found, self.others, self._said = self._session.found, self._session.others, ""
        self._printed = 0
        self.confined = self._session.confined

    def ask(self, head: dict[str, Any], arrays: dict[str, Any]) -> Reply:
        """As `Session.ask`."""
        return self._alive(lambda session: session.ask(head, arrays))

    def refuses(self, framework: str, device: str) -> str:
        """As `Session.refuses`."""
        return self._alive(lambda session: session.refuses(framework, device))

    def _alive(self, put: Callable[[Session], Any]) -> Any:
        if self._session is None:
            self._session = Session(*self._how)
            if self._session.found != self.found:
                raise CandidateGone("raised", "started again, the module declares something else")
        try:
            return put(self._session)
        except CandidateGone:
            self.close()
            raise

    def said(self) -> str:
        """The end of what the candidate printed, in all its processes."""
        return self._said + (self._session.said() if self._session else "")

    def printed(self) -> int:
        """How many lines were printed, in all its processes."""
        return self._printed + (self._session.printed() if self._session else 0)

    def close(self) -> None:
        """End the process that there is."""
        if self._session is not None:
            self._said += self._session.said()
            self._printed += self._session.printed()
            self._session.close()
            self._session = None
