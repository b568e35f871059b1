"""Heun's step of EDM: two slopes and their mean, algorithm 1 of the paper with σ(t) = t and s(t) = 1."""

from refdgm.evidence.diffusion.components import every


def edm_heun_step(xp, x, denoised, denoised_next, sigma, sigma_next):
    t, t_next = every(xp, sigma, x), every(xp, sigma_next, x)
    yield "step", "σ′ − σ, which is negative on the way to the data", t_next - t
    slope = (x - denoised) / t
    yield "slope", "d = (x − D)/σ, from data to noise", slope
    euler = x + (t_next - t) * slope
    yield "euler", "x_e = x + (σ′ − σ) d, (1), where D′ is asked", euler
    slope_next = (euler - denoised_next) / t_next
    yield "slope_next", "d′ = (x_e − D′)/σ′, of x_e and not of x", slope_next
    mean = (slope + slope_next) / 2
    yield "mean_slope", "(d + d′)/2", mean
    yield "value", "x′ = x + (σ′ − σ) (d + d′)/2, (2), from x and not from x_e", x + (t_next - t) * mean
