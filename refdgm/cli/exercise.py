"""`refdgm exercise NAME [FILE]`: a file in which the value is given and the gradients are to be derived."""

import argparse
import inspect
import re
from pathlib import Path
from textwrap import indent, wrap
from types import FunctionType

from refdgm.check.process.reply import plain
from refdgm.cli.new_file import write
from refdgm.cli.refused import Refused
from refdgm.reference import Reference

BAR = re.compile(r"[^\W\d_]_bar(?![a-z])")


def carry_out(args: argparse.Namespace) -> int:
    """Write the file; never over another."""
    from refdgm.catalogue import CATALOGUE, unknown

    if args.name not in CATALOGUE:
        raise Refused(unknown(args.name))
    ref = CATALOGUE[args.name]
    if why := unfit(ref):
        raise Refused(why)
    path = Path(args.file or f"{ref.name}_exercise.py")
    if path.suffix != ".py":
        raise Refused(f"FILE must end in .py, for `refdgm check` asks it, got {plain(str(path))}")
    write(path, exercise(ref, path.name).encode(), "FILE", "may hold your work")
    print(f"{plain(str(path))}: derive the gradients of {', '.join(ref.wrt)}; "
          f"`refdgm check {plain(str(path))}` says what is right")
    return 0


def unfit(ref: Reference) -> str:
    """Why there is no exercise of it, in one sentence; empty where there is one."""
    fields = [name for name in ref.options if ref.args[name].field]
    if not ref.differentiable:
        return f"{ref.name} has no derivative, for its result is discrete: nothing is to be derived; choose another"
    if fields:
        return (f"{ref.name} takes {', '.join(fields)}, any network, whose gradients your code would have to receive; "
                "choose one without, as mlp, or follow its derivation")
    return ""


def exercise(ref: Reference, file: str) -> str:
    """The whole file."""
    from refdgm.evidence.alone import alone

    given = alone(ref.name)
    order = inspect.signature(ref.body).parameters.values()
    options = [str(p) for p in order if p.name in ref.options]
    options = [re.sub(r": [^=]*(?= = )|: .*", "", option) for option in options]
    signature = ", ".join([*ref.arrays, *(["*", *options] if options else [])])
    passed = ", ".join([*ref.arrays, *(f"{name}={name}" for name in ref.options)])
    bars = ", ".join(f"{name}_bar" for name in ref.bars)
    results = ", ".join(ref.result)
    width = max(map(len, ref.wrt))
    blanks = [f"# gradients[\"{name}\"]{'':{width - len(name)}} = …   {_shape(ref, name)}" for name in ref.wrt]
    value = f"{results} = _value({passed})"
    if given is None:
        value = f"{' = '.join(ref.result)} = None  # yours too: its definition has no plain text to be given here"
    several = f"({results})" if len(ref.result) > 1 else results
    lines = [f'r"""{_told(ref, file)}"""', "", "import numpy as np"]
    lines += ["", "# The value is given, as a textbook or a library writes it.", "", given] if given else []
    lines += ["", "", f"def {ref.name}({signature}):", f"    {value}", "", f"    def pullback({bars}):",
              "        gradients = {}", *(f"        {blank}" for blank in blanks), "        return gradients", "",
              f"    return {several}, pullback", ""]
    return "\n".join(lines)


def _told(ref: Reference, file: str) -> str:
    """What is asked, as the docstring and the declaration have it."""
    from refdgm.cli.show import _table, derivative_of
    from refdgm.declaration.words import domain_of

    objective, source = objective_of(ref)
    parts = [f"{ref.name}: the gradients are yours.\n", objective, "\nArguments"]
    parts += _table([(name, domain_of(domain), domain.meaning, ()) for name, domain in ref.args.items()])
    parts += [f"  {symbol}: {bound}, for {bound.why}" for symbol, bound in ref.bounds.items()]
    parts += ["\nResult", *_table([(name, domain_of(array), array.meaning, ()) for name, array in ref.result.items()])]
    bars = ", ".join(f"{name}_bar, of the shape of {name}," for name in ref.bars)
    weighed = " + ".join(f"sum({name}_bar * {name})" for name in ref.bars)
    of = derivative_of(ref)
    if isinstance(ref.derivative_of, FunctionType):  # of a text that the student does not have
        of = "what is under a stopped gradient, sg, counts as a number"
    asked = (f"`pullback` receives {bars} and returns by name the gradients of {weighed} with respect to "
             f"{', '.join(ref.wrt)}, each of the shape of its argument: {of}.")
    parts += ["\nGradients", indent("\n".join(wrap(asked, 116)), "  "), "", *source]
    parts += [f"\nWhat is blank, wrong or right says\n\n    refdgm check {plain(file)}\n"]
    return "\n".join(parts)


def objective_of(ref: Reference) -> tuple[str, list[str]]:
    """The docstring up to where it tells the gradient, and its source."""
    text = inspect.getdoc(ref.body) or ""
    before, _, source = text.partition("Source: ")
    end = min([m.start() for pattern in ("[Cc]otangent", BAR) for m in re.finditer(pattern, before)] or [len(before)])
    if end < len(before):
        block = before.rfind("\n\n", 0, end)
        equation = before.rfind("\n    ", 0, end)
        sentence = before.rfind(". ", 0, end) + 1
        here = before[:end].rpartition("\n")[2].startswith("    ")
        end = max(block, equation) if here else max(block, sentence)
    objective = before[:end].rstrip()
    return (objective, ["Source: " + source.rstrip()] if source else [])


def _shape(ref: Reference, name: str) -> str:
    domain = ref.args[name]
    if not hasattr(domain, "shape"):
        return f"a dict with the keys of {name}"
    from refdgm.declaration.domain import shown

    return shown(domain.shape)
