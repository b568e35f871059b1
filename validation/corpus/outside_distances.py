"""Distances of batches and of normal laws, as packages of metrics write them; their author has not read ours."""

import autograd.numpy as anp
import numpy as np
import torch

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("frechet_distance", "eigenvalues of the covariances' product, their roots' real parts")
def outside_frechet_eigvals(mean_p, cov_p, mean_q, cov_q):
    difference = mean_p - mean_q
    root_trace = torch.linalg.eigvals(cov_p @ cov_q).sqrt().real.sum(dim=-1)
    return difference.dot(difference) + cov_p.trace() + cov_q.trace() - 2 * root_trace


@form("frechet_distance", "a Cholesky factor in place of a root, then eigenvalues")
def outside_frechet_cholesky(mean_p, cov_p, mean_q, cov_q):
    factor = torch.linalg.cholesky((cov_p + cov_p.mT) / 2)
    middle = factor.mT @ ((cov_q + cov_q.mT) / 2) @ factor
    roots = torch.linalg.eigvalsh(middle).clamp_min(0).sqrt()
    traces = torch.trace(cov_p) + torch.trace(cov_q)
    return torch.sum((mean_p - mean_q) ** 2) + traces - 2 * roots.sum()


@form("frechet_distance", "the nuclear norm of two factors' product")
def outside_frechet_nuclear(mean_p, cov_p, mean_q, cov_q):
    p, q = torch.linalg.cholesky(cov_p), torch.linalg.cholesky(cov_q)
    overlap = torch.linalg.svdvals(p.T @ q).sum()
    return (mean_p - mean_q).square().sum() + (p**2).sum() + (q**2).sum() - 2 * overlap


@form("frechet_distance", "Bures, by hand with the map of transport", framework="numpy")
def outside_frechet_transport(mean_p, cov_p, mean_q, cov_q):
    def root(matrix):
        w, u = np.linalg.eigh(0.5 * (matrix + matrix.T))
        return (u * np.sqrt(np.maximum(w, 0))) @ u.T

    half = root(cov_p)
    cross = root(half @ cov_q @ half)
    delta = mean_p - mean_q
    value = delta @ delta + np.trace(cov_p + cov_q - 2 * cross)

    def backward(bar):
        inverse = np.linalg.inv(half)
        onto = inverse @ cross @ inverse
        eye = np.eye(len(delta))
        return {"mean_p": 2 * bar * delta, "mean_q": -2 * bar * delta,
                "cov_p": bar * (eye - onto), "cov_q": bar * (eye - np.linalg.inv(onto))}

    return value, backward


@form("frechet_distance", "the distance itself, of optimal transport", convention="the distance d itself, not squared")
def outside_bures_wasserstein(mean_p, cov_p, mean_q, cov_q):
    s = torch.linalg.cholesky(cov_p)
    fidelity = torch.linalg.eigvalsh(s.mT @ cov_q @ s).clamp(min=0).sqrt().sum()
    return torch.sqrt((mean_p - mean_q).pow(2).sum() + (cov_p.diagonal() + cov_q.diagonal()).sum() - 2 * fidelity)


@form("maximum_mean_discrepancy", "one matrix of the kernel of all points, cut in three")
def outside_mmd_stacked(real, fake, bandwidth, estimator):
    both, n, m = torch.cat([real, fake]), len(real), len(fake)
    d2 = (both.unsqueeze(0) - both.unsqueeze(1)).pow(2).sum(-1)
    k = torch.exp(-d2 / (2 * bandwidth**2))
    xx, yy, xy = k[:n, :n], k[n:, n:], k[:n, n:]
    if estimator == "biased":
        return xx.mean() + yy.mean() - 2 * xy.mean()
    return (xx.sum() - n) / (n * (n - 1)) + (yy.sum() - m) / (m * (m - 1)) - 2 * xy.mean()


@form("maximum_mean_discrepancy", "squares expanded, diagonals set to zero")
def outside_mmd_expanded(real, fake, bandwidth, estimator):
    def kernel(a, b):
        squares = (a * a).sum(1)[:, None] + (b * b).sum(1)[None, :] - 2 * a @ b.t()
        return torch.exp(-0.5 * squares.clamp(min=0) / bandwidth.square())

    def own(a):
        k, n = kernel(a, a), a.shape[0]
        if estimator == "unbiased":
            return k.masked_fill(torch.eye(n, dtype=torch.bool), 0).sum() / (n * (n - 1))
        return k.sum() / n**2

    return own(real) + own(fake) - 2 * kernel(real, fake).mean()


@form("maximum_mean_discrepancy", "γ as in sklearn's rbf_kernel", framework="autograd",
      convention="γ in place of h, the kernel is e^{−γ‖a − b‖²}")
def outside_mmd_rbf(real, fake, bandwidth, estimator):
    def rbf(a, b):
        return anp.exp(-bandwidth * anp.sum((a[:, None, :] - b[None, :, :]) ** 2, axis=-1))

    n, m = real.shape[0], fake.shape[0]
    if estimator == "unbiased":
        own = (anp.sum(rbf(real, real) * (1 - np.eye(n))) / (n * (n - 1))
               + anp.sum(rbf(fake, fake) * (1 - np.eye(m))) / (m * (m - 1)))
    else:
        own = anp.mean(rbf(real, real)) + anp.mean(rbf(fake, fake))
    return own - 2 * anp.mean(rbf(real, fake))


