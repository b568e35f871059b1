"""`refdgm check FOLDER`: each file in it that offers a candidate, by its text, in a process of its own."""

import argparse
import ast
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from refdgm.catalogue import CATALOGUE
from refdgm.check.process.reply import plain
from refdgm.check.report import exits
from refdgm.cli import jobs
from refdgm.cli.near import FORM
from refdgm.cli.refused import Refused


def found(
    args: argparse.Namespace, plan: Callable[[argparse.Namespace], Any], run: Callable[[Any], Any],
    empty: Callable[[], Any],
) -> Any:
    """One plan and what came of all files; `plan` and `run` are those of a single file, `empty` makes findings."""
    folder = Path(args.module)
    paths = [path for path in sorted(folder.glob("*.py")) if path.is_file() and offers(path)]
    if not paths:
        raise Refused(f"{plain(args.module)} has no file that offers a candidate: a function with the name of a "
                      "reference, CANDIDATES = {…}, or @candidate; `refdgm list` has the names")
    seed = secrets.randbits(48) if args.untrusted and args.seed is None else args.seed
    plans = [plan(argparse.Namespace(**vars(args) | {"module": str(path), "seed": seed})) for path in paths]
    every = empty()

    def came(path: Path, one: Any) -> bool:
        """Whether it goes on."""
        if isinstance(one, Refused):
            every.interrupted |= one.code == exits.INTERRUPTED
            every.unloaded.append((path.name, str(one), one.code))
            every.remarks.append((f"{path.name}: {one}", "red"))
            return not every.interrupted
        for checked in one.checked:
            checked.file = path.name
        every.joined(one, path.name)
        return not one.interrupted

    if args.jobs > 1 and len(plans) > 1:
        _together(paths, [replace(planned, jobs=1) for planned in plans], run, args.jobs, came, every)
    else:
        for path, planned in zip(paths, plans, strict=True):
            try:
                one: Any = run(planned)
            except Refused as refused:
                one = refused
            if not came(path, one):
                break
    return replace(plans[0], module=args.module), every


def _together(paths: list[Path], plans: list[Any], run: Callable[[Any], Any], many: int,
              came: Callable[[Path, Any], bool], every: Any) -> None:
    """Several files at the same time; at Ctrl-C those are known that stand before the first that is not finished."""
    finished = 0

    def found(unit: tuple[Any, ...], one: Any) -> None:
        nonlocal finished
        came(paths[finished], one)
        finished += 1

    try:
        with jobs.started(min(many, len(plans))) as pool:
            jobs.each(pool, run, [(planned,) for planned in plans], found)
    except KeyboardInterrupt:
        every.interrupted = True
        every.remarks.append((f"interrupted: {len(plans) - finished} of {len(plans)} files were not finished", "red"))


def offers(path: Path) -> bool:
    """Whether the text of a file offers a candidate, as far as it can be read without running it; what is no Python is
    asked, and told, as is a file in KernelBench's form that does not say what it computes."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return True
    return any(_offers(node) for node in tree.body)


def _offers(node: ast.stmt) -> bool:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        marks = {each.id if isinstance(each, ast.Name) else getattr(each, "attr", "")
                 for mark in node.decorator_list for each in ast.walk(mark)
                 if isinstance(each, (ast.Name, ast.Attribute))}
        return node.name in CATALOGUE or node.name == FORM or "candidate" in marks
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(t, ast.Name) and (t.id == "CANDIDATES" or t.id in CATALOGUE) for t in targets)
    if isinstance(node, ast.ImportFrom):
        return node.module != "refdgm" and any((alias.asname or alias.name) in CATALOGUE for alias in node.names)
    return False
