"""Forms of the noise levels, the preconditioning and the loss of Karras et al."""

import math

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


def append_dims(x, like):
    return x[(...,) + (None,) * (like.ndim - x.ndim)]


@form("karras_noise_levels", "EDM's published sampler: step indices over N − 1")
def edm_time_steps(sigma_min, sigma_max, rho, steps):
    i = torch.arange(steps, dtype=sigma_max.dtype)
    low, high = sigma_min ** (1 / rho), sigma_max ** (1 / rho)
    return (high + i / (steps - 1) * (low - high)) ** rho


@form("karras_noise_levels", "k-diffusion: a ramp between the two roots")
def sigmas_of_ramp(sigma_min, sigma_max, rho, steps):
    ramp = torch.linspace(0, 1, steps, dtype=sigma_max.dtype)
    min_inv_rho, max_inv_rho = sigma_min ** (1 / rho), sigma_max ** (1 / rho)
    return (max_inv_rho + ramp * (min_inv_rho - max_inv_rho)) ** rho


@form("karras_noise_levels", "schedulers in NumPy", framework="numpy")
def karras_in_numpy(sigma_min, sigma_max, rho, steps):
    roots = np.linspace(sigma_max ** (1 / rho), sigma_min ** (1 / rho), steps)
    return roots**rho


@form("karras_noise_levels", "consistency training: boundaries that rise, turned over")
def karras_boundaries(sigma_min, sigma_max, rho, steps):
    rho_inv = 1.0 / rho
    places = torch.arange(steps, dtype=rho.dtype).flip(0) / max(steps - 1, 1)
    if steps == 1:
        places = torch.ones_like(places)
    return torch.pow(sigma_min**rho_inv + places * (sigma_max**rho_inv - sigma_min**rho_inv), rho)


@form("karras_noise_levels", "a power by exponential and logarithm", framework="numpy")
def karras_of_logs(sigma_min, sigma_max, rho, steps):
    ramp = np.linspace(0.0, 1.0, steps)
    low, high = np.exp(np.log(sigma_min) / rho), np.exp(np.log(sigma_max) / rho)
    return np.exp(rho * np.log((1 - ramp) * high + ramp * low))



@form("geometric_noise_levels", "NCSN: exponentials of even logarithms", framework="numpy")
def ncsn_sigmas(sigma_min, sigma_max, steps):
    return np.exp(np.linspace(np.log(sigma_max), np.log(sigma_min), steps))


@form("geometric_noise_levels", "k-diffusion's exponential schedule in torch")
def sigmas_exponential(sigma_min, sigma_max, steps):
    return torch.linspace(math.log(sigma_max), math.log(sigma_min), steps, dtype=sigma_max.dtype).exp()


@form("geometric_noise_levels", "geomspace", framework="numpy")
def sigmas_of_geomspace(sigma_min, sigma_max, steps):
    return np.geomspace(sigma_max, sigma_min, steps)


@form("geometric_noise_levels", "score SDEs: σ(t) of the variance-exploding process, from t = 1 to t = 0")
def ve_marginal_std(sigma_min, sigma_max, steps):
    t = torch.linspace(1, 0, steps, dtype=sigma_min.dtype)
    return sigma_min * (sigma_max / sigma_min) ** t


@form("geometric_noise_levels", "EDM's table: the variances are geometric")
def ve_discretised(sigma_min, sigma_max, steps):
    w = torch.arange(steps, dtype=sigma_max.dtype) / max(steps - 1, 1)
    return (sigma_max**2 * (sigma_min**2 / sigma_max**2) ** w).sqrt()


@form("geometric_noise_levels", "a factor, multiplied on again and again")
def sigmas_of_a_factor(sigma_min, sigma_max, steps):
    factor = (sigma_min / sigma_max) ** (1 / max(steps - 1, 1))
    sigmas = [sigma_max]
    for _ in range(steps - 1):
        sigmas.append(sigmas[-1] * factor)
    return torch.stack(sigmas)


@form("geometric_noise_levels", "decades of logspace")
def sigmas_of_logspace(sigma_min, sigma_max, steps):
    return torch.logspace(math.log10(sigma_max), math.log10(sigma_min), steps, dtype=sigma_max.dtype)


