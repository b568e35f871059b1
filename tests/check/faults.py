"""Faults that people make, written as their authors would, in PyTorch, autograd or NumPy, and what each is called."""

import autograd.numpy as anp
import numpy as np
import pytest

try:
    import torch
except ImportError:
    torch = None

FAULTS = []


def fault(reference, mistake, **entry):
    """The function is wrong in the way that the mistake is, and is so called."""

    def add(fn):
        marks = pytest.mark.needs("torch") if entry.get("framework") == "torch" else ()
        FAULTS.append(pytest.param(fn, reference, mistake, entry, id=f"{reference}-{fn.__name__}", marks=marks))
        return fn

    return add


def along(a, x):
    """A schedule (B,) beside arrays (B, ...)."""
    return a.reshape((-1,) + (1,) * (x.ndim - 1))


# The stages of RK4


def runge_kutta(f, z, t, h, method, fourth):
    """Right but for the last stage of rk4, which is the author's."""
    k1 = f(z, t)
    if method == "euler":
        return z + h * k1
    if method == "heun":
        return z + h / 2 * (k1 + f(z + h * k1, t + h))
    k2 = f(z + h / 2 * k1, t + h / 2)
    if method == "midpoint":
        return z + h * k2
    k3 = f(z + h / 2 * k2, t + h / 2)
    return z + h / 6 * (k1 + 2 * k2 + 2 * k3 + fourth(f, z, t, h, k2, k3))


def solve(z0, t0, t1, theta, velocity, method, steps, step):
    z, h = z0, (t1 - t0) / steps
    for n in range(steps):
        z = step(lambda z, t: velocity(z, t, theta), z, t0 + n * h, h, method)
    return z


@fault("odeint", "last_stage_at_the_midpoint", framework="torch")
def rk4_with_its_last_stage_at_half_the_step(z0, t0, t1, theta, *, velocity, method, steps):
    step = lambda *args: runge_kutta(*args, lambda f, z, t, h, k2, k3: f(z + h * k3, t + h / 2))
    return solve(z0, t0, t1, theta, velocity, method, steps, step)


@fault("odeint", "last_stage_from_the_second", framework="torch")
def rk4_with_k4_from_k2(z0, t0, t1, theta, *, velocity, method, steps):
    step = lambda *args: runge_kutta(*args, lambda f, z, t, h, k2, k3: f(z + h * k2, t + h))
    return solve(z0, t0, t1, theta, velocity, method, steps, step)


@fault("odeint", "stage_times_ignored", framework="torch")
def all_stages_at_the_start_of_the_step(z0, t0, t1, theta, *, velocity, method, steps):
    def step(f, z, t, h, method):
        return runge_kutta(lambda z, _: f(z, t), z, t, h, method, lambda f, z, t, h, k2, k3: f(z + h * k3, t))

    return solve(z0, t0, t1, theta, velocity, method, steps, step)


# Variances of a step, and a variance for a deviation


def ancestral(xt, eps_pred, noise, beta, before, sigma):
    alpha, now = 1 - beta, 1 - (1 - beta) * before
    mean = (xt - along(beta / now**0.5, xt) * eps_pred) / along(alpha, xt) ** 0.5
    return mean + along(sigma(now), xt) * noise


@fault("ancestral_step", "posterior_variance_always", framework="torch")
def the_posterior_variance_where_beta_belongs(xt, eps_pred, noise, beta, alpha_prod_prev, *, variance):
    sigma = lambda now: (beta * (1 - alpha_prod_prev) / now).sqrt()
    return ancestral(xt, eps_pred, noise, beta, alpha_prod_prev, sigma)


@fault("ancestral_step", "variance_of_the_step_always", framework="torch")
def beta_where_the_posterior_variance_belongs(xt, eps_pred, noise, beta, alpha_prod_prev, *, variance):
    return ancestral(xt, eps_pred, noise, beta, alpha_prod_prev, lambda now: beta.sqrt())


@fault("ancestral_step", "the_other_variance", framework="torch")
def the_two_variances_exchanged(xt, eps_pred, noise, beta, alpha_prod_prev, *, variance):
    def sigma(now):
        return (beta if variance == "posterior" else beta * (1 - alpha_prod_prev) / now).sqrt()

    return ancestral(xt, eps_pred, noise, beta, alpha_prod_prev, sigma)


@fault("ancestral_step", "variance_for_deviation", framework="torch")
def noise_by_the_variance(xt, eps_pred, noise, beta, alpha_prod_prev, *, variance):
    sigma = lambda now: beta * (1 - alpha_prod_prev) / now if variance == "posterior" else beta
    return ancestral(xt, eps_pred, noise, beta, alpha_prod_prev, sigma)


