"""What a guidance scale makes of a density, and of the noise that a sampler subtracts.

Three Gaussians on the line with noise of the deviation 0.3; the label y says "one of the two on the right". Left: the
density p(x) p(y|x)^γ, normalised; γ = 0 is p(x), γ = 1 is p(x|y). One should see γ = 1 take the left mode away, and
more than 1 go on: the middle mode is cut where the label is in doubt, the right one gains. Right: γ ∇ log p(y|x),
which is what guidance adds to the score: large on the wrong side, next to nothing where the label is sure.
"""

import numpy as np
from style import BLUE, GREEN, GREY, RED, axes, save

from refdgm import classifier_guidance, eps_from_score, gaussian_mixture_log_density, gaussian_mixture_score

logits, means = np.log([0.4, 0.35, 0.25]), np.array([[-1.3], [0.0], [2.0]])
factors, level = np.full((3, 1, 1), 0.45), 0.09
noised = (np.array(np.sqrt(1 - level)), np.array(np.sqrt(level)))
whole, labelled = (logits, means, factors), (logits[1:], means[1:], factors[1:])
x = np.linspace(-3.2, 3.6, 273)[:, None]
log_p, log_p_y = (gaussian_mixture_log_density(x, *law, *noised) for law in (whole, labelled))
score, score_y = (gaussian_mixture_score(x, *law, *noised) for law in (whole, labelled))
kept = np.full(len(x), 1 - level)
eps = eps_from_score(score, kept)

figure, [[left, right]] = axes(2, width=3.8, height=2.9)
for gamma, colour in ((0.0, GREY), (1.0, BLUE), (3.0, GREEN), (10.0, RED)):
    log = log_p + gamma * (log_p_y - log_p)
    density = np.exp(log - np.max(log))
    left.plot(x, density / (np.sum(density) * (x[1] - x[0])), color=colour, label=rf"$\gamma={gamma:g}$")
    guided = classifier_guidance(eps, score_y - score, kept, np.array(gamma))
    if gamma:
        right.plot(x, (eps - guided) / noised[1], color=colour)
left.set(xlabel="$x$", yticks=[], title=r"$p(x)\,p(y\,|\,x)^\gamma$")
left.legend()
right.set(xlabel="$x$", title=r"$\gamma\,\nabla\log p(y\,|\,x)$", yscale="log", ylim=(1e-2, 100))
save(figure, "classifier_guidance")
