"""Learning until both phases agree: the likelihood of a machine, and its pair means beside the data's.

Six units, all seen, 40 data of a hidden rule, exact gradients. Left: the mean log-likelihood along 600 steps of ascent,
with biases alone and with weights; dotted: minus the entropy of the data. Right: for all pairs ⟨yᵢyⱼ⟩ of the machine
against that of the data, at the start and after 20 and 600 steps. One should see the points come to the diagonal: there
data less model is zero.
"""

from itertools import product

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import boltzmann_log_likelihood

D = 6
rng = np.random.default_rng(3)
first = rng.random((40, 2)) < [0.7, 0.4]
flips = rng.random((40, D)) < 0.12
data = (np.stack([first[:, n % 2] for n in range(D)], axis=1) ^ flips).astype(float)
states, one = np.array(list(product([0.0, 1.0], repeat=D))), np.array(1.0)
pairs = np.triu_indices(D, 1)
figure, [[left, right]] = axes(2, width=3.5, height=2.7)
right.plot([0, 1], [0, 1], color=INK, lw=0.8, ls=":")
for weights, colour, label in ((False, RED, "biases alone"), (True, BLUE, "with weights")):
    W, b, means = np.zeros((D, D)), np.zeros(D), []
    for step in range(601):
        J, pullback = boltzmann_log_likelihood.vjp(data, W, b, one)
        means.append(np.mean(J))
        if weights and step in (0, 20, 600):
            law = np.exp(boltzmann_log_likelihood(states, W, b, one))
            model, seen = (states.T * law) @ states, data.T @ data / len(data)
            shade, mark = {0: (GREY, "s"), 20: (GREEN, "^"), 600: (BLUE, "o")}[step]
            right.plot(seen[pairs], model[pairs], mark, ms=4, color=shade, label=f"step {step}")
        grads = pullback(np.full(len(data), 1 / len(data)))
        b = b + 0.5 * grads["b"]
        if weights:
            free = grads["W"] + grads["W"].T                     # W is tied
            W = W + 0.5 * (free - np.diag(np.diag(free)))
    left.plot(means, color=colour, label=label)
_, counted = np.unique(data, axis=0, return_counts=True)
entropy = -np.sum(counted / 40 * np.log(counted / 40))
left.axhline(-entropy, color=INK, lw=0.8, ls=":")
left.set(xscale="symlog", xlim=(0, 600), xlabel="steps", title="mean log-likelihood", xticks=(kept := [0, 1, 10, 100]),
         xticklabels=map(str, kept))
left.legend(loc="upper left", bbox_to_anchor=(0, 0.9))
right.set(xlabel="of the data", ylabel="of the machine", title=r"$\langle y_iy_j\rangle$", aspect="equal",
          xlim=(0, 0.75), ylim=(0, 0.75))
right.legend(fontsize=8, loc="upper left")
save(figure, "boltzmann_log_likelihood")
