"""`refdgm show NAME`: a reference on one page, from its declaration and docstring alone."""

import argparse
import inspect
from collections.abc import Collection
from importlib.resources import files
from textwrap import wrap
from typing import Any

from refdgm.catalogue import CATALOGUE
from refdgm.cli.refused import Refused
from refdgm.declaration.domain import HYPER, PARAMETER, Array, Limit, Map, Option, Parameters
from refdgm.evidence import find
from refdgm.reference import Reference


def carry_out(args: argparse.Namespace) -> int:
    """Print the page."""
    from refdgm.catalogue import CATALOGUE, unknown

    if args.name not in CATALOGUE:
        raise Refused(unknown(args.name))
    print(show(CATALOGUE[args.name]))
    return 0


def show(ref: Reference) -> str:
    """Objective, arguments, results, gradients, conventions, source, and what the shipped vectors hold."""
    lines = [f"{ref.name}   ({ref.body.__module__})", "", *_indented(inspect.getdoc(ref.body) or ""), "", "Arguments"]
    lines += _table([(name, domain_of(domain), domain.meaning, getattr(domain, "known", {}))
                     for name, domain in ref.args.items()])
    for kind in (PARAMETER, HYPER):
        if named := [name for name in ref.arrays if ref.args[name].kind == kind]:
            lines.append(f"  {kind}s: {', '.join(named)}")
    for symbol, bound in ref.bounds.items():
        lines.append(f"  {symbol}: {bound}, for {bound.why}")
    lines += ["", "Result"]
    lines += _table([(name, domain_of(array), array.meaning, {}) for name, array in ref.result.items()])
    lines += ["", "Gradient"]
    if not ref.differentiable:
        lines.append("  none: a quantity, its value is all there is")
    else:
        bars = ", ".join(f"{name}_bar" for name in ref.bars)
        lines.append(f"  with respect to {', '.join(ref.wrt)}; cotangents {bars}")
        if ref.hyper:
            lines.append(f"  of hyper-parameters, failing only where asked for: {', '.join(ref.hyper)}")
        lines.append(f"  {derivative_of(ref)}")
    variants = find.variants(ref.name) if ref.name in CATALOGUE else []  # of one's own nothing is known
    if ref.conventions or ref.exchanges or variants:
        lines += ["", "Conventions of the field (recognised by `refdgm check`)"]
        for name, maps in ref.conventions.items():
            lines.append(f"  {name}: " + "; ".join(f"theirs = {theirs(map_, where)}" for where, map_ in maps.items()))
        for name, one in ref.exchanges.items():
            lines += wrap(f"{name}: theirs = {one.words}", 118, initial_indent="  ", subsequent_indent="    ")
        for variant in variants:
            lines += wrap(f"{variant.convention}: {variant.what}", 118, initial_indent="  ", subsequent_indent="    ")
    lines += ["", f"Vectors     {vectors_of(ref)}"]
    return "\n".join(lines)


def _indented(text: str) -> list[str]:
    return [f"  {line}".rstrip() for line in text.splitlines()]


def _table(rows: list[tuple[str, str, str, Collection[str]]]) -> list[str]:
    """Name, domain and meaning in columns; what a Field is chosen from on a line of its own."""
    first = max(len(row[0]) for row in rows)
    second = max(len(row[1]) for row in rows)
    lines = []
    for name, domain, meaning, choices in rows:
        lines.append(f"  {name:<{first}}  {domain:<{second}}  {meaning}".rstrip())
        if choices:
            noun = domain.partition("(")[0].capitalize()
            indent = " " * (first + 4)
            lines += wrap(f"{' | '.join(choices)}, or a {noun} of one's own", 120, initial_indent=indent,
                          subsequent_indent=indent)
    return lines


def domain_of(domain: Any) -> str:
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


def derivative_of(ref: Reference) -> str:
    of = ref.derivative_of
    if of is None:
        return "the derivative of the value"
    if isinstance(of, Reference):
        return f"on purpose the derivative of {of.name}"
    if isinstance(of, Limit):
        orders = ", ".join(f"{word} {order}" for word, order in of.orders.items())
        return f"tends to the derivative of the value as {of.option} grows, with order: {orders}"
    return f"on purpose the derivative of the surrogate {of.__module__}.{of.__name__}"


def theirs(map_: Map, where: str) -> str:
    text = where if map_.slope == 1 else f"{map_.slope:g} {where}"
    per = "(number of components)" if map_.per == "..." else map_.per
    text += f" / {per}" if per else ""
    return text + (f" {'+' if map_.shift > 0 else '−'} {abs(map_.shift):g}" if map_.shift else "")


def vectors_of(ref: Reference) -> str:
    index = files("refdgm.vectors").joinpath(f"{ref.name}.json")
    if not index.is_file():
        return "none are shipped"
    import json

    told = json.loads(index.read_text("utf-8"))
    return f"{len(told['cases'])} certified cases, version {told['version']}"
