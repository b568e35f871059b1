"""What Euler's steps lose along the mean velocity, and that they lose nothing where paths are straight.

From N(0, 1) to a mixture of two Gaussians, whose mean velocity is closed. Left: eight paths in 4 steps (red) and in 200
(grey). Right: the median error of 400 ends against the number of steps (blue), with the slope −1 (dotted); and that
along the straight paths of the pairs which the flow itself makes (red), which is rounding with one step.
"""

import numpy as np
from style import BLUE, INK, RED, axes, save

from refdgm import flow_matching_path, flow_matching_step, gaussian_mixture_denoiser

law = (np.log([0.4, 0.6]), np.array([[-1.2], [1.0]]), np.array([[[0.3]], [[0.25]]]))


def velocity(x, t):
    """E[x₁ − x₀ | x_t] for x_t = t x₁ + (1 − t) x₀."""
    if t == 0:
        return 0.4 * -1.2 + 0.6 * 1.0 - x
    return (gaussian_mixture_denoiser(x, *law, np.array(t), np.array(1 - t)) - x) / (1 - t)


def walk(x, steps):
    path, every = [x], np.ones(len(x))
    for n in range(steps):
        t, after = n / steps, (n + 1) / steps
        path.append(flow_matching_step(path[-1], velocity(path[-1], t), t * every, after * every))
    return path


figure, [[left, right]] = axes(2, width=3.5, height=2.7)
few = np.linspace(-1.8, 1.8, 9)[:, None]
for steps, colour, width in ((200, "#bbbbbb", 2.5), (4, RED, 1)):
    left.plot(np.linspace(0, 1, steps + 1), np.array(walk(few, steps))[:, :, 0], color=colour, lw=width)
left.set(xlabel="$t$", ylabel="$x$", title="4 steps (red), 200 (grey)")

x0 = np.random.default_rng(5).standard_normal((400, 1))
exact = walk(x0, 8192)[-1]
counts, found = 2 ** np.arange(0, 9), []
for n in counts:
    found.append(np.median(abs(walk(x0, int(n))[-1] - exact)))
right.loglog(counts, found, "o-", ms=3.5, color=BLUE, label="mean velocity")
right.loglog(counts[3:], 0.6 * found[5] * 32 / counts[3:], ":", color=INK, lw=0.8)
straight = []
for n in counts:
    x, every = x0, np.ones(400)
    for m in range(n):
        _, v = flow_matching_path(x0, exact, m / n * every, np.array(0.0))
        x = flow_matching_step(x, v, m / n * every, (m + 1) / n * every)
    straight.append(np.median(abs(x - exact)))
right.loglog(counts, np.maximum(straight, 1e-17), "s-", ms=3.5, color=RED, label="a pair's own")
right.set(xlabel="steps", title="median error of the ends", ylim=(2e-18, 10), xticks=(kept := [1, 4, 16, 64, 256]),
          xticklabels=map(str, kept))
right.minorticks_off()
right.legend(loc="center right")
save(figure, "flow_matching_step")
