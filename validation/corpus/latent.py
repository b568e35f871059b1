"""Forms of categorical draws, their relaxations, and vector quantization."""

import autograd.numpy as anp
import autograd.scipy.special as aspecial
import numpy as np
import torch
import torch.nn.functional as F
from torch import distributions as D

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("gumbel_max", "sampling of tokens")
def draw_by_argmax(logits, gumbel):
    return torch.argmax(F.log_softmax(logits, dim=-1) + gumbel, dim=-1)


@form("gumbel_max", "a draw in NumPy", framework="numpy")
def draw_in_numpy(logits, gumbel):
    return np.argmax(logits + gumbel, axis=-1)


@form("gumbel_softmax", "the relaxed sample of categorical VAEs")
def relaxed_sample(logits, gumbel, tau):
    return F.softmax((logits + gumbel) / tau, dim=-1)


@form("gumbel_softmax", "code whose encoder gives log-probabilities")
def relaxed_sample_of_log_probs(logits, gumbel, tau):
    return ((F.log_softmax(logits, dim=-1) + gumbel) / tau).softmax(dim=-1)


@form("gumbel_softmax", "distributions: scores less their log-normaliser")
def relaxed_sample_of_scores(logits, gumbel, tau):
    scores = (logits + gumbel) / tau
    return torch.exp(scores - scores.logsumexp(dim=-1, keepdim=True))


@form("gumbel_softmax", "autograd", framework="autograd")
def relaxed_sample_in_autograd(logits, gumbel, tau):
    z = (logits + gumbel) / tau
    return anp.exp(z - aspecial.logsumexp(z, axis=-1, keepdims=True))


@form("gumbel_softmax", "a NumPy layer with its backward", framework="numpy")
def relaxed_layer(logits, gumbel, tau):
    z = (logits + gumbel) / tau
    e = np.exp(z - z.max(axis=1, keepdims=True))
    y = e / e.sum(axis=1, keepdims=True)

    def pullback(bar):
        dz = y * (bar - (bar * y).sum(axis=1, keepdims=True))
        finite = np.where(np.isfinite(z), z, 0.0)
        return {"logits": dz / tau, "tau": -(dz * finite).sum() / tau}

    return y, pullback


@form("straight_through_gumbel_softmax", "torch's own, its two copies of the soft sample")
def straight_through_by_scatter(logits, gumbel, tau):
    soft = F.softmax((logits + gumbel) / tau, dim=-1)
    index = soft.max(-1, keepdim=True)[1]
    hard = torch.zeros_like(logits).scatter_(-1, index, 1.0)
    return hard - soft.detach() + soft


@form("straight_through_gumbel_softmax", "the stop-gradient spelling")
def straight_through_by_one_hot(logits, gumbel, tau):
    noisy = logits + gumbel
    soft = torch.softmax(noisy / tau, dim=-1)
    hard = F.one_hot(noisy.argmax(dim=-1), logits.shape[-1]).to(soft.dtype)
    return soft + (hard - soft).detach()


class Harden(torch.autograd.Function):
    @staticmethod
    def forward(ctx, soft):
        return F.one_hot(soft.argmax(-1), soft.shape[-1]).to(soft.dtype)

    @staticmethod
    def backward(ctx, grad):
        return grad


@form("straight_through_gumbel_softmax", "a Function with the identity for its backward")
def straight_through_by_function(logits, gumbel, tau):
    return Harden.apply(F.softmax((logits + gumbel) / tau, dim=-1))


@form("concrete_log_density", "torch.distributions")
def concrete_of_distributions(c, logits, tau):
    return D.RelaxedOneHotCategorical(tau, logits=logits, validate_args=False).log_prob(c)


@form("concrete_log_density", "the paper's formula term by term")
def concrete_by_the_formula(c, logits, tau):
    n = c.shape[-1]
    normaliser = n * torch.logsumexp(logits - tau * torch.log(c), dim=-1)
    constant = torch.lgamma(torch.tensor(float(n), dtype=c.dtype)) + (n - 1) * torch.log(tau)
    return constant + torch.sum(logits - (tau + 1) * torch.log(c), dim=-1) - normaliser


