"""Forms of the steps and the samplers of Karras et al., and of the multistep solver that is used beside them."""

import autograd.numpy as anp
import numpy as np
import torch
from torch.utils.checkpoint import checkpoint

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


def append_dims(x, like):
    return x[(...,) + (None,) * (like.ndim - x.ndim)]


@form("edm_heun_step", "EDM's published sampler")
def heun_of_edm(x, denoised, denoised_next, sigma, sigma_next):
    t_cur, t_next = append_dims(sigma, x), append_dims(sigma_next, x)
    d_cur = (x - denoised) / t_cur
    x_next = x + (t_next - t_cur) * d_cur
    d_prime = (x_next - denoised_next) / t_next
    return x + (t_next - t_cur) * (0.5 * d_cur + 0.5 * d_prime)


@form("edm_heun_step", "slopes out of scores, −σ ∇log p")
def heun_of_scores(x, denoised, denoised_next, sigma, sigma_next):
    s, t = append_dims(sigma, x), append_dims(sigma_next, x)
    slope = lambda y, d, level: -level * ((d - y) / level**2)
    first = slope(x, denoised, s)
    second = slope(x + (t - s) * first, denoised_next, t)
    return x + (t - s) * (first + second) / 2


@form("edm_heun_step", "autograd, Euler's step by a ratio", framework="autograd")
def heun_by_ratio(x, denoised, denoised_next, sigma, sigma_next):
    s, t = (anp.reshape(level, (-1,) + (1,) * (x.ndim - 1)) for level in (sigma, sigma_next))
    euler = denoised + t / s * (x - denoised)
    return euler + (t - s) / 2 * ((euler - denoised_next) / t - (x - denoised) / s)


@form("edm_heun_step", "a NumPy step with its backward", framework="numpy")
def heun_by_hand(x, denoised, denoised_next, sigma, sigma_next):
    s, t = (level.reshape(-1, *[1] * (x.ndim - 1)) for level in (sigma, sigma_next))
    d = (x - denoised) / s
    euler = x + (t - s) * d
    d2 = (euler - denoised_next) / t

    def pullback(bar):
        d2_bar = (t - s) / 2 * bar
        euler_bar = d2_bar / t
        d_bar = (t - s) / 2 * bar + (t - s) * euler_bar
        h_bar = bar * (d + d2) / 2 + euler_bar * d
        sum_of = lambda y: y.reshape(len(y), -1).sum(1)
        return {
            "x": bar + euler_bar + d_bar / s,
            "denoised": -d_bar / s,
            "denoised_next": -d2_bar / t,
            "sigma": sum_of(-h_bar - d_bar * d / s),
            "sigma_next": sum_of(h_bar - d2_bar * d2 / t),
        }

    return x + (t - s) * (d + d2) / 2, pullback


def alpha_sigma(lam, process):
    if process == "ve":
        return torch.ones_like(lam), torch.exp(-lam)
    return torch.sigmoid(2 * lam).sqrt(), torch.sigmoid(-2 * lam).sqrt()


@form("dpm_solver_pp_2m_step", "k-diffusion: an extrapolated prediction and one exponential integral")
def sample_dpmpp_2m(x, x0, x0_prev, lam, step, step_prev, process):
    alpha_next, sigma_next = alpha_sigma(lam + step, process)
    _, sigma = alpha_sigma(lam, process)
    r = step_prev / step
    extrapolated = (1 + append_dims(1 / (2 * r), x)) * x0 - append_dims(1 / (2 * r), x) * x0_prev
    return append_dims(sigma_next / sigma, x) * x - append_dims(alpha_next * (-step).expm1(), x) * extrapolated


