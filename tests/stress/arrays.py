"""S01–S30: arrays of any kind, against every reference."""

import random
import warnings
from itertools import combinations

import numpy as np
import pytest

from refdgm import CATALOGUE, ArgumentError, DeviceError, DTypeError
from refdgm.boundary.structure import needed
from refdgm.cases import flatten, grids, options_grid
from refdgm.declaration.domain import Array, Parameters
from refdgm.declaration.symbols import alike

from ..refusal import objective, refused
from .rows import (
    EVERY,
    answers,
    drawn,
    each_refused,
    finite,
    leaf,
    leaves,
    mapped,
    per_example,
    row,
    same,
    scalars,
)

DRAWS = ("gumbel_max", "gumbel_softmax", "straight_through_gumbel_softmax")
SEVERAL, ALONE = tuple(n for n in EVERY if len(CATALOGUE[n].arrays) > 1), "it takes one array: there is no other"
TRACES = ("jacobian_trace", "hutchinson_trace")
ORDERED = ("gumbel_max", "straight_through_gumbel_softmax", "vector_quantization")


def two_axes(ref):
    domains = [ref.args[n] for n in ref.arrays]
    return any(isinstance(d, Parameters) or len(d.shape) > 1 for d in domains)


def batched(ref):
    return any("B" in result.shape for result in ref.result.values())


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


@row("S02", "the mean over an empty batch", tuple(n for n in EVERY if objective(CATALOGUE[n])),
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
        if symbol in needed(ref):
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
    sizes = alike(1) | {"hidden": (1,)}
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
        bare = arguments | {name: np.asarray(0.5)}
        refused(ref, ArgumentError, f"{name} must have shape ", *bare.values(), **options)


def fortran(x):
    return np.array(x, order="F")


def reversed_strides(x):
    flipped = np.flip(np.array(np.flip(x), order="C"))
    assert x.ndim == 0 or x.size < 2 or flipped.strides[-1] < 0
    return flipped


def every_second(x):
    wide = np.full((*x.shape[:-1], 2 * x.shape[-1]) if x.ndim else (), np.nan)
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
    stride0 = mapped(lambda x: np.broadcast_to(x[:1], x.shape) if x.ndim else x, arguments)
    bars0 = tuple(np.broadcast_to(bar[:1], bar.shape) for bar in bars)
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
        if objective(ref):
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


def half_dtypes():
    yield np.float16, lambda x: x.astype(np.float16), lambda x: x.astype(np.float32), np.asarray
    try:
        import ml_dtypes
    except ImportError:
        pass
    else:
        yield ml_dtypes.bfloat16, lambda x: x.astype(ml_dtypes.bfloat16), lambda x: x.astype(np.float32), np.asarray
    try:
        import torch
    except ImportError:
        return
    for dtype in (torch.float16, torch.bfloat16):
        yield (dtype, lambda x, d=dtype: torch.asarray(x.copy()).to(d), lambda x: x.to(torch.float32),
               lambda x: x.to(torch.float32).numpy() if x.dtype.is_floating_point else x.numpy())


@row("S09", "half precision: computed in float32, rounded once")
def half_precision(ref):
    arguments, options, bars = drawn(ref)
    for dtype, half, single, back in half_dtypes():
        halves, half_bars = mapped(half, arguments), tuple(map(half, bars))
        got = answers(ref, halves, options, half_bars)
        want = answers(ref, mapped(single, halves), options, tuple(map(single, half_bars)))
        for name, x in got.items():
            if name.startswith("output.") and ref.result[name[7:]].support.integer:
                assert "int" in str(x.dtype), name
            else:
                assert x.dtype == dtype, name
                want[name] = half(back(want[name]))
            np.testing.assert_array_equal(back(x), back(want[name]), err_msg=name)
            assert type(x) is type(want[name]) or not np.ndim(x)


@row("S10", "longdouble and complex")
def too_wide(ref):
    for dtype in (np.longdouble, np.complex128, np.complex64):
        each_refused(ref, DTypeError, lambda x, d=dtype: x.astype(d))


@row("S11", "integers and booleans")
def integers(ref):
    for dtype in (np.int64, np.uint8, np.bool_):
        each_refused(ref, DTypeError, lambda x, d=dtype: x.astype(d))


@row("S12", "mixed dtypes are refused, not promoted", SEVERAL, ALONE)
def mixed_dtypes(ref):
    if len(list(leaves(ref, drawn(ref)[0]))) > 1:
        each_refused(ref, DTypeError, lambda x: x.astype(np.float32), lambda label, _: label != ref.arrays[0])


@row("S13", "mixed libraries and devices", SEVERAL, ALONE)
def mixed_homes(ref):
    import array_api_strict as strict
    import torch

    arguments, options, _ = drawn(ref)
    on_host = mapped(strict.asarray, arguments)
    for label, _, replaced in list(leaves(ref, arguments))[1:]:
        x = leaf(arguments, label)
        refused(ref, DeviceError, f"{label} must ", *replaced(torch.asarray(x.copy())).values(), **options)
        refused(ref, DeviceError, f"{label} must ", *replaced(strict.asarray(x)).values(), **options)
    for label, _, replaced in list(leaves(ref, on_host))[1:]:
        far = leaf(on_host, label).to_device(strict.Device("device1"))
        said = refused(ref, DeviceError, f"{label} must ", *replaced(far).values(), **options)
        assert "CPU_DEVICE" in said and "device1" in said


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
            with pytest.raises(ArgumentError, match="must have shape"):
                ref(*replaced(wrong).values(), **options)
        for axis, symbol in enumerate(domain.shape if isinstance(domain, Array) else ()):
            if axes.count(symbol) > 1 or symbol == owned:  # else nobody contradicts it
                with pytest.raises(ArgumentError, match=r"nothing is broadcast|weights are"):
                    ref(*replaced(np.take(x, [0], axis=axis)).values(), **options)
    for i, bar in enumerate(bars):
        _, pullback = ref.vjp(*arguments.values(), **options)
        for wrong in (bar[:1], bar[None], np.asarray(1.0)):
            with pytest.raises(ArgumentError, match=r"_bar must have the output's shape .*; expand it"):
                pullback(*bars[:i], wrong, *bars[i + 1:])


@row("S15", "masked arrays")
def masked(ref):
    each_refused(ref, DTypeError, lambda x: np.ma.masked_array(x, x > 0))


@row("S16", "np.matrix, whose * is a matrix product", tuple(n for n in EVERY if two_axes(CATALOGUE[n])),
     "it takes nothing with two axes")
def matrix(ref):
    like, _, _ = drawn(ref, sizes={"...": (3,)})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)  # NumPy's, of matrix itself
        if any(x.ndim == 2 for x in flatten(like).values()):
            each_refused(ref, DTypeError, np.matrix, lambda label, _: leaf(like, label).ndim == 2)


