"""Mutants of a source file: one change of an expression each, as a slip of the pen would make it.

A mutant is named by what does not move when lines do: its file, the qualified name of its function, and the source of
the expression before and after; of several alike in one function the nth. What is told to a reader, checked at import
or the same in every run is not changed: declarations, defaults, annotations, messages, dtypes and devices.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BINARY = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
          ast.FloorDiv: ast.Mult, ast.LShift: ast.RShift}
BOUND = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPPOSITE = {ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
            ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}
ORDERED = (ast.Sub, ast.Div, ast.MatMult)  # whose sides do not commute
CALLED = {"exp": "expm1", "expm1": "exp", "log": "log1p", "log1p": "log", "min": "max", "max": "min",
          "minimum": "maximum", "maximum": "minimum", "argmin": "argmax", "argmax": "argmin", "sum": "mean",
          "mean": "sum", "zeros": "ones", "ones": "zeros", "zeros_like": "ones_like", "ones_like": "zeros_like",
          "sin": "cos", "cos": "sin", "all": "any", "any": "all", "floor": "ceil", "ceil": "floor"}
LEFT_OUT = {"tanh", "sqrt", "abs", "sign", "matrix_transpose", "cumsum"}  # f(x) → x
BUILTIN = {"isinstance", "range", "zip", "len", "getattr", "type", "map", "print", "dict", "tuple", "list", "set",
           "enumerate", "min", "max", "sum", "sorted", "str", "hasattr", "filter", "int", "float", "abs"}
COMMUTING = {"inner", "added", "common_unit"}  # functions whose first two arguments do
FIXED = {"dtype", "device", "strict"}  # keywords; the last is of zip, and says what is so
UNTOLD = (ast.Raise, ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom, ast.ClassDef, ast.Global, ast.Nonlocal)
FUNCTIONS = (ast.FunctionDef, ast.Lambda)


@dataclass
class Mutant:
    """A change that can be made: `nodes[0]` is exchanged for `nodes[1]` where `holder` has it."""

    path: str
    function: str  # of a table of the module, its name
    operator: str
    before: str
    after: str
    inside: Any  # the innermost function, or the statement of the module
    holder: tuple[Any, str, int | None] = field(repr=False)
    nodes: tuple[Any, Any] = field(repr=False)
    nth: int = 1

    @property
    def key(self) -> str:
        of_several = f" (no. {self.nth})" if self.nth > 1 else ""
        return f"{self.path}::{self.function}: {self.before} → {self.after}{of_several}"

    @property
    def line(self) -> int:
        return int(self.nodes[0].lineno)

    @property
    def lines(self) -> tuple[int, int]:
        """First and last, of the innermost statement that it changes; of one that holds others, its head."""
        around = [each for each in ast.walk(self.inside) if isinstance(each, ast.stmt) and each is not self.inside
                  and each.lineno <= self.line <= (each.end_lineno or each.lineno)]
        innermost = max(around, key=lambda each: each.lineno, default=self.inside)
        body = getattr(innermost, "body", None)
        return innermost.lineno, max(innermost.lineno, body[0].lineno - 1) if body else innermost.end_lineno

    @property
    def of_a_table(self) -> bool:
        return isinstance(self.inside, ast.stmt) and not isinstance(self.inside, ast.FunctionDef)

    def put(self, node: Any) -> None:
        parent, name, index = self.holder
        if index is None:
            setattr(parent, name, node)
        else:
            getattr(parent, name)[index] = node


class Source:
    """A file, with the mutants of its functions and of its tables of numbers."""

    def __init__(self, path: str) -> None:
        self.path, self.file = path, ROOT / path
        self.tree = ast.parse(self.file.read_text(encoding="utf-8"))

    @cached_property
    def mutants(self) -> list[Mutant]:
        found, many = [], Counter[Any]()
        for statement in self.tree.body:
            walker = Walker(self.path)
            if isinstance(statement, ast.FunctionDef | ast.ClassDef):
                walker.definition(statement, ())
            elif isinstance(statement, ast.Assign | ast.AnnAssign) and plain(statement, self.tree):
                target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
                walker.walk(statement.value, (statement, "value", None), ast.unparse(target), statement)
            for one in walker.found:
                many[one.key] += 1
                one.nth = many[one.key]
                found.append(one)
        return found

    @cached_property
    def code(self) -> CodeType:
        return compile(self.tree, str(self.file), "exec", dont_inherit=True)

    def changed(self, one: Mutant) -> CodeType:
        """The code of the file with this change."""
        old, new = one.nodes
        one.put(new if hasattr(new, "lineno") else ast.fix_missing_locations(ast.copy_location(new, old)))
        kept = one.inside.body if isinstance(one.inside, ast.FunctionDef) else None
        if kept is not None and isinstance(old, ast.expr):  # a closure keeps the variables that it had
            dead = ast.copy_location(ast.If(ast.Constant(False), [ast.Expr(old)], []), old)
            one.inside.body = [*kept, ast.fix_missing_locations(dead)]
        try:
            return compile(self.tree, str(self.file), "exec", dont_inherit=True)
        finally:
            one.put(old)
            if kept is not None:
                one.inside.body = kept


def plain(statement: ast.Assign | ast.AnnAssign, tree: ast.Module) -> bool:
    """Whether it is a table of numbers: nothing in it is called but classes of this file and fractions."""
    own = {each.name for each in tree.body if isinstance(each, ast.ClassDef)} | {"Fraction"}
    if statement.value is None or isinstance(statement.value, ast.Subscript):  # the latter names a type
        return False
    for node in ast.walk(statement.value):
        if isinstance(node, ast.Lambda | ast.JoinedStr) or (
                isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in own)):
            return False
    return True


class Walker:
    """What may be changed in a function, from the outermost expression to the innermost."""

    def __init__(self, path: str) -> None:
        self.path, self.found = path, list[Mutant]()

    def definition(self, node: Any, outside: tuple[str, ...]) -> None:
        for index, statement in enumerate(node.body):
            name = (*outside, node.name)
            if isinstance(statement, ast.FunctionDef | ast.ClassDef):
                self.definition(statement, name)
            elif isinstance(node, ast.FunctionDef):
                self.walk(statement, (node, "body", index), ".".join(name), node)

    def walk(self, node: Any, holder: tuple[Any, str, int | None], name: str, inside: Any) -> None:
        if isinstance(node, ast.FunctionDef):  # in a branch or a loop
            return self.definition(node, tuple(name.split(".")))
        if isinstance(node, UNTOLD) or (isinstance(node, ast.keyword) and node.arg in FIXED):
            return None
        for operator, new in changes(node, holder):
            before, after = ast.unparse(node), "nothing" if isinstance(new, ast.Pass) else ast.unparse(new)
            if before != after:
                place = (node, "op", None) if isinstance(new, ast.operator) else holder
                self.found.append(Mutant(self.path, name, operator, before, after, inside, place, (node, new)))
        for label, child in ast.iter_fields(node):
            if label in ("annotation", "type_comment", "args") and isinstance(node, ast.AnnAssign | ast.Lambda):
                continue
            for index, each in enumerate(child) if isinstance(child, list) else [(None, child)]:
                if isinstance(each, ast.AST):
                    self.walk(each, (node, label, index), name, inside)
        return None


def changes(node: Any, holder: tuple[Any, str, int | None]) -> Iterator[tuple[str, Any]]:
    """(operator, what stands in its place)."""
    parent = holder[0]
    if isinstance(node, ast.BinOp) and not any(map(worded, (node.left, node.right))):
        yield from of_two(node.left, node.op, node.right)
    elif isinstance(node, ast.AugAssign):
        if type(node.op) in BINARY:
            yield "operation", ast.AugAssign(node.target, BINARY[type(node.op)](), node.value)
        yield "left out", ast.Pass()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        if isinstance(parent, ast.keyword) and parent.arg == "axis":
            yield "axis", ast.Constant(0)
        else:
            yield "sign", node.operand
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "condition", node.operand
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for name, table in (("bound", BOUND), ("condition", OPPOSITE)):
            if type(node.ops[0]) in table:
                yield name, ast.Compare(node.left, [table[type(node.ops[0])]()], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield "condition", ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
    elif isinstance(node, ast.Constant):
        yield from of_a_constant(node, parent)
    elif isinstance(node, ast.Call):
        yield from of_a_call(node)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield "left out", node.value
    elif isinstance(node, ast.IfExp | ast.If | ast.While) and isinstance(node.test, ast.Name | ast.Call):
        opposite = ast.UnaryOp(ast.Not(), node.test)
        if isinstance(node, ast.IfExp):
            yield "condition", ast.IfExp(opposite, node.body, node.orelse)
    if holder[1] in ("test", "ifs") and isinstance(node, ast.Name | ast.Call | ast.Attribute):
        yield "condition", ast.UnaryOp(ast.Not(), node)


def worded(node: Any) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def of_two(left: Any, op: Any, right: Any) -> Iterator[tuple[str, Any]]:
    if type(op) in BINARY:
        yield "operation", ast.BinOp(left, BINARY[type(op)](), right)
    if isinstance(op, ORDERED):
        yield "exchanged", ast.BinOp(right, op, left)
    if isinstance(op, ast.Add | ast.Sub):
        yield "term left out", left
        yield "term left out", right if isinstance(op, ast.Add) else ast.UnaryOp(ast.USub(), right)
    if isinstance(op, ast.Mult | ast.Div | ast.Pow | ast.MatMult):
        yield "factor left out", left
    if isinstance(op, ast.Mult):
        yield "factor left out", right


def of_a_constant(node: ast.Constant, parent: Any) -> Iterator[tuple[str, Any]]:
    x = node.value
    if isinstance(parent, ast.keyword) and parent.arg == "axis" and type(x) is int:
        yield "axis", ast.Constant(x - 1 if x > 0 else -1)
    elif type(x) is bool:
        yield "constant", ast.Constant(not x)
    elif type(x) is int and not (isinstance(parent, ast.UnaryOp) and x == 1):  # −1 is an axis, an end, a sign
        yield "constant", ast.Constant(x + 1)
    elif type(x) is float:
        yield "constant", ast.Constant(2 * x if x else 1.0)


def of_a_call(node: ast.Call) -> Iterator[tuple[str, Any]]:
    func = node.func
    name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    if name in CALLED:
        new = ast.Name(CALLED[name], ast.Load()) if isinstance(func, ast.Name) else ast.Attribute(
            func.value, CALLED[name], ast.Load())
        yield "another function", ast.Call(new, node.args, node.keywords)
    if name in LEFT_OUT and node.args:
        yield "left out", node.args[0]
    if any(isinstance(x, ast.Starred) for x in node.args):
        return
    if name == "where" and len(node.args) == 3:
        yield "exchanged", ast.Call(func, [node.args[0], node.args[2], node.args[1]], node.keywords)
    elif isinstance(func, ast.Name) and len(node.args) > 1 and name not in BUILTIN | COMMUTING and name[:1].islower():
        yield "exchanged", ast.Call(func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
