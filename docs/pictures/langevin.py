"""The law that unadjusted Langevin steps settle in, against the one that they are made for.

Left: 4000 chains of 300 steps on a mixture of two Gaussians (grey), for two step sizes η. One should see the small
step keep the law and the large one wash out the valley and the edges. Right: the variance of 4000 chains on N(0, 1)
against η; marks: chains, line: 1/(1 − η/4). One should see the bias grow like η/4, and no law at all from η = 4 on.
"""

import numpy as np
from style import BLUE, GREY, INK, RED, axes, save

from refdgm import gaussian_mixture_log_density, gaussian_mixture_score, langevin_step

law = (np.log([0.4, 0.6]), np.array([[-1.2], [1.0]]), np.array([[[0.5]], [[0.45]]]), np.array(1.0), np.array(1e-9))
chains = 4000


def settled(score, eta: float, steps: int) -> np.ndarray:
    """Where the chains are after so many steps."""
    rng = np.random.default_rng(5)
    x = rng.standard_normal((chains, 1))
    for _ in range(steps):
        x = langevin_step(x, score(x), rng.standard_normal(x.shape), np.array(eta))
    return x[:, 0]


figure, [[left, right]] = axes(2, width=3.8, height=2.9)
y = np.linspace(-3.4, 3.4, 273)
left.fill_between(y, np.exp(gaussian_mixture_log_density(y[:, None], *law)), color=GREY, alpha=0.4, lw=0)
for eta, colour in ((0.02, BLUE), (0.6, RED)):
    counts, edges = np.histogram(settled(lambda x: gaussian_mixture_score(x, *law), eta, 300), 40, (-3.4, 3.4))
    left.stairs(counts / chains / np.diff(edges), edges, color=colour, lw=1.2, label=rf"$\eta={eta:g}$")
left.set(xlabel="$x$", yticks=[], title="a mixture")
left.legend()

etas = np.array([0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.4, 3.2, 3.6])
right.plot(etas, [np.var(settled(lambda x: -x, eta, 200)) for eta in etas], "o", ms=4, color=RED)
line = np.linspace(0, 3.75, 200)
right.plot(line, 1 / (1 - line / 4), color=INK, lw=1)
right.axhline(1, color=GREY, lw=0.8, ls=":")
right.axvline(4, color=GREY, lw=0.8, ls=":")
right.set(xlabel=r"step size $\eta$", title="variance of chains on $N(0, 1)$", yscale="log", yticks=[1, 2, 5, 10],
          yticklabels=["1", "2", "5", "10"])
right.minorticks_off()
save(figure, "langevin")
