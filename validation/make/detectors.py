"""Ways to test an implementation, as people do it: each says whether it catches a body on frozen cases.

The body is compared with the reference's own answers, except by `gradcheck`, which compares it with itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from refdgm.cases import Case, flatten, nest
from refdgm.check.judging.compare import compare
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.questions.question import Question, Terms
from refdgm.check.verdicts import PASSING
from refdgm.evidence.distance import Answer, answer, entries
from refdgm.reference import Reference

C = 64  # as in the package's own tests: correct code needs up to about 15, a wrong formula misses by 1/ε
DRAWS = 5
STEP = 16  # roundings by which the inputs are moved; the change is divided by it again
UNITS = {"float64": 2.0**-52, "float32": 2.0**-23}
UNIT = 1e-9  # the rounding with which changes are measured, scaled to that of the body: first order in both
FORMULA = (
    "the value, and the gradient at random cotangents, elementwise within 64 roundings (of the element, of "
    "the largest of its array, and of the inputs); exact indices"
)
WHAT = {
    "reference": f"compares {FORMULA}",
    "check": "compares value and gradient as `refdgm check` does: within what an honest evaluation of the "
    "textbook's form may lose, a tie within rounding excused",
    "gradient": "`reference` for the gradient alone",
    "ones": "`reference` for the gradient alone, at a cotangent of ones, and within 64 roundings of one",
    "value_1e-6": "compares the value: allclose(rtol=1e-6, atol=1e-6)",
    "value_1e-2": "compares the value: allclose(rtol=1e-2, atol=1e-2)",
    "golden_sum": "compares the sum of the value's absolute numbers with a recorded one, within 0.01",
    "gradcheck": "torch.autograd.gradcheck with its defaults: the gradient and the value of one body",
}


@dataclass(frozen=True)
class Judged:
    """A case with the reference's answer to it, at its cotangents and at ones."""

    ref: Reference
    case: Case

    @cached_property
    def ones(self) -> tuple[np.ndarray, ...]:
        return tuple(np.ones_like(bar) for bar in self.case.cotangents())

    @cached_property
    def want(self) -> Answer:
        return answer(self.ref, self.ref.body, self.case)

    @cached_property
    def want_at_ones(self) -> Answer:
        return answer(self.ref, self.ref.body, self.case, self.ones)

    @cached_property
    def tolerances(self) -> dict[str, Tolerance]:
        """Of the question as `refdgm check` puts it, by dtype; what is measured once serves every body."""
        terms = Terms(tuple(self.ref.result), self.ref.wrt)
        return {dtype: Tolerance(Question(self.ref, self.case, terms, dtype), dtype) for dtype in UNITS}

    @cached_property
    def near(self) -> list[Case]:
        """Inputs and cotangents that are moved by some roundings of `UNIT`."""
        rng = np.random.Generator(np.random.Philox(key=self.case.seed + 1))
        found = []
        for _ in range(DRAWS):
            moved = {n: x * (1 + STEP * UNIT * rng.normal(size=x.shape)) if x.dtype.kind == "f" else x
                     for n, x in self.case.arrays.items()}
            found.append(Case(self.case.reference, self.case.id, self.case.options, moved))
        return found

    @cached_property
    def changed(self) -> list[Answer]:
        return [answer(self.ref, self.ref.body, near) for near in self.near]

    @cached_property
    def changed_at_ones(self) -> list[Answer]:
        return [answer(self.ref, self.ref.body, near, self.ones) for near in self.near]

    def far(self, got: Answer, roles: tuple[str, ...], unit: float, at_ones: bool = False) -> bool:
        """Whether a role is off by more than `C` roundings of `unit`."""
        want, changed = (self.want_at_ones, self.changed_at_ones) if at_ones else (self.want, self.changed)
        for role in roles:
            near = [entries(one[role]) for one in changed]
            for i, (x, y) in enumerate(zip(entries(got[role]), entries(want[role]), strict=True)):
                if x.shape != y.shape:
                    return True
                change = np.max([np.abs(moved[i] - y) for moved in near], axis=0) / (STEP * UNIT)
                scale = np.abs(y) + np.max(np.abs(y), initial=0.0) + change + (1.0 if at_ones else 0.0)
                if self.ref.result.get(role) is not None and self.ref.result[role].support.integer:
                    scale = 0 * y
                if not np.all(np.abs(x - y) <= C * unit * scale):
                    return True
        return False


def refused(question: Judged, got: Answer, unit: float) -> bool:
    """Whether `refdgm check` takes the answer, of a body with this unit roundoff, for a wrong one."""
    dtype = next(name for name, roundoff in UNITS.items() if roundoff == unit)
    outputs = {f"output.{name}": got[name] for name in question.ref.result}
    grads = flatten({name: x for name, x in got.items() if name not in question.ref.result})
    answers = {role: np.asarray(x) for role, x in (outputs | grads).items()}
    return any(one.verdict not in PASSING for one in compare(question.tolerances[dtype], answers, []))


