"""Why right functions in PyTorch do not agree in half precision, one by one.

    python validation/make/in_half.py float16

Each is right in float64. A case in which one does not agree must be of a kind that is told here; of any other kind it
is blamed though it is right, and the command fails.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from refdgm import CATALOGUE
from refdgm.check.dtypes import BITS
from refdgm.check.numbers import rounded
from refdgm.check.questions.cases import shipped
from refdgm.reference import Reference

CANDIDATES = "refdgm.candidates.torch_losses"
HALF = ("float16", "bfloat16")
PASSING = ("agrees", "loses digits", "ill-conditioned here")
ABSENT = "PyTorch has no such operation in this dtype, and raises"
REFUSED = "a scale or a mean becomes 0, an infinity or NaN on the way, and PyTorch refuses it"
BEYOND = "a number on the way leaves the range: an infinity or NaN for a number that the dtype has"
TIED = "the largest shares are equal in this dtype, and the first of them is taken"
BLAMED = "BLAMED though it is right"


def tie(name: str, id: str, row: int, dtype: str) -> bool:
    """Whether in this row the two largest shares, of a reference that chooses by another's, are one rounding apart."""
    ref = CATALOGUE[name]
    if not isinstance(ref.derivative_of, Reference):
        return False
    (case,) = (case for case in shipped(ref) if case.id == id)
    given = (rounded(np.asarray(x), dtype) for x in case.arguments().values())
    shares = np.sort(ref.derivative_of(*given, **case.options)[row])
    return bool(shares[-1] - shares[-2] <= 2.0 ** (1 - BITS[dtype]) * shares[-1])


def kind(name: str, case: dict[str, Any], dtype: str) -> str:
    """Why this case does not agree."""
    if case["verdict"] == "error":
        said = case["message"]
        return ABSENT if "not implemented for" in said else REFUSED if "Expected parameter" in said else BLAMED
    wrong = [role for role in case["roles"] if role["verdict"] not in PASSING]
    if all(role["got"] in ("inf", "-inf", "nan") for role in wrong):
        return BEYOND
    choice = [role for role in wrong if role["role"].startswith("output.")]
    return TIED if choice and tie(name, case["id"], choice[0]["at"][0], dtype) else BLAMED


def told(report: dict[str, Any], dtype: str) -> list[str]:
    """A line for all, and one for each function that does not agree plainly."""
    functions, lines = report["functions"], []
    plain = [one["reference"] for one in functions if one["verdict"] in PASSING]
    for one in functions:
        if one["convention"]:
            lines.append(f"{one['reference']}: passes, as “{one['convention']}”, which it does not declare: by our "
                         "definition some of its numbers in this dtype are NaN")
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
    return int(any(BLAMED in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())