@form("edm_preconditioning", "EDM's published network")
def precondition(sigma, sigma_data):
    c_skip = sigma_data**2 / (sigma**2 + sigma_data**2)
    c_out = sigma * sigma_data / (sigma**2 + sigma_data**2).sqrt()
    c_in = 1 / (sigma_data**2 + sigma**2).sqrt()
    c_noise = sigma.log() / 4
    return c_skip, c_out, c_in, c_noise


@form("edm_preconditioning", "AlphaFold 3 and its open versions",
      convention="the noise told relative to the data")
def precondition_of_alphafold(sigma, sigma_data):
    total = sigma**2 + sigma_data**2
    return {
        "skip": sigma_data**2 / total,
        "out": sigma * sigma_data * torch.rsqrt(total),
        "inward": torch.rsqrt(total),
        "noise": torch.log(sigma / sigma_data) * 0.25,
    }


@form("edm_preconditioning", "an angle between data and noise")
def precondition_by_angle(sigma, sigma_data):
    t = torch.atan2(sigma, sigma_data.expand_as(sigma))
    return t.cos() ** 2, sigma_data * t.sin(), 1 / torch.hypot(sigma, sigma_data), torch.log(sigma) / 4


@form("edm_preconditioning", "autograd", framework="autograd")
def precondition_in_autograd(sigma, sigma_data):
    variance = sigma_data**2 + sigma**2
    return sigma_data**2 / variance, sigma * sigma_data / anp.sqrt(variance), variance**-0.5, anp.log(sigma) / 4


@form("edm_preconditioning", "all of them from c_skip")
def precondition_from_skip(sigma, sigma_data):
    c_skip = 1 / (1 + (sigma / sigma_data) ** 2)
    return c_skip, sigma * c_skip.sqrt(), c_skip.sqrt() / sigma_data, 0.25 * sigma.log()


@form("edm_preconditioning", "NumPy scalings with their backward", framework="numpy")
def precondition_by_hand(sigma, sigma_data):
    v = sigma**2 + sigma_data**2
    r = np.sqrt(v)

    def pullback(skip_bar, out_bar, inward_bar, noise_bar):
        of_sigma = (
            -2 * skip_bar * sigma_data**2 * sigma / v**2
            + out_bar * sigma_data**3 / r**3
            - inward_bar * sigma / r**3
            + noise_bar / (4 * sigma)
        )
        of_data = (2 * skip_bar * sigma_data / v + out_bar * sigma / r) * sigma**2 / v - inward_bar * sigma_data / r**3
        return {"sigma": of_sigma, "sigma_data": np.sum(of_data)}

    return (sigma_data**2 / v, sigma * sigma_data / r, 1 / r, np.log(sigma) / 4), pullback


@form("edm_denoiser", "k-diffusion: scalings, then the network's output")
def denoise_of_scalings(x, output, sigma, sigma_data):
    c_skip = sigma_data**2 / (sigma**2 + sigma_data**2)
    c_out = sigma * sigma_data / (sigma**2 + sigma_data**2) ** 0.5
    c_skip, c_out = (append_dims(c, x) for c in (c_skip, c_out))
    return output * c_out + x * c_skip


@form("edm_denoiser", "TrigFlow: cosines and sines of arctan(σ/σ_d)")
def denoise_by_angle(x, output, sigma, sigma_data):
    t = append_dims(torch.atan(sigma / sigma_data), x)
    return torch.cos(t) * (torch.cos(t) * x) + torch.sin(t) * sigma_data * output


@form("edm_denoiser", "autograd, one fraction", framework="autograd")
def denoise_in_autograd(x, output, sigma, sigma_data):
    s = anp.reshape(sigma, (-1,) + (1,) * (x.ndim - 1))
    r = anp.sqrt(s**2 + sigma_data**2)
    return sigma_data * (sigma_data * x / r + s * output) / r


