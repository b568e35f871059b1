"""Which cases are shipped for each reference, and why: `CASES` by reference, `NOTES` by flag."""

from validation.case_list import (
    ask,
    codebook,
    guidance,
    gumbel,
    kl,
    nets,
    ode,
    score,
    score_objectives,
    shallow,
    sliced,
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
    "fisher_divergence": score_objectives.EXPLICIT,
    "implicit_score_matching": score.LIST,
    "implicit_score_matching_shallow": shallow.LIST,
    "sliced_score_matching": sliced.LIST,
    "sliced_score_matching_vr": sliced.LIST,
    "denoising_score_matching": score_objectives.NOISED,
    "noise_conditional_score_matching": score_objectives.NOISED,
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
    score_objectives,
    score,
    shallow,
    sliced,
    guidance,
    ode,
):
    NOTES |= module.NOTES
