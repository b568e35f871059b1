"""N equal steps of a Runge–Kutta method."""

from refdgm.evidence.ode.steps import integrated


def odeint(xp, z0, t0, t1, theta, *, velocity, method, steps):
    return integrated(lambda z, t: velocity(z, t, theta), z0, t0, t1, method, steps)
