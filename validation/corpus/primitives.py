"""Forms of softmax and its kin."""

import autograd.numpy as anp
import autograd.scipy.special as aspecial
import numpy as np
import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("log_sum_exp", "models on torch's own function")
def lse_of_torch(logits):
    return torch.logsumexp(logits, dim=-1)


@form("log_sum_exp", "the helper of mixture-of-logistics decoders")
def lse_two_maxima(logits):
    m, _ = logits.max(dim=-1)
    kept, _ = logits.max(dim=-1, keepdim=True)
    return m + torch.log((logits - kept).exp().sum(dim=-1))


@form("log_sum_exp", "autograd's own examples", framework="autograd")
def lse_of_scipy(logits):
    return aspecial.logsumexp(logits, axis=1)


@form("log_sum_exp", "an energy with a hand-written backward", framework="numpy")
def lse_by_hand(logits):
    top = logits.max(axis=-1, keepdims=True)
    e = np.exp(logits - top)
    total = e.sum(axis=-1, keepdims=True)

    def pullback(bar):
        return {"logits": bar[:, None] * e / total}

    return (top + np.log(total))[:, 0], pullback


@form("log_sum_exp", "first lessons, without a shift")
def lse_naive(logits):
    return logits.exp().sum(-1).log()


@form("softmax", "models on torch's own function")
def softmax_of_torch(logits):
    return F.softmax(logits, dim=-1)


@form("softmax", "attention written out")
def softmax_by_division(logits):
    e = torch.exp(logits - logits.amax(dim=-1, keepdim=True).detach())
    return e / e.sum(dim=-1, keepdim=True)


@form("softmax", "mixture weights through their logarithm", framework="autograd")
def softmax_of_logsumexp(logits):
    return anp.exp(logits - aspecial.logsumexp(logits, axis=-1, keepdims=True))


@form("softmax", "a NumPy layer with its backward", framework="numpy")
def softmax_layer(logits):
    p = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    p /= np.sum(p, axis=1, keepdims=True)
    return p, lambda bar: {"logits": p * (bar - np.sum(bar * p, axis=1, keepdims=True))}


@form("softmax", "kernels with the Jacobian written out", framework="numpy")
def softmax_by_jacobian(logits):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)

    def pullback(bar):
        jacobian = np.einsum("bi,ij->bij", p, np.eye(p.shape[1])) - np.einsum("bi,bj->bij", p, p)
        return {"logits": np.einsum("bij,bj->bi", jacobian, bar)}

    return p, pullback


@form("log_softmax", "models on torch's own function")
def log_softmax_of_torch(logits):
    return F.log_softmax(logits, dim=-1)


@form("log_softmax", "distributions that normalise their logits")
def log_softmax_of_logsumexp(logits):
    return logits - logits.logsumexp(dim=-1, keepdim=True)


@form("log_softmax", "classifiers written out, the maximum differentiated with the rest")
def log_softmax_of_maximum(logits):
    shifted = logits - logits.max(dim=-1, keepdim=True).values
    return shifted - torch.log(torch.exp(shifted).sum(dim=-1, keepdim=True))


@form("log_softmax", "scripts that take the logarithm of a softmax")
def log_of_softmax(logits):
    return torch.log(torch.softmax(logits, dim=-1))


@form("log_softmax", "losses for all labels at once", convention="the negative log-probabilities, a loss")
def nll_of_every_label(logits):
    return logits.logsumexp(-1, keepdim=True) - logits


@form("log_softmax", "cross-entropy with a hand-written backward", framework="numpy")
def log_softmax_layer(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    value = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return value, lambda bar: {"logits": bar - np.exp(value) * bar.sum(axis=1, keepdims=True)}


@form("log_softmax", "autograd's own examples", framework="autograd")
def log_softmax_in_autograd(logits):
    return logits - aspecial.logsumexp(logits, axis=1, keepdims=True)


@form("softplus", "models on torch's own function, linear above its threshold of 20")
def softplus_of_torch(x):
    return F.softplus(x)


@form("softplus", "stable forms through two exponentials")
def softplus_of_logaddexp(x):
    return torch.logaddexp(x, torch.zeros_like(x))


@form("softplus", "first lessons")
def softplus_naive(x):
    return torch.log(1 + torch.exp(x))


@form("softplus", "losses written with the log-sigmoid")
def softplus_of_log_sigmoid(x):
    return -F.logsigmoid(-x)


@form("softplus", "autograd", framework="autograd")
def softplus_in_autograd(x):
    return anp.logaddexp(0.0, x)


@form("softplus", "a NumPy layer with its backward", framework="numpy")
def softplus_layer(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), lambda bar: {"x": bar / (1 + np.exp(-x))}


@form("log_sigmoid", "generators' losses on torch's own function")
def log_sigmoid_of_torch(x):
    return F.logsigmoid(x)


@form("log_sigmoid", "adversarial losses through softplus")
def log_sigmoid_of_softplus(x):
    return -F.softplus(-x)


@form("log_sigmoid", "the binary cross-entropy of a real example")
def log_sigmoid_of_bce(x):
    return -F.binary_cross_entropy_with_logits(x, torch.ones_like(x), reduction="none")


@form("log_sigmoid", "the same as a loss", convention="the negative log-probability, a loss")
def bce_of_ones(x):
    return F.binary_cross_entropy_with_logits(x, torch.ones_like(x), reduction="none")


@form("log_sigmoid", "first lessons")
def log_of_sigmoid(x):
    return torch.log(torch.sigmoid(x))


@form("log_sigmoid", "autograd", framework="autograd")
def log_sigmoid_in_autograd(x):
    return -anp.logaddexp(0.0, -x)
