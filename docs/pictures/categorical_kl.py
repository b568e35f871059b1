"""The two orders and the symmetric one, between laws of two categories and when a narrow law is fitted to a wide one.

Left: KL(p‖q), KL(q‖p) and the Jensen–Shannon divergence for p = (½, ½) and q = (t, 1 − t); dotted: log 2, the bound of
the last. Right: p with two humps over 40 categories (grey), and of all laws with one hump the nearest by each order.
One should see KL(p‖q) spread over both and KL(q‖p) choose one.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import categorical_kl, jensen_shannon_divergence

figure, [[left, right]] = axes(2, width=3.5, height=2.7)
t = np.linspace(0.001, 0.999, 401)
p, q = np.zeros((len(t), 2)), np.log(np.stack([t, 1 - t], axis=1))
for values, colour, label in ((categorical_kl(p, q), RED, r"$\mathrm{KL}(p\|q)$"),
                              (categorical_kl(q, p), BLUE, r"$\mathrm{KL}(q\|p)$"),
                              (jensen_shannon_divergence(p, q), GREEN, "JSD")):
    left.plot(t, values, color=colour, label=label)
left.axhline(np.log(2), color=INK, lw=0.8, ls=":")
left.set(xlabel="$q_1$", title=r"from $p=(\frac{1}{2},\frac{1}{2})$, in nats", ylim=(0, 1.6))
left.legend(loc="upper center")

k = np.arange(40)
wide = np.log(0.6 * np.exp(-((k - 11) ** 2) / 18) + 0.4 * np.exp(-((k - 28) ** 2) / 18))[None]
places, widths = np.meshgrid(np.linspace(0, 39, 157), np.linspace(1, 16, 121), indexing="ij")
hump = -((k[None] - places.reshape(-1, 1)) ** 2) / (2 * widths.reshape(-1, 1) ** 2)
every = np.repeat(wide, len(hump), axis=0)
share = lambda logits: np.exp(logits - np.log(np.sum(np.exp(logits))))
right.bar(k, share(wide[0]), width=1, color=GREY, alpha=0.6, label="$p$")
for values, colour, label in ((categorical_kl(every, hump), RED, r"least $\mathrm{KL}(p\|q)$"),
                              (categorical_kl(hump, every), BLUE, r"least $\mathrm{KL}(q\|p)$")):
    best = np.argmin(values)
    right.plot(k, share(hump[best]), color=colour, label=label)
right.set(xlabel="category", yticks=[], title="one hump for two")
right.spines["left"].set_visible(False)
right.legend(fontsize=8)
save(figure, "categorical_kl")
