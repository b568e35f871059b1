"""One step of every gradient of vector quantization, in the plane: 24 latents z (dots), 4 codes e (green squares).

A cell is what one code is nearest to. Left, the straight-through copy: the decoder asks all quantized latents of a cell
to move towards the star (loss ½ ‖q − star‖²); −q_bar is drawn at z, where it arrives, and not at the code. Right, the
two losses: −z_bar (blue) of the commitment loss with β = ¼ pulls each latent towards its code; −e_bar (green) of the
codebook loss, over twice the number of latents in the cell, takes each code to their mean (cross). The code without
latents stays: it is dead. """

import numpy as np
from matplotlib.lines import Line2D
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import vector_quantization

rng = np.random.default_rng(3)
book = np.asarray([[-1.1, -0.5], [0.9, -0.9], [0.2, 1.1], [2.0, 1.5]])
z = np.concatenate([
    np.asarray(centre) + 0.28 * rng.normal(size=(8, 2)) for centre in ((-0.8, -0.9), (0.8, -0.3), (-0.2, 0.9))
])
star = np.asarray([0.2, 0.0])
(code, q, _, _), pullback = vector_quantization.vjp(z, book, 0.25)
none, one = np.zeros(len(z)), np.ones(len(z))

through = pullback(q - star, none, none)
losses = pullback(0 * q, one, one)
members = np.bincount(code, minlength=len(book))

figure, ((left, right),) = axes(2, width=4.2, height=4.3)
u, v = np.meshgrid(np.linspace(-2, 2.6, 231), np.linspace(-2, 2.2, 211))
cells = vector_quantization(np.stack([u.ravel(), v.ravel()], axis=1), book, 0.25)[0].reshape(u.shape)
for axis in (left, right):
    for j in range(len(book)):
        axis.contour(u, v, (cells == j).astype(float), levels=[0.5], colors=[INK], linewidths=0.5, alpha=0.4)
    axis.plot(*z.T, ".", ms=4, color=INK, label="latents $z$" if axis is left else None)
    axis.plot(*book.T, "s", ms=7, color=GREEN, label="codes $e$" if axis is left else None)
    axis.set(aspect="equal", xlim=(-2, 2.6), ylim=(-2, 2.2), xticks=[], yticks=[])


def arrows(axis, start, move, colour, **looks):
    axis.quiver(*start.T, *move.T, color=colour, angles="xy", scale_units="xy", scale=1, **looks)


arrows(left, z, -0.3 * through["z"], BLUE, width=0.004)
left.plot(*star, "*", ms=9, color=RED, label="star")
left.set_title("straight-through: the same arrow\nfor every latent of a cell")
arrows(right, z, -losses["z"], BLUE, width=0.003)
arrows(right, book[members > 0], (-losses["codebook"] / (2 * np.maximum(members, 1)[:, None]))[members > 0], GREEN,
       width=0.006, zorder=4)
right.plot(*np.stack([np.mean(z[code == j], axis=0) for j in np.flatnonzero(members)]).T, "x", ms=9, mew=1.2, color=RED,
           label="means of cells", zorder=5)
right.text(*(book[3] + [0, -0.3]), "dead", ha="center", color=GREEN)
right.set_title("commitment pulls latents,\nthe codebook loss takes codes to means")
figure.legend(loc="outside lower center", ncols=6, handles=[
    *left.get_legend_handles_labels()[0], *right.get_legend_handles_labels()[0],
    Line2D([], [], color=BLUE, label="step of a latent"), Line2D([], [], color=GREEN, label="step of a code"),
])
assert members[3] == 0 and not np.any(losses["codebook"][3])
save(figure, "vector_quantization")
