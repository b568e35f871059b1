"""A multilayer perceptron layer after layer, and its Jacobian written out as a product of layers."""

from refdgm.evidence import traced

# φ as authors write it where a library differentiates; the last is a function that some library has in its place.
SPELLINGS = {
    "tanh": [traced.tanh],
    "softplus": [traced.softplus, traced.linear_softplus],
    "silu": [lambda a: a * traced.sigmoid(a)],
    "relu": [traced.rectified],
}
SLOPES = {
    "tanh": [lambda a: 1 - traced.tanh(a) ** 2],
    "softplus": [traced.sigmoid, traced.linear_softplus_slope],
    "silu": [lambda a: traced.sigmoid(a) * (1 + a * (1 - traced.sigmoid(a)))],
}


def phi(xp, name, a):
    """φ(a) and φ'(a), by the rules of calculus."""
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


def layers(xp, x, theta, activation):
    """Layer after layer, the last one without an activation."""
    h, depth = x, len(theta) // 2
    for layer in range(1, depth + 1):
        a = h @ xp.transpose(theta[f"W{layer}"]) + theta[f"b{layer}"]
        h = a if layer == depth else activation(a)
    return h


def jacobian(xp, x, theta, name):
    """dy/dx of shape (B, E, D): the product W_L diag(φ') … diag(φ') W_1, per example."""
    h, depth = x, len(theta) // 2
    product = xp.zeros((x.shape[0], 1, 1)) + theta["W1"][None]
    for layer in range(1, depth):
        h, slope = phi(xp, name, h @ xp.transpose(theta[f"W{layer}"]) + theta[f"b{layer}"])
        product = theta[f"W{layer + 1}"] @ (slope[:, :, None] * product)
    return product


def mlp(xp, x, theta, *, activation):
    return layers(xp, x, theta, lambda a: phi(xp, activation, a)[0])


def mlp__usual(xp, x, theta, *, activation):
    return layers(xp, x, theta, SPELLINGS[activation][0])


def mlp__linear(xp, x, theta, *, activation):
    return layers(xp, x, theta, SPELLINGS[activation][-1])


def mlp_tangent(xp, x, x_dot, theta, *, activation):
    """The network, and its Jacobian multiplied by one direction after the other."""
    whole = jacobian(xp, x, theta, activation)
    moved = [xp.sum(whole * x_dot[:, r, None, :], axis=2) for r in range(x_dot.shape[1])]
    return mlp(xp, x, theta, activation=activation), xp.stack(moved, axis=1)


def mlp_tangent__usual(xp, x, x_dot, theta, *, activation, spelling=0):
    """Value and tangent side by side through the layers."""
    h, h_dot, depth = x, x_dot, len(theta) // 2
    for layer in range(1, depth + 1):
        a = h @ xp.transpose(theta[f"W{layer}"]) + theta[f"b{layer}"]
        a_dot = xp.dot(h_dot, xp.transpose(theta[f"W{layer}"]))
        if layer == depth:
            return a, a_dot
        h, h_dot = SPELLINGS[activation][spelling](a), SLOPES[activation][spelling](a)[:, None, :] * a_dot


def mlp_tangent__linear(xp, x, x_dot, theta, *, activation):
    return mlp_tangent__usual(xp, x, x_dot, theta, activation=activation, spelling=-1)
