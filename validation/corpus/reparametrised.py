"""Forms through other parameters: log-SNR, the σ of EDM, angles, logarithms of deviations, running recursions."""

import math

import autograd.numpy as anp
import autograd.scipy.special as aspecial
import numpy as np
import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


def wide(table, x):
    return table.reshape(-1, *[1] * (x.ndim - 1))


def flat(x):
    return x.reshape(x.shape[0], -1)


def log_snr(alpha_prod):
    return torch.log(alpha_prod) - torch.log1p(-alpha_prod)


@form("log_sum_exp", "NumPy's pairwise reduction", framework="numpy")
def lse_by_reduction(logits):
    value = np.logaddexp.reduce(logits, axis=-1)
    return value, lambda bar: {"logits": np.exp(logits - value[:, None]) * bar[:, None]}


@form("log_sum_exp", "streaming: a running maximum and a running sum")
def lse_streaming(logits):
    top, total = logits[:, 0], torch.ones_like(logits[:, 0])
    for x in logits.unbind(1)[1:]:
        new = torch.maximum(top, x).detach()
        total = total * torch.exp(top - new) + torch.exp(x - new)
        top = new
    return top + total.log()


@form("softmax", "the exponential of a log-softmax")
def softmax_of_log_softmax(logits):
    return F.log_softmax(logits, dim=1).exp()


@form("softmax", "streaming attention with a hand-written backward", framework="numpy")
def softmax_of_statistics(logits):
    top = np.maximum.reduce(logits, axis=1, keepdims=True)
    lse = top + np.log(np.add.reduce(np.exp(logits - top), axis=1, keepdims=True))
    p = np.exp(logits - lse)

    def pullback(bar):
        delta = np.einsum("bk,bk->b", bar, p)[:, None]
        return {"logits": p * (bar - delta)}

    return p, pullback


@form("gumbel_softmax", "a log-softmax at temperature, exponentiated", framework="autograd")
def relaxed_sample_through_logs(logits, gumbel, tau):
    log_p = logits - aspecial.logsumexp(logits, axis=1, keepdims=True)
    z = (log_p + gumbel) * (1 / tau)
    z = z - anp.max(z, axis=1, keepdims=True)
    return anp.exp(z) / anp.sum(anp.exp(z), axis=1, keepdims=True)


@form("concrete_log_density", "the density of log c, and the change of variables")
def concrete_of_exp_concrete(c, logits, tau):
    y, n = c.log(), c.shape[-1]
    score = logits - y * tau
    exp_concrete = (score - score.logsumexp(-1, keepdim=True)).sum(-1) + math.lgamma(n) + (n - 1) * tau.log()
    return exp_concrete - y.sum(-1)


@form("gaussian_log_density", "whitened by two quarter-root factors", framework="autograd")
def density_whitened(x, mean, logvar):
    r = (x - mean) / anp.exp(logvar / 4) / anp.exp(logvar / 4)
    return -0.5 * anp.sum(r * r, axis=1) - 0.5 * anp.sum(logvar, axis=1) - x.shape[1] * 0.5 * math.log(2 * math.pi)


@form("gaussian_kl", "traces and determinants of covariance matrices")
def kl_of_matrices(mean, logvar):
    cov = torch.diag_embed(logvar.exp())
    trace = cov.diagonal(dim1=-2, dim2=-1).sum(-1)
    return 0.5 * (trace + mean.pow(2).sum(-1) - mean.shape[-1] - torch.logdet(cov))


@form("gaussian_kl_between", "a KL through expm1 and the difference of log-variances")
def kl_through_expm1(mean_q, logvar_q, mean_p, logvar_p):
    delta = logvar_q - logvar_p
    return 0.5 * ((mean_q - mean_p) ** 2 / logvar_p.exp() + torch.expm1(delta) - delta).sum(-1)


@form("sinusoidal_embedding", "powers over a linear grid of exponents")
def embedding_of_linspace(t, features, spacing):
    half = features // 2
    last = (half - 1) / half if spacing == "half" else 1.0 if half > 1 else 0.0
    freqs = 10000 ** -torch.linspace(0, last, half, dtype=t.dtype)
    return torch.cat([torch.sin(torch.outer(t, freqs)), torch.cos(torch.outer(t, freqs))], dim=1)


