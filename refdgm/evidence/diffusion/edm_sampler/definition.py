"""Algorithm 2 of the paper, line by line; the levels are σ_1 … σ_T, and 0 follows them."""


def edm_sampler(xp, x, eps, sigmas, churn, noise_scale, theta, *, denoiser):
    for n in range(sigmas.shape[0]):
        t = sigmas[n]
        t_hat = t + churn[n] * t
        x_hat = x + t * xp.sqrt((1 + churn[n]) ** 2 - 1) * noise_scale * eps[:, n]  # t √(…) is √(t_hat² − t²)
        x = heun(x_hat, t_hat, sigmas[n + 1:], theta, denoiser)
    return x


def heun(x_hat, t_hat, below, theta, denoiser):
    """Lines 7 to 11: from t_hat to the next of the levels below, and where there is none to 0."""
    d = (x_hat - denoiser(x_hat, t_hat, theta)) / t_hat
    x = x_hat - t_hat * d
    for t in below[:1]:
        x = x_hat + (t - t_hat) * d
        d_next = (x - denoiser(x, t, theta)) / t
        x = x_hat + (t - t_hat) * (d / 2 + d_next / 2)
    return x


def edm_sampler__usual(xp, x, eps, sigmas, churn, noise_scale, theta, *, denoiser):
    """√(t_hat² − t²) as it is printed and written, where a level is raised at all: its slope is infinite at zero."""
    for n in range(sigmas.shape[0]):
        t = sigmas[n]
        t_hat = t + churn[n] * t
        x_hat = x + xp.sqrt(t_hat**2 - t**2) * noise_scale * eps[:, n] if churn[n] > 0 else x
        x = heun(x_hat, t_hat, sigmas[n + 1:], theta, denoiser)
    return x
