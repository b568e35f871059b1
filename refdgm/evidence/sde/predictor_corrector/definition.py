"""Algorithm 1 of Song et al. (2021), with steps of Euler and Maruyama and of Langevin in it."""


def predictor_corrector(xp, x, eps, corrector_eps, times, h, slope, diffusion, step, theta, *, score):
    for n in range(eps.shape[1]):
        drift = slope[n] * x - diffusion[n] ** 2 * score(x, times[n], theta)
        x = x - h[n] * drift + diffusion[n] * xp.sqrt(h[n]) * eps[:, n]
        reached = times[n] - h[n]
        for k in range(corrector_eps.shape[2]):
            x = x + step[n] / 2 * score(x, reached, theta) + xp.sqrt(step[n]) * corrector_eps[:, n, k]
    return x
