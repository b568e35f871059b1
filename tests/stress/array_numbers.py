"""S19–S21, S28, S29: not a number, infinite, tiny, and many of them, against every reference."""

import numpy as np

from refdgm import CATALOGUE, ArgumentError
from refdgm.cases import grids, options_grid, within
from refdgm.declaration.symbols import alike

from ..refusal import refused
from .rows import EVERY, answers, batched, drawn, per_example, row, same, scalars

# Of a logarithm that weighs nothing but its own slope no number is read.
UNREAD = {"score_function_estimator": {"log_prob"}, "leave_one_out_estimator": {"log_prob"}}
TRACES = ("jacobian_trace", "hutchinson_trace")
ORDERED = ("gumbel_max", "straight_through_gumbel_softmax", "vector_quantization")


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
    if not any(domain.shape for domain in ref.result.values()):  # all that there is is such a sum
        return not all(np.isfinite(x).all() for x in got.values())
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
    assert reached == set(per_example(ref)) - UNREAD.get(ref.name, set())
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
    times = 2**14
    sizes = within(ref, alike(2) | {"B": 8, "K": 3, "R": 1, "T": 3, "hidden": (2,)})
    arguments, options, bars = drawn(ref, sizes=sizes)
    batch = {*per_example(ref), *(ref.arrays[i] for i in ref.indices)}
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
    if ref.objective:
        mean, _ = ref.value_and_grad(*tiled.values(), **options)
        terms = np.concatenate([answer["output.value"] for answer in one])
        assert abs(mean - terms.mean()) <= 1e-13 * abs(terms).mean()
