"""What the bodies say of themselves: every numbered equation is marked in the code, every mark is an equation."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

import refdgm
from refdgm import CATALOGUE

PACKAGE = Path(refdgm.__file__).parent
FAMILIES = ("primitives", "nets", "layers", "energy", "latent", "score", "sde", "diffusion", "ode", "flow",
            "adversarial", "metrics")
FILES = [path for family in FAMILIES for path in sorted((PACKAGE / family).glob("*.py"))]
DOCUMENTED = re.compile(r" {2,}\((\d+)\)$", re.MULTILINE)  # at the end of a line of a docstring
MARK = re.compile(r"(?:(\w+) )?\((\d+(?:[,–] ?\d+)*)\)")  # in a comment: (1), (1, 2), (1–3), odeint (2)
NOT_COMPUTED = {
    ("ddim_step", 2): "the step as the paper has it; (3–6) are the same, and (6) is computed",
    ("cosine_schedule", 1): "(3) is (2) with it put in",
    ("reconstruction_loss", 1): "the model; (2) is its density, in which x₁ has cancelled",
}


def equations():
    """{function: its numbers} of all functions whose docstring has numbered equations."""
    return {node.name: {int(n) for n in DOCUMENTED.findall(text)}
            for path in FILES for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.FunctionDef) and DOCUMENTED.search(text := ast.get_docstring(node) or "")}


def numbers(text):
    """1, 2 of "1, 2" and 1, 2, 3 of "1–3"."""
    for part in text.split(","):
        first, _, last = part.partition("–")
        yield from range(int(first), int(last or first) + 1)


def marks(text, numbered):
    """(whose, number) of every mark of a module: of the function that is named before it, or else of the numbered
    function that it stands in, or of those that use the helper that it stands in."""
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    uses = {f.name: {n.id for n in ast.walk(f) if isinstance(n, ast.Name)} for f in functions}

    def owners(name):
        by = {f for f in uses if f != name and name in uses[f]}
        return {name} if name in numbered else set().union(*map(owners, by))

    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            line = token.start[0]
            inside = [f.name for f in functions if f.lineno <= line <= f.end_lineno]
            for name, listed in MARK.findall(token.string):
                whose = {name} if name in numbered else owners(inside[0]) if inside else set()
                for n in numbers(listed):
                    yield from ((f, n) for f in whose or {f"line {line}"})


EQUATIONS = equations()
MARKED = {path: list(marks(path.read_text(), EQUATIONS)) for path in FILES}


def test_every_equation_is_marked_in_the_code():
    for name in EQUATIONS:
        there = {n for found in MARKED.values() for f, n in found if f == name}
        missing = {n for n in EQUATIONS[name] - there if not NOT_COMPUTED.get((name, n))}
        assert not missing, f"{name}: no line of the code is marked # ({min(missing)})"


def test_every_mark_is_an_equation():
    for path in FILES:
        unknown = [(f, n) for f, n in MARKED[path] if n not in EQUATIONS.get(f, ())]
        assert not unknown, f"{path.name}: {unknown} are in no docstring"


def test_what_is_not_computed_is_not_marked():
    marked = {mark for found in MARKED.values() for mark in found}
    assert all(n in EQUATIONS[name] and (name, n) not in marked for name, n in NOT_COMPUTED)


def test_marks_are_seen():
    module = '''
def helper():
    pass  # (2), cosine (7)
def sine():
    """Sine.

        y = sin x    (1)
        z = cos x    (2)
    """
    helper()
    return 0  # (1–3), (B, 4)
'''
    numbered = {"sine": {1, 2}, "cosine": {7}}
    assert {int(n) for n in DOCUMENTED.findall(module)} == {1, 2}
    assert sorted(marks(module, numbered)) == [("cosine", 7), ("sine", 1), ("sine", 2), ("sine", 2), ("sine", 3)]


@pytest.mark.parametrize("name", CATALOGUE)
def test_annotations_say_what_is_returned(name):
    """A pair of value and pullback, where there is a pullback; a tuple, where there are several outputs."""
    ref = CATALOGUE[name]
    several = len(ref.result) > 1
    pair, alone = ("Results", "Result"), ("tuple[Array, ...]", "Array")
    tree = ast.parse(Path(ref.body.__code__.co_filename).read_text())
    says = {f.name: ast.unparse(f.returns) for f in tree.body if isinstance(f, ast.FunctionDef)}
    assert says[name] == (pair if ref.differentiable else alone)[not several]
