"""What is left of a gradient along the vector, and what a variance from two moments loses.

Left: the share of a cotangent along x that rms_norm hands on, against the size of the components: ϵ/r², half where
mean(x²) = ϵ. Right, in float32: the relative error of 16 normalised numbers against how far their mean is away, with
the variance from mean(x²) − mean(x)² (red) and as the package has it (blue). One should see the first lose two digits
for every one of the distance, and then have no number.
"""

import numpy as np
from style import BLUE, INK, RED, axes, save

from refdgm import layer_norm, rms_norm

rng = np.random.default_rng(0)
eps = np.asarray(1e-5)
figure, [[left, right]] = axes(2, height=2.6)
sizes = 10.0 ** np.linspace(-4.5, 0.5, 41)
x = rng.normal(size=16)
x /= np.sqrt(np.mean(x * x))
share = []
for size in sizes:
    point = (size * x)[None, None, :]
    y, pullback = rms_norm.vjp(point, np.ones(16), eps)
    slope = pullback(point)["x"]
    r = np.sqrt(size**2 + float(eps))
    share.append(float(np.sum(slope * point) / np.sum(point * point)) * r)
left.loglog(sizes, share, color=BLUE)
half = float(np.sqrt(eps))
left.plot(half, 0.5, "o", ms=4, color=INK)
left.text(half * 1.4, 0.55, "½ where mean(x²) = ϵ", fontsize=8)
left.set(xlabel="size of the components", title="what is left along $x$")

away = 2.0 ** np.arange(0, 21)
one, zero = np.ones(16, np.float32), np.zeros(16, np.float32)
ours, theirs = [], []
for far in away:
    moved = (x + far).astype(np.float32)
    exact = moved.astype(np.float64) - np.mean(moved.astype(np.float64))
    exact /= np.sqrt(np.mean(exact**2) + 1e-5)
    got = layer_norm(moved[None, None, :], one, zero, np.asarray(1e-5, np.float32))[0, 0]
    with np.errstate(invalid="ignore"):
        variance = np.mean(moved * moved) - np.mean(moved) ** 2
        plain = (moved - np.mean(moved)) / np.sqrt(variance + np.float32(1e-5))
    for values, errors in ((got, ours), (plain, theirs)):
        errors.append(np.max(np.abs(values - exact)) / np.max(np.abs(exact)))
right.loglog(away, theirs, ".-", color=RED, label="from two moments")
right.loglog(away, ours, ".-", color=BLUE, label="package")
right.set(xlabel="mean of the components", title="relative error in float32")
right.legend(fontsize=8)
save(figure, "layer_norm")
lost = away[np.argmax(~(np.array(theirs) < 0.5))]
print(f"half of the number is gone, or none is left, from a mean of {lost:.0f}; ours at most {max(ours):.1e}")
