"""A small vector file, and the ways in which one may be damaged."""

import hashlib
import json
from typing import Any

import numpy as np

from refdgm.cases import Case
from refdgm.check.questions import vectors

HEAD: dict[str, Any] = {
    "version": "1.0.0", "reference": "thing", "source": "nobody", "statement": "y = θ.W x, k = 7",
    "arguments": {"x": {"kind": "array", "meaning": "x"}, "theta": {"kind": "parameters", "meaning": "θ"}},
    "outputs": {"value": {"kind": "array", "meaning": "y"}, "code": {"kind": "array", "meaning": "k"}},
    "derivative_of": "the value", "conventions": {"twice": {"value": {"slope": "2.0", "shift": "0.0", "per": None}}},
    "notes": {"small": "it is small"},
}
ABOUT = {"sizes": {"B": 2, "...": [3]}, "bits": 192, "digits": 40, "radius": "1e-50"}


def small() -> Case:
    """All roles, all ranks from nought, and the numbers that are hard to carry."""
    return Case(
        "thing", "thing/001", {"kind": "tanh", "steps": 3},
        {
            "input.x": np.array([[0.1, -0.0, 5e-324], [1e308, -np.inf, -1.5]]),
            "input.theta.W": np.asarray(0.25),
            "cotangent.value": np.array([1.5, -2.0]),
            "output.value": np.array([np.inf, 2.0**-1074]),
            "output.code": np.array([2**62, -1]),
            "gradient.theta.W": np.asarray(-0.0),
        },
        "unit", 1, ("small",), "a comment", ("thing/upside_down",), ABOUT,
    )


def files() -> tuple[dict[str, Any], bytes]:
    """(the index as an object, the payload)."""
    index, payload = vectors.encode(HEAD, [small()])
    return json.loads(index), payload


def header(payload: bytes) -> tuple[dict[str, Any], bytes]:
    """(the header as an object, the bytes of the arrays)."""
    size = int.from_bytes(payload[:8], "little")
    return json.loads(payload[8 : 8 + size]), payload[8 + size :]


def joined(head: Any, body: bytes) -> bytes:
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    return len(text).to_bytes(8, "little") + text + body


def read(index: Any, payload: bytes) -> vectors.Vectors:
    """Read with a digest that fits, so that what lies behind the digest is reached."""
    if isinstance(index, dict):
        index = json.dumps(index | {"sha256": hashlib.sha256(payload).hexdigest()}).encode()
    return vectors.parse(index, lambda _: payload)
