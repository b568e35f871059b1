"""What the acceptance rules of public judges of kernels accept: planted mistakes, constants, zeros, and right code.

    python validation/make/audit.py --date 2026-11-30           all kernels, two to three minutes
    python validation/make/audit.py --date … --only softmax     this one (may be repeated); the others stay
    python validation/make/audit.py --table                     makes the table again, asks nothing

The rules, how each judge draws, and which kernels at what sizes are data, `validation/make/audit.json`. The record is
`validation/reports/audit.json`; `audit.md` beside it is made of it. Every answer is formed in float64 and rounded to
float32 once, so that a mistake is judged by its formula; right code is besides asked as it runs in float32.
"""

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from refdgm import CATALOGUE  # noqa: E402
from refdgm.cases import Case, flatten  # noqa: E402
from refdgm.check.judging.compare import compare  # noqa: E402
from refdgm.check.judging.tolerance import Tolerance  # noqa: E402
from refdgm.check.questions.question import Question, Terms  # noqa: E402
from refdgm.check.questions.vectors import shipped  # noqa: E402
from refdgm.check.verdicts import PASSING  # noqa: E402
from refdgm.evidence import find  # noqa: E402
from refdgm.evidence.distance import answer  # noqa: E402
from refdgm.reference import Reference  # noqa: E402
from validation.make import audit_tables  # noqa: E402
from validation.make.audit_rules import DRAWS, data, drawn, judges  # noqa: E402

RECORD = ROOT / "validation" / "reports" / "audit.json"
PACKAGES = ("numpy", "autograd")
OURS = ("float32", "float64")
TAIL = 128  # of so many elements the last is not written, nor is the last of the array

Answers = dict[str, np.ndarray]  # by role, `output.value` or `gradient.logits`
Candidate = Callable[[Case], Answers]


def roles(ref: Reference, body: Callable[..., Any], case: Case, dtype: str = "float64") -> Answers:
    """What a body answers in this dtype, gradients of hyper-parameters left out: nobody asks a kernel for them."""
    with np.errstate(all="ignore"):
        found = answer(ref, body, case.cast(dtype))
    flat = flatten({name: x for name, x in found.items() if name not in ref.result})
    asked = {role: x for role, x in flat.items() if role.split(".")[1] not in ref.hyper}
    return {f"output.{name}": np.asarray(found[name]) for name in ref.result} | {n: np.asarray(asked[n]) for n in asked}


def of_no_formula(ref: Reference) -> dict[str, Callable[[Answers, Answers], Answers]]:
    """Answers that follow from no formula: each of the right ones to this case and to one drawn before."""
    def tail(x: np.ndarray) -> np.ndarray:
        kept = np.array(x)
        flat = kept.reshape(-1)
        flat[TAIL - 1 :: TAIL] = flat[-1:] = 0
        return kept

    return {
        "zeros": lambda right, before: {role: 0 * x for role, x in right.items()},
        "constant": lambda right, before: {role: 0 * x + np.mean(before[role]) for role, x in right.items()},
        "tail": lambda right, before: {role: tail(x) for role, x in right.items()},
    }


