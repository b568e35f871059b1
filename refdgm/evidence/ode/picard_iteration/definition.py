"""The integral equation on a grid, put into itself again and again."""


def picard_iteration(xp, z0, times, h, theta, *, velocity, sweeps):
    steps = times.shape[0]
    points = [z0] * (steps + 1)
    for _ in range(sweeps):
        slopes = [velocity(points[m], times[m], theta) for m in range(steps)]
        points = [z0 + sum(h[m] * slopes[m] for m in range(n)) for n in range(steps + 1)]
    return xp.stack(points[1:], axis=1)
