"""The divergences in the variational bound: −log p(x₀) ≤ E[L_T + Σ_{t=2…T} L_{t−1} + L_0], a sum over t.

All are in nats and summed over components. L_{t−1} is `variational_loss`; L_T is `prior_loss`, L_0 is
`reconstruction_loss`; all of it is `variational_bound`. One t drawn among 2 … T estimates the sum in the middle only
when its term is multiplied by T − 1.
"""

from refdgm.declaration.domain import NAT, noise, real, scale, unit, word
from refdgm.diffusion.diffusion_posterior import BETA, BY_PRODUCTS
from refdgm.namespace import Array, Result
from refdgm.numerics.components import against, dimension, inner
from refdgm.numerics.expm1_minus_identity import expm1_minus_identity
from refdgm.numerics.log_of_rest import log_of_rest
from refdgm.reference import reference

PREDICTION = real("B", "...", meaning="ε_hat, the network's noise at x_t")
NOISE = noise("normal", "B", "...", meaning="ε, the noise that made x_t")
PER_COMPONENT = {
    "mean over components": {"value": scale(1.0, per="...")},
    "bits per dimension": {"value": scale(NAT, per="...")},
}


@reference(
    args={
        "prediction": PREDICTION,
        "eps": NOISE,
        "beta": BETA,
        "alpha_prod_prev": unit("B", meaning="ᾱ_{t−1}, of the step before; t ≥ 2",
                                instead="t = 1, where it is 1, has a term of its own: reconstruction_loss"),
        "variance": word("posterior", "beta", meaning="σ_t² of the reverse step: β_tilde_t or β_t"),
    },
    wrt=("prediction", "beta", "alpha_prod_prev"),
    result=real("B", meaning="L_{t−1}, nats per example"),
    source="ho2020ddpm",
    conventions=PER_COMPONENT,
    exchanges=BY_PRODUCTS,
)
def variational_loss(
    prediction: Array, eps: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Result:
    """L_{t−1} for t ≥ 2: KL(q(x_{t−1} | x_t, x₀) ‖ p(x_{t−1} | x_t)), the network's noise in the mean of p.

        α = 1 − β,   c′ = 1 − ᾱ_{t−1},   c = β + α c′  (that is 1 − ᾱ_t)                                (1)
        J = w ‖ε_hat − ε‖² + D K,   the sum over all D components of an example                         (2)
        σ² = β_tilde:   w = β/(2 α c′),   K = 0                                                         (3)
        σ² = β:   w = β/(2 α c),    K = ½ (r − 1 − log r),   r = β_tilde/β = c′/c                       (4)

    Cotangents for J_bar, with q = ‖ε_hat − ε‖²; e_bar that of ε_hat; those of β and, written a_bar_{t−1}, of ᾱ_{t−1} in
    the order of (3) and (4), and with ε_hat held: that it depends on them through x_t is for whoever composes:

        e_bar = 2 J_bar w (ε_hat − ε)                                                                   (5)
        β_bar = J_bar q/(2 α² c′)   or   J_bar (q (β² + α (1 + β) c′)/(2 α² c²) + D β ᾱ_{t−1}²/(2 c²))  (6)
        a_bar_{t−1} = J_bar q w/c′   or   J_bar (q β/(2 c²) + D β² ᾱ_{t−1}/(2 c′ c²))                   (7)

    w is β²/(2 σ² α (1 − ᾱ_t)) with β_tilde cancelled against it: nothing is a difference of near numbers, and log r is
    formed from r or from 1 − r = β ᾱ_{t−1}/c, whichever is smaller. At t = 1 the weight of (3) and the constant of (4)
    are infinite, for the term is no divergence: such input is refused. Without w and K it is L_simple.
    Source: Ho, Jain & Abbeel (2020), eq. 8 and 12, its constant included.
    """
    residual = prediction - eps
    loss, weight, beta_slope, prev_slope = step_divergence(
        inner(residual, residual), dimension(eps), beta, alpha_prod_prev, 1 - alpha_prod_prev, variance)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        return {
            "prediction": 2 * against(loss_bar * weight, eps) * residual,     # (5)
            "beta": loss_bar * beta_slope,
            "alpha_prod_prev": loss_bar * prev_slope,
        }

    return loss, pullback


def step_divergence(
    squares: Array, size: int, beta: Array, before: Array, rest: Array, variance: str
) -> tuple[Array, Array, Array, Array]:
    """J, w and the slopes of J in β and ᾱ_{t−1}, of ‖ε_hat − ε‖², D, β, ᾱ_{t−1} and c′, which may have digits of its
    own.

    The equations are those of `variational_loss`."""
    alpha = 1 - beta
    total = beta + alpha * rest                                               # (1)
    if variance == "posterior":
        weight = beta / alpha / rest / 2                                      # (3)
        return weight * squares, weight, squares / alpha / alpha / rest / 2, squares * weight / rest    # (6), (7)
    weight, part = beta / alpha / total / 2, beta * before / total            # (4)
    constant = expm1_minus_identity(log_of_rest(part, rest / total))
    beta_slope = squares * (beta * beta + alpha * (1 + beta) * rest) / alpha / alpha / total / total / 2
    beta_slope = beta_slope + size * (part * before / total) / 2              # (6)
    prev_slope = beta / total * (squares / total + size * (part / rest)) / 2  # (7)
    return weight * squares + size * constant / 2, weight, beta_slope, prev_slope    # (2)
