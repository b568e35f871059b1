"""What a group makes alike, and a weight's gradient with the moments of another group.

Left: the root mean square of twelve channels, each √2 times the one before, after they were normalised in 1, 3 and 12
groups. Right: how far w_bar is off, relative to its length, if the moments are those of group c mod G in place of c/D,
for every number of groups that divides twelve. One should see steps inside each group and none between them; and an
error of twice the gradient and more but for G = 1 and G = 12.
"""

import numpy as np
from style import BLUE, GREEN, RED, axes, save

from refdgm import group_norm

CHANNELS, PIXELS = 12, 400
rng = np.random.default_rng(0)
figure, [[left, right]] = axes(2, height=2.6)
sizes = 2.0 ** (np.arange(CHANNELS) / 2)
draws = rng.normal(size=(CHANNELS, PIXELS))
draws /= np.sqrt(np.mean(draws**2, axis=1, keepdims=True))
x, bar = sizes[:, None] * draws, rng.normal(size=(CHANNELS, PIXELS))
eps = np.asarray(1e-5)


def split(a, groups):
    return a.reshape(1, groups, CHANNELS // groups, PIXELS)


for groups, color in ((1, BLUE), (3, GREEN), (12, RED)):
    flat = np.ones((groups, CHANNELS // groups))
    y = group_norm(split(x, groups), flat, 0 * flat, eps).reshape(x.shape)
    left.semilogy(np.sqrt(np.mean(y**2, axis=1)), ".-", color=color, label=f"G = {groups}")
left.set(xlabel="channel", title="root mean square after it")
left.legend(fontsize=8)

counts, off = [1, 2, 3, 4, 6, 12], []
for groups in counts:
    flat = np.ones((groups, CHANNELS // groups))
    right_one = group_norm.vjp(split(x, groups), flat, 0 * flat, eps)[1](split(bar, groups))["weight"].reshape(-1)
    moments = split(x, groups)[0].reshape(groups, -1)
    other = np.arange(CHANNELS) % groups
    n = (x - moments.mean(axis=1)[other, None]) / np.sqrt(moments.var(axis=1)[other, None] + float(eps))
    off.append(np.linalg.norm(np.sum(bar * n, axis=1) - right_one) / np.linalg.norm(right_one))
right.plot(np.arange(len(counts)), off, "o-", color=RED)
right.set_xticks(np.arange(len(counts)), [str(g) for g in counts])
right.set(xlabel="groups", title="relative error of $\\bar{w}$")
save(figure, "group_norm")
each = ", ".join(f"{e:.2g} for {g}" for g, e in zip(counts, off, strict=True))
print(f"from the first to the last {2**5.5:.1f} times; w_bar is off by {each}")
