"""Two laws that do not overlap: what a divergence tells of their distance, and how strongly it pulls.

Data at −1 and samples at −1 + m, both spread by 0.1. Left: the largest value of the discriminator's game, in which
the logits are log p − log q, and the largest of the critic's, f(x) = −x, against m. Right: how strongly either pulls
at the samples' mean, by the pullback of the generator's loss. One should see the game of logits flat where the laws
have parted, with a pull of nothing (minimax, red), and the critic's value grow with the distance at a slope of one.
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import gan_discriminator_loss, gan_generator_loss, gaussian_log_density, wasserstein_critic_loss

spread, quantiles = 0.1, (np.arange(400) + 0.5) / 400
line = np.linspace(-6, 6, 20001)
below = np.cumsum(np.exp(-line**2 / 2))
unit = np.interp(quantiles, below / below[-1], line)
law = lambda x, m: gaussian_log_density(x[:, None], np.full((len(x), 1), m), np.full((len(x), 1), 2 * np.log(spread)))
logit = lambda x, m: law(x, -1.0) - law(x, m - 1)
gaps = np.linspace(0, 2, 81)
found = {name: [] for name in ("game", "critic", "minimax", "non_saturating", "pull")}
for m in gaps:
    real, fake = -1 + spread * unit, -1 + m + spread * unit
    found["game"].append(2 * np.log(2) - gan_discriminator_loss(logit(real, m), logit(fake, m)))
    found["critic"].append(-wasserstein_critic_loss(-real, -fake))
    slope = -m / spread**2  # of the logit, in x
    for objective in ("minimax", "non_saturating"):
        value, pullback = gan_generator_loss.vjp(logit(fake, m), objective=objective)
        found[objective].append(abs(np.mean(pullback(np.ones_like(value))["fake"]) * slope))
    _, pullback = wasserstein_critic_loss.vjp(-real, -fake)
    found["pull"].append(abs(-np.sum(pullback(np.array(1.0))["fake"])))

figure, [[left, right]] = axes(2, width=3.8, height=2.8)
left.plot(gaps, found["critic"], color=GREEN, label="critic")
left.plot(gaps, found["game"], color=RED, label="logits")
left.axhline(2 * np.log(2), color=INK, lw=0.6, ls=":")
left.set(xlabel="distance of the means", title="the best player's value")
left.legend()
for name, colour, label in (("pull", GREEN, "critic"), ("minimax", RED, "logits, minimax"),
                            ("non_saturating", BLUE, "logits, non-saturating")):
    right.semilogy(gaps[1:], np.maximum(found[name][1:], 1e-30), color=colour, label=label)
right.set(xlabel="distance of the means", title="pull at the samples", ylim=(1e-6, 1e4))
right.legend()
save(figure, "wasserstein_critic_loss")
