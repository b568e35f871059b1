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
