"""`refdgm.toml`, where the command runs: differences that are meant, said by who judges and not by who is judged.

    [expect."my_losses.py".gaussian_kl]
    differs = "clamps logvar on purpose"
    only = ["value", "gradient.logvar"]
    cases = ["006", "010"]
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from refdgm.catalogue import CATALOGUE, unknown
from refdgm.check.expecting import Expected, expected
from refdgm.check.process.reply import plain
from refdgm.cli.refused import Refused
from refdgm.errors import ArgumentError

FILE = "refdgm.toml"


def read(folder: Path, module: str) -> dict[str, Expected]:
    """By reference, what the file in `folder` expects of a module; all of the file must have a meaning."""
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise Refused(f"{FILE} cannot be read: {plain(str(error))}") from None
    if more := [key for key in held if key != "expect"]:
        raise Refused(f'{FILE} has {plain(more[0])}, of which nothing is known; it holds tables [expect."FILE".NAME]')
    found: dict[str, Expected] = {}
    for file, tables in _tables(held.get("expect", {}), '[expect."{}".NAME]'):
        if file.endswith(".py") and not (folder / file).is_file():
            raise Refused(f"{FILE} expects a difference of {plain(file)}, and there is no such file; take it out")
        for name, table in _tables(tables, f"[expect.{plain(file)}.{{}}]"):
            if name not in CATALOGUE:
                raise Refused(f"{FILE}: {unknown(name)}")
            try:
                one = expected(CATALOGUE[name], table)
            except ArgumentError as error:
                raise Refused(f"{FILE}: {plain(str(error))}") from None
            if os.path.normpath(file) == os.path.relpath(module, folder) or file == module:
                found[name] = one
    return found


def _tables(given: Any, form: str) -> Any:
    if not isinstance(given, Mapping):
        raise Refused(f"{FILE} must hold tables {form.format('FILE')}, got {plain(repr(given))[:60]}")
    return given.items()


def believed(meant: Mapping[str, Expected] | None, found: Mapping[str, Any]) -> None:
    """Refuse what is expected of a function that is not there, or is said twice."""
    for name in meant or {}:
        if name not in found:
            raise Refused(f"{FILE} expects a difference of {name}, which the candidate does not have; take it out")
        if found[name].expect:
            raise Refused(f"{name}: a difference is expected in {FILE} and in its entry; leave one out")
