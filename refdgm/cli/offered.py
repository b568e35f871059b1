"""Who answers: a module of Python, a program (`--command`), or a file of answers (`--answers`)."""

import argparse
import os
import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refdgm.check.filed import Filed
from refdgm.check.process.reply import plain
from refdgm.check.process.session import Restarting
from refdgm.check.report import exits
from refdgm.cli.refused import Refused
from refdgm.errors import VectorFileError

OTHERS = ("dtype", "accumulate", "shape", "seed", "vectors", "untrusted", "output")  # what no file can be asked


@dataclass(frozen=True)
class Offer:
    """`name` is what reports call it, empty where nothing was offered; `load` what answers, where it is no module."""

    name: str = ""
    load: Any = None


def offer(args: argparse.Namespace, wanted: Sequence[str]) -> Offer:
    """From the words of the command; `Refused` where they have no meaning."""
    ways = {"a module": args.module, "--command": args.program, "--answers": args.answers}
    given = [way for way, x in ways.items() if x is not None]
    if len(given) > 1:
        raise Refused(f"{' and '.join(given)} are two that would answer: choose")
    if given and args.definitions:
        raise Refused(f"--definitions are ours, and {given[0]} is yours: choose")
    if args.dry and args.program is None:
        raise Refused("--dry shows a question to a program: name it by --command")
    if args.dry and (args.report or args.json):
        raise Refused("--dry judges nothing, and there is no report of it: leave --report and --json out")
    if args.program is not None:
        return _command(args.program, wanted)
    if args.answers is not None:
        return _answers(args, wanted)
    if args.module is not None:
        _module(args.module)
    return Offer(args.module or "")


def opened(load: str | Mapping[str, Any] | Filed, timeout: float, memory: float, untrusted: bool) -> Any:
    """Who is asked."""
    return load if isinstance(load, Filed) else Restarting(load, timeout, memory, untrusted)


def remarks(asked: Any) -> list[tuple[str, str]]:
    """(text, style): what a file of answers lacks."""
    return [(plain(line), "yellow") for line in asked.remarks] if isinstance(asked, Filed) else []


def _command(text: str, wanted: Sequence[str]) -> Offer:
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise Refused(f"--command must be a program and its words, got {plain(text)} ({error}); close the quotation"
                      ) from None
    if not words:
        raise Refused('--command must be a program and its words, such as "./mine" or "node mine.mjs", got nothing')
    if shutil.which(words[0]) is None:
        there = os.path.isfile(words[0])
        why = ("is a file that cannot be run; chmod +x makes it one, or name its interpreter before it" if there else
               "is no program; build it, or give its path, such as ./mine")
        raise Refused(f"--command: {plain(words[0])} {why}")
    name = " ".join(Path(word).name or word for word in words)
    return Offer(name, {"command": words, "select": list(wanted), "paths": os.environ.get("PYTHONPATH")})


def _module(name: str) -> None:
    if name.endswith(".py"):
        if not Path(name).is_file():
            raise Refused(f"there is no file {plain(name)}; give its path from the folder that you are in")
    elif Path(name).exists() and "." in name:
        raise Refused(f"MODULE must be a file ending in .py or the dotted name of a module, got {plain(name)}")
    elif Path(f"{name}.py").is_file():
        raise Refused(f"{plain(name)} would be a module; for the file write {plain(name)}.py")


def _answers(args: argparse.Namespace, wanted: Sequence[str]) -> Offer:
    """The file is read at once: what is wrong with it is told before anything else."""
    asked = [f"--{name}" for name in OTHERS if getattr(args, name)]
    if args.device != "cpu":
        asked.append("--device")
    if asked:
        raise Refused(f"{asked[0]} asks anew, and a file of --answers has been asked before, the shipped cases; "
                      "leave it out, or use --command")
    if not os.path.exists(args.answers):
        raise Refused(f"--answers: there is no file {plain(args.answers)}")
    try:
        return Offer(args.answers, Filed(Path(args.answers), wanted))
    except VectorFileError as error:
        raise Refused(plain(str(error)), exits.VECTORS) from None
