"""Score-function estimators and free bits, as training code writes them; their author has not read the definitions."""

import numpy as np
import torch
import torch.nn.functional as F
from autograd.extend import defvjp, primitive
from torch import distributions as D

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
POLICY = "the loss of policy gradients, mean (f − b) log q with costs that are held"
REWARDS = "rewards, of which the negative mean is lowered"


@form("score_function_estimator", "REINFORCE: advantages without a graph, times the log-probabilities",
      convention=POLICY)
def outside_sf_policy(log_prob, cost, baseline):
    with torch.no_grad():
        advantage = cost - baseline.unsqueeze(-1)
    return (advantage * log_prob).mean(-1)


@form("score_function_estimator", "the magic box, e to nothing with a slope")
def outside_sf_magic(log_prob, cost, baseline):
    box = torch.exp(log_prob - log_prob.detach())
    held = baseline[:, None].detach()
    return torch.mean(box * cost + (1 - box) * held, dim=1)


class Reinforce(torch.autograd.Function):
    """The mean of what is drawn, with the slope of its expectation."""

    @staticmethod
    def forward(ctx, log_prob, reward, baseline):
        ctx.save_for_backward(reward - baseline.view(-1, 1))
        return -reward.sum(1) / reward.shape[1]

    @staticmethod
    def backward(ctx, bar):
        (advantage,) = ctx.saved_tensors
        each = bar.view(-1, 1) / advantage.shape[1]
        return -each * advantage, -each.expand_as(advantage), None


@form("score_function_estimator", "rewards, and a backward of its own", convention=REWARDS,
      arguments={"log_prob": "log_prob", "cost": "reward", "baseline": "baseline"})
def outside_sf_function(log_prob, reward, baseline):
    return Reinforce.apply(log_prob, reward, baseline)


@primitive
def drawn_mean(log_prob, cost, baseline):
    return np.mean(cost, axis=1)


defvjp(
    drawn_mean,
    lambda ans, lp, cost, b: lambda g: g[:, None] * (cost - b[:, None]) / cost.shape[1],
    lambda ans, lp, cost, b: lambda g: np.repeat(g[:, None], cost.shape[1], axis=1) / cost.shape[1],
    argnums=(0, 1),
)


@form("score_function_estimator", "a primitive of autograd", framework="autograd")
def outside_sf_autograd(log_prob, cost, baseline):
    return drawn_mean(log_prob, cost, baseline)


@form("leave_one_out_estimator", "RLOO trainers: the sum less the own reward, over R − 1", convention=POLICY)
def outside_loo_policy(log_prob, cost):
    others = (cost.sum(dim=1, keepdim=True) - cost) / (cost.shape[1] - 1)
    return torch.mean((cost - others).detach() * log_prob, dim=1)


@form("leave_one_out_estimator", "a straight-through surrogate on centred costs, mean over the batch", reduction="mean")
def outside_loo_centred(log_prob, cost):
    k = cost.size(-1)
    centred = (cost - cost.mean(-1, keepdim=True)).detach() * k / (k - 1)
    surrogate = (centred * log_prob).mean(-1)
    return (cost.mean(-1) + surrogate - surrogate.detach()).mean()


@form("leave_one_out_estimator", "a matrix of who counts for whom, NumPy with its backward", framework="numpy")
def outside_loo_matrix(log_prob, cost):
    k = cost.shape[1]
    weights = (np.eye(k) - (1 - np.eye(k)) / (k - 1)).astype(cost.dtype)

    def pullback(bar):
        return {
            "log_prob": bar[:, None] * np.einsum("br,sr->bs", cost, weights) / k,
            "cost": np.broadcast_to(bar[:, None] / k, cost.shape).copy(),
        }

    return np.sum(cost, axis=1) / k, pullback


@form("leave_one_out_estimator", "one draw after another, the others picked out", convention=REWARDS,
      arguments={"log_prob": "log_prob", "cost": "reward"})
def outside_loo_looped(log_prob, reward):
    total, count = 0, reward.shape[1]
    for r in range(count):
        rest = torch.cat([reward[:, :r], reward[:, r + 1:]], dim=1).mean(1)
        weight = (reward[:, r] - rest).detach()
        total = total - reward[:, r] - weight * (log_prob[:, r] - log_prob[:, r].detach())
    return total / count


@form("free_bits_kl", "a clamp of the mean over the batch")
def outside_bits_clamp(mean, logvar, floor):
    kld = -0.5 * (1 + logvar - mean.pow(2) - logvar.exp())
    return torch.clamp(kld.mean(dim=0), min=floor).sum()


@form("free_bits_kl", "torch.distributions, floors of half a nat", fixed={"floor": 0.5})
def outside_bits_distributions(mean, logvar):
    posterior, prior = D.Normal(mean, logvar.div(2).exp()), D.Normal(0.0, 1.0)
    per_latent = D.kl_divergence(posterior, prior).mean(0)
    return F.relu(per_latent - 0.5).sum() + 0.5 * per_latent.numel()


@form("free_bits_kl", "the floor of each example, from log σ",
      arguments={"mean": "mean", "logvar": "log_std", "floor": "floor"},
      convention="the floor for every example, not for the mean of the batch; logvar is log σ, not log σ²")
def outside_bits_each(mean, log_std, floor):
    kl = 0.5 * (torch.exp(2 * log_std) + mean**2 - 1) - log_std
    return torch.where(kl > floor, kl, floor).sum(dim=1).mean(dim=0)


@form("free_bits_kl", "world models: one floor for the sum of an example",
      convention="one floor of Z λ₀ for the sum of an example")
def outside_bits_sum(mean, logvar, floor):
    kl = (-0.5 * torch.sum(1 + logvar - mean.square() - logvar.exp(), dim=1)).maximum(floor * mean.shape[1])
    return kl.mean()
