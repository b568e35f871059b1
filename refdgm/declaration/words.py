"""A declaration in words: what an argument may be, and a signature that says so."""

import inspect
from collections.abc import Mapping
from typing import Any

from refdgm.declaration.domain import Array, Map, Option, Parameters

NARROW = 80  # columns in which a signature stands in one line


class Words(str):
    """An annotation that a signature shows as it is, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class Signature(inspect.Signature):
    """One that takes a line for each parameter where it is too wide for one."""

    __slots__ = ()

    def __str__(self) -> str:
        text = super().__str__()
        if len(text) <= NARROW:
            return text
        starred = next((n for n, p in self.parameters.items() if p.kind is p.KEYWORD_ONLY), None)
        lines = [line for n, p in self.parameters.items() for line in ["*"] * (n == starred) + [str(p)]]
        return "".join(["(\n", *(f"    {line},\n" for line in lines), f") -> {self.return_annotation}"])


def signature_of(body: Any, args: Mapping[str, Any], result: Mapping[str, Array]) -> Signature:
    """How a reference is called: the parameters of its body with what each may be, and its value."""
    shown = [p.replace(annotation=Words(domain_of(args[n]))) for n, p in inspect.signature(body).parameters.items()]
    values = inspect.Parameter("check_values", inspect.Parameter.KEYWORD_ONLY, default=True, annotation=bool)
    each = {n: domain_of(array) for n, array in result.items()}
    told = ", ".join(f"{n}: {text}" for n, text in each.items()) if len(each) > 1 else next(iter(each.values()))
    return Signature([*shown, values], return_annotation=Words(told))


def domain_of(domain: Any) -> str:
    """What an argument or a result may be: (B, D) real, "logits | probabilities", whole number ≥ 1."""
    if isinstance(domain, Array):
        shape = ", ".join(map(str, domain.shape)) + ("," if len(domain.shape) == 1 else "")
        law = f" ~ {domain.law}" if domain.law else ""
        below = f" below {domain.below}" if domain.below else f" above {domain.above}" if domain.above else ""
        return f"({shape}) {domain.support}{below}{law}"
    if isinstance(domain, Parameters):
        owner = f"of {domain.of}" if isinstance(domain.of, str) else f"{domain.inputs} → {domain.outputs}"
        return f"dict of arrays, {owner}{f', stacked {domain.stack}' if domain.stack else ''}"
    assert isinstance(domain, Option)
    if domain.words:
        return " | ".join(domain.words)
    if domain.field:
        return f"{domain.field.noun.lower()}{domain.field}"
    limits = [f"whole number ≥ {domain.least}"]
    limits += [f"≤ {domain.most}"] if domain.most else []
    limits += [f"multiple of {domain.multiple}"] if domain.multiple > 1 else []
    return ", ".join(limits)


def theirs(map_: Map, where: str) -> str:
    """What a convention has in the place of ours: "0.5 logvar"."""
    text = where if map_.slope == 1 else f"{map_.slope:g} {where}"
    per = "(number of components)" if map_.per == "..." else map_.per
    text += f" / {per}" if per else ""
    return text + (f" {'+' if map_.shift > 0 else '−'} {abs(map_.shift):g}" if map_.shift else "")