@form("vector_quantization", "the expanded distance without ‖z‖², in NumPy", framework="numpy")
def vq_of_inner_products(z, codebook, beta):
    k = np.argmin(0.5 * np.sum(codebook**2, axis=1) - z @ codebook.T, axis=1)
    hot = np.eye(len(codebook), dtype=z.dtype)[k]
    diff = hot @ codebook - z
    squares = np.sum(diff**2, axis=1)

    def pullback(q, c, m):
        return z_bar(q, m), 2 * hot.T @ (c[:, None] * diff), np.sum(m * squares)

    def z_bar(q, m):
        return q - 2 * beta * m[:, None] * diff

    return (k, hot @ codebook, squares, beta * squares), pullback


@form("forward_marginal", "variational diffusion: deviations as sigmoids of the log-SNR")
def marginal_of_log_snr(x0, eps, alpha_prod):
    gamma = -log_snr(alpha_prod)
    return wide(torch.sigmoid(-gamma).sqrt(), x0) * x0 + wide(torch.sigmoid(gamma).sqrt(), x0) * eps


@form("forward_marginal", "EDM: noise of σ added, then scaled")
def marginal_of_sigma(x0, eps, alpha_prod):
    sigma = wide(((1 - alpha_prod) / alpha_prod) ** 0.5, x0)
    return (x0 + sigma * eps) / (sigma**2 + 1) ** 0.5


@form("x0_from_eps", "EDM: x less σ times the noise", framework="autograd")
def denoised_of_eps(xt, eps, alpha_prod):
    sigma = anp.reshape(anp.sqrt((1 - alpha_prod) / alpha_prod), (-1,) + (1,) * (xt.ndim - 1))
    return xt * anp.sqrt(1 + sigma**2) - sigma * eps


@form("x0_from_v", "EDM: c_skip and c_out of a v-network")
def denoised_of_v(xt, v, alpha_prod):
    sigma = wide((1 / alpha_prod - 1).sqrt(), xt)
    c_skip, c_out = 1 / (sigma**2 + 1), -sigma / (sigma**2 + 1) ** 0.5
    return v * c_out + (xt * (sigma**2 + 1) ** 0.5) * c_skip


@form("eps_from_v", "variational diffusion: deviations as sigmoids of the log-SNR")
def noise_of_log_snr(xt, v, alpha_prod):
    snr = log_snr(alpha_prod)
    return wide(torch.sigmoid(snr).sqrt(), xt) * v + wide(torch.sigmoid(-snr).sqrt(), xt) * xt


@form("v_from_x0_eps", "from x_t and the data, by the noise that they leave")
def velocity_through_xt(x0, eps, alpha_prod):
    a, s = wide(alpha_prod.sqrt(), x0), wide((1 - alpha_prod).sqrt(), x0)
    xt = a * x0 + s * eps
    return (a * xt - x0) / s


@form("score_from_eps", "exponentials of the logarithm of the deviation")
def score_of_log_std(eps, alpha_prod):
    return -eps * wide(torch.exp(-0.5 * torch.log1p(-alpha_prod)), eps)


@form("min_snr_weight", "exponentials of a clipped log-SNR")
def min_snr_of_logs(alpha_prod, gamma, target):
    snr = log_snr(alpha_prod)
    clipped = torch.minimum(snr, gamma.log())
    return {"eps": (clipped - snr).exp(), "x0": clipped.exp(), "v": (clipped + F.logsigmoid(-snr)).exp()}[target]


@form("alpha_products", "a running product in NumPy with its backward", framework="numpy")
def products_running(beta):
    products = np.cumprod(1 - beta)

    def pullback(a, b):
        return {"beta": np.cumsum(((b - a) * products)[::-1])[::-1] / (1 - beta)}

    return (products, 1 - products), pullback


@form("diffusion_posterior", "precisions of the two sources, t ≥ 2 and t = 1 apart", gradients=["xt", "x0"])
def posterior_of_precisions(xt, x0, beta, alpha_prod_prev):
    first = alpha_prod_prev == 1
    spread = torch.where(first, 0.5, 1 - alpha_prod_prev)
    precision = (1 - beta) / beta + 1 / spread
    mean = wide((1 - beta).sqrt() / beta, xt) * xt + wide(alpha_prod_prev.sqrt() / spread, x0) * x0
    mean = mean / wide(precision, xt)
    return torch.where(wide(first, xt), x0, mean), torch.where(first, 0.0, 1 / precision)


