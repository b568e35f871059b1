"""Forms of divergences of laws, of losses of classifiers, and of gradients that are estimated."""

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F
from torch.distributions import Categorical, kl_divergence

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("categorical_kl", "policy losses on torch's distributions")
def categorical_kl_of_distributions(logits_p, logits_q):
    return kl_divergence(Categorical(logits=logits_p), Categorical(logits=logits_q))


@form("categorical_kl", "distillation, the teacher's probabilities as the target")
def kl_of_a_teacher(logits_p, logits_q):
    return F.kl_div(F.log_softmax(logits_q, dim=-1), F.softmax(logits_p, dim=-1), reduction="none").sum(dim=-1)


@form("categorical_kl", "the same in bits", convention="bits")
def kl_in_bits(logits_p, logits_q):
    log_p, log_q = logits_p.log_softmax(-1), logits_q.log_softmax(-1)
    return (log_p.exp() * (log_p - log_q)).sum(-1) / np.log(2)


@form("categorical_kl", "a layer with its backward", framework="numpy")
def categorical_kl_by_hand(logits_p, logits_q):
    def logs(a):
        a = a - a.max(axis=1, keepdims=True)
        return a - np.log(np.exp(a).sum(axis=1, keepdims=True))

    log_p, log_q = logs(logits_p), logs(logits_q)
    p, q = np.exp(log_p), np.exp(log_q)
    value = np.sum(p * (log_p - log_q), axis=1)
    return value, lambda bar: {
        "logits_p": bar[:, None] * p * (log_p - log_q - value[:, None]), "logits_q": bar[:, None] * (q - p)}


@form("jensen_shannon_divergence", "consistency losses with a mixture of probabilities")
def js_of_probabilities(logits_p, logits_q):
    p, q = F.softmax(logits_p, dim=1), F.softmax(logits_q, dim=1)
    log_m = torch.log(0.5 * (p + q))
    return 0.5 * (F.kl_div(log_m, p, reduction="none") + F.kl_div(log_m, q, reduction="none")).sum(dim=1)


@form("jensen_shannon_divergence", "entropies", framework="autograd")
def js_of_entropies(logits_p, logits_q):
    def softmax(a):
        e = anp.exp(a - anp.max(a, axis=1, keepdims=True))
        return e / anp.sum(e, axis=1, keepdims=True)

    entropy = lambda p: -anp.sum(p * anp.log(p), axis=1)
    p, q = softmax(logits_p), softmax(logits_q)
    return entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2


@form("jensen_shannon_divergence", "torch's distributions with a mixture's log-probabilities")
def js_of_distributions(logits_p, logits_q):
    p, q = Categorical(logits=logits_p), Categorical(logits=logits_q)
    m = Categorical(logits=torch.logaddexp(p.logits, q.logits))
    return (kl_divergence(p, m) + kl_divergence(q, m)) / 2
