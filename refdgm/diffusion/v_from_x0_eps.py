"""The velocity v = √ᾱ ε − √(1 − ᾱ) x₀: x_t turned by a right angle in the plane of data and noise.

With cos φ = √ᾱ and sin φ = √(1 − ᾱ): x_t = cos φ x₀ + sin φ ε and v = dx_t/dφ = cos φ ε − sin φ x₀. Nothing is
divided, so that a prediction of v is as good as any at both ends of the schedule.
"""

from refdgm.declaration.domain import scale
from refdgm.diffusion.forward_marginal import ALPHA_PROD
from refdgm.diffusion.x0_from_eps import EPS, X0, XT, V
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against, inner
from refdgm.reference import reference


@reference(
    args={"x0": X0, "eps": EPS, "alpha_prod": ALPHA_PROD},
    wrt=("x0", "eps", "alpha_prod"),
    result=V,
    source="salimans2022distillation",
    conventions={"−v, from noise to data": {"value": scale(-1.0)}},
)
def v_from_x0_eps(x0: Array, eps: Array, alpha_prod: Array) -> Result:
    """The velocity, from data and noise: the target of v-prediction.

        v = √ᾱ ε − √(1 − ᾱ) x₀                                               (1)

    Cotangents for v_bar, a_bar that of ᾱ, every ⟨·,·⟩ a sum over one example:

        x_bar₀ = −√(1 − ᾱ) v_bar,   ε_bar = √ᾱ v_bar                         (2)
        a_bar = ⟨v_bar, ε⟩ / (2√ᾱ) + ⟨v_bar, x₀⟩ / (2√(1 − ᾱ))               (3)

    Source: Salimans & Ho (2022), appendix D.
    """
    xp = namespace(x0)
    signal, noise = xp.sqrt(alpha_prod), xp.sqrt(1 - alpha_prod)
    v = against(signal, x0) * eps - against(noise, x0) * x0                   # (1)

    def pullback(v_bar: Array) -> dict[str, Array]:
        return {
            "x0": -against(noise, x0) * v_bar,                                # (2)
            "eps": against(signal, x0) * v_bar,
            "alpha_prod": inner(v_bar, eps) / signal / 2 + inner(v_bar, x0) / noise / 2,    # (3)
        }

    return v, pullback


@reference(
    args={"xt": XT, "v": V, "alpha_prod": ALPHA_PROD},
    wrt=("xt", "v", "alpha_prod"),
    result=X0,
    source="salimans2022distillation",
)
def x0_from_v(xt: Array, v: Array, alpha_prod: Array) -> Result:
    """The data, from x_t and the velocity.

        x₀ = √ᾱ x_t − √(1 − ᾱ) v                                             (1)

    Cotangents for x_bar₀, a_bar that of ᾱ, every ⟨·,·⟩ a sum over one example:

        x_bar_t = √ᾱ x_bar₀,   v_bar = −√(1 − ᾱ) x_bar₀                      (2)
        a_bar = ⟨x_bar₀, x_t⟩ / (2√ᾱ) + ⟨x_bar₀, v⟩ / (2√(1 − ᾱ))            (3)

    Source: Salimans & Ho (2022), appendix D.
    """
    xp = namespace(xt)
    signal, noise = xp.sqrt(alpha_prod), xp.sqrt(1 - alpha_prod)
    x0 = against(signal, xt) * xt - against(noise, xt) * v                    # (1)

    def pullback(x0_bar: Array) -> dict[str, Array]:
        return {
            "xt": against(signal, xt) * x0_bar,                               # (2)
            "v": -against(noise, xt) * x0_bar,
            "alpha_prod": inner(x0_bar, xt) / signal / 2 + inner(x0_bar, v) / noise / 2,    # (3)
        }

    return x0, pullback


@reference(
    args={"xt": XT, "v": V, "alpha_prod": ALPHA_PROD},
    wrt=("xt", "v", "alpha_prod"),
    result=EPS,
    source="salimans2022distillation",
)
def eps_from_v(xt: Array, v: Array, alpha_prod: Array) -> Result:
    """The noise, from x_t and the velocity.

        ε = √(1 − ᾱ) x_t + √ᾱ v                                              (1)

    Cotangents for ε_bar, a_bar that of ᾱ, every ⟨·,·⟩ a sum over one example:

        x_bar_t = √(1 − ᾱ) ε_bar,   v_bar = √ᾱ ε_bar                         (2)
        a_bar = ⟨ε_bar, v⟩ / (2√ᾱ) − ⟨ε_bar, x_t⟩ / (2√(1 − ᾱ))              (3)

    Source: Salimans & Ho (2022), appendix D.
    """
    xp = namespace(xt)
    signal, noise = xp.sqrt(alpha_prod), xp.sqrt(1 - alpha_prod)
    eps = against(noise, xt) * xt + against(signal, xt) * v                   # (1)

    def pullback(eps_bar: Array) -> dict[str, Array]:
        return {
            "xt": against(noise, xt) * eps_bar,                               # (2)
            "v": against(signal, xt) * eps_bar,
            "alpha_prod": inner(eps_bar, v) / signal / 2 - inner(eps_bar, xt) / noise / 2,    # (3)
        }

    return eps, pullback
