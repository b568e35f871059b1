"""Where a kernel looks under two conventions of zeros, and how far the result moves by it.

Left: a row of six pixels with the zeros around it, kernel 3, stride 2; of each of three places the pixels that it sees,
with a zero on either side, as PyTorch's padding of 1 has it, and with those of TensorFlow's SAME. Right: a wave of 64
pixels under the kernel ¼, ½, ¼ with a stride of 2, by both. One should see every place of the second one pixel further
on, and the second wave ahead of the first.
"""

import numpy as np
from style import BLUE, RED, axes, save

from refdgm import conv2d
from refdgm.evidence.conventions import of

SAME = of("conv2d")["the SAME of TensorFlow"].body
figure, [[left, right]] = axes(2, height=2.6)
pixels, places = 6, 3
for name, color, first, high in (("one zero on either side", BLUE, -1, 0.16), ("SAME", RED, 0, -0.16)):
    for p in range(places):
        seen = np.arange(3) + 2 * p + first
        left.plot(seen, np.full(3, p + high), "o-", color=color, label=name if p == 0 else None)
left.axvspan(-0.5, pixels - 0.5, alpha=0.12, color="gray")
left.set(xlabel="pixel; the image is shaded", ylabel="place", yticks=range(places), ylim=(-0.5, 3.3))
left.legend(fontsize=8, loc="upper left")

length = 64
kernel, none = np.array([0.25, 0.5, 0.25]).reshape(1, 1, 1, 3), np.zeros(1)
x = np.sin(2 * np.pi * np.arange(length) / 16).reshape(1, 1, 1, length)
ours, theirs = conv2d(x, kernel, none, stride=2)[0, 0, 0], SAME(x, kernel, none, stride=2)[0][0, 0, 0]
at = np.arange(length // 2)
right.plot(at, ours, ".-", color=BLUE, label="one zero on either side")
right.plot(at, theirs, ".-", color=RED, label="SAME")
right.set(xlabel="pixel of the result", title="a wave under ¼, ½, ¼")
save(figure, "conv2d")
moved = np.max(np.abs(ours - theirs)[1:-1]) / np.max(np.abs(ours))
pixel = np.sin(2 * np.pi / 16)
print(f"they differ by up to {moved:.0%} of the height; of a wave 16 pixels long one pixel is {pixel:.0%}")
