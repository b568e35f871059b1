"""The state and the change of its log-density, integrated from the data back to a standard normal."""

from . import networks
from .odeint import step


def trace(xp, velocity, z, t, theta):
    jacobian = networks.velocity_jacobian(xp, velocity, z, t, theta)
    return sum(jacobian[:, d, d] for d in range(z.shape[1]))


def solved(xp, x, t0, t1, theta, rate, velocity, method, steps):
    """log N(z(t0); 0, I) plus the integral of `rate` from t1 to t0."""

    def dynamics(state, t):
        z = state[:, :-1]
        both = [networks.velocity(xp, velocity, z, t, theta), xp.reshape(rate(z, t), (-1, 1))]
        return xp.concatenate(both, axis=1)

    state, h = xp.concatenate([x, xp.zeros((x.shape[0], 1))], axis=1), (t0 - t1) / steps
    for n in range(steps):
        state = step(dynamics, method, state, t1 + n * h, h)
    z0, integral = state[:, :-1], state[:, -1]
    return xp.sum(-(z0**2) / 2 - xp.log(2 * xp.pi * xp.ones(z0.shape)) / 2, axis=1) + integral


def value(xp, x, t0, t1, theta, *, velocity, method, steps):
    return solved(xp, x, t0, t1, theta, lambda z, t: trace(xp, velocity, z, t, theta), velocity, method, steps)