@row("S17", "lists, tuples, and numbers where axes are needed")
def no_arrays(ref):
    with_axes = lambda label, domain: not (isinstance(domain, Array) and domain.shape == ())
    if any(with_axes(n, ref.args[n]) for n in ref.arrays):
        for change in (lambda x: x.tolist(), lambda x: tuple(x.tolist()), lambda x: 0.5, lambda x: None,
                       lambda x: True):
            each_refused(ref, DTypeError, change, with_axes)
    if scalars(ref):
        without = lambda label, domain: not with_axes(label, domain)
        for change in (lambda x: [0.5], lambda x: True, lambda x: None, lambda x: "0.5", lambda x: 0.5 + 0j):
            each_refused(ref, DTypeError, change, without)


@row("S18", "object and string dtypes")
def objects(ref):
    for dtype in (object, str):
        each_refused(ref, DTypeError, lambda x, d=dtype: x.astype(d))


def spoilt(x, by):
    """One number of the third example exchanged."""
    x = x.copy()
    x[first(x)] = by
    return x


def first(x):
    return (2, *(0,) * (x.ndim - 1))


def only_that_example(ref, arguments, options, bars, spoiled, example):
    """Every number that belongs to another example is what it was. Sums over the batch are not such numbers."""
    clean = answers(ref, arguments, options, bars)
    with np.errstate(invalid="ignore"):
        got = answers(ref, spoiled, options, bars)
    others = [b for b in range(len(bars[0]) if bars else 5) if b != example]
    touched = False
    for name, x in got.items():
        if name.startswith("output.") or name.partition(".")[2] in per_example(ref):
            np.testing.assert_array_equal(x[others], clean[name][others], err_msg=name)
            touched |= not np.isfinite(x[example]).all()
    return touched


