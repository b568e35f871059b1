"""What is left of a point and the noise that has come to it under three processes, as the paper prints them."""


def perturbation_kernel(xp, t, low, high, *, process):
    if process == "ve":  # N(x0, (sigma(t)^2 - sigma(0)^2) I)
        sigma = low * xp.exp(xp.log(high / low) * t)
        return 1 + 0 * t, xp.sqrt(sigma**2 - low**2)
    integral = low * t + (high - low) * t**2 / 2
    variance = 1 - xp.exp(-integral)
    return xp.exp(-integral / 2), xp.sqrt(variance) if process == "vp" else variance


def perturbation_kernel__log_mean(xp, t, low, high, *, process):
    """By the logarithm of what is left, as the classes of the paper's code have it; of ve the ratio."""
    if process == "ve":
        return 1 + 0 * t, low * xp.sqrt((high / low) ** (2 * t) - 1)
    log_mean = -0.25 * t**2 * (high - low) - 0.5 * t * low
    std = 1 - xp.exp(2 * log_mean)
    return xp.exp(log_mean), xp.sqrt(std) if process == "vp" else std


def perturbation_kernel__squares(xp, t, low, high, *, process):
    """The variance from the square of what is left, which is one less than all."""
    if process == "ve":
        return 1 + 0 * t, xp.sqrt(low**2 * xp.exp(2 * t * (xp.log(high) - xp.log(low))) - low**2)
    scale = xp.exp(-(t * low + t * t * (high - low) / 2) / 2)
    variance = 1 - scale * scale
    return scale, xp.sqrt(variance) if process == "vp" else variance
