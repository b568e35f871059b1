"""A row of the table of hard inputs, and the questions that rows ask of a reference."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from refdgm import CATALOGUE
from refdgm.cases import draw, flatten
from refdgm.declaration.domain import Array

from ..refusal import refused

EVERY = tuple(CATALOGUE)


@dataclass(frozen=True)
class Row:
    what: str
    of: tuple[str, ...]
    ask: Callable


ROWS: dict[str, Row] = {}
WHY_NOT: dict[tuple[str, str], str] = {}


def row(name, what, of=EVERY, otherwise=""):
    """Declare a row of the references `of`; for all others it does not apply, because of `otherwise`."""

    def declare(ask):
        assert name not in ROWS
        ROWS[name] = Row(what, of, ask)
        WHY_NOT.update({(name, other): otherwise for other in EVERY if other not in of})
        return ask

    return declare


@dataclass(frozen=True)
class KernelRow:
    what: str  # its first words are the textbook expression
    of: tuple[Callable, ...]
    ask: Callable  # of a dtype


KERNELS: dict[str, KernelRow] = {}


def kernel(what, *of):
    """Declare a row of the kernels `of`, asked in both dtypes."""

    def declare(ask):
        assert ask.__name__ not in KERNELS
        KERNELS[ask.__name__] = KernelRow(what, of, ask)
        return ask

    return declare


def drawn(ref, seed=7, **more):
    """(arguments by name, options, cotangents): exact numbers of the order of one."""
    with np.errstate(all="ignore"):  # an axis of no length has no 1/√n
        case = draw(ref, seed, **more)
    arguments = mapped(np.asarray, case.arguments())
    limits = {n: case.about["sizes"][ref.args[n].most] for n in ref.options if ref.args[n].most}
    chosen = case.options | {n: min(case.options[n], most) for n, most in limits.items() if most}
    return arguments, chosen, tuple(case.arrays[f"cotangent.{name}"] for name in ref.bars)


def answers(ref, arguments, options, bars, **more):
    """All outputs and gradients, flat."""
    if not ref.differentiable:
        return outputs(ref, ref(*arguments.values(), **options, **more))
    value, pullback = ref.vjp(*arguments.values(), **options, **more)
    grads = flatten(pullback(*bars))
    return outputs(ref, value) | {f"gradient.{name}": grad for name, grad in grads.items()}


def outputs(ref, value):
    values = value if len(ref.result) > 1 else (value,)
    return {f"output.{name}": x for name, x in zip(ref.result, values, strict=True)}


def mapped(f, arguments):
    """`f` on every array, those in dicts too."""
    return {n: {e: f(y) for e, y in x.items()} if isinstance(x, dict) else f(x) for n, x in arguments.items()}


def leaves(ref, arguments):
    """(label, domain, replaced) for every array; `replaced(new)` are the arguments with it exchanged."""
    for name, x in arguments.items():
        if isinstance(x, dict):
            for e in x:
                yield f"{name}.{e}", ref.args[name], lambda y, n=name, e=e: arguments | {n: arguments[n] | {e: y}}
        else:
            yield name, ref.args[name], lambda y, n=name: arguments | {n: y}


def leaf(arguments, label):
    name, _, entry = label.partition(".")
    return arguments[name][entry] if entry else arguments[name]


def same(got, want, rtol=0.0, atol=0.0):
    assert got.keys() == want.keys()
    for name, x in got.items():
        assert np.shape(x) == np.shape(want[name]), name
        if rtol or atol:
            np.testing.assert_allclose(x, want[name], rtol=rtol, atol=atol, err_msg=name)
        else:
            np.testing.assert_array_equal(x, want[name], err_msg=name)


def finite(got):
    for name, x in got.items():
        assert np.isfinite(x).all(), (name, x)


def each_refused(ref, error, change, labels=None):
    """Every array in turn, changed so, is refused in the one sentence that names it."""
    arguments, options, _ = drawn(ref, sizes={"...": (3,)})
    asked = 0
    for label, domain, replaced in leaves(ref, arguments):
        if labels is None or labels(label, domain):
            refused(ref, error, f"{label} must ", *replaced(change(leaf(arguments, label))).values(), **options)
            asked += 1
    assert asked


def batched(ref):
    return any("B" in result.shape for result in ref.result.values())


def per_example(ref):
    """Numbers of an example; an index is none."""
    return [n for n in ref.arrays if isinstance(ref.args[n], Array) and ref.args[n].shape[:1] == ("B",)
            and not whole(ref.args[n])]


def whole(domain):
    """Whether it is an index."""
    return isinstance(domain, Array) and domain.support.integer


def scalars(ref):
    return [n for n in ref.arrays if isinstance(ref.args[n], Array) and ref.args[n].shape == ()]