@form("dpm_solver_pp_2m_step", "diffusers: two terms, the midpoint type, exp(−h) − 1")
def multistep_second_order(x, x0, x0_prev, lam, step, step_prev, process):
    lambda_t, lambda_s0, h, h_0 = lam + step, lam, step, step_prev
    (alpha_t, sigma_t), (_, sigma_s0) = alpha_sigma(lambda_t, process), alpha_sigma(lambda_s0, process)
    r0 = h_0 / h
    alpha_t, sigma_t, sigma_s0, h, r0 = (append_dims(c, x) for c in (alpha_t, sigma_t, sigma_s0, h, r0))
    D0, D1 = x0, (1.0 / r0) * (x0 - x0_prev)
    return (
        (sigma_t / sigma_s0) * x
        - (alpha_t * (torch.exp(-h) - 1.0)) * D0
        - 0.5 * (alpha_t * (torch.exp(-h) - 1.0)) * D1
    )


@form("dpm_solver_pp_2m_step", "the authors' solver, logarithms of α and of σ")
def dpm_solver_of_logs(x, x0, x0_prev, lam, step, step_prev, process):
    lam_t = lam + step
    log_alpha = lambda at: -0.5 * torch.logaddexp(torch.zeros_like(at), -2 * at) if process == "vp" else 0 * at
    log_sigma = lambda at: log_alpha(at) - at
    phi_1 = torch.expm1(-step)
    D1_0 = append_dims(step / step_prev, x) * (x0 - x0_prev)
    alpha_phi = append_dims(torch.exp(log_alpha(lam_t)) * phi_1, x)
    carried = append_dims(torch.exp(log_sigma(lam_t) - log_sigma(lam)), x) * x
    return carried - alpha_phi * x0 - 0.5 * alpha_phi * D1_0


@form("dpm_solver_pp_2m_step", "diffusers: two terms, the type heun", convention='the solver type "heun" or "taylor"')
def multistep_heun(x, x0, x0_prev, lam, step, step_prev, process):
    (alpha_t, sigma_t), (_, sigma_s) = alpha_sigma(lam + step, process), alpha_sigma(lam, process)
    alpha_t, ratio, h, r0 = (append_dims(c, x) for c in (alpha_t, sigma_t / sigma_s, step, step_prev / step))
    D0, D1 = x0, (1.0 / r0) * (x0 - x0_prev)
    return ratio * x - (alpha_t * torch.expm1(-h)) * D0 + (alpha_t * (torch.expm1(-h) / h + 1.0)) * D1


@form("dpm_solver_pp_2m_step", "diffusers' tables: ᾱ, the noise √(1 − ᾱ), lengths of steps from logarithms")
def multistep_of_tables(x, x0, x0_prev, lam, step, step_prev, process):
    def table(at):
        if process == "ve":
            return torch.ones_like(at), torch.exp(-at)
        alphas_cumprod = torch.sigmoid(2 * at)
        return alphas_cumprod**0.5, (1 - alphas_cumprod) ** 0.5

    tables = [table(at) for at in (lam + step, lam, lam - step_prev)]
    lambda_t, lambda_s0, lambda_s1 = (torch.log(alpha) - torch.log(sigma) for alpha, sigma in tables)
    h, h_0 = lambda_t - lambda_s0, lambda_s0 - lambda_s1
    (alpha_t, sigma_t), (_, sigma_s0) = tables[:2]
    shrink, grow, r0 = (append_dims(c, x) for c in (sigma_t / sigma_s0, alpha_t * torch.expm1(-h), h_0 / h))
    return shrink * x - grow * x0 - 0.5 * grow * ((1.0 / r0) * (x0 - x0_prev))


@form("dpm_solver_pp_2m_step", "the authors' schedule: log α, and the noise √(1 − exp(2 log α))")
def dpm_solver_of_marginals(x, x0, x0_prev, lam, step, step_prev, process):
    if process == "ve":
        alpha_t, shrink = torch.ones_like(lam), torch.exp(-step)
    else:
        log_alpha_s, log_alpha_t = (-0.5 * torch.log1p(torch.exp(-2.0 * at)) for at in (lam, lam + step))
        sigma_s, sigma_t = (torch.sqrt(1.0 - torch.exp(2.0 * one)) for one in (log_alpha_s, log_alpha_t))
        alpha_t, shrink = torch.exp(log_alpha_t), sigma_t / sigma_s
    phi_1, D1_0 = torch.expm1(-step), append_dims(step / step_prev, x) * (x0 - x0_prev)
    grow = append_dims(alpha_t * phi_1, x)
    return append_dims(shrink, x) * x - grow * x0 - 0.5 * grow * D1_0



