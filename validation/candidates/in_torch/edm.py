"""Steps and samplers between noise levels."""

from .batch import per_example


def edm_heun_step(x, denoised, denoised_next, sigma, sigma_next):
    t, t_next = per_example(sigma, x), per_example(sigma_next, x)
    d = (x - denoised) / t
    d_next = (x + (t_next - t) * d - denoised_next) / t_next
    return x + (t_next - t) * (0.5 * d + 0.5 * d_next)
