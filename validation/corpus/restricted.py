"""Forms of restricted Boltzmann machines."""

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("rbm_free_energy", "a tutorial's, with F.linear and softplus")
def free_energy_of_visible(v, W, b, c):
    vbias_term = v.mv(b)
    wx_b = F.linear(v, W, c)
    hidden_term = F.softplus(wx_b).sum(dim=1)
    return -hidden_term - vbias_term


@form("rbm_free_energy", "an unnormalised log-probability", convention="the log-probability without log Z, −F")
def unnormalised_log_prob(v, W, b, c):
    activation = v @ W.t() + c
    return (v * b).sum(1) + torch.logaddexp(activation, torch.zeros_like(activation)).sum(1)


@form("rbm_free_energy", "weights (visible, hidden), as Theano's tutorial has them")
def free_energy_visible_first(v, W, b, c):
    wx_b = torch.matmul(v, W.T.contiguous()) + c
    return -torch.matmul(v, b) - torch.sum(torch.logsumexp(torch.stack([wx_b, torch.zeros_like(wx_b)]), 0), 1)


@form("rbm_free_energy", "autograd", framework="autograd")
def free_energy_in_autograd(v, W, b, c):
    return -anp.dot(v, b) - anp.logaddexp(0, anp.dot(v, W.T) + c).sum(axis=1)


@form("rbm_free_energy", "scikit-learn's, with its gradients by hand", framework="numpy")
def free_energy_by_hand(v, W, b, c):
    a = np.dot(v, W.T) + c
    h = np.exp(a - np.logaddexp(0, a))
    return -np.dot(v, b) - np.logaddexp(0, a).sum(axis=1), lambda bar: {
        "v": -bar[:, None] * (b + h @ W), "W": -(bar[:, None] * h).T @ v, "b": -bar @ v, "c": -bar @ h}


@form("rbm_conditionals", "a class of a tutorial, propup and propdown")
def prop_up_and_down(v, h, W, b, c):
    def propup(vis):
        return torch.sigmoid(F.linear(vis, W, c))

    def propdown(hid):
        return torch.sigmoid(F.linear(hid, W.t(), b))

    return {"hidden": propup(v), "visible": propdown(h)}


@form("rbm_conditionals", "weights (visible, hidden), as scikit-learn's users have them", framework="autograd")
def mean_hiddens(v, h, W, b, c):
    kernel = W.T
    hidden = 1 / (1 + anp.exp(-(anp.dot(v, kernel) + c)))
    visible = 1 / (1 + anp.exp(-(anp.dot(h, kernel.T) + b)))
    return {"hidden": hidden, "visible": visible}


@form("rbm_conditionals", "by hand", framework="numpy")
def conditionals_by_hand(v, h, W, b, c):
    sigmoid = lambda a: np.exp(-np.logaddexp(0, -a))
    a, e = v @ W.T + c, h @ W + b

    def pullback(hidden_bar, visible_bar):
        da, de = hidden_bar * sigmoid(a) * sigmoid(-a), visible_bar * sigmoid(e) * sigmoid(-e)
        return {"v": da @ W, "h": de @ W.T, "W": da.T @ v + h.T @ de, "b": de.sum(0), "c": da.sum(0)}

    return (sigmoid(a), sigmoid(e)), pullback


@form("rbm_pseudo_log_likelihood", "scikit-learn's score_samples, over all units")
def score_samples_of_all_units(v, W, b, c):
    def free_energy(x):
        return -(x @ b) - F.softplus(x @ W.t() + c).sum(dim=1)

    fe = free_energy(v)
    total = 0
    for i in range(v.shape[1]):
        v_ = v.clone()
        v_[:, i] = 1 - v_[:, i]
        total = total + F.logsigmoid(free_energy(v_) - fe)
    return total


@form("rbm_pseudo_log_likelihood", "a loss to be minimised", convention="a loss, −J")
def pseudo_nll(v, W, b, c):
    eye = torch.eye(v.shape[1], dtype=v.dtype)
    flipped = v.unsqueeze(1) * (1 - 2 * eye) + eye
    pre, pre_flipped = v @ W.T + c, flipped @ W.T + c
    delta = (flipped - v.unsqueeze(1)) @ b + (F.softplus(pre_flipped) - F.softplus(pre).unsqueeze(1)).sum(-1)
    return F.softplus(delta).sum(1)


@form("rbm_pseudo_log_likelihood", "autograd", framework="autograd")
def pseudo_in_autograd(v, W, b, c):
    free = lambda x: -anp.dot(x, b) - anp.logaddexp(0, anp.dot(x, W.T) + c).sum(axis=-1)
    turned = v[:, None] + (1 - 2 * v)[:, :, None] * anp.eye(v.shape[1])
    return -anp.logaddexp(0, free(v)[:, None] - free(turned)).sum(axis=1)


