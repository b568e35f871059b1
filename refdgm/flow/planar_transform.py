"""A planar layer and its inverse: points move along one vector, by an amount that depends on the plane they lie in."""

from collections.abc import Callable

from refdgm.declaration.domain import PARAMETER, real, vector, word
from refdgm.declaration.symbols import Some
from refdgm.namespace import Array, Results, namespace
from refdgm.nets.activation import tanh
from refdgm.numerics.identity_minus_tanh import identity_minus_tanh
from refdgm.numerics.length import length
from refdgm.numerics.log_abs_one_plus import log_abs_one_plus, log_of_mean
from refdgm.numerics.quotient import quotient
from refdgm.primitives.softplus import softplus
from refdgm.reference import reference

DIRECTED = ("D", Some("component", "without one there is no plane"))
KINKED = "its inverse has kinks, and its slope may be 0: take softplus"
LAYER = {
    "u": real("D", kind=PARAMETER, meaning="u, where points are moved to, before it is constrained"),
    "w": vector("D", kind=PARAMETER, nonempty=DIRECTED, meaning="w, the normal of the planes, of any length"),
    "b": real(finite=True, kind=PARAMETER, meaning="b, what the planes are shifted by"),
}
STEPS = 32  # of Newton
Constrained = tuple[Array, Array, Array, Callable[[Array, Array], tuple[Array, Array]]]


def constrained(u: Array, w: Array, constraint: str) -> Constrained:
    """u_hat, k = ⟨u_hat, w⟩, sp(κ), and what makes (u_bar, w_bar) of the cotangents of u_hat and k: planar_transform
    (1), (5), (6)."""
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
                           meaning="u_hat = u, or u_hat with ⟨u_hat, w⟩ > −1, so that there is an inverse"),
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

        none       u_hat = u,   k = κ,   κ = ⟨u, w⟩
        softplus   k = sp(κ) − 1,   u_hat = u + (c/n) w,   c = k − κ = sp(−κ) − 1,   n = ‖w‖²            (1)
        a = ⟨w, z⟩ + b,   h = tanh a,   x = z + h u_hat                                                  (2)
        ℓ = log |1 + h′k|,   k = ⟨u_hat, w⟩,   h′ = sech² a = 1 − h²                                     (3)

    with sp(κ) = log(1 + e^κ), so that softplus leaves of u what is across w, and k > −1. Cotangents for x_bar and
    ℓ_bar, with E = ℓ_bar/(1 + h′k) and the sums over the batch:

        a_bar = h′ ⟨u_hat, x_bar⟩ − 2h h′k E,   z_bar = x_bar + a_bar w,   b_bar = Σ a_bar               (4)
        y = Σ h x_bar,   k_bar = Σ h′E,   none       u_bar = y + k_bar w,   w_bar = Σ a_bar z + k_bar u  (5)
        softplus   κ_bar = k_bar σ(κ) − σ(−κ) ⟨w, y⟩/n,   u_bar = y + κ_bar w
                   w_bar = Σ a_bar z + κ_bar u + (c/n) (y − 2 (⟨w, y⟩/n) w)                              (6)

    y is the cotangent of u_hat. The Jacobian I + h′ u_hat wᵀ stretches along u_hat alone; with k < −1 some planes are
    folded over, where (3) is the logarithm of a modulus. With the constraint 1 + h′k = h² + h′ sp(κ) is positive, and
    is computed so. n is the square of the length of w. A density subtracts ℓ: z is drawn, x is what comes out; used on
    data, x for z, the same layer is another model.
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


def root(y: Array, size: Array) -> Array:
    """The a with a + k tanh a = y, of k + 1: planar_inverse (2)."""
    xp = namespace(y)
    far, thirds = xp.abs(y), 2 * xp.ones_like(y) / 3
    a = quotient(y, size + (far / (1 + far)) ** thirds, 0.0)                  # planar_inverse (2)
    for _ in range(STEPS):
        h, slope = tanh(a, 1)
        a = a - quotient(identity_minus_tanh(a) + size * h - y, h * h + slope * size, 0.0)
    return a


@reference(
    args={
        "x": real("B", "D", meaning="x, a point that a layer has given"),
        **LAYER,
        "constraint": word("softplus", refused={"none": "without it there may be no inverse, or three: take softplus",
                                                "relu": KINKED},
                           meaning="that of the layer, planar_transform"),
    },
    wrt=("x", "u", "w", "b"),
    result={
        "z": real("B", "D", meaning="z, of which x is the image"),
        "log_det": real("B", meaning="ℓ = log |det ∂z/∂x|"),
    },
    source="rezende2015flows",
)
def planar_inverse(x: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Results:
    """The inverse of one layer of a planar flow, with the constraint. u_hat, k and κ are those of planar_transform.

        y = ⟨w, x⟩ + b,   a + k tanh a = y,   h = tanh a,   z = x − h u_hat,   ℓ = −log(1 + h′k)     (1)

    k > −1, so that the left side rises with a and there is one root. It is found by 32 Newton steps,

        a ← a − ((a − h) + sp(κ) h − y)/(h² + h′ sp(κ)),   from a = y/(sp(κ) + (|y|/(1 + |y|))^⅔)    (2)

    where a − h is formed without cancellation. By the theorem of the implicit function, with E = −ℓ_bar/(1 + h′k):

        a_bar = −h′ ⟨u_hat, z_bar⟩ − 2h h′k E,   y_bar = a_bar/(1 + h′k),
        x_bar = z_bar + y_bar w,   b_bar = Σ y_bar                                                   (3)
        cotangent of u_hat: −Σ h z_bar,   k_bar = Σ (h′E − h y_bar),   w_bar has Σ y_bar x           (4)

    and the rest of u_bar, w_bar as in planar_transform (6). Nothing of the iteration is differentiated, or kept. Where
    k is nearly −1, planes near the middle were pressed together by 1 + k, and no inverse has the digits that this has
    cost. Newton's steps are monotone after the first. Where (1) is nearly a³/3 = y the start is near the root, for any
    y; for k > 1 a step adds ½ at least until tanh a has left its bend, so that 32 steps are enough for k of 1e10.
    Source: Rezende & Mohamed (2015), eq. 22 in appendix A.1.
    """
    xp = namespace(x)
    hat, k, size, of_layer = constrained(u, w, constraint)
    h, slope = tanh(root(x @ w + b, size), 1)
    stretch, log_det = stretching(h, slope, k, size, constraint)

    def pullback(z_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        by_stretch = -log_det_bar / stretch
        y_bar = (-slope * (z_bar @ hat) - 2 * h * slope * k * by_stretch) / stretch    # (3)
        u_bar, w_bar = of_layer(-(h @ z_bar), xp.sum(slope * by_stretch - h * y_bar))  # (4)
        return {"x": z_bar + y_bar[:, None] * w, "u": u_bar, "w": w_bar + y_bar @ x, "b": xp.sum(y_bar)}

    return (x - h[:, None] * hat, -log_det), pullback                         # (1)
