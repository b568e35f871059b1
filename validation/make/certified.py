"""Answers to a case, each number proved: what the definition and the reference both enclose, correctly rounded."""

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from refdgm.cases import Case
from refdgm.certify import balls
from refdgm.certify.agreement import Disagrees, Wide, require_overlap, require_tight
from refdgm.certify.balls import precision
from refdgm.certify.enclose import ball, certify, enclose, flat, gradient_by_series
from refdgm.certify.rounding import Unrounded, round_balls
from refdgm.declaration.domain import Limit
from refdgm.evidence.definitions import definition
from refdgm.reference import Reference

DIGITS, BITS, MOST_BITS = 40, 192, 2**14


def answered(ref: Reference, case: Case) -> Case:
    """The case with outputs and gradients, and in `about` what was proved of them."""
    if ref.name == "gumbel_max":
        return drawn(ref, case)
    textbook, options = definition(ref.name), ref.resolved(case.options)
    bars = list(case.cotangents())
    limit = isinstance(ref.derivative_of, Limit)
    proof = certify(
        ref.body, textbook.value, textbook.held, case.arguments(), options,
        () if limit else ref.wrt, bars, digits=DIGITS, bits=BITS, most_bits=MOST_BITS, outputs=tuple(ref.result),
    )
    found = {f"output.{name}": np.asarray(x.float64) for name, x in proof.outputs.items()}
    bits, digits = proof.bits, proof.digits
    radius = max(x.radius for x in (*proof.outputs.values(), *proof.gradients.values()))
    gradients = {name: x.float64 for name, x in proof.gradients.items()}
    if limit:
        gradients, bits, digits, radius = adjoint(ref, case, options, bits, digits, radius)
    order = [name.removeprefix("input.") for name in case.arrays if name.startswith("input.")]
    found |= {f"gradient.{name}": np.asarray(gradients[name]) for name in order if name in gradients}
    about = {
        "sizes": {name: list(x) if isinstance(x, tuple) else x for name, x in case.about["sizes"].items()},
        "bits": bits,
        # rounded to the safe side and coarsely, so that another version of the ball library tells the same
        "digits": int(min(digits, bits * math.log10(2))) // 5 * 5,
        "radius": f"1e{math.ceil(math.log10(radius))}" if radius else "0",
    }
    return replace(case, arrays=case.arrays | found, about=about)


def drawn(ref: Reference, case: Case) -> Case:
    """A draw needs no balls: rational numbers settle ties and −∞ too. `bits` of 0 says that it was done so."""
    logits, gumbel = (case.arrays[f"input.{name}"] for name in ref.arrays)
    picked = []
    for row, noise in zip(logits.tolist(), gumbel.tolist(), strict=True):
        sums = {k: Fraction(a) + Fraction(b) for k, (a, b) in enumerate(zip(row, noise, strict=True)) if a > -math.inf}
        picked.append(min(sums, key=lambda k: (-sums[k], k)))  # of equal entries the first
    code = np.asarray(picked, dtype=np.int64)
    ours = ref.body(logits, gumbel)
    if not np.array_equal(ours, code):
        raise Disagrees(f"{case.id}, the category", (), ours, code)
    about = {"sizes": case.about["sizes"], "bits": 0, "digits": 0, "radius": "0"}
    return replace(case, arrays=case.arrays | {"output.value": code}, about=about)


def by_series(function: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """The gradient of a number, as a definition asks for it."""
    return gradient_by_series(function, arguments, tuple(arguments), [balls.ones(())])


def adjoint(ref: Reference, case: Case, options: dict[str, Any], bits: int, digits: float, radius: float) -> Any:
    """Like `certify`, for a pullback that is no derivative but an algorithm: held against that algorithm."""
    while True:
        try:
            with precision(bits):
                inputs = ball(case.arguments())
                bar = ball(case.cotangents()[0])
                theirs = flat(definition(ref.name).pullback(balls, by_series, bar, *inputs.values(), **case.options))
                ours = flat(enclose(ref.body, inputs, options, list(case.cotangents()), bits)[1])
                if ours.keys() != theirs.keys():
                    raise Disagrees("the pullback", (), sorted(ours), sorted(theirs))
                rounded = {}
                for name, x in theirs.items():
                    require_tight(f"our {name}", ours[name].raw, bits)
                    radius = max(radius, require_tight(name, x.raw, bits))
                    digits = min(digits, require_overlap(name, ours[name].raw, x.raw, bits, DIGITS))
                    rounded[name] = round_balls(x.raw)
                return rounded, bits, digits, radius
        except (Wide, Unrounded):
            if 2 * bits > MOST_BITS:
                raise
            bits *= 2
