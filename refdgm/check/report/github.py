"""What does not pass, as workflow commands: GitHub shows them at the function in the file."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from refdgm.check.judging.checked import Checked
from refdgm.check.report import exits
from refdgm.check.report.remarks import remarks, told
from refdgm.check.verdicts import EXPECTED

LONG = 4000  # characters of a message
FAILS = "error"


def commands(found: list[Checked], path: Path | None, strict: bool, unloaded: Iterable[tuple[str, str]]) -> list[str]:
    """Lines: an error for what fails, a warning for a convention that is not declared, a notice for a difference that
    was expected. `path`: the file of the candidate, or the folder of those that `Checked.file` names."""
    lines = []
    for name, why in unloaded:
        lines.append(_command(FAILS, f"{name} could not be loaded", why, _file(path, name), 1))
    for checked in found:
        code = exits.exit_code([checked.verdict], bool(checked.convention), strict)
        kind = FAILS if code else "warning" if checked.convention else "notice" if checked.verdict == EXPECTED else ""
        if kind:
            file = _file(path, checked.file)
            text = "\n".join(text.strip() for text, _ in remarks(checked)) or told(checked)
            lines.append(_command(kind, f"{checked.title}: {checked.verdict}", text, file,
                                  line_of(file, checked.ref.name) if file else 0))
    return lines


def _file(path: Path | None, name: str) -> Path | None:
    return path / name if path and name else path


def _command(kind: str, title: str, text: str, file: Path | None, line: int) -> str:
    where = {"file": file.as_posix(), "line": str(line)} if file else {}
    properties = ",".join(f"{name}={_property(x)}" for name, x in (where | {"title": title}).items())
    return f"::{kind} {properties}::{_data(text[:LONG])}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def line_of(file: Path, name: str) -> int:
    """Where the function is that the file offers under this name, by its text; 1 where the text does not tell."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return 1
    where = {node.name: node.lineno for node in reversed(tree.body)
             if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    for key, value in _entries(tree):
        if isinstance(key, ast.Constant) and key.value == name:
            offered = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)} & where.keys()
            return min((where[each] for each in offered), default=key.lineno)
    return where.get(name, 1)


def _entries(tree: ast.Module) -> Iterator[tuple[ast.expr | None, ast.expr]]:
    """The keys of `CANDIDATES` with their values."""
    for node in tree.body:
        named = isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "CANDIDATES"
                                                     for t in node.targets)
        if named and isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            yield from zip(node.value.keys, node.value.values, strict=True)
