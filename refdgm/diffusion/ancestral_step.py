"""Ancestral sampling: one step of the reverse chain."""

from refdgm.declaration.domain import noise as randomness
from refdgm.declaration.domain import portion, real, unit, word
from refdgm.diffusion.diffusion_posterior import BY_PRODUCTS
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against
from refdgm.reference import reference


@reference(
    args={
        "xt": real("B", "...", meaning="x_t, the noisier sample"),
        "eps_pred": real("B", "...", meaning="ε, the noise predicted from x_t"),
        "noise": randomness("normal", "B", "...", meaning="z, the noise of the step; zeros return the mean"),
        "beta": unit("B", meaning="β_t, the variance that the forward step adds",
                     instead="β_t = 1 leaves nothing of x_{t−1} in x_t, and ε does not tell x₀: predict x₀ there"),
        "alpha_prod_prev": portion("B", meaning="ᾱ_{t−1}, the product of 1 − β over the steps before; 1 at t = 1"),
        "variance": word("posterior", "beta", meaning="σ_t², the variance of the step: β_tilde_t or β_t"),
    },
    wrt=("xt", "eps_pred"),
    result=real("B", "...", meaning="x_{t−1}, the next sample"),
    source="ho2020ddpm",
    exchanges=BY_PRODUCTS,
)
def ancestral_step(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Result:
    """Ancestral step of a diffusion model: x_{t−1} from x_t and the predicted noise ε.

        α_t = 1 − β_t,   1 − ᾱ_t = (1 − ᾱ_{t−1}) + β_t ᾱ_{t−1}               (1)
        μ = (x_t − β_t / √(1 − ᾱ_t) ε) / √α_t                                (2)
        σ_t² = β_tilde_t = β_t (1 − ᾱ_{t−1}) / (1 − ᾱ_t)   or   σ_t² = β_t   (3)
        x_{t−1} = μ + σ_t z                                                  (4)

    Cotangents for the cotangent of x_{t−1}, written x_bar:

        x_bar_t = x_bar / √α_t,   ε_bar = −β_t / √(α_t (1 − ᾱ_t)) x_bar      (5)

    The schedule is given by β_t and ᾱ_{t−1}. β_t = 1 − ᾱ_t / ᾱ_{t−1} from rounded ᾱ would have lost most digits at
    small t, and (1), a sum of positive terms, loses none; but 1 − ᾱ_{t−1} has no more of them than the ᾱ_{t−1} that
    is given. The schedule is not differentiated: where ᾱ_{t−1} = 1, σ_t is zero and its slope infinite.
    The last step, t = 1, has ᾱ_{t−1} = 1: with β_tilde it returns its mean, whatever z; with β it is a sample, and the
    mean for z = 0, as the paper's algorithm 2 has it.
    Source: Ho, Jain & Abbeel (2020), eq. 7, eq. 11 and algorithm 2.
    """
    xp = namespace(xt)
    before = 1 - alpha_prod_prev
    now = before + beta * alpha_prod_prev                                     # (1)
    root = xp.sqrt(1 - beta)
    of_eps = against(beta / xp.sqrt(now), xt)
    sigma = xp.sqrt(beta * (before / now) if variance == "posterior" else beta)    # (3)
    x_prev = (xt - of_eps * eps_pred) / against(root, xt) + against(sigma, xt) * noise    # (2), (4)

    def pullback(x_prev_bar: Array) -> dict[str, Array]:
        xt_bar = x_prev_bar / against(root, xt)                                # (5)
        return {"xt": xt_bar, "eps_pred": -of_eps * xt_bar}

    return x_prev, pullback
