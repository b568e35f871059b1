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
Where a platform's elementary functions are declared to err by more (`elementary.py`), both scales are measured with
them erring by as much.
The perturbations are 2⁻³⁶ and the changes scaled to u where u is smaller, so that the measurement is not itself
rounded away.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property, partial
from itertools import chain
from typing import Any, Literal

import numpy as np

from refdgm.cases import flatten, grids
from refdgm.check.dtypes import BITS, SMALLEST, accumulator
from refdgm.check.elementary import by_operation
from refdgm.check.judging import once
from refdgm.check.judging.composed import Nameless, with_form
from refdgm.check.judging.forms import Forms, embedded
from refdgm.check.judging.scale import Scale
from refdgm.check.noise import exact, noise, noisy, perturbed, slack
from refdgm.check.numbers import Arrays
from refdgm.check.questions.question import Question

# `python validation/make/constant.py`: on the certified cases of all references, in float64 and float32, the
# largest error of the correct candidates is 1.47 of these scales with autograd (mlp_tangent) and 2.98 with torch
# (gaussian_kl_between). Nearly three times as much leaves room for other orders of summation and elementary functions.
C = 8.0
SHARE = 2 / C  # of a declared bound is measured: twice what it moves is allowed, for it is a bound and no spread
SEEDS = 6  # at least; two more for every power of ten in the number of elements, for one of many may be unlucky
SIGNS = 32  # of the errors of declared functions: their worst order is seldom met, and one evaluation is cheap
FINEST = 2.0**-36
UNDERFLOW = 2.0**10  # smallest normal numbers: the way to an answer may pass through the subnormal ones

MOST = 2**14  # numbers of a question beyond which nothing is asked that may write out every Jacobian


def once_measured(question: Question, dtype: str, among: int = 0) -> "Tolerance":
    """The tolerance of a question. Conventions with the same maps ask the same one of the definition, and so do all
    rounds of a check; each tolerance holds its case, whose `id` therefore stays its own. A part is asked about once."""
    kept = once.kept()
    if kept is None or among:
        return Tolerance(question, dtype, among)
    key = question.ref.name, id(question.case), repr(question.terms), question.dtype, dtype
    tolerance: Tolerance = kept.setdefault(key, Tolerance(question, dtype))
    return tolerance


