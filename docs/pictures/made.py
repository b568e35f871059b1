"""What the masks leave of a perceptron: the ways from the inputs to one output, and the Jacobian.

Four components and two hidden layers of six units; the number in a unit is its degree. Left: the weights that stay
(grey), and those on the ways to the third output (red). One should see that they begin at the inputs 1 and 2 alone, and
that no way leads to the first output or from the last input. Right: ∂y/∂x for random weights, from four pullbacks:
nothing on or above the diagonal.
"""

import matplotlib.pyplot as plt
import numpy as np
from style import GREY, INK, RED, save

from refdgm import made
from refdgm.nets.made import allowed

D, widths, chosen = 4, [6, 6, 4], 2
masks = [np.asarray(mask, bool) for mask in allowed(np, D, widths)]
degrees = [np.arange(1, D + 1), *(1 + np.arange(6) % (D - 1) for _ in range(2)), np.arange(1, D + 1)]
heard = [np.arange(D) == chosen]
for mask in masks[::-1]:
    heard.insert(0, np.any(mask & heard[0][:, None], axis=0))

figure, [left, right] = plt.subplots(1, 2, figsize=(7.2, 2.9), width_ratios=[2.4, 1])
places = [np.linspace(1, -1, len(degree)) * len(degree) / 2 for degree in degrees]
for layer, mask in enumerate(masks):
    for (to, of), stays in np.ndenumerate(mask):
        if stays:
            on = heard[layer + 1][to] and heard[layer][of]
            left.plot([layer, layer + 1], [places[layer][of], places[layer + 1][to]], color=RED if on else "#cccccc",
                      lw=1.1 if on else 0.8, zorder=2 if on else 1)
for layer, (degree, place) in enumerate(zip(degrees, places, strict=True)):
    for unit, (number, y) in enumerate(zip(degree, place, strict=True)):
        left.plot(layer, y, "o", ms=13, mfc="white", mec=RED if heard[layer][unit] else GREY, mew=1.3, zorder=3)
        left.text(layer, y - 0.03, str(number), ha="center", va="center", fontsize=8, color=INK, zorder=4)
left.set(xlim=(-0.3, 3.3), xticks=range(4), xticklabels=["$x$", "hidden", "hidden", "$y$"], yticks=[],
         title="weights that stay, and the ways to $y_3$")
left.spines[["left", "bottom"]].set_visible(False)
left.tick_params(length=0)

rng = np.random.default_rng(9)
shapes = [(f"{kind}{n}", shape) for n, (of, to) in enumerate(zip([D, *widths], widths, strict=False), 1)
          for kind, shape in (("W", (to, of)), ("b", (to,)))]
theta = {name: rng.normal(0, 0.8, shape) for name, shape in shapes}
_, pullback = made.vjp(rng.standard_normal((1, D)), theta, activation="tanh")
jacobian = np.array([pullback(row[None])["x"][0] for row in np.eye(D)])
top = np.max(abs(jacobian))
right.pcolormesh(jacobian, cmap="RdBu_r", vmin=-top, vmax=top, edgecolors="#dddddd", linewidth=0.5)
for (i, j), value in np.ndenumerate(jacobian):
    if value:
        right.text(j + 0.5, i + 0.5, f"{value:.2f}".replace("-", "−"), ha="center", va="center", fontsize=8,
                   color="white" if abs(value) > 0.6 * top else INK)
right.set(xlim=(0, D), ylim=(D, 0), xticks=[], yticks=[], xlabel="$x_j$", ylabel="$y_d$", aspect="equal",
          title=r"$\partial y/\partial x$")
save(figure, "made")