def judged(ref: Reference, cases: list[Case]) -> list[Judged]:
    return [Judged(ref, case) for case in cases]


def outputs(ref: Reference) -> tuple[str, ...]:
    return tuple(ref.result)


def gradients(ref: Reference) -> tuple[str, ...]:
    return tuple(f"gradient.{name}" for name in ref.wrt)


def numbers(ref: Reference, found: Answer) -> list[np.ndarray]:
    return [x for role in outputs(ref) for x in entries(found[role])]


def close(ref: Reference, question: Judged, got: Answer, tolerance: float) -> bool:
    pairs = zip(numbers(ref, got), numbers(ref, question.want), strict=True)
    return all(x.shape == y.shape and np.allclose(x, y, rtol=tolerance, atol=tolerance) for x, y in pairs)


def total(ref: Reference, found: Answer) -> float:
    return float(sum(np.sum(np.abs(x)) for x in numbers(ref, found)))


@dataclass(frozen=True)
class Tried:
    """A body's answers to a question, at its cotangents and at ones."""

    question: Judged
    body: Callable[..., Any]

    @cached_property
    def got(self) -> Answer:
        return answer(self.question.ref, self.body, self.question.case)

    @cached_property
    def got_at_ones(self) -> Answer:
        return answer(self.question.ref, self.body, self.question.case, self.question.ones)


def by_reference(one: Tried, unit: float) -> bool:
    ref = one.question.ref
    return one.question.far(one.got, (*outputs(ref), *gradients(ref)), unit)


def by_ones(one: Tried, unit: float) -> bool:
    ref = one.question.ref
    return ref.differentiable and one.question.far(one.got_at_ones, gradients(ref), unit, at_ones=True)


def by_sum(one: Tried, unit: float) -> bool:
    ref = one.question.ref
    return not abs(total(ref, one.got) - total(ref, one.question.want)) < 1e-2


COMPARING: dict[str, Callable[[Tried, float], bool]] = {
    "reference": by_reference,
    "check": lambda one, unit: refused(one.question, one.got, unit),
    "gradient": lambda one, unit: one.question.far(one.got, gradients(one.question.ref), unit),
    "ones": by_ones,
    "value_1e-6": lambda one, unit: not close(one.question.ref, one.question, one.got, 1e-6),
    "value_1e-2": lambda one, unit: not close(one.question.ref, one.question, one.got, 1e-2),
    "golden_sum": by_sum,
}


def comparing(
    body: Callable[..., Any],
    questions: list[Judged],
    unit: float = UNITS["float64"],
    names: Iterable[str] = COMPARING,
) -> dict[str, bool]:
    """What the detectors that compare with the reference, or those of these names, say of a body with this unit
    roundoff; each asks until it catches."""
    tried = [Tried(question, body) for question in questions]
    return {name: any(COMPARING[name](one, unit) for one in tried) for name in names}


def consistent(ref: Reference, body: Callable[..., Any], case: Case) -> bool:
    """Whether torch's gradcheck, with its defaults, takes the gradient for that of the body's value."""
    import torch

    arguments = flatten(case.arguments())
    names = [name for name in arguments if name.split(".")[0] in ref.wrt]
    fixed = {name: x for name, x in arguments.items() if name not in names}
    options = ref.resolved(case.options)

    def at(tensors: tuple[Any, ...]) -> Any:
        moved = nest(fixed | {n: x.detach().numpy() for n, x in zip(names, tensors, strict=True)})
        return body(*(moved[name] for name in ref.arrays), **options)

    class Function(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *tensors: Any) -> Any:
            value, ctx.pullback = at(tensors)
            found = value if len(ref.result) > 1 else (value,)
            kept = [y for name, y in zip(ref.result, found, strict=True) if name in ref.bars]
            return tuple(torch.from_numpy(np.array(y)) for y in kept)

        @staticmethod
        def backward(ctx: Any, *bars: Any) -> Any:
            grads = flatten(ctx.pullback(*(bar.numpy() for bar in bars)))
            return tuple(torch.from_numpy(np.array(grads[name])) for name in names)

    inputs = tuple(torch.from_numpy(np.array(arguments[name])).requires_grad_() for name in names)
    return bool(torch.autograd.gradcheck(Function.apply, inputs, raise_exception=False))


def gradcheck(ref: Reference, body: Callable[..., Any], cases: list[Case]) -> bool | None:
    """Whether gradcheck catches the body on some case; None where it cannot be asked."""
    if not ref.differentiable:
        return None
    return not all(consistent(ref, body, case) for case in cases)
