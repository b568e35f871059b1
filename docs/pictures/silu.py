"""Two gates, their slopes, and the tail of a form with tanh.

Left: silu and gelu_tanh. Middle: their slopes, which are above one for a while. Right: the relative error of
½ x (1 + tanh) in float64 (red) and of the package's form of the same function (blue), against 60 digits.
"""

import mpmath
import numpy as np
from style import BLUE, GREY, RED, axes, save

from refdgm import gelu_tanh, silu

mpmath.mp.dps = 60
figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
x = np.linspace(-6, 4, 401)
for ref, colour, name in ((silu, BLUE, "silu"), (gelu_tanh, RED, "gelu_tanh")):
    y, pullback = ref.vjp(x)
    left.plot(x, y, color=colour, label=name)
    slope = pullback(np.ones_like(x))["x"]
    middle.plot(x, slope, color=colour, label=name)
    print(f"{name}: least {np.min(y):.3f} at {x[np.argmin(y)]:.2f}, steepest {np.max(slope):.3f}")
middle.axhline(1, color=GREY, lw=0.8, ls="--")
left.set(xlabel="$x$", title="value")
middle.set(xlabel="$x$", title="slope")
left.legend()

at = np.linspace(-9, 1, 121)
rate = np.sqrt(2 / np.pi)
plain = 0.5 * at * (1 + np.tanh(rate * (at + 0.044715 * at**3)))
exact = []
for a in map(mpmath.mpf, map(float, at)):
    w = 2 * mpmath.sqrt(2 / mpmath.pi) * (a + mpmath.mpf("0.044715") * a**3)
    exact.append(a / (1 + mpmath.exp(-w)))
for values, colour, label in ((plain, RED, "½x(1 + tanh)"), (gelu_tanh(at), BLUE, "package")):
    error = [float(abs((mpmath.mpf(float(v)) - e) / e)) if e else 0.0 for v, e in zip(values, exact, strict=True)]
    right.semilogy(at, np.maximum(error, 1e-17), ".", ms=2.5, color=colour, label=label)
    print(label, f"{error[int(np.argmin(np.abs(at + 5)))]:.1e} at -5, largest {max(error):.1e}")
right.legend(fontsize=8, handletextpad=0)
right.set(xlabel="$x$", title="relative error in float64")
save(figure, "silu")
