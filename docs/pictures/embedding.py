"""Rows that are named often, and rows that are never named.

Left: the length of a row of W_bar of rows that are named n times, for n from 1 to 1024, of normal cotangents of 64
components: added up, and with the last place alone. Right: the share of 1000 rows with a gradient of zero against the
places, for equally frequent rows and for frequencies 1/k. One should see √n against a constant, and a table that is
quickly reached or hardly ever.
"""

import numpy as np
from style import BLUE, GREEN, RED, axes, save

from refdgm import embedding

rng = np.random.default_rng(0)
figure, [[left, right]] = axes(2, height=2.6)

D, often = 64, 2 ** np.arange(11)
index = np.repeat(np.arange(len(often)), often)[None]
bar = rng.normal(size=(1, index.shape[1], D))
heard = embedding.vjp(index, np.zeros((len(often), D)))[1](bar)["weight"]
last = bar[0, np.cumsum(often) - 1]
added, kept = (np.linalg.norm(rows, axis=1) for rows in (heard, last))
left.loglog(often, added, "o-", color=BLUE, label="added")
left.loglog(often, kept, "o-", color=RED, label="overwritten")
left.set(xlabel="times the row is named", title="length of its gradient")
left.legend(fontsize=8)

K, places = 1000, 2 ** np.arange(4, 17)
ranks = 1.0 / np.arange(1, K + 1)
silent = {}
for label, share, colour in (("equally often", np.full(K, 1 / K), GREEN), ("as 1/k", ranks / ranks.sum(), BLUE)):
    named = rng.choice(K, size=(1, places[-1]), p=share)
    silent[label] = [np.mean(embedding.vjp(named[:, :many], np.zeros((K, 1)))[1](np.ones((1, many, 1)))["weight"] == 0)
                     for many in places]
    right.semilogx(places, silent[label], "o-", color=colour, label=label)
right.set(xlabel="places", title="share of rows that hear nothing")
right.legend(fontsize=8)
save(figure, "embedding")
print(f"named 1024 times: {added[-1]:.0f} added, {kept[-1]:.1f} overwritten; after 4096 places "
      + ", ".join(f"{share[8]:.0%} hear nothing if named {label}" for label, share in silent.items()))
