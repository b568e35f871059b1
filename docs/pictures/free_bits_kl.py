"""One latent with a floor under its divergence, from silent to telling.

The encoder gives means μ times ±1 and the log-variance log(1 − μ²), so that the latent as a whole is nearly normal
and μ says how much of it is signal. Left: the divergence with floors of 0, ½ and 1 nat. Right: how strongly μ is
pulled back to the prior. One should see the divergence flat up to the floor, the pull none at all there, and at the
floor a jump to the full pull, which the floor has not lessened.
"""

import numpy as np
from style import BLUE, GREY, RED, axes, save

from refdgm import free_bits_kl

means = np.linspace(0, 0.97, 195)
figure, [[left, right]] = axes(2, width=3.8, height=2.7)
for floor, colour, width in ((1e-9, GREY, 3), (0.5, BLUE, 1.6), (1.0, RED, 1.6)):
    values, pulls = [], []
    for m in means:
        mean, logvar = np.array([[m], [-m]]), np.full((2, 1), np.log1p(-m * m))
        value, pullback = free_bits_kl.vjp(mean, logvar, np.array(floor))
        values.append(value)
        pulls.append(np.sum(pullback(np.array(1.0))["mean"] * [[1], [-1]]))
    left.plot(means, values, color=colour, lw=width, label=rf"$\lambda_0={round(floor, 1):g}$")
    right.plot(means, pulls, color=colour, lw=width)
left.set(xlabel=r"$\mu$", title="divergence in nats")
left.legend(loc=(0.03, 0.37))
right.set(xlabel=r"$\mu$", title=r"its slope in $\mu$")
save(figure, "free_bits_kl")
