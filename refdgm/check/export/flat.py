"""Flat binary with a C header: the elements of all arrays one after the other, and where each begins.

Eight bytes an element, little-endian, in C order: a double, or an int64_t where `kind` is 'i'.
"""

from collections.abc import Mapping
from typing import Any

from refdgm.check.numbers import Arrays

RANK = 8
STRUCT = f"""#ifndef REFDGM_ARRAY
#define REFDGM_ARRAY
#include <stddef.h>
struct refdgm_array {{
    const char *name;      /* "001/input.mean" */
    char kind;             /* 'f': double, 'i': int64_t */
    int rank;
    size_t shape[{RANK}];
    size_t offset, count;  /* in elements of eight bytes, little-endian, in C order */
}};
struct refdgm_option {{
    const char *case_number, *name, *value;
}};
#endif
"""


def flat(arrays: Arrays, index: Mapping[str, Any], word: str) -> tuple[bytes, str]:
    """The bytes, and the header with two tables: `<word>_arrays`, and `<word>_options` of the cases, which ends with an
    empty row."""
    parts, rows, at = [], [], 0
    for name, x in arrays.items():
        kind = "f" if x.dtype.kind == "f" else "i"
        parts.append(x.astype("<f8" if kind == "f" else "<i8").tobytes(order="C"))
        shape = ", ".join(map(str, x.shape)) or "0"
        rows.append(f'    {{"{name}", \'{kind}\', {x.ndim}, {{{shape}}}, {at}, {x.size}}},')
        at += x.size
    options = [f'    {{"{case["case"]}", "{name}", "{value}"}},' for case in index["cases"]
               for name, value in case["options"].items()]
    guard = f"{word.upper()}_H"
    lines = [
        f"/* {word}.bin: arrays of {index['reference']} in {index['dtype']}, written by refdgm. */",
        f"#ifndef {guard}", f"#define {guard}", STRUCT,
        f"enum {{ {word}_count = {len(rows)}, {word}_elements = {at} }};",
        f"static const struct refdgm_array {word}_arrays[] = {{", *rows, "};",
        f"static const struct refdgm_option {word}_options[] = {{", *options, "    {0, 0, 0},", "};", "#endif", "",
    ]
    return b"".join(parts), "\n".join(lines)