@form("prior_loss", "a KL through expm1, summed by einsum", framework="autograd")
def prior_through_logs(x0, alpha_prod):
    x, lam = anp.reshape(x0, (len(x0), -1)), anp.log1p(-alpha_prod)
    return 0.5 * alpha_prod * anp.einsum("bi,bi->b", x, x) + 0.5 * x.shape[1] * (anp.expm1(lam) - lam)


@form("ddim_step", "the predicted data and the direction to x_t, η differentiated under a clamp",
      gradients=["xt", "eta"])
def ddim_with_eta(xt, eps_pred, noise, beta, alpha_prod_prev, eta):
    prev, now = alpha_prod_prev, (1 - beta) * alpha_prod_prev
    share = (1 - prev) / (1 - now) * (1 - now / prev)
    inside = 1 - prev - eta**2 * share
    kept = torch.where(inside > 0, inside, 1.0).sqrt() * (inside > 0)
    start = (xt - wide((1 - now).sqrt(), xt) * eps_pred) / wide(now.sqrt(), xt)
    return wide(prev.sqrt(), xt) * start + wide(kept, xt) * eps_pred + wide(eta * share.sqrt(), xt) * noise


@form("guidance_rescale", "population variances", framework="autograd")
def rescale_of_variances(guided, cond, phi):
    def deviation(x):
        axes = tuple(range(1, x.ndim))
        off = x - anp.mean(x, axis=axes, keepdims=True)
        variance = anp.mean(off**2, axis=axes, keepdims=True)
        return anp.where(variance > 0, anp.sqrt(anp.where(variance > 0, variance, 1.0)), 0.0)

    s, c = deviation(guided), deviation(cond)
    ratio = anp.where(s > 0, c / anp.where(s > 0, s, 1.0), 1.0)
    return guided + phi * (ratio - 1) * guided


@form("variational_bound", "all terms at once from cumulative products")
def bound_at_once(prediction, x0, eps, beta, variance):
    products, dim = torch.cumprod(1 - beta, 0), flat(x0).shape[1]
    before, after = products[:-1], products[1:]
    squares = (prediction - eps).reshape(*eps.shape[:2], -1).pow(2).sum(-1)
    ratio = (1 - before) / (1 - after)
    sigma2 = beta[1:] * ratio if variance == "posterior" else beta[1:]
    weight = beta[1:] ** 2 / (2 * sigma2 * (1 - beta[1:]) * (1 - after))
    spread = 0 * ratio if variance == "posterior" else 0.5 * (ratio - 1 - ratio.log())
    last = products[-1]
    prior = 0.5 * (last * flat(x0).pow(2).sum(1) + dim * (-last - torch.log(1 - last)))
    first = squares[:, 0] / (2 * (1 - beta[0])) + 0.5 * dim * torch.log(2 * math.pi * beta[0])
    return prior + (squares[:, 1:] * weight).sum(1) + dim * spread.sum() + first


@form("odeint_running_cost", "a quadrature beside the solve, the whole differentiated", framework="autograd",
      convention="cost is without the half")
def cost_in_autograd(z0, t0, t1, theta, velocity, cost, method, steps):
    four = [[], [0.5], [0.0, 0.5], [0.0, 0.0, 1.0]]
    rows = {"euler": [[]], "midpoint": [[], [0.5]], "heun": [[], [1.0]], "rk4": four}
    weights = {"euler": [1.0], "midpoint": [0.0, 1.0], "heun": [0.5, 0.5], "rk4": [1 / 6, 1 / 3, 1 / 3, 1 / 6]}[method]
    h, z, total = (t1 - t0) / steps, z0, 0.0 * z0[:, 0]
    for n in range(steps):
        ks, costs = [], []
        for row in rows[method]:
            y = z + h * sum((a * k for a, k in zip(row, ks, strict=True)), 0.0 * z)
            ks.append(velocity(y, t0 + n * h + sum(row) * h, theta))
            costs.append(anp.sum((ks[-1] if cost == "kinetic" else y) ** 2, axis=1))
        z = z + h * sum(b * k for b, k in zip(weights, ks, strict=True))
        total = total + h * sum(b * r for b, r in zip(weights, costs, strict=True))
    return z, total
