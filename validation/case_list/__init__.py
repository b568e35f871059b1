"""Which cases are shipped for each reference, and why: `CASES` by reference, `NOTES` by flag."""

from validation.case_list import (
    ask,
    bound,
    codebook,
    guidance,
    gumbel,
    kl,
    nets,
    objective,
    ode,
    prediction,
    schedule,
    score,
)
from validation.case_list.ask import Ask

CASES: dict[str, list[Ask]] = {
    "gaussian_kl": kl.ONE_SIDED,
    "gaussian_kl_between": kl.TWO_SIDED,
    "mlp": nets.PLAIN,
    "mlp_tangent": nets.TANGENT,
    "gumbel_max": gumbel.DRAWS,
    "gumbel_softmax": gumbel.RELAXED,
    "straight_through_gumbel_softmax": gumbel.RELAXED,
    "vector_quantization": codebook.LIST,
    "implicit_score_matching": score.LIST,
    **dict.fromkeys(prediction.OF, prediction.LIST),
    "simple_loss": objective.LIST,
    "linear_schedule": schedule.LINEAR,
    "cosine_schedule": schedule.COSINES,
    "alpha_products": schedule.PRODUCTS,
    "min_snr_weight": schedule.WEIGHTS,
    "diffusion_posterior": bound.POSTERIOR,
    "variational_loss": bound.VARIATIONAL,
    "reconstruction_loss": bound.RECONSTRUCTION,
    "prior_loss": bound.PRIOR,
    "classifier_free_guidance": guidance.LIST,
    "odeint": ode.LIST,
    "odeint_adjoint": ode.LIST,
}
NOTES: dict[str, str] = {}
for module in (
    ask,
    kl,
    nets,
    gumbel,
    codebook,
    score,
    prediction,
    objective,
    bound,
    schedule,
    guidance,
    ode,
):
    NOTES |= module.NOTES
