"""The command `refdgm`: its words. What a command does is in the module of its name, loaded when it is asked for."""

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from refdgm.check.dtypes import BITS
from refdgm.check.report import exits
from refdgm.cli.refused import Refused
from refdgm.errors import RefdgmError
from refdgm.version import __version__


def parser() -> argparse.ArgumentParser:
    """The command line."""
    main = argparse.ArgumentParser("refdgm", description="Reference implementations of deep generative models.")
    main.add_argument("--version", action="version", version=f"refdgm {__version__}")
    commands = main.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _check(commands)
    listing = commands.add_parser("list", help="the references, by family")
    listing.add_argument("family", nargs="?", help="of this family alone")
    listing.add_argument("--json", action="store_true", help="print it as JSON")
    commands.add_parser("show", help="one reference on one page").add_argument("name")
    explain = commands.add_parser("explain", help="one certified case: why it is there, its numbers, a snippet")
    explain.add_argument("case", metavar="NAME/NNN", help="as gaussian_kl/013; `refdgm check` names those that matter")
    explain.add_argument("--framework", choices=("torch", "jax", "numpy"), help="of the snippet")
    stages = commands.add_parser("stages", help="the intermediates of a step, and where a port departs")
    stages.add_argument("case", nargs="?", metavar="NAME/NNN", help="or NAME, all its cases; default: a list")
    files = stages.add_mutually_exclusive_group()
    files.add_argument("--write", metavar="FILE", help="inputs and stages to a new .safetensors")
    files.add_argument("--mine", metavar="FILE", help="a .safetensors of 001/stage.NAME: say the first that departs")
    _found(commands)
    exercise = commands.add_parser("exercise", help="a file to derive gradients in; `refdgm check` is the tutor")
    exercise.add_argument("name")
    exercise.add_argument("file", nargs="?", metavar="FILE", help="default: NAME_exercise.py; never over another")
    _vectors(commands)
    commands.add_parser("doctor", help="what is installed, and what it allows")
    return main


def _found(commands: Any) -> None:
    find = commands.add_parser("find", help="references by a word or by a library's function: kl, F.gumbel_softmax")
    find.add_argument("words", nargs="+", metavar="WORD")
    find.add_argument("--all", action="store_true", help="not the best alone")
    find.add_argument("--json", action="store_true", help="print them as JSON")
    docs = commands.add_parser("docs", help="the derivation of a reference, in the pager")
    docs.add_argument("name")
    place = docs.add_mutually_exclusive_group()
    place.add_argument("--path", action="store_true", help="print where its page lies")
    place.add_argument("--web", action="store_true", help="open the page of the manual, where it was built")


def _vectors(commands: Any) -> None:
    does = commands.add_parser("vectors", help="the certified cases as files for other languages")
    command = does.add_subparsers(dest="does", required=True, metavar="export").add_parser(
        "export", help="questions, right answers and tolerances as safetensors, npz, and flat binary with a C header")
    command.add_argument("names", nargs="+", metavar="NAME", help="references")
    command.add_argument("folder", metavar="DIR", help="a folder; nothing in it is overwritten")
    command.add_argument("--dtype", action="append", choices=tuple(BITS), help="default: float64; may be given twice")
    command.add_argument("--format", action="append", choices=("safetensors", "npz", "flat", "flashinfer", "sol"),
                         help="default: safetensors, npz and flat; flashinfer, sol: problems for benchmarks of kernels")
    command.add_argument("--questions-only", action="store_true",
                         help="without right answers and tolerances, which take seconds to measure")


