"""Every reference, in the order in which one would learn them: the table of contents."""

from refdgm.diffusion.bound import variational_loss
from refdgm.diffusion.bound_ends import prior_loss, reconstruction_loss
from refdgm.diffusion.guidance import classifier_free_guidance
from refdgm.diffusion.marginal import forward_marginal
from refdgm.diffusion.noise_and_score import eps_from_score, score_from_eps
from refdgm.diffusion.objective import simple_loss
from refdgm.diffusion.posterior import diffusion_posterior
from refdgm.diffusion.prediction import eps_from_x0, x0_from_eps
from refdgm.diffusion.schedule import alpha_products, cosine_schedule, linear_schedule
from refdgm.diffusion.velocity import eps_from_v, v_from_x0_eps, x0_from_v
from refdgm.diffusion.weighting import min_snr_weight
from refdgm.latent.codebook import vector_quantization
from refdgm.latent.gumbel import gumbel_max, gumbel_softmax, straight_through_gumbel_softmax
from refdgm.nets.perceptron import mlp, mlp_tangent
from refdgm.ode.adjoint import odeint_adjoint
from refdgm.ode.solve import odeint
from refdgm.primitives.kl import gaussian_kl, gaussian_kl_between
from refdgm.reference import Reference
from refdgm.score.implicit import implicit_score_matching

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
        implicit_score_matching,
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
        min_snr_weight,
        classifier_free_guidance,
    ),
    "ode": (
        odeint,
        odeint_adjoint,
    ),
}
CATALOGUE: dict[str, Reference] = {ref.name: ref for family in FAMILIES.values() for ref in family}
