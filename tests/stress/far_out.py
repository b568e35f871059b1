"""Numbers at the ends of the range: where float64 holds the right number, as long doubles tell, no NaN is given.

Every array of a drawn case in turn, and all at once, becomes ±1e300, ±1e200, or of the smallest numbers, as far as its
support allows.
"""

from dataclasses import replace

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw, is_grid, options_grid
from refdgm.declaration.domain import Array, Parameters
from refdgm.errors import RefdgmError

from .rows import EVERY, WHY_NOT, row

if np.finfo(np.longdouble).maxexp <= 1024:
    pytest.skip("the platform's long double reaches no further than double", allow_module_level=True)

SIZES = (1e300, 1e200, 5e-324, 1e-310)
NETWORK = ("weights and states of 1e200 multiply: a layer, or the next step, is a difference of infinities, and what "
           "a saturated unit makes of it is not looked for")
SINGULAR = ("factors of equal or of the smallest numbers are of covariances without an inverse in the range, and say "
            "so by NaN")
BOUND = "of β below 1e-308 its slopes, 1/β, are beyond the range, and their sum is a difference of infinities"
SHRUNK = "of differences below 1e-308 the ratio of lengths, 1e308 and more, is beyond the range, and so are its slopes"
EARLIEST = "of times and levels below 1e-308 the root of β/k, or high/low, is beyond the range, and so are their slopes"


def known():
    """The reason of each reference that has one."""
    found = {}
    for name, ref in CATALOGUE.items():
        if any(isinstance(domain, Parameters) for domain in ref.args.values()):
            found[name] = NETWORK
        if any(getattr(domain, "shape", ()) == ("K", "D", "D") for domain in ref.args.values()):
            found[name] = SINGULAR
    return found | {"variational_bound": BOUND, "guidance_rescale": SHRUNK, "sde_coefficients": EARLIEST}


def far(domain, x, size):
    """x so far out, where its support goes that far; else as it was."""
    if x.dtype.kind != "f" or (isinstance(domain, Array) and (domain.law or is_grid(domain))):
        return x
    kind = domain.support.name if isinstance(domain, Array) else "real"
    if kind in ("real", "logits"):
        return np.where(x < 0, -size, size)
    if kind == "positive":
        return np.full_like(x, size)
    return np.full_like(x, min(size, 1 - 2.0**-53)) if kind in ("unit", "portion", "share") else x


def lost(ref):
    """(size, what was moved, role) wherever a NaN came for a number that float64 holds."""
    for options in options_grid(ref):
        case = draw(ref, 3, options=options)
        names = [role for role in case.arrays if role.startswith("input.")]
        for size in SIZES:
            for moved in [names, *([name] for name in names)]:
                arrays = {role: far(ref.args[role.split(".")[1]], x, size) if role in moved else x
                          for role, x in case.arrays.items()}
                yield from ((size, moved, role) for role in _lost(ref, replace(case, arrays=arrays)))


def _lost(ref, case):
    arguments = case.arguments()
    try:
        ref.validate(*(arguments[name] for name in ref.arrays), **case.options)
    except RefdgmError:  # not in its support, all together
        return
    with np.errstate(all="ignore"):
        got = ref.answers(case)
        nans = [role for role, x in got.items() if x.dtype.kind == "f" and np.isnan(x).any()]
        wide = {role: x.astype(np.longdouble) if x.dtype.kind == "f" else x for role, x in case.arrays.items()}
        right = ref.answers(replace(case, arrays=wide)) if nans else {}
        yield from (role for role in nans if (np.isnan(got[role]) & np.isfinite(right[role].astype(np.float64))).any())


KNOWN = known()


@row("far out", "±1e300, ±1e200, 5e-324 and 1e-310 in one argument and in all: no NaN for a number of float64",
     tuple(name for name in EVERY if name not in KNOWN), "it has a reason of its own")
def no_number_is_lost(ref):
    assert next(lost(ref), None) is None


@row("far out, where a number is lost", "the reason that is written for it is not one of the past", tuple(KNOWN),
     "none is lost there")
def the_reason_holds(ref):
    assert next(lost(ref), None) is not None


WHY_NOT.update({("far out", name): reason for name, reason in KNOWN.items()})
