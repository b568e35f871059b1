"""Which cases are shipped for each reference, and why: `CASES` by reference, `NOTES` by flag."""

from validation.case_list import (
    ask,
    codebook,
    guidance,
    gumbel,
    kl,
    langevin,
    mixture,
    nets,
    ode,
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
    "classifier_free_guidance": guidance.LIST,
    "odeint": ode.LIST,
    "odeint_adjoint": ode.LIST,
    "langevin_step": langevin.STEPS,
    "langevin_chain": langevin.CHAINS,
    "annealed_langevin": langevin.ANNEALED,
    "gaussian_mixture_log_density": mixture.LIST,
    "gaussian_mixture_score": mixture.LIST,
    "gaussian_mixture_hessian": mixture.LIST,
    "gaussian_mixture_denoiser": mixture.LIST,
    "gaussian_mixture_posterior_covariance": mixture.LIST,
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
    langevin,
    mixture,
):
    NOTES |= module.NOTES
