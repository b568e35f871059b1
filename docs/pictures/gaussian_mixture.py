"""One mixture on the line at three levels of noise: what its score, its denoiser and its posterior variance become.

Two Gaussians of the deviation 0.2. From left to right: the noised density; the score, a saw tooth at low noise and
nearly a straight line at high; the mean of the data given x, near x itself at low noise, on the nearer mode at
middling noise, and hardly moved at high; the variance of the data given x. One should see that it is large between
the modes alone, where x does not tell which of them it came from, and everywhere as the noise grows.
"""

import numpy as np
from style import BLUE, GREEN, RED, axes, save

from refdgm import (
    gaussian_mixture_denoiser,
    gaussian_mixture_log_density,
    gaussian_mixture_posterior_covariance,
    gaussian_mixture_score,
)

law = (np.log([0.4, 0.6]), np.array([[-1.0], [1.0]]), np.full((2, 1, 1), 0.2))
x = np.linspace(-2.5, 2.5, 251)[:, None]
figure, (panels,) = axes(4, width=2.05, height=2.4)
for sigma, colour in ((0.1, BLUE), (0.5, GREEN), (2.0, RED)):
    noised = (*law, np.array(1.0), np.array(sigma))
    shown = (np.exp(gaussian_mixture_log_density(x, *noised)), gaussian_mixture_score(x, *noised)[:, 0],
             gaussian_mixture_denoiser(x, *noised)[:, 0], gaussian_mixture_posterior_covariance(x, *noised)[:, 0, 0])
    for axis, curve in zip(panels, shown, strict=True):
        axis.plot(x, curve, color=colour, lw=1.3, label=rf"$\sigma={sigma:g}$")
for axis, title in zip(panels, ("density", "score", "mean of the data", "variance of the data"), strict=True):
    axis.set(xlabel="$x$", title=title)
panels[1].set_ylim(-28, 28)
panels[0].legend(fontsize=7, loc="upper left", handlelength=1)
panels[0].set_ylim(0, 1.7)
save(figure, "gaussian_mixture")
