"""What there is to ask, as lists of tasks.

A task is data, of which its key and its answer follow, wherever it is carried out. The answer is JSON without times or
names of places, so that it has the same bytes everywhere.
"""

import hashlib
import itertools
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from refdgm.catalogue import CATALOGUE
from refdgm.evidence.find import concept, concepts

ROOT = Path(__file__).resolve().parents[2]
Task = dict[str, Any]
DEFINITIONS = "definitions"  # the candidate that is embedded


def key(task: Task) -> str:
    """What its record is called: its words, and a digest of all of it."""
    words = "-".join(str(x) for x in task.values() if x not in ("", None))
    digest = hashlib.sha256(json.dumps(task, sort_keys=True).encode()).hexdigest()[:8]
    return f"{re.sub(r'[^A-Za-z0-9.=_-]+', '_', words)[:80]}-{digest}"


def sweep(told: Any) -> list[Task]:
    """References × candidates × dtypes × sizes × seeds, by `refdgm check`."""
    return [{"campaign": "sweep", "reference": name, "candidate": candidate, "dtype": dtype, "sizes": sizes,
             "seed": seed} for name, candidate, dtype, sizes, seed in itertools.product(
                told.only or CATALOGUE, told.candidate or [DEFINITIONS], told.dtype or ["float64"],
                told.shape or [""], range(told.seeds))]


def mutants(told: Any) -> list[Task]:
    """The mutants of every file of the maths."""
    files = dict.fromkeys(f"refdgm/{concept(name).replace('.', '/')}.py" for name in told.only or CATALOGUE)
    if not told.only:
        files |= dict.fromkeys(str(path.relative_to(ROOT)) for path in sorted((ROOT / "refdgm/numerics").glob("*.py"))
                               if path.stem != "__init__")
    return [{"campaign": "mutants", "file": file} for file in files]


def properties(told: Any) -> list[Task]:
    """The property tests of every concept, a thousand examples from each seed."""
    of = dict.fromkeys(map(concept, told.only)) if told.only else concepts()
    files = [f"tests/{family}/test_{stem}.py" for family, _, stem in (one.partition(".") for one in of)]
    return [{"campaign": "properties", "file": file, "seed": seed} for file in files if (ROOT / file).exists()
            for seed in range(told.seeds)]


def certification(told: Any) -> list[Task]:
    """Every shipped vector made again, with its proof."""
    return [{"campaign": "certification", "reference": name} for name in told.only or CATALOGUE]


CAMPAIGNS: dict[str, Callable[[Any], list[Task]]] = {
    "sweep": sweep, "mutants": mutants, "properties": properties, "certification": certification,
}


def code() -> str:
    """A digest of the code that is asked and of what asks it: answers of other code are no answers."""
    made = hashlib.sha256()
    for file in _sources(("refdgm", "tests", "validation"), ("*.py", "*.json", "*.toml", "*.safetensors")):
        made.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return made.hexdigest()[:16]


def _sources(folders: Iterable[str], patterns: Iterable[str]) -> list[Path]:
    found = {path for folder in folders for pattern in patterns for path in (ROOT / folder).rglob(pattern)}
    return sorted(path for path in found if "reports" not in path.parts)
