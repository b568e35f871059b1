"""Categorical laws and rounded logistics, as training code writes them; their author has not read the definitions."""

import math

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F
from autograd.scipy.special import logsumexp
from torch import distributions as D

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("categorical_kl", "models on torch.distributions")
def outside_kl_distributions(logits_p, logits_q):
    return D.kl_divergence(D.Categorical(logits=logits_p), D.Categorical(logits=logits_q))


@form("categorical_kl", "distillation: torch's order, logarithms of both, batchmean", reduction="mean")
def outside_kl_batchmean(logits_p, logits_q):
    student, teacher = F.log_softmax(logits_q, dim=-1), F.log_softmax(logits_p, dim=-1)
    return F.kl_div(student, teacher, reduction="batchmean", log_target=True)


@form("categorical_kl", "cross-entropy less entropy, in bits", convention="bits")
def outside_kl_of_entropies(logits_p, logits_q):
    p = torch.softmax(logits_p, dim=1)
    cross = F.cross_entropy(logits_q, p, reduction="none")
    return (cross + (p * p.log()).sum(1)) / math.log(2)


@form("categorical_kl", "policy constraints in autograd", framework="autograd")
def outside_kl_autograd(logits_p, logits_q):
    lp = logits_p - logsumexp(logits_p, axis=-1, keepdims=True)
    lq = logits_q - logsumexp(logits_q, axis=-1, keepdims=True)
    return anp.einsum("bk,bk->b", anp.exp(lp), lp - lq)


@form("jensen_shannon_divergence", "consistency losses: two kl_div to the mixture's logarithm")
def outside_jsd_kl_div(logits_p, logits_q):
    p, q = F.softmax(logits_p, dim=1), F.softmax(logits_q, dim=1)
    log_m = torch.clamp((p + q) / 2, 1e-30, 1).log()
    return (F.kl_div(log_m, p, reduction="none").sum(-1) + F.kl_div(log_m, q, reduction="none").sum(-1)) / 2


@form("jensen_shannon_divergence", "in logarithms throughout")
def outside_jsd_logaddexp(logits_p, logits_q):
    log_p, log_q = logits_p.log_softmax(-1), logits_q.log_softmax(-1)
    log_m = torch.logaddexp(log_p, log_q) - math.log(2.0)
    return 0.5 * torch.sum(log_p.exp() * (log_p - log_m) + log_q.exp() * (log_q - log_m), dim=-1)


@form("jensen_shannon_divergence", "entropy of the mixture less the mean entropy, in bits", convention="bits")
def outside_jsd_entropies(logits_p, logits_q):
    p, q = D.Categorical(logits=logits_p), D.Categorical(logits=logits_q)
    mixed = D.Categorical(probs=(p.probs + q.probs) / 2)
    return (mixed.entropy() - (p.entropy() + q.entropy()) / 2) / np.log(2)


@form("jensen_shannon_divergence", "NumPy with its backward", framework="numpy")
def outside_jsd_by_hand(logits_p, logits_q):
    def softmax(z):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    p, q = softmax(logits_p), softmax(logits_q)
    m = 0.5 * (p + q)
    lp, lq = np.log(p / m), np.log(q / m)
    value = 0.5 * np.sum(p * lp + q * lq, axis=1)

    def pullback(bar):
        def back(law, log_ratio):
            inner = np.sum(law * log_ratio, axis=1, keepdims=True)
            return 0.5 * bar[:, None] * law * (log_ratio - inner)

        return {"logits_p": back(p, lp), "logits_q": back(q, lq)}

    return value, pullback


@form("cross_entropy", "torch's own, with probabilities for labels")
def outside_ce_torch(logits, target):
    return F.cross_entropy(logits, target, reduction="none")


@form("cross_entropy", "labels smoothed by torch, a mean over the batch", reduction="mean",
      convention="labels smoothed by a tenth")
def outside_ce_smoothed(logits, target):
    return torch.nn.CrossEntropyLoss(label_smoothing=0.1)(logits, target)


