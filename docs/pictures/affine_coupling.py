"""One half moved by the other, then the other by the one: two coupling layers and their density.

Left: a mesh of the plane; middle: after a layer that moves x₂ by functions of x₁, and after one that moves x₁ by
functions of x₂. One should see that the first leaves every vertical line where it is. Right: the two scales of the
references: e^r, and σ(r + 2), which stays below one and begins near it.
"""

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, GREY, INK, RED, save

from refdgm import affine_coupling

net = lambda u: (0.5 * np.sin(1.5 * u), 0.8 * np.cos(1.2 * u))
lines, fine = np.linspace(-2, 2, 11), np.linspace(-2, 2, 81)
figure, [first, second, right] = plt.subplots(1, 3, figsize=(8.1, 2.6))


def layer(points, moved):
    """All points of (…, 2), whose component `moved` is moved by the other; the log-determinant too."""
    flat = points.reshape(-1, 2)
    kept = flat[:, 1 - moved : 2 - moved]
    y, log_det = affine_coupling(flat[:, moved : moved + 1], *net(kept), direction="forward", scale="exp")
    return np.concatenate([kept, y] if moved else [y, kept], axis=1).reshape(points.shape), log_det


along = np.array([np.stack([fine, 0 * fine + y], axis=1) for y in lines])
across = np.array([np.stack([0 * fine + x, fine], axis=1) for x in lines])
for axis, title, moves in ((first, "$x_2$ moved", (1,)), (second, "then $x_1$", (1, 0))):
    for mesh, colour in ((across, BLUE), (along, RED)):
        for moved in moves:
            mesh, _ = layer(mesh, moved)
        axis.plot(mesh[:, :, 0].T, mesh[:, :, 1].T, color=colour, lw=0.8)
    axis.spines[["left", "bottom"]].set_visible(False)
    axis.set(xticks=[], yticks=[], title=title, xlabel="$x_1$", ylabel="$x_2$", aspect="equal", adjustable="datalim")
r = np.linspace(-4, 2, 121)[:, None]
for scale, colour, label in (("exp", RED, "$e^r$"), ("sigmoid", BLUE, r"$\sigma(r+2)$")):
    y, _ = affine_coupling(np.ones_like(r), r, np.zeros_like(r), direction="forward", scale=scale)
    right.plot(r, y, color=colour, label=label)
right.axhline(1, color=GREY, lw=0.7, ls=":")
right.axvline(0, color=GREY, lw=0.7, ls=":")
zero = np.zeros((1, 1))
start = affine_coupling(zero + 1, zero, zero, direction="forward", scale="sigmoid")[0][0, 0]
right.plot(0, start, "o", ms=4, color=INK)
right.text(0.1, start - 0.25, f"{start:.2f}", fontsize=8)
right.set(xlabel="$r$", title="scale of the moved half", ylim=(0, 4))
right.legend()
save(figure, "affine_coupling")
