"""A shift of time, and why images of more pixels ask for it.

Left: t′ for four shifts; s and 1/s are reflections of one another. Middle: 20 equal steps from the noise (1) to the
data (0), shifted: with s = 3 three quarters of them are spent above ½. Right: what n pixels that repeat one value tell
of it: the deviation t/((1 − t) √n) of its mean, for 64² and 128² pixels, and for the second at the times shifted by s =
2 (marks). One should see the marks lie on the first line.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import timestep_shift

t = np.linspace(0, 1, 201)
figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
for s, colour in ((0.5, GREY), (1.0, INK), (2.0, BLUE), (3.0, RED)):
    left.plot(t, timestep_shift(t, np.array(s)), color=colour, label=f"$s={s:g}$")
left.set(xlabel="$t$", title="$t'$", aspect="equal")
left.legend(fontsize=7.5)
for row, (s, colour) in enumerate(((1.0, INK), (2.0, BLUE), (3.0, RED))):
    at = timestep_shift(np.linspace(1, 0, 21), np.array(s))
    middle.plot(at, np.full(21, -row), "|", ms=16, color=colour)
    middle.text(0.5, -row + 0.32, f"$s={s:g}$", ha="center", fontsize=8)
middle.axvline(0.5, color=GREY, lw=0.7, ls=":")
middle.set(xlim=(1.03, -0.03), ylim=(-2.5, 0.7), yticks=[], xlabel="$t'$, from noise to data", title="20 steps")
middle.spines["left"].set_visible(False)
inner = t[1:-1]
spread = lambda at, pixels: at / (1 - at) / pixels
right.semilogy(inner, spread(inner, 64), color=BLUE, label="$64^2$ pixels")
right.semilogy(inner, spread(inner, 128), color=GREEN, label="$128^2$ pixels")
few = np.linspace(0.05, 0.95, 13)
right.semilogy(few, spread(timestep_shift(few, np.array(2.0)), 128), "o", ms=4, mfc="white", color=GREEN,
               label="$128^2$ at $t'$")
right.set(xlabel="$t$", title="deviation of the mean")
right.legend(fontsize=7.5)
save(figure, "timestep_shift")
