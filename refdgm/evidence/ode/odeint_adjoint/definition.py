"""The value is that of odeint; the gradient is the flow's, by the continuous adjoint of Chen et al. (2018), algorithm
1: the state, its adjoint and the gradient of θ are one long vector, which the same steps carry from t₁ back to t₀."""

from refdgm.evidence import traced
from refdgm.evidence.nets.mlp.definition import phi
from refdgm.evidence.ode.odeint.definition import odeint
from refdgm.evidence.ode.steps import integrated


def odeint_adjoint(xp, z0, t0, t1, theta, *, velocity, method, steps):
    return odeint(xp, z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)


def products(xp, velocity, z, t, a, theta):
    """(f, aᵀ ∂f/∂z, aᵀ ∂f/∂θ by entry), every network differentiated by hand."""
    if velocity.name == "linear":
        return velocity(z, t, theta), a @ theta["A"], {"A": xp.transpose(a) @ z, "b": xp.sum(a, axis=0)}
    if velocity.name == "theta_sin":
        rate = theta["theta"]
        return velocity(z, t, theta), a * rate * xp.cos(z), {"theta": xp.sum(a * xp.sin(z), axis=0)}
    kind, depth = velocity.name.split("_")[1], len(theta) // 2
    inputs, slopes = [velocity.inputs(z, t)], [1]
    for layer in range(1, depth):
        before = inputs[-1] @ xp.transpose(theta[f"W{layer}"]) + theta[f"b{layer}"]
        after, slope = phi(xp, kind, before)
        inputs.append(after)
        slopes.append(slope)
    f = inputs[-1] @ xp.transpose(theta[f"W{depth}"]) + theta[f"b{depth}"]
    back, gradient = a, {}
    for layer in reversed(range(1, depth + 1)):
        gradient[f"W{layer}"], gradient[f"b{layer}"] = xp.transpose(back) @ inputs[layer - 1], xp.sum(back, axis=0)
        back = back @ theta[f"W{layer}"] * slopes[layer - 1]
    return f, back[:, : z.shape[1]], gradient


def joined(xp, *parts):
    return xp.concatenate([xp.reshape(part, (-1,)) for part in parts], axis=0)


def parted(xp, state, like, theta):
    """z, its adjoint, and the gradient of θ by entry, out of one long vector."""
    found, at = [], 0
    for x in (like, like, *theta.values()):
        length = 1
        for n in x.shape:
            length = length * n
        found.append(xp.reshape(state[at : at + length], x.shape))
        at = at + length
    return found[0], found[1], dict(zip(theta, found[2:], strict=True))


def carried(xp, z, a, rates, start, end, theta, method, steps):
    """The state, its adjoint and the gradient of θ from `start` to `end`, where `rates` are (f, aᵀ ∂f/∂z, aᵀ ∂f/∂θ)."""

    def dynamics(state, t):
        z_now, a_now, _ = parted(xp, state, z, theta)
        f, along_z, along_theta = rates(z_now, t, a_now)
        return joined(xp, f, -along_z, *[-along_theta[name] for name in theta])

    state = joined(xp, z, a, *[0 * x for x in theta.values()])
    return parted(xp, integrated(dynamics, state, start, end, method, steps), z, theta)


def gradients(xp, bar, z1, t0, t1, theta, rates, method, steps):
    """Of ⟨bar, z(t₁)⟩."""

    def pairing(z, t, a):
        return xp.sum(a * rates(z, t, a)[0])

    z, a, theta_bar = carried(xp, z1, bar, rates, t1, t0, theta, method, steps)
    return {"z0": a, "t0": -pairing(z, t0, a), "t1": pairing(z1, t1, bar), "theta": theta_bar}


def odeint_adjoint__pullback(xp, slopes, bar, z0, t0, t1, theta, *, velocity, method, steps):
    z1 = odeint(xp, z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    rates = lambda z, t, a: products(xp, velocity, z, t, a, theta)  # by hand, where `slopes` would do
    return gradients(xp, bar, z1, t0, t1, theta, rates, method, steps)


def odeint_adjoint__usual(xp, z0, t0, t1, theta, *, velocity, method, steps):
    """The value with its pullback, the field differentiated by the library."""
    z1 = odeint(xp, z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)

    def rates(z, t, a):
        f, back = traced.pullback(lambda z, theta: velocity(z, t, theta), z, theta)
        return f, *back(a)

    return z1, lambda bar: gradients(xp, bar, z1, t0, t1, theta, rates, method, steps)
