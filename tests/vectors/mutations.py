"""Files with one thing changed, as somebody might who wants to be believed: index and payload agree with each other."""

import copy
import hashlib
import json
from functools import cache
from typing import Any

import numpy as np
from hypothesis import strategies as st

from refdgm.check.questions import safetensors_file, vectors
from tests.vectors.damage import header, joined

NUMBERS = (0.0, -0.0, 1.0, -1.0, 0.5, 1e300, -1e300, 1e-300, 5e-324, 3.4e38, np.inf, -np.inf, np.nan)
COUNTS = (0, 1, 2, 3, 64, 9_999, 10_001, 2**31, 2**40, 2**63 - 1)
VALUES = st.none() | st.booleans() | st.sampled_from([*COUNTS, -1, 2**63, "three", "rk4", "tanh", "../x", "", [], {}])


@cache
def whole(name: str, cases: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """(index, arrays by their names in the payload) of the first cases that are shipped: right, and not their bytes."""
    index = json.loads(vectors.shipped_part(f"{name}.json"))
    arrays = safetensors_file.decode(vectors.shipped_part(f"{name}.safetensors"))[0]
    index["cases"] = index["cases"][:cases]
    return index, {key: x for key, x in arrays.items() if int(key[:3]) <= cases}


def save(folder: Any, index: Any, payload: bytes) -> str:
    """Both files, with the digest that fits; the path of the index."""
    if isinstance(index, dict):
        index = index | {"sha256": hashlib.sha256(payload).hexdigest()}
    name = index["reference"] if isinstance(index, dict) and isinstance(index.get("reference"), str) else "x"
    vectors.save(folder, "given", json.dumps(index).encode(), payload)
    (folder / "given.safetensors").replace(folder / f"{name[:50].replace('/', '_')}.safetensors")
    return str(folder / "given.json")


def announced(index: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """The index that announces just these arrays."""
    index = copy.deepcopy(index)
    for number, record in enumerate(index["cases"], 1):
        head = f"{number:03d}/"
        mine = {key[4:]: x for key, x in arrays.items() if key.startswith(head)}
        record["arrays"] = {role: [x.dtype.name, list(x.shape)] for role, x in mine.items()}
    return index


class File:
    """An index and its payload; `how` it was changed."""

    def __init__(self, how: str, index: Any, payload: bytes) -> None:
        self.how, self.index, self.payload = how, index, payload

    def __repr__(self) -> str:
        return f"<a file with another {self.how}>"


@st.composite
def mutated(draw: Any, name: str, cases: int) -> File:
    """A file in which something was changed."""
    index, arrays = copy.deepcopy(whole(name, cases)[0]), dict(whole(name, cases)[1])
    kind = draw(st.sampled_from(["index", "option", "array", "array", "array", "names", "cases", "header", "bytes"]))
    if kind == "index":
        at = draw(st.sampled_from(places(index)))
        index = replaced(index, at, draw(VALUES))
    elif kind == "option":
        record = draw(st.sampled_from(index["cases"]))
        options = record["options"]
        options[draw(st.sampled_from([*options, "steps", "more"]))] = draw(VALUES)
    elif kind == "array":
        for _ in range(draw(st.integers(1, 3))):
            key = draw(st.sampled_from(sorted(arrays)))
            arrays[key] = draw(changed(arrays[key]))
        index = announced(index, arrays)
    elif kind == "names":
        key, other = draw(st.sampled_from(sorted(arrays))), draw(st.sampled_from(sorted(arrays)))
        what = draw(st.sampled_from(["leave out", "exchange", "repeat", "nest"]))
        if what == "exchange":
            arrays[key], arrays[other] = arrays[other], arrays[key]
        elif what == "repeat":
            arrays[f"{key[:4]}{other[4:]}.more"] = arrays[key]
        else:
            x = arrays.pop(key)
            arrays |= {f"{key}.W1": x} if what == "nest" else {}
        index = announced(index, arrays)
    elif kind == "cases":
        order = draw(st.lists(st.integers(0, cases - 1), max_size=cases + 1))
        records = [dict(index["cases"][i], id=f"{name}/{n:03d}") for n, i in enumerate(order, 1)]
        arrays = {f"{n:03d}/{key[4:]}": x for n, i in enumerate(order, 1) for key, x in arrays.items()
                  if key.startswith(f"{i + 1:03d}/")}
        index["cases"] = records
    payload = safetensors_file.encode(arrays, {"format": vectors.FORMAT})
    if kind == "header":
        head, body = header(payload)
        payload = joined(replaced(head, draw(st.sampled_from(places(head))), draw(VALUES | st.just([0, 2**47, 2**47]))),
                         body)
    elif kind == "bytes":
        damaged = bytearray(payload)
        damaged[draw(st.integers(0, len(payload) - 1))] ^= draw(st.integers(1, 255))
        payload = bytes(damaged)
    return File(kind, index, payload)


def changed(x: Any) -> Any:
    """Another array in its place."""
    def element(by: float, share: float) -> Any:
        y = x.copy()
        if x.size:
            held = by if x.dtype.kind == "f" else int(np.clip(np.nan_to_num(by), -9, 9))
            y.reshape(-1)[int(share * (x.size - 1))] = quietly(lambda: np.asarray(held).astype(x.dtype))
        return y

    return st.one_of(
        st.builds(element, st.sampled_from(NUMBERS), st.floats(0, 1)),
        st.sampled_from([lambda: x * 0, lambda: x * 2, lambda: x * -1, lambda: x + 1,
                         lambda: x * x.dtype.type(1 + 1e-9), lambda: x.astype(np.float32),
                         lambda: x.astype(np.int64), lambda: x.astype(bool), lambda: x.astype(np.float64),
                         lambda: x.T, lambda: x[..., None], lambda: x.ravel(),
                         lambda: x[:0] if x.ndim else x, lambda: x[..., :0] if x.ndim else x,
                         lambda: x[:1] if x.ndim else x, lambda: np.zeros(()),
                         lambda: np.zeros((0, 5))]).map(quietly),
    )  # fmt: skip


def quietly(make: Any) -> Any:
    with np.errstate(all="ignore"):
        return make()


def places(x: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a nest of dicts and lists."""
    inner = x.items() if isinstance(x, dict) else enumerate(x) if isinstance(x, list) else ()
    return [at, *(place for key, y in inner for place in places(y, (*at, key)))]


def replaced(x: Any, at: tuple[Any, ...], by: Any) -> Any:
    if not at:
        return by
    x = copy.copy(x)
    x[at[0]] = replaced(x[at[0]], at[1:], by)
    return x
