"""Scores and distances of whole batches."""

import math

import torch
import torch.nn.functional as F


def inception_score(logits):
    s = F.log_softmax(logits, 1)
    marginal = torch.logsumexp(s, 0) - math.log(len(s))
    return F.kl_div(marginal.expand_as(s), s, reduction="batchmean", log_target=True).exp()


def info_nce(query, key, tau):
    logits = query @ key.mT / tau
    return F.cross_entropy(logits, torch.arange(len(logits)))
def frechet_inception_distance(real, fake):
    apart = real.mean(0) - fake.mean(0)
    f, g = ((x - x.mean(0)) / math.sqrt(len(x) - 1) for x in (real, fake))
    crossed = f @ g.T
    root = torch.linalg.matrix_norm(crossed.to(torch.promote_types(crossed.dtype, torch.float32)), "nuc")
    return apart.square().sum() + f.square().sum() + g.square().sum() - 2 * root.to(crossed.dtype)


def kernel_inception_distance(real, fake):
    def within(x):
        table = (x @ x.T / x.shape[1] + 1) ** 3
        return (table.sum() - table.diagonal().sum()) / (len(x) * (len(x) - 1))

    kept, (real, fake) = real.dtype, (x.to(torch.promote_types(x.dtype, torch.float32)) for x in (real, fake))
    return (within(real) + within(fake) - 2 * ((real @ fake.T / real.shape[1] + 1) ** 3).mean()).to(kept)


def frechet_distance(mean_p, cov_p, mean_q, cov_q):
    """Singular values of a product of triangles."""
    kept, wide = cov_p.dtype, torch.promote_types(cov_p.dtype, torch.float32)
    low, other = (torch.linalg.cholesky((x + x.T).to(wide) / 2) for x in (cov_p, cov_q))
    root = torch.linalg.matrix_norm(low.T @ other, "nuc")
    between = low.square().sum() + other.square().sum() - 2 * root
    return (mean_p - mean_q).square().sum() + between.to(kept)


def energy_distance(real, fake):
    kept, (real, fake) = real.dtype, (x.to(torch.promote_types(x.dtype, torch.float32)) for x in (real, fake))
    mean = lambda a, b: torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist").mean()
    return (2 * mean(real, fake) - mean(real, real) - mean(fake, fake)).to(kept)


def maximum_mean_discrepancy(real, fake, bandwidth, *, estimator):
    kept = real.dtype
    real, fake, bandwidth = (x.to(torch.promote_types(x.dtype, torch.float32)) for x in (real, fake, bandwidth))
    less = int(estimator == "unbiased")

    def kernel(a, b):
        return torch.exp(-(a[:, None] - b[None]).square().sum(2) / (2 * bandwidth**2))

    def within(x):
        table = kernel(x, x)
        return (table.sum() - less * table.diagonal().sum()) / (len(x) * (len(x) - less))

    return (within(real) + within(fake) - 2 * kernel(real, fake).mean()).to(kept)


def wasserstein_distance_1d(real, fake):
    """Between neighbours of both batches: a gap times how many more of the one lie below."""
    both = torch.cat([real, fake]).sort().values
    below = lambda x: torch.searchsorted(x.sort().values, both[:-1], right=True)
    apart = below(real) * len(fake) - below(fake) * len(real)
    return (apart.abs().to(both.dtype) / (len(real) * len(fake)) * both.diff()).sum()
