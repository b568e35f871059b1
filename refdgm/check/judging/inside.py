"""How many of the bits of float32 an answer was computed in.

A graphics processor may round the factors of every product to the eleven bits of TF32, and what was compiled for speed
may do its sums in half precision, without a word of the code that calls it. In float64 the same code is right to the
last digits: no form of the formula was at fault, which would lose digits there too.
"""

import numpy as np

from refdgm.check.dtypes import BITS
from refdgm.check.judging.compare import Outcome
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.numbers import Arrays

USUAL = 0.15  # spreads of the median error of right code, which is 0.28 at most
FEW = 15.0  # bits


def told(mine: Tolerance, theirs: Tolerance, outcome: Outcome, answers: Arrays) -> str:
    """A sentence about an answer in float32 that lost its digits, whose other answers are in float64; "" for none."""
    if (mine.dtype, theirs.dtype) != ("float32", "float64") or outcome.arrays is None:
        return ""
    expected, got = outcome.arrays
    with np.errstate(all="ignore"):
        if not np.all(np.abs(answers[outcome.role] - expected) <= theirs.strict(outcome.role)):
            return ""
        shares = np.abs(got - expected) / mine.spread(outcome.role)
        shares = shares[np.isfinite(shares)]
        bits = BITS["float32"] - np.log2(np.median(shares) / USUAL) if shares.size else np.inf
    if bits > FEW:
        return ""
    return f"right in float64; in float32 about {bits:.0f} of 24 bits, as with TF32 (11) or bfloat16 (8) inside"
