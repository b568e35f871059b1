"""The definition of a reference and its other forms, by path and by name: `softmax`, `softmax__usual`, `softmax__…`.

The definition (`value`) is a textbook's text in a vocabulary that NumPy, HIPS autograd and balls share; it judges, and
so do the words of `JUDGES`. All other words are forms that an honest author may write where a library differentiates:
`usual` is the one that a bare `refdgm check` asks, `linear` is a function that some library has in its place, off by a
hair, or by the root of one where it has a root of nothing. Where there is no `usual` form, the definition is the usual
one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from refdgm.catalogue import CATALOGUE
from refdgm.evidence.find import concept, module
from refdgm.evidence.flow.bijections import Bijection
from refdgm.evidence.nets.fields import Field
from refdgm.reference import Reference

Text = Callable[..., Any]
# A form of the value whose derivative does not cancel; what is under a stopped gradient apart; an algorithm's gradient.
JUDGES = ("differentiated", "held", "pullback")


@dataclass(frozen=True)
class Definition:
    """The texts of one reference, by the word after the two underscores; that of the definition itself is empty."""

    ref: Reference
    texts: dict[str, Text]

    @property
    def value(self) -> Text:
        """`value(xp, …)`."""
        return self._of_names(self.texts[""])

    @property
    def differentiated(self) -> Text:
        """A form of the value whose derivative does not cancel, where there is one."""
        return self._of_names(self.texts.get("differentiated", self.texts[""]))

    @property
    def held(self) -> Text | None:
        """`held(xp, held, …)`: what is differentiated where the derivative is on purpose not that of the value."""
        return self._of_names(self.texts["held"]) if "held" in self.texts else None

    @property
    def pullback(self) -> Text | None:
        """`pullback(xp, slopes, bar, …)`, where the derivative is that of no text but an algorithm. `slopes(function,
        arguments)` is the gradient of a number by flat names, as the judge differentiates."""
        return self._of_names(self.texts["pullback"]) if "pullback" in self.texts else None

    @property
    def usual(self) -> dict[str, Text]:
        """The usual forms, that which a bare check asks first; they take fields as functions."""
        forms = {word: text for word, text in self.texts.items() if word not in (*JUDGES, "linear", "")}
        return {"usual": forms.pop("usual", self.texts[""])} | forms

    @property
    def linear(self) -> Text | None:
        return self.texts.get("linear")

    def _of_names(self, text: Text) -> Text:
        """`text` with the networks of the definitions for the names of fields."""

        def named(xp: Any, *args: Any, **options: Any) -> Any:
            return text(xp, *args, **{n: self._field(xp, n, x) for n, x in options.items()})

        return named

    def _field(self, xp: Any, option: str, x: Any) -> Any:
        domain = self.ref.args[option]
        if not getattr(domain, "field", ()):
            return x
        if domain.field.noun == "Bijection":
            return Bijection(xp, x)
        return Field(xp, x, timed=len(domain.field.args) > 1)


@cache
def definition(reference: str) -> Definition:
    """Of a reference by its name."""
    found = module(concept(reference), "definition")
    if found is None or reference not in vars(found):
        raise LookupError(f"{reference} has no definition in refdgm/evidence/{concept(reference).replace('.', '/')}")
    texts = {name.partition("__")[2]: x for name, x in vars(found).items() if name.partition("__")[0] == reference}
    return Definition(CATALOGUE[reference], texts)
