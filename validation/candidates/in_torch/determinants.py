"""Logarithms of determinants. LAPACK knows no half precision."""

import torch


def rank_one_log_det(matrix, u, v):
    return log_abs_det(torch.baddbmm(matrix, u[:, :, None], v[:, None, :]))


def log_abs_det(matrix):
    wide = torch.promote_types(matrix.dtype, torch.float32)
    return torch.linalg.slogdet(matrix.to(wide)).logabsdet.to(matrix.dtype)
