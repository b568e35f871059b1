"""Scores of samples and contrastive losses, as evaluations write them; their author has not read the definitions."""

import math

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F
from autograd.scipy.special import logsumexp
from scipy import linalg, stats
from torch import distributions as D

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("inception_score", "SciPy's entropy, one sample after another; a number to be reported", gradients=[])
def outside_is_scipy(logits):
    probs = torch.softmax(logits, 1).detach().numpy()
    marginal = probs.mean(axis=0)
    scores = [stats.entropy(row, marginal) for row in probs]
    return torch.as_tensor(np.exp(np.mean(scores)), dtype=logits.dtype)


@form("inception_score", "metric classes in torch")
def outside_is_torch(logits):
    prob, log_prob = logits.softmax(dim=1), logits.log_softmax(dim=1)
    mean_prob = prob.mean(dim=0, keepdim=True)
    return (prob * (log_prob - mean_prob.log())).sum(dim=1).mean().exp()


@form("inception_score", "information as a difference of entropies, a regulariser", convention="its logarithm, in nats")
def outside_is_entropies(logits):
    marginal = D.Categorical(probs=F.softmax(logits, dim=-1).mean(0))
    return marginal.entropy() - D.Categorical(logits=logits).entropy().mean()


@form("inception_score", "autograd, the marginal in logarithms", framework="autograd")
def outside_is_autograd(logits):
    logp = logits - logsumexp(logits, axis=1, keepdims=True)
    logm = logsumexp(logp, axis=0) - np.log(len(logits))
    return anp.exp(anp.sum(anp.exp(logp) * (logp - logm)) / len(logits))


@form("frechet_inception_distance", "SciPy's root of a matrix; a number to be reported", gradients=[])
def outside_fid_scipy(real, fake):
    a, b = real.detach().numpy().astype(np.float64), fake.detach().numpy().astype(np.float64)
    s1, s2 = np.atleast_2d(np.cov(a, rowvar=False)), np.atleast_2d(np.cov(b, rowvar=False))
    diff = a.mean(0) - b.mean(0)
    root = linalg.sqrtm(s1.dot(s2))
    if not np.isfinite(root).all():
        shift = np.eye(len(s1)) * 1e-6
        root = linalg.sqrtm((s1 + shift).dot(s2 + shift))
    value = diff @ diff + np.trace(s1) + np.trace(s2) - 2 * np.trace(np.real(root))
    return torch.as_tensor(value, dtype=real.dtype)


@form("frechet_inception_distance", "metric classes in torch: eigenvalues of the product", gradients=[])
def outside_fid_eigenvalues(real, fake):
    mu1, mu2 = real.mean(0), fake.mean(0)
    sigma1 = (real - mu1).t().mm(real - mu1) / (len(real) - 1)
    sigma2 = (fake - mu2).t().mm(fake - mu2) / (len(fake) - 1)
    a = (mu1 - mu2).square().sum(dim=-1)
    b = sigma1.trace() + sigma2.trace()
    c = torch.linalg.eigvals(sigma1 @ sigma2).sqrt().real.sum(dim=-1)
    return a + b - 2 * c


@form("frechet_inception_distance", "the symmetric root by eigh, in float64 inside", gradients=[])
def outside_fid_eigh(real, fake):
    cov1, cov2 = (torch.atleast_2d(torch.cov(one.double().T)) for one in (real, fake))
    values, vectors = torch.linalg.eigh(cov1)
    root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    cross = torch.linalg.eigvalsh(root @ cov2 @ root).clamp(min=0).sqrt().sum()
    shift = (real.double().mean(0) - fake.double().mean(0)).pow(2).sum()
    return (shift + torch.trace(cov1 + cov2) - 2 * cross).to(real.dtype)


@form("frechet_inception_distance", "a loss: singular values of the product of the centred batches")
def outside_fid_nuclear(real, fake):
    x, y = real.mean(dim=0), fake.mean(dim=0)
    f, g = (real - x) / math.sqrt(len(real) - 1), (fake - y) / math.sqrt(len(fake) - 1)
    spread = f.square().sum() + g.square().sum()
    return F.mse_loss(x, y, reduction="sum") + spread - 2 * torch.linalg.svdvals(f @ g.T).sum()


@form("frechet_inception_distance", "a loss of running moments, the bias kept",
      convention="covariances with 1/B and 1/M")
