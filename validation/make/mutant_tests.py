"""Which tests a mutant goes through that its first judge lets pass, and the run of them."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from validation.make.killing import MATHS
from validation.make.mutation import ROOT, Mutant

VERIFIED = re.compile(r"^Test\w+ = verify\((\w+)", re.MULTILINE)
CHEAP, COSTLY = 12.0, 90.0  # seconds for the tests of a mutant of the machinery: at first, and of what was alive
STRESSED, OWN = 2, 2  # references whose rows, and whose own files, are asked of what many of them share
KERNELS = ["tests/numerics/*", "tests/stress/test_stress.py::test_kernel*"]
FIELDS = ["tests/nets/test_field.py::*", "tests/nets/test_field_kinds.py::*"]
HELPERS = {  # what no reference bears the name of
    "refdgm/nets/closed_form.py": FIELDS,
    "refdgm/nets/field.py": FIELDS,
    "refdgm/ode/step.py": ["tests/ode/test_odeint.py::test_a_step*"],
    "refdgm/ode/tableau.py": ["tests/ode/test_dopri5_steps.py::*order*"],
}
SEVERAL = ("gumbel_softmax", "mlp", "gumbel_max", "odeint", "info_nce", "planar_flow", "gaussian_mixture_score",
           "vector_quantization")  # references of every kind of structure
MACHINERY = {  # of a folder of the machinery: where its tests are; those with clocks are not asked
    "refdgm/check/judging": [
        *(f"tests/check/test_{name}.py" for name in (
            "bounds", "judged_ends", "exact_ends", "exact_scales", "exact_forms", "precision_ends", "beside_ends",
            "coarse_ends", "whole_ends", "compare", "second_looks", "scale", "measured_once", "composed", "whole",
            "inside", "coarse", "precision", "outcomes", "low_dtypes", "sums", "rows_ends",
            "narrow_ends", "exact_looks")),
        "tests/check/test_rows.py::test_[!t]*", "tests/check/test_rows.py::test_the_rows*",
        "tests/check/test_hyper_parameters.py::test_[!e]*", "tests/check/test_testing.py::test_[!o]*",
        *(f"tests/check/test_testing.py::test_o*[[]{name}?" for name in SEVERAL),
        "tests/vectors/test_given.py::test_[!t]*"],
    "refdgm/boundary": [*(f"tests/test_{name}.py" for name in ("boundary_ends", "declaration", "calls", "boundary")),
                        "tests/test_reference.py::test_*[!]]",
                        *(f"tests/test_reference.py::test_*[[-]{name}?" for name in SEVERAL),
                        *(f"tests/stress/test_stress.py::test_row?S*-{name}?" for name in SEVERAL[:2])],
}


@cache
def verifying() -> dict[str, str]:
    """The file that has the properties of a reference."""
    found = {}
    for path in sorted((ROOT / "tests").glob("*/test_*.py")):
        for name in VERIFIED.findall(path.read_text(encoding="utf-8")):
            found.setdefault(name, str(path.relative_to(ROOT)))
    return found


def of_the_maths(one: Mutant, names: list[str]) -> list[str]:
    """Patterns of tests: the kernels, the hard inputs of references that run it, their files."""
    ring, stem = Path(one.path).parts[1], Path(one.path).stem
    stress = [f"tests/stress/test_stress.py::test_row?*-{name}?" for name in names[:STRESSED]]
    files = [f"tests/{ring}/test_{stem}.py", *(verifying()[name] for name in names[:OWN] if name in verifying())]
    kernels = KERNELS if ring == "numerics" else []
    return [*HELPERS.get(one.path, []), *kernels, *stress, *(f"{file}::*" for file in dict.fromkeys(files))]


def of_the_machinery(one: Mutant) -> list[str]:
    return [each if "::" in each else f"{each}::*" for each in MACHINERY[str(Path(one.path).parent)]]


def names(patterns: Iterable[str]) -> list[str]:
    """The files that have to be collected."""
    files = dict.fromkeys(pattern.partition("::")[0].removesuffix("/*") for pattern in patterns)
    return [file for file in files if (ROOT / file).exists()]


def under_tests(asked: list[tuple[Mutant, list[str]]], most: float = CHEAP) -> dict[str, str | None]:
    """The test that kills each, by its key; None where none does; without what cannot be planted. Of the machinery
    those tests are asked that take so many seconds together, the cheapest. Assertions stay as they are: pytest would
    rewrite those of the package too, whose code is then not that of its file."""
    if not asked:
        return {}
    rows = [{"path": one.path, "key": one.key, "tests": tests, "most": most,
             "traced": one.path.split("/")[1] not in MATHS}
            for one, tests in asked]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "asked.json"
        file.write_text(json.dumps(rows), encoding="utf-8")
        files = names(pattern for _, tests in asked for pattern in tests)
        subprocess.run(
            [sys.executable, "-m", "pytest", "-n", "0", "-q", "-s", "--assert=plain", "-p", "no:cacheprovider",
             "-p", "validation.make.under_tests", *files],
            cwd=ROOT, check=True, env=os.environ | {"MUTANTS": str(file), "CI": "true", "PYTHONPATH": str(ROOT)},
        )
        return dict(json.loads(file.with_suffix(".killed.json").read_text(encoding="utf-8")))


