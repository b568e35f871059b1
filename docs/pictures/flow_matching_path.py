"""Pairs drawn at random, the flow of their mean velocity, and the pairs that this flow makes.

Noise N(0, 1) at t = 0, two modes at t = 1; 16 starts, the same in all panels; the colour is the mode at the end. Left:
straight paths that cross. Middle: curved ones that part where the noise decides (100 Euler steps). Right: the ends of
the middle with their starts are pairs whose straight paths do not cross. Grey: the densities of both ends.
"""

from itertools import pairwise

import numpy as np
from style import BLUE, GREY, RED, axes, save

from refdgm.flow.flow_matching_path import flow_matching_path
from refdgm.flow.flow_matching_step import flow_matching_step
from refdgm.score.gaussian_mixture import gaussian_mixture_log_density
from refdgm.score.gaussian_mixture_denoiser import gaussian_mixture_denoiser

n, steps, weights, spread = 16, 100, np.array([0.5, 0.5]), np.array(0.15)
law = (np.log(weights), np.array([[-1.5], [1.5]]), np.zeros((2, 1, 1)))
rng = np.random.default_rng(4)
noise = np.linspace(-1.9, 1.9, n)[:, None]
data = rng.permutation(np.repeat([-1.5, 1.5], n // 2))[:, None] + spread * rng.standard_normal((n, 1))
points = (law[0], law[1], np.full((2, 1, 1), spread))
t = np.linspace(0, 1, steps + 1)


def straight(ends: np.ndarray) -> np.ndarray:
    return np.array([flow_matching_path(noise, ends, np.full(n, s), np.array(0.0))[0] for s in t[[0, -1]]])


def followed() -> np.ndarray:
    """The mean velocity of all pairs is (E[x₁ | x_t] − x_t)/(1 − t)."""
    path = [noise]
    for now, then in pairwise(t):
        mean = gaussian_mixture_denoiser(path[-1], *points, np.array(now), np.array(1 - now))
        path.append(flow_matching_step(path[-1], (mean - path[-1]) / (1 - now), np.full(n, now), np.full(n, then)))
    return np.array(path)


flow = followed()
figure, panels = axes(3, width=2.5, height=2.7)
y = np.linspace(-2.8, 2.8, 141)
bell = np.exp(-(y**2) / 2) / np.sqrt(2 * np.pi)
modes = np.exp(gaussian_mixture_log_density(y[:, None], *law, np.array(1.0), spread))
for axis, title, times, path in zip(panels[0], ["pairs", "mean velocity", "its pairs"], [t[[0, -1]], t, t[[0, -1]]],
                                    [straight(data), flow, straight(flow[-1])], strict=True):
    axis.fill_betweenx(y, -0.03 - bell / 3, -0.03, color=GREY, alpha=0.4, lw=0)
    axis.fill_betweenx(y, 1.03, 1.03 + modes / 8, color=GREY, alpha=0.4, lw=0)
    for one in path[:, :, 0].T:
        axis.plot(times, one, color=RED if one[-1] > 0 else BLUE, lw=1)
    axis.plot(np.zeros(n), noise, ".", color=GREY, ms=4)
    axis.set(xlim=(-0.2, 1.25), ylim=(-2.8, 2.8), xticks=[0, 0.5, 1], xlabel="$t$", title=title)
panels[0][0].set_ylabel("$x$")
save(figure, "flow_matching_path")
