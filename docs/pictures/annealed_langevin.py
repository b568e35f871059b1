"""Why levels of noise: chains at the law itself do not find how much of it is where.

Two Gaussians in the plane, four fifths of the mass in the lower one, 300 points each. Left: draws. Middle: Langevin
steps at the lowest noise, from uniform starts. Right: ten falling levels with as many steps in all. Colour: the mode
that is nearer, with its share. One should see the middle panel hold what the starts had, about one half in each, for
no step crosses the gap where there is no density; with levels the shares are nearly those of the data.
"""

import numpy as np
from style import BLUE, RED, axes, save

from refdgm import annealed_langevin, gaussian_mixture_score
from refdgm.nets.field import Field

law = {"logits": np.log([0.2, 0.8]), "means": np.array([[5.0, 5.0], [-5.0, -5.0]]),
       "factors": np.array([np.eye(2), np.eye(2)])}
one = np.array(1.0)


def vjp(x, level, theta):
    return gaussian_mixture_score.body(x, *(theta[name] for name in law), one, level)


score = Field("mixture score", ("z", "t"), lambda x, level, theta: vjp(x, level, theta)[0], vjp)
rng, count = np.random.default_rng(4), 300
near = rng.random(count) < 0.2
drawn = np.where(near[:, None], law["means"][0], law["means"][1]) + rng.standard_normal((count, 2))
starts = rng.uniform(-8, 8, (count, 2))
walks = [drawn]
for sigmas, steps in ((np.array([0.1]), 500), (np.geomspace(20.0, 0.1, 10), 50)):
    noise = rng.standard_normal((count, len(sigmas), steps, 2))
    base = 0.2 * sigmas[-1] ** 2 if len(sigmas) > 1 else 0.05
    walks.append(annealed_langevin(starts, noise, sigmas, np.array(base), law, score=score))

figure, (panels,) = axes(3, width=2.5, height=2.6)
for axis, x, title in zip(panels, walks, ("draws", "one level", "ten levels"), strict=True):
    upper = np.sum(x, axis=1) > 0
    for mask, colour, place in ((upper, RED, (7, -1)), (~upper, BLUE, (-7, 0))):
        axis.plot(*x[mask].T, ".", ms=2.5, mew=0, color=colour, alpha=0.7)
        axis.text(*place, f"{np.mean(mask):.2f}", color=colour, ha="center")
    axis.set(aspect="equal", xlim=(-9.5, 9.5), ylim=(-9.5, 9.5), xticks=[], yticks=[], title=title)
save(figure, "annealed_langevin")
