"""Schedulers of diffusers: EDM, flow matching, DPM-Solver++, the corrector of the score SDE; and a guider."""

import torch
from diffusers.guiders.classifier_free_guidance import ClassifierFreeGuidance
from diffusers.schedulers import scheduling_sde_ve
from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler
from diffusers.schedulers.scheduling_edm_dpmsolver_multistep import EDMDPMSolverMultistepScheduler
from diffusers.schedulers.scheduling_edm_euler import EDMEulerScheduler
from diffusers.schedulers.scheduling_flow_match_euler_discrete import FlowMatchEulerDiscreteScheduler
from diffusers.schedulers.scheduling_sde_ve import ScoreSdeVeScheduler


def against(c, x):
    return c.reshape(-1, *[1] * (x.ndim - 1))


def edm(**config):
    scheduler = EDMEulerScheduler()
    scheduler.register_to_config(**config)
    return scheduler


def edm_preconditioning(sigma, sigma_data):
    scheduler, one, zero = edm(sigma_data=sigma_data), torch.ones_like(sigma), torch.zeros_like(sigma)
    return {"skip": scheduler.precondition_outputs(one, zero, sigma),
            "out": scheduler.precondition_outputs(zero, one, sigma),
            "inward": scheduler.precondition_inputs(one, sigma), "noise": scheduler.precondition_noise(sigma)}


def edm_denoiser(x, output, sigma, sigma_data):
    return edm(sigma_data=sigma_data).precondition_outputs(x, output, against(sigma, x))


def karras_noise_levels(sigma_min, sigma_max, rho, *, steps):
    ramp = torch.linspace(0, 1, steps, dtype=rho.dtype)
    return edm(rho=rho)._compute_karras_sigmas(ramp, sigma_min, sigma_max)


def geometric_noise_levels(sigma_min, sigma_max, *, steps):
    ramp = torch.linspace(0, 1, steps, dtype=sigma_max.dtype)
    return edm()._compute_exponential_sigmas(ramp, sigma_min, sigma_max)


def flow_matching_step(xt, velocity, t, t_next):
    moved = []
    for n in range(len(xt)):
        scheduler = FlowMatchEulerDiscreteScheduler()
        scheduler.sigmas = torch.stack([t[n], t_next[n]])
        scheduler.timesteps, scheduler._step_index = scheduler.sigmas[:1] * 1000, 0
        moved.append(scheduler.step(velocity[n : n + 1], scheduler.timesteps[0], xt[n : n + 1]).prev_sample)
    return torch.cat(moved)


def timestep_shift(t, shift):
    scheduler = FlowMatchEulerDiscreteScheduler(shift=float(shift))
    scheduler.set_timesteps(sigmas=[float(x) for x in t])
    return scheduler.sigmas[:-1].to(t.dtype)


def dpm_solver_pp_2m_step(x, x0, x0_prev, lam, step, step_prev, *, process):
    moved = []
    for n in range(len(x)):
        kind = DPMSolverMultistepScheduler if process == "vp" else EDMDPMSolverMultistepScheduler
        scheduler = kind(algorithm_type="dpmsolver++", solver_type="midpoint", solver_order=2)
        scheduler.sigmas = torch.exp(-torch.stack([lam[n] - step_prev[n], lam[n], lam[n] + step[n]]))
        scheduler._step_index = 1
        one = slice(n, n + 1)
        moved.append(scheduler.multistep_dpm_solver_second_order_update([x0_prev[one], x0[one]], sample=x[one]))
    return torch.cat(moved)


def langevin_corrector_step(x, score, eps, snr):
    scheduler = ScoreSdeVeScheduler()
    scheduler.register_to_config(snr=snr)
    scheduler.set_timesteps(2)
    drawn = scheduling_sde_ve.randn_tensor
    scheduling_sde_ve.randn_tensor = lambda *_, **__: eps  # its own noise is that of the question
    try:
        return scheduler.step_correct(score, x).prev_sample
    finally:
        scheduling_sde_ve.randn_tensor = drawn


def classifier_free_guidance(eps_cond, eps_uncond, gamma):
    """That of its pipelines; `use_original_formulation` is under w = γ − 1."""
    return ClassifierFreeGuidance(guidance_scale=gamma).forward(eps_cond, eps_uncond)[0]


CANDIDATES = {  # these compute in float32 whatever they are given
    "timestep_shift": {"function": timestep_shift, "gradients": [], "dtype": "float32"},
    "flow_matching_step": {"function": flow_matching_step, "dtype": "float32"},
    "langevin_corrector_step": {"function": langevin_corrector_step, "fixed": {"norm": "batch"}, "dtype": "float32"},
}
