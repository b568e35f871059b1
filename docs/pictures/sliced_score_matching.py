"""The spread of sliced score matching at one point, against the number of directions.

A linear score s(x) = Ax in eight dimensions. Lines: the closed forms, with M = ½ssᵀ + ½(A + Aᵀ) for the plain form and
½(A + Aᵀ) for the reduced one; marks: 2000 values of the package. One should see the slope −½ of an average, the
reduced form below the plain one, and signs below normal directions, for the diagonal does not vary under signs.
"""

import numpy as np
from style import BLUE, RED, axes, save

from refdgm.score.sliced_score_matching import sliced_score_matching, sliced_score_matching_vr

rng = np.random.default_rng(0)
D, N = 8, 2000
A = -np.eye(D) + 0.15 * rng.normal(size=(D, D))
x = rng.normal(size=D)
theta = {"A": A, "b": np.zeros(D)}
S = (A + A.T) / 2
M = np.outer(A @ x, A @ x) / 2 + S
R = np.array([1, 2, 4, 8, 16, 32])

figure, [[plot]] = axes(width=4.6, height=3)
forms = [(sliced_score_matching, M, BLUE, "plain"), (sliced_score_matching_vr, S, RED, "reduced")]
for form, matrix, colour, name in forms:
    normal = 2 * np.sum(matrix**2)
    signs = normal - 2 * np.sum(np.diag(matrix) ** 2)
    for variance, draw, dash, mark, which in [
        (normal, lambda r: rng.normal(size=(N, r, D)), "--", "s", "normal"),
        (signs, lambda r: rng.choice([-1.0, 1.0], size=(N, r, D)), "-", "o", "signs"),
    ]:
        plot.loglog(R, np.sqrt(variance / R), dash, color=colour, label=f"{name}, {which}")
        sampled = [np.std(form(np.tile(x, (N, 1)), draw(r), theta, score="linear")) for r in R]
        plot.loglog(R, sampled, mark, color=colour, markersize=4)
plot.set(xlabel="directions $R$", ylabel="standard deviation of $J$", xticks=R, xticklabels=R)
plot.minorticks_off()
figure.legend(loc="outside right upper")
save(figure, "sliced_score_matching")
