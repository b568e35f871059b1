"""What a program in any language is asked and answers: JSON, a line for a question and a line for its answer.

Numbers are decimal, each the shortest that reads back as the same float64 (at most 17 digits), for every language reads
and prints these without a bit lost; what JSON has no number for is "NaN", "Infinity" or "-Infinity". An array is its
shape and its elements in C order. Our lines are written in one way, without blanks, so that who has no JSON can search
them.
"""

import json
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from refdgm.catalogue import unknown
from refdgm.check.candidates.entry import adapted
from refdgm.check.candidates.form import Candidate, CandidateError
from refdgm.check.dtypes import BITS
from refdgm.check.numbers import Answer, Arrays, comparable
from refdgm.reference import Reference

FORMAT, FRAMEWORK = "refdgm-lines/1", "program"
SPELLED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
SPELLING = '"NaN", "Infinity" and "-Infinity" are written so, in quotation marks'
KEYS: dict[str, tuple[type, ...]] = {  # of an entry, with what each may be
    "outputs": (list, dict), "gradients": (list,), "reduction": (str,), "convention": (str,), "dtype": (str,),
    "fixed": (dict,), "shape": (dict,), "elementary": (dict,),
}
EXAMPLE = '{"functions": ["NAME"]}'
SHOWN = 60  # characters of a line that are shown


class LineError(ValueError):
    """An answer whose form is not the right one, in a sentence."""


class OutOfStep(LineError):
    """A line that is no answer to the question: whatever comes after it is not either."""


# --- questions -----------------------------------------------------------------------------------------------


def greeting() -> str:
    """The first line: which functions are there?"""
    return _compact({"refdgm": FORMAT, "ask": "functions"})


def question(
    number: int, name: str, options: Mapping[str, Any], dtype: str, inputs: Arrays, bars: Arrays, wanted: Sequence[str]
) -> str:
    """One case, with the names of the gradients that are wanted."""
    every = {"id": number, "reference": name, "dtype": dtype, "options": dict(options), "inputs": _arrays(inputs),
             "cotangents": _arrays(bars), "gradients": list(wanted)}
    return _compact(every)


def _compact(x: Any) -> str:
    return json.dumps(x, separators=(",", ":"), allow_nan=False)


def _arrays(arrays: Arrays) -> dict[str, Any]:
    return {name: {"shape": list(x.shape), "data": spelled(x)} for name, x in arrays.items()}


def spelled(x: Any) -> list[Any]:
    """The elements in C order; what is no finite number as its text."""
    listed: list[Any] = x.ravel().tolist()
    if x.dtype.kind == "f" and not np.isfinite(x).all():
        return [v if math.isfinite(v) else "NaN" if math.isnan(v) else "Infinity" if v > 0 else "-Infinity"
                for v in listed]
    return listed


# --- what a program says that it has -------------------------------------------------------------------------


def announced(line: str, select: Iterable[str], catalogue: Mapping[str, Reference]) -> dict[str, Candidate]:
    """The functions of the first answer, by name; where it names none, those that were selected."""
    told = parsed(line)
    functions = told.get("functions", list(select))
    if isinstance(functions, list):
        if not all(isinstance(name, str) for name in functions):
            raise LineError(f'"functions" must be a list of names, or an object of entries, got {short(functions)}')
        functions = {name: {} for name in functions}
    if not isinstance(functions, dict):
        raise LineError(f'"functions" must be a list of names, or an object of entries, got {short(functions)}')
    if not functions:
        raise LineError(f"it names no function; answer the first line with {EXAMPLE}, or name them by --select")
    for name in functions:
        if name not in catalogue:
            raise CandidateError(unknown(name))
    return {name: _adapted(catalogue[name], functions[name]) for name in catalogue if name in functions}


def _adapted(ref: Reference, entry: Any) -> Candidate:
    if not isinstance(entry, dict):
        raise CandidateError(f"{ref.name}: an entry must be an object such as {{}}, got {short(entry)}")
    for key, x in entry.items():
        if key not in KEYS:
            raise CandidateError(f"{ref.name}: unknown key {key!r}; a program has {', '.join(KEYS)}")
        if not isinstance(x, KEYS[key]) or (isinstance(x, list) and not all(isinstance(name, str) for name in x)):
            kinds: dict[type, str] = {list: "a list of names", dict: "an object", str: "a text"}
            raise CandidateError(f"{ref.name}: {key} must be {' or '.join(kinds[kind] for kind in KEYS[key])}, "
                                 f"got {short(x)}")
    made = adapted(ref, {**entry, "function": lambda **named: None, "framework": "numpy", "pair": True})
    return replace(made, framework=FRAMEWORK)


