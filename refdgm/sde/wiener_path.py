"""Paths of a Wiener process at the ends of given steps."""

from refdgm.declaration.domain import noise, positive, real
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={
        "eps": noise("normal", "B", "T", "D", meaning="ε_n, standard normal, one number for every coordinate and step"),
        "h": positive("T", meaning="h_n, the lengths of the steps in time"),
    },
    wrt=("h",),
    result=real("B", "T", "D", meaning="w_n, the path at the end of each step; w = 0 before the first is left out"),
    source="kloeden1992sde",
)
def wiener_path(eps: Array, h: Array) -> Result:
    """Brownian motion at the times h_1, h_1 + h_2, …, from standard normal numbers.

        w_n = Σ_{k ≤ n} √h_k ε_k                                              (1)

    Cotangents for w_bar; c_k is that of the k-th increment, and ⟨·, ·⟩ a sum over components:

        c_k = Σ_{n ≥ k} w_bar_n,   h_bar_k = Σ_b ⟨c_k, ε_k⟩ / (2√h_k)         (2)

    The increments have the variance h_k, not the standard deviation; at two times the path has the covariance
    min(t, t'). Libraries hand out increments over an interval, w(t) − w(t'), and not the path: they are differences of
    this. The noise is held: h_bar is the derivative of each path, not of its law.
    Source: Kloeden & Platen (1992), section 1.8; Song et al. (2021) for its use.
    """
    xp = namespace(eps)
    root = xp.sqrt(h)[None, :, None]
    path = xp.cumulative_sum(root * eps, axis=1)                              # (1)

    def pullback(path_bar: Array) -> dict[str, Array]:
        later = xp.flip(xp.cumulative_sum(xp.flip(path_bar, axis=1), axis=1), axis=1)
        return {"h": xp.sum(later * (eps / root / 2), axis=(0, 2))}           # (2)

    return path, pullback
