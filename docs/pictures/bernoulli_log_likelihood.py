"""What a decoder is paid for black, white and grey, and why grey is no data of this law.

Left: J against the logit for x = 1, 0 and 0.3; the last is best where σ(l) = 0.3 (dot). Middle: the mass that p^x (1 −
p)^(1−x) has over all grey values x: one half at most, and less the surer the decoder, so that J is no log-density of
them. Right, in float32: J of a wrong and sure decoder (x = 1) against its logit, with 1e-8 under the logarithm (red),
and the package's (blue): the first has a floor, below which there is no slope.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import bernoulli_log_likelihood

J = lambda logits, x: bernoulli_log_likelihood(logits[:, None], np.full_like(logits[:, None], x))
figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
plain = np.linspace(-6, 6, 241)
for x, colour in ((1.0, BLUE), (0.0, RED), (0.3, GREEN)):
    left.plot(plain, J(plain, x), color=colour, label=f"$x={x:g}$")
best = np.log(0.3 / 0.7)
left.plot(best, J(np.array([best]), 0.3), "o", ms=4, color=INK)
left.set(xlabel="logit $l$", title="$J$", ylim=(-6, 0.3))
left.legend(loc="lower center")

nodes, weights = np.polynomial.legendre.leggauss(40)
grey = (nodes + 1) / 2
logits = np.linspace(-12, 12, 121)
every = np.repeat(logits[:, None], 40, axis=1)
each = bernoulli_log_likelihood(every.reshape(-1, 1), np.tile(grey, 121)[:, None]).reshape(121, 40)
mass = np.exp(each) @ weights / 2
middle.plot(logits, mass, color=BLUE)
middle.axhline(1, color=GREY, lw=0.8, ls=":")
middle.set(xlabel="logit $l$", title="mass over all greys", ylim=(0, 1.1))

sure = np.linspace(-60, 0, 121).astype(np.float32)
p = 1 / (1 + np.exp(-sure))
right.plot(sure, J(sure, np.float32(1)), color=BLUE, label="package")
right.plot(sure, np.log(p + np.float32(1e-8)), ".", ms=3.5, color=RED, label=r"$\log(p+10^{-8})$")
right.set(xlabel="logit $l$ of a pixel that is on", title="$J$ in float32")
right.legend(fontsize=8, loc="lower right")
save(figure, "bernoulli_log_likelihood")
