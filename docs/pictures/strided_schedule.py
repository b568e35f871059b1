"""Where ten steps of a schedule of a thousand stop, and how much noise their first one is told.

The linear schedule from 1e-4 to 0.02. Left: the timesteps of the three spacings; only "leading" leaves out the last.
Middle: the share of the data's deviation, √ᾱ, at the noisiest step that is visited, against the number of steps: what a
sampler that begins at pure noise is wrong by. Right: β of each of ten strides beside those of the thousand steps. One
should see that leading with few steps begins at a visible picture, and that strides near the noise are nearly whole.
"""

import numpy as np
from style import BLUE, GREEN, GREY, RED, axes, save

from refdgm import linear_schedule, strided_schedule

full = linear_schedule(np.array(1e-4), np.array(0.02), steps=1000)
figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
counts = np.array([2, 3, 5, 10, 20, 50, 100, 200, 500, 1000])
drawn = (("leading", RED, "s"), ("linspace", GREEN, "^"), ("trailing", BLUE, "o"))
for row, (spacing, colour, mark) in enumerate(drawn):
    steps, beta, _, _ = strided_schedule(full, steps=10, spacing=spacing)
    left.plot(steps, np.full(10, -row), "|", ms=16, color=colour)
    left.text(500, -row + 0.3, spacing, ha="center", fontsize=8)
    right.semilogy(steps, beta, mark, ms=4, color=colour)
    kept = [np.sqrt(strided_schedule(full, steps=int(n), spacing=spacing)[2][0]) for n in counts]
    middle.semilogx(counts, kept, mark, ls="-", ms=3.5, color=colour, label=spacing)
left.axvline(999, color=GREY, lw=0.7, ls=":")
left.set(ylim=(-2.5, 0.7), yticks=[], xlabel="timestep", xticks=[0, 500, 999], title="ten of a thousand")
left.spines["left"].set_visible(False)
middle.set(xlabel="steps $S$", title=r"$\sqrt{\bar\alpha}$ where the sampler begins")
middle.legend(fontsize=8)
right.semilogy(np.arange(1000), full, color=GREY, lw=1)
right.text(700, 0.0035, "of all steps", color=GREY, fontsize=8, ha="center")
right.set(xlabel="timestep", title=r"$\beta$ of the strides")
save(figure, "strided_schedule")
