"""The ordinary equation of a process and its score, by the steps of a solver."""

from refdgm.evidence.ode.steps import integrated


def velocity(xp, x, t, low, high, theta, score, process):
    """f(x, t) - g(t)^2 s(x, t) / 2 of dx = f dt + g dw."""
    s = score(x, t, theta)
    if process == "ve":  # g^2 is the derivative of sigma^2
        return -(low**2 * xp.exp(2 * t * xp.log(high / low)) * 2 * xp.log(high / low)) / 2 * s
    beta = low + t * (high - low)
    if process == "vp":
        return -beta * x / 2 - beta / 2 * s
    integral = low * t + (high - low) * t**2 / 2
    return -beta * x / 2 - beta * (1 - xp.exp(-2 * integral)) / 2 * s


def probability_flow(xp, x, t0, t1, low, high, theta, *, score, process, method, steps):
    drift = lambda x, t: velocity(xp, x, t, low, high, theta, score, process)
    return integrated(drift, x, t0, t1, method, steps)


def probability_flow__diffusion(xp, x, t0, t1, low, high, theta, *, score, process, method, steps):
    """By a drift and a diffusion that is squared again, as the classes of the paper's code have them."""

    def drift(x, t):
        if process == "ve":
            sigma = low * (high / low) ** t
            diffusion = sigma * xp.sqrt(2 * (xp.log(high) - xp.log(low)))
            return -(diffusion**2) * score(x, t, theta) * 0.5
        beta = low + t * (high - low)
        discount = 1.0 if process == "vp" else 1.0 - xp.exp(-2 * low * t - (high - low) * t**2)
        diffusion = xp.sqrt(beta * discount)
        return -0.5 * beta * x - diffusion**2 * score(x, t, theta) * 0.5

    return integrated(drift, x, t0, t1, method, steps)
