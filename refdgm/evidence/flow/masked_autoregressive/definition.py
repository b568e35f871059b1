"""Each component shifted and scaled by what those before it say; from data to noise, and from noise to data."""

from refdgm.evidence import traced


def log_scale(xp, a, scale):
    return xp.tanh(a) if scale == "bounded" else a


def usual_log_scale(a, scale):
    return traced.tanh(a) if scale == "bounded" else a


def masked_autoregressive(xp, x, shift_theta, scale_theta, *, conditioner, scale):
    alpha = log_scale(xp, conditioner(x, scale_theta), scale)
    return (x - conditioner(x, shift_theta)) / xp.exp(alpha), -xp.sum(alpha, axis=1)


def masked_autoregressive__usual(xp, x, shift_theta, scale_theta, *, conditioner, scale):
    alpha = usual_log_scale(conditioner(x, scale_theta), scale)
    return (x - conditioner(x, shift_theta)) * xp.exp(-alpha), -xp.sum(alpha, axis=1)


def masked_autoregressive_inverse(xp, z, shift_theta, scale_theta, *, conditioner, scale):
    """Component after component, of each the networks asked anew, with zeros for what is not yet there."""
    return solved(xp, z, lambda x: conditioner(x, shift_theta),
                  lambda x: log_scale(xp, conditioner(x, scale_theta), scale))


def solved(xp, z, shift, alpha):
    found = []
    for d in range(z.shape[1]):
        x = xp.stack([*found, *[0 * z[:, k] for k in range(d, z.shape[1])]], axis=1)
        found = [*found, shift(x)[:, d] + z[:, d] * xp.exp(alpha(x)[:, d])]
    x = xp.stack(found, axis=1)
    return x, xp.sum(alpha(x), axis=1)


def masked_autoregressive_inverse__usual(xp, z, shift_theta, scale_theta, *, conditioner, scale):
    return solved(xp, z, lambda x: conditioner(x, shift_theta),
                  lambda x: usual_log_scale(conditioner(x, scale_theta), scale))


def masked_autoregressive_inverse__sweeps(xp, z, shift_theta, scale_theta, *, conditioner, scale):
    """D times all components at once, as nflows has it: after d times d of them are right."""
    x, total = 0 * z, 0
    for _ in range(z.shape[1]):
        alpha = usual_log_scale(conditioner(x, scale_theta), scale)
        x, total = conditioner(x, shift_theta) + z * xp.exp(alpha), xp.sum(alpha, axis=1)
    return x, total
