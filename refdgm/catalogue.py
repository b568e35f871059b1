"""Every reference, in the order in which one would learn them: the table of contents."""

from refdgm.diffusion.guidance import classifier_free_guidance
from refdgm.flow.adjoint import cnf_log_density_adjoint
from refdgm.flow.continuous import cnf_log_density, ffjord_log_density
from refdgm.flow.trace import hutchinson_trace, jacobian_trace
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
        classifier_free_guidance,
    ),
    "ode": (
        odeint,
        odeint_adjoint,
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
