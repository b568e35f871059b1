"""Mass goes along, density does not: one normal law and its images under two lines.

Below each line the density of z, beside it that of x, made by the package: log p(x) = log p(z) − ℓ. Left: x = −½ z + ½
turns the axis round and makes the density twice as high; right: x = 2z − ½ stretches it. One should see that the shaded
parts, an interval and its image, have the same area and another height.
"""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, GREY, INK, RED, save

from refdgm.flow.affine_transform import affine_transform

z = np.linspace(-3.2, 3.2, 161)
density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
part = (z >= 0.3) & (z <= 1.3)
figure = plt.figure(figsize=(6.8, 3.1), layout="none")
lines = [(-0.5, 0.5, BLUE, "$x=-z/2+1/2$"), (2.0, -0.5, RED, "$x=2z-1/2$")]
for side, (scale, shift, colour, line) in enumerate(lines):
    edge = 0.07 + 0.5 * side
    beside, plane = figure.add_axes((edge, 0.41, 0.12, 0.5)), figure.add_axes((edge + 0.15, 0.41, 0.27, 0.5))
    below = figure.add_axes((edge + 0.15, 0.14, 0.27, 0.21))
    x, log_det = affine_transform(z[:, None], np.full((161, 1), scale), np.full((161, 1), shift))
    image = density * np.exp(-log_det)
    plane.plot(z, x[:, 0], color=colour)
    for end in (0, -1):
        at, to = z[part][end], x[part, 0][end]
        plane.plot([at, at, -3.2], [-4.2, to, to], ":", color=GREY, lw=0.9)
    below.plot(z, density, color=INK)
    below.fill_between(z[part], density[part], color=GREY, alpha=0.6, lw=0)
    beside.plot(image, x[:, 0], color=colour)
    beside.fill_betweenx(x[part, 0], image[part], color=GREY, alpha=0.6, lw=0)
    plane.set(xlim=(-3.2, 3.2), ylim=(-4.2, 4.2), xticks=[], yticks=[], title=line)
    below.set(xlim=(-3.2, 3.2), ylim=(0.45, 0), xlabel="$z$", yticks=[0.4])
    beside.set(xlim=(0.85, 0), ylim=(-4.2, 4.2), ylabel="$x$", xticks=[0.8])
    beside.yaxis.labelpad = 0
    beside.spines["right"].set_visible(True)
    below.spines["bottom"].set_visible(False)
    below.spines["top"].set_visible(True)
    below.xaxis.tick_top()
    below.tick_params(axis="x", labeltop=False, labelbottom=True)
save(figure, "affine_transform")
