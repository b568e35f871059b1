"""The safetensors format, read with suspicion and written in exactly one way.

A file is eight bytes of header length (little-endian), a JSON header `{name: {dtype, shape, data_offsets}}`, and
the bytes of the arrays. This parser refuses what it need not understand: unknown dtypes, holes, overlaps, bytes
left over, duplicate keys, anything beyond the limits below. It allocates nothing that the file has not paid for.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np

from refdgm.errors import VectorFileError

HEADER = 2**20  # bytes of the header
ENTRIES = 4096  # arrays in a file
ARRAY = 2**26  # bytes of one array
PAYLOAD = 2**28  # bytes of all arrays
RANK = 16  # axes of an array
DEPTH = 8  # levels of brackets in a JSON text
DTYPES = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "BOOL": "|b1"}
NAME = re.compile(r"[A-Za-z0-9_./-]{1,128}", re.ASCII)
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # a terminal escape has no place in a name


def decode(data: bytes) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, str]]:
    """The arrays by name, each a fresh copy, and the metadata."""
    if len(data) < 8:
        refuse(f"the file has {len(data)} bytes, its header length alone takes 8")
    size = int.from_bytes(data[:8], "little")
    if size > min(HEADER, len(data) - 8):
        refuse(f"the header claims {size} bytes, the file has {len(data) - 8} and the limit is {HEADER}")
    header = strict_json(data[8 : 8 + size], HEADER)
    if type(header) is not dict or data[8:9] != b"{":
        refuse("the header is not a JSON object that starts at its first byte")
    metadata = header.pop("__metadata__", {})
    if type(metadata) is not dict or not all(type(text) is str for text in metadata.values()):
        refuse("__metadata__ is not an object of texts")
    if len(header) > ENTRIES:
        refuse(f"the file names {len(header)} arrays, limit {ENTRIES}")
    payload = memoryview(data)[8 + size :]
    if len(payload) > PAYLOAD:
        refuse(f"the arrays take {len(payload)} bytes, limit {PAYLOAD}")
    entries = sorted((entry(name, x) for name, x in header.items()), key=lambda e: e[0])
    at = 0
    for (begin, end), name, _, _ in entries:
        if begin != at:
            refuse(f"array {name} begins at byte {begin}, the one before it ends at {at}")
        at = end
    if at != len(payload):
        refuse(f"the arrays end at byte {at}, the file at {len(payload)}")
    return {name: array(payload[b:e], name, dtype, shape) for (b, e), name, dtype, shape in entries}, metadata


def entry(name: str, x: Any) -> tuple[tuple[int, int], str, str, tuple[int, ...]]:
    """One line of the header: (offsets, name, dtype, shape), checked."""
    if not NAME.fullmatch(name):
        refuse(f"the array name {name[:140]!r} is not of the form {NAME.pattern}")
    if type(x) is not dict or x.keys() != {"dtype", "shape", "data_offsets"}:
        refuse(f"array {name} needs exactly dtype, shape and data_offsets")
    if type(x["dtype"]) is not str or x["dtype"] not in DTYPES:
        refuse(f"array {name} has the dtype {str(x['dtype'])[:40]!r}, known are {', '.join(DTYPES)}")
    shape, offsets = x["shape"], x["data_offsets"]
    if not whole_numbers(shape) or len(shape) > RANK:
        refuse(f"array {name} needs a shape of at most {RANK} whole numbers")
    if not whole_numbers(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        refuse(f"array {name} needs two offsets in order")
    size = np.dtype(DTYPES[x["dtype"]]).itemsize
    for n in shape:  # grows at most to ARRAY · n before it is refused; a zero makes the other axes no smaller a claim
        size *= n or 1
        if size > ARRAY:
            refuse(f"array {name} claims more than {ARRAY} bytes")
    size *= all(shape)
    if offsets[1] - offsets[0] != size:
        refuse(f"array {name} takes {size} bytes by its shape, {offsets[1] - offsets[0]} by its offsets")
    return (offsets[0], offsets[1]), name, x["dtype"], tuple(shape)


def whole_numbers(x: Any) -> bool:
    return type(x) is list and all(type(n) is int and 0 <= n < 2**48 for n in x)


def array(view: memoryview, name: str, dtype: str, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """The array in native byte order; a NaN loses its payload, a byte that is neither 0 nor 1 is no boolean."""
    if dtype == "BOOL" and np.frombuffer(view, np.uint8).max(initial=0) > 1:
        refuse(f"array {name} has a boolean that is neither 0 nor 1")
    if not all(shape):
        return np.empty(shape, np.dtype(DTYPES[dtype]).newbyteorder("="))
    x = np.frombuffer(view, dtype=DTYPES[dtype]).reshape(shape)
    x = x.astype(x.dtype.newbyteorder("="), order="C", copy=True)
    if dtype in ("F64", "F32"):
        x[np.isnan(x)] = np.nan
    return x


def encode(arrays: Mapping[str, np.ndarray[Any, Any]], metadata: Mapping[str, str] | None = None) -> bytes:
    """The one file of these arrays: sorted names, C order, little-endian, a header padded to eight bytes."""
    header: dict[str, Any] = {"__metadata__": dict(sorted(metadata.items()))} if metadata else {}
    kinds = {np.dtype(text): name for name, text in DTYPES.items()}
    parts, at = [], 0
    for name in sorted(arrays):
        x = np.asarray(arrays[name])
        kind = kinds.get(x.dtype.newbyteorder("<") if x.dtype.itemsize > 1 else x.dtype)
        if kind is None:
            refuse(f"array {name} has the dtype {x.dtype}, known are {', '.join(map(str, kinds))}")
        if x.dtype.kind == "f":
            x = np.where(np.isnan(x), np.asarray(np.nan, x.dtype), x)
        part = x.astype(DTYPES[kind], order="C").tobytes(order="C")  # a 0-d array stays one
        header[name] = {"dtype": kind, "shape": list(x.shape), "data_offsets": [at, at + len(part)]}
        entry(name, header[name])
        parts.append(part)
        at += len(part)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    data = len(text).to_bytes(8, "little") + text + b"".join(parts)
    if len(text) > HEADER or len(header) > ENTRIES or at > PAYLOAD:
        refuse(f"{len(header)} arrays of {at} bytes with a header of {len(text)} are beyond the limits of a file")
    return data


def strict_json(data: bytes, limit: int) -> Any:
    """JSON without duplicate keys, without numbers that are not whole, without control characters."""
    if len(data) > limit:
        refuse(f"the JSON text takes {len(data)} bytes, limit {limit}")
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=distinct, parse_float=no_number,
                           parse_constant=no_number)
        plain(found)
    except RecursionError:
        refuse("the JSON text is nested too deeply")
    except VectorFileError:
        raise
    except ValueError as error:  # not UTF-8, not JSON, or a number of thousands of digits
        raise VectorFileError(f"the text is not JSON: {str(error)[:200]}") from None
    return found


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        refuse("a JSON object has the same key twice")
    return dict(pairs)


def no_number(text: str) -> NoReturn:
    refuse(f"the JSON number {text[:40]} is not whole; real numbers are written as decimal texts")


def plain(x: Any, depth: int = 0) -> None:
    """Refuse texts that would act on a terminal, and deep nests."""
    if depth > DEPTH:
        refuse(f"the JSON text is nested more than {DEPTH} deep")
    if type(x) is str and CONTROL.search(x):
        refuse("a JSON text has control characters")
    for part in x if type(x) is list else [*x.keys(), *x.values()] if type(x) is dict else ():
        plain(part, depth + 1)


def refuse(why: str) -> NoReturn:
    raise VectorFileError(why)