@form("edm_denoiser", "a NumPy denoiser with its backward", framework="numpy")
def denoise_by_hand(x, output, sigma, sigma_data):
    s = sigma.reshape(-1, *[1] * (x.ndim - 1))
    v = s**2 + sigma_data**2
    skip, out = sigma_data**2 / v, s * sigma_data / np.sqrt(v)

    def pullback(bar):
        of_skip = (bar * x).reshape(len(x), -1).sum(1)
        of_out = (bar * output).reshape(len(x), -1).sum(1)
        total = sigma**2 + sigma_data**2
        return {
            "x": skip * bar,
            "output": out * bar,
            "sigma": of_out * sigma_data**3 / total**1.5 - of_skip * 2 * sigma * sigma_data**2 / total**2,
            "sigma_data": np.sum(of_out * sigma**3 / total**1.5 + of_skip * 2 * sigma_data * sigma**2 / total**2),
        }

    return skip * x + out * output, pullback


@form("edm_denoiser", "through the score, Tweedie's formula")
def denoise_by_tweedie(x, output, sigma, sigma_data):
    sigma = append_dims(sigma, x)
    variance = sigma**2 + sigma_data**2
    score = sigma_data * output / (sigma * variance.sqrt()) - x / variance
    return x + sigma**2 * score


@form("edm_loss", "EDM's published loss: a weight on the denoiser's error")
def weighted_denoising(output, x0, eps, sigma, sigma_data):
    sigma = append_dims(sigma, x0)
    weight = (sigma**2 + sigma_data**2) / (sigma * sigma_data) ** 2
    noised = x0 + sigma * eps
    c_skip = sigma_data**2 / (sigma**2 + sigma_data**2)
    c_out = sigma * sigma_data / (sigma**2 + sigma_data**2).sqrt()
    denoised = c_skip * noised + c_out * output
    return (weight * (denoised - x0) ** 2).flatten(1).sum(1)


@form("edm_loss", "k-diffusion: the network's own target", convention="mean over components")
def preconditioned_target(output, x0, eps, sigma, sigma_data):
    c_skip = append_dims(sigma_data**2 / (sigma**2 + sigma_data**2), x0)
    c_out = append_dims(sigma * sigma_data / (sigma**2 + sigma_data**2) ** 0.5, x0)
    target = (x0 - c_skip * (x0 + append_dims(sigma, x0) * eps)) / c_out
    return (output - target).pow(2).flatten(1).mean(1)


@form("edm_loss", "TrigFlow: the velocity cos t · z − sin t · x₀, of which F is minus a share", reduction="mean")
def trigflow_loss(output, x0, eps, sigma, sigma_data):
    t = append_dims(torch.atan(sigma / sigma_data), x0)
    velocity = torch.cos(t) * (sigma_data * eps) - torch.sin(t) * x0
    return F.mse_loss(-output, velocity / sigma_data, reduction="none").flatten(1).sum(1).mean()


@form("edm_loss", "half of the square, autograd", convention="half the square", framework="autograd")
def half_edm_in_autograd(output, x0, eps, sigma, sigma_data):
    s = anp.reshape(sigma, (-1,) + (1,) * (x0.ndim - 1))
    target = (s * x0 - sigma_data**2 * eps) / (sigma_data * anp.sqrt(s**2 + sigma_data**2))
    return 0.5 * anp.sum((output - target) ** 2, axis=tuple(range(1, x0.ndim)))


@form("edm_loss", "a denoiser's error in units of c_out")
def error_over_c_out(output, x0, eps, sigma, sigma_data):
    s = append_dims(sigma, x0)
    c_skip, c_out = sigma_data**2 / (s**2 + sigma_data**2), s * sigma_data / torch.hypot(s, sigma_data)
    denoised = torch.addcmul(c_skip * (x0 + eps * s), c_out, output)
    return torch.linalg.vector_norm(((denoised - x0) / c_out).flatten(1), dim=1) ** 2


@form("edm_loss", "a NumPy loss with its backward", framework="numpy")
def edm_loss_by_hand(output, x0, eps, sigma, sigma_data):
    s = sigma.reshape(-1, *[1] * (x0.ndim - 1))
    r = np.hypot(s, sigma_data)
    e = output - (s * x0 / sigma_data - sigma_data * eps) / r

    def pullback(bar):
        return {"output": 2 * e * bar.reshape(s.shape)}

    return (e**2).reshape(len(e), -1).sum(1), pullback
