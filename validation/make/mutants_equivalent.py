"""Mutants that are no other function: no input that a reference takes tells them from it, but by a rounding.

Each is told by its key (`mutation.py`), under the reason why. A key that names no mutant any more fails a test, and one
that something kills is told by `validation/make/mutants.py`.
"""

REASONS: dict[str, tuple[str, ...]] = {
    "Numbers are held where every chance is 0 or 1 already": (
        "refdgm/layers/silu.py::SATURATED: 1 → 2",
        "refdgm/layers/silu.py::SATURATED: 10 → 11",
    ),
    "A unit of squares, which only has to be of their size": (
        "refdgm/numerics/root_mean_square.py::root_mean_square: xp.mean(xp.abs(x), axis=-1, keepdims=True) → "
        "xp.sum(xp.abs(x), axis=-1, keepdims=True)",
    ),
    "Both forms have all digits where one takes over from the other": (
        "refdgm/numerics/root_mean_square.py::off_direction: rest > 0.5 → rest >= 0.5",
        "refdgm/numerics/root_mean_square.py::off_direction: rest > 0.5 → rest >= 0.5 (no. 2)",
    ),
    "More zeros behind an image than any place looks at": (
        "refdgm/numerics/windows.py::windows: rows - 1 - before[0] → rows - 1 + before[0]",
        "refdgm/numerics/windows.py::windows: rows - 1 - before[0] → rows - 1",
        "refdgm/numerics/windows.py::windows: rows - 1 → rows + 1 (no. 2)",
        "refdgm/numerics/windows.py::windows: rows - 1 → rows (no. 2)",
        "refdgm/numerics/windows.py::windows: columns - 1 - before[1] → columns - 1 + before[1]",
        "refdgm/numerics/windows.py::windows: columns - 1 - before[1] → columns - 1",
        "refdgm/numerics/windows.py::windows: columns - 1 → columns + 1 (no. 2)",
        "refdgm/numerics/windows.py::windows: columns - 1 → columns (no. 2)",
    ),
    "At zero both chances are one half": (
        "refdgm/layers/gelu.py::gelu: x < 0 → x <= 0",
    ),
    "It stands for a quotient that is not taken": (
        "refdgm/numerics/root_mean_square.py::off_direction: 1.0 → 2.0",
    ),
    "Its magnitude is taken, or the gap between equal numbers": (
        "refdgm/check/judging/answered.py::_apart: theirs - right → right - theirs",
        "refdgm/check/judging/forms.py::Forms.off: x - base[role] → base[role] - x",
        "refdgm/check/judging/rows.py::_same: part - whole → whole - part",
        "refdgm/check/judging/compare.py::_one: got - expected → expected - got",
        "refdgm/check/judging/compare.py::tied: answers[role] - whole → whole - answers[role]",
        "refdgm/metrics/wasserstein_distance_1d.py::wasserstein_distance_1d: True → False",
        "refdgm/metrics/wasserstein_distance_1d.py::wasserstein_distance_1d: m - (b + m) * "
        "xp.astype(order >= b, order.dtype) → (b + m) * xp.astype(order >= b, order.dtype) - m",
    ),
    "Another start of Newton's method, near enough to end in the same root, or of what is no number": (
        "refdgm/flow/planar_transform.py::STEPS: 32 → 33",
        "refdgm/flow/planar_transform.py::root: 2 * xp.ones_like(y) → 2 / xp.ones_like(y)",
        "refdgm/flow/planar_transform.py::root: 2 * xp.ones_like(y) → 2",
        "refdgm/flow/planar_transform.py::root: far / (1 + far) → far",
        "refdgm/flow/planar_transform.py::root: 1 + far → 1",
        "refdgm/flow/planar_transform.py::root: 1 → 2",
        "refdgm/flow/planar_transform.py::root: 0.0 → 1.0",
        "refdgm/flow/planar_transform.py::root: 0.0 → 1.0 (no. 2)",
    ),
    "An infinity is one or is not, whatever is allowed it, and what is beyond a range has a sign": (
        "refdgm/check/judging/compare.py::_one: np.sign(expected) → expected",
        "refdgm/check/judging/compare.py::_one: 0.0 → 1.0 (no. 3)",
    ),
    "Both forms have the digits there, and where one ends the number is 0 in all dtypes": (
        "refdgm/numerics/tanh_less_tangent.py::BEYOND: 1 → 2",
        "refdgm/numerics/tanh_less_tangent.py::BEYOND: 10 → 11",
        "refdgm/numerics/tanh_less_tangent.py::tanh_less_tangent: xp.abs(u) < 1 → xp.abs(u) <= 1",
        "refdgm/numerics/tanh_less_tangent.py::tanh_less_tangent: xp.abs(u) → u",
        "refdgm/numerics/tanh_less_tangent.py::tanh_less_tangent: 1 → 2",
    ),
    "Beyond it both numbers are 0 in all dtypes": (
        "refdgm/numerics/normal_tail.py::BEYOND: 1 → 2",
        "refdgm/numerics/normal_tail.py::BEYOND: 10 → 11",
    ),
    "A thousandth of a rounding is left to spare: with another step, or more or fewer points, nothing of it is seen": (
        "refdgm/numerics/normal_tail.py::PARTS: 64 → 65",
        "refdgm/numerics/normal_tail.py::_rule: 0.0 → 1.0",
        "refdgm/numerics/normal_tail.py::_rule: 1.0 → 2.0",
        "refdgm/numerics/normal_tail.py::_rule: 1000 → 1001",
        "refdgm/numerics/normal_tail.py::_rule: 0.6953125 → 1.390625",
        "refdgm/numerics/normal_tail.py::_rule: (2 * 9.8125 / nats) ** 0.5 → 2 * 9.8125 / nats * 0.5",
        "refdgm/numerics/normal_tail.py::_rule: (2 * 9.8125 / nats) ** 0.5 → 2 * 9.8125 / nats",
        "refdgm/numerics/normal_tail.py::_rule: 2 * 9.8125 → 2 / 9.8125",
        "refdgm/numerics/normal_tail.py::_rule: 2 * 9.8125 → 2",
        "refdgm/numerics/normal_tail.py::_rule: 2 * 9.8125 → 9.8125",
        "refdgm/numerics/normal_tail.py::_rule: 0.5 → 1.0",
        "refdgm/numerics/normal_tail.py::_rule: int((2 * nats) ** 0.5 * PARTS / parts) + 1 → "
        "int((2 * nats) ** 0.5 * PARTS / parts) - 1",
        "refdgm/numerics/normal_tail.py::_rule: int((2 * nats) ** 0.5 * PARTS / parts) + 1 → "
        "int((2 * nats) ** 0.5 * PARTS / parts)",
        "refdgm/numerics/normal_tail.py::_rule: (2 * nats) ** 0.5 * PARTS / parts → (2 * nats) ** 0.5 * PARTS * parts",
        "refdgm/numerics/normal_tail.py::_rule: (2 * nats) ** 0.5 * PARTS / parts → (2 * nats) ** 0.5 * PARTS",
        "refdgm/numerics/normal_tail.py::_rule: (2 * nats) ** 0.5 → 2 * nats * 0.5",
        "refdgm/numerics/normal_tail.py::_rule: (2 * nats) ** 0.5 → 2 * nats",
        "refdgm/numerics/normal_tail.py::_rule: 2 → 3 (no. 3)",
        "refdgm/numerics/normal_tail.py::_rule: 0.5 → 1.0 (no. 2)",
        "refdgm/numerics/normal_tail.py::_rule: 1 → 2",
    ),
    "A thousandth of a power of two is none, so the two are never equal": (
        "refdgm/numerics/normal_tail.py::_rule: left > eps / 1000 → left >= eps / 1000",
    ),
    "A short number near it on the other side is as good": (
        "refdgm/numerics/normal_tail.py::normal_density: xp.floor(held * SHORT) → xp.ceil(held * SHORT)",
    ),
    "There the pole adds nothing to what is there already, or is not taken": (
        "refdgm/numerics/normal_tail.py::normal_tail: a < last → a <= last",
        "refdgm/numerics/normal_tail.py::normal_tail: xp.zeros_like(a) → xp.ones_like(a)",
    ),
    "All that has rows has those of one batch": (
        "refdgm/check/judging/narrow.py::narrowed: max((outcome.rows[1] for outcome in result.outcomes if "
        "outcome.rows)) → min((outcome.rows[1] for outcome in result.outcomes if outcome.rows))",
    ),
    "How often is chosen, and once more is as good": (
        "refdgm/check/judging/compare.py::tied: 64 → 65",
    ),
    "Nothing by a number is nothing": (
        "refdgm/check/judging/compare.py::_one: error > 0 → error >= 0",
    ),
    "Less than any share and any distance": (
        "refdgm/check/judging/compare.py::_worst: 1.0 → 2.0",
    ),
    "No level lies on the edge of a bin": (
        "refdgm/primitives/discretized_logistic_log_likelihood.py::discretized_logistic_log_likelihood: "
        "n * (x + 1) < 1 → n * (x + 1) <= 1",
        "refdgm/primitives/discretized_logistic_log_likelihood.py::discretized_logistic_log_likelihood: "
        "n * (1 - x) < 1 → n * (1 - x) <= 1",
    ),
    "A square matrix has as many rows as columns, and a diagonal or symmetric one the same sums along both": (
        "refdgm/metrics/info_nce.py::info_nce: 1 → 0",
        "refdgm/metrics/maximum_mean_discrepancy.py::maximum_mean_discrepancy.apart: 1 → 0",
        "refdgm/metrics/maximum_mean_discrepancy.py::maximum_mean_discrepancy.apart: 1 → 0 (no. 3)",
        "refdgm/metrics/maximum_mean_discrepancy.py::_apart: 0 → 1",
        "refdgm/metrics/energy_distance.py::energy_distance: 1 → 0 (no. 2)",
        "refdgm/metrics/energy_distance.py::energy_distance: 1 → 0 (no. 3)",
        "refdgm/energy/boltzmann_conditional.py::boltzmann_conditional: 0 → 1",
        "refdgm/energy/boltzmann_conditional.py::boltzmann_conditional: 0 → -1",
    ),
    "Every entry is written before it is read": (
        "refdgm/energy/rbm_gibbs_chain.py::rbm_gibbs_chain: "
        "xp.zeros(u.shape, dtype=xp.int64, device=u.device) → xp.ones(u.shape, dtype=xp.int64, device=u.device)",
        "refdgm/energy/boltzmann_gibbs_chain.py::boltzmann_gibbs_chain: "
        "xp.zeros(u.shape, dtype=xp.int64, device=u.device) → xp.ones(u.shape, dtype=xp.int64, device=u.device)",
    ),
    "Energies are measured from another state, which only rounding sees": (
        "refdgm/energy/boltzmann_marginal_log_likelihood.py::boltzmann_marginal_log_likelihood.pullback: "
        "xp.min(of_visible) - of_visible → -of_visible",
        "refdgm/energy/boltzmann_marginal_log_likelihood.py::boltzmann_marginal_log_likelihood.pullback: "
        "xp.min(of_visible) → xp.max(of_visible)",
        "refdgm/energy/boltzmann_log_likelihood.py::boltzmann_log_likelihood: xp.min(of_states) → xp.max(of_states)",
    ),
    "Both sides of the bound are the same there": (
        "refdgm/numerics/log_abs_one_plus.py::log_abs_one_plus: q > -1 → q >= -1",
        "refdgm/diffusion/edm_denoiser.py::edm_denoiser: sigma > sigma_data → sigma >= sigma_data",
        "refdgm/diffusion/edm_preconditioning.py::edm_preconditioning: sigma > sigma_data → sigma >= sigma_data",
        "refdgm/numerics/cooled.py::cooled: tau < 1 → tau <= 1",
        "refdgm/numerics/deviation.py::common_unit: xp.max(both, axis=-1) > 1 → xp.max(both, axis=-1) >= 1",
        "refdgm/numerics/expm1_minus_identity.py::_terms: term > eps → term >= eps",
        "refdgm/numerics/expm1_minus_identity.py::expm1_minus_identity: xp.abs(x) < NEAR → xp.abs(x) <= NEAR",
        "refdgm/numerics/lerp.py::lerp: share >= 0.5 → share > 0.5",
        "refdgm/numerics/log_mean_exp.py::log_mean_exp: below > -0.5 → below >= -0.5",
        "refdgm/numerics/log_of_rest.py::log_of_rest: part < rest → part <= rest",
        "refdgm/metrics/inception_score.py::inception_score.pullback: rest < 0.5 → rest <= 0.5",
    ),
    "The score of a law has the mean zero: any number may be added to what it weighs": (
        "refdgm/energy/dbn_bound.py::dbn_bound.pullback: gain - xp.sum(q * gain, axis=1, keepdims=True) → "
        "gain + xp.sum(q * gain, axis=1, keepdims=True)",
        "refdgm/energy/dbn_bound.py::dbn_bound.pullback: gain - xp.sum(q * gain, axis=1, keepdims=True) → gain",
        "refdgm/energy/dbn_bound.py::dbn_bound.pullback: xp.sum(q * gain, axis=1, keepdims=True) → "
        "xp.mean(q * gain, axis=1, keepdims=True)",
    ),
    "One more step of an iteration that has come to its fixed point": (
        "refdgm/numerics/polar_factor.py::(UP, ON): 12 → 13",
    ),
    "An even number of steps, so that their signs cancel": (
        "refdgm/numerics/root_mean_square.py::off_direction: across - share * n → share * n - across",
        "refdgm/numerics/polar_factor.py::polar_factor: 5 * x - 2 * _cubed(x) → 2 * _cubed(x) - 5 * x",
        "refdgm/numerics/polar_factor.py::polar_factor: 3 * x - _cubed(x) → _cubed(x) - 3 * x",
    ),
    "A sixteenth of a direction, or less or more of one: what has come is there by a thousandth, or lacks nearly all": (
        "refdgm/numerics/polar_factor.py::has_rank: xp.abs(xp.sum(u * u) - rank) * 16 <= 1 → "
        "xp.abs(xp.sum(u * u) - rank) * 16 < 1",
        "refdgm/numerics/polar_factor.py::has_rank: xp.sum(u * u) - rank → rank - xp.sum(u * u)",
        "refdgm/numerics/polar_factor.py::has_rank: 16 → 17",
        "refdgm/numerics/polar_factor.py::has_rank: 1 → 2",
    ),
    "Where a choice between exact forms of one number falls, which is between one that cancels and one that does not": (
        "refdgm/energy/layered.py::upper: smaller_terms((more @ s, fewer @ s), (-(more @ rest), -(fewer @ rest)), "
        "(xp.sum(rise, axis=0), xp.sum(fall, axis=0))) → smaller_terms((-(more @ rest), -(fewer @ rest)), (more @ s, "
        "fewer @ s), (xp.sum(rise, axis=0), xp.sum(fall, axis=0)))",
        "refdgm/energy/dbm_log_likelihood.py::dbm_log_likelihood.pullback: smaller_terms((given @ v * (none[:, None] + "
        "alone), -lacking * both), (gap.T @ v, value_bar @ v * alone, -(value_bar @ (1 - v)) * both)) → "
        "smaller_terms((gap.T @ v, value_bar @ v * alone, -(value_bar @ (1 - v)) * both), (given @ v * (none[:, None] "
        "+ alone), -lacking * both))",
        "refdgm/numerics/smaller_terms.py::smaller_terms: 2 * own < size → 2 * own <= size (no. 2)",
        "refdgm/numerics/smaller_terms.py::smaller_terms: 2 * own → own (no. 2)",
        "refdgm/numerics/smaller_terms.py::smaller_terms: 2 → 3 (no. 2)",
        "refdgm/metrics/maximum_mean_discrepancy.py::maximum_mean_discrepancy: xp.sum(kernels[0]) / (b * n_real) "
        "+ xp.sum(kernels[1]) / (m * n_fake) + xp.mean(kernels[2]) > 1.5 → xp.sum(kernels[0]) / (b * n_real) + "
        "xp.sum(kernels[1]) / (m * n_fake) + xp.mean(kernels[2]) >= 1.5",
        "refdgm/metrics/maximum_mean_discrepancy.py::maximum_mean_discrepancy: xp.sum(kernels[0]) / (b * n_real) "
        "+ xp.sum(kernels[1]) / (m * n_fake) + xp.mean(kernels[2]) → xp.sum(kernels[0]) / (b * n_real) + "
        "xp.sum(kernels[1]) / (m * n_fake)",
        "refdgm/metrics/maximum_mean_discrepancy.py::maximum_mean_discrepancy: xp.sum(kernels[0]) / (b * n_real) "
        "+ xp.sum(kernels[1]) / (m * n_fake) → xp.sum(kernels[0]) / (b * n_real)",
        "refdgm/metrics/maximum_mean_discrepancy.py::maximum_mean_discrepancy: xp.sum(kernels[0]) / (b * n_real) "
        "+ xp.sum(kernels[1]) / (m * n_fake) → xp.sum(kernels[1]) / (m * n_fake)",
        "refdgm/metrics/maximum_mean_discrepancy.py::maximum_mean_discrepancy: xp.sum(kernels[0]) → "
        "xp.mean(kernels[0])",
        "refdgm/metrics/maximum_mean_discrepancy.py::maximum_mean_discrepancy: xp.sum(kernels[1]) → "
        "xp.mean(kernels[1])",
    ),
    "Both ends stand in it alike, but in the step between them": (
        "refdgm/energy/layered.py::upper: logistic_between(centre, second, (h * none - off * mean) @ W.T) → "
        "logistic_between(second, centre, (h * none - off * mean) @ W.T)",
        "refdgm/numerics/logistic_step.py::logistic_step: logistic_between(halves(a), halves(a + w), w) → "
        "logistic_between(halves(a + w), halves(a), w)",
    ),
    "Another number far below all that a component of a covariance has left, for each another still": (
        "refdgm/numerics/triangular_factor.py::triangular_factor: GONE * (1 + xp.astype(place, sigma.dtype)) → "
        "GONE / (1 + xp.astype(place, sigma.dtype))",
        "refdgm/numerics/triangular_factor.py::triangular_factor: 1 → 2 (no. 2)",
    ),
    "An axis of length one that is kept for nothing: what it is put together with adds it again": (
        "refdgm/numerics/triangular_factor.py::triangular_factor: True → False (no. 3)",
        "refdgm/numerics/triangular_factor.py::triangular_factor: True → False (no. 4)",
        "refdgm/numerics/triangular_factor.py::triangular_factor: True → False (no. 5)",
    ),
    "The places of a permutation, of which no two are equal": (
        "refdgm/metrics/wasserstein_distance_1d.py::_ranks: True → False (no. 2)",
    ),
    "Of a variance below zero, which no covariance has, and what comes of it is no number either way": (
        "refdgm/numerics/triangular_factor.py::triangular_factor: xp.abs(xp.sum(sigma * one, axis=1, keepdims=True)) → "
        "xp.sum(sigma * one, axis=1, keepdims=True)",
    ),
    "It adds zeros, in a shape to which the product broadcasts": (
        "refdgm/energy/layered.py::upper: alone[:, None] + xp.zeros_like(lifted) → "
        "alone[:, None] - xp.zeros_like(lifted)",
        "refdgm/energy/layered.py::upper: alone[:, None] + xp.zeros_like(lifted) → alone[:, None]",
        "refdgm/latent/conditional_elbo.py::conditional_elbo.pullback: bound_bar[:, None] / many + "
        "xp.zeros_like(log_p) → bound_bar[:, None] / many - xp.zeros_like(log_p)",
        "refdgm/latent/conditional_elbo.py::conditional_elbo.pullback: bound_bar[:, None] / many + "
        "xp.zeros_like(log_p) → bound_bar[:, None] / many",
        "refdgm/latent/score_function_estimator.py::score_function_estimator.pullback: each + "
        "xp.zeros_like(cost) → each - xp.zeros_like(cost)",
        "refdgm/latent/score_function_estimator.py::leave_one_out_estimator.pullback: mean_bar[:, None] / "
        "draws + xp.zeros_like(cost) → mean_bar[:, None] / draws - xp.zeros_like(cost)",
        "refdgm/latent/elbo.py::elbo.pullback: bound_bar[:, None] / eps.shape[1] + xp.zeros_like(log_p) "
        "→ bound_bar[:, None] / eps.shape[1] - xp.zeros_like(log_p)",
        "refdgm/latent/elbo.py::elbo.pullback: bound_bar[:, None] / eps.shape[1] + xp.zeros_like(log_p) "
        "→ bound_bar[:, None] / eps.shape[1]",
    ),
    "It is multiplied by a noise of zero": (
        "refdgm/latent/gaussian_reparameterization.py::gaussian_reparameterization: 0.0 → 1.0",
    ),
    "Divided by ones": (
        "refdgm/numerics/log_ratio.py::entropy_of_choice: 2 * xp.ones_like(d) → 2 / xp.ones_like(d)",
        "refdgm/numerics/gaussian_kernel.py::gaussian_kernel: float(xp.finfo(a.dtype).max) ** 0.25 * xp.ones_like(h) "
        "→ float(xp.finfo(a.dtype).max) ** 0.25 / xp.ones_like(h)",
        "refdgm/numerics/gaussian_kernel.py::gaussian_kernel: float(xp.finfo(a.dtype).max) ** 0.25 * xp.ones_like(h) "
        "→ float(xp.finfo(a.dtype).max) ** 0.25",
        "refdgm/adversarial/wasserstein_critic_loss.py::wasserstein_critic_loss.pullback: "
        "-loss_bar * xp.ones_like(real) → -loss_bar / xp.ones_like(real)",
        "refdgm/adversarial/wasserstein_critic_loss.py::wasserstein_critic_loss.pullback: "
        "loss_bar * xp.ones_like(fake) → loss_bar / xp.ones_like(fake)",
    ),
    "What stands for a component that is not yet there is seen by none": (
        "refdgm/flow/masked_autoregressive.py::masked_autoregressive_inverse: xp.zeros_like(z) → xp.ones_like(z)",
    ),
    "Of two vectors the product is the same": (
        "refdgm/energy/contrastive_divergence.py::contrastive_divergence: apart @ b → b @ apart",
    ),
    "Of two ways that agree there the other is taken": (
        "refdgm/numerics/tilted.py::law_excess: xp.max(xp.abs(tilt), axis=-1, keepdims=True) < 0.5 → "
        "xp.max(xp.abs(tilt), axis=-1, keepdims=True) <= 0.5",
        "refdgm/metrics/kernel_inception_distance.py::_side: xp.sum((mine - mean) ** 2) / mine.shape[0] → "
        "xp.sum((mine - mean) ** 2) * mine.shape[0]",
        "refdgm/metrics/kernel_inception_distance.py::_side: mean * mean → mean",
        "refdgm/metrics/kernel_inception_distance.py::_side: mean * mean → mean (no. 2)",
        "refdgm/energy/boltzmann_marginal_log_likelihood.py::boltzmann_marginal_log_likelihood.pullback: "
        "xp.abs(pairs) → pairs",
        "refdgm/energy/rbm_log_likelihood.py::rbm_log_likelihood.pullback: xp.abs(tilt) → tilt",
        "refdgm/energy/rbm_log_likelihood.py::rbm_log_likelihood.pullback: smaller_terms((given @ v * ((law "
        "@ (1 - h))[:, None] + alone), -lacking * both), (gap.T @ v, value_bar @ v * alone, -(value_bar @ (1 "
        "- v)) * both)) → smaller_terms((gap.T @ v, value_bar @ v * alone, -(value_bar @ (1 - v)) * both), "
        "(given @ v * ((law @ (1 - h))[:, None] + alone), -lacking * both))",
        "refdgm/numerics/log_ratio.py::second_less_first: d > 0 → d >= 0",
        "refdgm/numerics/logistic_step.py::softplus_step: xp.abs(w) < 0.5 → xp.abs(w) <= 0.5",
        "refdgm/numerics/identity_minus_tanh.py::NEAR: 0.5 → 1.0",
        "refdgm/numerics/identity_minus_tanh.py::identity_minus_tanh: xp.abs(x) < NEAR → xp.abs(x) <= NEAR",
        "refdgm/numerics/log_abs_one_plus.py::log_of_mean: xp.abs(away) < 0.5 → xp.abs(away) <= 0.5",
        "refdgm/numerics/expm1_minus_identity.py::NEAR: 0.5 → 1.0",
        "refdgm/numerics/power_lerp.py::log_ratio: low > far → low >= far",
        "refdgm/numerics/power_lerp.py::power_lerp: z > -0.25 → z >= -0.25",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: "
        "4 * (q[:, :, None] + q[:, None, :]) < 3 → 4 * (q[:, :, None] + q[:, None, :]) <= 3",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: "
        "xp.abs(c_each) < 2 * xp.abs(a * m_each) → xp.abs(c_each) <= 2 * xp.abs(a * m_each)",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: "
        "xp.abs(c) < 2 * xp.abs(a * m) → xp.abs(c) <= 2 * xp.abs(a * m)",
    ),
    "Where the line is drawn between two ways does not matter, to a small factor": (
        "refdgm/metrics/kernel_inception_distance.py::_side: xp.sum((mine - mean) ** 2) / mine.shape[0] → "
        "xp.sum((mine - mean) ** 2)",
        "refdgm/metrics/kernel_inception_distance.py::_side: 0 → 1",
        "refdgm/metrics/kernel_inception_distance.py::_side: xp.sum(mean * mean) > 4 * spread → xp.sum(mean "
        "* mean) >= 4 * spread",
        "refdgm/metrics/kernel_inception_distance.py::_side: xp.sum(mean * mean) → xp.mean(mean * mean)",
        "refdgm/metrics/kernel_inception_distance.py::_side: 4 → 5",
        "refdgm/energy/boltzmann_marginal_log_likelihood.py::boltzmann_marginal_log_likelihood.pullback: "
        "xp.max(xp.abs(pairs)) < temperature / 2 → xp.max(xp.abs(pairs)) <= temperature / 2",
        "refdgm/energy/boltzmann_marginal_log_likelihood.py::boltzmann_marginal_log_likelihood.pullback: "
        "temperature / 2 → temperature * 2",
        "refdgm/energy/boltzmann_marginal_log_likelihood.py::boltzmann_marginal_log_likelihood.pullback: "
        "temperature / 2 → temperature",
        "refdgm/energy/boltzmann_marginal_log_likelihood.py::boltzmann_marginal_log_likelihood.pullback: 2 → 3",
        "refdgm/energy/rbm_log_likelihood.py::rbm_log_likelihood.pullback: xp.max(xp.abs(tilt)) < 0.5 → "
        "xp.max(xp.abs(tilt)) <= 0.5",
        "refdgm/energy/rbm_log_likelihood.py::rbm_log_likelihood.pullback: 0.5 → 1.0",
        "refdgm/numerics/log_ratio.py::log_ratio: less > -0.5 → less >= -0.5",
        "refdgm/numerics/log_ratio.py::log_ratio: more > -0.5 → more >= -0.5",
        "refdgm/numerics/log_ratio.py::relative_entropies: d > -0.5 → d >= -0.5",
        "refdgm/numerics/log_ratio.py::entropy_of_choice: size < 2 → size <= 2",
        "refdgm/numerics/log_ratio.py::softplus_between: xp.abs(w) < 0.5 → xp.abs(w) <= 0.5",
        "refdgm/metrics/inception_score.py::inception_score.pullback: 0.5 → 1.0",
        "refdgm/flow/rank_one_log_det.py::rank_one_log_det: kappa * kappa < 0.25 → kappa * kappa <= 0.25",
        "refdgm/flow/rank_one_log_det.py::rank_one_log_det: 0.25 → 0.5",
        "refdgm/numerics/power_lerp.py::LITTLE: 100 → 101",
        "refdgm/numerics/power_lerp.py::power_lerp: 0.25 → 0.5",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: 4 → 5",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: q[:, :, None] + q[:, None, :] → q[:, :, None]",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: q[:, :, None] + q[:, None, :] → q[:, None, :]",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: 3 → 4",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: 2 * xp.abs(a * m_each) → xp.abs(a * m_each)",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: 2 → 3",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: 2 * xp.abs(a * m) → xp.abs(a * m)",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: 2 → 3 (no. 2)",
    ),
    "A unit, which is divided by and multiplied with again; a power of two, and any near it is as good": (
        "refdgm/numerics/deviation.py::LARGE: 1 → 2",
        "refdgm/numerics/deviation.py::LARGE: 32 → 33",
        "refdgm/numerics/deviation.py::common_unit: 1 → 2",
        "refdgm/numerics/nearest_shares.py::nearest_shares: xp.sqrt(1 + xp.abs(constant)) → 1 + xp.abs(constant)",
        "refdgm/numerics/nearest_shares.py::nearest_shares: 1 → 2",
        "refdgm/numerics/nearest_shares.py::nearest_shares: 1 → 2 (no. 2)",
        "refdgm/numerics/nearest_shares.py::nearest_shares: 1 → 2 (no. 3)",
        "refdgm/numerics/whitening.py::whitening: "
        "xp.sum(xp.abs(scaled), axis=1, keepdims=True) → xp.mean(xp.abs(scaled), axis=1, keepdims=True)",
    ),
    "A factor of one": (
        "refdgm/numerics/deviation.py::common_unit: LARGE * one → LARGE / one",
        "refdgm/numerics/deviation.py::common_unit: LARGE * one → LARGE",
    ),
    "A bound beyond which the exponential has long been zero": (
        "refdgm/numerics/log_ratio.py::NOTHING: 10000.0 → 20000.0",
        "refdgm/numerics/cooled.py::cooled: 1 → 2",
        "refdgm/numerics/power_lerp.py::FAR: 1024 → 1025",
        "refdgm/numerics/nearest_shares.py::nearest_shares: 4 → 5",
        "refdgm/numerics/nearest_shares.py::nearest_shares: 4 → 5 (no. 2)",
        "refdgm/numerics/nearest_shares.py::nearest_shares: 2 → 3",
        "refdgm/numerics/nearest_shares.py::nearest_shares: 2 → 3 (no. 2)",
        "refdgm/numerics/nearest_shares.py::nearest_shares: 2 * apart.shape[2] → apart.shape[2]",
        "refdgm/numerics/nearest_shares.py::nearest_shares: xp.abs(scaled) > far → xp.abs(scaled) >= far",
    ),
    "A branch of `where` that is not taken there, any number": (
        "refdgm/energy/boltzmann_marginal_log_likelihood.py::boltzmann_marginal_log_likelihood.pullback: 0.0 → 1.0",
        "refdgm/numerics/tilted.py::tilt_excess: xp.zeros_like(tilt) → xp.ones_like(tilt)",
        "refdgm/numerics/entropy.py::logit: 1.0 → 2.0",
        "refdgm/numerics/log_ratio.py::log_ratio: 0.0 → 1.0",
        "refdgm/numerics/log_ratio.py::log_ratio: 0.0 → 1.0 (no. 2)",
        "refdgm/numerics/log_ratio.py::relative_entropies: -0.5 → 0.5",
        "refdgm/numerics/log_ratio.py::relative_entropies: 0.5 → 1.0 (no. 3)",
        "refdgm/numerics/log_ratio.py::second_less_first: 0 → 1 (no. 2)",
        "refdgm/numerics/log_ratio.py::second_less_first: 0 → 1 (no. 3)",
        "refdgm/numerics/log_ratio.py::entropy_of_choice: 2 → 3",
        "refdgm/numerics/log_ratio.py::softplus_between: 0.5 → 1.0",
        "refdgm/numerics/log_ratio.py::softplus_between: 0.5 → 1.0 (no. 2)",
        "refdgm/numerics/logistic_step.py::softplus_step: 0.5 → 1.0",
        "refdgm/numerics/logistic_step.py::softplus_step: 0.5 → 1.0 (no. 2)",
        "refdgm/numerics/log_abs_one_plus.py::log_of_mean: xp.zeros_like(away) → xp.ones_like(away)",
        "refdgm/numerics/identity_minus_tanh.py::identity_minus_tanh: xp.zeros_like(x) → xp.ones_like(x)",
        "refdgm/flow/rank_one_log_det.py::rank_one_log_det: xp.zeros_like(kappa) → xp.ones_like(kappa)",
        "refdgm/numerics/cooled.py::cooled: 1 → 2 (no. 2)",
        "refdgm/numerics/expm1_minus_identity.py::expm1_minus_identity: xp.zeros_like(x) → xp.ones_like(x)",
        "refdgm/numerics/power_lerp.py::power_lerp: xp.zeros_like(z) → xp.ones_like(z)",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: 1 + a → 1 - a",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: 1 + a → 1",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: 1 → 2",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts.divided: 0.0 → 1.0",
        "refdgm/score/gaussian_mixture_denoiser.py::posterior_parts: 0.0 → 1.0",
    ),
    "Multiplied by a zero": (
        "refdgm/primitives/cross_entropy.py::cross_entropy: 0.0 → 1.0",
        "refdgm/numerics/log_ratio.py::log_ratio: 0.0 → 1.0 (no. 3)",
        "refdgm/primitives/gaussian_kl.py::gaussian_kl_between: 0.0 → 1.0",
        "refdgm/primitives/gaussian_log_density.py::gaussian_log_density: 0.0 → 1.0",
    ),
    "Terms below the rounding of the first, more of them or one fewer": (
        "refdgm/numerics/identity_minus_tanh.py::_levels: 1 → 2",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 1.0 → 2.0",
        "refdgm/numerics/identity_minus_tanh.py::_levels: left > eps → left >= eps",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 1 → 2 (no. 2)",
        "refdgm/numerics/identity_minus_tanh.py::_levels: NEAR * NEAR / ((2 * n - 1) * (2 * n + 1)) → NEAR * NEAR",
        "refdgm/numerics/identity_minus_tanh.py::_levels: NEAR * NEAR → NEAR / NEAR",
        "refdgm/numerics/identity_minus_tanh.py::_levels: NEAR * NEAR → NEAR",
        "refdgm/numerics/identity_minus_tanh.py::_levels: NEAR * NEAR → NEAR (no. 2)",
        "refdgm/numerics/identity_minus_tanh.py::_levels: (2 * n - 1) * (2 * n + 1) → (2 * n - 1) / (2 * n + 1)",
        "refdgm/numerics/identity_minus_tanh.py::_levels: (2 * n - 1) * (2 * n + 1) → 2 * n - 1",
        "refdgm/numerics/identity_minus_tanh.py::_levels: (2 * n - 1) * (2 * n + 1) → 2 * n + 1",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 2 * n - 1 → 2 * n + 1",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 2 * n - 1 → 2 * n",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 2 * n → 2",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 2 * n → n",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 2 → 3",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 1 → 2 (no. 3)",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 2 * n + 1 → 2 * n - 1",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 2 * n + 1 → 2 * n",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 2 * n + 1 → 1",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 2 * n → 2 / n (no. 2)",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 2 * n → 2 (no. 2)",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 2 * n → n (no. 2)",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 2 → 3 (no. 2)",
        "refdgm/numerics/identity_minus_tanh.py::_levels: 1 → 2 (no. 4)",
        "refdgm/numerics/identity_minus_tanh.py::identity_minus_tanh: xp.zeros_like(x) → xp.ones_like(x) (no. 2)",
        "refdgm/numerics/expm1_minus_identity.py::_terms: 2 → 3",
        "refdgm/numerics/expm1_minus_identity.py::_terms: 1.0 → 2.0",
        "refdgm/numerics/expm1_minus_identity.py::_terms: 1 → 2",
        "refdgm/numerics/expm1_minus_identity.py::_terms: NEAR / n → NEAR",
        "refdgm/numerics/expm1_minus_identity.py::expm1_minus_identity: xp.ones_like(x) → xp.zeros_like(x)",
    ),
    "What sums to zero has a positive entry of the size of its largest": (
        "refdgm/numerics/deviation.py::deviation: xp.abs(away) → away",
    ),
    "A category that no draw takes is the least of none, for another is possible": (
        "refdgm/numerics/impossible.py::least_possible: 1.0 → 2.0",
    ),
    "−∞ less any number": (
        "refdgm/numerics/impossible.py::lowered: 0.0 → 1.0",
    ),
    "The same axis, the last of two": (
        "refdgm/numerics/log_mean_exp.py::log_mean_exp: -1 → 1",
        "refdgm/latent/concrete_log_density.py::concrete_log_density: -1 → 1",
        "refdgm/latent/gumbel_softmax.py::straight_through_gumbel_softmax: -1 → 1",
        "refdgm/diffusion/strided_schedule.py::strided_schedule: 0 → -1",
    ),
    "A sum over one": (
        "refdgm/diffusion/variational_bound.py::variational_bound: "
        "xp.sum(start / alpha / 2 + size * xp.log(2 * xp.pi * beta[:1]) / 2, axis=-1) → "
        "xp.mean(start / alpha / 2 + size * xp.log(2 * xp.pi * beta[:1]) / 2, axis=-1)",
    ),
    "The second derivative is asked for, and there is no third": (
        "refdgm/energy/energy_score.py::energy_score: 2 → 3 (no. 2)",
        "refdgm/nets/mlp.py::mlp_tangent: 2 → 3 (no. 2)",
        "refdgm/score/implicit_score_matching.py::implicit_score_matching_shallow: 2 → 3",
    ),
    "The logarithm of one": (
        "refdgm/latent/concrete_log_density.py::concrete_log_density: 1 → 2",
    ),
    "One more point after the last, of which nothing is asked": (
        "refdgm/ode/picard_iteration.py::picard_iteration.pullback: 1 → 2",
    ),
    "Overwritten before it is read": (
        "refdgm/diffusion/edm_sampler.py::edm_sampler.pullback: xp.zeros_like(noise_scale) → xp.ones_like(noise_scale)",
    ),
    "A difference whose size alone is taken": (
        "refdgm/check/judging/coarse.py::off: got - expected → expected - got",
        "refdgm/check/judging/forms.py::Forms.linear: other[role] - x → x - other[role]",
        "refdgm/check/judging/inside.py::told: got - expected → expected - got",
        "refdgm/check/judging/inside.py::told: answers[outcome.role] - expected → expected - answers[outcome.role]",
        "refdgm/check/judging/precision.py::_open: got - expected → expected - got",
        "refdgm/check/judging/precision.py::_against: got - expected → expected - got",
        "refdgm/check/judging/precision.py::_against: "
        "answers[outcome.role] - expected → expected - answers[outcome.role]",
        "refdgm/check/judging/precision.py::_beside: reply[role] - near.base[role] → near.base[role] - reply[role]",
        "refdgm/check/judging/precision.py::_beside: "
        "answers[role] - other.expected[role] → other.expected[role] - answers[role]",
        "refdgm/check/judging/tolerance.py::Tolerance._changes: np.asarray(found[role]) - base[role] → "
        "base[role] - np.asarray(found[role])",
        "refdgm/diffusion/dpm_solver_pp_2m_step.py::dpm_solver_pp_2m_step: signal - noise → noise - signal",
    ),
    "An error that there is, of a number that is not zero: its side alone is told": (
        "refdgm/check/judging/whole.py::_sides: ((got - right) * np.sign(right))[known & (got != right)] < 0 → "
        "((got - right) * np.sign(right))[known & (got != right)] <= 0",
        "refdgm/check/judging/whole.py::_sides: (got - right) * np.sign(right) → (got - right) / np.sign(right)",
        "refdgm/check/judging/whole.py::_sides: np.sign(right) → right",
    ),
    "Other draws of the same law": (
        "refdgm/check/judging/precision.py::_cases_beside: 29 → 30",
        "refdgm/check/judging/precision.py::_cases_beside: 1 + apart * factors.setdefault(x.shape, rng.uniform(-1, 1, "
        "x.shape)) → 1 - apart * factors.setdefault(x.shape, rng.uniform(-1, 1, x.shape))",
    ),
    "Each try is a sixteenth of the one before, and none lies between the two ends": (
        "refdgm/check/judging/precision.py::_cases_beside: 30 → 31",
        "refdgm/check/judging/precision.py::_cases_beside: apart > 2.0 ** (-30) → apart >= 2.0 ** (-30)",
    ),
    "A square, or a product of two of them": (
        "refdgm/metrics/frechet_distance.py::frechet_distance: g - u.T @ (u @ g) → u.T @ (u @ g) - g",
        "refdgm/metrics/kernel_inception_distance.py::_side: mine - mean → mean - mine",
        "refdgm/latent/vector_quantization.py::nearest: "
        "z[some, None, :] - codebook[None, :, :] → codebook[None, :, :] - z[some, None, :]",
        "refdgm/score/components.py::centred: root * known.apart @ known.whitener - root * mean_score(known) → "
        "root * mean_score(known) - root * known.apart @ known.whitener",
        "refdgm/diffusion/linear_schedule.py::cosine_schedule: steps - before → before - steps",
    ),
    "Two shares of their sum, measured from any number near zero": (
        "refdgm/nets/activation.py::silu: 0 → 1",
    ),
    "A product, either way round": (
        "refdgm/nets/mlp.py::mlp_tangent.pullback: along(a_dot[layer - 2], back_dot) → "
        "along(back_dot, a_dot[layer - 2])",
    ),
    "The nearest by the mean is the nearest by the sum": (
        "refdgm/latent/vector_quantization.py::nearest: xp.sum(difference, axis=-1) → xp.mean(difference, axis=-1)",
    ),
    "Of a diagonal matrix, by rows or by columns": (
        "refdgm/score/components.py::parts: 2 → 1",
    ),
    "A unit of the determinants, which cancels": (
        "refdgm/score/components.py::parts: 1 → 2 (no. 2)",
        "refdgm/score/components.py::parts: xp.mean(1 / diagonal, axis=0) → xp.sum(1 / diagonal, axis=0)",
        "refdgm/score/components.py::parts: 1 → 2 (no. 3)",
    ),
    "The last of what dots part, however often it is parted": (
        "refdgm/boundary/structure.py::dtype_name: 1 → 2",
    ),
    "Where there is no number among the arguments, to convert all numbers leaves them as they are": (
        "refdgm/boundary/structure.py::accept: False → True",
    ),
    "What has a work array has arrays; and of no symbols the work is one number": (
        "refdgm/boundary/structure.py::accept: ref.work and first → ref.work or first",
    ),
    "Of a number that is not finite: plus infinity, and no other": (
        "refdgm/boundary/values.py::_way: 0 → 1",
        "refdgm/boundary/values.py::_way: got > 0 → got >= 0",
    ),
    "There are none of them, or they are not asked for without the others": (
        "refdgm/flow/normalizing_flow_log_density.py::stacked: xp.zeros_like(entry) → xp.ones_like(entry)",
        "refdgm/sde/euler_maruyama.py::euler_maruyama.pullback: "
        "xp.zeros_like(given[name]) → xp.ones_like(given[name])",
        "refdgm/sde/reverse_euler_maruyama.py::reverse_euler_maruyama.pullback: "
        "xp.zeros_like(given[name]) → xp.ones_like(given[name])",
        "refdgm/sde/predictor_corrector.py::predictor_corrector.pullback: "
        "xp.zeros_like(given[name]) → xp.ones_like(given[name])",
        "refdgm/sde/annealed_langevin.py::annealed_langevin.pullback: xp.zeros_like(sigmas) → xp.ones_like(sigmas)",
        "refdgm/diffusion/edm_sampler.py::edm_sampler.pullback: xp.zeros_like(sigmas) → xp.ones_like(sigmas)",
        "refdgm/ode/picard_iteration.py::picard_iteration.pullback: xp.zeros_like(times) → xp.ones_like(times)",
        "refdgm/ode/picard_iteration.py::picard_iteration.pullback: xp.zeros_like(h) → xp.ones_like(h)",
        "refdgm/ode/picard_iteration.py::picard_iteration: "
        "xp.zeros((z0.shape[0], 0, z0.shape[1]), dtype=z0.dtype, device=z0.device) → "
        "xp.ones((z0.shape[0], 0, z0.shape[1]), dtype=z0.dtype, device=z0.device)",
        "refdgm/ode/dopri5_steps.py::dopri5_steps.pullback: xp.zeros_like(times) → xp.ones_like(times)",
        "refdgm/ode/step.py::runge_kutta_step.pullback: 0 → 1",
    ),
    "Less zero": (
        "refdgm/numerics/whitening.py::whitening: a + zero[:1, :1, :] → a - zero[:1, :1, :]",
        "refdgm/numerics/whitening.py::whitening: sigma + zero[:1, :1, :] → sigma - zero[:1, :1, :]",
    ),
    "The sizes of a square": (
        "refdgm/numerics/triangular_factor.py::triangular_factor: 0 → 1",
        "refdgm/numerics/weighted_gram.py::weighted_gram: 1 → 2 (no. 2)",
        "refdgm/metrics/kernel_inception_distance.py::_apart: 0 → 1",
        "refdgm/numerics/whitening.py::whitening: 1 → 2",
    ),
    "A sign that is changed twice": (
        "refdgm/numerics/whitening.py::whitening: "
        "rows[j] - xp.vecdot(rows[i] * scale, rows[j] * scale)[:, None] * rows[i] → "
        "xp.vecdot(rows[i] * scale, rows[j] * scale)[:, None] * rows[i] - rows[j]",
    ),
    "No coefficient is two, and a product with one is exact": (
        "refdgm/ode/step.py::times: 1 → 2",
    ),
    "Two terms that cancel": (
        "refdgm/sde/annealed_langevin.py::annealed_langevin.pullback: i < last → i <= last",
    ),
    "What is added to is zero yet": (
        "refdgm/ode/dopri5_steps.py::dopri5_steps.pullback: points_bar[n] + grads['t'] → grads['t']",
    ),
    "What is taken off every logit of a row, of which neither the softmax nor a gradient hears": (
        "refdgm/metrics/info_nce.py::info_nce: products - xp.sum(xp.where(own, products, 0.0), axis=1)[:, None] → "
        "products + xp.sum(xp.where(own, products, 0.0), axis=1)[:, None]",
        "refdgm/metrics/info_nce.py::info_nce: products - xp.sum(xp.where(own, products, 0.0), axis=1)[:, None] → "
        "products",
        "refdgm/metrics/info_nce.py::info_nce: xp.sum(xp.where(own, products, 0.0), axis=1) → "
        "xp.mean(xp.where(own, products, 0.0), axis=1)",
        "refdgm/metrics/info_nce.py::info_nce: xp.where(own, products, 0.0) → xp.where(own, 0.0, products)",
    ),
    "One number, or an array of one, for all": (
        "refdgm/energy/energy_negative_log_likelihood.py::energy_negative_log_likelihood.pullback: True → False",
    ),
    "What all draws of an example are measured from, which a difference from the mean of the others does not hear": (
        "refdgm/latent/score_function_estimator.py::leave_one_out_estimator: cost - cost[:, :1] → cost + cost[:, :1]",
        "refdgm/latent/score_function_estimator.py::leave_one_out_estimator: cost - cost[:, :1] → cost",
    ),
}
EQUIVALENT = {key: reason for reason, keys in REASONS.items() for key in keys}
