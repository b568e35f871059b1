"""`check(fn, "gaussian_kl")`: what `refdgm check` does, for a function in your own tests.

The function runs in this process: no time limit, no memory limit. Everything else, from the certified cases to the
diagnosis, is the same engine.
"""

import io
import secrets
import traceback
from collections.abc import Callable
from importlib.util import find_spec
from numbers import Integral
from time import perf_counter
from typing import Any

from refdgm.catalogue import CATALOGUE, unknown
from refdgm.check import run as engine
from refdgm.check.candidates import entry as candidates
from refdgm.check.candidates import frameworks, lending
from refdgm.check.candidates.answering import answer
from refdgm.check.candidates.form import Candidate
from refdgm.check.dtypes import BITS
from refdgm.check.numbers import Arrays
from refdgm.check.process.reply import Declared, Reply
from refdgm.check.questions import cases as questions
from refdgm.check.report import exits
from refdgm.check.report import terminal as report
from refdgm.check.report.remarks import told
from refdgm.errors import ArgumentError, RefdgmError
from refdgm.testing.shown import Shown

ASKING = ("dtype", "accumulate", "device", "strict", "sizes", "seed", "untrusted")  # how; other words are of an entry


class Here:
    """A candidate in this process."""

    def __init__(self, candidate: Candidate) -> None:
        self._candidate = candidate
        self.found = {candidate.reference: Declared(**candidate.plain())}
        self.raised: Exception | None = None

    def ask(self, head: dict[str, Any], arrays: Arrays) -> Reply:
        """What a child process would reply."""
        inputs = {name.partition(".")[2]: x for name, x in arrays.items() if name.startswith("input.")}
        bars = {name.partition(".")[2]: x for name, x in arrays.items() if name.startswith("cotangent.")}
        ref, began = CATALOGUE[head["reference"]], perf_counter()
        try:
            made = answer(self._candidate, ref, head["options"], inputs, bars, head["dtype"], head["device"])
        except Exception as error:
            self.raised = self.raised or error
            last = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{last.name}, line {last.lineno}"
            return Reply(False, message=f"{type(error).__name__}: {error}", trace=(where,))
        seconds = perf_counter() - began
        found = {f"output.{name}": x for name, x in made.outputs.items()}
        found |= {f"gradient.{name}": x for name, x in made.gradients.items()}
        return Reply(True, found, made.dtype or "float64", tuple(made.severed), tuple(made.others[:5]),
                     seconds=seconds)


def check(
    fn: Callable[..., Any],
    name: str,
    *,
    dtype: str | None = None,
    accumulate: str | None = None,
    device: str = "cpu",
    strict: bool = False,
    sizes: dict[str, Any] | None = None,
    seed: int | None = None,
    untrusted: bool = False,
    **entry: Any,
) -> Shown:
    """Compare `fn` with the certified cases of the reference `name`; AssertionError with the whole report if it fails.

    `entry` is what an entry of `CANDIDATES` may hold, but the function. With `sizes` or `seed` the cases are fresh,
    judged by the float64 reference; `accumulate` is the dtype in which reductions are meant to be added up. Undeclared
    conventions fail under `strict`, as lost digits, a lower dtype and gradients of hyper-parameters do.
    With `untrusted` fresh cases are asked beside the certified ones, every question twice, and NaN lies beside every
    array; but the function stays in this process, where nothing is out of its reach: `refdgm check --untrusted` asks it
    in one of its own.
    """
    __tracebackhide__ = True  # of pytest: the line that is shown is the caller's
    checked, raised = _checked(fn, name, entry, dtype, accumulate, device, strict, sizes, seed, untrusted)
    code = exits.exit_code([checked.verdict], bool(checked.convention), strict)
    if code != exits.AGREES:
        text = io.StringIO()
        report.show([checked], f"{getattr(fn, '__name__', fn)} against {name}", [], code, text)
        raise AssertionError(f"{name}: {told(checked)}\n{text.getvalue()}") from raised
    return checked


def look(fn: Callable[..., Any], name: str, **words: Any) -> Shown:
    """What `check` finds, by the same words, handed back where it fails too: a notebook shows it as a table."""
    asking = {word: words.pop(word) for word in ASKING if word in words}
    return _checked(fn, name, words, **asking)[0]


def _checked(
    fn: Callable[..., Any],
    name: str,
    entry: dict[str, Any],
    dtype: str | None = None,
    accumulate: str | None = None,
    device: str = "cpu",
    strict: bool = False,
    sizes: dict[str, Any] | None = None,
    seed: int | None = None,
    untrusted: bool = False,
) -> tuple[Shown, Exception | None]:
    """What was found, and the first thing that was raised."""
    __tracebackhide__ = True
    if find_spec("autograd") is None:
        raise RefdgmError("refdgm.testing.check needs autograd: pip install 'refdgm[check]'")
    if not isinstance(name, str):
        raise ArgumentError(f'name must be a string such as "gaussian_kl", got {name!r}; the function comes first')
    if name not in CATALOGUE:
        raise ArgumentError(unknown(name))
    if dtype is not None and dtype not in BITS:
        raise ArgumentError(f"dtype must be one of {', '.join(BITS)}, got {dtype!r}; write it as a string")
    if accumulate is not None and accumulate not in BITS:
        raise ArgumentError(f"accumulate must be one of {', '.join(BITS)}, got {accumulate!r}; write it as a string")
    if seed is not None and (not isinstance(seed, Integral) or isinstance(seed, bool) or int(seed) < 0):
        raise ArgumentError(f"seed must be a whole number of at least 0, got {seed!r}; leave it out for none")
    ref = CATALOGUE[name]
    here = Here(candidates.adapted(ref, {**entry, "function": fn}))
    why = frameworks.refused(here.found[name].framework, device)
    if why:
        raise ArgumentError(why)
    if sizes is not None:
        sizes = questions.whole(sizes)
        questions.used(sizes, [ref])
    chosen, twice = sizes is not None or (seed is not None and not untrusted), None
    if untrusted:
        seed = twice = secrets.randbits(48) if seed is None else int(seed)
    cases = questions.fresh(ref, sizes, seed) if chosen or untrusted else []
    cases += [] if chosen else questions.shipped(ref)
    with lending.guarded(untrusted):
        found = engine.check(here, ref, cases, dtype, device, lambda *_: None, strict, twice, accumulate or "",
                               None if chosen else seed or 0)
    if untrusted:
        found.noted(f"asked twice, in fresh cases too: seed={seed} has them again")
    return Shown(**vars(found)), here.raised
