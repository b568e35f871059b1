"""One step back, when the clean data are known."""

from refdgm.declaration.domain import Exchange, portion, real, unit
from refdgm.diffusion.x0_from_eps import X0, XT
from refdgm.namespace import Array, Results, namespace
from refdgm.numerics.components import against, inner
from refdgm.reference import reference

BETA = unit("B", meaning="β_t, the variance that step t adds",
            instead="β = 0 is no step and β = 1 leaves no signal: leave such examples out")

# What samplers pass: the product up to t, of which β_t is the share that the step takes.
BY_PRODUCTS = {
    "ᾱ_t in place of β": Exchange(
        "beta", "alpha_prod", "ᾱ_t = (1 − β) ᾱ_s, of the step s before",
        there=lambda x: (1 - x["beta"]) * x["alpha_prod_prev"],
        back=lambda x: (x["alpha_prod_prev"] - x["alpha_prod"]) / x["alpha_prod_prev"],
        pulled=lambda x, bar: {
            "beta": -bar["beta"] / x["alpha_prod_prev"],
            "alpha_prod_prev": bar["alpha_prod_prev"] + bar["beta"] * ((1 - x["beta"]) / x["alpha_prod_prev"]),
        },
    )
}


@reference(
    args={
        "xt": XT,
        "x0": X0,
        "beta": BETA,
        "alpha_prod_prev": portion("B", meaning="ᾱ_{t−1}, of the step before; 1 at t = 1",
                                   instead="ᾱ_0 = 1 belongs to t = 1; at ᾱ = 0 there is no signal"),
    },
    wrt=("xt", "x0", "beta", "alpha_prod_prev"),
    result={
        "mean": real("B", "...", meaning="μ_tilde, of x_{t−1}"),
        "variance": real("B", meaning="β_tilde, the same for all components"),
    },
    source="ho2020ddpm",
    exchanges=BY_PRODUCTS,
)
def diffusion_posterior(xt: Array, x0: Array, beta: Array, alpha_prod_prev: Array) -> Results:
    """The law of the state one step earlier, given the state and the clean data: q(x_{t−1} | x_t, x₀) = N(μ_tilde,
    β_tilde I).

        α = 1 − β,   c′ = 1 − ᾱ_{t−1},   c = β + α c′  (that is 1 − ᾱ_t)                          (1)
        μ_tilde = √ᾱ_{t−1} β/c x₀ + √α c′/c x_t                                                   (2)
        β_tilde = β c′/c                                                                          (3)

    Cotangents for m_bar (of μ_tilde) and b_bar (of β_tilde), a_bar that of ᾱ, every ⟨·,·⟩ a sum over one example, with
    ᾱ = α ᾱ_{t−1}:

        x_bar₀ = √ᾱ_{t−1} β/c m_bar,   x_bar_t = √α c′/c m_bar                                    (4)
        β_bar = ⟨m_bar, x₀⟩ √ᾱ_{t−1} c′/c² − ⟨m_bar, x_t⟩ c′ (1 + ᾱ)/(2√α c²) + b_bar (c′/c)²     (5)
        a_bar_{t−1} = ⟨m_bar, x₀⟩ β (1 + ᾱ)/(2√ᾱ_{t−1} c²) − ⟨m_bar, x_t⟩ √α β/c² − b_bar (β/c)²  (6)

    c is a sum of positive terms, for 1 − ᾱ_t as a difference loses digits at the first steps. At t = 1 the mean is
    x₀ and the variance zero, exactly: log β_tilde is −∞ there, and nothing may be divided by β_tilde.
    Source: Ho, Jain & Abbeel (2020), eq. 6 and 7.
    """
    xp = namespace(xt)
    alpha, rest = 1 - beta, 1 - alpha_prod_prev
    total = beta + alpha * rest                                               # (1)
    from_data = xp.sqrt(alpha_prod_prev) * (beta / total)
    from_state = xp.sqrt(alpha) * (rest / total)
    mean = against(from_data, x0) * x0 + against(from_state, xt) * xt         # (2)
    variance = beta * (rest / total)                                          # (3)

    def pullback(mean_bar: Array, variance_bar: Array) -> dict[str, Array]:
        data, state = inner(mean_bar, x0), inner(mean_bar, xt)
        kept, added, more = rest / total, beta / total, 1 + alpha * alpha_prod_prev
        return {
            "xt": against(from_state, xt) * mean_bar,                         # (4)
            "x0": against(from_data, x0) * mean_bar,
            "beta": kept / total * (data * xp.sqrt(alpha_prod_prev) - state * more / xp.sqrt(alpha) / 2)
                    + variance_bar * kept * kept,                             # (5)
            "alpha_prod_prev": added * ((data * more / xp.sqrt(alpha_prod_prev) / 2 - state * xp.sqrt(alpha)) / total
                                        - variance_bar * added),              # (6)
        }

    return (mean, variance), pullback
