"""Numbers at the ends of the range: where float64 holds the right number, as long doubles tell, no NaN is given.

Every array of a drawn case in turn, and all at once, becomes ±1e300, ±1e200, 1e-200, or of the smallest numbers, as far
as its support allows; of every array in turn the first element alone. A NaN that comes nevertheless has a reason, which
says for which sizes, arguments and answers; and it never comes silently, for NumPy tells of an invalid operation.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw, each_choice, is_grid
from refdgm.declaration.domain import Array, Parameters
from refdgm.errors import RefdgmError

from .rows import row

if np.finfo(np.longdouble).maxexp <= 1024:
    pytest.skip("the platform's long double reaches no further than double", allow_module_level=True)

SIZES = (1e300, 1e200, 1e-200, 5e-324, 1e-310)
ALONE = (1e200, 1e-200)  # of one element beside others of the order of one
LEAST = 1e-308  # whose inverse is beyond the range


@dataclass(frozen=True)
class Reason:
    """Why a number is lost, and where it may be: by the size, the arguments that were moved, and the answer."""

    why: str
    covers: Callable[[float, set[str], str], bool]


NETWORK = Reason(
    "weights and states of 1e200 multiply: a layer, or the next step, is a difference of infinities, and what "
    "a saturated unit makes of it is not looked for", lambda size, moved, role: size >= 1e200)
BOUND = Reason(
    "of β below 1e-308 its slopes, 1/β, are beyond the range, and their sum is a difference of infinities",
    lambda size, moved, role: size < LEAST and "beta" in moved and role == "gradient.beta")
SHRUNK = Reason(
    "of differences below 1e-308 the ratio of lengths, 1e308 and more, is beyond the range, and so are its slopes",
    lambda size, moved, role: size < LEAST and moved == {"guided"} and role in ("gradient.guided", "gradient.phi"))
EARLIEST = Reason(
    "of times and levels below 1e-308 the root of β/k, or high/low, is beyond the range, and so are their slopes",
    lambda size, moved, role: size < LEAST and moved in ({"t"}, {"low"}) and role in ("gradient.low", "gradient.high"))


EARLIEST_LAW = Reason(
    "of times and levels below 1e-308 1 − e^{−2tΛ} has no digits, or high/low leaves the range, and with it t/k or σ",
    lambda size, moved, role: size < LEAST and moved in ({"t"}, {"low"}) and role in ("gradient.low", "gradient.high"))

NO_RATIO = Reason(
    "of levels below 1e-308 high/low is beyond the range, and so are σ and what is weighted with it",
    lambda size, moved, role: size < LEAST and moved == {"low"})

FLOW = Reason(
    f"{NETWORK.why}; {NO_RATIO.why}",
    lambda size, moved, role: NETWORK.covers(size, moved, role) or NO_RATIO.covers(size, moved, role))

OPPOSED = Reason(
    "states and scores of 1e200, all at once, multiply: their inner products are differences of infinities",
    lambda size, moved, role: size >= 1e200 and len(moved) > 1 and role == "output.value")


PLANES = Reason(
    "vectors of 1e200, all at once, have inner products of infinities; of normals below 1e-308 the inverse of the "
    "length is beyond the range, and so is what points are moved by",
    lambda size, moved, role: (size >= 1e200 and len(moved) > 1) or (size < LEAST and "w" in moved))


PLANAR_FLOW = Reason(
    f"{NETWORK.why}; a planar layer with a normal of 1e-200 moves points by 1e200, and the base squares them",
    lambda size, moved, role: NETWORK.covers(size, moved, role) or (size <= 1e-200 and "theta" in moved))


PRODUCT = Reason(
    "weights and vectors of 1e200, all at once, multiply: their product is a difference of infinities",
    lambda size, moved, role: size >= 1e200 and len(moved) > 1)
CONTRAST = Reason(
    "products of vectors of 1e200, and those over a temperature below 1e-308, are logits beyond the range: what "
    "sets them apart is a difference of infinities",
    lambda size, moved, role: size >= 1e200 or (size < LEAST and "tau" in moved))


SCORES = Reason(
    "queries, keys and a scale of 1e200, all at once, multiply: scores are infinities, and so are their differences",
    lambda size, moved, role: size >= 1e200 and len(moved) > 1)


BATCHES = Reason(
    "features of 1e300 are summed to a mean, and multiplied with those of another batch: differences of infinities",
    lambda size, moved, role: size >= 1e200)


def singular(factors):
    return Reason("factors of equal or of the smallest numbers are of covariances without an inverse in the range, and "
                  "say so by NaN", lambda size, moved, role: factors in moved)


WHOLE = ("elbo",)  # with networks, and no number is lost all the same


def known():
    """The reason of each reference that has one."""
    found = {}
    for name, ref in CATALOGUE.items():
        if name not in WHOLE and any(isinstance(domain, Parameters) for domain in ref.args.values()):
            found[name] = NETWORK
        for argument, domain in ref.args.items():
            if getattr(domain, "shape", ()) == ("K", "D", "D"):
                found[name] = singular(argument)
    return found | {"variational_bound": BOUND, "guidance_rescale": SHRUNK, "sde_coefficients": EARLIEST,
                    "perturbation_kernel": EARLIEST_LAW, "continuous_score_matching": NO_RATIO,
                    "mala_log_ratio": OPPOSED, "probability_flow": FLOW,
                    "probability_flow_log_density": FLOW, "probability_flow_log_density_estimate": FLOW,
                    "planar_transform": PLANES, "planar_inverse": PLANES,
                    "planar_flow": PLANES, "normalizing_flow_log_density": PLANAR_FLOW,
                    "normalizing_flow_sample": PLANAR_FLOW, "spectral_normalization": PRODUCT, "info_nce": CONTRAST,
                    "attention": SCORES,
                    "frechet_inception_distance": BATCHES, "kernel_inception_distance": BATCHES}


def far(domain, x, size):
    """x so far out, where its support goes that far; else as it was."""
    if x.dtype.kind != "f" or (isinstance(domain, Array) and (domain.law or is_grid(domain))):
        return x
    kind = domain.support.name if isinstance(domain, Array) else "real"
    if kind in ("real", "logits", "direction", "vector", "nonzero"):
        return np.where(x < 0, -size, size)
    if kind == "covariance":
        return x * size
    if kind in ("positive", "nonnegative"):
        return np.full_like(x, size)
    return np.full_like(x, min(size, 1 - 2.0**-53)) if kind in ("unit", "portion", "share") else x


def first(far_out, x):
    """x with its first element alone so far out."""
    y = np.array(x)
    y.reshape(-1)[:1] = far_out.reshape(-1)[:1]
    return y


def lost(ref):
    """(size, arguments that were moved, role, whether NumPy told) wherever a NaN came for a number of float64."""
    for options in each_choice(ref):
        case = draw(ref, 3, options=options)
        names = [role for role in case.arrays if role.startswith("input.")]
        for size in SIZES:
            for moved in [names, *([name] for name in names)]:
                for changed in (lambda y, x: y, first) if size in ALONE and len(moved) == 1 else (lambda y, x: y,):
                    arrays = {role: changed(far(ref.args[role.split(".")[1]], x, size), x) if role in moved else x
                              for role, x in case.arrays.items()}
                    arguments = {role.split(".")[1] for role in moved}
                    yield from ((size, arguments, *one) for one in _lost(ref, replace(case, arrays=arrays)))


def _lost(ref, case):
    arguments, told = case.arguments(), []
    try:
        ref.validate(*(arguments[name] for name in ref.arrays), **case.options)
    except RefdgmError:  # not in its support, all together
        return
    with np.errstate(all="ignore"):
        with np.errstate(invalid="call", call=lambda kind, flag: told.append(kind)):
            got = ref.answers(case)
        nans = [role for role, x in got.items() if x.dtype.kind == "f" and np.isnan(x).any()]
        wide = {role: x.astype(np.longdouble) if x.dtype.kind == "f" else x for role, x in case.arrays.items()}
        right = ref.answers(replace(case, arrays=wide)) if nans else {}
        for role in nans:
            if (np.isnan(got[role]) & np.isfinite(right[role].astype(np.float64))).any():
                yield role, bool(told)


KNOWN = known()


@row("far out", "±1e300, ±1e200, 1e-200, 5e-324 and 1e-310 in one element, one argument, in all: no NaN for a number "
     "of float64 but where its reason says, and none in silence")
def no_number_is_lost(ref):
    reason = KNOWN.get(ref.name)
    for size, moved, role, told in lost(ref):
        assert told, f"NaN in silence: {role} with {moved} of {size}"
        assert reason and reason.covers(size, moved, role), f"a NaN without a reason: {role} with {moved} of {size}"


@row("far out, where a number is lost", "the reason that is written for it is not one of the past", tuple(KNOWN),
     "none is lost there")
def the_reason_holds(ref):
    assert next(lost(ref), None) is not None
