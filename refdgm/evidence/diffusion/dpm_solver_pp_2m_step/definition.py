"""Algorithm 2 of the paper: one turn of its loop, with α and σ as functions of λ."""

from refdgm.evidence.diffusion.components import every


def levels(xp, lam, process):
    """α and σ."""
    if process == "ve":
        return 1 + 0 * lam, xp.exp(-lam)
    return 1 / xp.sqrt(1 + xp.exp(-2 * lam)), 1 / xp.sqrt(1 + xp.exp(2 * lam))


def dpm_solver_pp_2m_step(xp, x, x0, x0_prev, lam, step, step_prev, *, process):
    _, sigma = levels(xp, lam, process)
    alpha_next, sigma_next = levels(xp, lam + step, process)
    r = step_prev / step
    d = (1 + every(xp, 1 / (2 * r), x)) * x0 - every(xp, 1 / (2 * r), x) * x0_prev
    return every(xp, sigma_next / sigma, x) * x - every(xp, alpha_next * (xp.exp(-step) - 1), x) * d


def dpm_solver_pp_2m_step__difference(xp, x, x0, x0_prev, lam, step, step_prev, *, process):
    """Two terms, of the prediction and of its difference, as schedulers have them."""
    _, sigma = levels(xp, lam, process)
    alpha_next, sigma_next = levels(xp, lam + step, process)
    change = every(xp, alpha_next * (xp.exp(-step) - 1), x)
    first = every(xp, step / step_prev, x) * (x0 - x0_prev)
    return every(xp, sigma_next / sigma, x) * x - change * x0 - change * first / 2
