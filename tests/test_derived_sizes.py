"""Sizes that no argument has: they follow from others, and nobody chooses them."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.cases import draw, symbols
from refdgm.check.questions import cases as questions
from refdgm.cli.show import show
from refdgm.declaration.domain import count, real
from refdgm.declaration.symbols import Derived
from refdgm.reference import quantity, reference

from .refusal import refused


@quantity(args={"x": real("T")}, result=real(), source="a test")
def chosen(x):
    """x itself, whose size is chosen.  Source: a test."""
    return x


@reference(args={"x": real("B", "N"), "many": count()}, wrt=("x",), result=real("B", "T", meaning="y"), source="a test",
           work=("B", "T"), derived={"T": Derived("many times N", lambda sizes: sizes["many"] * sizes["N"])})
def repeated(x, *, many):
    """Every row so many times.  Source: a test."""
    fold = lambda bar: np.sum(np.reshape(bar, (len(x), many, -1)), axis=1)
    return np.tile(x, (1, many)), lambda bar: {"x": fold(bar)}


def test_a_size_that_follows_is_drawn_measured_and_told():
    """Of what is chosen; it is no size to choose, so that no axis of it is varied, and what would is told why not."""
    for given, options, want in (({"B": 2, "N": 5}, {}, (2, 15)), ({"T": 9}, {"many": 2}, (5, 6))):
        case = draw(repeated, 1, sizes=given, options=options)
        assert case.arrays["cotangent.value"].shape == want and "T" not in case.about["sizes"]
        assert repeated.answers(case)["output.value"].shape == want
    assert symbols(repeated) == {"B", "N"} and questions.long(repeated).keys() == {"B", "N"}
    assert questions.bytes_of(repeated, {"B": 2, "N": 5}) == 8 * (2 * 5 + 2 * 15 + 2 * 15)
    assert "  T: many times N" in show(repeated)
    said = "T of repeated follows from others and is not chosen, got T = 7; it is many times N"
    with pytest.raises(ArgumentError, match=f"^{said}$"):
        questions.used({"T": 7}, [repeated])
    questions.used({"T": 7}, [repeated, chosen])
    x = np.broadcast_to(1.0, (2**17, 2**17))
    said = f"repeated would allocate {2**41} bytes for its (B, T) work array"
    refused(repeated, ArgumentError, said, x[:, :16], many=2**17)
