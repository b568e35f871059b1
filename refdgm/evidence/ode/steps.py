"""One step of each Runge–Kutta method, as it stands in the textbooks, by its name."""


def euler(f, z, t, h):
    return z + h * f(z, t)


def heun(f, z, t, h):
    k1 = f(z, t)
    return z + h * (k1 + f(z + h * k1, t + h)) / 2


def midpoint(f, z, t, h):
    return z + h * f(z + h * f(z, t) / 2, t + h / 2)


def rk4(f, z, t, h):
    k1 = f(z, t)
    k2 = f(z + h * k1 / 2, t + h / 2)
    k3 = f(z + h * k2 / 2, t + h / 2)
    k4 = f(z + h * k3, t + h)
    return z + h * (k1 + 2 * k2 + 2 * k3 + k4) / 6


STEPS = {"euler": euler, "heun": heun, "midpoint": midpoint, "rk4": rk4}


def integrated(f, state, start, end, method, steps):
    """The state after equal steps from `start` to `end`."""
    h = (end - start) / steps
    for n in range(steps):
        state = STEPS[method](f, state, start + n * h, h)
    return state