def _check(commands: Any) -> None:
    codes = ", ".join(f"{code} {word}" for code, word in exits.WORDS.items())
    command = commands.add_parser(
        "check",
        help="compare an implementation with certified numbers",
        description="Compare value and every gradient of an implementation with certified numbers. Running the "
        "module is running its code, in a child process of yours; check only what you would run.",
        epilog=f"exit codes: {codes}; of several 1 wins, then 5, 4 and 3",
    )
    option = command.add_argument
    option("module", nargs="?",
           help="my_losses.py, a dotted module, or a folder of files; without it and any option, an example")
    option("--command", dest="program", metavar="WORDS", help="a program in place of a module, asked by lines of JSON")
    option("--dry", action="store_true", help="with --command: show one question, look at the form of its answer")
    option("--answers", metavar="FILE", help="a .safetensors file of answers to the shipped cases in place of a module")
    option("--definitions", action="store_true",
           help="the embedded textbook definitions; options without a module are of them too")
    option("--select", metavar="NAMES", action="append",
           help="references, separated by commas; a missing one fails")
    option("--dtype", metavar="NAMES", help=f"of {', '.join(BITS)}, several separated by commas; default: float64, "
           "or what the candidate declares")
    option("--accumulate", choices=tuple(BITS),
           help="in which reductions are meant to be added up; default: float32 for half precision, else the dtype")
    option("--elementary", metavar="exp=60,log=4",
           help="ulps that elementary functions of your platform err by, and that are allowed for")
    option("--shape", action="append", metavar="B=64,K=10",
           help="fresh cases of these sizes, judged by the float64 reference")
    option("--seed", type=int, metavar="N", help="fresh cases from this seed")
    option("--vectors", metavar="INDEX", action="append", default=[],
           help="cases of this index file, not the shipped ones")
    option("--device", default="cpu", help="cpu (default), cuda, cuda:1")
    option("--strict", action="store_true",
           help="lost digits, a lower dtype, undeclared conventions, gradients of hyper-parameters fail too")
    option("--untrusted", action="store_true", help="the author may cheat: fresh cases from a seed that nobody knew, "
           "every question twice, refdgm and this process out of reach")
    option("--timeout", type=float, default=60.0, metavar="S", help="seconds for one case (default 60)")
    option("--memory", type=float, default=16.0, metavar="GIB", help="memory of the candidate (default 16)")
    option("--jobs", type=int, default=1, metavar="N",
           help="judge N functions, or files of a folder, at the same time; the report is the same (default 1)")
    option("--json", action="store_true", help="print the report as JSON, not as a table")
    option("--report", metavar="FILE", action="append", default=[],
           help="write the report, as JSON to a .json, as JUnit XML to an .xml, as a page to an .html; over nothing "
                "but a report of before")
    option("--summary", metavar="FILE", help="write a table to a .md; over nothing but a table of before")
    option("--format", choices=("text", "github"), default="text",
           help="github: also workflow commands that show what fails at its line")
    option("--table", action="store_true", help="a table of every function, role by role, of what agrees too")
    option("--output", action="store_true", help="show what the candidate printed")


def main(argv: Sequence[str] | None = None) -> int:
    """Carry the command out; the exit code. A terminal without the letters that we write gets others."""
    _standard_streams()
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    if not (sys.argv[1:] if argv is None else argv):
        print("refdgm: nothing was asked; `refdgm check` shows an example, `refdgm list` the references, "
              "`refdgm --help` every command", file=sys.stderr)
        return exits.USAGE
    args = parser().parse_args(argv)
    command = {"list": "listing"}.get(args.command, args.command)
    try:
        code: int = import_module(f"refdgm.cli.{command}").carry_out(args)
        sys.stdout.flush()
        return code
    except Refused as refused:
        print(f"refdgm: {refused}", file=sys.stderr)
        return refused.code
    except KeyboardInterrupt:
        print("refdgm: interrupted", file=sys.stderr)
        return exits.INTERRUPTED
    except BrokenPipeError:  # the reader is gone: what is left in the buffer has nowhere to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return exits.FAULT
    except OSError as error:
        print(f"refdgm: the report could not be told: {error}", file=sys.stderr)
        return exits.FAULT
    except RefdgmError as error:
        print(f"refdgm: {error}", file=sys.stderr)
        return exits.USAGE
    except Exception as error:  # never a traceback with exit code 1, which says that a candidate differs
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{os.path.basename(last.filename)}:{last.lineno}"
        told = " ".join(f"{type(error).__name__}: {error}".split())[:500]
        print(f"refdgm: a fault of refdgm itself, nothing was shown of your code: {told} ({where}); please report it",
              file=sys.stderr)
        return exits.FAULT


def _standard_streams() -> None:
    """Where one of the three was closed, the next file that is opened would take its number, and be it for a child."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w", closefd=False))  # noqa: SIM115
