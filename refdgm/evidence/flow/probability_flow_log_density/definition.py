"""The log-density of a state that the probability flow has carried to its prior."""

from refdgm.evidence import traced
from refdgm.evidence.flow.hutchinson_trace.definition import quadratic_form
from refdgm.evidence.flow.probability_flow.definition import velocity
from refdgm.evidence.ode.steps import integrated


def halved(xp, t, low, high, process):
    """The slope of the drift, and g(t)^2 / 2."""
    if process == "ve":
        return 0 * t, low**2 * xp.exp(2 * t * xp.log(high / low)) * xp.log(high / low)
    beta = low + t * (high - low)
    integral = low * t + (high - low) * t**2 / 2
    return -beta / 2, beta / 2 * (1 if process == "vp" else 1 - xp.exp(-2 * integral))


def carried(xp, x, t0, t1, high, process, rates, method, steps):
    """log N(x(t1); 0, S^2 I) plus the integral of the second of the two `rates`."""

    def dynamics(state, t):
        f, rate = rates(state[:, :-1], t)
        return xp.concatenate([f, xp.reshape(rate, (-1, 1))], axis=1)

    start = xp.concatenate([x, xp.zeros((x.shape[0], 1))], axis=1)
    end = integrated(dynamics, start, t0, t1, method, steps)
    variance = high**2 if process == "ve" else 1 + 0 * high
    z, integral = end[:, :-1], end[:, -1]
    return xp.sum(-(z**2) / (2 * variance) - xp.log(2 * xp.pi * variance) / 2, axis=1) + integral


def probability_flow_log_density(xp, x, t0, t1, low, high, theta, *, score, process, method, steps):
    def rates(z, t):
        a, half = halved(xp, t, low, high, process)
        jacobian = score.jacobian(z, t, theta)
        trace = sum(a - half * jacobian[:, d, d] for d in range(x.shape[1]))
        return velocity(xp, z, t, low, high, theta, score, process), trace

    return carried(xp, x, t0, t1, high, process, rates, method, steps)


def probability_flow_log_density__usual(xp, x, t0, t1, low, high, theta, *, score, process, method, steps):
    rates = lambda z, t: traced.with_trace(lambda z: velocity(xp, z, t, low, high, theta, score, process), z)
    return carried(xp, x, t0, t1, high, process, rates, method, steps)


def probability_flow_log_density_estimate(xp, x, probe, t0, t1, low, high, theta, *, score, process, method, steps):
    """With the mean of v^T J v over the probes for the trace of J."""

    def rates(z, t):
        a, half = halved(xp, t, low, high, process)
        jacobian = a * xp.eye(x.shape[1])[None] - half * score.jacobian(z, t, theta)
        return velocity(xp, z, t, low, high, theta, score, process), quadratic_form(xp, jacobian, probe)

    return carried(xp, x, t0, t1, high, process, rates, method, steps)


def probability_flow_log_density_estimate__usual(xp, x, probe, t0, t1, low, high, theta, *, score, process, method,
                                                 steps):
    def rates(z, t):
        drift = lambda z: velocity(xp, z, t, low, high, theta, score, process)
        f, forms = traced.with_quadratic_forms(drift, z, probe)
        return f, sum(form for _, form in forms) / probe.shape[1]

    return carried(xp, x, t0, t1, high, process, rates, method, steps)
