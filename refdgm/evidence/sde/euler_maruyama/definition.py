"""Over a short step drift and diffusion stay as they are, and the noise is normal with the step for variance."""


def euler_maruyama(xp, x, eps, times, h, diffusion, theta, *, drift):
    for n in range(eps.shape[1]):
        x = x + drift(x, times[n], theta) * h[n] + diffusion[n] * (xp.sqrt(h[n]) * eps[:, n])
    return x
