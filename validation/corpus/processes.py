"""Forms of Wiener paths, and of steps and chains that follow a process forwards and backwards."""

import autograd.numpy as anp
import numpy as np
import torch
from torch import distributions as D

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
AT_OLD_TIME = "corrector first, at the old time"
LAST = "no noise in the last step"


def batch_mul(a, x):
    return a.view(-1, *[1] * (x.ndim - 1)) * x


def sum_except_batch(x):
    return x.reshape(x.shape[0], -1).sum(-1)


def anp_each(a, x):
    return anp.reshape(a, (-1,) + (1,) * (anp.ndim(x) - 1))


def anp_sum(x):
    return anp.sum(x, axis=tuple(range(1, anp.ndim(x))))


@form("wiener_path", "increments and their running sum")
def path_of_cumsum(eps, h):
    dW = torch.sqrt(h).unsqueeze(-1) * eps
    return torch.cumsum(dW, dim=1)


@form("wiener_path", "tutorials that fill an array, w(0) = 0 its first row")
def path_filled(eps, h):
    batch, steps, dim = eps.shape
    W = torch.zeros(batch, steps + 1, dim, dtype=eps.dtype)
    for n in range(steps):
        W[:, n + 1] = W[:, n] + eps[:, n] * h[n] ** 0.5
    return W[:, 1:]


@form("wiener_path", "a Gaussian process with the covariance min(t, t′)")
def path_of_covariance(eps, h):
    t = h.cumsum(0)
    lower = torch.linalg.cholesky(torch.minimum(t[:, None], t[None, :]))
    return torch.einsum("nk,bkd->bnd", lower, eps)


@form("wiener_path", "autograd", framework="autograd")
def path_in_autograd(eps, h):
    return anp.cumsum(anp.sqrt(h)[None, :, None] * eps, axis=1)


@form("brownian_bridge", "SDE libraries, between three times")
def bridge_of_times(left, right, eps, h, share):
    t0, t1 = torch.zeros_like(h), h
    t = t0 + share * h
    mean = batch_mul((t1 - t) / (t1 - t0), left) + batch_mul((t - t0) / (t1 - t0), right)
    std = torch.sqrt((t1 - t) * (t - t0) / (t1 - t0))
    return mean + batch_mul(std, eps)


@form("brownian_bridge", "Schrödinger bridge flow matching, σ² the length in time")
def bridge_of_flow_matching(left, right, eps, h, share):
    t = share.reshape(-1, *([1] * (left.dim() - 1)))
    mu_t = t * right + (1 - t) * left
    sigma_t = torch.sqrt(h).reshape(t.shape) * torch.sqrt(t * (1 - t))
    return mu_t + sigma_t * eps


@form("brownian_bridge", "interpolation by lerp")
def bridge_of_lerp(left, right, eps, h, share):
    s = share.view(-1, *[1] * (left.ndim - 1))
    return torch.lerp(left, right, s) + batch_mul((h * share * (1 - share)).sqrt(), eps)


@form("brownian_bridge", "autograd", framework="autograd")
def bridge_in_autograd(left, right, eps, h, share):
    s = anp_each(share, left)
    return left + s * (right - left) + anp.sqrt(anp_each(h, left) * s * (1 - s)) * eps


@form("langevin_corrector_step", "score SDEs, differentiated through the step size")
def corrector_of_snr(x, score, eps, snr, norm):
    grad_norm = torch.norm(score.reshape(score.shape[0], -1), dim=-1)
    noise_norm = torch.norm(eps.reshape(eps.shape[0], -1), dim=-1)
    if norm == "batch":
        grad_norm, noise_norm = grad_norm.mean(), noise_norm.mean()
    step_size = ((snr * noise_norm / grad_norm) ** 2 * 2).expand(x.shape[0])
    x_mean = x + batch_mul(step_size, score)
    return x_mean + batch_mul(torch.sqrt(step_size * 2), eps)


@form("langevin_corrector_step", "pipelines' step_correct, the step size held", gradients=["x"])
def step_correct(x, score, eps, snr, norm):
    with torch.no_grad():
        lengths = [v.flatten(1).square().sum(1).sqrt() if v.ndim > 1 else v.abs() for v in (score, eps)]
        grad_norm, noise_norm = [v.mean().repeat(len(x)) if norm == "batch" else v for v in lengths]
        step_size = 2 * (snr * noise_norm / grad_norm) ** 2
    return x + batch_mul(step_size, score) + batch_mul((2 * step_size) ** 0.5, eps)


