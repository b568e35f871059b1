"""Bounds of autoencoders with conditions or codes, and likelihoods of deep machines; their author has not read ours."""

import itertools
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
LOSS = "the negative bound, a loss"
NLL = "the negative log-likelihood, a loss"
MINUS = "minus the bound, a loss"


def law_of_data(out, likelihood):
    return D.Normal(out, torch.ones_like(out)) if likelihood == "gaussian" else D.Bernoulli(logits=out,
                                                                                            validate_args=False)


@form("conditional_elbo", "torch's distributions, draws as a leading axis")
def outside_cvae_distributions(x, y, eps, phi, theta, psi, encoder, decoder, prior, likelihood):
    q_mean, q_logvar = encoder(torch.cat((x, y), -1), phi).chunk(2, -1)
    p_mean, p_logvar = prior(y, psi).chunk(2, -1)
    q, p = D.Normal(q_mean, (0.5 * q_logvar).exp()), D.Normal(p_mean, (0.5 * p_logvar).exp())
    z = q.loc + q.scale * eps.permute(1, 0, 2)
    inputs = torch.cat((z, y.expand(len(z), *y.shape)), dim=-1)
    out = decoder(inputs.reshape(-1, inputs.shape[-1]), theta).reshape(*inputs.shape[:-1], -1)
    return law_of_data(out, likelihood).log_prob(x).sum(-1).mean(0) - D.kl_divergence(q, p).sum(-1)


@form("conditional_elbo", "a loss of BCE or squares and a KLD of two Gaussians, the batch repeated", convention=LOSS)
def outside_cvae_loss(x, y, eps, phi, theta, psi, encoder, decoder, prior, likelihood):
    many = eps.size(1)
    mu, logvar = torch.chunk(encoder(torch.cat([x, y], dim=1), phi), 2, dim=1)
    prior_mu, prior_logvar = torch.chunk(prior(y, psi), 2, dim=1)
    z = mu.unsqueeze(1) + torch.exp(0.5 * logvar).unsqueeze(1) * eps
    conditions, targets = y.repeat_interleave(many, dim=0), x.repeat_interleave(many, dim=0)
    recon = decoder(torch.cat([z.flatten(0, 1), conditions], dim=1), theta)
    if likelihood == "bernoulli":
        error = F.binary_cross_entropy_with_logits(recon, targets, reduction="none")
    else:
        error = 0.5 * F.mse_loss(recon, targets, reduction="none") + 0.5 * math.log(2 * math.pi)
    recon_loss = error.sum(1).view(-1, many).mean(1)
    kld = 0.5 * torch.sum(prior_logvar - logvar - 1 + (logvar - prior_logvar).exp()
                          + (mu - prior_mu).pow(2) / prior_logvar.exp(), dim=1)
    return recon_loss + kld


@form("conditional_elbo", "networks that give log σ", convention="the encoder and the prior give log σ, not log σ²")
def outside_cvae_log_std(x, y, eps, phi, theta, psi, encoder, decoder, prior, likelihood):
    (m, s), (pm, ps) = encoder(torch.hstack((x, y)), phi).chunk(2, 1), prior(y, psi).chunk(2, 1)
    kl = (ps - s + ((2 * s).exp() + (m - pm) ** 2) / (2 * (2 * ps).exp()) - 0.5).sum(1)
    total = 0
    for draw in eps.unbind(1):
        out = decoder(torch.hstack((m + s.exp() * draw, y)), theta)
        total = total + law_of_data(out, likelihood).log_prob(x).sum(1)
    return total / eps.shape[1] - kl


@form("conditional_elbo", "autograd, the divergence as a mean over the draws", framework="autograd",
      convention="the divergence as a mean over the draws, not in closed form")
def outside_cvae_sampled(x, y, eps, phi, theta, psi, encoder, decoder, prior, likelihood):
    size = eps.shape[2]
    code, law = encoder(anp.concatenate([x, y], axis=1), phi), prior(y, psi)

    def log_normal(z, mean, logvar):
        return anp.sum(-0.5 * (anp.log(2 * anp.pi) + logvar + (z - mean) ** 2 * anp.exp(-logvar)), axis=1)

    terms = []
    for r in range(eps.shape[1]):
        z = code[:, :size] + anp.exp(code[:, size:] / 2) * eps[:, r]
        out = decoder(anp.concatenate([z, y], axis=1), theta)
        if likelihood == "gaussian":
            log_p = anp.sum(-0.5 * anp.log(2 * anp.pi) - 0.5 * (x - out) ** 2, axis=1)
        else:
            log_p = -anp.sum(x * anp.logaddexp(0, -out) + (1 - x) * anp.logaddexp(0, out), axis=1)
        terms.append(log_p + log_normal(z, law[:, :size], law[:, size:])
                     - log_normal(z, code[:, :size], code[:, size:]))
    return sum(terms) / len(terms)