@form("rbm_log_likelihood", "log Z over all joint states")
def log_likelihood_over_joint_states(v, W, b, c):
    def all_states(n):
        return torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=W.dtype)] * n).reshape(-1, n)

    hid = all_states(W.shape[0])
    visible_part = F.softplus(hid @ W + b).sum(1)
    log_z = torch.logsumexp(hid @ c + visible_part, dim=0)
    return v @ b + F.softplus(v @ W.t() + c).sum(1) - log_z


@form("rbm_log_likelihood", "a loss", convention="the negative log-likelihood, a loss")
def restricted_exact_nll(v, W, b, c):
    n_hid = W.shape[0]
    codes = torch.arange(2**n_hid).unsqueeze(1).bitwise_and(2 ** torch.arange(n_hid)).ne(0).to(W.dtype)
    log_z = torch.logsumexp(codes @ c + torch.logaddexp(codes @ W + b, torch.zeros(())).sum(-1), 0)
    free = -(v @ b) - torch.logaddexp(v @ W.T + c, torch.zeros(())).sum(-1)
    return free + log_z


@form("rbm_log_likelihood", "autograd", framework="autograd")
def log_likelihood_in_autograd(v, W, b, c):
    h = np.array([[s >> i & 1 for i in range(W.shape[0])] for s in range(2 ** W.shape[0])], float)
    free = lambda x, W, b, c: -anp.dot(x, b) - anp.logaddexp(0, anp.dot(x, W.T) + c).sum(axis=1)
    minus = -free(h, W.T, c, b)
    top = anp.max(minus)
    return -free(v, W, b, c) - top - anp.log(anp.sum(anp.exp(minus - top)))


@form("contrastive_divergence", "a tutorial's, free energies of data and of the chain's end")
def cd_of_free_energies(v, v_model, W, b, c):
    def free_energy(x):
        return -x.mv(b) - F.softplus(F.linear(x, W, c)).sum(dim=1)

    return torch.mean(free_energy(v)) - torch.mean(free_energy(v_model.detach()))


@form("contrastive_divergence", "updates by hand, as a class without autodiff has them", framework="numpy")
def cd_updates(v, v_model, W, b, c):
    sigmoid = lambda a: np.exp(-np.logaddexp(0, -a))
    pos, neg = sigmoid(v @ W.T + c), sigmoid(v_model @ W.T + c)
    free = lambda x: -x @ b - np.logaddexp(0, x @ W.T + c).sum(1)
    dW = pos.T @ v / len(v) - neg.T @ v_model / len(v_model)
    db, dc = v.mean(0) - v_model.mean(0), pos.mean(0) - neg.mean(0)
    return free(v).mean() - free(v_model).mean(), lambda bar: {"W": -bar * dW, "b": -bar * db, "c": -bar * dc}


@form("contrastive_divergence", "raised by ascent", convention="to be raised, −J")
def cd_ascent(v, v_model, W, b, c):
    log_phat = lambda x: x @ b + torch.logaddexp(x @ W.T + c, torch.zeros(())).sum(-1)
    return log_phat(v).mean() - log_phat(v_model).mean()


@form("rbm_gibbs_chain", "a tutorial's, with relu of the sign of a difference")
def gibbs_by_sign(v, W, b, c, u_hidden, u_visible):
    hs, vs = [], []
    for t in range(u_hidden.size(1)):
        h = F.relu(torch.sign(torch.sigmoid(F.linear(v, W, c)) - u_hidden[:, t]))
        v = F.relu(torch.sign(torch.sigmoid(F.linear(h, W.t(), b)) - u_visible[:, t]))
        hs.append(h.long())
        vs.append(v.long())
    return {"hidden": torch.stack(hs, dim=1), "visible": torch.stack(vs, dim=1)}


@form("rbm_gibbs_chain", "scikit-learn's gibbs, with its numbers given", framework="numpy")
def gibbs_of_numbers(v, W, b, c, u_hidden, u_visible):
    expit = lambda a: np.exp(-np.logaddexp(0, -a))
    hs, vs = [], []
    for t in range(u_hidden.shape[1]):
        h = u_hidden[:, t] < expit(v @ W.T + c)
        v = u_visible[:, t] < expit(h @ W + b)
        hs.append(h)
        vs.append(v)
    return np.stack(hs, 1).astype(np.int64), np.stack(vs, 1).astype(np.int64)
