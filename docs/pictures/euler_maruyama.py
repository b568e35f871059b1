"""The error of a path, and the error of the law, against the length of the steps.

dx = −2 sin x dt + g dw from x = 2 over a time of 1, all step lengths along the same 3000 Wiener paths; the finest steps
are 1/2048. Left: one path with 8, 32 and 2048 steps. Right: the mean distance of the ends of paths (solid) and the
distance of their means (dashed). One should see both fall like the step itself (dotted), as the noise does not
depend on the state; a path would otherwise have the root of it.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import euler_maruyama

fine, paths = 2048, 3000
rng = np.random.default_rng(6)
eps = rng.standard_normal((paths, fine, 1))
theta, start = {"theta": np.array([-2.0])}, np.full((paths, 1), 2.0)


def ends(steps: int, until: int, count: int = paths) -> np.ndarray:
    """Where the first paths are after so many of the steps."""
    noise = eps[:count].reshape(count, steps, -1).sum(2, keepdims=True) / np.sqrt(fine / steps)
    h, at = np.full(until, 1 / steps), np.arange(until) / steps
    return euler_maruyama(start[:count], noise[:, :until], at, h, np.full(until, 0.7), theta, drift="theta_sin")[:, 0]


figure, [[left, right]] = axes(2, width=3.8, height=2.8)
for steps, colour, width in ((fine, GREY, 0.8), (32, GREEN, 1.2), (8, RED, 1.6)):
    shown = np.arange(0, steps + 1, max(1, steps // 128))
    left.plot(shown / steps, [ends(steps, n, 1)[0] if n else 2.0 for n in shown], color=colour, lw=width,
              label=f"{steps} steps")
left.set(xlabel="$t$", ylabel="$x$", title="one path")
left.legend()
counts, exact = 2 ** np.arange(2, 9), ends(fine, fine)
found = [ends(int(n), int(n)) for n in counts]
right.loglog(1 / counts, [np.mean(abs(one - exact)) for one in found], "o-", ms=3.5, color=BLUE, label="of a path")
right.loglog(1 / counts, [abs(np.mean(one - exact)) for one in found], "s--", ms=3.5, color=BLUE, label="of the mean")
right.loglog(1 / counts, 0.2 / counts, ":", color=INK, lw=1)
right.set(xlabel="length of a step", title="error at the end")
right.legend()
save(figure, "euler_maruyama")