@form("concrete_log_density", "two log-softmaxes and a change of variables", framework="autograd")
def concrete_in_autograd(c, logits, tau):
    n, log_c = c.shape[1], anp.log(c)
    scores = logits - tau * log_c
    shares = scores - aspecial.logsumexp(scores, axis=1, keepdims=True)
    return float(np.sum(np.log(np.arange(1, n)))) + (n - 1) * anp.log(tau) + anp.sum(shares - log_c, axis=1)


@form("relaxed_codebook", "discrete VAEs: soft one-hot times embedding")
def codes_by_matmul(c, codebook):
    return c @ codebook


@form("relaxed_codebook", "discrete VAEs with named axes")
def codes_by_einsum(c, codebook):
    return torch.einsum("bn,nd->bd", c, codebook)


@form("relaxed_codebook", "scripts that broadcast and sum")
def codes_by_broadcast(c, codebook):
    return (c.unsqueeze(-1) * codebook.unsqueeze(0)).sum(dim=1)


@form("relaxed_codebook", "a NumPy layer with its backward", framework="numpy")
def codes_layer(c, codebook):
    return c.dot(codebook), lambda bar: {"c": bar.dot(codebook.T), "codebook": c.T.dot(bar)}


@form("vector_quantization", "VQ-VAE in torch: expanded squares and a one-hot product")
def vq_expanded(z, codebook, beta):
    distances = (z**2).sum(1, keepdim=True) + (codebook**2).sum(1) - 2 * torch.matmul(z, codebook.t())
    code = torch.argmin(distances, dim=1)
    encodings = torch.zeros(z.shape[0], codebook.shape[0], dtype=z.dtype)
    encodings.scatter_(1, code.unsqueeze(1), 1)
    quantized = torch.matmul(encodings, codebook)
    q_loss = ((quantized - z.detach()) ** 2).sum(1)
    e_loss = ((quantized.detach() - z) ** 2).sum(1)
    return code, z + (quantized - z).detach(), q_loss, beta * e_loss


@form("vector_quantization", "taming transformers and heirs: averages over components", convention="mean over D")
def vq_by_embedding(z, codebook, beta):
    code = torch.cdist(z, codebook).argmin(dim=-1)
    chosen = F.embedding(code, codebook)
    commitment = F.mse_loss(chosen.detach(), z, reduction="none").mean(-1)
    codes = F.mse_loss(chosen, z.detach(), reduction="none").mean(-1)
    return {
        "code": code,
        "quantized": z + (chosen - z).detach(),
        "codebook_loss": codes,
        "commitment_loss": beta * commitment,
    }


@form("vector_quantization", "libraries that index the codebook by the largest −distance")
def vq_by_indexing(z, codebook, beta):
    with torch.no_grad():
        nearest = (-(z[:, None, :] - codebook[None, :, :]).norm(dim=-1)).max(dim=-1).indices
    chosen = codebook[nearest]
    straight = (chosen - z).detach() + z
    losses = [(a - b).pow(2).sum(dim=-1) for a, b in ((z.detach(), chosen), (z, chosen.detach()))]
    return nearest, straight, losses[0], losses[1] * beta


@form("vector_quantization", "a NumPy layer with its backward", framework="numpy")
def vq_layer(z, codebook, beta):
    squares = ((z[:, None] - codebook[None]) ** 2).sum(-1)
    k = squares.argmin(1)
    diff = z - codebook[k]
    distance = (diff**2).sum(1)

    def pullback(quantized_bar, codebook_loss_bar, commitment_loss_bar):
        grad = np.zeros_like(codebook)
        np.add.at(grad, k, -2 * codebook_loss_bar[:, None] * diff)
        z_bar = quantized_bar + 2 * beta * commitment_loss_bar[:, None] * diff
        return {"z": z_bar, "codebook": grad, "beta": np.sum(commitment_loss_bar * distance)}

    return (k, codebook[k], distance, beta * distance), pullback
