"""How often a pixel is covered by kernels that are laid down two apart, and zeros between against repeated pixels.

Left: twelve pixels of one under kernels of ones, of three and of four, with a stride of two. Right: a wave of 12 pixels
made twice as long by the kernel ½, 1, ½, and by repeating its pixels before. One should see a checkerboard of one and
two for three, and an even two for four away from the border; an interpolation, and a wave of nearly twice its height.
"""

import numpy as np
from style import BLUE, GREEN, RED, axes, save

from refdgm import conv2d, conv_transpose2d

figure, [[left, right]] = axes(2, height=2.6)
pixels, none = 12, np.zeros(1)


def row(numbers):
    return np.reshape(np.asarray(numbers, float), (1, 1, 1, -1))


def larger(x, kernel):
    return conv_transpose2d(row(x), row(kernel), none, stride=2)[0, 0, 0]


at, covers = np.arange(2 * pixels), {}
for size, color in ((3, RED), (4, BLUE)):
    covers[size] = larger(np.ones(pixels), np.ones(size))
    left.plot(at, covers[size] + 0.02 * (size - 3), ".-", color=color, label=f"kernel {size}")
left.set(xlabel="pixel of the result", title="kernels that lie on it", ylim=(0.5, 2.9))
left.legend(fontsize=8, loc="upper right")

wave = np.sin(2 * np.pi * np.arange(pixels) / pixels)
kernel = [0.5, 1.0, 0.5]
between, repeated = larger(wave, kernel), conv2d(row(np.repeat(wave, 2)), row(kernel), none, stride=1)[0, 0, 0]
right.plot(2 * np.arange(pixels), wave, "o", color=GREEN, label="what comes in")
right.plot(at, between, ".-", color=BLUE, label="zeros between")
right.plot(at, repeated, ".-", color=RED, label="repeated")
right.set(xlabel="pixel of the result", title="a wave under ½, 1, ½")
right.legend(fontsize=8)
save(figure, "conv_transpose2d")
inner = slice(2, -3)
print(f"of three {sorted(set(covers[3][inner]))}, of four {sorted(set(covers[4][inner]))}; repeated pixels are "
      f"{np.max(np.abs(repeated[inner])) / np.max(np.abs(between[inner])):.2f} times as high")
