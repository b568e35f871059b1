"""The continuous adjoint, discretised as in Chen et al. (2018), algorithm 1: one augmented system, one solver.

Written apart from `refdgm.ode`: the state, its adjoint and the gradient of θ are one long vector, which the
textbook step of `tests/oracles/odeint.py` integrates from t₁ back to t₀. Every network is differentiated by hand.
"""

from tests.oracles import networks
from tests.oracles.odeint import step
from tests.oracles.odeint import value as solve


def products(xp, velocity, z, t, a, theta):
    """(f, aᵀ ∂f/∂z, aᵀ ∂f/∂θ by entry)."""
    if velocity == "linear":
        f = z @ xp.transpose(theta["A"]) + theta["b"]
        return f, a @ theta["A"], {"A": xp.transpose(a) @ z, "b": xp.sum(a, axis=0)}
    if velocity == "theta_sin":
        rate = theta["theta"]
        return rate * xp.sin(z), a * rate * xp.cos(z), {"theta": xp.sum(a * xp.sin(z), axis=0)}
    kind, depth = velocity.split("_")[1], len(theta) // 2
    inputs, slopes = [xp.concatenate([z, xp.ones((z.shape[0], 1)) * t], axis=1)], []
    for layer in range(1, depth):
        before = inputs[-1] @ xp.transpose(theta[f"W{layer}"]) + theta[f"b{layer}"]
        after, slope = networks.activation(xp, kind, before)
        inputs.append(after)
        slopes.append(slope)
    f = inputs[-1] @ xp.transpose(theta[f"W{depth}"]) + theta[f"b{depth}"]
    back, gradient = a, {}
    for layer in reversed(range(1, depth + 1)):
        gradient[f"W{layer}"], gradient[f"b{layer}"] = xp.transpose(back) @ inputs[layer - 1], xp.sum(back, axis=0)
        back = back @ theta[f"W{layer}"]
        if layer > 1:
            back = back * slopes[layer - 2]
    return f, back[:, : z.shape[1]], gradient


def gradient(xp, bar, z0, t0, t1, theta, *, velocity, method, steps):
    """The gradients of ⟨bar, z(t₁)⟩ by flat names."""
    rows, columns = z0.shape
    size = rows * columns

    def split(state):
        return xp.reshape(state[:size], (rows, columns)), xp.reshape(state[size : 2 * size], (rows, columns))

    def joined(z, a, entries):
        return xp.concatenate([xp.reshape(part, (-1,)) for part in (z, a, *entries)], axis=0)

    def dynamics(state, t):
        z, a = split(state)
        f, along_z, along_theta = products(xp, velocity, z, t, a, theta)
        return joined(f, -along_z, [-along_theta[name] for name in theta])

    def pairing(state, t):
        z, a = split(state)
        return xp.sum(a * products(xp, velocity, z, t, a, theta)[0])

    z1 = solve(xp, z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    state = joined(z1, bar, [0 * theta[name] for name in theta])
    t1_bar, h = pairing(state, t1), (t0 - t1) / steps
    for n in range(steps):
        state = step(dynamics, method, state, t1 + n * h, h)
    found, at = {"z0": split(state)[1], "t0": -pairing(state, t0), "t1": t1_bar}, 2 * size
    for name, x in theta.items():
        length = 1
        for n in x.shape:
            length *= n
        found[f"theta.{name}"] = xp.reshape(state[at : at + length], x.shape)
        at += length
    return found
