"""Networks and velocities by name, each layer and each Jacobian written out from its definition."""


def activation(xp, name, a):
    """phi(a) and phi'(a), by the rules of calculus."""
    if name == "tanh":
        return xp.tanh(a), 4 / (xp.exp(a) + xp.exp(-a)) ** 2  # sech²
    if name == "softplus":
        return xp.log(1 + xp.exp(a)), 1 / (1 + xp.exp(-a))
    if name == "silu":
        below = 1 + xp.exp(-a)
        return a / below, (below + a * xp.exp(-a)) / below**2  # the quotient rule
    if name == "relu":
        return (a + xp.abs(a)) / 2, None
    raise ValueError(f"no activation {name!r}")


def mlp(xp, x, theta, name):
    """Layer after layer, the last one without an activation."""
    h, depth = x, len(theta) // 2
    for layer in range(1, depth + 1):
        a = h @ xp.transpose(theta[f"W{layer}"]) + theta[f"b{layer}"]
        h = a if layer == depth else activation(xp, name, a)[0]
    return h


def mlp_jacobian(xp, x, theta, name):
    """dy/dx of shape (B, E, D): the product W_L diag(phi') ... diag(phi') W_1, per example."""
    h, depth = x, len(theta) // 2
    product = xp.zeros((x.shape[0], 1, 1)) + theta["W1"][None]
    for layer in range(1, depth):
        h, slope = activation(xp, name, h @ xp.transpose(theta[f"W{layer}"]) + theta[f"b{layer}"])
        product = theta[f"W{layer + 1}"] @ (slope[:, :, None] * product)
    return product


def score(xp, name, x, theta):
    """s(x) and its Jacobian (B, D, D)."""
    if name == "linear":
        return x @ xp.transpose(theta["A"]) + theta["b"], xp.zeros((x.shape[0], 1, 1)) + theta["A"][None]
    kind = name.split("_")[1]
    return mlp(xp, x, theta, kind), mlp_jacobian(xp, x, theta, kind)


def velocity(xp, name, z, t, theta):
    """f(z, t)."""
    if name == "linear":
        return z @ xp.transpose(theta["A"]) + theta["b"]
    if name == "theta_sin":
        return theta["theta"] * xp.sin(z)
    time = xp.ones((z.shape[0], 1)) * t
    return mlp(xp, xp.concatenate([z, time], axis=1), theta, name.split("_")[1])


def velocity_jacobian(xp, name, z, t, theta):
    """df/dz of shape (B, D, D)."""
    if name == "linear":
        return xp.zeros((z.shape[0], 1, 1)) + theta["A"][None]
    if name == "theta_sin":
        return xp.eye(z.shape[1])[None] * (theta["theta"] * xp.cos(z))[:, :, None]
    time = xp.ones((z.shape[0], 1)) * t
    return mlp_jacobian(xp, xp.concatenate([z, time], axis=1), theta, name.split("_")[1])[:, :, :-1]
