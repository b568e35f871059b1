"""Forms of scores and distances of whole batches."""

import autograd.numpy as anp
import numpy as np
import torch
from autograd.scipy.special import logsumexp

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("inception_score", "a categorical law for each sample, and one of their mean")
def score_by_distributions(logits):
    each = torch.distributions.Categorical(logits=logits)
    s = each.logits
    marginal = s.logsumexp(dim=0) - torch.log(torch.tensor(float(s.shape[0]), dtype=s.dtype))
    return torch.exp((each.probs * (s - marginal)).sum(1).mean())


@form("inception_score", "autograd, a difference of entropies", framework="autograd")
def score_of_entropies(logits):
    s = logits - logsumexp(logits, axis=1, keepdims=True)
    marginal = logsumexp(s, axis=0) - anp.log(s.shape[0])
    return anp.exp(anp.sum(anp.exp(s) * s) / s.shape[0] - anp.sum(anp.exp(marginal) * marginal))


@form("inception_score", "by hand, in NumPy", framework="numpy")
def inception_score_by_hand(logits):
    z = logits - logits.max(1, keepdims=True)
    e = np.exp(z)
    p = e / e.sum(1, keepdims=True)
    s = z - np.log(e.sum(1, keepdims=True))
    top = s.max(0)
    gain = s - top - np.log(np.exp(s - top).mean(0))
    each = (p * gain).sum(1, keepdims=True)
    score = np.exp(each.mean())
    return score, lambda bar: {"logits": bar * score * p * (gain - each) / len(p)}


@form("info_nce", "the diagonal of a log-softmax")
def contrast_by_diagonal(query, key, tau):
    return -torch.log_softmax(torch.einsum("id,jd->ij", query, key) / tau, dim=-1).diagonal().mean()


@form("info_nce", "MoCo: the own product first, labels of zero", convention="cosines for products")
def contrast_of_moco(query, key, tau):
    q, k = (torch.nn.functional.normalize(x, dim=1) for x in (query, key))
    many = len(q)
    positive = torch.einsum("nc,nc->n", q, k)[:, None]
    others = (q @ k.T)[~torch.eye(many, dtype=torch.bool)].reshape(many, many - 1)
    logits = torch.cat([positive, others], dim=1) / tau
    return torch.nn.functional.cross_entropy(logits, torch.zeros(many, dtype=torch.long))


@form("info_nce", "CLIP: cosines, a scale, and both directions", convention="cosines, the mean of both directions")
def contrast_of_clip(query, key, tau):
    image, text = query / query.norm(dim=1, keepdim=True), key / key.norm(dim=1, keepdim=True)
    logits = (1 / tau) * image @ text.t()
    labels, entropy = torch.arange(len(logits)), torch.nn.CrossEntropyLoss()
    return (entropy(logits, labels) + entropy(logits.t(), labels)) / 2


@form("info_nce", "autograd, log-sum-exp less the own product", framework="autograd")
def contrast_in_autograd(query, key, tau):
    logits = anp.dot(query, key.T) / tau
    return anp.mean(logsumexp(logits, axis=1) - anp.sum(query * key, axis=1) / tau)


@form("info_nce", "by hand: probabilities less one-hot labels", framework="numpy")
def contrast_by_hand(query, key, tau):
    logits = query @ key.T / tau
    logits = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    eye = np.eye(len(p), dtype=p.dtype)

    def backward(bar):
        each = bar / len(p) * (p - eye) / tau
        return {"query": each @ key, "key": each.T @ query, "tau": -np.sum(each * (query @ key.T)) / tau}

    return np.mean(np.log(np.exp(logits).sum(axis=1)) - np.diag(logits)), backward


@form("frechet_inception_distance", "torch.cov, and the eigenvalues of the product, as torchmetrics has it")
def frechet_of_eigenvalues(real, fake):
    a = (real.mean(dim=0) - fake.mean(dim=0)).square().sum(dim=-1)
    sigma1, sigma2 = (torch.atleast_2d(torch.cov(x.T)) for x in (real, fake))
    b = sigma1.trace() + sigma2.trace()
    c = torch.linalg.eigvals(sigma1 @ sigma2).sqrt().real.sum(dim=-1)
    return a + b - 2 * c


