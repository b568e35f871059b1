"""N equal steps of a Runge-Kutta method, each as it stands in the textbooks."""

from . import networks


def step(f, method, z, t, h):
    if method == "euler":
        return z + h * f(z, t)
    if method == "heun":
        predicted = z + h * f(z, t)
        return z + h * (f(z, t) + f(predicted, t + h)) / 2
    if method == "midpoint":
        return z + h * f(z + h * f(z, t) / 2, t + h / 2)
    if method == "rk4":
        k1 = f(z, t)
        k2 = f(z + h * k1 / 2, t + h / 2)
        k3 = f(z + h * k2 / 2, t + h / 2)
        k4 = f(z + h * k3, t + h)
        return z + h * (k1 + 2 * k2 + 2 * k3 + k4) / 6
    raise ValueError(f"no method {method!r}")


def value(xp, z0, t0, t1, theta, *, velocity, method, steps):
    def f(z, t):
        return networks.velocity(xp, velocity, z, t, theta)

    z, h = z0, (t1 - t0) / steps
    for n in range(steps):
        z = step(f, method, z, t0 + n * h, h)
    return z
