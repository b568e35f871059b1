"""What each weighting asks for along the time, and what of it nobody can learn.

vp with β from 0.1 to 20; the data are a mixture of two Gaussians, whose score is exact. Left: √λ/ς, by which the error
of the predicted noise is multiplied. Right: the least value of J, that of the exact score, by 20000 draws at each time.
One should see that with std2 it is one half early and nothing late, and that of the others both grow like 1/t towards
the data, without a bound: early times outweigh all others.
"""

import numpy as np
from style import BLUE, GREEN, RED, axes, save

from refdgm import continuous_score_matching, gaussian_mixture_score, perturbation_kernel, sde_coefficients

ends = np.array(0.1), np.array(20.0)
law = (np.log([0.4, 0.6]), np.array([[-1.2], [1.0]]), np.array([[[0.3]], [[0.25]]]))
times = np.geomspace(1e-4, 1, 33)
kappa, std = perturbation_kernel(times, *ends, process="vp")
_, g = sde_coefficients(times, *ends, process="vp")
rng, many = np.random.default_rng(3), 20000
mode = rng.random((many, 1)) < 0.4
x0 = np.where(mode, -1.2 + 0.3 * rng.standard_normal((many, 1)), 1 + 0.25 * rng.standard_normal((many, 1)))
figure, [[left, right]] = axes(2, width=3.5, height=2.7)
for weighting, root, colour in (("std2", std, BLUE), ("diffusion2", g, RED), ("one", 1 + 0 * g, GREEN)):
    left.loglog(times, root / std, color=colour, label=weighting)
    least = []
    for t, a, s in zip(times, kappa, std, strict=True):
        eps = rng.standard_normal((many, 1))
        score = gaussian_mixture_score(a * x0 + s * eps, *law, np.array(a), np.array(s))
        least.append(np.mean(continuous_score_matching(score, eps, np.full(many, t), *ends, process="vp",
                                                       weighting=weighting)))
    right.loglog(times, least, color=colour)
left.set(xlabel="$t$", title=r"$\sqrt{\lambda}/\varsigma$")
left.legend()
right.set(xlabel="$t$", title="least value of $J$", ylim=(1e-3, 1e6))
save(figure, "continuous_score_matching")
