"""How accurate the references are, against the certified numbers, with autograd and torch beside them.

    python validation/make/accuracy.py                        measures all
    python validation/make/accuracy.py --only gumbel_softmax  this reference (may be repeated); the others stay
    python validation/make/accuracy.py --check                our figures alone, against those that are kept
    python validation/make/accuracy.py --table                makes the table again, measures nothing

A record is `validation/reports/accuracy/<reference>.json`; `accuracy.md` beside them is made of them all. It holds
figures for each level of instructions that NumPy's loops chose from, for their exp and tanh err otherwise on each;
the level of this machine is replaced. Where autograd or torch is not installed, what is kept of it stays.

Two units, for every output and gradient, in float64 and float32:

* *ulps*: the error over the spacing of floating-point numbers at the exact result. It means little where a result
  crosses zero.
* *scaled*: the error over eps · (|y| + κ), κ the largest change of y when all inputs and cotangents are perturbed by
  relative random numbers of variance one, to first order: what no algorithm can be asked to beat by much.

The cases are the shipped ones; in float32 those whose inputs are exact there. Left out are exact results above 2⁻⁸
of the largest number of the dtype: whether something on the way overflows there is a matter of the last factor of
two. A maximum is over a few hundred numbers: a lower bound on the true worst case.
"""

import argparse
import datetime
import platform
import sys
from collections.abc import Iterable
from importlib import metadata, util
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from refdgm import CATALOGUE  # noqa: E402
from refdgm.cases import flatten  # noqa: E402
from refdgm.check.candidates.answering import answer  # noqa: E402
from refdgm.check.candidates.entry import found, module  # noqa: E402
from refdgm.check.candidates.form import Candidate  # noqa: E402
from refdgm.check.dtypes import BITS, SMALLEST  # noqa: E402
from refdgm.check.judging.tolerance import Tolerance  # noqa: E402
from refdgm.check.questions.cases import shipped  # noqa: E402
from refdgm.check.questions.question import Question, Terms  # noqa: E402
from refdgm.reference import Reference  # noqa: E402
from validation.make import records  # noqa: E402
from validation.make.accuracy_goals import CLASSES, goal  # noqa: E402

KIND = "accuracy"
DTYPES = ("float64", "float32")
OTHERS = {"autograd": "refdgm.check.candidates.embedded", "torch": "refdgm.candidates.torch_losses"}
EDGE = 2.0**8
SLACK = 1.1  # a figure may be worse by this much on the level where it was measured
ELSEWHERE = 1.5, 2.0  # on another one, by this much and by two units: its exp and tanh err by up to 3 ulps otherwise
UNITS = ("ulps", "mean ulps", "scaled", "mean scaled")
DERIVED = UNITS[2:]  # on another level: an error in ulps grows without bound where a result crosses zero

Figures = dict[str, float | int]  # ulps, mean ulps, scaled, mean scaled, numbers


def questions(ref: Reference, dtype: str) -> list[Question]:
    """The shipped cases whose certified answers hold for inputs of this dtype."""
    terms = Terms(tuple(ref.result), ref.wrt)
    asked = (Question(ref, case, terms, dtype) for case in shipped(ref))
    return [question for question in asked if question.certified]


def ours(question: Question) -> dict[str, Any]:
    """Our answers by role, computed in the dtype itself."""
    ref, dtype = question.ref, question.dtype
    low = {n: x.astype(dtype) if x.dtype.kind == "f" else x for n, x in question.inputs.items()}
    outputs, pullback = question.run(ref.body, low)
    roles = {f"output.{name}": y for name, y in outputs.items()}
    if pullback is not None:
        bars = [np.asarray(question.bars[name], dtype) for name in ref.bars]
        grads = pullback(*bars)
        roles |= {f"gradient.{name}": g for name, g in flatten({n: grads[n] for n in ref.wrt}).items()}
    return {role: np.asarray(x).astype(np.float64) for role, x in roles.items() if np.asarray(x).dtype.kind == "f"}


def theirs(candidate: Candidate, question: Question) -> dict[str, Any]:
    """A candidate's answers by role."""
    made = answer(candidate, question.ref, question.case.options, question.inputs, question.bars, question.dtype)
    roles = {f"output.{name}": y for name, y in made.outputs.items()}
    return roles | {f"gradient.{name}": g for name, g in made.gradients.items()}


