"""The forward process: clean data and noise, mixed in the proportion that a time step has."""

from refdgm.declaration.domain import noise, real, unit
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against, inner
from refdgm.reference import reference

ALPHA_PROD = unit("B", meaning="ᾱ = Π (1 − β_s), what is left of the signal's variance",
                  instead="at ᾱ = 1 there is no noise and at ᾱ = 0 no signal: leave such examples out")


@reference(
    args={
        "x0": real("B", "...", meaning="x₀, clean data"),
        "eps": noise("normal", "B", "...", meaning="ε, the noise"),
        "alpha_prod": ALPHA_PROD,
    },
    wrt=("x0", "alpha_prod"),
    result=real("B", "...", meaning="x_t, a draw from q(x_t | x₀)"),
    source="ho2020ddpm",
)
def forward_marginal(x0: Array, eps: Array, alpha_prod: Array) -> Result:
    """The state of the forward process at any one step, from data and noise.

        x_t = √ᾱ x₀ + √(1 − ᾱ) ε,   so that  q(x_t | x₀) = N(√ᾱ x₀, (1 − ᾱ) I)       (1)

    Cotangents for x_bar_t, a_bar that of ᾱ, every ⟨·,·⟩ a sum over one example:

        x_bar₀ = √ᾱ x_bar_t                                                          (2)
        a_bar = ⟨x_bar_t, x₀⟩ / (2√ᾱ) − ⟨x_bar_t, ε⟩ / (2√(1 − ᾱ))                   (3)

    The square roots are of ᾱ and 1 − ᾱ: these are variances. 1 − ᾱ is formed without error for ᾱ ≥ ½, but of
    the ᾱ that comes in: a float32 near 1 − 10⁻⁴, the first of the usual steps, has lost four of the seven digits
    of 1 − ᾱ before anything is computed. Keep schedules in float64 (`alpha_products`) and cast x_t.
    Source: Ho, Jain & Abbeel (2020), eq. 4.
    """
    xp = namespace(x0)
    signal, noise = xp.sqrt(alpha_prod), xp.sqrt(1 - alpha_prod)
    xt = against(signal, x0) * x0 + against(noise, x0) * eps                  # (1)

    def pullback(xt_bar: Array) -> dict[str, Array]:
        return {
            "x0": against(signal, x0) * xt_bar,                               # (2)
            "alpha_prod": inner(xt_bar, x0) / signal / 2 - inner(xt_bar, eps) / noise / 2,    # (3)
        }

    return xt, pullback
