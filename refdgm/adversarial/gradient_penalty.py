"""Penalties on the slope of a critic: what keeps it from being steep."""

from refdgm.declaration.domain import DATA, Map, field, noise, parameters, real, scale, word
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.activation import KINKED
from refdgm.nets.field import CRITICS, Field
from refdgm.numerics.length import length
from refdgm.numerics.quotient import or_one
from refdgm.reference import reference

CRITIC = field("x", known=CRITICS, refused={"mlp_relu": KINKED}, gives=("B", 1), meaning="f, a smooth critic")


def slope(critic: Field, x: Array, theta: dict[str, Array]) -> Array:
    """∇f at every x, by its own pullback."""
    f, pullback = critic.vjp(x, theta)
    slope: Array = pullback(namespace(x).ones_like(f), wrt=("x",))["x"]
    return slope


def along(
    critic: Field, x: Array, direction: Array, theta: dict[str, Array], bar: Array, wrt: tuple[str, ...]
) -> dict[str, Array]:
    """The gradients of Σ bar ⟨v, ∇f⟩ for a direction v that is held: those of the critic's tangent along it."""
    xp = namespace(x)
    (f, _), pullback = critic.jvp(x, direction[:, None, :], theta)
    return pullback(xp.zeros_like(f), bar[:, None, None], wrt=wrt)


@reference(
    args={
        "real": real("B", "D", meaning="x, the data"),
        "fake": real("B", "D", meaning="y, as many samples"),
        "u": noise("uniform", "B", kind=DATA, meaning="u, the share of the datum, one for each pair"),
        "theta": parameters("critic", "D", 1),
        "critic": CRITIC,
        "sides": word("two", "one", meaning="whether slopes below one cost as those above, or nothing"),
    },
    wrt=("real", "fake", "theta"),
    result=real("B", meaning="J, per pair"),
    source="gulrajani2017improved",
    conventions={
        "with its weight of 10": {"value": scale(10.0)},
        "u is the share of the sample": {"u": Map(-1.0, 1.0)},
    },
)
def gradient_penalty(
    real: Array, fake: Array, u: Array, theta: dict[str, Array], *, critic: Field, sides: str
) -> Result:
    """What asks of a critic a slope of one, between data and samples.

        p = u x + (1 − u) y,   g = ∇f(p),   n = ‖g‖                          (1)
        J = e²,   e = n − 1, or max(0, n − 1) if one-sided                   (2)

    dn = ⟨v, dg⟩ with v = g/n. Held, v makes of ⟨v, ∇f⟩ the derivative s_dot of f along it, so that the cotangents for
    J_bar are those of the critic's tangent, with none for f itself and d_bar for s_dot:

        d_bar = 2 J_bar e,   which give θ_bar and p_bar                      (3)
        x_bar = u p_bar,   y_bar = (1 − u) p_bar                             (4)

    n is over all components of an example, never over the batch, and u is one number for each. ∇f is of the score that
    is trained, before any sigmoid. Where g = 0 there is no v: J is 1 there, and 0 is taken for its gradient. The
    weight of 10 is the caller's. A critic that mixes the examples of a batch, as by normalising over it, has no
    ∇f of one of them; ReLU is refused, for its curvature is not seen at any point.
    Source: Gulrajani et al. (2017), algorithm 1; one-sided as in section 4 there.
    """
    xp = namespace(real)
    share = u[:, None]
    p = share * real + (1 - share) * fake
    g = slope(critic, p, theta)                                         # (1)
    n = length(g)
    excess = n - 1 if sides == "two" else xp.maximum(n - 1, 0)

    def pullback(loss_bar: Array, wrt: tuple[str, ...] = ("real", "fake", "theta")) -> dict[str, Array]:
        asked = (*(("x",) if "real" in wrt or "fake" in wrt else ()), *(("theta",) if "theta" in wrt else ()))
        v = g / or_one(n)[:, None]
        grads = along(critic, p, v, theta, 2 * loss_bar * excess, asked)        # (3)
        out = {"theta": grads["theta"]} if "theta" in wrt else {}
        return out | ({"real": share * grads["x"], "fake": (1 - share) * grads["x"]} if "x" in asked else {})  # (4)

    return excess * excess, pullback                                          # (2)


@reference(
    args={
        "x": real("B", "D", meaning="x, the data (R1), or samples (R2)"),
        "theta": parameters("critic", "D", 1),
        "critic": CRITIC,
    },
    wrt=("x", "theta"),
    result=real("B", meaning="J, per example"),
    source="mescheder2018convergence",
    conventions={"without the half": {"value": scale(2.0)}},
)
def zero_centered_penalty(x: Array, theta: dict[str, Array], *, critic: Field) -> Result:
    """What asks of a critic to be flat, at data, which is R1, or at samples, R2.

        g = ∇f(x),   J = ½ ‖g‖²                                              (1)

    dJ = ⟨g, dg⟩: held, g makes of it the derivative s_dot of f along g, and the cotangents for J_bar are those of the
    critic's tangent, with none for f itself and d_bar for s_dot:

        d_bar = J_bar,   which give θ_bar and x_bar                          (2)

    The square is of the norm over all components, for each example by itself, and ∇f is of the score that is trained,
    before any softplus of the loss. Without a root it has a gradient everywhere, zero where g is. The ½ is that of the
    paper's γ/2; γ, and the number of steps that a lazy penalty leaves out, are the caller's. In training both penalties
    move the critic alone: there x_bar is not asked for.
    Source: Mescheder, Geiger & Nowozin (2018), section 4.
    """
    xp = namespace(x)
    g = slope(critic, x, theta)

    def pullback(loss_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Array]:
        return along(critic, x, g / 2, theta, 2 * loss_bar, wrt)  # (2), along the half: s_dot is then J, and no larger

    return xp.sum(g * (g / 2), axis=1), pullback                              # (1)
