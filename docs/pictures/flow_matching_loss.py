"""What the loss is regressed on, and the floor under it.

From N(0, 1) to a mixture of two Gaussians. Left, at t = 0.6: 900 pairs, of each the velocity of its own line against
x_t, and the mean velocity (red), which is all that a network can learn. Right: the mean loss of that best velocity
(blue), of the best line in x_t (green) and of the best constant (red), by 40000 pairs at each time. One should see that
the floor is nowhere zero: it is the variance of the velocities at a point.
"""

import numpy as np
from style import BLUE, GREEN, GREY, RED, axes, save

from refdgm import flow_matching_loss, flow_matching_path, gaussian_mixture_denoiser

law = (np.log([0.4, 0.6]), np.array([[-1.2], [1.0]]), np.array([[[0.3]], [[0.25]]]))
rng, many, none = np.random.default_rng(4), 40000, np.array(0.0)
x0 = rng.standard_normal((many, 1))
mode = rng.random((many, 1)) < 0.4
x1 = np.where(mode, -1.2 + 0.3 * rng.standard_normal((many, 1)), 1 + 0.25 * rng.standard_normal((many, 1)))


def best(x, t):
    return (gaussian_mixture_denoiser(x, *law, np.array(t), np.array(1 - t)) - x) / (1 - t)


figure, [[left, right]] = axes(2, width=3.5, height=2.7)
xt, target = flow_matching_path(x0, x1, np.full(many, 0.6), none)
left.plot(xt[:900], target[:900], ".", ms=1.6, color=GREY)
line = np.linspace(-1.6, 1.5, 201)[:, None]
left.plot(line, best(line, 0.6), color=RED)
left.set(xlabel="$x_t$", ylabel="velocity", title="pairs at $t=0.6$, and their mean", ylim=(-4.5, 4.5))
times, found = np.linspace(0.001, 0.97, 41), []
for t in times:
    xt, target = flow_matching_path(x0, x1, np.full(many, t), none)
    tilt = np.cov(xt[:, 0], target[:, 0])
    straight = np.mean(target) + tilt[0, 1] / tilt[0, 0] * (xt - np.mean(xt))
    found.append([np.mean(flow_matching_loss(v, x0, x1, none))
                  for v in (best(xt, t), straight, np.full_like(xt, np.mean(target)))])
for column, colour, label in ((2, RED, "best constant"), (1, GREEN, "best line"), (0, BLUE, "mean velocity")):
    right.plot(times, np.array(found)[:, column], color=colour, label=label)
right.set(xlabel="$t$", title="mean loss", ylim=(0, 2.5))
right.legend(loc="lower left")
save(figure, "flow_matching_loss")
