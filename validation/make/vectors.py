"""Make the reference vectors: draw each case, prove its answers in ball arithmetic, write index and arrays.

    python validation/make/vectors.py            all references
    python validation/make/vectors.py --only mlp --only odeint
    python validation/make/vectors.py --check    compare with the files byte for byte, write nothing

The same cases give the same bytes on every run. A text that differs from that of the index which is there by the
spelling of its marks (`x_bar` for a bar over x) and by gaps alone stays as it is there.
"""

import argparse
import inspect
import json
import sys
import time
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from refdgm import CATALOGUE  # noqa: E402
from refdgm.cases import Case, draw  # noqa: E402
from refdgm.check.questions import vectors  # noqa: E402
from refdgm.check.questions.spelling import spelled  # noqa: E402
from refdgm.declaration.domain import Array, Limit, Option  # noqa: E402
from refdgm.declaration.symbols import sizes  # noqa: E402
from refdgm.evidence.ask import Ask  # noqa: E402
from refdgm.evidence.find import asks, notes  # noqa: E402
from refdgm.reference import Reference  # noqa: E402
from validation.make.certified import answered  # noqa: E402
from validation.make.reveals import kills  # noqa: E402

VERSION = "1.3.0"  # of the vectors: a changed number is a major version, new cases at the end a minor one (`Ask.since`)
FOLDER = ROOT / "validation" / "vectors"


def asked(ref: Reference, ask: Ask, number: int) -> Case:
    """The question alone: inputs and cotangents. The number is the seed."""
    case = draw(ref, number, ask.regime, sizes("vectors") | dict(ask.sizes), ask.options)
    arrays = case.arrays | (ask.change(case.arrays) if ask.change else {})
    return replace(case, id=f"{ref.name}/{number:03d}", arrays=arrays, flags=ask.flags, comment=ask.comment)


def finished(ref: Reference, ask: Ask, number: int) -> Case:
    """The question with its proved answers and the mistakes that it reveals."""
    case = answered(ref, asked(ref, ask, number))
    return replace(case, kills=kills(ref, case))


def head(ref: Reference) -> dict[str, Any]:
    """What the index says of the reference itself."""
    flags = {flag for ask in asks(ref.name) for flag in ask.flags}
    return {
        "version": max((ask.since or VERSION for ask in asks(ref.name)), key=_numbers),
        "reference": ref.name,
        "source": ref.source,
        "statement": inspect.getdoc(ref.body),
        "arguments": {name: described(x) | {"differentiable": name in ref.wrt} for name, x in ref.args.items()},
        "outputs": {name: described(x) | {"differentiable": name in ref.bars} for name, x in ref.result.items()},
        "derivative_of": derivative(ref),
        "conventions": {
            name: {who: {"slope": repr(m.slope), "shift": repr(m.shift), "per": m.per} for who, m in maps.items()}
            for name, maps in ref.conventions.items()
        },
        "notes": {flag: why for flag, why in notes(ref.name).items() if flag in flags},
    }


def _numbers(version: str) -> list[int]:
    return [int(x) for x in version.split(".")]


def described(domain: Any) -> dict[str, Any]:
    if isinstance(domain, Array):
        told: dict[str, Any] = {"kind": "array", "shape": list(domain.shape), "support": domain.support.name}
        return told | ({"law": domain.law} if domain.law else {}) | {"meaning": domain.meaning}
    if isinstance(domain, Option):
        if domain.least is not None:
            return {"kind": "count", "least": domain.least, "meaning": domain.meaning}
        kind = "field" if domain.field else "word"
        return {"kind": kind, "words": list(domain.words or domain.known), "meaning": domain.meaning}
    return {"kind": "parameters", "meaning": domain.meaning}


def derivative(ref: Reference) -> str:
    of = ref.derivative_of
    if not ref.differentiable:
        return "nothing: there is no derivative"
    if of is None:
        return "the value"
    if isinstance(of, Limit):
        return f"an algorithm whose gradients tend to those of the value as {of.option} grows"
    if isinstance(of, Reference):
        return f"the value of {of.name}"
    return "the value with the arguments under stop-gradient held fixed, see the statement"


def made(name: str) -> tuple[bytes, bytes]:
    """(index, payload) of one reference."""
    ref = CATALOGUE[name]
    cases = [finished(ref, ask, number) for number, ask in enumerate(asks(name), 1)]
    idle = [case.id for case in cases if not case.kills]
    if idle:
        raise SystemExit(f"these cases reveal no known mistake: {', '.join(idle)}; change them or leave them out")
    there = FOLDER / f"{name}.json"
    old = json.loads(there.read_text(encoding="utf-8")) if there.exists() else {"cases": []}
    comments = [record["comment"] for record in old["cases"]]
    cases = [replace(case, comment=as_there(case.comment, text))
             for case, text in zip_longest(cases, comments[: len(cases)])]
    return vectors.encode(as_there(head(ref), old), cases)


def as_there(told: Any, there: Any) -> Any:
    """What the index is to say, each text as it stands there where it says the same."""
    if isinstance(told, dict) and isinstance(there, dict):
        return {key: as_there(value, there.get(key)) for key, value in told.items()}
    same = isinstance(told, str) and isinstance(there, str) and _bare(told) == _bare(there)
    return there if same else told


def _bare(text: str) -> str:
    return "".join(spelled(text).replace("ᾱ", "α_bar").split())


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make the reference vectors.")
    parser.add_argument("--only", action="append", choices=list(CATALOGUE), metavar="NAME",
                        help="this reference (may be repeated)")
    parser.add_argument("--check", action="store_true", help="compare with the files, write nothing")
    chosen = parser.parse_args(arguments)
    different = 0
    for name in chosen.only or CATALOGUE:
        started = time.perf_counter()
        index, payload = made(name)
        told = f"{name}: {len(asks(name))} cases, {len(payload)} bytes, {time.perf_counter() - started:.1f} s"
        if chosen.check:
            same = ((FOLDER / f"{name}.json").read_bytes() == index
                    and (FOLDER / f"{name}.safetensors").read_bytes() == payload)
            different += not same
            told += "" if same else " — DIFFERENT from the files"
        else:
            vectors.save(FOLDER, name, index, payload)
        print(told, flush=True)
    return 1 if different else 0


if __name__ == "__main__":
    raise SystemExit(main())