def errors(question: Question, scales: dict[str, Any], got: dict[str, Any]) -> dict[str, list[Any]]:
    """By output or gradient (parameters under their argument): [(ulps, scaled)], each an array."""
    gathered: dict[str, list[Any]] = {}
    digits = BITS[question.dtype]
    for role, right in question.expected.items():
        if right.dtype.kind != "f" or role not in got or not right.size:
            continue
        size = np.abs(right)
        inside = size < np.finfo(question.dtype).max / EDGE
        _, exponent = np.frexp(np.maximum(size, SMALLEST[question.dtype]))
        spacing = np.ldexp(1.0, exponent - digits)
        scale = 2 * (scales[role] + 2.0**-digits * size) + SMALLEST[question.dtype] * 2.0 ** (1 - digits)
        apart = np.abs(got[role] - right)
        apart = np.where(np.isnan(apart), np.inf, apart)
        key = ".".join(role.split(".")[:2])
        gathered.setdefault(key, []).append(((apart / spacing)[inside], (apart / scale)[inside]))
    return gathered


def figures(parts: list[Any]) -> Figures:
    """Maxima and means over all numbers of all cases."""
    ulps, scaled = (np.concatenate([np.ravel(part[i]) for part in parts]) for i in (0, 1))
    return {"ulps": told(np.max(ulps)), "mean ulps": told(np.mean(ulps)), "scaled": told(np.max(scaled)),
            "mean scaled": told(np.mean(scaled)), "numbers": int(ulps.size)}


def told(x: Any) -> float:
    """Three digits are what a maximum over samples means."""
    return float(f"{float(x):.3g}")


def measured(ref: Reference, who: Iterable[str] = ("refdgm", *OTHERS)) -> dict[str, dict[str, dict[str, Figures]]]:
    """By candidate, dtype and role."""
    result: dict[str, dict[str, dict[str, Figures]]] = {}
    candidates = {name: found(module(OTHERS[name]), CATALOGUE).get(ref.name) for name in who if name in OTHERS}
    for dtype in DTYPES:
        gathered: dict[str, dict[str, list[Any]]] = {}
        for question in questions(ref, dtype):
            scales = Tolerance(question, dtype).conditioning
            with np.errstate(all="ignore"):
                for name in who:
                    if name == "refdgm":
                        got = ours(question)
                    elif candidates[name] is not None:
                        got = theirs(candidates[name], question)
                    else:
                        continue
                    for role, parts in errors(question, scales, got).items():
                        gathered.setdefault(name, {}).setdefault(role, []).extend(parts)
        for name, roles in gathered.items():
            result.setdefault(name, {})[dtype] = {role: figures(parts) for role, parts in roles.items()}
    return result


def level() -> str:
    """The highest level of instructions that NumPy's loops make use of here: other instructions, other roundings."""
    from numpy._core._multiarray_umath import __cpu_baseline__, __cpu_dispatch__, __cpu_features__

    used = [name for name in (*__cpu_baseline__, *__cpu_dispatch__) if __cpu_features__.get(name)]
    return str(used[-1]) if used else "none"


Levels = dict[str, Any]  # of one reference, by level: by candidate its date, what it was measured with, its figures


def worst(levels: Levels, who: str = "refdgm") -> dict[str, dict[str, Figures]]:
    """By dtype and role: of every unit the largest figure of all levels."""
    found: dict[str, dict[str, Figures]] = {}
    for one in levels.values():
        for dtype, roles in one[who]["figures"].items() if who in one else ():
            for role, told in roles.items():
                kept = found.setdefault(dtype, {}).setdefault(role, dict(told))
                kept |= {unit: max(kept[unit], told[unit]) for unit in UNITS}
    return found


def worse(now: dict[str, Any], kept: dict[str, Levels], here: str) -> list[str]:
    """Every figure of ours that is worse than the kept one by more than is allowed, and every one that is missing: of
    this level where it was measured, of the worst otherwise."""
    told = []
    for name, mine in now.items():
        levels = kept.get(name, {})
        known = levels[here]["refdgm"]["figures"] if here in levels else worst(levels)
        by, more = (SLACK, 0.0) if here in levels else ELSEWHERE
        for dtype, roles in mine.items():
            for role, got in roles.items():
                try:
                    was = known[dtype][role]
                except KeyError:
                    told.append(f"{name} {role} in {dtype} is not in the record; measure again")
                    continue
                for unit in UNITS:
                    bound = by * was[unit] + more if here in levels or unit in DERIVED else float("inf")
                    if not got[unit] <= bound:
                        told.append(f"{name} {role} in {dtype}: {unit} {got[unit]}, kept {was[unit]}")
    return told


def compared(names: Iterable[str] = CATALOGUE) -> list[str]:
    """Our figures against those that are kept."""
    now = {name: measured(CATALOGUE[name], ("refdgm",))["refdgm"] for name in names if floats(CATALOGUE[name])}
    return worse(now, records.read(KIND), level())


