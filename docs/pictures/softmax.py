"""The winner's gradient of softmax against its lead: relative errors of the textbook pullback and of the package's.

Three categories with logits (lead, 0, −1) and y_bar = (0.7, −0.4, 0.25), against 60 digits. Above each picture's dashed
line no digit is left: y ∘ (y_bar − ⟨y_bar, y⟩) arrives there in both formats; measured from the winner, no digit is
lost. """

import mpmath
import numpy as np
from style import BLUE, INK, RED, axes, save

from refdgm import softmax

mpmath.mp.dps = 60
figure, ((left, right),) = axes(2)
for axis, format_, leads in ((left, np.float32, np.linspace(0, 24, 49)), (right, np.float64, np.linspace(0, 48, 49))):
    bar = np.asarray([[0.7, -0.4, 0.25]], format_)
    errors = {"textbook": [], "from the winner": []}
    for lead in leads.astype(format_):
        logits = np.asarray([[lead, 0, -1]], format_)
        e = [mpmath.exp(float(a)) for a in logits[0]]
        y_bar = [mpmath.mpf(float(a)) for a in bar[0]]
        inner = sum(a * b for a, b in zip(e, y_bar, strict=True)) / sum(e)
        exact = e[0] / sum(e) * (y_bar[0] - inner)
        y, pullback = softmax.vjp(logits)
        for name, got in (("textbook", y * (bar - np.sum(bar * y))), ("from the winner", pullback(bar)["logits"])):
            errors[name].append(float(abs(float(got[0, 0]) / exact - 1)))
    least = np.finfo(format_).eps / 64
    for colour, (name, error) in zip((RED, BLUE), errors.items(), strict=True):
        axis.semilogy(leads, np.maximum(error, least), ".", ms=3.5, color=colour, label=name)
    axis.axhline(1, color=INK, lw=0.8, ls="--")
    axis.set(title=format_.__name__, xlabel=r"lead of the winner, $\ell_k-\max_{j\neq k}\ell_j$")
left.set_ylabel(r"relative error of $\bar\ell_k$")
right.legend(loc="upper left", bbox_to_anchor=(0, 0.95), handletextpad=0, borderpad=0)
save(figure, "softmax")