@row("S19", "NaN stays in its example; sums over the batch (parameters, scalars) become NaN; an argmax refuses it, "
            "and a support that is bounded")
def nan_in_one_example(ref):
    reached = set()  # under some option, for not every option reads every argument
    for options in options_grid(ref):
        arguments, options, bars = drawn(ref, options=options)
        for name in per_example(ref):
            spoiled = arguments | {name: spoilt(arguments[name], np.nan)}
            if ref.args[name].ordered or not ref.args[name].support.holds(np.nan):
                said = refused(ref, ArgumentError, f"{name} must be ", *spoiled.values(), **options)
                assert f"{list(first(arguments[name]))}"[:-1] in said
                reached.add(name)
            elif only_that_example(ref, arguments, options, bars, spoiled, 2):
                reached.add(name)
                # the Jacobian of a linear field is the same everywhere
                assert not (ref.name in TRACES and name == "x" and options["score"] == "linear")
    assert reached == set(per_example(ref))
    for name in scalars(ref):  # it would reach every example
        refused(ref, ArgumentError, f"{name} must be ", *(arguments | {name: np.asarray(np.nan)}).values(), **options)


@row("S20", "±∞ is refused where no limit exists for all, else stays in its example; −∞ is a logit")
def infinities(ref):
    for infinity in (np.inf, -np.inf):
        arguments, options, bars = drawn(ref)
        for name in per_example(ref):
            spoiled = arguments | {name: spoilt(arguments[name], infinity)}
            domain = ref.args[name]
            if domain.finite or not domain.support.holds(infinity):
                said = refused(ref, ArgumentError, f"{name} must be ", *spoiled.values(), **options)
                assert f"{list(first(arguments[name]))}"[:-1] in said
            else:
                only_that_example(ref, arguments, options, bars, spoiled, 2)
        for name in scalars(ref):
            refused(ref, ArgumentError, f"{name} must be ", *(arguments | {name: infinity}).values(), **options)


@row("S21", "NaN where a minimum or maximum is chosen", ORDERED, "it chooses nothing: NaN propagates, see S19")
def nan_in_an_order(ref):
    arguments, options, _ = drawn(ref)
    for name in ref.arrays:
        if ref.args[name].shape:
            spoiled = arguments[name].copy()
            spoiled[1, 2] = np.nan
            said = refused(ref, ArgumentError, f"{name} must be ", *(arguments | {name: spoiled}).values(), **options)
            assert "never NaN, got nan at [1, 2]" in said


@row("S22", "virtual arrays of 8·10¹² bytes")
def huge(ref):
    arguments, options, _ = drawn(ref)
    for label, domain, replaced in leaves(ref, arguments):
        if isinstance(domain, Parameters) or domain.shape:
            virtual = np.broadcast_to(np.float64(0.5), (10**12, *leaf(arguments, label).shape[1:]))
            said = refused(ref, ArgumentError, f"{label} must name at most ", *replaced(virtual).values(), **options)
            assert "bytes, got " in said
    if ref.work:
        long = {n: np.broadcast_to(x[:1], (10**6, *x.shape[1:])) if x.ndim else x for n, x in arguments.items()}
        refused(ref, ArgumentError, f"{ref.name} would allocate {8 * 3 * 10**12} bytes", *long.values(), **options)


