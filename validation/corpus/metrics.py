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
