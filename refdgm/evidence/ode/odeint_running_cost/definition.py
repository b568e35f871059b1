"""The solve and the integral side by side: the same Runge–Kutta steps for the pair (z, l) with l' = r(z, t)."""

from refdgm.evidence.ode.steps import integrated


def odeint_running_cost(xp, z0, t0, t1, theta, *, velocity, cost, method, steps):
    rows, columns = z0.shape

    def f(pair, t):
        z = pair[:, :columns]
        slope = velocity(z, t, theta)
        rate = xp.sum(slope**2, axis=1) / 2 if cost == "kinetic" else xp.sum(z**2, axis=1) / 2
        return xp.concatenate([slope, xp.reshape(rate, (rows, 1))], axis=1)

    pair = integrated(f, xp.concatenate([z0, xp.zeros((rows, 1))], axis=1), t0, t1, method, steps)
    return pair[:, :columns], pair[:, columns]
