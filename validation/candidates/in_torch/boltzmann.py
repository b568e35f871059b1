"""Boltzmann machines."""

import torch


def boltzmann_energy(y, W, b):
    return -torch.einsum("bi,ij,bj->b", y, W, y) / 2 - y @ b


def boltzmann_conditional(y, W, b, temperature):
    own = torch.diag(W)
    coupled = (W + W.T) / 2 - torch.diag(own)
    return torch.sigmoid((y @ coupled + own / 2 + b) / temperature)


def boltzmann_gibbs_chain(y, W, b, temperature, u):
    state, swept = y.clone(), []
    for t in range(u.shape[1]):
        for i in range(u.shape[2]):
            state[:, i] = (u[:, t, i] < boltzmann_conditional(state, W, b, temperature)[:, i]).to(y.dtype)
        swept.append(state.clone())
    return torch.stack(swept, 1).long() if swept else torch.zeros(u.shape, dtype=torch.long)


def all_states(units, like):
    return torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=like.dtype, device=like.device)] * units).reshape(
        -1, units)


def boltzmann_log_likelihood(y, W, b, temperature):
    log_z = torch.logsumexp(-boltzmann_energy(all_states(y.shape[1], y), W, b) / temperature, 0)
    return -boltzmann_energy(y, W, b) / temperature - log_z


def dbm_mean_field(v, start, W1, W2, c1, c2, *, iterations):
    mean2 = start
    for _ in range(iterations):
        mean1 = torch.sigmoid(v @ W1.T + mean2 @ W2 + c1)
        mean2 = torch.sigmoid(mean1 @ W2.T + c2)
    return {"mean1": mean1, "mean2": mean2}


def boltzmann_marginal_log_likelihood(v, U, W, V, b, c, temperature):
    h = all_states(c.shape[0], v)

    def negative_free_energy(s):
        energy = boltzmann_energy(s, U, b)[:, None] + boltzmann_energy(h, V, c) - s @ W.T @ h.T
        return torch.logsumexp(-energy / temperature, 1)

    return negative_free_energy(v) - torch.logsumexp(negative_free_energy(all_states(v.shape[1], v)), 0)


def log_z_of_layers(W1, W2, b, c1, c2):
    h = all_states(c1.shape[0], W1)
    beside = torch.nn.functional.softplus(h @ W1 + b).sum(-1) + torch.nn.functional.softplus(h @ W2.T + c2).sum(-1)
    return torch.logsumexp(h @ c1 + beside, 0)


def dbm_bound(v, mean1, mean2, W1, W2, b, c1, c2):
    entropy = sum((torch.special.entr(m) + torch.special.entr(1 - m)).sum(-1) for m in (mean1, mean2))
    energy = v @ b + (mean1 * (v @ W1.T + c1)).sum(-1) + (mean2 * (mean1 @ W2.T + c2)).sum(-1)
    return energy + entropy - log_z_of_layers(W1, W2, b, c1, c2)


def dbm_log_likelihood(v, W1, W2, b, c1, c2):
    h = all_states(c1.shape[0], v)
    above = torch.nn.functional.softplus(h @ W2.T + c2).sum(-1)
    return v @ b + torch.logsumexp((v @ W1.T + c1) @ h.T + above, 1) - log_z_of_layers(W1, W2, b, c1, c2)


def dbn_bound(v, R, r, G, g, W, b, c):
    softplus = torch.nn.functional.softplus
    h, a = all_states(r.shape[0], v), v @ R.T + r
    log_q = -(softplus(-a) @ h.T + softplus(a) @ (1 - h).T)
    f = h @ G.T + g
    top = h @ b + softplus(h @ W.T + c).sum(-1)
    worth = v @ f.T - softplus(f).sum(-1) + top - torch.logsumexp(top, 0) - log_q
    return (log_q.exp() * worth).sum(-1)
