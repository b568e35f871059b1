"""The usual forms of a definition at one question: as they stand in a dtype, and in random rounding.

Each is differentiated by autograd, as its author would have it; a step of them costs more than all else that a judge
does, so each is made when it is asked for, and what the dtype itself makes of a form is made once.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Literal

import numpy as np

from refdgm.check.candidates.answering import answer
from refdgm.check.candidates.form import Candidate
from refdgm.check.noise import in_bfloat16, noisy, teach_autograd
from refdgm.check.numbers import Arrays
from refdgm.check.questions.question import Question


def embedded() -> Any:
    """The forms of the definitions; imported here, for without autograd a command has one sentence to say first."""
    from refdgm.check.candidates import embedded

    teach_autograd()
    return embedded


class Forms:
    """The forms of one question's definition, evaluated in a dtype."""

    def __init__(self, question: Question, dtype: str) -> None:
        self.question, self.dtype = question, dtype
        self._made: dict[int, Arrays] = {}

    @property
    def usual(self) -> list[Candidate]:
        every: list[Candidate] = embedded().usual(self.question.ref.name)
        return every

    def native(self, n: int) -> Arrays:
        """One of the usual forms as it stands, in the dtype itself."""
        if n not in self._made:
            self._made[n] = self.natively(self.usual[n])
        return self._made[n]

    def natives(self) -> Iterator[Arrays]:
        return map(self.native, range(len(self.usual)))

    def natively(self, form: Candidate, over: Literal["ignore", "raise"] = "ignore") -> Arrays:
        """By role, with all that this dtype makes of it; of no role where NumPy has no such operation in half
        precision: honest code is in float32 there."""
        question = self.question
        if self.dtype == "bfloat16":  # NumPy has none of its own: float64 numbers, each rounded to it
            with in_bfloat16(), np.errstate(over=over):
                return self.noisily(question.inputs, question.bars, form)
        with np.errstate(all="ignore", over=over), suppress(*[TypeError] * (self.dtype == "float16")):
            return self.by(question.inputs, question.bars, form, self.dtype)
        return {}

    def noisily(self, inputs: Arrays, bars: Arrays, form: Candidate) -> Arrays:
        """By role, every operation with the error that is in force."""
        return self.by({n: noisy(x) for n, x in inputs.items()}, bars, form)

    def by(self, inputs: Arrays, bars: Arrays, form: Candidate, dtype: str = "float64") -> Arrays:
        question = self.question
        full = question.our_bars(bars, question.our_outputs)
        made = answer(form, question.ref, question.case.options, inputs, full, dtype)
        return question.roles(made.outputs, made.gradients)

    def off(self, native: Arrays) -> Arrays:
        """By role, how far an evaluation in the dtype itself is off; an infinity says nothing."""
        base = self.question.base
        errors = {role: np.abs(x - base[role]) for role, x in native.items() if role in base}
        return {role: np.where(np.isfinite(native[role]), error, 0.0) for role, error in errors.items()}

    def linear(self) -> Arrays:
        """What it changes to take a for softplus(a) beyond 20: PyTorch's softplus is that function, and no mistake.

        Both sides are the definition, so that an error in it is not excused; where one of them is no number, nothing.
        """
        question = self.question
        form = embedded().linear(question.ref.name)
        if form is None:
            return {}
        with np.errstate(all="ignore"):
            plain = self.by(question.inputs, question.bars, self.usual[0])
            other = self.by(question.inputs, question.bars, form)
            changes = {role: np.abs(other[role] - x) for role, x in plain.items() if x.dtype.kind == "f"}
        return {role: np.where(np.isfinite(change), change, 0) for role, change in changes.items()}

    def errors(self, changes: Any) -> Iterator[Arrays]:
        """How far each is off, one after the other, for most answers are within the first; `changes` makes of an
        evaluation its changes, seed by seed.

        No form is like another: a seed of each before the next seed. First, besides, what is no rounding at random: a
        form in the dtype itself, for the root of what a cancellation leaves does not shrink as the roundoff does, and
        at last a softplus that is linear.
        """
        seeds = [changes(partial(self.with_form, form)) for form in self.usual]
        for n, each in enumerate(seeds):
            yield self.off(self.native(n))
            yield next(each)
        yield self.linear()
        for one in zip(*seeds, strict=True):
            yield from one

    def with_form(self, form: Candidate, inputs: Arrays, bars: Arrays) -> Arrays:
        """As `noisily`, of a form that is given first."""
        return self.noisily(inputs, bars, form)
