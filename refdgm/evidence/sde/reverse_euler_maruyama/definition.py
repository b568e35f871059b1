"""Euler and Maruyama's steps for the reversed equation, whose time runs from noise to data."""


def reverse_euler_maruyama(xp, x, eps, times, h, slope, diffusion, noise_scale, theta, *, score):
    for n in range(eps.shape[1]):
        drift = slope[n] * x - (1 + noise_scale**2) / 2 * diffusion[n] ** 2 * score(x, times[n], theta)
        x = x - h[n] * drift + noise_scale * diffusion[n] * xp.sqrt(h[n]) * eps[:, n]
    return x