class Tolerance:
    """The two scales of one question, each measured when it is first needed."""

    def __init__(self, question: Question, dtype: str = "float64", among: int = 0) -> None:
        """`among` so many numbers those of a part were chosen."""
        self.question, self.dtype, self.among = question, dtype, among
        self.roundoff = 2.0 ** -BITS[dtype]
        self.inner = 2.0 ** -BITS[accumulator(dtype, question.terms.accumulate)]  # roundoff of the accumulator
        self.once = max(self.roundoff, self.inner)  # of one result
        self.forms = Forms(question, dtype)
        self.declared = by_operation(question.terms.elementary)
        self.parts: dict[str, list[tuple[list[int], Tolerance]]] = {}  # by role, of the rows that were judged apart

    def __getstate__(self) -> dict[str, Any]:
        """For another process: what has been measured of the conditioning, for `measured` to tell, and no more."""
        kept = {name: vars(self)[name] for name in ("question", "dtype", "among", "roundoff", "parts")}
        return kept | {"_conditioning": {role: self._conditioning[role] for role in self.question.base}}

    @property
    def conditioning(self) -> Arrays:
        """By role: the reference at perturbed inputs against the reference."""
        return self._conditioning.whole

    @cached_property
    def _conditioning(self) -> Scale:
        question = self.question
        measured = [self._referred()]
        if self.inner < self.once and self.dtype != "float64":
            measured.append(self._changes(lambda *_: self._keeping(), gradients=True))
        of_one_grid = {f"gradient.{name}" for name in grids(question.ref)}

        def read(role: str, x: Any) -> Any:
            if role not in of_one_grid or not x.size:
                return x
            return np.full_like(x, np.max(x + self.roundoff * np.abs(question.expected[role].astype(np.float64))))

        steps: Iterator[tuple[Arrays, ...]] = zip(*measured, strict=True)
        if self.declared:
            steps = chain(steps, zip(self._changes(lambda *_: self._on_the_platform(), seeds=SIGNS)))
        return Scale(self._nothing(), steps, read)

    def _referred(self, first: int = 0) -> Iterator[Arrays]:
        """The reference at perturbed inputs."""
        by, body = self.question.by, self.question.body
        return self._changes(lambda inputs, bars: by(body, inputs, bars), roundoff=self.inner, first=first)

    def _nothing(self) -> Arrays:
        return {role: np.zeros(x.shape) for role, x in self.question.base.items()}

    def _keeping(self) -> Arrays:
        """The reference with what its pullback keeps in the dtype, and a pullback that does not round."""
        question = self.question
        outputs, pullback = question.run(question.body, {name: noisy(x) for name, x in question.inputs.items()})
        plain = {name: np.asarray(y) for name, y in outputs.items()}
        if pullback is None:
            return question.roles(plain, {})
        with exact():
            return question.roles(plain, flatten(pullback(*question.our_bars(question.bars, plain).values())))

    def _on_the_platform(self) -> Arrays:
        """The reference where nothing errs but the functions that are declared to."""
        with exact():
            return self._text(self.question.body, self.question.inputs, self.question.bars)

    @property
    def evaluation(self) -> Arrays:
        """By role: the definition in random rounding, at perturbed inputs, against the reference.

        For another definition of the field, which has no textbook form here, what that of the reference costs, what
        its own text does (a norm that it divides by is in no form of the reference), and the two together.
        """
        return self._evaluation.whole

    @cached_property
    def _evaluation(self) -> Scale:
        return Scale(self.conditioning, self._evaluations())

    def _evaluations(self) -> Iterator[tuple[Arrays, ...]]:
        return self._every_text() if self.question.varied else self._each(self.forms.errors(self._changes))

    def _every_text(self) -> Iterator[tuple[Arrays, ...]]:
        """What judges as it is written; the reference's forms; and that text with these forms in the reference's place
        where it calls the reference, as far as its size lets them be differentiated within."""
        question, plain = self.question, once_measured(self.question.of_the_reference, self.dtype, self.among)
        yield from self._each(self._changes(partial(self._text, question.body)))
        yield from self._each(plain._evaluation.growing())
        for form in self.forms.usual if self._small else ():
            if text := with_form(question.body, question.ref, form):
                with suppress(Nameless):
                    yield from self._each(self._changes(partial(self._text, text)))

    def _each(self, found: Iterator[Arrays]) -> Iterator[tuple[Arrays, ...]]:
        return (({role: x for role, x in changes.items() if role in self.question.base},) for changes in found)

    def _text(self, text: Any, inputs: Arrays, bars: Arrays) -> Arrays:
        """What judges, and its pullback, in random rounding."""
        given, cotangents = ({name: noisy(x) for name, x in arrays.items()} for arrays in (inputs, bars))
        return self.question.by(text, given, cotangents)

    @property
    def _small(self) -> bool:
        return sum(x.size for x in self.question.inputs.values()) <= MOST

    @cached_property
    def as_written(self) -> Arrays:
        """By role: the evaluation of the definition word for word. Where it overflows it is no scale."""
        question = self.question
        form = None if question.varied else embedded().written(question.ref.name)
        if form is None or not self._small:
            return self.evaluation
        try:
            scale = self._largest(lambda inputs, bars: self.forms.noisily(inputs, bars, form), over="raise")
            off = self.forms.off(self.forms.natively(form, over="raise"))
        except FloatingPointError:
            return self.evaluation
        return {role: np.maximum(x, np.maximum(scale[role], off.get(role, 0.0))) for role, x in self.evaluation.items()}

    def overflows(self, role: str) -> Any:
        """Where the definition itself overflows in this low dtype, and so an infinity is no other formula."""
        if self.dtype == "float64":
            return False
        return np.any([~np.isfinite(native[role]) for native in self.forms.natives() if role in native], axis=0)

    def overflows_in_half(self, role: str) -> Any:
        """Where the textbook's form overflows in half precision, whose largest number may be 65504: an honest
        evaluation may then be no number at all. In float32 it may not."""
        if self.dtype not in ("float16", "bfloat16") or role not in self.native:
            return False
        return ~np.isfinite(self.native[role])

    @property
    def native(self) -> Arrays:
        """The definition itself in a low dtype."""
        return {} if self.dtype == "float64" else self.forms.native(0)

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

    def looked(self, role: str, number: int) -> Any:
        """What one evaluation shows that may be off, less than all that is measured: at first the usual form as it
        stands in the dtype, then by turns the reference and a text at perturbed inputs, each with a seed of its own."""
        texts, turn = self._texts, number // 2 - 1
        if number == 0 and not self.question.varied:
            changes = self.forms.off(self.forms.native(0))
        elif number % 2:
            changes = next(self._referred(number))
        else:
            one, text = texts[turn % len(texts)]
            changes = next(one._changes(text, first=number))
        return self._allowed(role, changes.get(role, 0.0))

    @property
    def _texts(self) -> list[tuple["Tolerance", Any]]:
        """What is evaluated in random rounding; beside what judges as it is written, the forms of the reference."""
        if not self.question.varied:
            return [(self, partial(self.forms.with_form, form)) for form in self.forms.usual]
        plain = once_measured(self.question.of_the_reference, self.dtype, self.among)
        return [(self, partial(self._text, self.question.body)), *plain._texts]

    def measured(self, role: str, at: tuple[int, ...]) -> float:
        """The conditioning of an element as far as it was needed, and no further."""
        for rows, part in self.parts.get(role, []):
            if at[0] in rows:
                return part.measured(role, (rows.index(at[0]), *at[1:]))
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
        once, in the form where that costs most: not the largest of several, but the root of the mean square."""
        return self._spread[role]

    @cached_property
    def _spread(self) -> Arrays:
        most = self._nothing()
        for form in self.forms.usual:  # one may cancel the more the longer an axis is, and accumulates nothing coarsely
            squares = self._nothing()
            for change in self._changes(partial(self.forms.with_form, form), seeds=SEEDS):
                squares |= {role: squares[role] + x**2 for role, x in change.items()}
            most = {role: np.maximum(most[role], x) for role, x in squares.items()}
        return {role: np.sqrt(x / SEEDS) + self.once * np.abs(self.question.base[role]) for role, x in most.items()}

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
        first: int = 0,
    ) -> Iterator[Arrays]:
        """By role, at inputs that are perturbed by the roundoff, one seed after the other; `gradients`: these alone."""
        roundoff = roundoff or self.once
        delta, inner = max(roundoff, FINEST), max(self.inner, FINEST)
        base = self.question.base
        most = max(self.among, *(x.size for x in base.values()))
        declared = {name: SHARE * ulps * 2 * self.inner * delta / roundoff for name, ulps in self.declared.items()}
        for seed in range(first, first + (seeds or SEEDS + 2 * max(0, len(str(most)) - 2))):
            with noise(seed, delta, inner), slack(declared, seed), np.errstate(over=over):
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