@form("dpm_solver_pp_2m_step", "DDIM's step of an extrapolated prediction: data and noise mixed anew")
def ddim_of_extrapolated(x, x0, x0_prev, lam, step, step_prev, process):
    (alpha, sigma), (alpha_next, sigma_next) = (
        [append_dims(c, x) for c in alpha_sigma(at, process)] for at in (lam, lam + step)
    )
    data = torch.lerp(x0_prev, x0, append_dims(1 + step / (2 * step_prev), x))
    noise = (x - alpha * data) / sigma
    return alpha_next * data + sigma_next * noise


@form("dpm_solver_pp_2m_step", "autograd", framework="autograd")
def multistep_in_autograd(x, x0, x0_prev, lam, step, step_prev, process):
    column = lambda c: np.reshape(c, (-1,) + (1,) * (x.ndim - 1))
    if process == "vp":
        alpha_next = 1 / np.sqrt(1 + np.exp(-2 * (lam + step)))
        ratio = np.sqrt((1 + np.exp(2 * lam)) / (1 + np.exp(2 * (lam + step))))
    else:
        alpha_next, ratio = np.ones_like(lam), np.exp(-step)
    c = column(step / (2 * step_prev))
    return column(ratio) * x + column(alpha_next * (1 - np.exp(-step))) * ((1 + c) * x0 - c * x0_prev)


@form("edm_sampler", "EDM's published sampler, algorithm 2, a zero appended")
def edm_sampler_of_algorithm(x, eps, sigmas, churn, noise_scale, theta, denoiser):
    t_steps = torch.cat([sigmas, torch.zeros_like(sigmas[:1])])
    x_next, count = x, len(sigmas)
    for i in range(count):
        t_cur, t_next, x_cur = t_steps[i], t_steps[i + 1], x_next
        t_hat = t_cur + churn[i] * t_cur
        x_hat = x_cur + (t_hat**2 - t_cur**2).sqrt() * noise_scale * eps[:, i]
        d_cur = (x_hat - denoiser(x_hat, t_hat, theta)) / t_hat
        x_next = x_hat + (t_next - t_hat) * d_cur
        if i < count - 1:
            d_prime = (x_next - denoiser(x_next, t_next, theta)) / t_next
            x_next = x_hat + (t_next - t_hat) * (0.5 * d_cur + 0.5 * d_prime)
    return x_next


@form("edm_sampler", "k-diffusion's sample_heun: noise only where there is churn")
def heun_with_churn(x, eps, sigmas, churn, noise_scale, theta, denoiser):
    levels = [*sigmas.unbind(), torch.zeros((), dtype=sigmas.dtype)]
    for i, gamma in enumerate(churn.unbind()):
        sigma, below = levels[i], levels[i + 1]
        sigma_hat = sigma * (gamma + 1)
        if gamma > 0:
            x = x + eps[:, i] * noise_scale * (sigma_hat**2 - sigma**2) ** 0.5
        denoised = denoiser(x, sigma_hat, theta)
        if i == len(sigmas) - 1:
            x = denoised
        else:
            d, dt = (x - denoised) / sigma_hat, below - sigma_hat
            x_2 = x + d * dt
            d_2 = (x_2 - denoiser(x_2, below, theta)) / below
            x = x + (d + d_2) / 2 * dt
    return x