# --- answers -------------------------------------------------------------------------------------------------


def parsed(line: str) -> dict[str, Any]:
    """The object of a line."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        if re.search(r"[:,\[]-?(nan|inf)\b", re.sub(r"\s", "", line), re.IGNORECASE):
            raise OutOfStep(f"a number on its standard output is none that JSON has, in {short(line)}; {SPELLING}"
                            ) from None
        why = f" (character {error.pos + 1})" if isinstance(error, json.JSONDecodeError) else ""
        raise OutOfStep(f"a line on its standard output is not JSON{why}: {short(line)}; write answers there and "
                        "nothing else, the rest to standard error") from None
    if type(found) is not dict:
        raise OutOfStep(f'a line on its standard output is no object {{"id": …, "outputs": …}}: {short(line)}; write '
                        "answers there and nothing else, the rest to standard error")
    return found


def answered(
    line: str, number: int, candidate: Candidate, ref: Reference, inputs: Collection[str], bars: Arrays
) -> Answer:
    """The arrays of an answer, in the shapes that it gives them; LineError where its form is not the right one."""
    told = parsed(line)
    if told.get("id") != number or type(told["id"]) is not int:
        got = f"an answer of id {short(told['id'])}" if "id" in told else "an answer without an id"
        raise OutOfStep(f'{got} came to the question of id {number}: {short(line)}; answer every line with one line, '
                        'and give its "id" back')
    if "error" in told:
        raise LineError(f"it says: {told['error']}")
    outputs, gradients = (_named(told, key) for key in ("outputs", "gradients"))
    if "outputs" not in told:
        raise LineError(f'its answer has no "outputs", but {short(sorted(told))}; it is '
                        '{"id": …, "outputs": {…}, "gradients": {…}}')
    dtype = told.get("dtype", "")
    if dtype not in ("", *BITS):
        raise LineError(f'"dtype" must be one of {", ".join(BITS)}, or left out, got {short(dtype)}')
    known = {*ref.result, *candidate.sums}
    made = Answer(dtype=dtype)
    made.others = [str(name) for name in (*(outputs.keys() - known), *(gradients.keys() - inputs))]
    for name in (name for name in outputs if name in known):
        whole = name in ref.result and ref.result[name].support.integer
        made.outputs[name] = array(f"outputs.{name}", outputs[name], whole)
    if comparable(made, bars):
        made.gradients = {name: array(f"gradients.{name}", x) for name, x in gradients.items() if name in inputs}
    return made


def _named(told: dict[str, Any], key: str) -> dict[str, Any]:
    found = told.get(key, {})
    if type(found) is not dict:
        raise LineError(f'"{key}" must be an object of arrays by name, got {short(found)}')
    return found


def array(what: str, told: Any, whole: bool = False) -> np.ndarray[Any, Any]:
    """An array of an answer: float64, or int64 where all are `whole` and should be."""
    if type(told) is not dict or told.keys() != {"shape", "data"}:
        raise LineError(f'{what} must be {{"shape": […], "data": […]}}, got {short(told)}; '
                        "one number has the shape []")
    shape, data = told["shape"], told["data"]
    if type(shape) is not list or not all(type(n) is int and 0 <= n < 2**40 for n in shape) or len(shape) > 16:
        raise LineError(f"the shape of {what} must be a list of whole numbers, got {short(shape)}")
    if type(data) is not list:
        raise LineError(f"the data of {what} must be one list of numbers in C order, got {short(data)}")
    if len(data) != math.prod(shape):
        raise LineError(f"{what} has {len(data)} numbers, but its shape {shape} needs {math.prod(shape)}; "
                        "data is one flat list in C order")
    if not {type(x) for x in data} <= {int, float}:
        data = [_number(what, at, x) for at, x in enumerate(data)]
    try:
        kind = np.int64 if whole and all(type(x) is int for x in data) else np.float64
        return np.array(data, dtype=kind).reshape(shape)
    except OverflowError:
        raise LineError(f"{what} has a number that float64 does not hold; {SPELLING}") from None


def _number(what: str, at: int, x: Any) -> Any:
    if type(x) in (int, float):
        return x
    if type(x) is str and x in SPELLED:
        return SPELLED[x]
    if x is None:
        raise LineError(f"{what} has null at {at}, which JavaScript writes for what is no finite number; {SPELLING}")
    raise LineError(f"{what} has {short(x)} at {at}, which is no number; data is one flat list of numbers in C order, "
                    f"and {SPELLING}")


def short(x: Any) -> str:
    """The beginning of it, on one line."""
    text = x if isinstance(x, str) else json.dumps(x, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