@form("vq_vae_elbo", "argmin of cdist, an embedding, a uniform categorical prior")
def outside_vq_cdist(x, z, codebook, theta, decoder, likelihood):
    indices = torch.cdist(z, codebook.expand(len(z), *codebook.shape)).argmin(-1)
    out = decoder(F.embedding(indices, codebook).flatten(1), theta)
    prior = D.Categorical(logits=torch.zeros_like(codebook[:, 0]))
    return law_of_data(out, likelihood).log_prob(x).sum(1) + prior.log_prob(indices).sum(1)


@form("vq_vae_elbo", "squares expanded, one-hot encodings, a loss of each example", convention=LOSS)
def outside_vq_one_hot(x, z, codebook, theta, decoder, likelihood):
    flat = z.reshape(-1, z.shape[-1])
    distances = flat.pow(2).sum(1, keepdim=True) + codebook.pow(2).sum(1) - 2 * flat @ codebook.t()
    encodings = F.one_hot(distances.argmin(1), len(codebook)).to(codebook.dtype)
    recon = decoder((encodings @ codebook).view(len(z), -1), theta)
    if likelihood == "bernoulli":
        nll = F.binary_cross_entropy_with_logits(recon, x, reduction="none").sum(1)
    else:
        nll = F.gaussian_nll_loss(recon, x, torch.ones_like(x), full=True, reduction="none").sum(1)
    return nll + z.shape[1] * math.log(len(codebook))


@form("vq_vae_elbo", "autograd, in bits per dimension", framework="autograd", convention="bits per dimension")
def outside_vq_bits(x, z, codebook, theta, decoder, likelihood):
    apart = np.sum((z[:, :, None, :] - np.asarray(getattr(codebook, "_value", codebook))) ** 2, axis=-1)
    chosen = codebook[np.argmin(apart, axis=-1)]
    out = decoder(anp.reshape(chosen, (len(z), -1)), theta)
    if likelihood == "gaussian":
        log_p = -0.5 * anp.sum((x - out) ** 2 + anp.log(2 * anp.pi), axis=1)
    else:
        log_p = anp.sum(x * out - anp.logaddexp(0.0, out), axis=1)
    return (z.shape[1] * anp.log(codebook.shape[0]) - log_p) / (x.shape[1] * anp.log(2.0))


@form("vq_vae_elbo", "the straight-through line left in, its encoder not asked",
      convention="for gaussian without the constant ½ log 2π")
def outside_vq_straight_through(x, z, codebook, theta, decoder, likelihood):
    index = (z.unsqueeze(2) - codebook).square().sum(-1).argmin(2)
    q = codebook[index]
    out = decoder((q + (z - z.detach())).reshape(len(z), -1), theta)
    if likelihood == "gaussian":
        fit = -0.5 * (x - out).square().sum(1)
    else:
        fit = -F.binary_cross_entropy_with_logits(out, x, reduction="none").sum(1)
    return fit - z.size(1) * torch.log(torch.tensor(float(len(codebook)), dtype=z.dtype))


def log_sigmoid(a):
    return -np.logaddexp(0, -a)


def sigmoid(a):
    return np.exp(log_sigmoid(a))


def layer_states(n, like):
    return torch.tensor(list(itertools.product((0, 1), repeat=n)), dtype=like.dtype)


@form("dbm_log_likelihood", "free energies of the middle layer, with data and without")
def outside_dbm_middle(v, W1, W2, b, c1, c2):
    h = layer_states(len(c1), W1)
    above = F.softplus(F.linear(h, W2, c2)).sum(1) + h @ c1
    joint = v @ W1.T @ h.T + above
    free = F.softplus(h @ W1 + b).sum(1) + above
    return v @ b + joint.logsumexp(1) - free.logsumexp(0)


@form("dbm_log_likelihood", "a loop over the states of the middle layer, a loss", convention=NLL)
def outside_dbm_loop(v, W1, W2, b, c1, c2):
    clamped, all_states = [], []
    for bits in range(2 ** c1.numel()):
        h = torch.tensor([(bits >> i) & 1 for i in range(c1.numel())], dtype=v.dtype)
        top = torch.logaddexp(torch.zeros_like(c2), W2.mv(h) + c2).sum()
        clamped.append((v @ W1.t() + c1).mv(h) + top)
        all_states.append(c1.dot(h) + top + torch.logaddexp(torch.zeros_like(b), W1.t().mv(h) + b).sum())
    return torch.logsumexp(torch.stack(all_states), 0) - torch.logsumexp(torch.stack(clamped), 0) - v.mv(b)


@form("dbm_log_likelihood", "autograd, in bits", framework="autograd", convention="in bits")
def outside_dbm_bits(v, W1, W2, b, c1, c2):
    h = ((np.arange(2 ** len(c1))[:, None] >> np.arange(len(c1))) & 1).astype(float)
    top = anp.dot(h, c1) + anp.sum(anp.logaddexp(0.0, anp.dot(h, W2.T) + c2), axis=1)
    data = logsumexp(anp.dot(anp.dot(v, W1.T), h.T) + top, axis=1) + anp.dot(v, b)
    log_z = logsumexp(top + anp.sum(anp.logaddexp(0.0, anp.dot(h, W1) + b), axis=1))
    return (data - log_z) / anp.log(2.0)


