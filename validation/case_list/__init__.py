"""Which cases are shipped for each reference, and why: `CASES` by reference, `NOTES` by flag."""

from validation.case_list import (
    ask,
    classifier,
    codebook,
    guidance,
    gumbel,
    kl,
    nets,
    ode,
    probability_flow,
    rescale,
    sampling,
    score,
    spacing,
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
    "ancestral_step": sampling.ANCESTRAL,
    "strided_schedule": spacing.LIST,
    "ddim_step": sampling.DDIM,
    "classifier_guidance": classifier.LIST,
    "classifier_free_guidance": guidance.LIST,
    "guidance_rescale": rescale.LIST,
    "odeint": ode.LIST,
    "odeint_adjoint": ode.LIST,
    "probability_flow_drift": probability_flow.LIST,
}
NOTES: dict[str, str] = {}
for module in (
    ask,
    kl,
    nets,
    gumbel,
    codebook,
    score,
    guidance,
    ode,
    sampling,
    spacing,
    classifier,
    rescale,
    probability_flow,
):
    NOTES |= module.NOTES
