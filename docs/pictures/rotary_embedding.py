"""A product that knows a distance alone, and how its frequencies reach from steps to chapters.

Left: ⟨turned q, turned k⟩ against the distance of the positions, for a key at 0 (line) and at 137 (dots): one curve.
Right: the same with the two pairings of components mixed, queries by halves and keys by neighbours: two curves, for
it is no function of the distance.
"""

import numpy as np
from style import BLUE, RED, axes, save

from refdgm import rotary_embedding

rng = np.random.default_rng(3)
base, D = np.asarray(100.0), 16
q, k = rng.normal(size=D), rng.normal(size=D)
k = q + 0.6 * k
neighbours = np.argsort(np.concatenate([np.arange(0, D, 2), np.arange(1, D, 2)]))


def turned(v, at, mixed=False):
    """At several positions; by neighbours it is the same turn of the components in another order."""
    v = v if not mixed else v[np.argsort(neighbours)]
    y = rotary_embedding(np.repeat(v[None, None, :], len(at), axis=1), np.asarray(at, float), base)[0]
    return y if not mixed else y[:, neighbours]


figure, [[left, right]] = axes(2, height=2.6)
apart = np.arange(0, 81)
spread = {}
for axis, mixed in ((left, False), (right, True)):
    curves = []
    for start, style, colour in ((0, "-", BLUE), (137, ".", RED)):
        product = np.sum(turned(q, start + apart) * turned(k, np.full(len(apart), start), mixed), axis=1)
        axis.plot(apart, product, style, ms=4, color=colour, label=f"key at {start}")
        curves.append(product)
    spread[mixed] = np.max(np.abs(curves[0] - curves[1]))
    axis.set(xlabel="distance", ylim=(-42, 58))
left.set(title="one pairing: one curve")
right.set(title="two pairings: none")
left.legend(fontsize=8, loc="upper right", ncols=2)
save(figure, "rotary_embedding")
print(f"curves apart by {spread[False]:.1e} and {spread[True]:.1f}, |q|² = {q @ q:.1f}")
