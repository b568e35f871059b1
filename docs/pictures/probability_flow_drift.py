"""Two modes carried to the noise and back by the probability flow, and what a solver loses on the round trip.

A mixture of two Gaussians under vp with β from 0.1 to 20 and its exact score. Left: 14 paths between the densities of
both ends (grey). Right, for 100 points and against the number of steps of each way: the distance from the start after
t = 0.001 → 1 → 0.001 (solid), and the error at t = 1 (dashed; the reference has 200 steps of rk4). One should see that
the dashed lines tend to the slopes −1, −2, −4, the solid ones to −1, −3, −5: the leading error of a step of even order
changes its sign with the step, and a round trip takes it off again.
"""

from functools import cache
from itertools import pairwise

import numpy as np
from style import BLUE, GREY, INK, RED, axes, save

from refdgm.flow.probability_flow import probability_flow
from refdgm.nets.field import Field
from refdgm.score.gaussian_mixture import gaussian_mixture_log_density, gaussian_mixture_score
from refdgm.sde.perturbation_kernel import perturbation_kernel

ends, early, late = (np.array(0.1), np.array(20.0)), np.array(0.001), np.array(1.0)
law = {"logits": np.log([0.4, 0.6]), "means": np.array([[-1.2], [1.0]]), "factors": np.array([[[0.3]], [[0.25]]])}


@cache
def kept(t: float) -> tuple[np.ndarray, np.ndarray]:
    """Scale and deviation at one time."""
    scale, std = perturbation_kernel(np.array([t]), *ends, process="vp")
    return scale[0], std[0]


def vjp(x, t, theta):
    own = {name: theta[name] for name in law}
    return gaussian_mixture_score.body(x, *own.values(), *kept(float(t)))


score = Field("mixture score", ("z", "t"), lambda x, t, theta: vjp(x, t, theta)[0], vjp)


def carried(x: np.ndarray, t0, t1, method: str, steps: int) -> np.ndarray:
    return probability_flow(x, np.array(t0), np.array(t1), *ends, law, score=score, process="vp", method=method,
                            steps=steps)


def density(y: np.ndarray, t) -> np.ndarray:
    return np.exp(gaussian_mixture_log_density(y[:, None], *law.values(), *kept(float(t))))


figure, [[left, right]] = axes(2, width=3.6, height=2.8)
start = np.array([*np.linspace(-1.75, -0.7, 6), *np.linspace(0.4, 1.55, 8)])[:, None]
times = np.concatenate([[0.001], np.linspace(0.02, 1, 50)])
path = [start]
for t0, t1 in pairwise(times):
    path.append(carried(path[-1], t0, t1, "rk4", 1))
y = np.linspace(-2.8, 2.8, 141)
left.fill_betweenx(y, -0.02 - density(y, early) / 6, -0.02, color=GREY, alpha=0.4, lw=0)
left.fill_betweenx(y, 1.02, 1.02 + density(y, late) / 3, color=GREY, alpha=0.4, lw=0)
for one in np.array(path)[:, :, 0].T:
    left.plot(times, one, color=BLUE if one[0] < 0 else RED, lw=1)
left.set(xlim=(-0.2, 1.2), ylim=(-2.8, 2.8), xticks=[0, 0.5, 1], xlabel="$t$", ylabel="$x$")

rng = np.random.default_rng(6)
mode = rng.random(100) < 0.4
points = np.where(mode, -1.2 + 0.3 * rng.standard_normal(100), 1 + 0.25 * rng.standard_normal(100))[:, None]
counts, exact = 12 * 2 ** np.arange(4), carried(points, early, late, "rk4", 200)
apart = lambda x, y: np.sqrt(np.mean((x - y) ** 2))
for method, colour, mark in [("euler", BLUE, "o"), ("heun", RED, "s"), ("rk4", INK, "D")]:
    there = [carried(points, early, late, method, int(n)) for n in counts]
    back = [carried(x, late, early, method, int(n)) for x, n in zip(there, counts, strict=True)]
    right.loglog(counts, [apart(x, points) for x in back], "-", color=colour, marker=mark, ms=3.5, label=method)
    right.loglog(counts, [apart(x, exact) for x in there], "--", color=colour, marker=mark, ms=5, fillstyle="none",
                 lw=0.9, mew=0.8)
right.plot([], [], "--", color=GREY, lw=0.9, label="one way")
right.set(xlabel="steps of each way", ylabel="error", xticks=counts, xticklabels=map(str, counts))
right.minorticks_off()
right.legend()
save(figure, "probability_flow_drift")