def outside_fid_biased(real, fake):
    f, g = real - real.mean(0, keepdim=True), fake - fake.mean(0, keepdim=True)
    nuclear = torch.linalg.matrix_norm(f @ g.mT, ord="nuc") / (len(real) * len(fake)) ** 0.5
    spread = f.var(0, unbiased=False).sum() + g.var(0, unbiased=False).sum()
    return torch.dist(real.mean(0), fake.mean(0)) ** 2 + spread - 2 * nuclear


def cubic(a, b):
    return (a @ b.T / a.shape[1] + 1) ** 3


@form("kernel_inception_distance", "metric classes in torch: the diagonal taken off a sum")
def outside_kid_traces(real, fake):
    m, n = len(real), len(fake)
    xx, yy, xy = cubic(real, real), cubic(fake, fake), cubic(real, fake)
    value = (xx.sum() - torch.diag(xx).sum()) / (m * (m - 1)) + (yy.sum() - yy.trace()) / (n * (n - 1))
    return value - 2 * xy.sum() / (m * n)


@form("kernel_inception_distance", "pairs above the diagonal alone")
def outside_kid_pairs(real, fake):
    gamma = 1.0 / real.size(1)

    def within(z):
        i, j = torch.triu_indices(len(z), len(z), offset=1)
        return torch.addcmul(z.new_ones(()), z[i].mul(z[j]).sum(1), z.new_tensor(gamma)).pow(3).mean()

    between = torch.pow(gamma * torch.einsum("id,jd->ij", real, fake) + 1.0, 3).mean()
    return within(real) + within(fake) - 2 * between


@form("kernel_inception_distance", "the biased estimate, a loss of moment matching",
      convention="biased, of all pairs over B² and M²")
def outside_kid_biased(real, fake):
    both = torch.cat([real, fake])
    sign = torch.cat([real.new_full((len(real),), 1 / len(real)), fake.new_full((len(fake),), -1 / len(fake))])
    return sign @ cubic(both, both) @ sign


@form("kernel_inception_distance", "NumPy with its backward", framework="numpy")
def outside_kid_by_hand(real, fake):
    m, n, d = len(real), len(fake), real.shape[1]
    off_x, off_y = 1 - np.eye(m, dtype=real.dtype), 1 - np.eye(n, dtype=real.dtype)
    sx, sy, sxy = real @ real.T / d + 1, fake @ fake.T / d + 1, real @ fake.T / d + 1
    value = np.sum(off_x * sx**3) / (m * (m - 1)) + np.sum(off_y * sy**3) / (n * (n - 1)) - 2 * np.mean(sxy**3)

    def pullback(bar):
        gx, gy = off_x * 3 * sx**2 / (d * m * (m - 1)), off_y * 3 * sy**2 / (d * n * (n - 1))
        gxy = 3 * sxy**2 / (d * m * n)
        return {"real": 2 * bar * (gx @ real - gxy @ fake), "fake": 2 * bar * (gy @ fake - gxy.T @ real)}

    return value, pullback


@form("info_nce", "cross-entropy with the row's own number for a label")
def outside_nce_labels(query, key, tau):
    return F.cross_entropy(query @ key.t() / tau, torch.arange(query.size(0), device=query.device))


@form("info_nce", "CLIP: unit vectors, a learned logarithm of the scale, both directions",
      arguments={"query": "query", "key": "key", "tau": "logit_scale"},
      convention="cosines, the mean of both directions; a logarithm t in place of τ, the scale is eᵗ")
def outside_nce_clip(query, key, logit_scale):
    image, text = query / query.norm(dim=-1, keepdim=True), key / key.norm(dim=-1, keepdim=True)
    per_image = logit_scale.exp() * image @ text.T
    own = torch.arange(len(image))
    return (F.cross_entropy(per_image, own) + F.cross_entropy(per_image.t(), own)) / 2


@form("info_nce", "momentum contrast: the own key first, the others of the batch behind it")
def outside_nce_queue(query, key, tau):
    n = len(query)
    positive = torch.einsum("nc,nc->n", query, key).unsqueeze(-1)
    products = torch.einsum("nc,mc->nm", query, key)
    negative = products[~torch.eye(n, dtype=torch.bool)].view(n, n - 1)
    logits = torch.cat([positive, negative], dim=1) / tau
    return F.nll_loss(F.log_softmax(logits, dim=1), torch.zeros(n, dtype=torch.long))


@form("info_nce", "cosines, one query after another", convention="cosines for products")
def outside_nce_looped(query, key, tau):
    total = 0.0
    for i, one in enumerate(query):
        similar = F.cosine_similarity(one[None], key, dim=1) / tau
        total = total + torch.logsumexp(similar, 0) - similar[i]
    return total / query.shape[0]