@form("cross_entropy", "the log-partition times the row's sum, less what the labels choose")
def outside_ce_logsumexp(logits, target):
    return torch.logsumexp(logits, dim=1) * target.sum(dim=1) - torch.einsum("bk,bk->b", target, logits)


@form("cross_entropy", "a NumPy classifier with its backward", framework="numpy")
def outside_ce_by_hand(logits, target):
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    exps = np.exp(shifted)
    log_probs = shifted - np.log(np.sum(exps, axis=1, keepdims=True))
    probs = exps / np.sum(exps, axis=1, keepdims=True)

    def pullback(bar):
        grad = probs * np.sum(target, axis=1, keepdims=True)
        grad -= target
        grad *= bar[:, None]
        return {"logits": grad, "target": -bar[:, None] * log_probs}

    return -np.sum(target * log_probs, axis=1), pullback


def rows(x):
    return x.reshape(x.shape[0], -1)


@form("discretized_logistic_log_likelihood", "PixelCNN++ with its density for tiny bins; bytes", fixed={"levels": 256},
      convention="the density at the level times 2δ, where the chance of the bin is below 10⁻⁵")
def outside_logistic_of_bytes(x, mean, log_scale):
    centered = x - mean
    inv = torch.exp(-log_scale)
    plus, minus, mid = inv * (centered + 1 / 255), inv * (centered - 1 / 255), inv * centered
    delta = torch.sigmoid(plus) - torch.sigmoid(minus)
    density = mid - log_scale - 2 * F.softplus(mid)
    inner = torch.where(delta > 1e-5, torch.log(torch.clamp(delta, min=1e-12)), density - np.log(127.5))
    outer = torch.where(x > 0.999, -F.softplus(minus), inner)
    return rows(torch.where(x < -0.999, plus - F.softplus(plus), outer)).sum(1)


@form("discretized_logistic_log_likelihood", "bits per dimension, stable differences of sigmoids",
      convention="the negative log-likelihood, bits per dimension")
def outside_logistic_bits(x, mean, log_scale, levels):
    half, scale = 1 / (levels - 1), torch.exp(log_scale)
    upper, lower = (x + half - mean) / scale, (x - half - mean) / scale
    inside = F.logsigmoid(upper) + F.logsigmoid(-lower) + torch.log(-torch.expm1(-2 * half / scale))
    log_prob = torch.where(x < -1 + half, F.logsigmoid(upper), torch.where(x > 1 - half, F.logsigmoid(-lower), inside))
    return -rows(log_prob).mean(dim=1) / math.log(2.0)


@form("discretized_logistic_log_likelihood", "log σ(a) and log σ(b) subtracted in logarithms, on the side of the tail",
      convention="the negative log-likelihood, a loss")
def outside_logistic_mirrored(x, mean, log_scale, levels):
    bin_size = 2.0 / (levels - 1)
    gap, inv = (x - mean).abs(), torch.exp(-log_scale)
    a, b = (bin_size / 2 - gap) * inv, (-bin_size / 2 - gap) * inv
    upper, lower = F.logsigmoid(a), F.logsigmoid(b)
    value = upper + torch.log1p(-torch.exp(lower - upper))
    first, last = x < -1 + bin_size / 2, x > 1 - bin_size / 2
    value = torch.where(first, -F.softplus(-(x + bin_size / 2 - mean) * inv), value)
    value = torch.where(last, -F.softplus((x - bin_size / 2 - mean) * inv), value)
    return -value.view(len(x), -1).sum(-1)


@form("discretized_logistic_log_likelihood", "autograd, logaddexp for softplus", framework="autograd")
def outside_logistic_autograd(x, mean, log_scale, levels):
    half = 1.0 / (levels - 1)
    inv = anp.exp(-log_scale)
    a, b = (x - mean + half) * inv, (x - mean - half) * inv
    low, high = -anp.logaddexp(0.0, -a), -anp.logaddexp(0.0, b)
    width = anp.log1p(-anp.exp(-2 * half * inv))
    every = anp.where(x < -1 + half, low, anp.where(x > 1 - half, high, low + high + width))
    return anp.sum(anp.reshape(every, (x.shape[0], -1)), axis=1)
