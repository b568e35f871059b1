"""What the score counts: how sure a classifier is, how even its classes are, and how large the batch.

Left: 5000 samples spread evenly over ten classes, over five of ten, and half of them in one; logits are normal with the
own class ahead by what is on the axis. One should see all begin with what noise alone makes, 1.46, and each end at e to
the entropy of its classes (dotted). Right: sure samples of a thousand classes: the score of a batch against its size;
dotted: the size itself, which no score passes, and 1000.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import inception_score

rng = np.random.default_rng(2)
figure, [[left, right]] = axes(2, width=3.5, height=2.7)
leads, K = np.linspace(0, 14, 29), 10
for shares, colour, label in ((np.full(10, 0.1), BLUE, "ten classes"),
                              (np.array([0.5] + [0.5 / 9] * 9), GREEN, "half in one"),
                              (np.array([0.2] * 5 + [0] * 5), RED, "five of ten")):
    own = rng.choice(K, 5000, p=shares)
    noise = rng.standard_normal((5000, K))
    scores = [inception_score(noise + lead * np.eye(K)[own]) for lead in leads]
    left.plot(leads, scores, color=colour, label=label)
    counted = np.bincount(own) / 5000
    entropy = -np.sum(counted[counted > 0] * np.log(counted[counted > 0]))
    left.axhline(np.exp(entropy), color=colour, lw=0.7, ls=":")
left.set(xlabel="lead of the own class", title="score of 5000 samples", ylim=(0.5, 10.5))
left.legend(loc="center right", bbox_to_anchor=(1, 0.72), fontsize=8)

sizes = np.array([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 4000])
scores = [np.mean([inception_score(60.0 * np.eye(1000)[rng.integers(0, 1000, n)]) for _ in range(3)]) for n in sizes]
right.loglog(sizes, scores, "o-", ms=3.5, color=BLUE)
right.loglog(sizes, sizes, ":", color=INK, lw=0.8)
right.axhline(1000, color=GREY, lw=0.8, ls=":")
right.set(xlabel="size of the batch", title="sure samples of 1000 classes", ylim=(0.7, 3000))
save(figure, "inception_score")
