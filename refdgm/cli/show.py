"""`refdgm show NAME`: a reference on one page, from its declaration and docstring alone."""

import argparse
import inspect
from collections.abc import Collection
from importlib.resources import files
from pathlib import Path

from refdgm.catalogue import CATALOGUE
from refdgm.cli.refused import Refused
from refdgm.cli.similar import similar
from refdgm.cli.wide import fitted, width, wrapped
from refdgm.declaration.domain import HYPER, PARAMETER, Limit
from refdgm.declaration.words import domain_of, theirs
from refdgm.evidence import find
from refdgm.evidence.pages import folder, pages
from refdgm.reference import Reference

ROOM = 24  # columns in which a meaning can be read


def carry_out(args: argparse.Namespace) -> int:
    """Print the page."""
    from refdgm.catalogue import CATALOGUE, unknown

    if args.name not in CATALOGUE:
        raise Refused(unknown(args.name))
    print(show(CATALOGUE[args.name], width()))
    return 0


def show(ref: Reference, columns: int = 100) -> str:
    """Objective, arguments, results, gradients, conventions, what the shipped vectors hold, and where to read on; in
    lines of so many columns."""
    place = f"({ref.body.__module__})"
    head = [f"{ref.name}   {place}"] if len(ref.name + place) + 3 <= columns else [ref.name, f"  {place}"]
    lines = [*head, "", *_docstring(ref, columns), "", "Arguments"]
    lines += _table([(name, domain_of(domain), domain.meaning, getattr(domain, "known", {}))
                     for name, domain in ref.args.items()], columns)
    for kind in (PARAMETER, HYPER):
        if named := [name for name in ref.arrays if ref.args[name].kind == kind]:
            lines += wrapped(f"{kind}s: {', '.join(named)}", columns, "  ", "    ")
    for symbol, bound in ref.bounds.items():
        lines += wrapped(f"{symbol}: {bound}, for {bound.why}", columns, "  ", "    ")
    lines += ["", "Result"]
    lines += _table([(name, domain_of(array), array.meaning, {}) for name, array in ref.result.items()], columns)
    lines += [f"  {symbol}: {size.words}" for symbol, size in ref.derived.items()]
    lines += ["", "Gradient"]
    for line in _gradient(ref):
        lines += wrapped(line, columns, "  ", "    ")
    if conventions := conventions_of(ref):
        lines += ["", "Conventions of the field (recognised by `refdgm check`)"]
        for line in conventions:
            lines += wrapped(line, columns, "  ", "    ")
    return "\n".join([*lines, "", f"Vectors     {vectors_of(ref)}", *_further(ref, columns)])


def _docstring(ref: Reference, columns: int) -> list[str]:
    return [f"  {line}".rstrip() for line in fitted(inspect.getdoc(ref.body) or "", columns - 2)]


def _gradient(ref: Reference) -> list[str]:
    if not ref.differentiable:
        return ["none: a quantity, its value is all there is"]
    bars = ", ".join(f"{name}_bar" for name in ref.bars)
    of_hyper = f"of hyper-parameters, failing only where asked for: {', '.join(ref.hyper)}"
    return [f"with respect to {', '.join(ref.wrt)}; cotangents {bars}", *([of_hyper] if ref.hyper else []),
            derivative_of(ref)]


def conventions_of(ref: Reference) -> list[str]:
    """Those that are declared, and other definitions of the field, each with what theirs is in ours."""
    variants = find.variants(ref.name) if ref.name in CATALOGUE else []  # of one's own nothing is known
    mapped = [f"{name}: " + "; ".join(f"theirs = {theirs(map_, where)}" for where, map_ in maps.items())
              for name, maps in ref.conventions.items()]
    passed = [f"{name}: theirs = {one.words}" for name, one in ref.exchanges.items()]
    return [*mapped, *passed, *(f"{variant.convention}: {variant.what}" for variant in variants)]


def _further(ref: Reference, columns: int) -> list[str]:
    """The page, the code, and what is like it."""
    lines = []
    if page := pages().get(ref.name):
        lines.append(f"Page        refdgm docs {ref.name}")
        lines += wrapped(str(folder().joinpath(f"{page}.md")), columns, " " * 12)
    code = Path(inspect.getsourcefile(ref.body) or "")
    lines += wrapped(f"{code}:{inspect.getsourcelines(ref.body)[1]}", columns, "Code        ")
    if ref.name in CATALOGUE:
        lines += wrapped(", ".join(similar(ref.name)), columns, "Similar     ")
    return lines


def _table(rows: list[tuple[str, str, str, Collection[str]]], columns: int = 120) -> list[str]:
    """Name, domain and meaning in columns; what a Field is chosen from on a line of its own. Where a meaning has no
    room beside the widest domain, it stands below its own."""
    first = max(len(row[0]) for row in rows) + 4
    second = max(len(row[1]) for row in rows) + 2
    room = columns - first - second
    lines = []
    for name, domain, meaning, choices in rows:
        head = f"  {name:<{first - 2}}"
        if len(meaning) <= room or room >= ROOM:
            lines += wrapped(meaning, columns, f"{head}{domain:<{second}}", " " * (first + second))
        else:
            lines += wrapped(domain, columns, head, " " * first)
            lines += wrapped(meaning, columns, " " * first) if meaning else []
        if choices:
            noun = domain.partition("(")[0].capitalize()
            lines += wrapped(f"{' | '.join(choices)}, or a {noun} of one's own", columns, " " * first)
    return lines


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


def vectors_of(ref: Reference) -> str:
    index = files("refdgm.vectors").joinpath(f"{ref.name}.json")
    if not index.is_file():
        return "none are shipped"
    import json

    told = json.loads(index.read_text("utf-8"))
    return f"{len(told['cases'])} certified cases, version {told['version']}"
