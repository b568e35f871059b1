"""One thing of a file of cases or of its index is wrong: it is refused."""

import json
from typing import Any

import numpy as np
import pytest

from refdgm import VectorFileError
from refdgm.check.questions import vectors
from tests.vectors.damage import files, header, joined, read

INDEX, PAYLOAD = files()
HEADER, BODY = header(PAYLOAD)
FIRST = "001/input.x"


def entry(**change: Any) -> bytes:
    return joined(HEADER | {FIRST: HEADER[FIRST] | change}, BODY)


def renamed(name: str) -> bytes:
    return joined({name if old == FIRST else old: x for old, x in HEADER.items()}, BODY)


NOTHING = {"dtype": "F64", "shape": [0], "data_offsets": [0, 0]}
DAMAGED_PAYLOADS = {
    "empty": b"",
    "a length and nothing": bytes(8),
    "a length of 2^63": (2**63).to_bytes(8, "little") + PAYLOAD[8:],
    "a header beyond the file": (len(PAYLOAD)).to_bytes(8, "little") + PAYLOAD[8:],
    "cut off": PAYLOAD[:-1],
    "a byte too many": PAYLOAD + b"\0",
    "no object": joined(b"[]", BODY),
    "a space first": joined(b" " + json.dumps(HEADER).encode(), BODY),
    "not UTF-8": joined(b"{\"\xff\": 1}", BODY),
    "two texts": joined(b"{}{}", BODY),
    "nested": joined(b"{\"a\":" + b"[" * 100_000 + b"]" * 100_000 + b"}", BODY),
    "nested a little": joined(b"{\"a\":" + b"[" * 8 + b"]" * 8 + b"}", BODY),
    "a number of many digits": joined(b"{\"a\": " + b"9" * 9_000 + b"}", BODY),
    "a key twice": joined(json.dumps(HEADER).encode()[:-1] + b', "001/input.x": '
                          + json.dumps(HEADER[FIRST]).encode() + b"}", BODY),
    "NaN": joined(b'{"a": NaN}', BODY),
    "metadata of numbers": joined(HEADER | {"__metadata__": {"a": 1}}, BODY),
    "other metadata": joined(HEADER | {"__metadata__": {"format": "pt"}}, BODY),
    "unknown dtype": entry(dtype="F16"),
    "dtype a list": entry(dtype=["F64"]),
    "too few elements": entry(shape=[2, 2]),
    "too many elements": entry(shape=[2, 4]),
    "negative": entry(shape=[-2, -3]),
    "a shape that overflows": entry(shape=[2**32, 2**32]),
    "a shape that overflows, times nothing": entry(shape=[2**40, 2**40, 0]),
    "boolean sizes": entry(shape=[True, 6]),
    "real sizes": joined(json.dumps(HEADER).replace("[2, 3]", "[2.0, 3]").encode(), BODY),
    "65 axes": entry(shape=[1] * 63 + [2, 3]),
    "an offset before the file": entry(data_offsets=[-48, 0]),
    "a hole": entry(data_offsets=[n + 8 for n in HEADER[FIRST]["data_offsets"]]),
    "an overlap": entry(data_offsets=[n - 8 for n in HEADER[FIRST]["data_offsets"]]),
    "three offsets": entry(data_offsets=[0, 1, 2]),
    "one more key": entry(extra=1),
    "no keys": joined(HEADER | {FIRST: {}}, BODY),
    "a name that climbs": renamed("../../x\\y"),
    "a long name": renamed("x" * 129),
    "too many arrays": joined(dict.fromkeys(map(str, range(4097)), NOTHING), b""),
    "a header of 2 MiB": joined(b"{" + b" " * 2**21 + b"}", BODY),
    "a terminal escape": joined(HEADER | {"__metadata__": {"format": "\x1b[2J"}}, BODY),
    "a boolean of 2": joined({"b": {"dtype": "BOOL", "shape": [1], "data_offsets": [0, 1]}}, b"\2"),
    "an array of no case": joined(HEADER | {"x": {"dtype": "F64", "shape": [1],
                                                  "data_offsets": [len(BODY), len(BODY) + 8]}}, BODY + bytes(8)),
    "a NaN": PAYLOAD[:-8] + np.asarray(np.nan).tobytes(),
}


