"""Forms of logarithms of determinants."""

import autograd.numpy as anp
import numpy as np
import torch

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("log_abs_det", "Glow's convolution of size 1 × 1")
def slogdet_of_weights(matrix):
    _, logdet = torch.linalg.slogdet(matrix)
    return logdet


@form("log_abs_det", "by its factors with pivots")
def log_of_pivots(matrix):
    factors, _ = torch.linalg.lu_factor(matrix)
    return factors.diagonal(dim1=-2, dim2=-1).abs().log().sum(-1)


@form("log_abs_det", "the determinant, its absolute value, its logarithm, as old ports of Glow have it")
def log_abs_of_det(matrix):
    return torch.log(torch.abs(torch.det(matrix)))


@form("log_abs_det", "autograd", framework="autograd")
def slogdet_in_autograd(matrix):
    return anp.linalg.slogdet(matrix)[1]


@form("log_abs_det", "a layer kept for its backward", framework="numpy")
def slogdet_by_hand(matrix):
    inverse = np.linalg.inv(matrix)
    return np.linalg.slogdet(matrix)[1], lambda bar: {"matrix": bar[:, None, None] * inverse.transpose(0, 2, 1)}


@form("rank_one_log_det", "the lemma, with a solve")
def lemma_with_a_solve(matrix, u, v):
    inside = 1 + torch.sum(v * torch.linalg.solve(matrix, u), -1)
    return torch.linalg.slogdet(matrix).logabsdet + torch.log(torch.abs(inside))


@form("rank_one_log_det", "the sum, without the lemma")
def slogdet_of_the_sum(matrix, u, v):
    return torch.linalg.slogdet(matrix + torch.einsum("bi,bj->bij", u, v))[1]


@form("rank_one_log_det", "autograd", framework="autograd")
def sum_in_autograd(matrix, u, v):
    return anp.linalg.slogdet(matrix + u[:, :, None] * v[:, None, :])[1]
