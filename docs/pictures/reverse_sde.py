"""Three members of one family carry the same noise to the same law, on other paths.

A mixture of two Gaussians under vp with β from 0.1 to 20, its exact score, 200 steps from t = 1 to 0 (left to right),
3000 samples, the same starts for all. Grey: p_t. One should see smooth paths that never cross, then rougher ones, and
at the right end one and the same density (line: exact; outline: the samples' histogram).
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm.score.gaussian_mixture import gaussian_mixture_log_density, gaussian_mixture_score
from refdgm.sde.perturbation_kernel import perturbation_kernel
from refdgm.sde.probability_flow_drift import probability_flow_drift
from refdgm.sde.reverse_sde import reverse_sde
from refdgm.sde.sde_coefficients import sde_coefficients

steps, samples, ends = 200, 3000, (np.array(0.1), np.array(20.0))
law = (np.log([0.4, 0.6]), np.array([[-1.2], [1.0]]), np.array([[[0.3]], [[0.25]]]))
times, h = np.linspace(1, 1e-5, steps + 1, retstep=True)
slope, diffusion = sde_coefficients(times, *ends, process="vp")
kernel = perturbation_kernel(times, *ends, process="vp")
at = list(zip(*kernel, strict=True))
y = np.linspace(-2.8, 2.8, 85)
density = np.exp([gaussian_mixture_log_density(y[:, None], *law, *kept) for kept in at[::8]]).T
start = np.random.default_rng(2).standard_normal((samples, 1))
start[:8, 0] = np.linspace(-1.9, 1.9, 8)

figure, panels = axes(3, width=2.6, height=2.7)
for axis, share, colour in zip(panels[0], (0.0, 0.5, 1.0), (BLUE, GREEN, RED), strict=True):
    rng, x, path = np.random.default_rng(7), start, [start[:8, 0]]
    for n in range(steps):
        score, every = gaussian_mixture_score(x, *law, *at[n]), np.ones(samples)
        if share:
            drift, noise = reverse_sde(slope[n] * x, score, diffusion[n] * every, share * every)
            x = x + h * drift + noise[:, None] * np.sqrt(-h) * rng.standard_normal(x.shape)
        else:
            x = x + h * probability_flow_drift(slope[n] * x, score, diffusion[n] * every)
        path.append(x[:8, 0])
    axis.contourf(times[::8], y, density, levels=np.linspace(0.08, 1.1, 7), cmap="Greys", vmin=-0.1, vmax=1.6)
    axis.plot(times[::2], np.array(path)[::2], color=colour, lw=0.8)
    counts, edges = np.histogram(x[:, 0], bins=40, range=(-2.8, 2.8), density=True)
    axis.stairs(-0.04 - counts / 4, edges, baseline=-0.04, orientation="horizontal", color=colour, lw=1)
    axis.plot(-0.04 - density[:, -1] / 4, y, color=INK, lw=0.9)
    axis.set(xlim=(1, -0.3), ylim=(-3.1, 3.1), xticks=[1, 0.5, 0], xlabel="$t$", title=f"$\\lambda={share:g}$")
panels[0][0].set_ylabel("$x$")
save(figure, "reverse_sde")
