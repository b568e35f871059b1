"""How far an answer may be off, element by element: derived from the case, with one constant for the catalogue.

Two scales, for a unit roundoff u of the dtype and that of the accumulator, which in half precision is finer:

* *conditioning*: the largest change of the float64 reference when all inputs and cotangents are perturbed by about the
  accumulator's roundoff, u times the value, and in a gradient what it costs to keep the arrays of the way forward in
  the dtype. No algorithm can be asked for more.
* *evaluation*: the largest error of the usual forms of the definition, differentiated by autograd, when besides every
  operation in them errs by about u (`noise.py`). This is what the sums of absolute terms and the cancellations of the
  usual form cost; an honest implementation may make such errors. Who writes the definition word for word may make those
  of that text: it is asked last, for it may be slow.

Within C times the first an answer `agrees`; within C times the second it `loses digits`; beyond both it `differs`.
The perturbations are 2⁻³⁶ and the changes scaled to u where u is smaller, so that the measurement is not itself
rounded away.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from typing import Any, Literal

import numpy as np

from refdgm.cases import flatten, grids
from refdgm.check.candidates.answering import answer
from refdgm.check.candidates.form import Candidate
from refdgm.check.dtypes import BITS, SMALLEST, accumulator
from refdgm.check.judging import once
from refdgm.check.judging.scale import Scale
from refdgm.check.noise import exact, in_bfloat16, noise, noisy, perturbed, teach_autograd
from refdgm.check.numbers import Arrays
from refdgm.check.questions.question import Question

# `python validation/make/constant.py`: on the certified cases of all references, in float64 and float32, the
# largest error of the correct candidates is 1.47 of these scales with autograd (mlp_tangent) and 2.98 with torch
# (gaussian_kl_between). Nearly three times as much leaves room for other orders of summation and elementary functions.
C = 8.0
SEEDS = 6  # at least; two more for every power of ten in the number of elements, for one of many may be unlucky
FINEST = 2.0**-36
UNDERFLOW = 2.0**10  # smallest normal numbers: the way to an answer may pass through the subnormal ones

MOST = 2**14  # numbers of a question beyond which a definition is not asked: it may write out every Jacobian


def forms() -> Any:
    """The forms of the definitions; imported here, for without autograd a command has one sentence to say first."""
    from refdgm.check.candidates import embedded

    teach_autograd()
    return embedded


def once_measured(question: Question, dtype: str) -> "Tolerance":
    """The tolerance of a question. Conventions with the same maps ask the same one of the definition, and so do all
    rounds of a check; each tolerance holds its case, whose `id` therefore stays its own."""
    kept = once.kept()
    if kept is None:
        return Tolerance(question, dtype)
    key = question.ref.name, id(question.case), repr(question.terms), question.dtype, dtype
    tolerance: Tolerance = kept.setdefault(key, Tolerance(question, dtype))
    return tolerance


class Tolerance:
    """The two scales of one question, each measured when it is first needed."""

    def __init__(self, question: Question, dtype: str = "float64") -> None:
        self.question, self.dtype = question, dtype
        self.roundoff = 2.0 ** -BITS[dtype]
        self.inner = 2.0 ** -BITS[accumulator(dtype, question.terms.accumulate)]  # roundoff of the accumulator
        self.once = max(self.roundoff, self.inner)  # of one result

    @property
    def conditioning(self) -> Arrays:
        """By role: the reference at perturbed inputs against the reference."""
        return self._conditioning.whole

    @cached_property
    def _conditioning(self) -> Scale:
        question = self.question
        measured = [self._changes(lambda inputs, bars: question.by(question.body, inputs, bars), roundoff=self.inner)]
        if self.inner < self.once and self.dtype != "float64":
            measured.append(self._changes(lambda *_: self._keeping(), gradients=True))
        of_one_grid = {f"gradient.{name}" for name in grids(question.ref)}

        def read(role: str, x: Any) -> Any:
            if role not in of_one_grid or not x.size:
                return x
            size = self.roundoff * np.abs(question.expected[role].astype(np.float64))
            return np.full_like(x, np.max(x + size))

        return Scale(self._nothing(), zip(*measured, strict=True), read)

    def _nothing(self) -> Arrays:
        return {role: np.zeros(x.shape) for role, x in self.question.base.items()}

    def _keeping(self) -> Arrays:
        """The reference with what its pullback keeps in the dtype, and a pullback that does not round."""
        question = self.question
        outputs, pullback = question.run(question.body, {name: noisy(x) for name, x in question.inputs.items()})
        plain = {name: np.asarray(y) for name, y in outputs.items()}
        if pullback is None or not question.bars_asked:
            return question.roles(plain, {})
        with exact():
            return question.roles(plain, flatten(pullback(*question.our_bars(question.bars, plain).values())))

    @property
    def evaluation(self) -> Arrays:
        """By role: the definition in random rounding, at perturbed inputs, against the reference.

        For another definition of the field, which has no textbook form here, what that of the reference costs, and
        what its own text does: a norm that it divides by is in no form of the reference.
        """
        return self._evaluation.whole

    @cached_property
    def _evaluation(self) -> Scale:
        return Scale(self.conditioning, self._every_text() if self.question.varied else self._every_form())

    def _every_text(self) -> Iterator[tuple[Arrays, ...]]:
        likewise = once_measured(self.question.of_the_reference, self.dtype).evaluation
        yield ({role: likewise[role] for role in self.conditioning},)
        for changes in self._changes(self._own_text):
            yield (changes,)

    def _own_text(self, inputs: Arrays, bars: Arrays) -> Arrays:
        """The body that judges, and its pullback, in random rounding."""
        given, cotangents = ({name: noisy(x) for name, x in arrays.items()} for arrays in (inputs, bars))
        return self.question.by(self.question.body, given, cotangents)

    def _every_form(self) -> Iterator[tuple[Arrays, ...]]:
        """One seed of all forms after the other, for no form is like another; first what is no rounding at random: a
        softplus that is linear, and each form in the dtype itself, for the root of what a cancellation leaves does not
        shrink as the roundoff does."""
        every = self.natives or self._natively(forms().usual(self.question.ref.name))
        natives = ({role: self._apart(native, role) for role in self.question.base} for native in every)
        first = self._linear(), *natives
        noisily = lambda form: self._changes(lambda inputs, bars: self._noisily(inputs, bars, form))
        for changes in zip(*map(noisily, forms().usual(self.question.ref.name)), strict=True):
            yield *first, *changes
            first = ()

    @cached_property
    def as_written(self) -> Arrays:
        """By role: the evaluation of the definition word for word. Where it overflows it is no scale."""
        question = self.question
        form = None if question.varied else forms().written(question.ref.name)
        if form is None or sum(x.size for x in question.inputs.values()) > MOST:
            return self.evaluation
        try:
            scale = self._largest(lambda inputs, bars: self._noisily(inputs, bars, form), over="raise")
            for native in self._natively([form], over="raise"):
                scale = {role: np.maximum(x, self._apart(native, role)) for role, x in scale.items()}
        except FloatingPointError:
            return self.evaluation
        return {role: np.maximum(x, scale[role]) for role, x in self.evaluation.items()}

    def _apart(self, native: Arrays, role: str) -> Any:
        """How far an evaluation in the dtype itself is off; an infinity says nothing."""
        if role not in native:
            return 0.0
        error = np.abs(native[role] - self.question.base[role])
        return np.where(np.isfinite(native[role]), error, 0.0)

    def overflows(self, role: str) -> Any:
        """Where the definition itself overflows in this low dtype, and so an infinity is no other formula."""
        return np.any([~np.isfinite(native[role]) for native in self.natives if role in native], axis=0)

    def overflows_in_half(self, role: str) -> Any:
        """Where the textbook's form overflows in half precision, whose largest number may be 65504: an honest
        evaluation may then be no number at all. In float32 it may not."""
        if self.dtype not in ("float16", "bfloat16") or role not in self.native:
            return False
        return ~np.isfinite(self.native[role])

    def _linear(self) -> Arrays:
        """What it changes to take a for softplus(a) beyond 20: PyTorch's softplus is that function, and no mistake.

        Both sides are the definition, so that an error in it is not excused; where one of them is no number, nothing.
        """
        question = self.question
        form = forms().linear(question.ref.name)
        if form is None:
            return {}
        with np.errstate(all="ignore"):
            plain = self._definition(question.inputs, question.bars, forms().usual(question.ref.name)[0])
            other = self._definition(question.inputs, question.bars, form)
            changes = {role: np.abs(other[role] - x) for role, x in plain.items() if x.dtype.kind == "f"}
        return {role: np.where(np.isfinite(change), change, 0) for role, change in changes.items()}

    @cached_property
    def natives(self) -> list[Arrays]:
        """The forms evaluated in a low dtype itself: they may overflow, and answers that do so with them may too."""
        return [] if self.dtype == "float64" else self._natively(forms().usual(self.question.ref.name))

    def _natively(self, every: list[Candidate], over: Literal["ignore", "raise"] = "ignore") -> list[Arrays]:
        question = self.question
        if self.dtype == "bfloat16":  # NumPy has none of its own: float64 numbers, each rounded to it
            with in_bfloat16(), np.errstate(over=over):
                return [self._noisily(question.inputs, question.bars, form) for form in every]
        with np.errstate(all="ignore", over=over):
            return [self._in_dtype(form) for form in every]

    def _in_dtype(self, form: Candidate) -> Arrays:
        """Of no role where NumPy has no such operation in half precision: honest code is in float32 there."""
        with suppress(*[TypeError] * (self.dtype == "float16")):
            return self._definition(self.question.inputs, self.question.bars, form, self.dtype)
        return {}

    @property
    def native(self) -> Arrays:
        """The definition itself in a low dtype."""
        return self.natives[0] if self.natives else {}

    def _noisily(self, inputs: Arrays, bars: Arrays, form: Candidate) -> Arrays:
        return self._definition({n: noisy(x) for n, x in inputs.items()}, bars, form)

    def _definition(self, inputs: Arrays, bars: Arrays, form: Candidate, dtype: str = "float64") -> Arrays:
        question = self.question
        full = question.our_bars(bars, question.our_outputs)
        made = answer(form, question.ref, question.case.options, inputs, full, dtype)
        return question.roles(made.outputs, made.gradients)

    def strict(self, role: str, error: Any = None) -> Any:
        """Beyond this an answer has lost digits that it could have; measured as far as `error` needs, where given."""
        return self._grown(self._conditioning, role, error)

    def loose(self, role: str, error: Any = None) -> Any:
        """Beyond this an answer is that of another function, or of the definition word for word; as far as before."""
        return self._grown(self._evaluation, role, error)

    def _grown(self, scale: Scale, role: str, error: Any) -> Any:
        size = np.abs(self.question.expected[role].astype(np.float64))

        def enough(x: Any) -> bool:
            """Every element is within, and one at least keeps half of its digits: what is left tells nothing else."""
            allowed = self._allowed(role, x)
            return bool((error <= allowed).all() and (not size.any() or (allowed < self.roundoff**0.5 * size).any()))

        measured = scale.until(role, (lambda x: False) if error is None else enough)
        return self._allowed(role, measured)

    def measured(self, role: str, at: tuple[int, ...]) -> float:
        """The conditioning of an element as far as it was needed, and no further."""
        return float(self._conditioning[role][at])

    def loosest(self, role: str) -> Any:
        """Beyond this it is that of another function."""
        return self._allowed(role, self.as_written[role])

    def _allowed(self, role: str, scale: Any) -> Any:
        value = np.abs(self.question.expected[role].astype(np.float64))
        value = np.where(np.isfinite(value), value, 0.0)  # to be off from an infinity is no matter of digits
        return C * (scale + self.once * value) + UNDERFLOW * SMALLEST[self.dtype]

    def spread(self, role: str) -> Any:
        """What each element is usually off by where every operation is rounded to the dtype, and no sum more than
        once: not the largest of several, but the root of the mean square."""
        return self._spread[role]

    @cached_property
    def _spread(self) -> Arrays:
        form = forms().usual(self.question.ref.name)[0]
        squares = self._nothing()
        for change in self._changes(lambda inputs, bars: self._noisily(inputs, bars, form), seeds=SEEDS):
            squares |= {role: squares[role] + x**2 for role, x in change.items()}
        return {role: np.sqrt(x / SEEDS) + self.once * np.abs(self.question.base[role]) for role, x in squares.items()}

    def _largest(self, evaluate: Any, over: Literal["ignore", "raise"] = "ignore") -> Arrays:
        """By role, the largest of all changes."""
        return Scale(self._nothing(), zip(self._changes(evaluate, over))).whole

    def _changes(
        self,
        evaluate: Any,
        over: Literal["ignore", "raise"] = "ignore",
        roundoff: float | None = None,
        gradients: bool = False,
        seeds: int | None = None,
    ) -> Iterator[Arrays]:
        """By role, at inputs that are perturbed by the roundoff, one seed after the other; `gradients`: these alone."""
        roundoff = roundoff or self.once
        delta, inner = max(roundoff, FINEST), max(self.inner, FINEST)
        base = self.question.base
        most = max(x.size for x in base.values())
        for seed in range(seeds or SEEDS + 2 * max(0, len(str(most)) - 2)):
            with noise(seed, delta, min(inner, delta)), np.errstate(over=over):
                inputs = self.question.moved(perturbed)
                bars = {name: perturbed(x) for name, x in self.question.bars.items()}
                found, changes = evaluate(inputs, bars), {}
                for role in (role for role, x in base.items() if x.dtype.kind == "f"):
                    if gradients and not role.startswith("gradient."):
                        continue
                    if role not in found or found[role].shape != base[role].shape:  # a scale of 0 would blame others
                        raise RuntimeError(f"the definition of {self.question.ref.name} has no {role} of this shape")
                    change = np.abs(np.asarray(found[role]) - base[role])
                    changes[role] = np.where(np.isfinite(change), change, 0) * (roundoff / delta)
            yield changes