@form("frechet_inception_distance", "the polar factor from torch's svd, held")
def frechet_of_a_held_factor(real, fake):
    f, g = ((x - x.mean(0)) / (len(x) - 1) ** 0.5 for x in (real, fake))
    with torch.no_grad():
        u, _, vh = torch.linalg.svd(f @ g.T, full_matrices=False)
        rank = min(len(real) - 1, len(fake) - 1, real.shape[1])
        polar = u[:, :rank] @ vh[:rank]
    moved = polar @ g
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    return gap + (f - moved).square().sum() + (g - polar.T @ moved).square().sum()


@form("frechet_inception_distance", "by hand, singular vectors in NumPy", framework="numpy")
def frechet_by_hand(real, fake):
    f, g = ((x - x.mean(0)) / np.sqrt(len(x) - 1, dtype=x.dtype) for x in (real, fake))
    u, s, vt = np.linalg.svd(f @ g.T, full_matrices=False)
    many = min(len(real) - 1, len(fake) - 1, real.shape[1])
    polar, gap = u[:, :many] @ vt[:many], real.mean(0) - fake.mean(0)
    value = gap @ gap + np.sum(f * f) + np.sum(g * g) - 2 * np.sum(s)

    def pullback(bar):
        at_f, at_g = f - polar @ g, g - polar.T @ f
        return {
            "real": 2 * bar * (gap / len(real) + at_f / np.sqrt(len(real) - 1, dtype=real.dtype)),
            "fake": 2 * bar * (at_g / np.sqrt(len(fake) - 1, dtype=fake.dtype) - gap / len(fake)),
        }

    return value, pullback


@form("kernel_inception_distance", "torchmetrics' poly_mmd: kernel matrices, and their sums less the diagonals")
def poly_mmd(real, fake):
    k = lambda a, b: (a @ b.T * (1.0 / a.shape[1]) + 1.0) ** 3
    k_xx, k_xy, k_yy = k(real, real), k(real, fake), k(fake, fake)
    value = (k_xx.sum(dim=-1) - torch.diag(k_xx)).sum() / (len(real) * (len(real) - 1))
    value = value + (k_yy.sum(dim=-1) - torch.diag(k_yy)).sum() / (len(fake) * (len(fake) - 1))
    return value - 2 * k_xy.sum() / (len(real) * len(fake))


@form("kernel_inception_distance", "autograd, masked tables", framework="autograd")
def kid_of_masks(real, fake):
    k = lambda a, b: (anp.dot(a, b.T) / a.shape[1] + 1.0) ** 3
    off = lambda x: anp.sum(k(x, x) * (1 - np.eye(len(x)))) / (len(x) * (len(x) - 1))
    return off(real) + off(fake) - 2 * anp.mean(k(real, fake))


@form("kernel_inception_distance", "by hand, in NumPy", framework="numpy")
def kid_by_hand(real, fake):
    n, m, d = len(real), len(fake), real.shape[1]
    xx, yy, xy = real @ real.T / d + 1, fake @ fake.T / d + 1, real @ fake.T / d + 1
    value = (np.sum(xx**3) - np.sum(np.diag(xx) ** 3)) / (n * (n - 1)) - 2 * np.mean(xy**3)
    value = value + (np.sum(yy**3) - np.sum(np.diag(yy) ** 3)) / (m * (m - 1))

    def pullback(bar):
        xx2, yy2 = xx**2, yy**2
        np.fill_diagonal(xx2, 0)
        np.fill_diagonal(yy2, 0)
        return {
            "real": bar * 6 / d * (xx2 @ real / (n * (n - 1)) - xy**2 @ fake / (n * m)),
            "fake": bar * 6 / d * (yy2 @ fake / (m * (m - 1)) - (xy**2).T @ real / (n * m)),
        }

    return value, pullback


@form("energy_distance", "torch.cdist, means of three tables")
def energy_by_cdist(real, fake):
    return 2 * torch.cdist(real, fake).mean() - torch.cdist(real, real).mean() - torch.cdist(fake, fake).mean()