@row("S23", "the same array for two arguments: partial derivatives, each for itself")
def twice_the_same(ref):
    arguments, options, bars = drawn(ref)
    like = {n: x.shape for n, x in arguments.items() if not isinstance(x, dict)}
    held = lambda one, other: ref.args[other].above != one and (  # one may stand for the other
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
            arguments, options, bars = drawn(ref, sizes=sizes, options=options)
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


class Duck:
    """Quacks the whole protocol, computes who knows what."""

    dtype, device = np.dtype("float64"), "cpu"
    __array_ufunc__ = None

    def __init__(self, x):
        self.x, self.shape, self.ndim = x, x.shape, x.ndim

    def __array__(self, dtype=None, copy=None):
        return self.x

    def __array_namespace__(self, api_version=None):
        return np


class Loud(np.ndarray):
    """A subclass may mean anything by its operators."""


@row("S27", "subclasses, duck arrays, memory maps, traced arrays")
def ducks(ref):
    from autograd.numpy.numpy_boxes import ArrayBox
    from autograd.tracer import new_box

    for change in (Duck, lambda x: x.view(Loud), lambda x: new_box(x, 0, None)):
        each_refused(ref, DTypeError, change)
    assert ArrayBox in (type(new_box(np.ones(1), 0, None)),)


@row("S28", "subnormal numbers and −0.0")
def tiny_numbers(ref):
    for options in options_grid(ref):
        arguments, options, bars = drawn(ref, options=options)
        plain = [n for n in per_example(ref) if ref.args[n].support.line]
        at_zero = answers(ref, arguments | {n: np.zeros_like(arguments[n]) for n in plain}, options, bars)
        for tiny in (5e-324, -5e-324, -0.0):
            got = answers(ref, arguments | {n: np.full_like(arguments[n], tiny) for n in plain}, options, bars)
            same(got, at_zero, atol=1e-300)


@row("S29", "sums over 131072 examples keep their digits",
     tuple(n for n in EVERY if n != "gumbel_max" and batched(CATALOGUE[n])), "it sums nothing")
def long_sums(ref):
    """The batch is eight examples 2¹⁴ times over: every sum over it is 2¹⁴ times that of the eight."""
    times, sizes = 2**14, alike(2) | {"B": 8, "K": 3, "R": 1, "T": 3, "hidden": (2,)}
    arguments, options, bars = drawn(ref, sizes=sizes)
    batch = per_example(ref)
    one = [
        answers(ref, {n: x[b:b + 1] if n in batch else x for n, x in arguments.items()}, options,
                tuple(bar[b:b + 1] for bar in bars))
        for b in range(8)
    ]
    tiled = {n: np.concatenate([x] * times) if n in batch else x for n, x in arguments.items()}
    got = answers(ref, tiled, options, tuple(np.concatenate([bar] * times) for bar in bars))
    for name, x in got.items():
        rows = [answer[name] for answer in one]
        if name.startswith("output.") or name.partition(".")[2] in batch:
            np.testing.assert_allclose(x[-8:], np.concatenate(rows), rtol=1e-12, atol=1e-14, err_msg=name)
        else:  # summed in turn, n terms err by at most n eps Σ|x|, in practice √n; NumPy sums pairwise without an axis
            steps = 64 if np.ndim(x) == 0 else len(bars[0]) * times / 16
            size = sum(map(abs, rows))
            size = np.max(size) if name.partition(".")[2] in grids(ref) else size
            assert np.all(abs(x - times * sum(rows)) <= (9 + steps) * 2.0**-52 * times * size), name
    if objective(ref):
        mean, _ = ref.value_and_grad(*tiled.values(), **options)
        terms = np.concatenate([answer["output.value"] for answer in one])
        assert abs(mean - terms.mean()) <= 1e-13 * abs(terms).mean()


@row("S30", "axes and switches: an unknown keyword; options of the wrong type that equal the right one")
def switches(ref):
    arguments, options, bars = drawn(ref)
    answers(ref, arguments, options, bars)  # now it is remembered
    for axis in (True, -1, 5, (0, 0)):
        refused(ref, ArgumentError, f"{ref.name} has no argument 'axis'", *arguments.values(), **options, axis=axis)
    for name in ref.options:
        for wrong in (True, 1.0, None, "no such", ("tanh",)):
            refused(ref, ArgumentError, f"{name} must be ", *arguments.values(), **options | {name: wrong})
        rest = {n: x for n, x in options.items() if n != name}
        refused(ref, ArgumentError, f"{name} is missing", *arguments.values(), **rest)
