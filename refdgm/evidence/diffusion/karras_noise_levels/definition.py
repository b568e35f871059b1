"""Levels of noise, one after the other."""


def karras_noise_levels(xp, sigma_min, sigma_max, rho, *, steps):
    """Equal steps from one root to the other, raised to the power again; of one step there is no other end."""
    first, last = sigma_max ** (1 / rho), sigma_min ** (1 / rho)
    return xp.stack([(first + (last - first) * i / max(steps - 1, 1)) ** rho for i in range(steps)])


def karras_noise_levels__usual(xp, sigma_min, sigma_max, rho, *, steps):
    """In the unit of the largest, whose root neither over- nor underflows."""
    last = (sigma_min / sigma_max) ** (1 / rho)
    weights = [i / max(steps - 1, 1) for i in range(steps)]
    return xp.stack([sigma_max * (1 - w + w * last) ** rho for w in weights])


def geometric_noise_levels(xp, sigma_min, sigma_max, *, steps):
    """Equal steps of the logarithm."""
    first, last = xp.log(sigma_max), xp.log(sigma_min)
    return xp.stack([xp.exp(first + (last - first) * i / max(steps - 1, 1)) for i in range(steps)])


def geometric_noise_levels__factor(xp, sigma_min, sigma_max, *, steps):
    """Equal factors."""
    factor = (sigma_min / sigma_max) ** (1 / max(steps - 1, 1))
    return xp.stack([sigma_max * factor**i for i in range(steps)])
