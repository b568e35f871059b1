"""Forms of straight paths between noise and data, of their loss, steps, scores and times."""

import math

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
REVERSED = "time from data to noise, velocity noise − data"


def pad(t, x):
    return t.reshape(-1, *([1] * (x.dim() - 1)))


def columns(t, x):
    return anp.reshape(t, (-1,) + (1,) * (x.ndim - 1))


@form("flow_matching_path", "conditional flow matching of a speech synthesiser")
def path_of_synthesisers(x0, x1, t, sigma_min):
    t = pad(t, x1)
    y = (1 - (1 - sigma_min) * t) * x0 + t * x1
    u = x1 - (1 - sigma_min) * x0
    return y, u


@form("flow_matching_path", "schedulers of an affine path: α, σ and their derivatives")
def affine_path(x0, x1, t, sigma_min):
    alpha, sigma = t, 1 - (1 - sigma_min) * t
    d_alpha, d_sigma = torch.ones_like(t), -(1 - sigma_min) * torch.ones_like(t)
    return {
        "xt": pad(sigma, x0) * x0 + pad(alpha, x1) * x1,
        "target": pad(d_sigma, x0) * x0 + pad(d_alpha, x1) * x1,
    }


@form("flow_matching_path", "the point's derivative in time by forward mode")
def path_by_jvp(x0, x1, t, sigma_min):
    point = lambda t: (1 - (1 - sigma_min) * pad(t, x0)) * x0 + pad(t, x1) * x1
    return torch.func.jvp(point, (t,), (torch.ones_like(t),))


@form("flow_matching_path", "the paper's field at the point, in the data alone")
def path_of_conditional_field(x0, x1, t, sigma_min):
    t = pad(t, x0)
    xt = (1 - (1 - sigma_min) * t) * x0 + t * x1
    return xt, (x1 - (1 - sigma_min) * xt) / (1 - (1 - sigma_min) * t)


@form("flow_matching_path", "rectified flow of text to image: noise at t = 1", convention=REVERSED)
def path_to_noise(x0, x1, t, sigma_min):
    t = pad(t, x1)
    zt = (1 - t) * x1 + (sigma_min + (1 - sigma_min) * t) * x0
    return zt, (1 - sigma_min) * x0 - x1


@form("flow_matching_path", "autograd, from the data backwards", framework="autograd")
def straight_path_in_autograd(x0, x1, t, sigma_min):
    u = x1 - (1 - sigma_min) * x0
    return x0 + columns(t, x0) * u, u


@form("flow_matching_path", "a linear interpolation, and the noise that is left")
def path_by_lerp(x0, x1, t, sigma_min):
    t = pad(t, x0)
    return torch.lerp(x0, x1, t) + sigma_min * t * x0, torch.add(x1, x0 * sigma_min) - x0


@form("flow_matching_path", "a NumPy path with its backward", framework="numpy")
def straight_path_by_hand(x0, x1, t, sigma_min):
    times, rest = columns(t, x0), 1 - sigma_min
    u = x1 - rest * x0

    def pullback(xt_bar, target_bar):
        return {
            "x0": (1 - rest * times) * xt_bar - rest * target_bar,
            "x1": times * xt_bar + target_bar,
            "t": (xt_bar * u).reshape(len(t), -1).sum(1),
            "sigma_min": np.sum(x0 * (times * xt_bar + target_bar)),
        }

    return ((1 - rest * times) * x0 + times * x1, u), pullback



@form("flow_matching_loss", "squared errors, summed")
def cfm_summed(velocity, x0, x1, sigma_min):
    ut = x1 - (1 - sigma_min) * x0
    return F.mse_loss(velocity, ut, reduction="none").flatten(1).sum(1)


@form("flow_matching_loss", "libraries of flow matching: a mean", convention="mean over components")
def cfm_averaged(velocity, x0, x1, sigma_min):
    ut = x1 - (1 - sigma_min) * x0
    return torch.mean(((velocity - ut) ** 2).reshape(ut.shape[0], -1), dim=1)


@form("flow_matching_loss", "half of a squared norm, over the batch", convention="half the square", reduction="mean")
def cfm_half_of_norms(velocity, x0, x1, sigma_min):
    difference = (velocity - x1 + x0 - sigma_min * x0).flatten(1)
    return 0.5 * difference.norm(dim=1).pow(2).mean()


@form("flow_matching_loss", "training of Stable Diffusion 3: noise − data, a weight of one",
      convention="velocity noise − data, mean over components")
def sd3_loss(velocity, x0, x1, sigma_min):
    weighting, target = torch.ones_like(velocity), (1 - sigma_min) * x0 - x1
    return torch.mean((weighting * (velocity - target) ** 2).reshape(target.shape[0], -1), 1)


@form("flow_matching_loss", "noise − data, summed, autograd", convention="velocity noise − data", framework="autograd")
def cfm_in_autograd(velocity, x0, x1, sigma_min):
    error = velocity - (x0 - x1 - sigma_min * x0)
    return anp.sum(anp.reshape(error * error, (error.shape[0], -1)), axis=1)


@form("flow_matching_loss", "the squares multiplied out")
def cfm_expanded(velocity, x0, x1, sigma_min):
    v, u = velocity.flatten(1), (x1 - (1 - sigma_min) * x0).flatten(1)
    return (v * v).sum(1) - 2 * (v * u).sum(1) + (u * u).sum(1)


