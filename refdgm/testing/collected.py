"""What pytest collects of a file of candidates: an item for every case, asked in the process of the candidate.

The first item that is run of a function has all its cases asked, for a verdict needs them all; the others look theirs
up. So a worker asks a function once.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from refdgm.catalogue import CATALOGUE
from refdgm.check import run as engine
from refdgm.check import verdicts
from refdgm.check.dtypes import BITS
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.process.reply import CandidateGone
from refdgm.check.process.session import Restarting
from refdgm.check.questions.cases import shipped
from refdgm.check.questions.fixed import held, longer
from refdgm.check.report import exits
from refdgm.check.report.remarks import pair, place, remarks, told
from refdgm.cli import meant
from refdgm.cli.near import nothing
from refdgm.cli.planned import limits
from refdgm.cli.refused import Refused
from refdgm.errors import RefdgmError

SEED = 0  # of cases with a long axis
WHOLE = "verdict"


class Wrong(Exception):
    """What pytest shows of an item that fails: its text alone."""


class Candidates(pytest.File):
    """A file, its process, and what was found so far."""

    asked: Restarting | None = None

    def collect(self) -> Iterator["Case"]:
        """An item for each case of each function, and one for the verdict; one error where the file has none."""
        config = self.config
        self.strict = bool(config.getoption("--refdgm-strict"))
        words = config.getoption("--refdgm-dtype") or config.getini("refdgm_dtype")
        dtypes = [word.strip() for word in words.split(",") if word.strip()]
        if unknown := [word for word in dtypes if word not in BITS]:
            raise pytest.UsageError(f"refdgm: a dtype must be of {', '.join(BITS)}, got {unknown[0]}")
        timeout, memory = (_number(config, name) for name in ("timeout", "memory"))
        try:
            limits(timeout, memory, "refdgm: --refdgm-timeout and --refdgm-memory")
        except Refused as refused:
            raise pytest.UsageError(str(refused)) from None
        self.known: dict[tuple[str, str], Checked] = {}
        try:
            self.meant = meant.read(config.rootpath, str(self.path))
            self.asked = Restarting(str(self.path), timeout, memory)
            self.add_finalizers()
            meant.believed(self.meant, self.asked.found)
        except (CandidateGone, Refused) as gone:
            raise self.CollectError(f"refdgm: {gone}") from None
        if not self.asked.found:
            raise self.CollectError(f"refdgm: {nothing(self.path.name, self.asked.others)}")
        for name in self.asked.found:
            for dtype in dtypes or [""]:
                yield from self._cases(name, dtype)

    def add_finalizers(self) -> None:
        """The process ends with the run, whether an item of it was run or not."""
        self.config.add_cleanup(self.teardown)

    def _cases(self, name: str, dtype: str) -> Iterator["Case"]:
        ref, suffix = CATALOGUE[name], f"[{dtype}]" if dtype else ""
        fixed = self.asked.found[name].fixed if self.asked else {}
        try:
            cases = held(ref, shipped(ref), fixed) if fixed else shipped(ref)
            every = [case.id for case in [*cases, *longer(ref, SEED, fixed)]]
        except RefdgmError as error:
            raise self.CollectError(f"refdgm: {error}") from None
        for id in [*every, f"{name}/{WHOLE}"]:
            yield Case.from_parent(self, name=f"{id}{suffix}", reference=name, dtype=dtype, case=id)

    def checked(self, name: str, dtype: str) -> Checked:
        """All of a function, once."""
        if (name, dtype) not in self.known:
            assert self.asked is not None
            ref = CATALOGUE[name]
            self.known[name, dtype] = engine.check(
                self.asked, ref, shipped(ref), dtype or None, "cpu", lambda *_: None, self.strict, fresh=SEED,
                meant=self.meant.get(name))
        return self.known[name, dtype]

    def teardown(self) -> None:
        """End the process that there is."""
        if self.asked is not None:
            self.asked.close()


class Case(pytest.Item):
    """One case, or the verdict on all of them."""

    def __init__(self, *, reference: str, dtype: str, case: str, **more: Any) -> None:
        super().__init__(**more)
        self.reference, self.dtype, self.case = reference, dtype, case

    def runtest(self) -> None:
        """Pass, skip what has no meaning there, expect what is meant, or fail with the words of the judge."""
        __tracebackhide__ = True
        file = self.parent
        assert isinstance(file, Candidates)
        checked = file.checked(self.reference, self.dtype)
        result = next((one for one in checked.results if one.question.case.id == self.case), None)
        self.user_properties += [("reference", self.reference), ("dtype", checked.dtype),
                                 ("verdict", result.verdict if result else checked.verdict)]
        self.user_properties += [("mistake", what) for _, what in checked.equals]
        if self.case.endswith(f"/{WHOLE}"):
            self._whole(checked, file.strict)
        elif result is None:
            why = dict(checked.not_asked).get(self.case, "not asked, for it is not right in the certified cases")
            pytest.skip(why)
        elif fails(result, file.strict):
            if checked.verdict == verdicts.EXPECTED and checked.expected:
                pytest.xfail(checked.expected.differs)
            raise Wrong(words(checked, result))

    def _whole(self, checked: Checked, strict: bool) -> None:
        """What no case alone tells: an expected difference that is none, a convention, nothing shown."""
        code = exits.exit_code([checked.verdict], bool(checked.convention), strict)
        alone = any(fails(result, strict) for result in checked.results)
        if code != exits.AGREES and (not alone or checked.expected):
            raise Wrong("\n".join([f"{self.reference}: {told(checked)}", *(text for text, _ in remarks(checked))]))

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The words of the judge, without a line of ours."""
        if isinstance(excinfo.value, Wrong):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Where it is, and how it is called."""
        return self.path, None, self.name


def _number(config: pytest.Config, name: str) -> float:
    """Of the command line, or of the settings."""
    if (given := config.getoption(f"--refdgm-{name}")) is not None:
        return float(given)
    told = config.getini(f"refdgm_{name}")
    try:
        return float(told)
    except ValueError:
        raise pytest.UsageError(f"refdgm: refdgm_{name} must be a number, got {told!r}") from None


def fails(result: Result, strict: bool) -> bool:
    """Whether a case does not pass."""
    lost = result.verdict in (verdicts.LOSES, verdicts.COARSE)
    return result.verdict not in verdicts.PASSING or (strict and lost)


def words(checked: Checked, result: Result) -> str:
    """A few lines on one case: what differs, what it equals, and where one goes from here."""
    id = result.question.case.id
    lines = [f"{id}: {result.verdict}" + (f", {result.message}" if result.message else "")]
    for outcome in result.outcomes:
        if outcome.verdict != verdicts.AGREES and not outcome.spared:
            got, right = pair(outcome)
            what = f"{place(outcome)} is {got}, right is {right}" if got else outcome.note
            lines.append(f"  {outcome.role.removeprefix('output.')} {outcome.verdict}: {what.strip()}")
    lines += [f"  differs {checked.shared}"] if checked.shared else []
    for roles, what in checked.equals:
        lines.append(f"  {', '.join(role.removeprefix('output.') for role in roles)}: {what}")
    lines += [f"  not the difference that was expected: {checked.unexpected}"] if checked.unexpected else []
    return "\n".join([*lines, f"  refdgm explain {id}" if result.question.certified else ""]).rstrip()
