"""What travels between the command and the child that runs a candidate: length-prefixed data, never code.

A message is its length (8 bytes), the length of its head (4 bytes), the head in JSON and the bytes of its arrays.
The child is not trusted: whatever is malformed raises `WireError`, and nothing in a message is executed.
"""

import json
import os
import struct
from contextlib import suppress
from typing import Any

import numpy as np

LARGEST = 2**31
AT_ONCE = 2**20
DTYPES = {"float64": np.float64, "int64": np.int64, "bool": np.bool_}

Message = tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]


class WireError(Exception):
    """A message is damaged, or the other side is gone."""


def encode(head: dict[str, Any], arrays: dict[str, Any]) -> bytes:
    """The bytes of a message; arrays as little-endian C-ordered bytes in the order of the head."""
    plain = {name: np.asarray(x, order="C") for name, x in arrays.items()}
    listed = {name: [x.dtype.name, list(x.shape)] for name, x in plain.items()}
    text = json.dumps({"head": head, "arrays": listed}).encode()
    size = 4 + len(text) + sum(x.nbytes for x in plain.values())
    return b"".join([struct.pack("<QI", size, len(text)), text, *(x.data for x in plain.values())])


def decode(body: bytes | bytearray) -> Message:
    """Head and arrays of a message without its length."""
    try:
        (size,) = struct.unpack_from("<I", body)
        found = json.loads(body[4 : 4 + size])
        at, arrays = 4 + size, {}
        for name, (dtype, shape) in found["arrays"].items():
            if not all(type(n) is int and n >= 0 for n in shape):
                raise ValueError("shape")
            kind, count = DTYPES[dtype], int(np.prod(shape, dtype=object)) if shape else 1
            end = at + count * np.dtype(kind).itemsize
            arrays[name] = np.frombuffer(body, kind, count, at).reshape(shape).copy()
            at = end
        head = found["head"]
        if at != len(body) or type(head) is not dict:
            raise ValueError("length")
        return head, arrays
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, struct.error) as error:
        raise WireError(f"a message that is not one ({type(error).__name__})") from None


def length(prefix: bytes | bytearray, most: int = LARGEST) -> int:
    """The length that a message announces; more than `most` is refused before it is read."""
    (size,) = struct.unpack("<Q", prefix)
    if size > min(most, LARGEST):
        raise WireError(f"an answer of {size} bytes, longer than any right one")
    return int(size)


def widen(*pipes: int) -> None:
    """Let a pipe hold a MiB, where the system can: large arrays then cross it in a sixteenth of the turns."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        for fd in pipes:
            fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, AT_ONCE)


def send(fd: int, head: dict[str, Any], arrays: dict[str, Any]) -> None:
    """Write one message."""
    data = memoryview(encode(head, arrays))
    while data:
        data = data[os.write(fd, data) :]


def receive(fd: int) -> Message:
    """Read one message, waiting for it."""
    return decode(_exactly(fd, length(_exactly(fd, 8))))


def _exactly(fd: int, size: int) -> bytearray:
    data = bytearray()
    while len(data) < size:
        part = os.read(fd, min(size - len(data), AT_ONCE))
        if not part:
            raise WireError("the other side is gone")
        data += part
    return data
