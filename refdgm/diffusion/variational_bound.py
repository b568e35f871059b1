"""The variational bound itself: all of its terms, of one draw of the noise at every step."""

from refdgm.declaration.domain import noise, real, unit, word
from refdgm.declaration.symbols import Some
from refdgm.diffusion.linear_schedule import alpha_products
from refdgm.diffusion.variational_loss import PER_COMPONENT, step_divergence
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against, dimension, inner
from refdgm.numerics.expm1_minus_identity import expm1_minus_identity
from refdgm.numerics.log_of_rest import log_of_rest
from refdgm.reference import reference


@reference(
    args={
        "prediction": real("B", "T", "...", meaning="ε_hat_t, the network's noise at x_t, for t = 1 … T",
                           nonempty=("T", Some("step", "there is no bound without a chain"))),
        "x0": real("B", "...", meaning="x₀, clean data"),
        "eps": noise("normal", "B", "T", "...", meaning="ε_t, the noise that made x_t from x₀, for t = 1 … T"),
        "beta": unit("T", meaning="β_t, for t = 1 … T; the same schedule for all examples"),
        "variance": word("posterior", "beta", meaning="σ_t² of the reverse steps t ≥ 2: β_tilde_t or β_t; σ_1² is β_1"),
    },
    wrt=("prediction", "x0", "beta"),
    result=real("B", meaning="J, nats per example; its mean over ε is at least −log p(x₀)"),
    source="ho2020ddpm",
    conventions=PER_COMPONENT,
)
def variational_bound(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Result:
    """The variational bound of −log p(x₀), a sum over all steps and no average.

        ᾱ_t = Π_{s ≤ t} (1 − β_s),   q_t = ‖ε_hat_t − ε_t‖²,   D components an example      (1)
        J = L_T + Σ_{t=2…T} L_{t−1} + L_0                                                   (2)
        L_T = ½ (ᾱ_T ‖x₀‖² + D (−ᾱ_T − log(1 − ᾱ_T)))                                       (3)
        L_{t−1} = w_t q_t + D K_t  as in `variational_loss`, of β_t and ᾱ_{t−1}             (4)
        L_0 = w_1 q_1 + ½ D log 2πβ_1,   w_1 = 1/(2 (1 − β_1))                              (5)

    Cotangents for J_bar, e_bar_t that of ε_hat_t, each with the other arguments held; that a network's ε_hat_t depends
    on x₀ and β through x_t is for whoever composes:

        e_bar_t = 2 J_bar w_t (ε_hat_t − ε_t),   x_bar₀ = J_bar ᾱ_T x₀                      (6)
        d_1 = (q_1/(1 − β_1)² + D/β_1)/2,   d_t = ∂L_{t−1}/∂β_t                             (7)
        a_T = (‖x₀‖² + D ᾱ_T/(1 − ᾱ_T))/2,   a_t = ∂L_t/∂ᾱ_t  for t < T                     (8)
        β_bar_s = Σ over the batch of J_bar (d_s − Σ_{t ≥ s} a_t ᾱ_t/(1 − β_s))             (9)

    The steps need not have been one path: every term depends on the law of its own x_t alone, so each ε_t may be drawn
    by itself. 1 − ᾱ comes from `alpha_products` with all its digits; as a difference of a rounded ᾱ it has few where
    the weights are largest. For data N(0, I), σ² = β and the best prediction, the mean of J over ε is −log p(x₀).
    Source: Ho, Jain & Abbeel (2020), eq. 5, 8, 11 and 12.
    """
    xp = namespace(x0)
    (alpha_prod, one_minus), to_beta = alpha_products.body(beta)                             # (1)
    size, residual = dimension(x0), prediction - eps
    squares = xp.sum(xp.reshape(residual * residual, (*residual.shape[:2], size)), axis=-1)
    last, missing, norm = alpha_prod[-1], one_minus[-1], inner(x0, x0)
    remainder = expm1_minus_identity(log_of_rest(last, missing))
    prior = (last * norm + size * remainder) / 2                                             # (3)
    steps, weight, beta_slope, prev_slope = step_divergence(
        squares[:, 1:], size, beta[1:], alpha_prod[:-1], one_minus[:-1], variance)           # (4)
    alpha, start = 1 - beta[:1], squares[:, :1]
    first = xp.sum(start / alpha / 2 + size * xp.log(2 * xp.pi * beta[:1]) / 2, axis=-1)     # (5)
    loss = prior + xp.sum(steps, axis=-1) + first                                            # (2)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        bar = loss_bar[:, None]
        weights = xp.concat([1 / alpha / 2, weight])
        factor = xp.reshape(2 * bar * weights, (*squares.shape, *(1 for _ in x0.shape[1:])))
        first_slope = (start / alpha / alpha + size / beta[:1]) / 2                          # (7)
        end_slope = ((norm + size * (last / missing)) / 2)[:, None]                          # (8)
        own = xp.sum(bar * xp.concat([first_slope, beta_slope], axis=1), axis=0)
        through = xp.sum(bar * xp.concat([prev_slope, end_slope], axis=1), axis=0)
        return {
            "prediction": factor * residual,                                                 # (6)
            "x0": against(loss_bar * last, x0) * x0,
            "beta": own + to_beta(through, xp.zeros_like(through))["beta"],                  # (9)
        }

    return loss, pullback