@form("energy_distance", "pairs i < j of each batch, and a library's norm")
def energy_of_pdist(real, fake):
    n, m = len(real), len(fake)
    within = lambda x: 2 * torch.nn.functional.pdist(x).sum() / len(x) ** 2
    cross = torch.linalg.vector_norm(real.unsqueeze(1) - fake.unsqueeze(0), dim=-1).sum()
    return 2 * cross / (n * m) - within(real) - within(fake)


@form("energy_distance", "autograd, a small number under the root", framework="autograd")
def energy_of_a_guarded_root(real, fake):
    distance = lambda a, b: anp.mean(anp.sqrt(anp.sum((a[:, None] - b[None]) ** 2, axis=-1) + 1e-40))
    return 2 * distance(real, fake) - distance(real, real) - distance(fake, fake)


@form("energy_distance", "geomloss: half of it", convention="half of it, on a line Cramér's distance ∫ (F − G)²")
def energy_of_geomloss(real, fake):
    a, b = (torch.full((len(x), 1), 1 / len(x), dtype=x.dtype) for x in (real, fake))
    table = lambda x, y: -(x[:, None, :] - y[None, :, :]).pow(2).sum(-1).clamp_min(1e-36).sqrt()
    return (0.5 * a.T @ table(real, real) @ a + 0.5 * b.T @ table(fake, fake) @ b - a.T @ table(real, fake) @ b).sum()


@form("energy_distance", "by hand, in NumPy", framework="numpy")
def distances_by_hand(real, fake):
    n, m = len(real), len(fake)

    def pairs(a, b):
        d = a[:, None] - b[None]
        r = np.sqrt((d * d).sum(-1))
        return r, d / np.where(r == 0, 1, r)[..., None]

    (xy, u), (xx, v), (yy, w) = pairs(real, fake), pairs(real, real), pairs(fake, fake)
    return 2 * xy.mean() - xx.mean() - yy.mean(), lambda bar: {
        "real": bar * (2 / (n * m) * u.sum(1) - 2 / n**2 * v.sum(1)),
        "fake": bar * (-2 / (n * m) * u.sum(0) - 2 / m**2 * w.sum(1)),
    }


GAMMA = "γ in place of h, the kernel is e^{−γ‖a − b‖²}"
OF_GAMMA = {"real": "x", "fake": "y", "bandwidth": "gamma"}


@form("maximum_mean_discrepancy", "a Gram matrix, γ, all pairs", convention=GAMMA, arguments=OF_GAMMA,
      fixed={"estimator": "biased"})
def mmd_of_gamma(x, y, gamma):
    def rbf(a, b):
        return torch.exp(-gamma * ((a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T))

    return rbf(x, x).mean() + rbf(y, y).mean() - 2 * rbf(x, y).mean()


@form("maximum_mean_discrepancy", "autograd, masks", framework="autograd")
def mmd_of_masks(real, fake, bandwidth, *, estimator):
    def mean(a, b, same):
        k = anp.exp(-0.5 * anp.sum(((a[:, None] - b[None]) / bandwidth) ** 2, axis=-1))
        return anp.sum(k * (1 - np.eye(len(a)))) / (len(a) * (len(a) - 1)) if same else anp.mean(k)

    own = estimator == "unbiased"
    return mean(real, real, own) + mean(fake, fake, own) - 2 * mean(real, fake, False)


@form("wasserstein_distance_1d", "quantiles of both batches, as libraries of transport have them")
def transport_of_quantiles(real, fake):
    x, y = real.sort().values, fake.sort().values
    ends = lambda n: torch.arange(1, n + 1, dtype=torch.float64) / n
    at = torch.cat([ends(len(x)), ends(len(y))]).sort().values
    width = torch.diff(at, prepend=torch.zeros(1, dtype=at.dtype)).to(x.dtype)
    middle = at - torch.diff(at, prepend=torch.zeros(1, dtype=at.dtype)) / 2
    pick = lambda v: v[torch.searchsorted(ends(len(v)), middle).clamp(max=len(v) - 1)]
    return (width * (pick(x) - pick(y)).abs()).sum()


@form("wasserstein_distance_1d", "autograd, repeated until both have one size", framework="autograd")
def transport_of_copies(real, fake):
    return anp.mean(anp.abs(anp.repeat(anp.sort(real), len(fake)) - anp.repeat(anp.sort(fake), len(real))))
