"""sin(t / 10000^(i/n)) for every i, then cos of the same; n is half the features, or one less."""


def sinusoidal_embedding(xp, t, *, features, spacing):
    half = features // 2
    n = half if spacing == "half" else max(half - 1, 1)
    angles = [t / xp.exp(xp.log(10000 + 0 * t) * i / n) for i in range(half)]
    return xp.stack([xp.sin(angle) for angle in angles] + [xp.cos(angle) for angle in angles], axis=1)
