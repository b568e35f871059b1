"""The state and the change of its log-density, integrated from the data back to a standard normal."""

from refdgm.evidence import traced
from refdgm.evidence.flow.hutchinson_trace.definition import quadratic_form
from refdgm.evidence.ode.steps import integrated


def solved(xp, x, t0, t1, rates, method, steps):
    """log N(z(t0); 0, I) plus the integral from t1 to t0 of the second of the two `rates`."""

    def dynamics(state, t):
        f, rate = rates(state[:, :-1], t)
        return xp.concatenate([f, xp.reshape(rate, (-1, 1))], axis=1)

    start = xp.concatenate([x, xp.zeros((x.shape[0], 1))], axis=1)
    state = integrated(dynamics, start, t1, t0, method, steps)
    z0, integral = state[:, :-1], state[:, -1]
    return standard_normal(xp, z0) + integral


def standard_normal(xp, z):
    """log N(z; 0, I)."""
    return xp.sum(-(z**2) / 2 - xp.log(2 * xp.pi * xp.ones(z.shape)) / 2, axis=1)


def trace(velocity, z, t, theta):
    jacobian = velocity.jacobian(z, t, theta)
    return sum(jacobian[:, d, d] for d in range(z.shape[1]))


def cnf_log_density(xp, x, t0, t1, theta, *, velocity, method, steps):
    rates = lambda z, t: (velocity(z, t, theta), trace(velocity, z, t, theta))
    return solved(xp, x, t0, t1, rates, method, steps)


def cnf_log_density__usual(xp, x, t0, t1, theta, *, velocity, method, steps):
    rates = lambda z, t: traced.with_trace(lambda z: velocity(z, t, theta), z)
    return solved(xp, x, t0, t1, rates, method, steps)


def ffjord_log_density(xp, x, probe, t0, t1, theta, *, velocity, method, steps):
    """As the exact log-density, with the mean of v^T J v over the probes for the trace of J."""
    rates = lambda z, t: (velocity(z, t, theta), quadratic_form(xp, velocity.jacobian(z, t, theta), probe))
    return solved(xp, x, t0, t1, rates, method, steps)


def ffjord_log_density__usual(xp, x, probe, t0, t1, theta, *, velocity, method, steps):
    def rates(z, t):
        f, forms = traced.with_quadratic_forms(lambda z: velocity(z, t, theta), z, probe)
        return f, sum(form for _, form in forms) / probe.shape[1]

    return solved(xp, x, t0, t1, rates, method, steps)
