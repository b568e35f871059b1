"""What accuracy is asked of each output and gradient in float64, by the kind of formula."""

from refdgm.reference import Reference

CLASSES: dict[str, tuple[str, str, float]] = {
    "A": ("element by element, or sums of positive terms", "ulps", 4),
    "B": ("element by element through zero, and sums of squares of such", "scaled", 2),
    "C": ("products of a schedule", "ulps", 1),
    "D": ("weights and schedules", "ulps", 8),
    "E": ("softmax and its kin", "ulps", 6),
    "F": ("pullbacks, divergences and densities, for their condition", "scaled", 10),
    "H": ("log-sum-exp", "scaled", 2),
    "J": ("networks and solvers, for their condition", "scaled", 32),
}

# by class: the outputs that have it; all others are F, or J where a network or a loop is in them
OUTPUTS = {
    "A": """gaussian_kl gaussian_kl_between softplus log_sigmoid vector_quantization.codebook_loss
            vector_quantization.commitment_loss fisher_divergence prior_loss diffusion_posterior.variance
            timestep_shift gan_generator_loss gan_discriminator_loss hinge_discriminator_loss
            least_squares_discriminator_loss""",
    "B": """gaussian_log_density classifier_free_guidance classifier_guidance forward_marginal x0_from_eps eps_from_x0
            v_from_x0_eps x0_from_v eps_from_v score_from_eps eps_from_score diffusion_posterior.mean ancestral_step
            ddim_step langevin_step probability_flow_drift denoising_score_matching
            noise_conditional_score_matching simple_loss edm_denoiser flow_matching_path flow_matching_loss
            flow_matching_step score_from_velocity edm_loss affine_transform.x
            affine_coupling.y""",
    "C": """alpha_products.alpha_prod alpha_products.one_minus strided_schedule.alpha_prod
            strided_schedule.alpha_prod_prev""",
    "D": "linear_schedule cosine_schedule min_snr_weight strided_schedule.beta",
    "E": "softmax log_softmax gumbel_softmax",
    "H": "log_sum_exp",
}
LABELS = {name: label for label, names in OUTPUTS.items() for name in names.split()}


def goal(ref: Reference, role: str) -> tuple[str, str, float]:
    """(class, unit, bound) of an output or a gradient."""
    kind, _, name = role.partition(".")
    iterates = "theta" in ref.args or ref.name.startswith("gaussian_mixture")
    label = "J" if iterates else "F"
    if kind == "output":
        label = LABELS.get(f"{ref.name}.{name}") or LABELS.get(ref.name, label)
    _, unit, bound = CLASSES[label]
    return label, unit, bound
