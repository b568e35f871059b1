"""A flow whose component d is scaled and shifted by what two networks say of those before it, and its inverse."""

from typing import Any

from refdgm.declaration.domain import field, parameters, real, word
from refdgm.namespace import Array, Results, namespace
from refdgm.nets.activation import ACTIVATIONS, tanh
from refdgm.nets.field import AUTOREGRESSIVE, Field
from refdgm.reference import reference

NOT_BEFORE = "its component d sees x_d and what follows: take made_{} or a Field that does not"
CONDITIONED = {
    "shift_theta": parameters("conditioner", meaning="θ_m, of the network m of the shifts"),
    "scale_theta": parameters("conditioner", meaning="θ_a, of the network a of the log-scales"),
    "conditioner": field("x", known=AUTOREGRESSIVE,
                         refused={f"mlp_{name}": NOT_BEFORE.format(name) for name in ACTIVATIONS}
                         | {"linear": "its component d sees x_d and what follows: take triangular"},
                         meaning="m and a, two networks of one kind; their component d sees x_1 … x_{d−1} alone"),
    "scale": word("bounded", "exp", meaning="α = tanh a, between −1 and 1, or α = a"),
}


def log_scale(a: Array, scale: str) -> tuple[Array, Array]:
    """α and α′."""
    return tuple(tanh(a, 1)) if scale == "bounded" else (a, namespace(a).ones_like(a))       # masked_autoregressive (1)


@reference(
    args={"x": real("B", "D", meaning="x, the data"), **CONDITIONED},
    wrt=("x", "shift_theta", "scale_theta"),
    result={"z": real("B", "D", meaning="z, the point of the base"),
            "log_det": real("B", meaning="ℓ = log |det ∂z/∂x|, of the direction that is taken")},
    source="papamakarios2017masked",
)
def masked_autoregressive(x: Array, shift_theta: dict[str, Array], scale_theta: dict[str, Array], *,
                          conditioner: Field, scale: str) -> Results:
    """One layer of a masked autoregressive flow (MAF), from data to noise: all components at once.

        μ = m(x, θ_m),   a = a(x, θ_a),   α = tanh a or a                              (1)
        z = (x − μ) ∘ e^{−α},   ℓ = −Σ_d α_d                                           (2)

    Component d of μ and of α depends on x_1 … x_{d−1} alone, so that ∂z/∂x is lower triangular, its diagonal e^{−α}.
    Cotangents for z_bar and ℓ_bar, with α′ = 1 − tanh² a or 1:

        e = e^{−α} ∘ z_bar,   a_bar = −α′ ∘ (z_bar ∘ z + ℓ_bar)                        (3)
        x_bar = e + the pullback of m at −e + that of a at a_bar,   θ_bar as they say  (4)

    If z has the density p then x has p(z) e^ℓ: log p(x) = log p(z) + ℓ. Networks that see their own component make ℓ
    wrong, and nothing here notices. Other code takes e^{α/2}, a softplus or a clamp for the scale. The inverse
    autoregressive flow (IAF) asks its networks at the noise: it is `masked_autoregressive_inverse`, letters exchanged.
    Source: Papamakarios, Pavlakou & Murray (2017), section 3.
    """
    xp = namespace(x)
    shift, shift_pullback = conditioner.vjp(x, shift_theta)
    a, scale_pullback = conditioner.vjp(x, scale_theta)
    alpha, slope = log_scale(a, scale)                                        # (1)
    shrink = xp.exp(-alpha)
    z = (x - shift) * shrink                                                  # (2)

    def pullback(z_bar: Array, log_det_bar: Array,
                 wrt: tuple[str, ...] = ("x", "shift_theta", "scale_theta")) -> dict[str, Any]:
        moved = z_bar * shrink                                                # (3)
        a_bar = -slope * (z_bar * z + log_det_bar[:, None])
        by_shift = shift_pullback(-moved, wrt=asked(wrt, x="x", theta="shift_theta"))
        by_scale = scale_pullback(a_bar, wrt=asked(wrt, x="x", theta="scale_theta"))
        x_bar = moved + by_shift["x"] + by_scale["x"] if "x" in wrt else None                # (4)
        return {"x": x_bar, "shift_theta": by_shift.get("theta"), "scale_theta": by_scale.get("theta")}

    return (z, -xp.sum(alpha, axis=1)), pullback


