"""Every reference, in the order in which one would learn them: the table of contents."""

from difflib import get_close_matches

from refdgm.adversarial.bilinear_game import bilinear_game
from refdgm.adversarial.gan_discriminator_loss import gan_discriminator_loss
from refdgm.adversarial.gan_generator_loss import gan_generator_loss
from refdgm.adversarial.gradient_penalty import gradient_penalty, zero_centered_penalty
from refdgm.adversarial.hinge_discriminator_loss import hinge_discriminator_loss
from refdgm.adversarial.least_squares_discriminator_loss import least_squares_discriminator_loss
from refdgm.adversarial.power_iteration import power_iteration, spectral_normalization
from refdgm.adversarial.wasserstein_critic_loss import wasserstein_critic_loss
from refdgm.diffusion.ancestral_step import ancestral_step
from refdgm.diffusion.classifier_free_guidance import classifier_free_guidance
from refdgm.diffusion.classifier_guidance import classifier_guidance
from refdgm.diffusion.ddim_step import ddim_step
from refdgm.diffusion.diffusion_posterior import diffusion_posterior
from refdgm.diffusion.dpm_solver_pp_2m_step import dpm_solver_pp_2m_step
from refdgm.diffusion.edm_denoiser import edm_denoiser
from refdgm.diffusion.edm_heun_step import edm_heun_step
from refdgm.diffusion.edm_loss import edm_loss
from refdgm.diffusion.edm_preconditioning import edm_preconditioning
from refdgm.diffusion.edm_sampler import edm_sampler
from refdgm.diffusion.forward_marginal import forward_marginal
from refdgm.diffusion.guidance_rescale import guidance_rescale
from refdgm.diffusion.karras_noise_levels import geometric_noise_levels, karras_noise_levels
from refdgm.diffusion.linear_schedule import alpha_products, cosine_schedule, linear_schedule
from refdgm.diffusion.min_snr_weight import min_snr_weight
from refdgm.diffusion.prior_loss import prior_loss, reconstruction_loss
from refdgm.diffusion.score_from_eps import eps_from_score, score_from_eps
from refdgm.diffusion.simple_loss import simple_loss
from refdgm.diffusion.strided_schedule import strided_schedule
from refdgm.diffusion.v_from_x0_eps import eps_from_v, v_from_x0_eps, x0_from_v
from refdgm.diffusion.variational_bound import variational_bound
from refdgm.diffusion.variational_loss import variational_loss
from refdgm.diffusion.x0_from_eps import eps_from_x0, x0_from_eps
from refdgm.energy.boltzmann_conditional import boltzmann_conditional
from refdgm.energy.boltzmann_energy import boltzmann_energy
from refdgm.energy.boltzmann_gibbs_chain import boltzmann_gibbs_chain
from refdgm.energy.boltzmann_log_likelihood import boltzmann_log_likelihood
from refdgm.energy.boltzmann_marginal_log_likelihood import boltzmann_marginal_log_likelihood
from refdgm.energy.contrastive_divergence import contrastive_divergence
from refdgm.energy.contrastive_divergence_loss import contrastive_divergence_loss
from refdgm.energy.dbm_bound import dbm_bound
from refdgm.energy.dbm_log_likelihood import dbm_log_likelihood
from refdgm.energy.dbm_mean_field import dbm_mean_field
from refdgm.energy.dbn_bound import dbn_bound
from refdgm.energy.energy_negative_log_likelihood import energy_negative_log_likelihood
from refdgm.energy.energy_score import energy_score
from refdgm.energy.log_partition import log_partition
from refdgm.energy.rbm_conditionals import rbm_conditionals
from refdgm.energy.rbm_free_energy import rbm_free_energy
from refdgm.energy.rbm_gibbs_chain import rbm_gibbs_chain
from refdgm.energy.rbm_log_likelihood import rbm_log_likelihood
from refdgm.energy.rbm_pseudo_log_likelihood import rbm_pseudo_log_likelihood
from refdgm.flow.affine_coupling import affine_coupling
from refdgm.flow.affine_transform import affine_transform
from refdgm.flow.cnf_log_density import cnf_log_density, ffjord_log_density
from refdgm.flow.cnf_log_density_adjoint import cnf_log_density_adjoint
from refdgm.flow.flow_matching_loss import flow_matching_loss
from refdgm.flow.flow_matching_path import flow_matching_path
from refdgm.flow.flow_matching_step import flow_matching_step
from refdgm.flow.hutchinson_trace import hutchinson_trace, jacobian_trace
from refdgm.flow.log_abs_det import log_abs_det
from refdgm.flow.masked_autoregressive import masked_autoregressive, masked_autoregressive_inverse
from refdgm.flow.normalizing_flow_log_density import normalizing_flow_log_density, normalizing_flow_sample
from refdgm.flow.planar_flow import planar_flow
from refdgm.flow.planar_transform import planar_inverse, planar_transform
from refdgm.flow.probability_flow import probability_flow
from refdgm.flow.probability_flow_log_density import (
    probability_flow_log_density,
    probability_flow_log_density_estimate,
)
from refdgm.flow.rank_one_log_det import rank_one_log_det
from refdgm.flow.score_from_velocity import score_from_velocity
from refdgm.flow.timestep_shift import timestep_shift
from refdgm.latent.autoencoder_loss import autoencoder_loss
from refdgm.latent.concrete_log_density import concrete_log_density
from refdgm.latent.conditional_elbo import conditional_elbo
from refdgm.latent.elbo import elbo
from refdgm.latent.free_bits_kl import free_bits_kl
from refdgm.latent.gaussian_reparameterization import gaussian_reparameterization
from refdgm.latent.gumbel_softmax import gumbel_max, gumbel_softmax, straight_through_gumbel_softmax
from refdgm.latent.importance_weighted_bound import importance_weighted_bound
from refdgm.latent.relaxed_codebook import relaxed_codebook
from refdgm.latent.score_function_estimator import leave_one_out_estimator, score_function_estimator
from refdgm.latent.vector_quantization import vector_quantization
from refdgm.latent.vq_vae_elbo import vq_vae_elbo
from refdgm.layers.adaln_modulation import adaln_modulation
from refdgm.layers.attention import attention
from refdgm.layers.conv2d import conv2d
from refdgm.layers.conv_transpose2d import conv_transpose2d
from refdgm.layers.embedding import embedding
from refdgm.layers.gelu import gelu
from refdgm.layers.group_norm import group_norm
from refdgm.layers.layer_norm import layer_norm, rms_norm
from refdgm.layers.rotary_embedding import rotary_embedding
from refdgm.layers.silu import gelu_tanh, silu
from refdgm.layers.softcap import softcap
from refdgm.metrics.energy_distance import energy_distance
from refdgm.metrics.frechet_distance import frechet_distance
from refdgm.metrics.frechet_inception_distance import frechet_inception_distance
from refdgm.metrics.inception_score import inception_score
from refdgm.metrics.info_nce import info_nce
from refdgm.metrics.kernel_inception_distance import kernel_inception_distance
from refdgm.metrics.maximum_mean_discrepancy import maximum_mean_discrepancy
from refdgm.metrics.wasserstein_distance_1d import wasserstein_distance_1d
from refdgm.nets.affine import affine
from refdgm.nets.made import made
from refdgm.nets.mlp import mlp, mlp_tangent
from refdgm.nets.sinusoidal_embedding import sinusoidal_embedding
from refdgm.ode.dopri5_steps import dopri5_steps
from refdgm.ode.odeint import odeint
from refdgm.ode.odeint_adjoint import odeint_adjoint
from refdgm.ode.odeint_checkpointed import odeint_checkpointed
from refdgm.ode.odeint_running_cost import odeint_running_cost
from refdgm.ode.picard_iteration import picard_iteration
from refdgm.ode.residual_block import residual_block
from refdgm.primitives.bernoulli_log_likelihood import bernoulli_log_likelihood
from refdgm.primitives.categorical_kl import categorical_kl, jensen_shannon_divergence
from refdgm.primitives.cross_entropy import cross_entropy
from refdgm.primitives.discretized_logistic_log_likelihood import discretized_logistic_log_likelihood
from refdgm.primitives.gaussian_kl import gaussian_kl, gaussian_kl_between
from refdgm.primitives.gaussian_log_density import gaussian_log_density
from refdgm.primitives.softmax import log_softmax, log_sum_exp, softmax
from refdgm.primitives.softplus import log_sigmoid, softplus
from refdgm.reference import Reference
from refdgm.score.denoising_score_matching import denoising_score_matching, noise_conditional_score_matching
from refdgm.score.fisher_divergence import fisher_divergence
from refdgm.score.gaussian_mixture import gaussian_mixture_hessian, gaussian_mixture_log_density, gaussian_mixture_score
from refdgm.score.gaussian_mixture_denoiser import gaussian_mixture_denoiser, gaussian_mixture_posterior_covariance
from refdgm.score.implicit_score_matching import implicit_score_matching, implicit_score_matching_shallow
from refdgm.score.sliced_score_matching import sliced_score_matching, sliced_score_matching_vr
from refdgm.sde.annealed_langevin import annealed_langevin
from refdgm.sde.brownian_bridge import brownian_bridge
from refdgm.sde.continuous_score_matching import continuous_score_matching
from refdgm.sde.euler_maruyama import euler_maruyama
from refdgm.sde.fokker_planck_residual import fokker_planck_residual
from refdgm.sde.langevin import langevin_chain, langevin_step
from refdgm.sde.langevin_corrector_step import langevin_corrector_step
from refdgm.sde.mala_log_ratio import mala_log_ratio
from refdgm.sde.perturbation_kernel import perturbation_kernel
from refdgm.sde.predictor_corrector import predictor_corrector
from refdgm.sde.probability_flow_drift import probability_flow_drift
from refdgm.sde.reverse_euler_maruyama import reverse_euler_maruyama
from refdgm.sde.reverse_sde import equivalent_sde, reverse_sde
from refdgm.sde.sde_coefficients import sde_coefficients
from refdgm.sde.wiener_path import wiener_path

