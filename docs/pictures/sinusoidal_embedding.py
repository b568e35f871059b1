"""The code of a time: its 64 components over a thousand steps, how alike two codes are, and times in [0, 1].

Left: sines above, cosines below, the fast ones first. Middle: the inner product of the codes of t and t + k, which
depends on k alone; it falls from 32 and stays above zero, for the slow components hardly move. Right: how far the code
moves from that of time 0, for times of 0 to 1 as they are and multiplied by 1000. One should see that the first stay
close together.
"""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, GREY, RED, save

from refdgm import sinusoidal_embedding

code = lambda t: sinusoidal_embedding(np.asarray(t, float), features=64, spacing="half")
figure, [left, middle, right] = plt.subplots(1, 3, figsize=(8.1, 2.6), dpi=200, width_ratios=[1.3, 1, 1])
left.pcolormesh(np.arange(0, 1000, 8), np.arange(64), code(np.arange(0, 1000, 8)).T, cmap="RdBu_r", vmin=-1, vmax=1,
                rasterized=True)
left.axhline(31.5, color="white", lw=1)
left.set(xlabel="$t$", ylabel="component", ylim=(63.5, -0.5), yticks=[0, 31, 63], title="the code of $t$")
lag = np.concatenate([np.linspace(0, 20, 81), np.linspace(21, 300, 140)])
for t, colour, width in ((700, GREY, 4), (0, BLUE, 1.2)):
    inner = code(t + lag) @ code([t])[0]
    middle.plot(lag, inner, color=colour, lw=width, alpha=0.6 if width > 2 else 1, label=f"$t={t}$")
middle.set(xlabel="$k$", title=r"$\langle v(t), v(t+k)\rangle$", ylim=(0, 34))
middle.legend()
share = np.linspace(0, 1, 201)
for factor, colour in ((1000, BLUE), (1, RED)):
    apart = np.linalg.norm(code(factor * share) - code([0.0]), axis=1)
    right.plot(share, apart, color=colour, label=f"times {factor}" if factor > 1 else "as they are")
right.set(xlabel="time in $[0, 1]$", title="distance from the code of 0", ylim=(0, 8.5))
right.legend(loc="center right", bbox_to_anchor=(1, 0.4))
save(figure, "sinusoidal_embedding")
