"""Which variance a step should have depends on the data: the deviation of samples over that of the data.

Data N(0, s²), for which the exact noise is linear in x; a linear schedule, strided. The step is asked for its factor
(x = 1, z = 0) and its noise (x = 0, z = 1), so that the variance of the samples is carried without drawing any. Left:
the two variances, whose ratio is far from 1 at the first steps alone. Right: one should see σ² = β right for data of
the deviation 1 and too wide below it, σ² = β_tilde too narrow for all, and both nearer to 1 with more steps.
"""

import numpy as np
from style import BLUE, GREY, INK, RED, axes, save

from refdgm import ancestral_step, eps_from_score, linear_schedule, strided_schedule

full, deviations = linear_schedule(np.array(1e-4), np.array(0.02), steps=1000), np.logspace(-2, 1, 61)
one, zero = np.ones((1, 1)), np.zeros((1, 1))


def carried(steps: int, variance: str) -> np.ndarray:
    """The deviation of samples, for every deviation of the data."""
    _, beta, _, before = strided_schedule(full, steps=steps, spacing="trailing")
    found = []
    for s in deviations:
        v = 1.0
        for b, prev in zip(beta[:, None], before[:, None], strict=True):
            kept = (1 - b) * prev
            eps = eps_from_score(-one / (kept * s**2 + 1 - kept), kept)
            factor = ancestral_step(one, eps, zero, b, prev, variance=variance)
            noise = ancestral_step(zero, zero, one, b, prev, variance=variance)
            v = float(factor[0, 0]) ** 2 * v + float(noise[0, 0]) ** 2
        found.append(np.sqrt(v))
    return np.array(found)


figure, [[left, right]] = axes(2, width=3.8, height=2.9)
_, beta, _, before = strided_schedule(full, steps=1000, spacing="trailing")
for variance, colour, name in (("beta", RED, r"$\beta_t$"), ("posterior", BLUE, r"$\tilde\beta_t$")):
    still = np.zeros((1000, 1))
    noise = ancestral_step(still, still, still + 1, beta, before, variance=variance)
    left.loglog(np.arange(1000, 1, -1), noise[:-1, 0] ** 2, color=colour, label=name)
    for steps, dashes in ((10, "-"), (100, "--")):
        right.loglog(deviations, carried(steps, variance) / deviations, dashes, color=colour)
left.set(xlabel="step $t$ of 1000", title=r"the variance $\sigma_t^2$ of a step")
left.legend()
right.axhline(1, color=INK, lw=0.7, ls=":")
right.plot([], [], "-", color=GREY, label="10 steps")
right.plot([], [], "--", color=GREY, label="100 steps")
right.set(xlabel="deviation of the data", title="deviation of the samples over it", ylim=(0.4, 20))
right.legend()
save(figure, "ancestral_step")
