"""S01–S05, S14, S22: arrays of any size, against every reference."""

import numpy as np
import pytest

from refdgm import CATALOGUE, ArgumentError
from refdgm.boundary.structure import needed
from refdgm.cases import options_grid, within
from refdgm.declaration.domain import Array, Parameters
from refdgm.declaration.symbols import alike

from ..refusal import refused
from .rows import EVERY, answers, batched, drawn, finite, leaf, leaves, row, same, scalars

DRAWS = ("gumbel_max", "gumbel_softmax", "straight_through_gumbel_softmax")


@row("S01", "an empty batch", tuple(n for n in EVERY if batched(CATALOGUE[n])), "it has no batch")
def empty_batch(ref):
    for options in options_grid(ref):
        arguments, options, bars = drawn(ref, sizes={"B": 0}, options=options)
        for name, x in answers(ref, arguments, options, bars).items():
            role, _, rest = name.partition(".")
            if role == "gradient":
                assert x.shape == leaf(arguments, rest).shape and not np.any(x), name
            else:
                assert x.shape[0] == 0


@row("S02", "the mean over an empty batch", tuple(n for n in EVERY if CATALOGUE[n].objective and batched(CATALOGUE[n])),
     "it is not an objective: no mean is offered")
def mean_of_nothing(ref):
    arguments, options, _ = drawn(ref, sizes={"B": 0})
    with pytest.raises(ArgumentError, match=r"must have an example to take the mean over, got an empty batch; use \."):
        ref.value_and_grad(*arguments.values(), **options)


@row("S03", "an axis of length 0")
def empty_axis(ref):
    symbols = {s for n in ref.arrays if isinstance(ref.args[n], Array) for s in ref.args[n].shape} - {"B"}
    for symbol in symbols:
        arguments, options, bars = drawn(ref, sizes={symbol: (0, 2) if symbol == "..." else 0})
        if symbol in ref.bounds and ref.bounds[symbol].least:
            need = f"{ref.name} needs {symbol} of {ref.bounds[symbol]}, got {symbol} = 0"
            refused(ref, ArgumentError, need, *arguments.values(), **options)
        elif symbol in needed(ref):
            need = f"{ref.name} needs at least one {needed(ref)[symbol].one}, got {symbol} = 0"
            refused(ref, ArgumentError, need, *arguments.values(), **options)
        elif limited := [n for n in ref.options if ref.args[n].most == symbol]:
            refused(ref, ArgumentError, f"{limited[0]} must be at most {symbol} = 0", *arguments.values(), **options)
        else:
            finite(answers(ref, arguments, options, bars))
    if any(isinstance(ref.args[n], Parameters) for n in ref.arrays):
        finite(answers(ref, *drawn(ref, sizes={"hidden": (0, 3)})))
        finite(answers(ref, *drawn(ref, sizes={"hidden": ()})))  # no hidden layer is a linear map


@row("S04", "axes of length 1; a single category has no choice")
def length_one(ref):
    sizes = within(ref, alike(1) | {"hidden": (1,)})
    for options in options_grid(ref):
        got = answers(ref, *drawn(ref, sizes=sizes, options=options))
        finite(got)
        if ref.name in DRAWS:
            assert got["output.value"].ravel()[0] == (0 if ref.name == "gumbel_max" else 1)
            assert not any(np.any(x) for name, x in got.items() if name.startswith("gradient."))
        if ref.name == "vector_quantization":
            assert got["output.code"] == [0]


@row("S05", "no axes: arguments without axes take 0-d arrays, scalars and numbers; the others need their axes")
def no_axes(ref):
    arguments, options, bars = drawn(ref)
    want = answers(ref, arguments, options, bars)
    for name in scalars(ref):
        for make in (float, np.float64, np.asarray):
            same(answers(ref, arguments | {name: make(arguments[name])}, options, bars), want)
        said = refused(ref, ArgumentError, f"{name} must have shape ()",
                       *(arguments | {name: arguments[name][None]}).values(), **options)
        assert "got (1,)" in said
    each = (n for n in ref.arrays if isinstance(ref.args[n], Array) and ref.args[n].shape)
    for name in each:
        bare = arguments | {name: np.asarray(0.5).astype(arguments[name].dtype)}
        refused(ref, ArgumentError, f"{name} must have shape ", *bare.values(), **options)


@row("S14", "shapes that NumPy would broadcast")
def accidental_broadcast(ref):
    arguments, options, bars = drawn(ref)
    axes = [s for n in ref.arrays if isinstance(ref.args[n], Array) for s in ref.args[n].shape]
    owned = "D" if any(isinstance(ref.args[n], Parameters) for n in ref.arrays) else None
    free = axes == ["B", "..."]  # a single array of any rank: nobody contradicts a shape with a batch axis
    for label, domain, replaced in leaves(ref, arguments):
        x = leaf(arguments, label)
        open_end = isinstance(domain, Array) and "..." in domain.shape and axes.count("...") == 1  # no other knows
        for wrong in (*([] if free else [x[None]]), *([] if open_end else [x[..., None]])):
            with pytest.raises(ArgumentError, match=r"must have (shape|the leading axis)"):
                ref(*replaced(wrong).values(), **options)
        for axis, symbol in enumerate(domain.shape if isinstance(domain, Array) else ()):
            if axes.count(symbol) > 1 or symbol == owned:  # else nobody contradicts it
                with pytest.raises(ArgumentError, match=r"nothing is broadcast|weights are"):
                    ref(*replaced(np.take(x, [0], axis=axis)).values(), **options)
    for i, bar in enumerate(bars):
        _, pullback = ref.vjp(*arguments.values(), **options)
        for wrong in (bar[:1], bar[None], np.asarray(1.0)) if np.ndim(bar) else (np.asarray(bar)[None],):
            with pytest.raises(ArgumentError, match=r"_bar must have the output's shape .*; expand it"):
                pullback(*bars[:i], wrong, *bars[i + 1:])


@row("S22", "virtual arrays of 8·10¹² bytes")
def huge(ref):
    arguments, options, _ = drawn(ref)
    for label, domain, replaced in leaves(ref, arguments):
        if isinstance(domain, Parameters) or domain.shape:
            x = leaf(arguments, label)
            virtual = np.broadcast_to(np.asarray(0.5).astype(x.dtype), (10**12, *x.shape[1:]))
            said = refused(ref, ArgumentError, f"{label} must name at most ", *replaced(virtual).values(), **options)
            assert "bytes, got " in said
    if ref.work and not ref.derived:  # windows of images have tests of their own
        long = {n: np.broadcast_to(x[:1], (10**6, *x.shape[1:])) if x.ndim else x for n, x in arguments.items()}
        refused(ref, ArgumentError, f"{ref.name} would allocate {8 * 3 * 10**12} bytes", *long.values(), **options)
