"""Why right functions in PyTorch do not agree in half precision, one by one.

    python validation/make/in_half.py float16

Each is right in float64. Where one does not agree, either PyTorch has no answer, or a tie was decided by rounding, or
its own kernel adds up in that dtype, or the answer is no number and none in float32 either. Anything else is blamed
though it is right: the command fails.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from refdgm import CATALOGUE
from refdgm.check.asking import head
from refdgm.check.candidates.entry import found, module
from refdgm.check.candidates.form import Candidate
from refdgm.check.dtypes import BITS
from refdgm.check.judging.compare import compare
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.numbers import rounded
from refdgm.check.questions.cases import shipped
from refdgm.check.questions.question import Question, Terms
from refdgm.check.verdicts import PASSING, ROUGH
from refdgm.reference import Reference
from refdgm.testing.engine import Here

CANDIDATES = "refdgm.candidates.torch_losses"
HALF = ("float16", "bfloat16")
ABSENT = "PyTorch has no such operation in this dtype, and raises"
REFUSED = "a scale or a mean becomes 0, an infinity or NaN on the way, and PyTorch refuses it"
BEYOND = "a number on the way leaves the range, and in float32, of the same inputs, it is not right either"
TIED = "the largest shares are equal in this dtype, and the first of them is taken"
COARSE = "PyTorch itself adds it up in this dtype, and the error grows with the length"
ADDS_UP = ("layer_norm",)  # where this was seen by plain sums of the same numbers (docs/public-code.md)
BLAMED = "BLAMED though it is right: an infinity or NaN, where in float32, of the same inputs, every answer is right"
MISTAKEN = "BLAMED though it is right: it passes, but as another definition"
UNKNOWN = "BLAMED for a reason that is not known"


def tie(name: str, id: str, row: int, dtype: str) -> bool:
    """Whether in this row the two largest shares, of a reference that chooses by another's, are one rounding apart."""
    ref = CATALOGUE[name]
    if not isinstance(ref.derivative_of, Reference):
        return False
    (case,) = (case for case in shipped(ref) if case.id == id)
    given = (rounded(np.asarray(x), dtype) for x in case.arguments().values())
    shares = np.sort(ref.derivative_of(*given, **case.options)[row])
    return bool(shares[-1] - shares[-2] <= 2.0 ** (1 - BITS[dtype]) * shares[-1])


@cache
def candidates() -> dict[str, Candidate]:
    return found(module(CANDIDATES), CATALOGUE)


def right_in_float32(name: str, id: str, dtype: str) -> bool:
    """Whether, asked in float32 for the inputs that it had, rounded to `dtype`, the function is right in all roles."""
    ref = CATALOGUE[name]
    (case,) = (case for case in shipped(ref) if case.id == id)
    asked = {role: rounded(np.asarray(x), dtype) for role, x in case.arrays.items()
             if role.startswith(("input.", "cotangent."))}  # not the answers, which are those of other inputs
    question = Question(ref, replace(case, arrays=asked), Terms(tuple(ref.result), ref.wrt), "float32")
    reply = Here(candidates()[name]).ask(head(question, "cpu"), question.asked())
    outcomes = compare(Tolerance(question, "float32"), reply.arrays, list(reply.severed)) if reply.answered else []
    return bool(outcomes) and all(outcome.verdict in PASSING for outcome in outcomes)


def kind(name: str, case: dict[str, Any], dtype: str) -> str:
    """Why this case does not agree."""
    if case["verdict"] == "error":
        said = case["message"]
        absent = "not implemented for" in said or "Expected both inputs to be Half, Float or Double" in said
        return ABSENT if absent else REFUSED if "Expected parameter" in said else UNKNOWN
    wrong = [role for role in case["roles"] if role["verdict"] not in PASSING]
    if {role["verdict"] for role in wrong} == {ROUGH} and name in ADDS_UP:
        return COARSE
    if all(role["got"] in ("inf", "-inf", "nan") for role in wrong):
        return BLAMED if right_in_float32(name, case["id"], dtype) else BEYOND
    choice = [role for role in wrong if role["role"].startswith("output.")]
    return TIED if choice and tie(name, case["id"], choice[0]["at"][0], dtype) else UNKNOWN


def told(report: dict[str, Any], dtype: str) -> list[str]:
    """A line for all, and one for each function that does not agree plainly."""
    functions, lines = report["functions"], []
    plain = [one["reference"] for one in functions if one["verdict"] in PASSING]
    for one in functions:
        if one["convention"]:
            lines.append(f"{one['reference']}: {MISTAKEN}, “{one['convention']}”")
        elif one["verdict"] not in PASSING:
            cases = [case for case in one["cases"] if case["verdict"] not in PASSING]
            kinds = Counter(kind(one["reference"], case, dtype) for case in cases)
            lines.append(f"{one['reference']}: " + "; ".join(f"{why} ({many} of {len(one['cases'])} cases)"
                                                             for why, many in kinds.items()))
    return [f"{dtype}: {len(plain)} of {len(functions)} agree by our definitions", *lines]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dtype", choices=HALF)
    dtype = parser.parse_args().dtype
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        done = subprocess.run([sys.executable, "-m", "refdgm", "check", CANDIDATES, "--dtype", dtype,
                               "--report", str(path)], capture_output=True, text=True, check=False)
        if not path.exists():
            print(done.stderr.strip())
            return 1
        lines = told(json.loads(path.read_text(encoding="utf-8")), dtype)
    print("\n".join(lines))
    return int(any("BLAMED" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())
