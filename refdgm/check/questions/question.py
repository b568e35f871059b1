"""The right answer to a case, in the candidate's own terms: its outputs, reduction, convention and dtype.

Certified numbers where the question is the certified one; otherwise (rounded inputs, a reduction, a convention on an
output, fresh cases) the float64 reference, or another definition of the field, at exactly the numbers that the
candidate receives.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from refdgm.cases import Case, flatten, nest
from refdgm.check.numbers import Arrays, rounded
from refdgm.declaration.domain import Array, Map
from refdgm.errors import RefdgmError
from refdgm.evidence.conventions import Convention
from refdgm.evidence.conventions import of as conventions_of
from refdgm.reference import Reference


@dataclass(frozen=True)
class Terms:
    """How the candidate puts it; `convention` is the name of the definition by which it understands the reference."""

    outputs: tuple[str, ...]
    gradients: tuple[str, ...]
    reduction: str = "none"
    convention: str = ""
    minded: tuple[str, ...] | None = None  # hyper-parameters whose gradients are asked for; None: all of them
    sums: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # outputs that are weighted sums of ours
    pair: bool = False  # it returns gradients of its own, and those that it returns it means
    accumulate: str = ""  # the dtype in which it means to add up, where that is not the usual one
    elementary: Mapping[str, float] = field(default_factory=dict)  # ulps that functions of its platform err by


@dataclass(frozen=True)
class Question:
    """One case in a candidate's terms, at the precision of `dtype`."""

    ref: Reference
    case: Case
    terms: Terms
    dtype: str = "float64"

    def __getstate__(self) -> dict[str, Any]:
        """For another process: not what follows from it, some of which are functions."""
        return {each.name: vars(self)[each.name] for each in fields(self)}

    @property
    def bars_asked(self) -> tuple[str, ...]:
        """The outputs that take a cotangent here."""
        own = tuple(name for name in self.ref.bars if name in self.terms.outputs and name not in self.terms.sums)
        return (*own, *self.terms.sums)

    def parts(self, output: str) -> Mapping[str, float]:
        """Our outputs in one of the candidate's, each with its weight."""
        return self.terms.sums.get(output, {output: 1.0})

    def _first(self, output: str) -> str:
        return next(iter(self.parts(output)))

    @cached_property
    def inputs(self) -> Arrays:
        """Ours, by flat name, rounded to the dtype; of an exchanged argument, what theirs makes of it."""
        return self._back(self._theirs)

    @cached_property
    def _theirs(self) -> Arrays:
        """As `inputs`, with the other quantity in the place of an exchanged argument. Of a shifted one the number whose
        image the dtype has: 1 − t of a small t is one, and then t is zero."""
        ours = {name: rounded(x, self.dtype) for name, x in flatten(self.case.arguments()).items()}
        for name, map_ in self._given.items():
            if name in ours and map_.shift:
                ours[name] = (rounded(map_.slope * ours[name] + map_.shift, self.dtype) - map_.shift) / map_.slope
        one = self.convention.exchange
        return ours | {one.ours: rounded(one.there(ours), self.dtype)} if one else ours

    def _back(self, theirs: Arrays) -> Arrays:
        """Ours for what the candidate receives: the exchanged number stands under our name."""
        one = self.convention.exchange
        if one is None:
            return theirs
        with np.errstate(all="ignore"):
            return theirs | {one.ours: one.back(theirs | {one.theirs: theirs[one.ours]})}

    def moved(self, change: Callable[[Any], Any]) -> Arrays:
        """Our inputs where theirs are changed a little."""
        return self._back({name: change(x) for name, x in self._theirs.items()})

    @cached_property
    def bars(self) -> Arrays:
        """The candidate's cotangents: of a reduced output a number."""
        arrays = {name: self.case.arrays[f"cotangent.{self._first(name)}"] for name in self.bars_asked}
        given = {name: rounded(x, self.dtype) for name, x in arrays.items()}
        return {
            name: bar.ravel()[0].reshape(()) if self.reduced(name) else bar for name, bar in given.items()
        }

    @property
    def as_rounded(self) -> Case:
        """The case with the numbers of this dtype: asked in a higher one it is still the same question."""
        inputs = {f"input.{name}": x for name, x in self.inputs.items()}
        bars = {f"cotangent.{name}": rounded(x, self.dtype) for name, x in self.case.role("cotangent").items()}
        if not self.changed:
            return self.case
        asked = {role: x for role, x in self.case.arrays.items() if not role.startswith(("output.", "gradient."))}
        return replace(self.case, arrays=asked | inputs | bars)

    def spared(self, role: str) -> bool:
        """Whether it is the gradient of a hyper-parameter that nobody asked for."""
        head, _, name = role.partition(".")
        minded = self.ref.hyper if self.terms.minded is None else self.terms.minded
        return head == "gradient" and name in self.ref.hyper and name not in minded

    @property
    def changed(self) -> bool:
        """Whether rounding to the dtype changed an input or a cotangent."""
        bars = self.case.role("cotangent").values()
        same = all(np.array_equal(x, self.case.arrays[f"input.{name}"]) for name, x in self.inputs.items())
        return not (same and all(np.array_equal(rounded(x, self.dtype), x) for x in bars))

    @cached_property
    def meaningless(self) -> str:
        """Why there is no such question in this dtype: rounded, the inputs may leave their support or the range of the
        dtype, and what was apart may fall together. Nothing where it is one."""
        if self.dtype == "float64" and self.convention.exchange is None:
            return ""
        for name, x in flatten(self.case.arguments()).items():
            if not np.array_equal(np.isfinite(x), np.isfinite(self.inputs[name])):
                return f"{name} holds numbers beyond the range of {self.dtype}"
        given = nest(self.inputs)
        try:
            self.ref.validate(*(given[name] for name in self.ref.arrays), **self.case.options)
        except RefdgmError as error:
            return f"rounded to {self.dtype}, {error}"
        if together := self._together():
            names = " and ".join(together)
            return f"rounded to {self.dtype}, points of {names} fall together, where a slope is a convention"
        undefined = [role for role, y in self.base.items() if y.dtype.kind == "f" and np.isnan(y).any()]
        return f"with inputs rounded to {self.dtype}, {undefined[0]} is no number" if undefined else ""

    def _together(self) -> tuple[str, ...]:
        """The arguments whose points should be apart, where two that were are not."""
        every = {name: self.ref.args[name] for name in self.ref.arrays}
        apart = tuple(name for name, domain in every.items() if isinstance(domain, Array) and domain.distinct)
        if not apart:
            return ()
        before, now = (np.concatenate([x[name] for name in apart]) for x in (self.case.arguments(), self.inputs))
        return apart if len(np.unique(now, axis=0)) < len(np.unique(before, axis=0)) else ()

    @cached_property
    def convention(self) -> Convention:
        name = self.terms.convention
        return conventions_of(self.ref.name)[name] if name else Convention({}, self.ref.body)

    @property
    def maps(self) -> Mapping[str, Map]:
        return self.convention.maps

    @property
    def _given(self) -> Mapping[str, Map]:
        """Of arguments: a name that is a result too has the map of the result."""
        return {name: map_ for name, map_ in self.maps.items() if name not in self.ref.result}

    @property
    def body(self) -> Callable[..., Any]:
        """What judges: the reference, or another definition of the field."""
        return self.convention.body

    @property
    def varied(self) -> bool:
        return self.body is not self.ref.body

    @property
    def of_the_reference(self) -> "Question":
        """The same in the same maps, judged by the reference."""
        return replace(self, terms=replace(self.terms, convention=self.convention.mapped))

    def reduced(self, output: str) -> bool:
        domain = self.ref.result[self._first(output)]
        return self.terms.reduction != "none" and domain.shape == ("B",) and not domain.support.integer

    def slope(self, name: str) -> float:
        """Of the candidate's number against ours, for an argument or an output."""
        map_ = self.maps.get(name, Map())
        return map_.slope / (self._size(map_.per) if map_.per else 1)

    def _size(self, symbol: str) -> int:
        for name, domain in self.ref.args.items():
            if isinstance(domain, Array) and symbol in domain.shape:
                axes = self.inputs[name].shape[domain.shape.index(symbol):]
                return prod(axes) if symbol == "..." else int(axes[0])
        raise KeyError(symbol)

    def asked(self) -> Arrays:
        """What the candidate receives, by role."""
        theirs = {
            f"input.{name}": rounded(self.slope(name) * x + self._given[name].shift, self.dtype)
            if name in self._given
            else x
            for name, x in self._theirs.items()
        }
        return theirs | {f"cotangent.{name}": bar for name, bar in self.bars.items()}

    def our_bars(self, bars: Arrays, outputs: Arrays) -> Arrays:
        """Cotangents of our outputs for the candidate's cotangents of theirs; zero for what it does not return."""
        full = {}
        for name in self.ref.bars:
            shape = outputs[name].shape
            bar = sum(
                (self.parts(output)[name] * y for output, y in bars.items() if name in self.parts(output)), np.zeros(())
            )
            if self.reduced(name) and self.terms.reduction == "mean" and shape:
                bar = bar / shape[0]
            full[name] = np.array(np.broadcast_to(bar * self.slope(name), shape))
        return full

    def roles(self, outputs: dict[str, Any], gradients: dict[str, Any]) -> Arrays:
        """Our outputs and (for `our_bars`) gradients as the candidate should have them, by role."""
        found: Arrays = {}
        for name in self.terms.outputs:
            each = {part: np.asarray(outputs[part]) for part in self.parts(name)}
            for part in self.maps.keys() & each.keys():
                each[part] = self.slope(part) * each[part] + self.maps[part].shift
            weighted = self.terms.sums.get(name)
            y: Any = sum(w * each[part] for part, w in weighted.items()) if weighted else each[name]
            if self.reduced(name):
                y = y.mean(axis=0) if self.terms.reduction == "mean" else y.sum(axis=0)
            found[f"output.{name}"] = np.asarray(y)
        one = self.convention.exchange
        if one and one.ours in gradients:
            gradients = gradients | dict(one.pulled(self.inputs, gradients))
        for name, g in gradients.items():
            if name.partition(".")[0] in self.terms.gradients:
                found[f"gradient.{name}"] = np.asarray(g) / (self.slope(name) if name in self._given else 1.0)
        return found

    def by(self, body: Callable[..., Any], inputs: Arrays, bars: Arrays) -> Arrays:
        """The roles that a body (the reference's, a mistake's) gives at these inputs and cotangents."""
        with np.errstate(all="ignore"):
            outputs, pullback = self.run(body, inputs)
            if pullback is None or not self.bars_asked:
                return self.roles(outputs, {})
            return self.roles(outputs, flatten(pullback(*self.our_bars(bars, outputs).values())))

    @cached_property
    def our_outputs(self) -> Arrays:
        """The reference's outputs as they are, whatever the candidate makes of them."""
        with np.errstate(all="ignore"):
            return self.run(self.body, self.inputs)[0]

    def run(self, body: Callable[..., Any], inputs: Arrays) -> tuple[dict[str, Any], Any]:
        """Our outputs by name, and the pullback, where there is one."""
        ref, given = self.ref, nest(inputs)
        made = body(*(given[name] for name in ref.arrays), **ref.resolved(self.case.options))
        value, pullback = made if ref.differentiable else (made, None)
        return dict(zip(ref.result, value if len(ref.result) > 1 else (value,), strict=True)), pullback

    @cached_property
    def base(self) -> Arrays:
        """What the float64 reference, or the other definition, says."""
        return self.by(self.body, self.inputs, self.bars)

    @cached_property
    def certified(self) -> bool:
        """Whether the case's own numbers answer this very question."""
        arrays = self.case.arrays
        same = all(np.array_equal(x, arrays[f"input.{name}"]) for name, x in self.inputs.items())
        plain = self.terms.reduction == "none" and not any(self.slope(name) != 1 for name in self.ref.result)
        bars = all(np.array_equal(bar, arrays[f"cotangent.{self._first(name)}"]) for name, bar in self.bars.items())
        return (
            same
            and plain
            and bars
            and not self.varied
            and not self.terms.sums
            and set(self.terms.outputs) == set(self.ref.result)
            and all(f"output.{name}" in arrays for name in self.ref.result)
        )

    @cached_property
    def expected(self) -> Arrays:
        """The right answer by role; only what the candidate is asked for."""
        if not self.certified:
            return self.base
        gradients = {n.partition(".")[2]: x for n, x in self.case.arrays.items() if n.startswith("gradient.")}
        return self.roles({name: self.case.arrays[f"output.{name}"] for name in self.ref.result}, gradients)
