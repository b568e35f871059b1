"""What a label pulls at, what a smoothed one does, and where a sum of logarithms ends.

Three classes. Left: J against the lead of the right class over both others, for a hard label and one smoothed to 0.9.
One should see that the hard one wants an endless lead and the smoothed one 2.9. Middle: the slope in the right logit:
it is the share that is missing. Right: log of a softmax in float32 by its definition (red) and the package's J (blue),
for a wrong class that leads.
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import cross_entropy

lead = np.linspace(-4, 10, 281)
logits = np.stack([lead, 0 * lead, 0 * lead], axis=1)
figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
shown = {}
for target, colour, label in (([1, 0, 0], BLUE, "hard"), ([0.9, 0.05, 0.05], GREEN, "smoothed")):
    J, pullback = cross_entropy.vjp(logits, np.repeat([target], len(lead), axis=0).astype(float))
    left.plot(lead, J, color=colour, label=label)
    middle.plot(lead, pullback(np.ones(len(lead)))["logits"][:, 0], color=colour, label=label)
    shown[label] = lead[np.argmin(J)], np.min(J)
best = shown["smoothed"]
left.plot(*best, "o", ms=4, color=INK)
left.text(best[0] + 0.3, best[1] + 0.35, f"least at {np.log(0.9 / 0.05):.2f}", fontsize=8)
left.set(xlabel="lead of the right class", title="$J$")
left.legend()
middle.axhline(0, color=INK, lw=0.7, ls=":")
middle.set(xlabel="lead of the right class", title="slope in its logit")

behind = np.linspace(0, 130, 66).astype(np.float32)
wrong = np.stack([0 * behind, behind], axis=1)
label = np.repeat(np.array([[1, 0]], np.float32), len(behind), axis=0)
with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
    e = np.exp(wrong)
    plain = -np.log(e[:, 0] / np.sum(e, axis=1))
right.plot(behind, cross_entropy(wrong, label), color=BLUE, label="package")
right.plot(behind, plain, ".", ms=3.5, color=RED, label="as it is defined")
lost = behind[~np.isfinite(plain)][0]
right.axvline(lost, color=INK, lw=0.8, ls=":")
right.text(lost + 3, 10, f"infinite\nfrom {lost:.0f}", fontsize=8)
right.set(xlabel="lead of the wrong class", title="$J$ in float32")
right.legend(fontsize=8)
save(figure, "cross_entropy")
