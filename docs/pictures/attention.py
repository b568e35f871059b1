"""Who looks where, and what a query still learns that looks at one key.

Left: the shares of six queries of eight keys, each seeing those before it. Right, in float32: the slope in a score
against the lead of its key, of two, by the package (blue) and from p(1 − p) with p rounded (red): from a lead of 17 on
the second has nothing, and the right one is e to minus the lead.
"""

import numpy as np
from style import BLUE, INK, RED, axes, save

from refdgm import attention

rng = np.random.default_rng(1)
figure, [[left, right]] = axes(2, height=2.6)
q, k = rng.normal(size=(1, 6, 4)), rng.normal(size=(1, 8, 4))
bias = np.where(np.arange(8) <= np.arange(6)[:, None] + 2, 0.0, -np.inf)[None]
shares, _ = attention(q, k, np.eye(8)[None], bias, np.asarray(1.0))
image = left.imshow(shares[0], cmap="Blues", vmin=0, vmax=1, aspect="auto")
left.set(xlabel="key", ylabel="query", title="shares")
figure.colorbar(image, ax=left)

leads = np.linspace(0, 60, 61).astype(np.float32)
ours, plain = [], []
for lead in leads:
    keys = np.array([[[lead], [0.0]]], np.float32)
    values = np.array([[[1.0], [0.0]]], np.float32)
    one = np.ones((1, 1, 1), np.float32)
    none = np.zeros((1, 1, 2), np.float32)
    _, pullback = attention.vjp(one, keys, values, none, np.asarray(1.0, np.float32))
    ours.append(float(pullback(one, np.zeros((1, 1), np.float32))["bias"][0, 0, 0]))
    p = 1 / (1 + np.exp(-lead))
    plain.append(float(p * (np.float32(1) - p)))
right.semilogy(leads, np.where(np.array(plain) > 0, plain, np.nan), ".", color=RED, ms=4, label="$p(1-p)$")
right.semilogy(leads, ours, color=BLUE, label="package")
gone = leads[np.argmax(np.array(plain) == 0)]
right.axvline(gone, color=INK, lw=0.8, ls=":")
right.text(gone + 1, 1e-2, f"zero from {gone:.0f}", fontsize=8)
right.set(xlabel="lead of the key", title="slope in its score, float32")
right.legend(fontsize=8, loc="lower left")
save(figure, "attention")
print(f"zero from {gone:.0f}; ours at 60: {ours[-1]:.2e}, e^-60 = {np.exp(-60):.2e}")