def asked(wrt: tuple[str, ...], **names: str) -> tuple[str, ...]:
    """What a network is asked for: its own names, of those that are wanted."""
    return tuple(own for own, name in names.items() if name in wrt)


@reference(
    args={"z": real("B", "D", meaning="z, the point of the base"), **CONDITIONED},
    wrt=("z", "shift_theta", "scale_theta"),
    result={"x": real("B", "D", meaning="x, the data"),
            "log_det": real("B", meaning="ℓ = log |det ∂x/∂z|, of the direction that is taken")},
    source="papamakarios2017masked",
)
def masked_autoregressive_inverse(z: Array, shift_theta: dict[str, Array], scale_theta: dict[str, Array], *,
                                  conditioner: Field, scale: str) -> Results:
    """One layer of a masked autoregressive flow, from noise to data: one component after the other.

        x_d = μ_d(x_{<d}) + z_d e^{α_d(x_{<d})},   d = 1 … D,   μ and α as in `masked_autoregressive`   (1)
        ℓ = Σ_d α_d                                                                                     (2)

    Cotangents for x_bar and ℓ_bar. With v the whole cotangent of x, which is known from the last component to the
    first:

        a_bar = α′ ∘ (v ∘ z ∘ e^α + ℓ_bar)                                                              (3)
        v_d = x_bar_d + component d of the pullback of m at v and of that of a at a_bar,   d = D … 1    (4)
        z_bar = e^α ∘ v,   θ_bar from the pullbacks of m at v and of a at a_bar                         (5)

    Component d of these pullbacks looks at what comes after d, so that (4) is a triangular system, solved backwards.
    It is not the loop (1) differentiated: the networks' last evaluation serves alone, and memory does not grow with D.
    With α = a components may be exponentials of exponentials of those before them, and overflow; a tanh bounds them.
    The inverse autoregressive flow (IAF) samples by `masked_autoregressive`; this is its density, letters exchanged.
    Source: Papamakarios, Pavlakou & Murray (2017), section 3; (3–5) by the implicit function theorem.
    """
    xp, many = namespace(z), z.shape[1]
    x = xp.zeros_like(z)
    for d in range(many - 1):  # the last component is seen by none
        alpha, _ = log_scale(conditioner.value(x, scale_theta), scale)
        x = placed(x, d, conditioner.value(x, shift_theta) + z * xp.exp(alpha))
    shift, shift_pullback = conditioner.vjp(x, shift_theta)
    a, scale_pullback = conditioner.vjp(x, scale_theta)
    alpha, slope = log_scale(a, scale)
    grown = z * xp.exp(alpha)

    def pullback(x_bar: Array, log_det_bar: Array,
                 wrt: tuple[str, ...] = ("z", "shift_theta", "scale_theta")) -> dict[str, Any]:
        def a_bar(whole: Array) -> Array:
            return slope * (whole * grown + log_det_bar[:, None])             # (3)

        whole = x_bar
        for d in range(many - 2, -1, -1):                                     # (4)
            later = shift_pullback(whole, wrt=("x",))["x"] + scale_pullback(a_bar(whole), wrt=("x",))["x"]
            whole = placed(whole, d, x_bar + later)
        by_shift = shift_pullback(whole, wrt=asked(wrt, theta="shift_theta"))   # (5)
        by_scale = scale_pullback(a_bar(whole), wrt=asked(wrt, theta="scale_theta"))
        return {"z": xp.exp(alpha) * whole, "shift_theta": by_shift.get("theta"), "scale_theta": by_scale.get("theta")}

    return (shift + grown, xp.sum(alpha, axis=1)), pullback                   # (1, 2)


def placed(x: Array, d: int, new: Array) -> Array:
    """x with component d of `new`."""
    return namespace(x).concat([x[:, :d], new[:, d:d + 1], x[:, d + 1:]], axis=1)