@fault("diffusion_posterior", "variance_of_the_step", framework="autograd")
def beta_for_the_variance_of_the_posterior(xt, x0, beta, alpha_prod_prev):
    now = beta + (1 - beta) * (1 - alpha_prod_prev)
    data, state = alpha_prod_prev**0.5 * beta / now, (1 - beta) ** 0.5 * (1 - alpha_prod_prev) / now
    return along(data, x0) * x0 + along(state, xt) * xt, beta


@fault("diffusion_posterior", "deviation_for_variance", framework="autograd")
def the_deviation_of_the_posterior(xt, x0, beta, alpha_prod_prev):
    now = beta + (1 - beta) * (1 - alpha_prod_prev)
    data, state = alpha_prod_prev**0.5 * beta / now, (1 - beta) ** 0.5 * (1 - alpha_prod_prev) / now
    return along(data, x0) * x0 + along(state, xt) * xt, anp.sqrt(beta * (1 - alpha_prod_prev) / now)


# DDIM


def ddim(xt, eps_pred, noise, beta, before, eta, direction, noised=lambda sigma: sigma):
    beta, before = along(beta, xt), along(before, xt)
    now = (1 - beta) * before
    sigma = eta * (beta * (1 - before) / (1 - now)) ** 0.5
    x0 = (xt - (1 - now) ** 0.5 * eps_pred) / now**0.5
    return before**0.5 * x0 + direction(before, sigma) * eps_pred + noised(sigma) * noise


@fault("ddim_step", "deviation_for_the_direction", framework="autograd")
def sigma_for_the_direction(xt, eps_pred, noise, beta, alpha_prod_prev, eta):
    return ddim(xt, eps_pred, noise, beta, alpha_prod_prev, eta, lambda before, sigma: sigma)


@fault("ddim_step", "variance_added", framework="autograd")
def ddim_noise_by_the_variance(xt, eps_pred, noise, beta, alpha_prod_prev, eta):
    # That the radicand is zero where the noise is all there is left would make its slope infinite.
    direction = lambda before, sigma: anp.sqrt(anp.maximum(1 - before - sigma**2, 0) + 1e-300)
    return ddim(xt, eps_pred, noise, beta, alpha_prod_prev, eta, direction, lambda sigma: sigma**2)


# ᾱ of the step before, of a sampler that strides


