"""Every reference, in the order in which one would learn them: the table of contents."""

from refdgm.diffusion.guidance import classifier_free_guidance
from refdgm.latent.codebook import vector_quantization
from refdgm.latent.gumbel import gumbel_max, gumbel_softmax, straight_through_gumbel_softmax
from refdgm.nets.perceptron import mlp, mlp_tangent
from refdgm.ode.adjoint import odeint_adjoint
from refdgm.ode.solve import odeint
from refdgm.primitives.kl import gaussian_kl, gaussian_kl_between
from refdgm.reference import Reference
from refdgm.score.implicit import implicit_score_matching
from refdgm.score.mixture import gaussian_mixture_hessian, gaussian_mixture_log_density, gaussian_mixture_score
from refdgm.score.posterior import gaussian_mixture_denoiser, gaussian_mixture_posterior_covariance
from refdgm.sde.annealed import annealed_langevin
from refdgm.sde.langevin import langevin_chain, langevin_step

FAMILIES: dict[str, tuple[Reference, ...]] = {
    "primitives": (
        gaussian_kl,
        gaussian_kl_between,
    ),
    "nets": (
        mlp,
        mlp_tangent,
    ),
    "latent": (
        gumbel_max,
        gumbel_softmax,
        straight_through_gumbel_softmax,
        vector_quantization,
    ),
    "score": (
        gaussian_mixture_log_density,
        gaussian_mixture_score,
        gaussian_mixture_hessian,
        gaussian_mixture_denoiser,
        gaussian_mixture_posterior_covariance,
        implicit_score_matching,
    ),
    "diffusion": (
        classifier_free_guidance,
    ),
    "ode": (
        odeint,
        odeint_adjoint,
    ),
    "sde": (
        langevin_step,
        langevin_chain,
        annealed_langevin,
    ),
}
CATALOGUE: dict[str, Reference] = {ref.name: ref for family in FAMILIES.values() for ref in family}
