"""A mutant in the place of the original, in this process: the live functions of its file get the changed code.

Whoever imported a function holds the same object, so that all of them call the mutant, references and closures too. A
table of numbers is exchanged wherever it is held under its name.
"""

import ast
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from types import CodeType, FunctionType, ModuleType
from typing import Any

from validation.make.mutation import Mutant, Source

OURS = ("refdgm", "tests", "validation")  # which may have imported a table
Place = tuple[str, int, int]  # qualified name, first line, and which of several


def places(code: CodeType) -> dict[Place, CodeType]:
    """Every function in the code of a file, by its place."""
    found: dict[Place, CodeType] = {}

    def visit(outer: CodeType) -> None:
        for inner in outer.co_consts:
            if isinstance(inner, CodeType):
                nth = 0
                while (place := (inner.co_qualname, inner.co_firstlineno, nth)) in found:
                    nth += 1
                found[place] = inner
                visit(inner)

    visit(code)
    return found


@cache
def live(file: str) -> dict[CodeType, list[FunctionType]]:
    """The functions of a file that exist, those that a decorator or a closure hides too."""
    found: dict[CodeType, list[FunctionType]] = {}
    for each in gc.get_objects():
        if type(each) is FunctionType and each.__code__.co_filename == file:
            found.setdefault(each.__code__, []).append(each)
    return found


def module(source: Source) -> ModuleType:
    return import_module(".".join(source.path.removesuffix(".py").split("/")))


def forget(source: Source) -> None:
    """What the functions of the file have kept."""
    for each in vars(module(source)).values():
        if hasattr(each, "cache_clear"):
            each.cache_clear()


class Unplanted(Exception):
    """A mutant that no function which exists can become, so that nothing can be asked of it."""


@contextmanager
def planted(source: Source, one: Mutant) -> Iterator[None]:
    """Within: the mutant runs."""
    module(source)
    undo = exchanged(source, one) if one.of_a_table else swapped(source, one)
    forget(source)
    try:
        yield
    finally:
        for put_back in undo:
            put_back()
        forget(source)


def swapped(source: Source, one: Mutant) -> list[Any]:
    changed, undo = places(source.changed(one)), []
    for place, code in places(source.code).items():
        if changed.get(place, code) == code:
            continue
        for function in live(str(source.file)).get(code, ()):
            if code.co_freevars != changed[place].co_freevars:
                raise Unplanted(f"{one.key} cannot be planted: it takes other variables from outside")
            undo.append(lambda f=function, kept=function.__code__: setattr(f, "__code__", kept))
            function.__code__ = changed[place]
    if not undo:
        raise Unplanted(f"{one.key} cannot be planted: nothing that runs would change")
    return undo


def exchanged(source: Source, one: Mutant) -> list[Any]:
    """The tables that follow from the changed one are computed again."""
    source.changed(one)
    held, undo = vars(module(source)), []
    tables = source.tree.body[source.tree.body.index(one.inside):]
    old, new = one.nodes
    one.put(new)
    try:
        again = dict(held)
        code = ast.Module([each for each in tables if isinstance(each, ast.Assign | ast.AnnAssign)], [])
        exec(compile(code, str(source.file), "exec", dont_inherit=True), again)
    finally:
        one.put(old)
    for name in [name for name, x in again.items() if name in held and x is not held[name] and x != held[name]]:
        kept = held[name]
        for each in [m for n, m in sys.modules.items() if n.startswith(OURS) and vars(m).get(name) is kept]:
            undo.append(lambda m=each, name=name, kept=kept: setattr(m, name, kept))
            setattr(each, name, again[name])
    return undo