@form("langevin_corrector_step", "autograd", framework="autograd")
def corrector_in_autograd(x, score, eps, snr, norm):
    grad_norm, noise_norm = anp.sqrt(anp_sum(score**2)), anp.sqrt(anp_sum(eps**2))
    if norm == "batch":
        grad_norm, noise_norm = anp.mean(grad_norm) * anp.ones(len(x)), anp.mean(noise_norm)
    step = anp_each(2 * (snr * noise_norm / grad_norm) ** 2, x)
    return x + step * score + anp.sqrt(2 * step) * eps


@form("euler_maruyama", "a loop over steps")
def em_by_a_loop(x, eps, times, h, diffusion, theta, drift):
    for n in range(len(h)):
        x = x + drift(x, times[n], theta) * h[n] + diffusion[n] * torch.sqrt(h[n]) * eps[:, n]
    return x


@form("euler_maruyama", "SDE libraries, stepped along increments of a path")
def em_along_a_path(x, eps, times, h, diffusion, theta, drift):
    increments = (eps * h.sqrt()[:, None]).unbind(1)
    y0 = x
    for t0, dt, g, I_k in zip(times, h, diffusion, increments, strict=True):
        f, g_prod = drift(y0, t0, theta), g * I_k
        y0 = y0 + f * dt + g_prod
    return y0


@form("euler_maruyama", "autograd", framework="autograd")
def em_in_autograd(x, eps, times, h, diffusion, theta, drift):
    for n in range(eps.shape[1]):
        dW = anp.sqrt(h[n]) * eps[:, n]
        x = x + drift(x, times[n], theta) * h[n] + diffusion[n] * dW
    return x


@form("reverse_euler_maruyama", "score SDEs, a reverse SDE stepped by dt < 0")
def reverse_of_rsde(x, eps, times, h, slope, diffusion, noise_scale, theta, score):
    for n in range(h.shape[0]):
        t, dt = times[n], -h[n]
        drift = slope[n] * x - diffusion[n] ** 2 * score(x, t, theta) * (0.5 * (1 + noise_scale**2))
        x_mean = x + drift * dt
        x = x_mean + noise_scale * diffusion[n] * torch.sqrt(-dt) * eps[:, n]
    return x


@form("reverse_euler_maruyama", "the probability flow and a Langevin churn")
def reverse_of_flow_and_churn(x, eps, times, h, slope, diffusion, noise_scale, theta, score):
    for t, dt, a, g, z in zip(times, h, slope, diffusion, eps.unbind(1), strict=True):
        s = score(x, t, theta)
        flow = a * x - 0.5 * g**2 * s
        rate = noise_scale**2 * g**2 * dt
        churn = rate / 2 * s + noise_scale * g * dt.sqrt() * z
        x = x - dt * flow + churn
    return x


@form("reverse_euler_maruyama", "autograd", framework="autograd")
def reverse_in_autograd(x, eps, times, h, slope, diffusion, noise_scale, theta, score):
    for n in range(eps.shape[1]):
        g = diffusion[n]
        rev_drift = (1 + noise_scale**2) / 2 * g**2 * score(x, times[n], theta) - slope[n] * x
        x = x + h[n] * rev_drift + noise_scale * g * anp.sqrt(h[n]) * eps[:, n]
    return x


@form("predictor_corrector", "algorithm 1 of score SDEs, as in the paper")
def pc_of_the_paper(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score):
    for i in range(eps.shape[1]):
        g = diffusion[i]
        f = slope[i] * x - g**2 * score(x, times[i], theta)
        x = x - f * h[i] + g * torch.sqrt(h[i]) * eps[:, i]
        for j in range(corrector_eps.shape[2]):
            grad = score(x, times[i] - h[i], theta)
            x = x + step[i] / 2 * grad + torch.sqrt(step[i]) * corrector_eps[:, i, j]
    return x


@form("predictor_corrector", "the paper's ε, of half the variance", convention="x + ε s + √(2ε) z")
def pc_of_epsilon(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score):
    for i, (t, dt, a, g, e) in enumerate(zip(times, h, slope, diffusion, step, strict=True)):
        x = (1 - a * dt) * x + dt * g**2 * score(x, t, theta) + g * dt**0.5 * eps[:, i]
        for z in corrector_eps[:, i].unbind(1):
            x = x + e * score(x, t - dt, theta) + (2 * e) ** 0.5 * z
    return x


@form("predictor_corrector", "the published sampler: corrector, then predictor, at one time", convention=AT_OLD_TIME)
def pc_of_the_code(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score):
    for i in range(eps.shape[1]):
        t, dt = times[i], -h[i]
        for j in range(corrector_eps.shape[2]):
            x_mean = x + 0.5 * step[i] * score(x, t, theta)
            x = x_mean + torch.sqrt(step[i]) * corrector_eps[:, i, j]
        drift = slope[i] * x - diffusion[i] ** 2 * score(x, t, theta)
        x_mean = x + drift * dt
        x = x_mean + diffusion[i] * torch.sqrt(-dt) * eps[:, i]
    return x


