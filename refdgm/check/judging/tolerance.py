"""How far an answer may be off, element by element: derived from the case, with one constant for the catalogue.

Two scales, both for a unit roundoff u of the dtype:

* *conditioning*: the largest change of the float64 reference when all inputs and cotangents are perturbed by about u,
  and u times the value. No algorithm can be asked for more.
* *evaluation*: the largest error of the textbook definition, differentiated by autograd, when besides every operation
  in it errs by about u (`noise.py`). This is what the sums of absolute terms and the cancellations of the usual form
  cost; an honest implementation may make such errors. Where several forms are usual, the largest of them all.

Within C times the first an answer `agrees`; within C times the second it `loses digits`; beyond both it `differs`.
The perturbations are 2⁻³⁶ and the changes scaled to u where u is smaller, so that the measurement is not itself
rounded away.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from refdgm.cases import grids
from refdgm.check.candidates.answering import answer
from refdgm.check.candidates.entry import Candidate, module
from refdgm.check.candidates.entry import found as found_in
from refdgm.check.dtypes import BITS, SMALLEST
from refdgm.check.noise import in_bfloat16, noise, noisy, perturbed, traced_by_autograd
from refdgm.check.numbers import Arrays
from refdgm.check.questions.question import Question
from refdgm.nets.activation import softplus

# `python validation/make/constant.py`: on the certified cases of all references, in float64 and float32, the
# largest error of the correct candidates is 1.47 of these scales with autograd (mlp_tangent) and 2.98 with torch
# (gaussian_kl_between). Nearly three times as much leaves room for other orders of summation and elementary functions.
C = 8.0
SEEDS = 6  # at least; two more for every power of ten in the number of elements, for one of many may be unlucky
FINEST = 2.0**-36
UNDERFLOW = 2.0**10  # smallest normal numbers: the way to an answer may pass through the subnormal ones

_textbook: dict[str, Candidate] = {}
_other_forms: dict[str, list[Candidate]] = {}


def textbook() -> dict[str, Candidate]:
    """The definitions of the embedded candidate, by reference."""
    if not _textbook:
        from refdgm.catalogue import CATALOGUE

        definitions = module("refdgm.candidates.textbook")
        traced_by_autograd()
        _textbook.update(found_in(definitions, CATALOGUE))
        for name, functions in definitions.OTHER_FORMS.items():
            _other_forms[name] = [replace(_textbook[name], function=function) for function in functions]
    return _textbook


def forms(reference: str) -> list[Candidate]:
    """The definition and the other usual forms of the same numbers."""
    return [textbook()[reference], *_other_forms.get(reference, [])]


@contextmanager
def linear_softplus(beyond: float) -> Iterator[None]:
    """Within: softplus(a) is a beyond this, in the definitions and in the fields that they receive."""
    from refdgm.candidates import textbook as definitions
    from refdgm.check.candidates import autograd_fields as fields

    homes: tuple[Any, ...] = definitions, fields
    for home in homes:
        home.LINEAR_BEYOND = beyond
    try:
        yield
    finally:
        for home in homes:
            home.LINEAR_BEYOND = np.inf


class Tolerance:
    """The two scales of one question, each measured when it is first needed."""

    def __init__(self, question: Question, dtype: str = "float64") -> None:
        self.question, self.dtype = question, dtype
        self.roundoff = 2.0 ** -BITS[dtype]
        self.delta = max(self.roundoff, FINEST)

    @cached_property
    def conditioning(self) -> Arrays:
        """By role: the reference at perturbed inputs against the reference."""
        question = self.question
        scale = self._largest(lambda inputs, bars: question.by(question.body, inputs, bars))
        for role in (f"gradient.{name}" for name in grids(question.ref)):
            if role in scale and scale[role].size:
                size = self.roundoff * np.abs(question.expected[role].astype(np.float64))
                scale[role] = np.full_like(scale[role], np.max(scale[role] + size))
        return scale

    @cached_property
    def evaluation(self) -> Arrays:
        """By role: the definition in random rounding, at perturbed inputs, against the reference.

        For another definition of the field, which has no textbook form here, what that of the reference costs.
        """
        if self.question.varied:
            likewise = Tolerance(self.question.of_the_reference, self.dtype).evaluation
            return {role: np.maximum(x, likewise[role]) for role, x in self.conditioning.items()}
        scale = dict(self.conditioning)
        for form in forms(self.question.ref.name):
            measured = self._largest(
                lambda inputs, bars, form=form: self._definition({n: noisy(x) for n, x in inputs.items()}, bars, form)
            )
            scale = {role: np.maximum(x, measured[role]) for role, x in scale.items()}
        for role, change in self._linear_softplus().items():
            scale[role] = np.maximum(scale[role], change)
        for native in self.natives:
            for role, found in native.items():
                error = np.abs(found - self.question.base[role])
                scale[role] = np.maximum(scale[role], np.where(np.isfinite(found), error, 0.0))
        return scale

    def overflows(self, role: str) -> Any:
        """Where the definition itself overflows in this low dtype, and so an infinity is no other formula."""
        return np.any([~np.isfinite(native[role]) for native in self.natives if role in native], axis=0)

    def overflows_in_half(self, role: str) -> Any:
        """Where the textbook's form overflows in half precision, whose largest number may be 65504: an honest
        evaluation may then be no number at all. In float32 it may not."""
        if self.dtype not in ("float16", "bfloat16") or role not in self.native:
            return False
        return ~np.isfinite(self.native[role])

    def _linear_softplus(self) -> Arrays:
        """What it changes to take a for softplus(a) beyond 20: PyTorch's softplus is that function, and no mistake.

        Both sides are the definition, so that an error in it is not excused.
        """
        question = self.question
        words = (question.ref.body.__module__, *question.case.options.values())
        if not any(softplus.__name__ in str(word) for word in words):
            return {}
        with np.errstate(all="ignore"):
            definition = textbook()[question.ref.name]
            plain = self._definition(question.inputs, question.bars, definition)
            with linear_softplus(20.0):
                linear = self._definition(question.inputs, question.bars, definition)
        return {role: np.abs(linear[role] - x) for role, x in plain.items() if x.dtype.kind == "f"}

    @cached_property
    def natives(self) -> list[Arrays]:
        """The forms evaluated in a low dtype itself: they may overflow, and answers that do so with them may too."""
        if self.dtype == "float64":
            return []
        question, every = self.question, forms(self.question.ref.name)
        if self.dtype == "bfloat16":  # NumPy has none of its own: float64 numbers, each rounded to it
            with in_bfloat16():
                inputs = {n: noisy(x) for n, x in question.inputs.items()}
                return [self._definition(inputs, question.bars, form) for form in every]
        with np.errstate(all="ignore"):
            return [self._definition(question.inputs, question.bars, form, self.dtype) for form in every]

    @property
    def native(self) -> Arrays:
        """The definition itself in a low dtype."""
        return self.natives[0] if self.natives else {}

    def _definition(self, inputs: Arrays, bars: Arrays, form: Candidate, dtype: str = "float64") -> Arrays:
        question = self.question
        full = question.our_bars(bars, question.our_outputs)
        made = answer(form, question.ref, question.case.options, inputs, full, dtype)
        return question.roles(made.outputs, made.gradients)

    def strict(self, role: str) -> Any:
        """Beyond this an answer has lost digits that it could have."""
        return self._allowed(role, self.conditioning[role])

    def loose(self, role: str) -> Any:
        """Beyond this an answer is that of another function."""
        return self._allowed(role, self.evaluation[role])

    def _allowed(self, role: str, scale: Any) -> Any:
        value = np.abs(self.question.expected[role].astype(np.float64))
        return C * (scale + self.roundoff * value) + UNDERFLOW * SMALLEST[self.dtype]

    def _largest(self, evaluate: Any) -> Arrays:
        base = self.question.base
        largest = {role: np.zeros(x.shape) for role, x in base.items()}
        most = max(x.size for x in base.values())
        for seed in range(SEEDS + 2 * max(0, len(str(most)) - 2)):
            with noise(seed, self.delta):
                inputs = {name: perturbed(x) for name, x in self.question.inputs.items()}
                bars = {name: perturbed(x) for name, x in self.question.bars.items()}
                found = evaluate(inputs, bars)
                for role in (role for role, x in base.items() if x.dtype.kind == "f"):
                    if role not in found or found[role].shape != base[role].shape:  # a scale of 0 would blame others
                        raise RuntimeError(f"the definition of {self.question.ref.name} has no {role} of this shape")
                    change = np.abs(np.asarray(found[role]) - base[role])
                    largest[role] = np.maximum(largest[role], np.where(np.isfinite(change), change, 0))
        return {role: x * (self.roundoff / self.delta) for role, x in largest.items()}
