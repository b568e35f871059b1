"""One way to put a case to anything, and one flat shape for the answers: `output.y`, `gradient.theta.W1`."""

from dataclasses import replace

import numpy as np

from refdgm.cases import flatten


def nested(f, x):
    """f of an array, or of every entry of a dict of them."""
    return {name: f(entry) for name, entry in x.items()} if isinstance(x, dict) else f(x)


def cast(x, dtype):
    """The numbers in another dtype; an index stays one."""
    return np.asarray(x, dtype) if np.asarray(x).dtype.kind == "f" else x


def named(ref, outputs, grads) -> dict:
    """The answers by flat name; `outputs` is the bare value where there is one."""
    outputs = outputs if len(ref.result) > 1 else (outputs,)
    flat = {f"output.{name}": y for name, y in zip(ref.result, outputs, strict=True)}
    return flat | {f"gradient.{name}": x for name, x in flatten({n: grads[n] for n in ref.wrt}).items()}


def ask(ref, case, convert=lambda x: x) -> dict:
    """The answers of a reference, by its public call, to a case with its arrays passed through `convert`."""
    case = replace(case, arrays={name: convert(x) for name, x in case.arrays.items()})
    return ref.answers(case, ref.vjp if ref.differentiable else ref)
