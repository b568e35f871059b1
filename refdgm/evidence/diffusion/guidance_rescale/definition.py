"""Standard deviations of whole examples, their quotient, and the mixture with the guided prediction."""


def deviation(xp, x):
    """Of each example, with axes to scale it; the number of elements cancels in the quotient and is left in."""
    flat = xp.reshape(x, (x.shape[0], -1))
    mean = xp.sum(flat, axis=1, keepdims=True) / flat.shape[1]
    variance = xp.sum((flat - mean) ** 2, axis=1) / flat.shape[1]
    return xp.reshape(xp.sqrt(variance), (x.shape[0],) + (1,) * (x.ndim - 1))


def guidance_rescale(xp, guided, cond, phi):
    rescaled = guided * deviation(xp, cond) / deviation(xp, guided)
    return phi * rescaled + (1 - phi) * guided
