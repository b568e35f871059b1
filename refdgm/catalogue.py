"""Every reference, in the order in which one would learn them: the table of contents."""

from refdgm.diffusion.ancestral import ancestral_step
from refdgm.diffusion.bound import variational_loss
from refdgm.diffusion.bound_ends import prior_loss, reconstruction_loss
from refdgm.diffusion.guidance import classifier_free_guidance, classifier_guidance
from refdgm.diffusion.implicit import ddim_step
from refdgm.diffusion.marginal import forward_marginal
from refdgm.diffusion.noise_and_score import eps_from_score, score_from_eps
from refdgm.diffusion.objective import simple_loss
from refdgm.diffusion.posterior import diffusion_posterior
from refdgm.diffusion.prediction import eps_from_x0, x0_from_eps
from refdgm.diffusion.rescale import guidance_rescale
from refdgm.diffusion.schedule import alpha_products, cosine_schedule, linear_schedule
from refdgm.diffusion.spacing import strided_schedule
from refdgm.diffusion.velocity import eps_from_v, v_from_x0_eps, x0_from_v
from refdgm.diffusion.weighting import min_snr_weight
from refdgm.diffusion.whole_bound import variational_bound
from refdgm.flow.adjoint import cnf_log_density_adjoint
from refdgm.flow.continuous import cnf_log_density, ffjord_log_density
from refdgm.flow.trace import hutchinson_trace, jacobian_trace
from refdgm.latent.codebook import relaxed_codebook, vector_quantization
from refdgm.latent.concrete import concrete_log_density
from refdgm.latent.gumbel import gumbel_max, gumbel_softmax, straight_through_gumbel_softmax
from refdgm.nets.embedding import sinusoidal_embedding
from refdgm.nets.linear import affine
from refdgm.nets.perceptron import mlp, mlp_tangent
from refdgm.ode.adjoint import odeint_adjoint
from refdgm.ode.checkpoint import odeint_checkpointed
from refdgm.ode.dormand_prince import dopri5_steps
from refdgm.ode.residual import residual_block
from refdgm.ode.running_cost import odeint_running_cost
from refdgm.ode.solve import odeint
from refdgm.primitives.categorical import log_softmax, log_sum_exp, softmax
from refdgm.primitives.gaussian import gaussian_log_density
from refdgm.primitives.kl import gaussian_kl, gaussian_kl_between
from refdgm.primitives.logistic import log_sigmoid, softplus
from refdgm.reference import Reference
from refdgm.score.denoising import denoising_score_matching, noise_conditional_score_matching
from refdgm.score.explicit import fisher_divergence
from refdgm.score.implicit import implicit_score_matching, implicit_score_matching_shallow
from refdgm.score.mixture import gaussian_mixture_hessian, gaussian_mixture_log_density, gaussian_mixture_score
from refdgm.score.posterior import gaussian_mixture_denoiser, gaussian_mixture_posterior_covariance
from refdgm.score.sliced import sliced_score_matching, sliced_score_matching_vr
from refdgm.sde.annealed import annealed_langevin
from refdgm.sde.langevin import langevin_chain, langevin_step
from refdgm.sde.probability_flow import probability_flow_drift

FAMILIES: dict[str, tuple[Reference, ...]] = {
    "primitives": (
        log_sum_exp,
        softmax,
        log_softmax,
        softplus,
        log_sigmoid,
        gaussian_log_density,
        gaussian_kl,
        gaussian_kl_between,
    ),
    "nets": (
        affine,
        mlp,
        mlp_tangent,
        sinusoidal_embedding,
    ),
    "latent": (
        gumbel_max,
        gumbel_softmax,
        straight_through_gumbel_softmax,
        concrete_log_density,
        relaxed_codebook,
        vector_quantization,
    ),
    "score": (
        fisher_divergence,
        gaussian_mixture_log_density,
        gaussian_mixture_score,
        gaussian_mixture_hessian,
        gaussian_mixture_denoiser,
        gaussian_mixture_posterior_covariance,
        implicit_score_matching,
        implicit_score_matching_shallow,
        sliced_score_matching,
        sliced_score_matching_vr,
        denoising_score_matching,
        noise_conditional_score_matching,
    ),
    "sde": (
        langevin_step,
        langevin_chain,
        annealed_langevin,
        probability_flow_drift,
    ),
    "diffusion": (
        linear_schedule,
        cosine_schedule,
        alpha_products,
        forward_marginal,
        x0_from_eps,
        eps_from_x0,
        v_from_x0_eps,
        x0_from_v,
        eps_from_v,
        score_from_eps,
        eps_from_score,
        diffusion_posterior,
        simple_loss,
        variational_loss,
        reconstruction_loss,
        prior_loss,
        variational_bound,
        min_snr_weight,
        strided_schedule,
        ancestral_step,
        ddim_step,
        classifier_guidance,
        classifier_free_guidance,
        guidance_rescale,
    ),
    "ode": (
        residual_block,
        odeint,
        odeint_checkpointed,
        odeint_adjoint,
        odeint_running_cost,
        dopri5_steps,
    ),
    "flow": (
        jacobian_trace,
        hutchinson_trace,
        cnf_log_density,
        ffjord_log_density,
        cnf_log_density_adjoint,
    ),
}
CATALOGUE: dict[str, Reference] = {ref.name: ref for family in FAMILIES.values() for ref in family}
