"""What layer after layer does to the plane.

Four planar layers with their constraint, of which each bends the plane along its own direction. From left to right: the
points of a grid after 0, 1, 2 and 4 layers, the colour being log |det| up to there. One should see it grow where the
mesh is stretched (red) and fall where it is squeezed (blue), and a mesh that never folds.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from style import save

from refdgm import planar_flow

u = np.array([[1.6, 0.4], [-0.4, 1.4], [1.2, -0.6], [-0.9, -0.8]])
w = np.array([[0.8, 1.0], [1.2, 0.4], [0.7, -1.2], [0.9, 0.6]])
b = np.array([0.2, -0.5, 0.3, 0.8])
lines = np.linspace(-2, 2, 13)
fine = np.linspace(-2, 2, 49)
mesh = np.array([np.stack([fine, 0 * fine + y], axis=1) for y in lines]
                + [np.stack([0 * fine + x, fine], axis=1) for x in lines])
figure, panels = plt.subplots(1, 4, figsize=(8.4, 2.5), dpi=130)
for axis, layers in zip(panels, (0, 1, 2, 4), strict=True):
    x, log_det = planar_flow(mesh.reshape(-1, 2), u[:layers], w[:layers], b[:layers], constraint="softplus")
    x, log_det = x.reshape(mesh.shape), log_det.reshape(mesh.shape[:2])
    parts = np.stack([x[:, :-1], x[:, 1:]], axis=2).reshape(-1, 2, 2)
    drawn = LineCollection(parts, array=((log_det[:, 1:] + log_det[:, :-1]) / 2).ravel(), cmap="coolwarm", lw=1,
                           rasterized=True)
    drawn.set_clim(-2.5, 2.5)
    axis.add_collection(drawn)
    axis.autoscale()
    axis.set(aspect="equal", adjustable="datalim", xticks=[], yticks=[],
             title=f"after {layers} layer{'' if layers == 1 else 's'}")
    axis.spines[["left", "bottom"]].set_visible(False)
    told = f"$\\log|\\det|$ {np.min(log_det):.1f} to {np.max(log_det):.1f}".replace("-", "−")
    axis.text(0.5, -0.08, told, ha="center", transform=axis.transAxes, fontsize=8)
save(figure, "planar_flow")
