"""The dtypes that a question may be asked in: significand, smallest normal and largest number."""

import sys

BITS = {"float64": 53, "float32": 24, "float16": 11, "bfloat16": 8}  # of the significand
SMALLEST = {"float64": 2.0**-1022, "float32": 2.0**-126, "float16": 2.0**-14, "bfloat16": 2.0**-126}  # normal numbers
LARGEST = {"float64": sys.float_info.max, "float32": 2.0**128, "float16": 2.0**16, "bfloat16": 2.0**128}


def accumulator(dtype: str, meant: str = "") -> str:
    """In which a reduction of such data is added up: float32 for half precision, where nobody means another."""
    return meant or ("float32" if BITS[dtype] < BITS["float32"] else dtype)
