"""Three functions of one name, and what 1 + erf loses.

Left: the size of the difference from x Φ(x) of the form with tanh (red) and of x σ(1.702 x) (grey). Right: the relative
error in float64 of ½ x (1 + erf(x/√2)) (red) and of the package (blue). One should see two arches each of 5·10⁻⁴ and of
0.02, and the red points climb to one at −8.3.
"""

import math

import mpmath
import numpy as np
from style import BLUE, GREY, RED, axes, save

from refdgm import gelu, gelu_tanh, silu

mpmath.mp.dps = 60
figure, [[left, right]] = axes(2, height=2.6)
x = np.linspace(-6, 6, 2001)
for values, colour, name in ((gelu_tanh(x), RED, "with tanh"), (silu(1.702 * x) / 1.702, GREY, "x σ(1.702 x)")):
    apart = np.abs(values - gelu(x))
    left.semilogy(x, np.maximum(apart, 1e-8), color=colour, label=name)
    print(f"{name}: {np.max(apart):.2e} at most")
left.set(xlabel="$x$", title="from the exact form", ylim=(1e-7, 0.1))
left.legend(fontsize=8)

at = np.linspace(-12, 1, 131)
exact = [mpmath.mpf(float(a)) * mpmath.ncdf(mpmath.mpf(float(a))) for a in at]
plain = np.array([a / 2 * (1 + math.erf(a / math.sqrt(2))) for a in at])
for values, colour, label in ((plain, RED, "½x(1 + erf)"), (gelu(at), BLUE, "package")):
    error = [float(abs((mpmath.mpf(float(v)) - e) / e)) if e else 0.0 for v, e in zip(values, exact, strict=True)]
    right.semilogy(at, np.maximum(error, 1e-17), ".", ms=2.5, color=colour, label=label)
    print(label, f"{error[int(np.argmin(np.abs(at + 5.5)))]:.1e} at -5.5, largest {max(error):.1e}")
right.legend(fontsize=8, handletextpad=0)
right.set(xlabel="$x$", title="relative error in float64")
save(figure, "gelu")
far = np.linspace(-37, 0, 4001)[:-1]
exact = [mpmath.mpf(float(a)) * mpmath.ncdf(mpmath.mpf(float(a))) for a in far]
off = [float(abs((mpmath.mpf(float(v)) - e) / e)) for v, e in zip(gelu(far), exact, strict=True)]
print(f"down to -37 the package is off by {max(off):.1e} at most")
