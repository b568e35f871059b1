"""The change of variables, layer after layer."""


def log_normal(xp, z):
    return xp.sum(-(z**2) / 2 - xp.log(2 * xp.pi * xp.ones(z.shape)) / 2, axis=1)


def turned(x, order):
    return x[:, ::-1] if order == "reverse" else x


def normalizing_flow_log_density(xp, x, theta, *, transform, order):
    """Back through the layers, from the last to the first."""
    depth, total = next(iter(theta.values())).shape[0], 0 * xp.sum(x, axis=1)
    for layer in range(depth, 0, -1):
        x = turned(x, order) if layer < depth else x
        x, log_det = transform.inverse(x, {name: entry[layer - 1] for name, entry in theta.items()})
        total = total + log_det
    return log_normal(xp, x) + total


def normalizing_flow_sample(xp, z, theta, *, transform, order):
    """Through the layers, from the first to the last; counted are those that are left."""
    depth, x, total = next(iter(theta.values())).shape[0], z, log_normal(xp, z)
    for layer in range(depth, 0, -1):
        x = turned(x, order) if layer < depth else x
        x, log_det = transform.forward(x, {name: entry[depth - layer] for name, entry in theta.items()})
        total = total - log_det
    return x, total
