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
