"""All states of a small machine, what leads from one to another, and how long a chain stays.

Five units, W symmetric and drawn, 32 states. Left: their energies over the number of units that are on; lines join
states that differ in one unit, dots are as large as the probability at a temperature of one. Right: the probability of
the three lowest states against the temperature, exact (lines) and as 200 Gibbs chains count them in 200 sweeps (marks).
One should see all meet at 1/32 for high temperatures, and one state take everything for low ones.
"""

from itertools import product

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import boltzmann_energy, boltzmann_gibbs_chain, boltzmann_log_likelihood

D = 5
rng = np.random.default_rng(8)
W = rng.normal(0, 1.4, (D, D))
W = np.triu(W, 1) + np.triu(W, 1).T
b = rng.normal(0, 0.8, D)
states = np.array(list(product([0.0, 1.0], repeat=D)))
energy = boltzmann_energy(states, W, b)
place = np.sum(states, axis=1) + 0.05 * (np.argsort(np.argsort(rng.random(32))) - 15.5) / 3
figure, [[left, right]] = axes(2, width=3.5, height=2.8)
for i, j in product(range(32), range(32)):
    if i < j and np.sum(abs(states[i] - states[j])) == 1:
        left.plot(place[[i, j]], energy[[i, j]], color="#cccccc", lw=0.6, zorder=0)
share = np.exp(boltzmann_log_likelihood(states, W, b, np.array(1.0)))
left.scatter(place, energy, s=6 + 220 * share, color=BLUE, lw=0)
lowest = np.argsort(energy)[:3]
for one, colour in zip(lowest, (RED, GREEN, INK), strict=True):
    left.plot(place[one], energy[one], "o", ms=3.5, color=colour)
    bits = "".join(f"{bit:.0f}" for bit in states[one])
    left.text(place[one] - 0.2, energy[one] - 0.1, bits, fontsize=7.5, ha="right",
              va="center" if one == lowest[0] else "top" if one == lowest[1] else "bottom")
left.set(xlabel="units that are on", ylabel="energy", title="32 states")

temperatures = np.geomspace(0.2, 20, 61)
exact = np.exp([boltzmann_log_likelihood(states[lowest], W, b, np.array(T)) for T in temperatures])
few = np.geomspace(0.5, 20, 9)
for column, colour in enumerate((RED, GREEN, INK)):
    right.semilogx(temperatures, exact[:, column], color=colour)
for T in few:
    chain = boltzmann_gibbs_chain(np.zeros((200, D)), W, b, np.array(T), rng.random((200, 300, D)))[:, 100:]
    for one, colour in zip(lowest, (RED, GREEN, INK), strict=True):
        right.plot(T, np.mean(np.all(chain == states[one], axis=2)), "o", ms=4, mfc="white", color=colour)
right.axhline(1 / 32, color=GREY, lw=0.8, ls=":")
right.set(xlabel="temperature", title="probability of the lowest three", xticks=(kept := [0.2, 1, 5, 20]),
          xticklabels=map(str, kept))
right.minorticks_off()
save(figure, "boltzmann_energy")
