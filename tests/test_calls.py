"""Calls that somebody makes sooner or later: names of no argument, foreign kinds of tensors, results that travel."""

import copy
import pickle
import warnings

import numpy as np
import pytest

from refdgm import CATALOGUE, ArgumentError, DTypeError, gumbel_softmax, softmax
from refdgm.cases import draw

SEVERAL = [ref for ref in CATALOGUE.values() if len(ref.result) > 1]


@pytest.mark.parametrize("wrt", [3, [3], "tau_", [["tau"]], b"tau", 1.5, ("tau", None)])
def test_wrt_that_names_nothing(wrt):
    u = np.ones((2, 3))
    _, pullback = gumbel_softmax.vjp(u, u, 0.7)
    with pytest.raises(ArgumentError, match=r"^wrt must be among logits, tau, got .*; the others have no derivative$"):
        pullback(u, wrt=wrt)


@pytest.mark.needs("torch")
def test_sparse_tensors_are_refused_also_where_dense_ones_were_taken():
    import torch

    u = torch.ones((2, 3), dtype=torch.float64)
    y, pullback = softmax.vjp(u)
    with pytest.raises(DTypeError, match=r"^logits must be a dense array, got one of layout torch.sparse_coo; "):
        softmax(u.to_sparse())
    with pytest.raises(DTypeError, match=r"^value_bar must be a dense array like its output, got one of layout "):
        pullback(torch.ones_like(y).to_sparse())


@pytest.mark.needs("torch")
def test_a_number_that_torch_traces_is_read_without_a_warning():
    import torch

    u, tau = torch.ones((2, 3), dtype=torch.float64), torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    with warnings.catch_warnings(action="error"):
        y, pullback = gumbel_softmax.vjp(u, u, tau)
        assert pullback(torch.ones_like(y)).keys() == {"logits", "tau"}
        with pytest.raises(ArgumentError, match=r"tau must be positive and finite, got -1\.0"):
            gumbel_softmax(u, u, -tau / 0.7)


@pytest.mark.parametrize("ref", SEVERAL, ids=lambda ref: ref.name)
def test_a_result_of_several_outputs_travels(ref):
    case = draw(ref, 1)
    y = ref(*case.arguments().values(), **case.options)
    for again in (pickle.loads(pickle.dumps(y)), copy.copy(y), copy.deepcopy(y)):
        assert type(again) is type(y) and again._fields == tuple(ref.result)
        for a, b in zip(again, y, strict=True):
            np.testing.assert_array_equal(a, b)
