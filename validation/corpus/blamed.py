"""The forms that the check blames today, with who is right. Whoever mends one of them takes its line out.

`HOW` names the three rounds in which every form is asked; a blame is of a form in one of them.
"""

HOW = ("float64", "float32", "fresh")

DETERMINANT = "a determinant of e^100 is above the largest float32, its logarithm infinite and the gradient NaN"
WHO = {
    "check": "The form is right and only loses digits",
    "open": "Open",
    "form": "The check is right, the form fails at this input",
}

OVERFLOW = "an exponential without a shift overflows or underflows, so the answer is infinite and its gradient NaN"
LOGADDEXP = ("torch's logaddexp has no second derivative where one of its terms vanishes, a difference of infinities: "
             "NaN for a number of the order of 0.1")
BEYOND = ("the right value is above the largest float32, so no answer has digits; the form returns ∞ − log ∞ = NaN, "
          "where the textbook one returns ∞")
EXPANDED = ("‖z‖² + ‖e‖² − 2⟨z, e⟩ around 30000 has an absolute error of hundreds in float32, so the index is any; "
            "the form is the most usual one, and a planted mistake holds that this is one")
FADED = "√ᾱ of an ᾱ = e^{−B} that underflows to 0 has an infinite slope, times 0: the gradients are NaN"
ONE_LEVEL = "the published sampler divides by N − 1, so one level alone is 0/0"
DETERMINANT = ("the determinant is of the order of 1e43, above the largest float32, though its logarithm is 100: "
               "∞, and the gradient NaN")
SQUARED = ("½ log det (A Aᵀ) has the square of A's condition: of 6500, which leaves an error of 4e-11 of 105 in "
           "float64, 12 digits where a solve has 16; in float32 A Aᵀ rounds to a matrix of negative determinant: NaN")
NO_NOISE = "1 − ᾱ at λ around 10 is 0 in float32, so the noise is 0 and its quotient or logarithm NaN"
SIGMOID = ("a sigmoid that rounds to 1 or vanishes before its logarithm is taken, which nn.BCELoss holds at −100: any "
           "value beyond logits of 37 in float64 and 17 in float32, and no gradient")
CLAMPED = ("torch's ContinuousBernoulli keeps probabilities a rounding away from 0 and 1, so that its normaliser stays "
           "that of a logit of 36, or of 16 in float32")
NARROW = ("1 − e^{−w} by log1p or of two logarithms of σ, not by expm1: bins of the width w = e⁻⁶⁰ or 1e-8 beside a "
          "scale fall together and have the logarithm of zero")
SINGULAR = ("fewer samples than components: the product of the covariances has an eigenvalue of zero, whose root has "
            "an infinite slope: NaN; of its rounding in float32 the root is 3e-4, which the value has")
VANISHED = "a probability that vanishes in float32 where its logarithm, −110, is a number: ∞, or 0 · ∞"
NO_SAMPLE = "a class whose probability is 0 in every sample: log p − log m is ∞ − ∞, and 0 times it NaN"
VARIANCE = "e^λ overflows at λ = 89 in float32, where its root would not"
INSIDE = ("it computes in float32 whatever comes, as the check says: “right to float32, not to float64”; where that is "
          "declared, or asked in float32, it agrees")
SAME_LAWS = "of laws that differ by 1e-4 the traces cancel to 0 in float32, and the root of 0 has an infinite slope"
OF_ONE = "the deviation of a sample of one component is 0/0"

BLAMED: dict[tuple[str, str], tuple[str, str]] = {
    ("kl_of_distributions", "float32"): ("form", BEYOND),
    ("kl_of_matrices", "float32"): ("form", BEYOND),
    ("vq_expanded", "float32"): ("form", EXPANDED),
    ("vq_of_inner_products", "float32"): ("form", EXPANDED),
    ("log_of_sigmoid", "float32"): ("form", OVERFLOW),
    ("log_of_softmax", "float64"): ("form", OVERFLOW),
    ("log_of_softmax", "float32"): ("form", OVERFLOW),
    ("lse_naive", "float32"): ("form", OVERFLOW),
    ("softplus_naive", "float32"): ("form", OVERFLOW),
    ("tangent_by_jvp", "float32"): ("form", LOGADDEXP),
    ("tangent_by_double_backward", "float32"): ("form", LOGADDEXP),
    ("tangent_of_jacobian", "float32"): ("form", LOGADDEXP),
    ("kernel_of_integrals", "float32"): ("form", FADED),
    ("edm_time_steps", "float64"): ("form", ONE_LEVEL),
    ("edm_time_steps", "float32"): ("form", ONE_LEVEL),
    ("det_by_log", "float32"): ("form", DETERMINANT),
    ("lemma_of_gram", "float32"): ("form", SQUARED),
    ("multistep_of_tables", "float32"): ("form", NO_NOISE),
    ("dpm_solver_of_marginals", "float32"): ("form", NO_NOISE),
    ("vae_example_bce", "float64"): ("form", SIGMOID),
    ("vae_example_bce", "float32"): ("form", SIGMOID),
    ("vae_example_bce", "fresh"): ("form", SIGMOID),
    ("continuous_bernoulli_of_torch", "float64"): ("form", CLAMPED),
    ("continuous_bernoulli_of_torch", "float32"): ("form", CLAMPED),
    ("continuous_bernoulli_of_torch", "fresh"): ("form", CLAMPED),
    ("reparameterize_of_variance", "float32"): ("form", VARIANCE),
    ("dcgan_generator", "float64"): ("form", SIGMOID),
    ("dcgan_generator", "float32"): ("form", SIGMOID),
    ("free_energy_of_lessons", "float32"): ("form", OVERFLOW),
    ("dcgan_discriminator", "float64"): ("form", SIGMOID),
    ("dcgan_discriminator", "float32"): ("form", SIGMOID),
    ("conditional_of_fields", "float32"): ("form", OVERFLOW),
    ("frechet_of_eigenvalues", "float64"): ("form", SINGULAR),
    ("frechet_of_eigenvalues", "float32"): ("form", SINGULAR),
    ("categorical_kl_of_distributions", "float32"): ("form", VANISHED),
    ("kl_of_a_teacher", "float32"): ("form", VANISHED),
    ("js_of_probabilities", "float32"): ("form", VANISHED),
    ("js_of_entropies", "float32"): ("form", VANISHED),
    ("outside_is_torch", "float64"): ("form", NO_SAMPLE),
    ("outside_is_torch", "float32"): ("form", NO_SAMPLE),
    ("outside_fid_eigenvalues", "float32"): ("form", SINGULAR),
    ("outside_kl_distributions", "float32"): ("form", VANISHED),
    ("outside_kl_of_entropies", "float32"): ("form", VANISHED),
    ("outside_jsd_kl_div", "float32"): ("form", VANISHED),
    ("outside_jsd_by_hand", "float32"): ("form", VANISHED),
    ("outside_bures_wasserstein", "float32"): ("form", SAME_LAWS),
    ("log_abs_of_det", "float32"): ("form", DETERMINANT),
    ("mean_hiddens", "float32"): ("form", OVERFLOW),
    ("outside_logistic_mirrored", "fresh"): ("form", NARROW),
    ("outside_logistic_autograd", "fresh"): ("form", NARROW),
    ("rms_in_float32", "float64"): ("form", INSIDE),
    ("rms_in_float32", "fresh"): ("form", INSIDE),
    ("layer_annotated", "float64"): ("form", OF_ONE),
    ("layer_annotated", "float32"): ("form", OF_ONE),
}
