"""Forms of the layers of normalizing flows."""

import autograd.numpy as anp
import torch

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("affine_transform", "pointwise affine layers of nflows")
def pointwise_affine(z, scale, shift):
    outputs = z * scale + shift
    logabsdet = torch.log(torch.abs(scale)).flatten(1).sum(-1) if z.dim() > 1 else scale.abs().log()
    return outputs, logabsdet


@form("affine_transform", "the determinant of a diagonal matrix")
def affine_by_slogdet(z, scale, shift):
    matrix = torch.diag_embed(scale.reshape(len(scale), -1))
    x = torch.einsum("bij,bj->bi", matrix, z.reshape(len(z), -1)).reshape(z.shape) + shift
    return {"x": x, "log_det": torch.linalg.slogdet(matrix).logabsdet}


@form("affine_transform", "minus the log-determinant of the inverse", framework="numpy")
def affine_of_inverse(z, scale, shift):
    x = shift + z * scale
    inverse = 1.0 / scale
    return x, -anp.sum(anp.reshape(anp.log(anp.abs(inverse)), (z.shape[0], -1)), axis=1)
