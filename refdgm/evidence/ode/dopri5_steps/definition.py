"""The fifth-order method of Dormand and Prince, its table as it is printed, on a grid."""


def dopri5_steps(xp, z0, times, theta, *, velocity):
    def f(z, t):
        return velocity(z, t, theta)

    z = z0
    for n in range(times.shape[0] - 1):
        t, h = times[n], times[n + 1] - times[n]
        k1 = f(z, t)
        k2 = f(z + h * k1 / 5, t + h / 5)
        k3 = f(z + h * (3 * k1 + 9 * k2) / 40, t + 3 * h / 10)
        k4 = f(z + h * (44 * k1 / 45 - 56 * k2 / 15 + 32 * k3 / 9), t + 4 * h / 5)
        k5 = f(z + h * (19372 * k1 / 6561 - 25360 * k2 / 2187 + 64448 * k3 / 6561 - 212 * k4 / 729), t + 8 * h / 9)
        k6 = f(
            z + h * (9017 * k1 / 3168 - 355 * k2 / 33 + 46732 * k3 / 5247 + 49 * k4 / 176 - 5103 * k5 / 18656), t + h
        )
        z = z + h * (35 * k1 / 384 + 500 * k3 / 1113 + 125 * k4 / 192 - 2187 * k5 / 6784 + 11 * k6 / 84)
    return z
