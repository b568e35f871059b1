"""Frozen cases on which every mistake shows, and how far two bodies are apart on them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from refdgm.cases import Case, draw, options_grid
from refdgm.declaration.symbols import alike
from refdgm.reference import Reference

SQUARE = alike(4)
CROWDED = {"K": 2}  # fewer codes than examples: some are taken twice

Answer = dict[str, Any]  # by role: an array, or a dict of arrays


def killing_cases(ref: Reference, seed: int = 20_000) -> list[Case]:
    """Every choice of the options on sizes that are all different and on sizes that are all equal; and what
    only some references need: shared codes, exact ties."""
    cases = [
        draw(ref, seed + number, sizes=sizes, options=options)
        for number, (options, sizes) in enumerate(
            (options, sizes) for options in options_grid(ref) for sizes in ({}, SQUARE)
        )
    ]
    if "codebook" in ref.arrays:
        cases.append(draw(ref, seed + 500, sizes=CROWDED))
    if ref.name in ("gumbel_max", "cosine_schedule"):
        cases += [draw(ref, seed + 500 + number) for number in range(4)]  # one row tells little of an argmax or a cap
    if ref.name == "strided_schedule":  # strides of one and the same length hide where they end
        cases += [draw(ref, seed + 500, sizes={"T": 11}, options=options) for options in options_grid(ref)]
    if ref.name == "gumbel_max":
        cases.append(tied(cases[0]))
    return cases


def tied(case: Case) -> Case:
    """Two categories of each row share the maximum exactly."""
    total = np.zeros(case.arrays["input.logits"].shape)
    total[:, 1] = total[:, -2] = 1.0
    gumbel = np.round(case.arrays["input.gumbel"])
    inputs = {"input.logits": total - gumbel, "input.gumbel": gumbel}
    return replace(case, id=f"{case.reference}/tied", arrays=case.arrays | inputs, flags=("tie",))


def answer(ref: Reference, body: Callable[..., Any], case: Case, cotangents: Any = None) -> Answer:
    """What a body returns on a case, by role."""
    arguments = case.arguments()
    found = body(*(arguments[name] for name in ref.arrays), **ref.resolved(case.options))
    value, pullback = found if ref.differentiable else (found, None)
    outputs = value if len(ref.result) > 1 else (value,)
    roles = dict(zip(ref.result, outputs, strict=True))
    if pullback is not None:
        grads = pullback(*(case.cotangents() if cotangents is None else cotangents))
        roles |= {f"gradient.{name}": grads[name] for name in ref.wrt}
    return roles


def entries(x: Any) -> list[np.ndarray]:
    """The arrays of a role, in float64."""
    found = [x[name] for name in sorted(x)] if isinstance(x, dict) else [x]
    return [np.asarray(entry, dtype=np.float64) for entry in found]


def distance(theirs: Any, ours: Any) -> float:
    """The largest difference of a role, relative to the largest number of the entry it is in (at least 1e-3);
    infinite where shapes differ or a number is not finite."""
    worst = 0.0
    for x, y in zip(entries(theirs), entries(ours), strict=True):
        if x.shape != y.shape or not np.all(np.isfinite(x) & np.isfinite(y)):
            return float("inf")
        if y.size:
            worst = max(worst, float(np.max(np.abs(x - y)) / max(np.max(np.abs(y)), 1e-3)))
    return worst


def distances(ref: Reference, body: Callable[..., Any], cases: list[Case]) -> dict[str, float]:
    """The distance of a body from the reference in each role, on the case where it is largest."""
    worst: dict[str, float] = {}
    for case in cases:
        ours, theirs = answer(ref, ref.body, case), answer(ref, body, case)
        for role, y in ours.items():
            worst[role] = max(worst.get(role, 0.0), distance(theirs[role], y))
    return worst