@form("maximum_mean_discrepancy", "a loop over pairs i < j, counted twice")
def outside_mmd_pdist(real, fake, bandwidth, estimator):
    def pairs(a):
        i, j = torch.triu_indices(len(a), len(a), offset=1)
        return torch.exp((a[i] - a[j]).square().sum(1) / (-2 * bandwidth * bandwidth)).sum() * 2

    n, m = len(real), len(fake)
    across = torch.exp((real[:, None] - fake).square().sum(2) / (-2 * bandwidth * bandwidth))
    if estimator == "unbiased":
        return pairs(real) / n / (n - 1) + pairs(fake) / m / (m - 1) - 2 * across.sum() / n / m
    return (pairs(real) + n) / n**2 + (pairs(fake) + m) / m**2 - 2 * across.sum() / n / m


@form("energy_distance", "the norm of all differences")
def outside_energy_norms(real, fake):
    def mean_distance(a, b):
        return torch.linalg.vector_norm(a[:, None] - b[None], dim=-1).mean()

    return 2 * mean_distance(real, fake) - mean_distance(real, real) - mean_distance(fake, fake)


@form("energy_distance", "torch's cdist, thrice")
def outside_energy_cdist(real, fake):
    return 2 * torch.cdist(real, fake).mean() - torch.cdist(real, real).mean() - torch.cdist(fake, fake).mean()


@form("energy_distance", "weights of one signed law: −½ αᵀ D α, as GeomLoss", convention="half of it, on a line "
      "Cramér's distance ∫ (F − G)²")
def outside_energy_signed(real, fake):
    points = torch.cat((real, fake))
    weight = torch.cat((torch.ones_like(real[:, 0]) / len(real), -torch.ones_like(fake[:, 0]) / len(fake)))
    table = (points[:, None, :] - points[None, :, :]).norm(dim=2)
    return -0.5 * weight @ table @ weight


@form("energy_distance", "autograd, with a safe root at zero", framework="autograd")
def outside_energy_autograd(real, fake):
    def distances(a, b):
        squares = anp.sum((a[:, None] - b[None]) ** 2, axis=-1)
        apart = squares > 0
        return anp.where(apart, anp.sqrt(anp.where(apart, squares, 1.0)), 0.0)

    return 2 * anp.mean(distances(real, fake)) - anp.mean(distances(real, real)) - anp.mean(distances(fake, fake))


@form("energy_distance", "by hand, unit vectors of all pairs", framework="numpy")
def outside_energy_by_hand(real, fake):
    def table(a, b):
        d = a[:, None, :] - b[None, :, :]
        r = np.sqrt((d**2).sum(-1))
        return r, np.divide(d, r[..., None], out=np.zeros_like(d), where=r[..., None] > 0)

    (xy, u), (xx, s), (yy, o) = table(real, fake), table(real, real), table(fake, fake)

    def backward(bar):
        return {"real": 2 * bar * (u.sum(1) / u[..., 0].size - s.sum(1) / s[..., 0].size),
                "fake": 2 * bar * (-u.sum(0) / u[..., 0].size - o.sum(1) / o[..., 0].size)}

    return 2 * xy.mean() - xx.mean() - yy.mean(), backward


def on_levels(u, v):
    """Both batches' quantiles between all levels i/B and j/M, and how far these are apart."""
    n, m = len(u), len(v)
    levels = torch.cat((torch.arange(n + 1).double() / n, torch.arange(m + 1).double() / m)).sort().values
    middle = (levels[1:] + levels[:-1]) / 2
    at = (middle * n).long().clamp(max=n - 1), (middle * m).long().clamp(max=m - 1)
    return u.sort().values[at[0]], v.sort().values[at[1]], levels.diff().to(u.dtype)


@form("wasserstein_distance_1d", "scipy's own: gaps times the difference of the laws")
def outside_wasserstein_scipy(real, fake):
    everyone = torch.cat((real, fake)).sort().values
    gaps = everyone.diff()
    left = torch.searchsorted(real.sort().values, everyone[:-1].contiguous(), right=True).to(real.dtype) / len(real)
    other = torch.searchsorted(fake.sort().values, everyone[:-1].contiguous(), right=True).to(real.dtype) / len(fake)
    return ((left - other).abs() * gaps).sum()


@form("wasserstein_distance_1d", "quantiles at the levels of both, as POT")
def outside_wasserstein_quantiles(real, fake):
    q_u, q_v, weight = on_levels(real, fake)
    return torch.sum(weight * torch.abs(q_u - q_v))


@form("wasserstein_distance_1d", "each repeated to a common size, then sorted", framework="autograd")
def outside_wasserstein_repeated(real, fake):
    common = np.lcm(len(real), len(fake))
    x = anp.repeat(anp.sort(real), common // len(real))
    y = anp.repeat(anp.sort(fake), common // len(fake))
    return anp.mean(anp.abs(x - y))


@form("wasserstein_distance_1d", "two pointers, masses moved from the smallest up", framework="numpy")
def outside_wasserstein_pointers(real, fake):
    order, other = np.argsort(real, kind="stable"), np.argsort(fake, kind="stable")
    n, m, i, j = len(real), len(fake), 0, 0
    left, right, total = m, n, 0
    x_bar, y_bar, value = np.zeros_like(real), np.zeros_like(fake), 0.0
    while total < n * m:
        moved = min(left, right)
        gap = real[order[i]] - fake[other[j]]
        value += moved * abs(gap) / (n * m)
        x_bar[order[i]] += moved * np.sign(gap) / (n * m)
        y_bar[other[j]] -= moved * np.sign(gap) / (n * m)
        left, right, total = left - moved, right - moved, total + moved
        if not left:
            i, left = i + 1, m
        if not right:
            j, right = j + 1, n
    return np.asarray(value, dtype=real.dtype), lambda bar: {"real": bar * x_bar, "fake": bar * y_bar}


@form("wasserstein_distance_1d", "order two, squared, for slices", convention="of order two, its square")
def outside_wasserstein_two(real, fake):
    u, v, weight = on_levels(real, fake)
    return (weight * (u - v).square()).sum()
