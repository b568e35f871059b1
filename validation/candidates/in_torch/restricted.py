"""Restricted Boltzmann machines."""

import torch
import torch.nn.functional as F


def rbm_free_energy(v, W, b, c):
    return -(v @ b) - F.softplus(F.linear(v, W, c)).sum(-1)


def rbm_conditionals(v, h, W, b, c):
    return {"hidden": torch.sigmoid(F.linear(v, W, c)), "visible": torch.sigmoid(F.linear(h, W.mT, b))}


def rbm_log_likelihood(v, W, b, c):
    units = torch.arange(c.shape[0])
    h = (torch.arange(2 ** c.shape[0])[:, None] >> units & 1).to(v.dtype)
    log_z = torch.logsumexp(-rbm_free_energy(h, W.mT, c, b), 0)
    return -rbm_free_energy(v, W, b, c) - log_z


def rbm_pseudo_log_likelihood(v, W, b, c):
    turn, a = 1 - 2 * v, F.linear(v, W, c)[:, None]
    lifted = F.softplus(a + turn[..., None] * W.mT) - F.softplus(a)
    return -F.softplus(turn * b + lifted.sum(-1)).sum(-1)


def contrastive_divergence(v, v_model, W, b, c):
    return rbm_free_energy(v, W, b, c).mean() - rbm_free_energy(v_model, W, b, c).mean()


def rbm_gibbs_chain(v, W, b, c, u_hidden, u_visible):
    hidden, visible = [], []
    for up, down in zip(u_hidden.unbind(1), u_visible.unbind(1), strict=True):
        h = up < torch.sigmoid(F.linear(v, W, c))
        v = (down < torch.sigmoid(F.linear(h.to(W.dtype), W.mT, b))).to(W.dtype)
        hidden.append(h.long())
        visible.append(v.long())
    return {"hidden": torch.stack(hidden, 1), "visible": torch.stack(visible, 1)}
