"""The timesteps as the field's libraries round them, and quotients of cumulative products."""


def strided_schedule(xp, beta, *, steps, spacing):
    train = beta.shape[0]
    if spacing == "leading":
        visited = [i * (train // steps) for i in range(steps)]
    elif spacing == "linspace":
        visited = [round(i * (train - 1) / (steps - 1 or 1)) for i in range(steps)]
    else:
        visited = [round((i + 1) * train / steps) - 1 for i in range(steps)]
    products, product = [], 1
    for i in range(train):
        product = product * (1 - beta[i])
        products.append(product)
    at = xp.stack([products[t] for t in visited])
    before = xp.concatenate([xp.ones(1), at[:-1]])
    timestep = xp.stack([xp.arange(train)[t] for t in visited])
    return timestep[::-1], (1 - at / before)[::-1], at[::-1], before[::-1]
