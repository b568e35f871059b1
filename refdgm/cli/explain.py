"""`refdgm explain NAME/NNN`: one certified case, why it is there, its numbers, and a snippet that has it again."""

import argparse
from importlib.util import find_spec
from textwrap import wrap

import numpy as np

from refdgm.cases import REGIMES, Case, flatten
from refdgm.catalogue import CATALOGUE, unknown
from refdgm.check.questions import vectors
from refdgm.cli.refused import Refused
from refdgm.evidence import find
from refdgm.reference import Reference

WIDTH, MANY = 80, 24  # columns, and numbers of an array that are shown


def carry_out(args: argparse.Namespace) -> int:
    """Print it."""
    name, _, number = args.case.partition("/")
    if name not in CATALOGUE:
        raise Refused(unknown(name))
    shipped = vectors.shipped(name)
    found = next((case for case in shipped.cases if number and case.id == f"{name}/{number.zfill(3)}"), None)
    if found is None:
        raise Refused(f"{name} has the cases {shipped.cases[0].id} to {shipped.cases[-1].id}, got {args.case}; "
                      "`refdgm check` names those where digits are lost or numbers differ")
    framework = args.framework or next((one for one in ("torch", "jax") if find_spec(one)), "numpy")
    print("\n".join(explain(CATALOGUE[name], found, framework)))
    return 0


def explain(ref: Reference, case: Case, framework: str) -> list[str]:
    """The page, line by line."""
    about, options = case.about, "".join(f", {name} = {x}" for name, x in case.options.items())
    sizes = ", ".join(f"{name} {x}" for name, x in about["sizes"].items() if name in str(ref.args) or name == "...")
    lines = [case.id, "", *_told("What", case.comment),
             *_told("Sizes", f"{sizes}{options}".removeprefix(", ") or "a single number"),
             *_told("Numbers", REGIMES.get(case.regime, case.regime))]
    for n, note in enumerate(case.why.values()):
        lines += _told("" if n else "Why", note)
    if case.kills:
        what = {wrong.name: wrong.what for wrong in find.mistakes(ref.name)}
        told = [f"{name.partition('/')[2].replace('_', ' ')}: {what[name]}" for name in case.kills if name in what]
        lines += _told("Reveals", f"{len(case.kills)} known mistakes, {told[0]}") if told else []
    lines += _told("Proven", f"to {about['digits']} digits, in balls of {about['bits']} bits; rounded once to float64")
    for title, role in (("Inputs", "input"), ("Cotangents", "cotangent"), ("Right values", "output"),
                        ("Right gradients", "gradient")):
        arrays = flatten(case.role(role))
        lines += ["", title] if arrays else []
        for name, x in arrays.items():
            lines += numbers(f"{name}_bar" if role == "cotangent" else name, x)
    return [*lines, "", f"The same in {framework}", *(f"    {line}".rstrip() for line in snippet(ref, case, framework))]


def _told(word: str, text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent=f"{word:<9} ", subsequent_indent=" " * 10)


def numbers(name: str, x: np.ndarray) -> list[str]:
    """All digits of a short array; of a long one the ends."""
    head = f"  {name:<12} {'×'.join(map(str, x.shape)) or 'one number'}"
    with np.printoptions(floatmode="unique", precision=17, threshold=MANY, edgeitems=2, linewidth=WIDTH - 6):
        return [head, *(f"      {line}" for line in str(x).splitlines())]


def snippet(ref: Reference, case: Case, framework: str) -> list[str]:
    """Lines of Python that put the case to `from my_losses import NAME`, and print right and got side by side."""
    outputs, bars = list(ref.result), list(ref.bars) if ref.differentiable else []
    all_of = "[value]" if len(outputs) == 1 else "list(value)"
    call = f"{ref.name}(*asked.arguments.values(), **asked.options)"
    start = ["from refdgm.testing import case", f"from my_losses import {ref.name}  # yours", "",
             f'asked = case("{case.id}", "{framework}")']
    smooth = "[value]" if len(outputs) == 1 else f"[{', '.join(f'value[{outputs.index(bar)}]' for bar in bars)}]"
    if not bars:
        body = [f"value = {call}", f"got = dict(zip({_list(outputs)}, {all_of}))"]
    elif framework == "torch":
        start = ["import torch", *start]
        body = [f"value = {call}", f"got = dict(zip({_list(outputs)}, {all_of}))",
                f"grads = torch.autograd.grad({smooth}, [*asked.leaves.values()],",
                f"                            {_bars(bars)}, allow_unused=True)",
                'got |= {f"gradient.{name}": g for name, g in zip(asked.leaves, grads)}']
    elif framework == "jax":
        start = ["import jax", *start]
        body = ["def yours(leaves):",
                "    named = dict(asked.arguments)",
                "    for leaf, x in leaves.items():",
                '        name, _, entry = leaf.partition(".")',
                "        named[name] = named[name] | {entry: x} if entry else x",
                f"    value = {ref.name}(*named.values(), **asked.options)",
                f"    return {smooth}, {all_of}", "",
                "_, pullback, value = jax.vjp(yours, asked.leaves, has_aux=True)",
                f"got = dict(zip({_list(outputs)}, value))",
                f"(grads,) = pullback({_bars(bars)})",
                'got |= {f"gradient.{name}": g for name, g in grads.items()}']
    else:
        body = [f"value, pullback = {call}  # a function that returns its pullback",
                f"got = dict(zip({_list(outputs)}, {all_of}))", "grads = pullback(*asked.cotangents.values())",
                'got |= {f"gradient.{name}": g for name, g in grads.items()}  # arrays by name']
    return [*start, *body, "for name, right in asked.right.items():",
            '    print(name, got.get(name), "right:", right, sep="\\n")']


def _bars(bars: list[str]) -> str:
    """The cotangents, in the order of the outputs that are smooth."""
    return f"[asked.cotangents[name] for name in {_list(bars)}]" if len(bars) > 1 else "[*asked.cotangents.values()]"


def _list(names: list[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
