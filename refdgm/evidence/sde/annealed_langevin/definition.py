"""Algorithm 1 of Song & Ermon (2019), line by line."""


def annealed_langevin(xp, x, eps, sigmas, base_step, theta, *, score):
    for i in range(eps.shape[1]):
        alpha = base_step * sigmas[i] ** 2 / sigmas[-1] ** 2
        for t in range(eps.shape[2]):
            x = x + alpha / 2 * score(x, sigmas[i], theta) + xp.sqrt(alpha) * eps[:, i, t]
    return x
