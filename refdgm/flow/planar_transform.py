"""A planar layer: points move along one vector, by an amount that depends on the plane that they lie in."""

from collections.abc import Callable

from refdgm.declaration.domain import PARAMETER, real, vector, word
from refdgm.declaration.symbols import Some
from refdgm.namespace import Array, Results, namespace
from refdgm.nets.activation import tanh
from refdgm.numerics.length import length
from refdgm.numerics.log_abs_one_plus import log_abs_one_plus, log_of_mean
from refdgm.primitives.softplus import softplus
from refdgm.reference import reference

DIRECTED = ("D", Some("component", "without one there is no plane"))
KINKED = "its inverse has kinks, and its slope may be 0: take softplus"
LAYER = {
    "u": real("D", kind=PARAMETER, meaning="u, where points are moved to, before it is constrained"),
    "w": vector("D", kind=PARAMETER, nonempty=DIRECTED, meaning="w, the normal of the planes, of any length"),
    "b": real(finite=True, kind=PARAMETER, meaning="b, what the planes are shifted by"),
}
Constrained = tuple[Array, Array, Array, Callable[[Array, Array], tuple[Array, Array]]]


def constrained(u: Array, w: Array, constraint: str) -> Constrained:
    """û, k = ⟨û, w⟩, sp(κ), and what makes (ū, w̄) of the cotangents of û and k: planar_transform (1), (5), (6)."""
    xp = namespace(u)
    kappa = xp.sum(u * w)
    if constraint == "none":
        # planar_transform (5); there is no sp(κ), and none is looked at
        return u, kappa, kappa, lambda hat_bar, k_bar: (hat_bar + k_bar * w, k_bar * u)
    size, of_size = softplus.body(kappa)
    other, of_other = softplus.body(-kappa)
    norm = length(w[None, :])[0]
    unit, step = w / norm, (other - 1) / norm

    def pullback(hat_bar: Array, k_bar: Array) -> tuple[Array, Array]:
        along = xp.sum(unit * hat_bar)
        kappa_bar = of_size(k_bar)["x"] - of_other(along / norm)["x"]
        # planar_transform (6)
        return hat_bar + kappa_bar * w, step / norm * (hat_bar - 2 * along * unit) + kappa_bar * u

    return u + step * unit, size - 1, size, pullback                      # planar_transform (1)


def stretching(h: Array, slope: Array, k: Array, size: Array, constraint: str) -> tuple[Array, Array]:
    """1 + h′k and log |1 + h′k|: planar_transform (3)."""
    if constraint == "none":
        return 1 + slope * k, log_abs_one_plus(slope * k)
    return h * h + slope * size, log_of_mean(slope, h * h, size)


@reference(
    args={
        "z": real("B", "D", meaning="z, a point of the base"),
        **LAYER,
        "constraint": word("none", "softplus", refused={"relu": KINKED},
                           meaning="û = u, or û with ⟨û, w⟩ > −1, so that there is an inverse"),
    },
    wrt=("z", "u", "w", "b"),
    result={
        "x": real("B", "D", meaning="x, the image"),
        "log_det": real("B", meaning="ℓ = log |det ∂x/∂z|"),
    },
    source="rezende2015flows",
)
def planar_transform(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Results:
    """One layer of a planar flow.

        none       û = u,   k = κ,   κ = ⟨u, w⟩
        softplus   k = sp(κ) − 1,   û = u + (c/n) w,   c = k − κ = sp(−κ) − 1,   n = ‖w‖²     (1)
        a = ⟨w, z⟩ + b,   h = tanh a,   x = z + h û                           (2)
        ℓ = log |1 + h′k|,   k = ⟨û, w⟩,   h′ = sech² a = 1 − h²              (3)

    with sp(κ) = log(1 + e^κ), so that softplus leaves of u what is across w, and k > −1. Cotangents for x̄ and ℓ̄, with
    E = ℓ̄/(1 + h′k) and the sums over the batch:

        ā = h′ ⟨û, x̄⟩ − 2h h′k E,   z̄ = x̄ + ā w,   b̄ = Σ ā                    (4)
        y = Σ h x̄,   k̄ = Σ h′E,   none       ū = y + k̄ w,   w̄ = Σ ā z + k̄ u     (5)
        softplus   κ̄ = k̄ σ(κ) − σ(−κ) ⟨w, y⟩/n,   ū = y + κ̄ w
                   w̄ = Σ ā z + κ̄ u + (c/n) (y − 2 (⟨w, y⟩/n) w)               (6)

    y is the cotangent of û. The Jacobian I + h′ û wᵀ stretches along û alone; with k < −1 some planes are folded over,
    where (3) is the logarithm of a modulus. With the constraint 1 + h′k = h² + h′ sp(κ) is positive, and is computed
    so. n is the square of the length of w. A density subtracts ℓ: z is drawn, x is what comes out; used on data, x for
    z, the same layer is another model.
    Source: Rezende & Mohamed (2015), section 4.1, eq. 11 and 12, and appendix A.1.
    """
    xp = namespace(z)
    hat, k, size, of_layer = constrained(u, w, constraint)              # (1)
    h, slope = tanh(z @ w + b, 1)
    stretch, log_det = stretching(h, slope, k, size, constraint)        # (3)

    def pullback(x_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        by_stretch = log_det_bar / stretch
        a_bar = slope * (x_bar @ hat) - 2 * h * slope * k * by_stretch        # (4)
        u_bar, w_bar = of_layer(h @ x_bar, xp.sum(slope * by_stretch))        # (5), (6)
        return {"z": x_bar + a_bar[:, None] * w, "u": u_bar, "w": w_bar + a_bar @ z, "b": xp.sum(a_bar)}

    return (z + h[:, None] * hat, log_det), pullback                          # (2)
