"""The continuous adjoint of a log-density along a flow, discretised: state, adjoint and θ̄ as one long vector.

Written apart from `refdgm.flow`: the textbook step of `tests/oracles/odeint.py` integrates it from t₀ to t₁, and every
derivative in its right-hand side is the slope of a Taylor series of the textbook's own field and Jacobian.
"""

from refdgm.certify.enclose import gradient_by_series
from tests.oracles import networks
from tests.oracles.cnf_log_density import trace
from tests.oracles.odeint import step
from tests.oracles.odeint import value as solve


def gradient(xp, bar, x, t0, t1, theta, *, velocity, method, steps):
    """The gradients of ⟨bar, log p(x)⟩ by flat names."""
    size = x.shape[0] * x.shape[1]

    def split(state):
        return xp.reshape(state[:size], x.shape), xp.reshape(state[size : 2 * size], x.shape)

    def joined(z, a, entries):
        return xp.concatenate([xp.reshape(part, (-1,)) for part in (z, a, *entries)], axis=0)

    def rho(z, t, a, theta):
        """⟨a, f⟩ + Σ_b bar_b tr ∂f/∂z: what the adjoint equation differentiates."""
        f = networks.velocity(xp, velocity, z, t, theta)
        return xp.sum(a * f) + xp.sum(bar * trace(xp, velocity, z, t, theta))

    def dynamics(state, t):
        z, a = split(state)
        g = gradient_by_series(
            lambda z, theta: rho(z, t, a, theta), {"z": z, "theta": theta}, ("z", "theta"), [xp.ones(())]
        )
        return joined(
            networks.velocity(xp, velocity, z, t, theta), -g["z"], [-g[f"theta.{name}"] for name in theta]
        )

    z0 = solve(xp, x, t1, t0, theta, velocity=velocity, method=method, steps=steps)
    a0 = -xp.reshape(bar, (-1, 1)) * z0
    state, h = joined(z0, a0, [0 * theta[name] for name in theta]), (t1 - t0) / steps
    for n in range(steps):
        state = step(dynamics, method, state, t0 + n * h, h)
    z1, a1 = split(state)
    found, at = {"x": a1, "t0": rho(z0, t0, a0, theta), "t1": -rho(z1, t1, a1, theta)}, 2 * size
    for name, entry in theta.items():
        length = 1
        for n in entry.shape:
            length *= n
        found[f"theta.{name}"] = xp.reshape(state[at : at + length], entry.shape)
        at += length
    return found
