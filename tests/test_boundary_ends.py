"""Where what is taken ends, from both sides: sizes in bytes, counts, trailing axes, layers, words."""

import array_api_strict
import numpy as np
import pytest

import refdgm
from refdgm import ArgumentError
from refdgm.boundary import structure
from refdgm.catalogue import CATALOGUE
from refdgm.declaration.domain import Option, positive, real
from refdgm.declaration.domain import index as declared
from refdgm.reference import quantity

from .refusal import refused, well_said

MOST = 2**40  # bytes


def named(xp, dtype, *shape):
    """An array that names so many numbers and holds one."""
    return xp.broadcast_to(xp.asarray([0.5], dtype=getattr(xp, dtype)), shape)


@pytest.mark.parametrize("dtype, bytes_", [("float64", 8), ("float32", 4), ("float16", 2)])
def test_an_argument_names_a_tebibyte_at_most(dtype, bytes_):
    domain = refdgm.gumbel_softmax.args["logits"]
    structure._array("logits", domain, named(np, dtype, MOST // bytes_ // 8, 8))
    with pytest.raises(ArgumentError) as caught:
        structure._array("logits", domain, named(np, dtype, MOST // bytes_ // 8 + 1, 8))
    well_said(str(caught.value), f"logits must name at most {MOST} bytes, got {MOST + 8 * bytes_}; pass slices")


def test_an_index_is_counted_with_eight_bytes():
    index = np.broadcast_to(np.asarray([1]), (MOST // 8 + 1,))
    domain = declared("B", below="K")
    structure._array("code", domain, index[1:])
    with pytest.raises(ArgumentError, match=f"got {MOST + 8}; pass slices of it"):
        structure._array("code", domain, index)


@pytest.mark.parametrize("xp, dtype, bytes_", [(np, "float64", 8), (np, "float32", 4),
                                               (array_api_strict, "float32", 8)])  # whose dtype tells no size
def test_a_work_array_has_as_many_bytes_at_most(xp, dtype, bytes_):
    """(B, K, D) of vector_quantization, each of whose arguments is small."""
    ref = CATALOGUE["vector_quantization"]
    of = lambda rows: {"z": named(xp, dtype, 2**20, 2), "codebook": named(xp, dtype, rows, 2), "beta": 0.25}
    rows = MOST // bytes_ // 2**21
    assert structure.accept(ref, of(rows), {}).sizes == {"B": 2**20, "D": 2, "K": rows}
    with pytest.raises(ArgumentError) as caught:
        structure.accept(ref, of(rows + 1), {})
    well_said(str(caught.value), f"vector_quantization would allocate {MOST + bytes_ * 2**21} bytes for its (B, K, D)")


def test_a_count_may_be_all_there_are():
    alpha = np.asarray([0.9, 0.7, 0.4])
    refdgm.strided_schedule(alpha, steps=3, spacing="trailing")
    said = refused(refdgm.strided_schedule, ArgumentError, "steps must be at most T = 3, got 4", alpha, steps=4,
                   spacing="trailing")
    assert said.endswith("; take fewer")


def test_trailing_axes_are_the_same_everywhere():
    z = np.ones((2, 3, 4))
    assert refdgm.classifier_free_guidance(z, z, 1.0).shape == z.shape
    said = refused(refdgm.classifier_free_guidance, ArgumentError, "eps_uncond must have shape (B, ...) with ", z,
                   np.ones((2, 4, 3)), 1.0)
    assert said.endswith("... = (3, 4), got (2, 4, 3); nothing is broadcast, pass arrays whose last axes are the same")


def test_layers_are_as_many_in_all_entries():
    """And have an axis at all."""
    ref = CATALOGUE["normalizing_flow_log_density"]
    assert structure._layer("theta.u", (2, 3), "L", sizes := {}) == (3,) and sizes == {"L": 2}
    assert structure._layer("theta.w", (2, 3), "L", sizes) == (3,)
    for shape, known, sentence in (
        ((3, 3), {"L": 2}, "theta.w must have the leading axis L = 2, got (3, 3); stack the layers"),
        ((), {"L": 2}, "theta.w must have the leading axis L = 2, got (); stack the layers"),
        ((), {}, "theta.w must have the leading axis L, got (); stack the layers"),
    ):
        with pytest.raises(ArgumentError) as caught:
            structure._layer("theta.w", shape, ref.args["theta"].stack, known)
        assert str(caught.value) == sentence


def test_a_word_that_one_might_expect_says_what_to_take():
    """Of fixed words, and of networks that there are."""
    for reference, name, word, known in (("elbo", "likelihood", "mse", "gaussian, bernoulli"),
                                         ("masked_autoregressive", "conditioner", "linear",
                                          "made_tanh, made_softplus, made_silu, triangular")):
        domain = CATALOGUE[reference].args[name]
        with pytest.raises(ArgumentError) as caught:
            structure._option(name, domain, word)
        well_said(str(caught.value), f"{name} must be one of {known}, got '{word}'; {domain.refused[word]}")


def test_an_option_that_is_no_word_is_refused_and_not_looked_up():
    """What cannot be hashed is in no table."""
    for reference, name in (("elbo", "likelihood"), ("masked_autoregressive", "conditioner")):
        domain = CATALOGUE[reference].args[name]
        assert isinstance(domain, Option) and domain.refused
        for other in (["mse"], {"linear": 1}, 3):
            with pytest.raises(ArgumentError, match=rf"{name} must be ") as caught:
                structure._option(name, domain, other)
            well_said(str(caught.value), f"{name} must be ")


@quantity(args={"low": positive(), "high": positive(above="low")}, result=real(), source="a test")
def between(low, high):
    """high − low.  Source: a test."""
    return high - low


@quantity(args={"x": real(ordered=True)}, result=real(), source="a test")
def twice(x):
    """2 x.  Source: a test."""
    return 2 * x


def test_what_is_above_is_not_equal():
    """In the dtype in which it is computed, whose numbers are further apart."""
    refused(between, ArgumentError, "high must be above low, got 1.0 for 1.0; ", 1.0, 1.0)
    near = 1 + 1e-9
    assert between(1.0, near) > 0 and between(np.asarray(1.0), near) > 0
    single = np.asarray(1.0, np.float32)
    refused(between, ArgumentError, "high must be above low, got 1.000000001 for 1.0; ", single, near)


def test_a_number_is_not_held_against_a_device_array():
    """Which would have to be read; either of the two may lie there."""
    device = array_api_strict.Device("device1")
    two, one = (array_api_strict.asarray(x, device=device) for x in (2.0, 1.0))
    assert between(two, 1.0).device == between(2.0, one).device == device


def test_a_number_that_is_compared_is_one():
    assert twice(1.0) == 2 and twice(np.inf) == np.inf
    refused(twice, ArgumentError, "x must be ", np.nan)
