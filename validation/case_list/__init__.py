"""Which cases are shipped for each reference, and why: `CASES` by reference, `NOTES` by flag."""

from validation.case_list import (
    ask,
    codebook,
    continuous_flow,
    guidance,
    gumbel,
    kl,
    nets,
    ode,
    score,
    trace,
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
    "classifier_free_guidance": guidance.LIST,
    "odeint": ode.LIST,
    "odeint_adjoint": ode.LIST,
    "jacobian_trace": trace.EXACT,
    "hutchinson_trace": trace.LIST,
    "cnf_log_density": continuous_flow.LIST,
    "ffjord_log_density": continuous_flow.ESTIMATES,
    "cnf_log_density_adjoint": continuous_flow.LIST,
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
    trace,
    continuous_flow,
):
    NOTES |= module.NOTES
