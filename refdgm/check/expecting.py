"""A difference that is meant: `"expect"` in an entry, or a table of `refdgm.toml`.

It names why (`differs`), in which outputs and gradients (`only`), and what pins the difference down: the known
`mistake` that it equals, the `cases` in which it is seen ("all", or their numbers), or what is so of an argument
`where` it may be seen ("logvar < -30"). One of the three there must be, for an allowance without one would excuse any
other difference of the same gradient.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from refdgm.errors import ArgumentError
from refdgm.evidence import find
from refdgm.reference import Reference

KEYS = ("differs", "only", "mistake", "cases", "where")
ALL = "all"
LONG = 400  # characters of a reason
WHERE = re.compile(r"(\w+) *(<=|>=|<|>) *([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)", re.ASCII)
CASE = re.compile(r"[\w/=,.\-]{1,100}", re.ASCII)


@dataclass(frozen=True)
class Expected:
    """A difference that is meant; `only` by role, `cases` by id, none of them where a mistake pins it down."""

    differs: str
    only: tuple[str, ...]
    mistake: str = ""
    cases: tuple[str, ...] | str = ()
    where: str = ""

    def plain(self) -> dict[str, Any]:
        """As an entry has it."""
        return {"differs": self.differs, "only": [role.removeprefix("output.") for role in self.only],
                "mistake": self.mistake, "cases": self.cases if self.cases == ALL else list(self.cases),
                "where": self.where}

    def condition(self) -> tuple[str, str, float]:
        """Of `where`: the argument, the comparison and the number."""
        match = WHERE.fullmatch(self.where)
        assert match is not None
        return match[1], match[2], float(match[3])


def expected(ref: Reference, given: Any) -> Expected:
    """From `{"differs": "…", "only": ["gradient.x"], "cases": ["013"]}`; ArgumentError where it is none."""
    if not isinstance(given, Mapping):
        raise ArgumentError(f'{ref.name}: expect must be a dictionary with "differs" and "only", got a '
                             f"{type(given).__name__}")
    for key in given:
        if key not in KEYS:
            raise ArgumentError(f"{ref.name}: expect has an unknown key {key!r}; there are {', '.join(KEYS)}")
    reason = given.get("differs")
    if not isinstance(reason, str) or not reason.strip() or len(reason) > LONG:
        raise ArgumentError(f"{ref.name}: expect must say why in differs, in at most {LONG} characters, "
                             f"got {str(reason)[:60]!r}")
    mistake, cases = _mistake(ref, given.get("mistake", "")), _cases(ref, given.get("cases", ()))
    where = _where(ref, given.get("where", ""))
    if not mistake and not cases and not where:
        raise ArgumentError(f'{ref.name}: expect must pin the difference down by "mistake", a known one, "cases", '
                             'their numbers or "all", or "where", such as "x < -30"; a check without it tells which')
    return Expected(" ".join(reason.split()), _roles(ref, given.get("only")), mistake, cases, where)


def _where(ref: Reference, given: Any) -> str:
    match = WHERE.fullmatch(given.strip()) if isinstance(given, str) and given.strip() else None
    if given and (match is None or match[1] not in ref.arrays or not _number(match[3])):
        raise ArgumentError(f'{ref.name}: expect must compare in where an argument with a number, such as '
                            f'"{next(iter(ref.arrays), "x")} < -30", got {str(given)[:60]!r}')
    return f"{match[1]} {match[2]} {match[3]}" if match else ""


def _number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False


def _roles(ref: Reference, given: Any) -> tuple[str, ...]:
    known = {name: f"output.{name}" for name in ref.result} | {f"gradient.{name}": "" for name in ref.wrt}
    if not _texts(given) or not given:
        raise ArgumentError(f"{ref.name}: expect must name in only which differ, a list of {', '.join(known)}; "
                             f"got {given!r}")
    found = []
    for name in given:
        short = name.removeprefix("output.")
        if short not in known:
            raise ArgumentError(f"{ref.name}: expect names {name!r} in only, which is not among {', '.join(known)}")
        found.append(known[short] or short)
    return tuple(dict.fromkeys(found))


def _mistake(ref: Reference, given: Any) -> str:
    if not given:
        return ""
    known = [one.name for one in find.mistakes(ref.name)]
    name = given if isinstance(given, str) and "/" in given else f"{ref.name}/{given}"
    if name not in known:
        raise ArgumentError(f"{ref.name}: expect names the mistake {str(given)[:60]!r}, which is none of its; `refdgm "
                             f"show {ref.name}` has them")
    return name


def _cases(ref: Reference, given: Any) -> tuple[str, ...] | str:
    if given == ALL:
        return ALL
    if not _texts(given) or not all(map(CASE.fullmatch, given)):
        raise ArgumentError(f'{ref.name}: expect must have in cases a list of their numbers, such as ["013"], or '
                             f'"all", got {given!r}')
    return tuple(dict.fromkeys(case if "/" in case else f"{ref.name}/{case}" for case in given))


def _texts(given: Any) -> bool:
    return isinstance(given, Iterable) and not isinstance(given, (str, Mapping)) and all(
        isinstance(x, str) and x for x in given)