def single(x: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return np.asarray(x, dtype=np.float32)


def accepted(ref: Reference, law: str, told: dict[str, Any], bodies: dict[str, Any], trials: int) -> dict[str, Any]:
    """By candidate and part, value or gradient: whose rule it passes in all trials under one law of inputs."""
    left = {name: {part: set(judges()) for part in parts(ref)} for name in ("right", *of_no_formula(ref), *bodies)}
    of = partial(drawn, ref, law, sizes=told["sizes"], given=told.get("given"))
    before = roles(ref, ref.body, of(1000))
    for trial in range(trials):
        case = of(2000 + 10 * trial)
        right = roles(ref, ref.body, case)
        answers: dict[str, Callable[[], Answers]] = {"right": lambda case=case: roles(ref, ref.body, case, "float32")}
        for name, made in of_no_formula(ref).items():
            answers[name] = partial(made, right, before)
        for name, body in bodies.items():
            answers[name] = partial(roles, ref, body, case)
        for name, ask in answers.items():
            got = ask()
            for part, prefix in parts(ref).items():
                asked = [role for role in right if role.startswith(prefix)]
                left[name][part] = {judge for judge in left[name][part] if all(
                    judges()[judge].law.accepts(single(got[role]), single(right[role])) for role in asked)}
    return {name: {part: [judge for judge in judges() if judge in kept] for part, kept in row.items()}
            for name, row in left.items()}


def parts(ref: Reference) -> dict[str, str]:
    return {"value": "output."} | ({"gradient": "gradient."} if ref.differentiable else {})


@cache
def questions(name: str, dtype: str) -> list[Tolerance]:
    """The shipped cases, as `refdgm check` puts them to a candidate of this dtype."""
    ref = CATALOGUE[name]
    terms = Terms(tuple(ref.result), ref.wrt)
    return [Tolerance(Question(ref, case, terms, dtype), dtype) for case in shipped(name).cases]


def by_us(ref: Reference, dtype: str, made: Callable[[Case, Question], Answers]) -> dict[str, bool]:
    """By part: whether `refdgm check` accepts it in every shipped case, at inputs rounded to the dtype."""
    kept = dict.fromkeys(parts(ref), True)
    for tolerance in questions(ref.name, dtype):
        question = tolerance.question
        inputs = {f"input.{n}": x for n, x in question.inputs.items()}
        bars = {f"cotangent.{n}": x for n, x in question.bars.items()}
        case = Case(ref.name, question.case.id, question.case.options, inputs | bars)
        with np.errstate(all="ignore"):
            got = {role: np.asarray(x, dtype=dtype) for role, x in made(case, question).items()}
            for outcome in compare(tolerance, got, []):
                for part, prefix in parts(ref).items():
                    if outcome.role.startswith(prefix) and outcome.role in got and outcome.verdict not in PASSING:
                        kept[part] = False
        if not any(kept.values()):
            break
    return kept


def ours(ref: Reference, bodies: dict[str, Any]) -> Iterator[tuple[str, dict[str, dict[str, bool]]]]:
    """By candidate: in both dtypes; the constant is the mean of the right numbers of the very case, which helps it."""
    def asked(made: Callable[[Case, Question], Answers]) -> dict[str, dict[str, bool]]:
        return {dtype: by_us(ref, dtype, made) for dtype in OURS}

    yield "right", {dtype: by_us(ref, dtype, lambda case, _, dtype=dtype: roles(ref, ref.body, case, dtype))
                    for dtype in OURS}
    for name, change in of_no_formula(ref).items():
        yield name, asked(lambda case, _, change=change: change(*[roles(ref, ref.body, case)] * 2))
    for name, body in bodies.items():
        yield name, asked(lambda case, _, body=body: roles(ref, body, case))


def measured(name: str, trials: int) -> dict[str, Any]:
    """One kernel: by candidate what is wrong in it, who accepts it under each law of inputs, and whether we do."""
    ref, told = CATALOGUE[name], data()["kernels"][name]
    asked = {f"gradient.{n}" for n in ref.wrt if n not in ref.hyper} | set(ref.result)
    known = {one.name: one for one in find.mistakes(name) if asked & set(one.reveals)}
    bodies = {mistake: one.body for mistake, one in known.items()}
    by_law = {law: accepted(ref, law, told, bodies, trials) for law in DRAWS}
    found: dict[str, Any] = {}
    for candidate, verdicts in ours(ref, bodies):
        wrong = known[candidate].reveals if candidate in known else ()
        found[candidate] = {
            "wrong in": "" if candidate not in known else "value" if set(wrong) & set(ref.result) else "gradient",
            **{law: by_law[law][candidate] for law in DRAWS}, "refdgm": verdicts}
    return {"sizes": told["sizes"], "given": told.get("given", {}), "candidates": found}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", help="today")
    parser.add_argument("--only", action="append", choices=list(data()["kernels"]), help="this one (may be repeated)")
    parser.add_argument("--table", action="store_true", help="make the table alone")
    chosen = parser.parse_args(arguments)
    kept: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {"kernels": {}}
    if not chosen.table:
        if not chosen.date:
            parser.error("--date must say which day it is")
        versions = {"python": platform.python_version()} | {name: metadata.version(name) for name in PACKAGES}
        for name in chosen.only or data()["kernels"]:
            one = measured(name, data()["trials"])
            kept["kernels"][name] = {"date": chosen.date, "versions": versions} | one
            print(name, flush=True)
        kept["kernels"] = {name: kept["kernels"][name] for name in data()["kernels"] if name in kept["kernels"]}
        RECORD.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    RECORD.with_suffix(".md").write_text(audit_tables.report(kept["kernels"]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
