"""Where a cap holds, what is left to learn there, and what 1 − tanh² keeps of it.

Left: y for the caps 1 and 2. Middle: the slopes in x and in the cap. Right, in float32: the relative error of the slope
1 − tanh² u (red) and of the package's (blue).
"""

import mpmath
import numpy as np
from style import BLUE, GREEN, GREY, RED, axes, save

from refdgm import softcap

mpmath.mp.dps = 60
figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
x = np.linspace(-5, 5, 201)
left.plot(x, x, color=GREY, lw=0.8, ls="--")
for cap, colour in ((1.0, BLUE), (2.0, GREEN)):
    left.plot(x, softcap(x, np.asarray(cap)), color=colour, label=f"$c={cap:.0f}$")
left.set(xlabel="$x$", title="$y=c\\,\\tanh(x/c)$", ylim=(-2.6, 2.6))
left.legend()
slopes = [softcap.vjp(np.array([a]), np.asarray(1.0))[1](np.ones(1)) for a in x]
middle.plot(x, [float(each["x"][0]) for each in slopes], color=BLUE, label="in $x$")
middle.plot(x, [float(each["cap"]) for each in slopes], color=RED, label="in $c$")
middle.set(xlabel="$x$, $c=1$", title="slopes")
middle.legend(fontsize=8)

u = np.linspace(0, 20, 81).astype(np.float32)
ours = softcap.vjp(u, np.asarray(1.0, np.float32))[1](np.ones_like(u))["x"]
plain = 1 - np.tanh(u) ** 2
exact = [mpmath.sech(mpmath.mpf(float(a))) ** 2 for a in u]
for values, colour, label in ((plain, RED, "$1-\\tanh^2u$"), (ours, BLUE, "package")):
    error = [float(abs(mpmath.mpf(float(v)) / e - 1)) for v, e in zip(values, exact, strict=True)]
    right.semilogy(u, np.maximum(error, 1e-9), ".", ms=2.5, color=colour, label=label)
print(f"nothing is left of 1 - tanh² from u = {u[np.argmax(plain == 0)]:.2f}")
right.set(xlabel="$u=x/c$", title="relative error in float32")
right.legend(fontsize=8, handletextpad=0)
save(figure, "softcap")