@form("edm_sampler", "the state in double precision, the network in its own; each call of it checkpointed")
def edm_sampler_in_double(x, eps, sigmas, churn, noise_scale, theta, denoiser):
    own, net = x.dtype, lambda y, level: checkpoint(denoiser, y.to(own), level.to(own), theta, use_reentrant=False)
    x, eps, sigmas, churn, scale = (one.to(torch.float64) for one in (x, eps, sigmas, churn, noise_scale))
    for i in range(sigmas.shape[0]):
        sigma, last = sigmas[i], i + 1 == sigmas.shape[0]
        raised = sigma + churn[i] * sigma
        x = x + sigma * (churn[i] * (churn[i] + 2)).sqrt() * scale * eps[:, i]
        slope = (x - net(x, raised).to(torch.float64)) / raised
        below = 0 if last else sigmas[i + 1]
        euler = x + (below - raised) * slope
        if not last:
            slope = (slope + (euler - net(euler, below).to(torch.float64)) / below) / 2
        x = x + (below - raised) * slope
    return x.to(own)


@form("edm_sampler", "autograd, the noise as a difference of variances, where there is churn", framework="autograd")
def edm_sampler_in_autograd(x, eps, sigmas, churn, noise_scale, theta, denoiser):
    count = sigmas.shape[0]
    for i in range(count):
        hat = sigmas[i] * (1 + churn[i])
        if churn[i] > 0:
            x = x + anp.sqrt(hat**2 - sigmas[i] ** 2) * noise_scale * eps[:, i]
        d = (x - denoiser(x, hat, theta)) / hat
        if i == count - 1:
            return x - hat * d
        h = sigmas[i + 1] - hat
        euler = x + h * d
        x = x + h * (0.5 * d + 0.5 * (euler - denoiser(euler, sigmas[i + 1], theta)) / sigmas[i + 1])
    return x


@form("edm_sampler", "a NumPy sampler kept for its backward", framework="numpy")
def edm_sampler_by_hand(x, eps, sigmas, churn, noise_scale, theta, denoiser):
    kept, count = [], len(sigmas)
    for i in range(count):
        root, s = noise_scale * np.sqrt(churn[i] * (2 + churn[i])), sigmas[i] * (1 + churn[i])
        raised = x + sigmas[i] * root * eps[:, i]
        x, back = denoiser.vjp(raised, s, theta)
        d, rest = (raised - x) / s, None
        if i < count - 1:
            t = sigmas[i + 1]
            euler = raised + (t - s) * d
            second, back2 = denoiser.vjp(euler, t, theta)
            rest = t, (euler - second) / t, back2
            x = raised + (t - s) * (d + rest[1]) / 2
        kept.append((root, s, d, back, rest))

    def pullback(bar):
        sigmas_bar, names = np.zeros_like(sigmas), ("z", "t", "theta")
        total = {name: np.zeros_like(p) for name, p in theta.items()}
        for i in reversed(range(count)):
            root, s, d, back, rest = kept[i]
            raised_bar, s_bar, out_bar = 0.0, 0.0, bar
            if rest:
                t, d2, back2 = rest
                d2_bar = (t - s) / 2 * bar
                found = back2(-d2_bar / t, wrt=names)
                euler_bar = d2_bar / t + found["z"]
                d_bar = (t - s) / 2 * bar + (t - s) * euler_bar
                h_bar = np.sum(bar * (d + d2) / 2 + euler_bar * d)
                sigmas_bar[i + 1] += h_bar - np.sum(d2_bar * d2) / t + found["t"]
                total = {name: total[name] + found["theta"][name] for name in theta}
                raised_bar, s_bar, out_bar = bar + euler_bar + d_bar / s, -h_bar - np.sum(d_bar * d) / s, -d_bar / s
            found = back(out_bar, wrt=names)
            total = {name: total[name] + found["theta"][name] for name in theta}
            bar = raised_bar + found["z"]
            sigmas_bar[i] += (1 + churn[i]) * (s_bar + found["t"]) + root * np.sum(bar * eps[:, i])
        return {"x": bar, "sigmas": sigmas_bar, "theta": total}

    return x, pullback