def visited(train, steps, spacing):
    up = np.arange(steps)
    if spacing == "leading":
        at = up * (train // steps)
    elif spacing == "linspace":
        at = np.round(up * (train - 1) / max(steps - 1, 1))
    else:
        at = np.round((up + 1) * train / steps) - 1
    return at[::-1].astype(int)


def strided(beta, steps, spacing, before):
    """`before` are the indices into the products, of which −1 is the data."""
    products, at = np.cumprod(1 - beta), visited(len(beta), steps, spacing)
    prev = before(at)
    ended = np.where(prev >= 0, products[prev], 1.0)
    return at, 1 - products[at] / ended, products[at], ended


@fault("strided_schedule", "previous_one_too_low", framework="numpy")
def previous_product_one_index_too_low(beta, *, steps, spacing):
    return strided(beta, steps, spacing, lambda at: np.maximum(np.append(at[1:], 0) - 1, -1))


@fault("strided_schedule", "previous_one_too_high", framework="numpy")
def previous_product_one_index_too_high(beta, *, steps, spacing):
    return strided(beta, steps, spacing, lambda at: np.append(at[1:], -1) + 1)


@fault("strided_schedule", "previous_of_the_training", framework="numpy")
def previous_product_of_the_training(beta, *, steps, spacing):
    return strided(beta, steps, spacing, lambda at: at - 1)


@fault("strided_schedule", "previous_by_the_mean_stride", framework="numpy")
def previous_product_by_the_mean_stride(beta, *, steps, spacing):
    return strided(beta, steps, spacing, lambda at: np.maximum(at - len(beta) // steps, -1))


# Frequencies by index, not by pair


@fault("sinusoidal_embedding", "cosines_half_a_step_slower", framework="torch")
def a_frequency_to_every_entry(t, *, features, spacing):
    n = features // 2 if spacing == "half" else max(features // 2 - 1, 1)
    angle = t[:, None] * 10000 ** (-torch.arange(features, dtype=t.dtype) / (2 * n))
    return torch.cat([angle[:, 0::2].sin(), angle[:, 1::2].cos()], dim=1)


@fault("sinusoidal_embedding", "entries_for_pairs", framework="torch")
def twice_the_index_of_the_entry(t, *, features, spacing):
    n = features // 2 if spacing == "half" else max(features // 2 - 1, 1)
    angle = t[:, None] * 10000 ** (-2 * torch.arange(features, dtype=t.dtype) / (2 * n))
    return torch.cat([angle[:, 0::2].sin(), angle[:, 1::2].cos()], dim=1)


@fault("sinusoidal_embedding", "exponent_over_all_features", framework="torch")
def the_index_of_the_pair_over_all_features(t, *, features, spacing):
    n = features // 2 if spacing == "half" else max(features // 2 - 1, 1)
    angle = t[:, None] * torch.exp(-np.log(10000.0) * torch.arange(features // 2, dtype=t.dtype) / (2 * n))
    return torch.cat([angle.sin(), angle.cos()], dim=1)


# Logarithms and deviations


@fault("gaussian_kl", "square_of_the_logarithm", framework="torch")
def kl_with_the_logarithm_squared(mean, logvar):
    std = torch.exp(logvar / 2)
    return 0.5 * (mean**2 + std**2 - 1 - torch.log(std) ** 2).sum(1)


@fault("gaussian_log_density", "square_of_the_logarithm", framework="torch")
def density_with_the_logarithm_squared(x, mean, logvar):
    std = torch.exp(logvar / 2)
    return -0.5 * ((x - mean) ** 2 / std**2 + torch.log(std) ** 2 + np.log(2 * np.pi)).sum(1)


@fault("gaussian_kl", "exponential_taken_for_deviation", framework="torch")
def kl_of_a_variance_taken_for_a_deviation(mean, logvar):
    std = torch.exp(logvar)
    return 0.5 * (mean**2 + std**2 - 1 - logvar).sum(1)


@fault("gaussian_kl_between", "posterior_variance_for_deviation", framework="torch")
def kl_between_with_the_variance_of_q_for_its_deviation(mean_q, logvar_q, mean_p, logvar_p):
    q = torch.distributions.Normal(mean_q, logvar_q.exp())
    return torch.distributions.kl_divergence(q, torch.distributions.Normal(mean_p, (logvar_p / 2).exp())).sum(1)


@fault("gaussian_kl_between", "prior_variance_for_deviation", framework="torch")
def kl_between_with_the_variance_of_p_for_its_deviation(mean_q, logvar_q, mean_p, logvar_p):
    p = torch.distributions.Normal(mean_p, logvar_p.exp())
    return torch.distributions.kl_divergence(torch.distributions.Normal(mean_q, (logvar_q / 2).exp()), p).sum(1)


def density_of_a_variance_handed_over_as_deviation(x, mean, logvar):
    return torch.distributions.Normal(mean, logvar.exp()).log_prob(x).sum(1)


def draw_with_the_variance_for_its_deviation(mean, logvar, eps):
    return mean + logvar.exp() * eps


# Backward passes by hand that take for granted that targets sum to one


@fault("log_softmax", "gradient_of_one_label", framework="numpy", pair=True)
def log_softmax_with_the_backward_of_a_label(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs, lambda bar: {"logits": bar - np.exp(logs)}


@fault("cross_entropy", "sum_of_shares_taken_for_one", framework="numpy", pair=True)
def cross_entropy_with_the_backward_of_a_label(logits, target):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))

    def pullback(bar):
        return {"logits": bar[:, None] * (np.exp(logs) - target), "target": -bar[:, None] * logs}

    return -(target * logs).sum(axis=-1), pullback


# Langevin without its step in the drift


@fault("langevin_step", "drift_without_step", framework="torch")
def langevin_drift_without_its_step(x, score, eps, step):
    return x + 0.5 * score + step**0.5 * eps


@fault("langevin_chain", "chain_drift_without_step", framework="torch")
def chain_drift_without_its_step(x, eps, step, theta, *, score):
    for t in range(eps.shape[1]):
        x = x + 0.5 * score(x, theta) + step**0.5 * eps[:, t]
    return x


# A row that is written to where it should be added to


@fault("embedding", "last_place_kept", framework="numpy", pair=True)
def a_table_whose_gradient_is_overwritten(index, weight):
    def pullback(bar):
        total = np.zeros_like(weight)
        for place in np.ndindex(index.shape):
            total[index[place]] = bar[place]
        return {"weight": total}

    return weight[index], pullback
