"""`refdgm stages NAME/NNN`: the named intermediates of a step in a shipped case, by its definition; `--mine` finds the
first in which a port departs."""

import argparse
import re
from pathlib import Path

from refdgm.cases import Case
from refdgm.catalogue import CATALOGUE, unknown
from refdgm.check import stages
from refdgm.check.numbers import Arrays
from refdgm.check.process.reply import plain
from refdgm.check.questions import safetensors_file, vectors
from refdgm.check.report import exits
from refdgm.cli.explain import numbers
from refdgm.cli.new_file import write
from refdgm.cli.refused import Refused
from refdgm.errors import RefdgmError, VectorFileError
from refdgm.evidence.stages import staged, text

KEY = re.compile(r"(\d{3})/stage\.(\w+)", re.ASCII)


def carry_out(args: argparse.Namespace) -> int:
    """Print, write or compare them."""
    if args.case is None:
        print("\n".join(f"{name:<26} {len(vectors.shipped(name).cases)} cases" for name in staged()))
        return exits.AGREES
    cases = _cases(args.case)
    if args.write:
        path = Path(args.write)
        if path.suffix != ".safetensors":
            raise Refused(f"--write must name a .safetensors file, got {plain(path.name)}")
        write(path, safetensors_file.encode(_arrays(cases), {"reference": cases[0].reference}), "FILE")
        print(f"{plain(path.name)}: {len(cases)} cases of {cases[0].reference}, each its inputs and its stages")
        return exits.AGREES
    if args.mine:
        return _compare(Path(args.mine), cases)
    if len(cases) > 1:
        first, last = cases[0].id, cases[-1].id
        raise Refused(f"which case? {first} to {last}; or --write FILE.safetensors for all of them")
    print("\n".join(_page(cases[0])))
    return exits.AGREES


def _cases(asked: str) -> list[Case]:
    name, _, number = asked.partition("/")
    if name not in CATALOGUE:
        raise Refused(unknown(name))
    if text(name) is None:
        raise Refused(f"{name} has no stages; those that have: {', '.join(staged())}")
    every = vectors.shipped(name).cases
    found = [case for case in every if not number or case.id == f"{name}/{number.zfill(3)}"]
    if not found:
        raise Refused(f"{name} has the cases {every[0].id} to {every[-1].id}, got {asked}")
    return found


def _page(case: Case) -> list[str]:
    options = "".join(f", {name} = {x}" for name, x in case.options.items())
    how = "in balls, rounded once" if stages.proven() else "in float64, by NumPy; in balls with python-flint"
    lines = [f"{case.id}{options}: {case.comment}", f"by the definition, {how}; (n) is its equation n", ""]
    for one in stages.stages(case):
        head, *rest = numbers(one.name, one.right)
        lines += [f"{head:<28} {one.says}", *rest]
    return lines


def _arrays(cases: list[Case]) -> Arrays:
    """Inputs and stages, by the number of the case."""
    arrays: Arrays = {}
    for case in cases:
        number = case.id.rpartition("/")[2]
        arrays |= {f"{number}/{role}": x for role, x in case.arrays.items() if role.startswith("input.")}
        arrays |= {f"{number}/stage.{one.name}": one.right for one in stages.stages(case)}
    return arrays


def _compare(path: Path, cases: list[Case]) -> int:
    mine = _read(path)
    known = {case.id.rpartition("/")[2]: case for case in cases}
    if not mine.keys() & known.keys():
        asked = ", ".join(case.id for case in cases[:3])
        raise Refused(f"{plain(path.name)} has no stage of {asked}; an array is called 001/stage.NAME")
    wrong = 0
    for number in (number for number in mine if number in known):
        case = known[number]
        try:
            seen = stages.compared(case, mine[number])
        except RefdgmError as error:
            raise Refused(str(error)) from None
        first = next((n for n, one in enumerate(seen) if one.wrong), None)
        if first is None:
            print(f"{case.id}  {len(seen)} stages agree")
            continue
        wrong += 1
        before = f", after {', '.join(one.name for one in seen[:first])}" if first else ""
        print(f"{case.id}  departs first in {seen[first].name}{before}: {seen[first].wrong}")
    return exits.DIFFERS if wrong else exits.AGREES


def _read(path: Path) -> dict[str, Arrays]:
    """By case."""
    try:
        arrays, _ = safetensors_file.decode(vectors.contents(path, vectors.FILE))
    except VectorFileError as error:
        raise Refused(plain(f"{error}; --mine takes a whole safetensors file, such as --write makes")) from None
    found: dict[str, Arrays] = {}
    for name, x in arrays.items():
        match = KEY.fullmatch(name)
        if match:
            found.setdefault(match[1], {})[match[2]] = x
        elif "/input." not in name:
            raise Refused(f"{plain(path.name)} has an array {name!r}; an array is called 001/stage.NAME")
    return dict(sorted(found.items()))