FAMILIES: dict[str, tuple[Reference, ...]] = {
    "primitives": (
        log_sum_exp,
        softmax,
        log_softmax,
        softplus,
        log_sigmoid,
        bernoulli_log_likelihood,
        discretized_logistic_log_likelihood,
        cross_entropy,
        gaussian_log_density,
        gaussian_kl,
        gaussian_kl_between,
        categorical_kl,
        jensen_shannon_divergence,
    ),
    "nets": (
        affine,
        mlp,
        mlp_tangent,
        sinusoidal_embedding,
        made,
    ),
    "layers": (
        rms_norm,
        layer_norm,
        group_norm,
        adaln_modulation,
        silu,
        gelu,
        gelu_tanh,
        softcap,
        attention,
        rotary_embedding,
        embedding,
        conv2d,
        conv_transpose2d,
    ),
    "latent": (
        gaussian_reparameterization,
        score_function_estimator,
        leave_one_out_estimator,
        autoencoder_loss,
        elbo,
        free_bits_kl,
        importance_weighted_bound,
        conditional_elbo,
        gumbel_max,
        gumbel_softmax,
        straight_through_gumbel_softmax,
        concrete_log_density,
        relaxed_codebook,
        vector_quantization,
        vq_vae_elbo,
    ),
    "energy": (
        energy_score,
        log_partition,
        energy_negative_log_likelihood,
        contrastive_divergence_loss,
        rbm_free_energy,
        rbm_conditionals,
        rbm_gibbs_chain,
        rbm_log_likelihood,
        contrastive_divergence,
        rbm_pseudo_log_likelihood,
        boltzmann_energy,
        boltzmann_conditional,
        boltzmann_gibbs_chain,
        boltzmann_log_likelihood,
        boltzmann_marginal_log_likelihood,
        dbn_bound,
        dbm_mean_field,
        dbm_bound,
        dbm_log_likelihood,
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
        wiener_path,
        brownian_bridge,
        euler_maruyama,
        langevin_step,
        langevin_chain,
        annealed_langevin,
        mala_log_ratio,
        sde_coefficients,
        perturbation_kernel,
        continuous_score_matching,
        fokker_planck_residual,
        probability_flow_drift,
        reverse_sde,
        equivalent_sde,
        reverse_euler_maruyama,
        langevin_corrector_step,
        predictor_corrector,
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
        karras_noise_levels,
        geometric_noise_levels,
        edm_preconditioning,
        edm_denoiser,
        edm_loss,
        edm_heun_step,
        edm_sampler,
        dpm_solver_pp_2m_step,
    ),
    "ode": (
        residual_block,
        odeint,
        odeint_checkpointed,
        odeint_adjoint,
        odeint_running_cost,
        dopri5_steps,
        picard_iteration,
    ),
    "flow": (
        affine_transform,
        affine_coupling,
        normalizing_flow_log_density,
        normalizing_flow_sample,
        masked_autoregressive,
        masked_autoregressive_inverse,
        log_abs_det,
        rank_one_log_det,
        planar_transform,
        planar_inverse,
        planar_flow,
        jacobian_trace,
        hutchinson_trace,
        cnf_log_density,
        ffjord_log_density,
        cnf_log_density_adjoint,
        probability_flow,
        probability_flow_log_density,
        probability_flow_log_density_estimate,
        flow_matching_path,
        flow_matching_loss,
        flow_matching_step,
        score_from_velocity,
        timestep_shift,
    ),
    "adversarial": (
        gan_discriminator_loss,
        gan_generator_loss,
        hinge_discriminator_loss,
        least_squares_discriminator_loss,
        wasserstein_critic_loss,
        gradient_penalty,
        zero_centered_penalty,
        bilinear_game,
        power_iteration,
        spectral_normalization,
    ),
    "metrics": (
        inception_score,
        info_nce,
        frechet_inception_distance,
        frechet_distance,
        kernel_inception_distance,
        maximum_mean_discrepancy,
        energy_distance,
        wasserstein_distance_1d,
    ),
}
CATALOGUE: dict[str, Reference] = {ref.name: ref for family in FAMILIES.values() for ref in family}


def unknown(name: str) -> str:
    """What to say of a name that is not in the catalogue."""
    near = get_close_matches(name, CATALOGUE, 1)
    return f"there is no reference {name!r}" + (f"; is it {near[0]}?" if near else "; `refdgm list` has them all")
