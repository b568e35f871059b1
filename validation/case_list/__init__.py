"""Which cases are shipped for each reference, and why: `CASES` by reference, `NOTES` by flag."""

from validation.case_list import (
    ask,
    codebook,
    concrete,
    guidance,
    gumbel,
    kl,
    layers,
    nets,
    ode,
    relaxed_codebook,
    score,
)
from validation.case_list.ask import Ask

CASES: dict[str, list[Ask]] = {
    "gaussian_kl": kl.ONE_SIDED,
    "gaussian_kl_between": kl.TWO_SIDED,
    "affine": layers.AFFINE,
    "mlp": nets.PLAIN,
    "mlp_tangent": nets.TANGENT,
    "sinusoidal_embedding": layers.EMBEDDING,
    "gumbel_max": gumbel.DRAWS,
    "gumbel_softmax": gumbel.RELAXED,
    "straight_through_gumbel_softmax": gumbel.RELAXED,
    "concrete_log_density": concrete.LIST,
    "relaxed_codebook": relaxed_codebook.LIST,
    "vector_quantization": codebook.LIST,
    "implicit_score_matching": score.LIST,
    "classifier_free_guidance": guidance.LIST,
    "odeint": ode.LIST,
    "odeint_adjoint": ode.LIST,
}
NOTES: dict[str, str] = {}
for module in (
    ask,
    kl,
    layers,
    nets,
    gumbel,
    concrete,
    relaxed_codebook,
    codebook,
    score,
    guidance,
    ode,
):
    NOTES |= module.NOTES
