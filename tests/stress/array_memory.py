"""S06–S08, S23–S26: where arrays lie and what a call leaves behind, against every reference."""

import random
import warnings
from itertools import combinations

import numpy as np
import pytest

from refdgm import DTypeError
from refdgm.boundary.structure import needed
from refdgm.cases import flatten, options_grid, within

from .rows import answers, drawn, each_refused, mapped, row, same


def fortran(x):
    return np.array(x, order="F")


def reversed_strides(x):
    flipped = np.flip(np.array(np.flip(x), order="C"))
    assert x.ndim == 0 or x.size < 2 or flipped.strides[-1] < 0
    return flipped


def every_second(x):
    beside = np.nan if x.dtype.kind == "f" else -1
    wide = np.full((*x.shape[:-1], 2 * x.shape[-1]) if x.ndim else (), beside, x.dtype)
    if not x.ndim:
        return x
    wide[..., ::2] = x
    return wide[..., ::2]


@row("S06", "strides: Fortran, negative, with gaps, zero")
def strides(ref):
    arguments, options, bars = drawn(ref)
    want = answers(ref, arguments, options, bars)
    for change in (fortran, reversed_strides, every_second):
        changed = mapped(change, arguments)
        same(answers(ref, changed, options, tuple(map(change, bars))), want, rtol=1e-12, atol=1e-14)
        same(flatten(changed), flatten(arguments))
    whole = {n: ref.args[n].support.rows for n, x in arguments.items() if not isinstance(x, dict)}
    square = [n for n, rows in whole.items() if rows and rows.axes > 1]
    stride0 = mapped(lambda x: np.broadcast_to(x[:1], x.shape) if x.ndim else x, arguments) | {
        n: np.broadcast_to(arguments[n][:1, :1], arguments[n].shape) for n in square}  # equal rows are not symmetric
    bars0 = tuple(np.broadcast_to(bar[:1], bar.shape) if np.ndim(bar) else bar for bar in bars)
    with np.errstate(**dict.fromkeys(("divide", "invalid"), "ignore" if square else np.geterr()["invalid"])):
        want = answers(ref, mapped(np.array, stride0), options, tuple(map(np.array, bars0)))
        same(answers(ref, stride0, options, bars0), want, rtol=1e-12, atol=1e-14)


@row("S07", "read-only inputs, which stay as they are")
def read_only(ref):
    for options in options_grid(ref):
        arguments, options, bars = drawn(ref, options=options)
        kept = {name: x.copy() for name, x in flatten(arguments).items()}, [bar.copy() for bar in bars]
        for x in (*flatten(arguments).values(), *bars):
            x.setflags(write=False)
        ref(*arguments.values(), **options)
        ref.validate(*arguments.values(), **options)
        answers(ref, arguments, options, bars)
        if ref.objective:
            ref.value_and_grad(*arguments.values(), **options)
        for name, x in flatten(arguments).items():
            assert x.tobytes() == kept[0][name].tobytes(), name
        assert all(bar.tobytes() == was.tobytes() for bar, was in zip(bars, kept[1], strict=True))


@row("S08", "the other byte order")
def byte_order(ref):
    each_refused(ref, DTypeError, lambda x: x.astype(x.dtype.newbyteorder()))
    arguments, options, _ = drawn(ref)
    first = {ref.arrays[0]: arguments[ref.arrays[0]].astype(np.dtype("float64").newbyteorder())}
    with pytest.raises(DTypeError, match="got float64 of foreign byte order; cast explicitly"):
        ref(*(arguments | first).values(), **options)


@row("S23", "the same array for two arguments: partial derivatives, each for itself")
def twice_the_same(ref):
    arguments, options, bars = drawn(ref)
    like = {n: x.shape for n, x in arguments.items() if not isinstance(x, dict)}
    above = [(n, domain.above) for n, domain in ref.args.items() if getattr(domain, "above", None)]
    apart = lambda given: all(np.all(given[n] > given[least]) for n, least in above)
    held = lambda one, other: apart(arguments | {other: arguments[one]}) and (  # one may stand for the other
        ref.args[other].support is ref.args[one].support
        or (np.all(ref.args[other].support.holds(arguments[one])) and ref.args[other].support.rows is None))
    pairs = [p for p in combinations(like, 2) if like[p[0]] == like[p[1]] and held(*p)]
    for one, other in pairs:
        shared = arguments | {other: arguments[one]}
        want = answers(ref, shared | {other: arguments[one].copy()}, options, bars)
        same(answers(ref, shared, options, bars), want)
    if not pairs:  # one array for two cotangents, or for two calls, is the same question
        same(answers(ref, arguments, options, bars), answers(ref, mapped(np.array, arguments), options, bars))


@row("S24", "results share no memory with inputs, cotangents, or one another")
def aliasing(ref):
    for sizes in ({}, {"B": 1}, {"L": 0}, {"T": 0}, {"D": 1, "K": 1, "R": 1, "E": 1, "hidden": ()}):
        if any(sizes.get(ref.args[name].most) == 0 for name in ref.options):
            continue  # S03: no step fits into none
        if any(sizes.get(symbol) == 0 for symbol in needed(ref)):
            continue  # S03: a bound of no steps is refused, and a grid without a point
        for options in options_grid(ref):
            arguments, options, bars = drawn(ref, sizes=within(ref, sizes), options=options)
            got = answers(ref, arguments, options, bars)
            given = [*flatten(arguments).values(), *bars]
            for name, x in got.items():
                assert not any(np.shares_memory(x, y) for y in given), name
                assert not isinstance(x, np.ndarray) or x.flags.writeable, name
            for (one, x), (other, y) in combinations(got.items(), 2):
                assert not np.shares_memory(x, y), (one, other)


@row("S25", "global state: error modes, warning filters, generators, print options")
def global_state(ref):
    def state():
        return repr((np.geterr(), warnings.filters, np.get_printoptions(), random.getstate(), np.random.get_state()))

    before = state()
    arguments, options, bars = drawn(ref)
    answers(ref, arguments, options, bars)
    with pytest.raises(DTypeError):
        ref(*(arguments | {ref.arrays[0]: None}).values(), **options)
    assert state() == before


@row("S26", "a hundred calls, the same bits")
def repeated(ref):
    arguments, options, bars = drawn(ref)
    first = answers(ref, arguments, options, bars)
    for _ in range(100):
        for name, x in answers(ref, arguments, options, bars).items():
            assert x.tobytes() == first[name].tobytes(), name