def floats(ref: Reference) -> bool:
    """Whether it returns any real number; a draw or a code is right or wrong."""
    return any(not domain.support.integer for domain in ref.result.values())


def markdown(kept: dict[str, Levels]) -> str:
    lines = ["# Accuracy", "", *provenance(kept), ""]
    lines += [(__doc__ or "").split("\n\n", 3)[3].strip(), ""]
    table, short = [], []
    for name, levels in kept.items():
        ours, others = worst(levels), {other: worst(levels, other) for other in OTHERS}
        for role, mine in ours["float64"].items():
            label, unit, bound = goal(CATALOGUE[name], role)
            met = mine[unit] <= bound
            cells = [f"`{name}`", role, str(mine["numbers"])]
            for dtype in DTYPES:
                f = ours[dtype].get(role)
                cells += [brief(f["ulps"]), brief(f["mean ulps"]), brief(f["scaled"])] if f else ["", "", ""]
            for other in OTHERS:
                f = others[other].get("float64", {}).get(role)
                cells += [brief(f["ulps"]), brief(f["scaled"])] if f else ["", ""]
            cells.append(f"{label}: {'met' if met else 'beyond'}")
            table.append(cells)
            if not met:
                short.append(f"- `{name}` {role}: {brief(mine[unit])} {unit}, goal {bound:g}.")
    lines += [f"Goals are for float64. {len(table) - len(short)} of {len(table)} rows are within theirs.", ""]
    lines += [f"- **{label}**: {what}, at most {bound:g} {'eps ' if unit == 'scaled' else ''}{unit}."
              for label, (what, unit, bound) in CLASSES.items()]
    if short:
        told = "Beyond the goal, for what the readable form rounds off; more would take double-word arithmetic:"
        lines += ["", told, "", *short]
    head = ["reference", "", "numbers", "ulps", "mean", "scaled", "f32 ulps", "mean", "scaled", "autograd ulps",
            "scaled", "torch ulps", "scaled", "goal"]
    lines += ["", "| " + " | ".join(head) + " |", "|---|---|" + "--:|" * (len(head) - 3) + "---|"]
    lines += [f"| {' | '.join(cells)} |" for cells in table]
    return "\n".join(lines) + "\n"


def provenance(kept: dict[str, Levels]) -> list[str]:
    """When and with what: one line for all that were measured alike."""
    alike: dict[str, list[str]] = {}
    for name, levels in kept.items():
        for here, one in levels.items():
            told = "; ".join(f"{one[who]['with']}, {one[who]['date']}" for who in one)
            alike.setdefault(f"on {here}: {told}", []).append(name)
    lines = ["Every figure is the largest of those measured on several levels of NumPy's instructions:", ""]
    for told, names in alike.items():
        whose = f"{len(names)} references" if len(names) > 3 else ", ".join(f"`{name}`" for name in names)
        lines.append(f"* {whose} {told}.")
    return lines


def brief(x: float) -> str:
    return "∞" if x == float("inf") else f"{x:.2g}" if x < 1e3 else f"{x:.0e}".replace("e+0", "e").replace("e+", "e")


def measure(name: str, date: str, who: Iterable[str]) -> None:
    """Replace what the record of this reference says of this level, for these candidates."""
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"
    made = {"refdgm": system, **{one: f"{one} {metadata.version(one)}" for one in who if one in OTHERS}}
    levels = records.read(KIND).get(name, {})
    found = measured(CATALOGUE[name], who)
    new = {one: {"date": date, "with": made[one], "figures": figures} for one, figures in found.items()}
    records.write(KIND, name, levels | {level(): levels.get(level(), {}) | new})


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="the date that the record bears")
    parser.add_argument("--only", action="append", metavar="NAME",
                        choices=[name for name, ref in CATALOGUE.items() if floats(ref)],
                        help="this reference (may be repeated)")
    parser.add_argument("--check", action="store_true", help="compare our figures with those that are kept")
    parser.add_argument("--table", action="store_true", help="make the table of what is kept")
    chosen = parser.parse_args(arguments)
    if chosen.check:
        told = compared(chosen.only or CATALOGUE)
        print(*(told or ["no figure is worse"]), sep="\n")
        return 1 if told else 0
    who = ("refdgm", *(name for name in OTHERS if util.find_spec(name)))
    for name in () if chosen.table else chosen.only or [n for n, ref in CATALOGUE.items() if floats(ref)]:
        measure(name, chosen.date, who)
        print(name, flush=True)
    records.tell(KIND, markdown(records.read(KIND)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
