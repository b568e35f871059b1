"""From masks to a triangle: two layers of weights, the paths through them, and the Jacobian of the flow.

Five components, eight hidden units, random weights. The masks (grey: the weight stays) let component d hear those
before it alone; their product counts ways from input to output. Right: ∂z/∂x at one point, from five pullbacks of the
package. One should see nothing on or above the diagonal of the third, and e^{−α} on that of the fourth.
"""

import matplotlib.pyplot as plt
import numpy as np
from style import GREY, INK, save

from refdgm.flow.masked_autoregressive import masked_autoregressive
from refdgm.nets.made import allowed

D, hidden = 5, 8
rng = np.random.default_rng(5)
shapes = {"W1": (hidden, D), "b1": (hidden,), "W2": (D, hidden), "b2": (D,)}
shift, scale = ({name: rng.normal(0, 0.9, shape) for name, shape in shapes.items()} for _ in range(2))
first, last = (np.asarray(mask, float) for mask in allowed(np, D, [hidden, D]))
x = rng.standard_normal((1, D))
_, pullback = masked_autoregressive.vjp(x, shift, scale, conditioner="made_tanh", scale="bounded")
jacobian = np.array([pullback(row[None], np.zeros(1))["x"][0] for row in np.eye(D)])

figure, panels = plt.subplots(1, 4, figsize=(7.4, 2.7), width_ratios=[D, hidden, D, D], squeeze=False)
for axis, matrix, title, down, across in zip(
    panels[0], [first, last, last @ first, jacobian],
    ["mask of $W_1$", "mask of $W_2$", "ways $d\\leftarrow j$", "$\\partial z/\\partial x$"],
    ["unit", "output $d$", "output $d$", "$z_d$"], ["input $j$", "unit", "input $j$", "$x_j$"], strict=True,
):
    high, wide = matrix.shape
    whole = axis is not panels[0][3]
    top = np.max(abs(matrix)) * (2 if whole else 1)
    axis.pcolormesh(matrix, cmap="Greys" if whole else "RdBu_r", vmin=0 if whole else -top, vmax=top,
                    edgecolors="#dddddd", linewidth=0.5)
    if axis in panels[0][2:]:
        for (i, j), value in np.ndenumerate(matrix):
            if value:
                axis.text(j + 0.5, i + 0.5, f"{value:.0f}" if whole else f"{value:.1f}".replace("-", "−"), ha="center",
                          va="center", fontsize=7, color="white" if abs(value) > 0.7 * top else INK)
    if axis is panels[0][2]:
        axis.plot([0, wide], [0, high], color=GREY, lw=0.6)
    axis.set(xlim=(0, wide), ylim=(high, 0), xticks=[], yticks=[], title=title, xlabel=across, ylabel=down,
             aspect="equal")
save(figure, "masked_autoregressive")