@form("flow_matching_loss", "a NumPy loss with its backward", framework="numpy", convention="half the square")
def cfm_by_hand(velocity, x0, x1, sigma_min):
    error = velocity - (x1 - (1 - sigma_min) * x0)

    def pullback(bar):
        return {"velocity": columns(bar, error) * error}

    return np.square(error).reshape(len(error), -1).sum(1) / 2, pullback



@form("flow_matching_step", "a loop of Euler's steps")
def euler_of_flow(xt, velocity, t, t_next):
    dt = t_next - t
    return xt + velocity * pad(dt, xt)


@form("flow_matching_step", "schedulers: the difference of two noise levels", convention=REVERSED)
def scheduler_step(xt, velocity, t, t_next):
    sigma, sigma_next = pad(t, xt), pad(t_next, xt)
    return xt + (sigma_next - sigma) * velocity


@form("flow_matching_step", "both ends predicted and mixed anew, as DDIM does")
def step_through_ends(xt, velocity, t, t_next):
    t, t_next = pad(t, xt), pad(t_next, xt)
    noise, data = xt - t * velocity, xt + (1 - t) * velocity
    return (1 - t_next) * noise + t_next * data


@form("flow_matching_step", "a NumPy step with its backward", framework="numpy")
def flow_step_by_hand(xt, velocity, t, t_next):
    def pullback(bar):
        along = np.sum((bar * velocity).reshape(len(bar), -1), axis=1)
        return {"xt": bar, "velocity": bar * columns(t_next - t, xt), "t": -along, "t_next": along}

    return xt + columns(t_next - t, xt) * velocity, pullback


@form("score_from_velocity", "interpolant transformers: ratios of the path's coefficients")
def score_of_interpolant(xt, velocity, t):
    t = pad(t, xt)
    alpha_t, d_alpha_t, sigma_t, d_sigma_t = t, 1, 1 - t, -1
    reverse_alpha_ratio = alpha_t / d_alpha_t
    var = sigma_t**2 - reverse_alpha_ratio * d_sigma_t * sigma_t
    return (reverse_alpha_ratio * velocity - xt) / var


@form("score_from_velocity", "through the predicted noise")
def score_of_predicted_noise(xt, velocity, t):
    t = pad(t, xt)
    epsilon = xt - t * velocity
    return -epsilon / (1 - t)


@form("score_from_velocity", "through the predicted data, Tweedie's formula")
def score_of_data(xt, velocity, t):
    t = pad(t, xt)
    x1 = xt + (1 - t) * velocity
    return (t * x1 - xt) / (1 - t) ** 2


@form("score_from_velocity", "policy gradients of flows, noise at t = 1", convention=REVERSED)
def score_from_noise_level(xt, velocity, t):
    sigma = pad(t, xt)
    return -(xt + (1 - sigma) * velocity) / sigma


@form("score_from_velocity", "the slope of the data's odds")
def score_of_odds(xt, velocity, t):
    odds = pad(t / (1 - t), xt)
    return odds * (velocity - xt) - xt



@form("score_from_velocity", "autograd", framework="autograd")
def score_in_autograd(xt, velocity, t):
    t = columns(t, xt)
    return t / (1 - t) * velocity - xt / (1 - t)


@form("score_from_velocity", "a NumPy score with its backward", framework="numpy")
def score_by_hand(xt, velocity, t):
    times = columns(t, xt)
    noise = xt - times * velocity

    def pullback(bar):
        of_time = bar * (velocity / (1 - times) - noise / (1 - times) ** 2)
        return {
            "xt": -bar / (1 - times),
            "velocity": bar * times / (1 - times),
            "t": of_time.reshape(len(t), -1).sum(1),
        }

    return -noise / (1 - times), pullback



@form("timestep_shift", "Stable Diffusion 3's schedulers")
def shift_of_schedulers(t, shift):
    return shift * t / (1 + (shift - 1) * t)


@form("timestep_shift", "Flux: the exponential of μ, one over the time", convention="μ = log s in place of s")
def time_shift_of_flux(t, shift):
    mu, sigma = shift, 1.0
    return torch.exp(mu) / (torch.exp(mu) + (1 / t - 1) ** sigma)


@form("timestep_shift", "the same, times in NumPy", framework="numpy", gradients=[],
      convention="μ = log s in place of s")
def time_shift_in_numpy(t, shift):
    with np.errstate(divide="ignore"):
        return np.exp(shift) / (np.exp(shift) + (1 / t - 1) ** 1.0)



@form("timestep_shift", "odds in logarithms")
def shift_of_logits(t, shift):
    return torch.sigmoid(torch.logit(t) + torch.log(shift))


@form("timestep_shift", "one over one plus the inverse odds")
def shift_of_inverse_odds(t, shift):
    return 1 / (1 + (1 - t) / (shift * t))


@form("timestep_shift", "the complement shifted by the inverse")
def shift_of_complement(t, shift):
    rest = 1 - t
    return 1 - rest / (rest + shift * (1 - rest))



@form("timestep_shift", "time 0 at the noise", convention="1/s in place of s, of a time that is 0 at the noise")
def shift_from_data(t, shift):
    return t / (t + shift - shift * t)


@form("timestep_shift", "the resolution's μ, exponentiated beforehand", framework="autograd",
      convention="μ = log s in place of s")
def shift_in_autograd(t, shift):
    s = math.e**shift
    return s * t / (1 + (s - 1) * t)


@form("timestep_shift", "a NumPy shift with its backward", framework="numpy")
def shift_by_hand(t, shift):
    below = 1 + (shift - 1) * t

    def pullback(bar):
        return {"t": bar * shift / below**2, "shift": np.sum(bar * t * (1 - t) / below**2)}

    return shift * t / below, pullback