@form("dbm_log_likelihood", "by hand: expectations given the data less those of the model", framework="numpy")
def outside_dbm_by_hand(v, W1, W2, b, c1, c2):
    h = np.array(list(itertools.product((0.0, 1.0), repeat=len(c1))))
    top = h @ c1 + np.logaddexp(0, h @ W2.T + c2).sum(1)
    given, alone = v @ W1.T @ h.T + top, top + np.logaddexp(0, h @ W1 + b).sum(1)
    log_data, log_z = np.logaddexp.reduce(given, axis=1), np.logaddexp.reduce(alone)
    q, p = np.exp(given - log_data[:, None]), np.exp(alone - log_z)
    s, visible = sigmoid(h @ W2.T + c2), sigmoid(h @ W1 + b)

    def backward(bar):
        total = bar.sum()
        weight = bar @ q - total * p
        model_v = p @ visible
        return {"v": bar[:, None] * (b + q @ h @ W1),
                "W1": (bar[:, None] * (q @ h)).T @ v - total * (p[:, None] * h).T @ visible,
                "W2": (weight[:, None] * s).T @ h, "b": bar @ v - total * model_v,
                "c1": weight @ h, "c2": weight @ s}

    return v @ b + log_data - log_z, backward


@form("dbn_bound", "Bernoulli laws of torch over all states of the layer")
def outside_dbn_distributions(v, R, r, G, g, W, b, c):
    h = layer_states(len(r), R)
    log_q = D.Bernoulli(logits=F.linear(v, R, r)[:, None], validate_args=False).log_prob(h).sum(-1)
    log_v = D.Bernoulli(logits=F.linear(h, G, g), validate_args=False).log_prob(v[:, None]).sum(-1)
    negative_energy = h @ b + F.softplus(F.linear(h, W, c)).sum(-1)
    log_h = negative_energy - negative_energy.logsumexp(0)
    return (log_q.exp() * (log_v + log_h - log_q)).sum(1)


@form("dbn_bound", "the entropy in closed form, likelihoods by BCE, a loss", convention=MINUS)
def outside_dbn_entropy(v, R, r, G, g, W, b, c):
    states = layer_states(r.shape[0], r)
    a = v @ R.T + r
    q = torch.exp(states @ F.logsigmoid(a).T + (1 - states) @ F.logsigmoid(-a).T)
    entropy = (F.softplus(a) - a * torch.sigmoid(a)).sum(1)
    f = states @ G.T + g
    log_p_v = f @ v.T - F.softplus(f).sum(1, keepdim=True)
    free = -(states @ b) - F.softplus(states @ W.T + c).sum(1)
    log_prior = torch.log_softmax(-free, dim=0)
    return -(q * (log_p_v + log_prior[:, None])).sum(0) - entropy


@form("dbn_bound", "autograd, in bits", framework="autograd", convention="in bits")
def outside_dbn_bits(v, R, r, G, g, W, b, c):
    h = ((np.arange(2 ** len(r))[:, None] >> np.arange(len(r))) & 1).astype(float)
    a = anp.dot(v, R.T) + r
    log_q = anp.dot(a, h.T) - anp.sum(anp.logaddexp(0.0, a), axis=1)[:, None]
    f = anp.dot(h, G.T) + g
    log_v = anp.dot(v, f.T) - anp.sum(anp.logaddexp(0.0, f), axis=1)
    score = anp.dot(h, b) + anp.sum(anp.logaddexp(0.0, anp.dot(h, W.T) + c), axis=1)
    return anp.sum(anp.exp(log_q) * (log_v + score - logsumexp(score) - log_q), axis=1) / anp.log(2.0)


@form("dbn_bound", "by hand, the recognition weights by REINFORCE over all states", framework="numpy")
def outside_dbn_by_hand(v, R, r, G, g, W, b, c):
    h = np.array(list(itertools.product((0.0, 1.0), repeat=len(r))))
    a, f = v @ R.T + r, h @ G.T + g
    log_q = log_sigmoid(a) @ h.T + log_sigmoid(-a) @ (1 - h).T
    score = h @ b + np.logaddexp(0, h @ W.T + c).sum(1)
    log_p = score - np.logaddexp.reduce(score)
    learning = v @ log_sigmoid(f).T + (1 - v) @ log_sigmoid(-f).T + log_p - log_q
    q = np.exp(log_q)
    bound = (q * learning).sum(1)

    def backward(bar):
        advantage = bar[:, None] * q * (learning - bound[:, None])
        a_bar = advantage @ h - advantage.sum(1, keepdims=True) * sigmoid(a)
        each = bar[:, None] * q
        f_bar = each.T @ v - each.sum(0)[:, None] * sigmoid(f)
        d = each.sum(0) - bar.sum() * np.exp(log_p)
        s = sigmoid(h @ W.T + c)
        return {"v": a_bar @ R + each @ f, "R": a_bar.T @ v, "r": a_bar.sum(0), "G": f_bar.T @ h, "g": f_bar.sum(0),
                "W": (d[:, None] * s).T @ h, "b": d @ h, "c": d @ s}

    return bound, backward
