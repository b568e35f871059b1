"""S09–S13, S15–S18, S27, S30: what calls itself an array, a number or an option, against every reference."""

import warnings

import numpy as np

from refdgm import CATALOGUE, ArgumentError, DeviceError, DTypeError
from refdgm.cases import flatten
from refdgm.declaration.domain import Array, Parameters

from ..refusal import refused
from .rows import EVERY, answers, drawn, each_refused, leaf, leaves, mapped, row, scalars, whole

SEVERAL, ALONE = tuple(n for n in EVERY if len(CATALOGUE[n].arrays) > 1), "it takes one array: there is no other"
MEETING = tuple(n for n in SEVERAL if len(CATALOGUE[n].arrays) - len(CATALOGUE[n].indices) > 1)


def two_axes(ref):
    domains = [ref.args[n] for n in ref.arrays]
    return any(isinstance(d, Parameters) or len(d.shape) > 1 for d in domains)


def half_dtypes():
    """Of each a dtype, to it, to float32, and to NumPy; an index stays one."""
    numbers = lambda f: lambda x: f(x) if x.dtype.kind != "i" else x
    single = numbers(lambda x: x.astype(np.float32))
    yield np.float16, numbers(lambda x: x.astype(np.float16)), single, np.asarray
    try:
        import ml_dtypes
    except ImportError:
        pass
    else:
        yield ml_dtypes.bfloat16, numbers(lambda x: x.astype(ml_dtypes.bfloat16)), single, np.asarray
    try:
        import torch
    except ImportError:
        return
    for dtype in (torch.float16, torch.bfloat16):
        yield (dtype, lambda x, d=dtype: torch.asarray(x.copy()).to(d if x.dtype.kind == "f" else None),
               lambda x: x.to(torch.float32) if x.dtype.is_floating_point else x,
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
        each_refused(ref, DTypeError, lambda x, d=dtype: x.astype(d), lambda _, domain: not whole(domain))
    if any(map(whole, ref.args.values())):
        for dtype in (np.float64, np.uint8, np.bool_):
            each_refused(ref, DTypeError, lambda x, d=dtype: x.astype(d), lambda _, domain: whole(domain))


@row("S12", "mixed dtypes are refused, not promoted", MEETING, "it takes one array of numbers: there is no other")
def mixed_dtypes(ref):
    numbers = [label for label, domain, _ in leaves(ref, drawn(ref)[0]) if not whole(domain)]
    if len(numbers) > 1:
        each_refused(ref, DTypeError, lambda x: x.astype(np.float32), lambda label, _: label in numbers[1:])


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
