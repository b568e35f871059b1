"""How files are written: none too long to be read at once, the maths with exact constants and named cotangents."""

import ast
import inspect
import re
from fractions import Fraction
from pathlib import Path

import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw

from .modules import CORE, MATHS, MATHS_MODULES, MODULES, ROOT, parsed

DATA = {("refdgm", "evidence", "mistakes"), ("refdgm", "catalogue", "catalogue"),  # many small entries, read one by one
        ("validation", "make", "mutants_equivalent")}
FOLDERS = ("refdgm", "tests", "validation", "docs")
FILES = [*ROOT.glob("*.py"), *(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))]


def test_a_file_is_read_at_once():
    long = {"/".join(name) for path in FILES for name in [path.relative_to(ROOT).with_suffix("").parts]
            if (*name[:2], name[-1]) not in DATA and len(path.read_text(encoding="utf-8").splitlines()) > 300}
    assert not long, "split them, a file has 300 lines at most"


def test_a_file_bears_the_name_of_its_reference():
    """Or of one of them, or the words that all of them share."""
    for path in MATHS_MODULES:
        held = [name for name, ref in CATALOGUE.items() if Path(inspect.getsourcefile(ref.body)) == path]
        assert not held or path.stem in held or all(path.stem in name for name in held), (path.stem, held)


def constants(path):
    """(node, its text) of every float literal."""
    text = path.read_text()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Constant) and type(node.value) is float:
            yield node, ast.get_source_segment(text, node)


def test_constants_are_exact():
    """A rounded constant would be certified as if it were the formula: 0.5 is one half, 0.1 is not one tenth."""
    for path in MATHS_MODULES:
        for node, text in constants(path):
            exact = Fraction(text) == Fraction(node.value)
            assert exact, f"{path.name}:{node.lineno}: {text} is not exact; divide integers"
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Pow):
                both = [isinstance(side, ast.Constant) for side in (node.left, node.right)]
                at = f"{path.name}:{node.lineno}"
                assert not all(both), f"{at}: a quotient of literals is rounded by Python; use x / n"


def test_the_lint_of_constants_sees():
    assert Fraction("0.1") != Fraction(0.1) and Fraction("0.5") == Fraction(0.5) and Fraction("1e8") == Fraction(1e8)


def test_bars_are_cotangents():
    """`_bar` is for cotangents alone, and what a pullback takes is cotangents."""
    for path in MATHS_MODULES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef) and node.name == "pullback":
                taken = [argument.arg for argument in node.args.args]
                assert taken and all(name.endswith("_bar") or name == "wrt" for name in taken), (path.name, node.lineno)
            elif isinstance(node, ast.FunctionDef):
                assert not any(argument.arg.endswith("_bar") for argument in node.args.args), (path.name, node.name)


@pytest.mark.parametrize("name", [n for n, ref in CATALOGUE.items() if ref.differentiable])
def test_pullbacks_take_the_bars_of_the_declaration(name):
    ref = CATALOGUE[name]
    case = draw(ref, 1)
    pullback = ref.body(*case.arguments().values(), **ref.resolved(case.options))[1]
    taken = pullback.__code__.co_varnames[: pullback.__code__.co_argcount]
    taken = [n for n in taken if n != "wrt"]
    assert len(taken) == len(ref.bars)
    if len(ref.result) > 1:
        assert taken == [f"{bar}_bar" for bar in ref.bars]
    assert not [n for n in (*ref.args, *ref.result) if n.endswith("_bar")]


def test_names_are_nouns():
    verbs = re.compile(r"^ *(?:async )?def _?(?:get|compute|calc|calculate)_.*", re.MULTILINE)
    named = {path: found for path in MODULES.values() if (found := verbs.findall(path.read_text(encoding="utf-8")))}
    assert not named
    assert verbs.findall("def f(x):\n    def _get_x():")


def test_every_module_and_public_function_says_what_it_is():
    for path in (path for name, path in MODULES.items() if name[0] in MATHS | CORE):
        tree = parsed(path)
        assert ast.get_docstring(tree), path
        if path.stem != "domain":  # its builders are declarations by themselves
            for node in tree.body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                    assert ast.get_docstring(node) or len(node.body) == 1, f"{path.name}: {node.name}"