@form("wiener_path", "a triangular matrix of deviations")
def path_of_triangle(eps, h):
    lower = torch.tril(torch.ones(len(h), len(h), dtype=h.dtype)) * h.sqrt()
    return torch.matmul(lower, eps)


@form("brownian_bridge", "two observations and their precisions")
def bridge_of_precisions(left, right, eps, h, share):
    past, future = 1 / (h * share), 1 / (h * (1 - share))
    variance = 1 / (past + future)
    mean = batch_mul(variance, batch_mul(past, left) + batch_mul(future, right))
    return mean + batch_mul(variance.sqrt(), eps)


@form("langevin_corrector_step", "norms over several axes, the noise a product of ρ")
def corrector_of_vector_norms(x, score, eps, snr, norm):
    axes = tuple(range(1, x.ndim)) or (1,)
    length = lambda v: torch.linalg.vector_norm(v if v.ndim > 1 else v[:, None], dim=axes, keepdim=v.ndim > 1)
    s, z = length(score), length(eps)
    rho = snr * (z.mean() / s.mean() if norm == "batch" else z / s)
    return x + 2 * rho**2 * score + 2 * rho * eps


@form("euler_maruyama", "transitions as normal distributions, reparametrised")
def em_of_transitions(x, eps, times, h, diffusion, theta, drift):
    for t, dt, g, z in zip(times, h, diffusion, eps.transpose(0, 1), strict=True):
        transition = D.Normal(x + drift(x, t, theta) * dt, g * dt.sqrt(), validate_args=False)
        x = transition.loc + transition.scale * z
    return x


@form("reverse_euler_maruyama", "samplers that return the mean of the last step", convention=LAST)
def reverse_denoised(x, eps, times, h, slope, diffusion, noise_scale, theta, score):
    x_mean = x
    for i, (t, dt) in enumerate(zip(times, h, strict=True)):
        g = diffusion[i]
        x_mean = x + dt * (0.5 * (1 + noise_scale**2) * g**2 * score(x, t, theta) - slope[i] * x)
        x = x_mean + noise_scale * g * torch.sqrt(dt) * eps[:, i]
    return x_mean


@form("predictor_corrector", "autograd", framework="autograd")
def pc_in_autograd(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score):
    for n in range(eps.shape[1]):
        s = score(x, times[n], theta)
        x = x - h[n] * (slope[n] * x - diffusion[n] ** 2 * s) + diffusion[n] * anp.sqrt(h[n]) * eps[:, n]
        after = times[n] - h[n]
        for k in range(corrector_eps.shape[2]):
            x = x + 0.5 * step[n] * score(x, after, theta) + anp.sqrt(step[n]) * corrector_eps[:, n, k]
    return x


@form("wiener_path", "NumPy with its backward", framework="numpy")
def path_by_hand(eps, h):
    root = np.sqrt(h)[:, None]

    def pullback(bar):
        increments = np.cumsum(bar[:, ::-1], axis=1)[:, ::-1]
        return {"h": np.einsum("bnd,bnd->n", increments, 0.5 * eps / root)}

    return np.cumsum(root * eps, axis=1), pullback


@form("euler_maruyama", "states kept for the backward", framework="numpy")
def em_by_hand(x, eps, times, h, diffusion, theta, drift):
    states = [x]
    for n in range(len(h)):
        f = drift(states[-1], times[n], theta)
        states.append(states[-1] + f * h[n] + diffusion[n] * np.sqrt(h[n]) * eps[:, n])

    def pullback(bar):
        found = {"times": np.zeros_like(times), "h": np.zeros_like(h), "diffusion": np.zeros_like(diffusion)}
        total = {name: np.zeros_like(p) for name, p in theta.items()}
        for n in reversed(range(len(h))):
            f, back = drift.vjp(states[n], times[n], theta)
            grads, noise = back(h[n] * bar, wrt=("z", "t", "theta")), np.sum(bar * eps[:, n])
            found["times"][n] = grads["t"]
            found["h"][n] = np.sum(bar * f) + 0.5 * diffusion[n] / np.sqrt(h[n]) * noise
            found["diffusion"][n] = np.sqrt(h[n]) * noise
            total = {name: total[name] + grads["theta"][name] for name in theta}
            bar = bar + grads["z"]
        return {"x": bar, "theta": total, **found}

    return states[-1], pullback