@pytest.mark.parametrize("damage", DAMAGED_PAYLOADS)
def test_damaged_payloads_are_refused(damage):
    with pytest.raises(VectorFileError):
        read(INDEX, DAMAGED_PAYLOADS[damage])


def case_with(**change: Any) -> dict[str, Any]:
    return INDEX | {"cases": [INDEX["cases"][0] | change]}


ARRAY_LIST = INDEX["cases"][0]["arrays"]
DAMAGED_INDICES = {
    "another format": INDEX | {"format": "refdgm-vectors/2"},
    "a key too many": INDEX | {"more": 1},
    "a key too few": {name: x for name, x in INDEX.items() if name != "source"},
    "a version of words": INDEX | {"version": "latest"},
    "a climbing file": INDEX | {"file": "../thing.safetensors"},
    "an absolute file": INDEX | {"file": "/etc/passwd"},
    "another reference's file": INDEX | {"file": "other.safetensors"},
    "a reference that is no name": INDEX | {"reference": "os:system", "file": "thing.safetensors"},
    "cases that are none": INDEX | {"cases": {}},
    "notes that are none": INDEX | {"notes": {"small": None}},
    "a slope that is no number": INDEX | {"conventions": {"x": {"value": {"slope": "nan", "shift": "0", "per": None}}}},
    "a deep description": INDEX | {"arguments": INDEX["arguments"] | {"x": {"a": {"b": {}}}}},
    "a key of a case too many": case_with(more=1),
    "a flag without a note": case_with(flags=["unheard"]),
    "another number": case_with(id="thing/002"),
    "a radius that is a number": case_with(radius=0),
    "a radius that is none": case_with(radius="inf"),
    "a seed below zero": case_with(seed=-1),
    "a seed that is true": case_with(seed=True),
    "a real option": case_with(options={"kind": 0.5}),
    "a list option": case_with(options={"kind": []}),
    "a kill that is a path": case_with(kills=["../x"]),
    "a control character": case_with(comment="\x1b]0;x\x07"),
    "half a surrogate": case_with(comment="\ud800"),
    "an undeclared argument": case_with(arrays={**ARRAY_LIST, "input.other": ["float64", []]}),
    "an undeclared output": case_with(arrays={**ARRAY_LIST, "output.other": ["float64", []]}),
    "an unknown role": case_with(arrays={**ARRAY_LIST, "secret.x": ["float64", []]}),
    "an array that the file lacks": case_with(arrays={**ARRAY_LIST, "gradient.x": ["float64", [2, 3]]}),
    "a gradient of another shape": case_with(arrays={**ARRAY_LIST, "gradient.theta.W": ["float64", [1]]}),
    "another dtype": case_with(arrays={**ARRAY_LIST, "output.code": ["float64", [2]]}),
    "an unknown dtype": case_with(arrays={**ARRAY_LIST, "output.code": ["object", [2]]}),
    "another shape": case_with(arrays={**ARRAY_LIST, "input.x": ["float64", [3, 2]]}),
    "no output": case_with(arrays={"input.x": ["float64", [2, 3]]}),
    "no object": b"3",
    "nothing": b"",
    "too long": b" " * (vectors.INDEX + 1),
    "nested": b"[" * 100_000,
    "a byte order mark": b"\xef\xbb\xbf" + json.dumps(INDEX).encode(),
    "sixteen bits": json.dumps(INDEX).encode("utf-16"),
    "Infinity": json.dumps(INDEX).replace('"seed": 1', '"seed": Infinity').encode(),
    "the same key twice": json.dumps(INDEX).replace('"seed": 1', '"seed": 1, "seed": 1').encode(),
}


@pytest.mark.parametrize("damage", DAMAGED_INDICES)
def test_damaged_indices_are_refused(damage):
    with pytest.raises(VectorFileError):
        read(DAMAGED_INDICES[damage], PAYLOAD)


def test_the_undamaged_file_is_read():
    assert read(INDEX, PAYLOAD).cases[0].id == "thing/001"


def test_another_payload_is_refused():
    index = json.dumps(INDEX).encode()
    with pytest.raises(VectorFileError, match="digest"):
        vectors.parse(index, lambda _: PAYLOAD[:-1] + b"\1")
