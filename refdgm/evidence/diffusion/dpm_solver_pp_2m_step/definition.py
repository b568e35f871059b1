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


def dpm_solver_pp_2m_step__tables(xp, x, x0, x0_prev, lam, step, step_prev, *, process):
    """From a table of ᾱ, with σ = √(1 − ᾱ) and steps of log α − log σ, as schedulers have it: of a σ below the rounding
    of one it says nothing."""

    def told(lam):
        alpha, sigma = levels(xp, lam, process)
        rest = 1 - alpha**2
        sigma = sigma if process == "ve" else xp.sqrt(xp.where(rest > 0, rest, 2.0**-53))
        return alpha, sigma, xp.log(alpha) - xp.log(sigma)

    (alpha_next, sigma_next, lam_next), (_, sigma, lam_now) = told(lam + step), told(lam)
    _, _, lam_prev = told(lam - step_prev)
    h, before = lam_next - lam_now, lam_now - lam_prev
    before = xp.where(before > 0, before, step_prev)  # two levels that the table takes for one
    kept, change = sigma_next / sigma, alpha_next * (xp.exp(-h) - 1)
    first = every(xp, h / (2 * before), x) * (x0 - x0_prev)
    return every(xp, kept, x) * x - every(xp, change, x) * (x0 + first)
