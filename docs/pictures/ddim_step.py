"""The same noise taken back in few steps, with and without noise of the steps.

A mixture of two Gaussians on the line and its exact noise, a linear schedule of 1000 steps. Left: eight starts in 20
steps, η = 0 (blue) smooth and in order, η = 1 (red) rough; grey: the law of the data. Right: how far 16000 samples
are from the data's quantiles, against the number of steps kept. One should see all of them fall towards what so many
samples can tell (dotted), and that η = 1 takes about twice the steps of η = 0.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import (
    ddim_step,
    eps_from_score,
    gaussian_mixture_log_density,
    gaussian_mixture_score,
    linear_schedule,
    strided_schedule,
    wasserstein_distance_1d,
)

law = (np.log([0.4, 0.6]), np.array([[-1.2], [1.0]]), np.array([[[0.3]], [[0.25]]]))
full, samples = linear_schedule(np.array(1e-4), np.array(0.02), steps=1000), 16000


def walk(x: np.ndarray, steps: int, eta: float) -> list[np.ndarray]:
    """The states from the noise to the data."""
    _, beta, _, before = strided_schedule(full, steps=steps, spacing="trailing")
    rng, states, every = np.random.default_rng(3), [x], np.ones(len(x))
    for b, prev in zip(beta, before, strict=True):
        kept = (1 - b) * prev
        eps = eps_from_score(gaussian_mixture_score(x, *law, np.sqrt(kept), np.sqrt(1 - kept)), kept * every)
        x = ddim_step(x, eps, rng.standard_normal(x.shape), b * every, prev * every, np.array(eta))
        states.append(x)
    return states


figure, [[left, right]] = axes(2, width=3.8, height=2.9)
y = np.linspace(-2.6, 2.6, 521)
density = np.exp(gaussian_mixture_log_density(y[:, None], *law, np.array(1.0), np.array(1e-9)))
few = np.linspace(-1.9, 1.9, 8)[:, None]
for eta, colour in ((1.0, RED), (0.0, BLUE)):
    left.plot(np.arange(21), np.array(walk(few, 20, eta))[:, :, 0], color=colour, lw=1)
left.fill_betweenx(y, 20.3, 20.3 + 3 * density, color=GREY, alpha=0.6, lw=0)
left.set(xlabel="step of 20", ylabel="$x$", xticks=[0, 5, 10, 15, 20], title=r"$\eta=0$ (blue) and $\eta=1$ (red)")

below = np.cumsum(density) / np.sum(density)
data = np.interp((np.arange(samples) + 0.5) / samples, below, y)
rng = np.random.default_rng(0)
drawn = [np.interp(rng.random(samples), below, y) for _ in range(8)]
start, counts = rng.standard_normal((samples, 1)), [4, 8, 16, 32, 64, 128]
for eta, colour, mark in ((0.0, BLUE, "o"), (0.5, GREEN, "s"), (1.0, RED, "^")):
    found = [wasserstein_distance_1d(data, walk(start, n, eta)[-1][:, 0]) for n in counts]
    right.loglog(counts, found, marker=mark, ms=3.5, color=colour, label=rf"$\eta={eta:g}$")
right.axhline(np.mean([wasserstein_distance_1d(data, one) for one in drawn]), color=INK, lw=0.8, ls=":")
right.set(xlabel="steps", xticks=counts, xticklabels=map(str, counts), yticks=(levels := [0.02, 0.05, 0.1, 0.2]),
          yticklabels=map(str, levels), title="distance of the samples from the data")
right.minorticks_off()
right.legend()
save(figure, "ddim_step")
