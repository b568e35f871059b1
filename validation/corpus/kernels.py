"""Forms of the laws of a process, of its relatives with the same laws, and of what is learnt of it."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import distributions as D

from validation.corpus.form import Form, into
from validation.corpus.processes import anp_each, batch_mul, sum_except_batch

FORMS: list[Form] = []
form = into(FORMS)
SIGMA = "for ve std = σ(t)"
SQUARED = "α = λ² in place of λ"
OURS = ["drift", "score", "diffusion", "noise_scale"]
TIMES = ["t", "low", "high"]


@form("perturbation_kernel", "marginal_prob of score SDEs", convention=SIGMA, gradients=TIMES)
def marginal_prob(t, low, high, process):
    if process == "ve":
        return torch.ones_like(t), low * (high / low) ** t
    log_mean_coeff = -0.25 * t**2 * (high - low) - 0.5 * t * low
    mean = torch.exp(log_mean_coeff)
    if process == "sub_vp":
        return mean, 1 - torch.exp(2.0 * log_mean_coeff)
    return mean, torch.sqrt(1.0 - torch.exp(2.0 * log_mean_coeff))


@form("perturbation_kernel", "tutorials: the integral of g², in closed form", gradients=TIMES)
def kernel_of_integrals(t, low, high, process):
    if process == "ve":
        sigma_t = low * torch.exp(t * torch.log(high / low))
        return torch.ones_like(t), (sigma_t**2 - low**2).sqrt()
    integral = low * t + 0.5 * (high - low) * t**2
    alpha_bar = torch.exp(-integral)
    return alpha_bar.sqrt(), 1 - alpha_bar if process == "sub_vp" else (1 - alpha_bar).sqrt()


@form("perturbation_kernel", "authors who mind small times", gradients=TIMES)
def kernel_of_expm1(t, low, high, process):
    if process == "ve":
        return t * 0 + 1, low * torch.expm1(2 * t * (high.log() - low.log())).sqrt()
    log_mean = -t * low / 2 - t.square() * (high - low) / 4
    variance = -torch.expm1(2 * log_mean)
    return log_mean.exp(), variance if process == "sub_vp" else variance.sqrt()


@form("reverse_sde", "score SDEs' reverse class, λ between its two")
def reverse_class(drift, score, diffusion, noise_scale):
    rev = drift - batch_mul(diffusion**2, score) * batch_mul(0.5 * (1.0 + noise_scale**2), torch.ones_like(drift))
    return rev, noise_scale * diffusion


@form("reverse_sde", "the flow less a Langevin part")
def reverse_of_flow(drift, score, diffusion, noise_scale):
    flow, new = drift - 0.5 * batch_mul(diffusion**2, score), noise_scale * diffusion
    return {"drift": flow - 0.5 * batch_mul(new**2, score), "diffusion": new}


@form("reverse_sde", "families in α = λ²", convention=SQUARED, arguments=OURS)
def reverse_of_alpha(drift, score, diffusion, alpha):
    return drift - batch_mul((1 + alpha) / 2 * diffusion**2, score), alpha.sqrt() * diffusion


@form("reverse_sde", "autograd, a time that grows", framework="autograd",
      convention="the drift of τ = T − t, which increases")
def reverse_of_tau(drift, score, diffusion, noise_scale):
    weight = anp_each((1 + noise_scale**2) * diffusion**2 / 2, drift)
    return -drift + weight * score, noise_scale * diffusion


@form("equivalent_sde", "a factor on g²")
def equivalent_of_factor(drift, score, diffusion, noise_scale):
    return drift - batch_mul(0.5 * (1 - noise_scale**2) * diffusion**2, score), noise_scale * diffusion


@form("equivalent_sde", "the flow and a Langevin part")
def equivalent_of_flow(drift, score, diffusion, noise_scale):
    flow, new = drift - 0.5 * batch_mul(diffusion**2, score), noise_scale * diffusion
    return flow + 0.5 * batch_mul(new**2, score), new


@form("equivalent_sde", "families in α = λ²", convention=SQUARED, arguments=OURS)
def equivalent_of_alpha(drift, score, diffusion, alpha):
    return drift - batch_mul((1 - alpha) / 2 * diffusion**2, score), torch.sqrt(alpha) * diffusion


@form("equivalent_sde", "NumPy with its backward", framework="numpy")
def equivalent_by_hand(drift, score, diffusion, noise_scale):
    wide = (-1,) + (1,) * (drift.ndim - 1)
    weight = 0.5 * (1 - noise_scale**2) * diffusion**2

    def pullback(drift_bar, diffusion_bar):
        inner = (drift_bar * score).reshape(len(drift_bar), -1).sum(1)
        return {
            "drift": drift_bar,
            "score": -weight.reshape(wide) * drift_bar,
            "diffusion": noise_scale * diffusion_bar - (1 - noise_scale**2) * diffusion * inner,
            "noise_scale": diffusion * diffusion_bar + noise_scale * diffusion**2 * inner,
        }

    return (drift - weight.reshape(wide) * score, noise_scale * diffusion), pullback


def dispersion(t, low, high, process):
    """g of the published classes."""
    if process == "ve":
        return low * (high / low) ** t * torch.sqrt(2 * (torch.log(high) - torch.log(low)))
    beta_t = low + t * (high - low)
    if process == "vp":
        return torch.sqrt(beta_t)
    discount = 1.0 - torch.exp(-2 * low * t - (high - low) * t**2)
    return torch.sqrt(beta_t * discount)


@form("continuous_score_matching", "get_sde_loss_fn: residuals weighted one way or the other",
      convention=SIGMA)
def sde_loss(score, eps, t, low, high, process, weighting):
    _, std = marginal_prob(t, low, high, process)
    if weighting == "std2":
        losses = torch.square(batch_mul(std, score) + eps)
    else:
        g2 = dispersion(t, low, high, process) ** 2 if weighting == "diffusion2" else torch.ones_like(t)
        losses = batch_mul(g2, torch.square(score + batch_mul(1 / std, eps)))
    return 0.5 * sum_except_batch(losses)


@form("continuous_score_matching", "a weight times the squared distance to −ε/ς")
def csm_of_target(score, eps, t, low, high, process, weighting):
    _, std = kernel_of_integrals(t, low, high, process)
    target = -eps / std.reshape(-1, *[1] * (eps.dim() - 1))
    weight = {"std2": std**2, "diffusion2": dispersion(t, low, high, process) ** 2, "one": torch.ones_like(std)}
    return weight[weighting] * sum_except_batch((score - target) ** 2) / 2


@form("continuous_score_matching", "the prediction of the noise, averaged over pixels",
      convention="mean over components, without the factor ½")
def csm_of_noise(score, eps, t, low, high, process, weighting):
    _, std = kernel_of_expm1(t, low, high, process)
    loss = (eps + batch_mul(std, score)).pow(2).reshape(len(t), -1).mean(dim=1)
    if weighting == "std2":
        return loss
    return loss / std**2 * (dispersion(t, low, high, process) ** 2 if weighting == "diffusion2" else 1)


@form("continuous_score_matching", "NumPy with its backward", framework="numpy")
def csm_by_hand(score, eps, t, low, high, process, weighting):
    if process == "ve":
        sigma = low * (high / low) ** t
        std, g = np.sqrt(sigma**2 - low**2), sigma * np.sqrt(2 * np.log(high / low))
    else:
        beta, integral = low + t * (high - low), low * t + (high - low) * t**2 / 2
        std = np.sqrt(1 - np.exp(-integral)) if process == "vp" else 1 - np.exp(-integral)
        g = np.sqrt(beta) if process == "vp" else np.sqrt(beta * (1 - np.exp(-2 * integral)))
    weight = {"std2": std**2, "diffusion2": g**2, "one": np.ones_like(t)}[weighting]
    column = lambda a: a.reshape((-1,) + (1,) * (score.ndim - 1))
    off = score + eps / column(std)

    def pullback(bar):
        return {"score": column(bar * weight) * off}

    return weight * (off**2).reshape(len(t), -1).sum(1) / 2, pullback


@form("perturbation_kernel", "noise schedules of solvers: log α and log σ", gradients=TIMES)
def kernel_of_log_std(t, low, high, process):
    if process == "ve":
        log_std = t * (high / low).log() + low.log() + 0.5 * torch.log(1.0 - (low / high) ** (2 * t))
        return torch.ones_like(t), torch.exp(log_std)
    log_alpha_t = -0.25 * t**2 * (high - low) - 0.5 * t * low
    log_std = 0.5 * torch.log(1.0 - torch.exp(2.0 * log_alpha_t))
    return torch.exp(log_alpha_t), torch.exp(2 * log_std if process == "sub_vp" else log_std)


@form("reverse_sde", "variances added", gradients=OURS)
def reverse_of_variances(drift, score, diffusion, noise_scale):
    sigma = noise_scale * diffusion
    return drift - batch_mul((diffusion**2 + sigma**2) / 2, score), sigma


@form("equivalent_sde", "variances subtracted", gradients=OURS)
def equivalent_of_variances(drift, score, diffusion, noise_scale):
    sigma = noise_scale * diffusion
    return drift - batch_mul((diffusion**2 - sigma**2) / 2, score), sigma


@form("equivalent_sde", "the reversal of the reversal, autograd", framework="autograd")
def equivalent_of_reversals(drift, score, diffusion, noise_scale):
    g, sigma = anp_each(diffusion, drift), noise_scale * diffusion
    backwards = drift - 0.5 * (1 + anp_each(noise_scale, drift) ** 2) * g**2 * score
    return backwards + anp_each(sigma, drift) ** 2 * score, sigma


@form("continuous_score_matching", "the target by differentiating the transition's log-density")
def csm_of_log_prob(score, eps, t, low, high, process, weighting):
    mean, std = kernel_of_integrals(t, low, high, process)
    offset = batch_mul(std, eps).detach().requires_grad_(True)
    with torch.enable_grad():
        log_p = D.Normal(torch.zeros_like(offset), batch_mul(std, torch.ones_like(eps)), validate_args=False)
        (target,) = torch.autograd.grad(log_p.log_prob(offset).sum(), offset)
    gaps = sum_except_batch((score - target).pow(2))
    weight = {"std2": std, "diffusion2": dispersion(t, low, high, process), "one": torch.ones_like(mean)}[weighting]
    return 0.5 * weight**2 * gaps


@form("perturbation_kernel", "NumPy with its backward", framework="numpy")
def kernel_by_hand(t, low, high, process):
    if process == "ve":
        sigma, ratio = low * (high / low) ** t, np.log(high / low)
        std = np.sqrt(sigma**2 - low**2)

        def pullback(scale_bar, std_bar):
            p = std_bar / std
            return {
                "t": p * sigma**2 * ratio,
                "low": np.sum(p * (sigma**2 * (1 - t) / low - low)),
                "high": np.sum(p * sigma**2 * t / high),
            }

        return (np.ones_like(t), std), pullback

    total = low * t + 0.5 * (high - low) * t**2
    alpha = np.exp(-0.5 * total)
    std = 1 - alpha**2 if process == "sub_vp" else np.sqrt(1 - alpha**2)

    def pullback(scale_bar, std_bar):
        slope = alpha**2 if process == "sub_vp" else alpha**2 / (2 * std)
        b = std_bar * slope - scale_bar * alpha / 2
        return {"t": b * (low + (high - low) * t), "low": np.sum(b * (t - t**2 / 2)), "high": np.sum(b * t**2 / 2)}

    return (alpha, std), pullback


@form("continuous_score_matching", "the network's noise and a weight λ/ς²")
def csm_of_weighted_mse(score, eps, t, low, high, process, weighting):
    _, std = kernel_of_integrals(t, low, high, process)
    noise_pred = -batch_mul(std, score)
    mse = sum_except_batch(F.mse_loss(noise_pred, eps, reduction="none"))
    if weighting == "one":
        return 0.5 * mse / std**2
    return 0.5 * mse * (dispersion(t, low, high, process) / std) ** 2 if weighting == "diffusion2" else 0.5 * mse
