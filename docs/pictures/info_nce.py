"""What contrasting B pairs can tell of an information, and what the temperature does.

Pairs of normal vectors of ten components whose correlation is ρ in each: their information is −5 log(1 − ρ²). Keys are
scored by the best critic, which here is an inner product of prepared vectors. Left: log B − J against the information,
for three B: it bounds the information and log B bounds it (dotted). Right: the loss of 256 pairs of unit vectors
against the temperature: one should see a least value, below which one wrong neighbour costs all.
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import info_nce

D, tries = 10, 300
rng = np.random.default_rng(12)
figure, [[left, right]] = axes(2, width=3.5, height=2.7)
shares = np.linspace(0.02, 0.98, 25)
information = -D / 2 * np.log(1 - shares**2)
for B, colour in ((8, BLUE), (64, GREEN), (512, RED)):
    bound = []
    for rho in shares:
        told = []
        for _ in range(tries if B < 100 else 8):
            x, noise = rng.standard_normal((2, B, D))
            y = rho * x + np.sqrt(1 - rho**2) * noise
            # log p(y|x) up to what depends on x alone, as one inner product
            rest = -(rho**2) / (2 * (1 - rho**2)) * np.sum(y**2, axis=1, keepdims=True)
            query = np.concatenate([rho / (1 - rho**2) * x, np.ones((B, 1))], axis=1)
            told.append(np.log(B) - info_nce(query, np.concatenate([y, rest], axis=1), np.array(1.0)))
        bound.append(np.mean(told))
    left.plot(information, bound, color=colour, label=f"$B={B}$")
    left.axhline(np.log(B), color=colour, lw=0.8, ls=":")
left.plot([0, 8], [0, 8], color=INK, lw=0.8, ls="--")
left.set(xlabel="information of a pair, in nats", title=r"$\log B-J$", xlim=(0, 12), ylim=(0, 7))
left.legend(loc="upper left")

taus = np.geomspace(0.01, 3, 41)
for angle, colour in ((0.5, BLUE), (1.0, GREEN), (1.5, RED)):
    x, noise = rng.standard_normal((2, 256, D))
    y = x + angle * noise
    x, y = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (x, y))
    loss = [info_nce(x, y, np.array(tau)) for tau in taus]
    right.loglog(taus, loss, color=colour, label=f"noise {angle:g}")
right.axhline(np.log(256), color=INK, lw=0.8, ls=":")
right.set(xlabel=r"temperature $\tau$", title="$J$ of 256 pairs")
right.legend()
save(figure, "info_nce")
