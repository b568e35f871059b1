"""β_t = min(1 − f(t)/f(t − 1), cap), as it is defined; the smaller one is chosen by its place."""


def value(xp, offset, cap, *, steps):
    def f(t):
        return xp.cos(((0 * offset + t) / steps + offset) / (1 + offset) * xp.pi / 2) ** 2

    chosen = []
    for t in range(1, steps + 1):
        both = xp.stack([1 - f(t) / f(t - 1), cap])
        chosen.append(both[xp.argmin(both)])
    return xp.stack(chosen)
