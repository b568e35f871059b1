"""Other definitions of the field, as their authors write them: what tests/check/test_variants.py asks."""

import autograd.numpy as np
from autograd import elementwise_grad, make_vjp
from autograd.builtins import tuple as traced_tuple

from refdgm.evidence.definitions import definition
from refdgm.evidence.ode.steps import STEPS

from .other_bounds import BOUNDS
from .other_layers import (
    CONVOLUTIONS,
    LAYERS,
    bounded_below,
    of_degrees,
    revnet,
    softplus_twice,
)
from .other_likelihoods import (
    clamped,
    continuous,
    distance,
    each_floored,
    guarded,
    ising,
    nll,
    policy,
    policy_of_others,
    published,
    smooth_labels,
    smoothed,
    sum_floored,
    without_constant,
)
from .other_metrics import (
    biased,
    contrast,
    contrast_of_both,
    information,
    of_cosines,
    of_moments,
    of_no_square,
    of_pairs_of_two,
    root_of_kernels,
    squares_of_quantiles,
)

RULE = "rk4 is the 3/8 rule"
POLICY = "the loss of policy gradients, mean (f − b) log q with costs that are held"


def kutta(f, z, t, h):
    k1 = f(z, t)
    k2 = f(z + h * k1 / 3, t + h / 3)
    k3 = f(z + h * (k2 - k1 / 3), t + h * 2 / 3)
    k4 = f(z + h * (k1 - k2 + k3), t + h)
    return z + h * (k1 + 3 * k2 + 3 * k3 + k4) / 8


STEPS["the 3/8 rule"] = kutta  # one more word for the texts: what measures an honest evaluation asks for rk4


def usual(name):
    return definition(name).usual["usual"]


def along(xp, z0, t0, t1, theta, *, velocity, method, steps):
    """The continuous adjoint as torchdiffeq has it: the gradient of the first time is part of the state."""
    h, z1 = (t1 - t0) / steps, usual("odeint")(xp, z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    names, ends = list(theta), np.cumsum([z0.size, z0.size, 1] + [x.size for x in theta.values()])

    def parts(state):
        z, a, t, *rest = np.split(state, ends[:-1])
        return [np.reshape(z, z0.shape), np.reshape(a, z0.shape), t[0],
                *(np.reshape(x, theta[name].shape) for name, x in zip(names, rest, strict=True))]

    def packed(*rows):
        return np.concatenate([np.ravel(x) for x in rows])

    def backwards(state, t):
        z, a, *_ = parts(state)
        back, f = make_vjp(lambda all3: velocity(*all3))(traced_tuple((z, t, theta)))
        z_bar, t_bar, theta_bar = back(a)
        return packed(f, -z_bar, -t_bar, *(-theta_bar[name] for name in names))

    def pullback(bar):
        t1_bar = np.sum(bar * velocity(z1, t1, theta))
        state = packed(z1, bar, -t1_bar, *(0 * x for x in theta.values()))
        for n in range(steps):
            state = STEPS[method](backwards, state, t1 - n * h, -h)
        _, a, t0_bar, *rest = parts(state)
        return {"z0": a, "t0": t0_bar, "t1": t1_bar, "theta": dict(zip(names, rest, strict=True))}

    return z1, pullback


def of_guarded_root(real, fake, u, theta, *, critic, sides):
    at = fake + u[:, None] * (real - fake)
    n = np.sqrt(1e-12 + np.sum(elementwise_grad(lambda x: critic(x, theta))(at) ** 2, axis=1))
    return (n - 1) ** 2 if sides == "two" else np.maximum(n - 1, 0) ** 2


def from_below(v, start, W1, W2, c1, c2, *, iterations):
    above = 1 / (1 + np.exp(-np.dot(1 / (1 + np.exp(-2 * np.dot(v, W1.T) - c1)), W2.T) - c2))
    return usual("dbm_mean_field")(np, v, above, W1, W2, c1, c2, iterations=iterations)


def solver(name, rule=False, by_the_way=False):
    text, more = usual(name), {}
    if by_the_way:
        text, more = (along, {}) if name == "odeint_adjoint" else (text, {"solve": along})

    def solved(*args, method, **options):
        return text(np, *args, method="the 3/8 rule" if rule and method == "rk4" else method, **options, **more)

    return solved


def bound(name, factor=1.0, more=0.0):
    """The usual text of an encoder whose second half is log σ (a factor of 2), and more of every component."""

    def of(x, eps, *rest, encoder, likelihood, **options):
        def twice(x, phi):
            code = encoder(x, phi)
            return code * np.reshape([1.0, factor], (2, 1)).repeat(eps.shape[2], axis=1).reshape(-1)

        value = usual(name)(np, x, eps, *rest, encoder=twice, likelihood=likelihood, **options)
        return value + (more * x.shape[1] if likelihood == "gaussian" else 0.0)

    return of


def unit(probe):
    return probe / np.sqrt(np.sum(probe**2, axis=2, keepdims=True))


def sliced(name, length):
    return lambda x, probe, theta, *, score: usual(name)(np, x, length(probe), theta, score=score)


def masked(xt, eps_pred, noise, beta, alpha_prod_prev, *, variance):
    mask = np.reshape(alpha_prod_prev < 1, (-1,) + (1,) * (xt.ndim - 1))
    return usual("ancestral_step")(np, xt, eps_pred, mask * noise, beta, alpha_prod_prev, variance=variance)


def exploding(t, low, high, *, process):
    """As in score_sde and in what was made after it."""
    if process == "ve":
        return 1 + 0 * t, low * (high / low) ** t
    return usual("perturbation_kernel")(np, t, low, high, process=process)


def matching(score, eps, t, low, high, *, process, weighting):
    """g² is (2 log high/low) σ², so that the likelihood's weight is that of the noise, times a constant."""
    if process != "ve":
        return usual("continuous_score_matching")(np, score, eps, t, low, high, process=process, weighting=weighting)
    sigma, rest = low * (high / low) ** t, tuple(range(1, score.ndim))
    at = np.reshape(sigma, (-1,) + (1,) * (score.ndim - 1))
    weight = {"std2": 1.0, "diffusion2": 2 * np.log(high / low), "one": sigma**-2}[weighting]
    return weight * np.sum((at * score + eps) ** 2, axis=rest) / 2


def of_energies(x, y, score_x, score_y, log_density_x, log_density_y, step):
    return usual("mala_log_ratio")(np, x, y, -score_x, -score_y, -log_density_x, -log_density_y, step)


def relative(sigma, sigma_data):
    *rest, _ = usual("edm_preconditioning")(np, sigma, sigma_data)
    return (*rest, np.log(sigma / sigma_data) / 4)


def last_mean(x, eps, *more, score):
    kept = np.reshape(np.arange(eps.shape[1]) < eps.shape[1] - 1, (1, -1, 1))
    return usual("reverse_euler_maruyama")(np, x, kept * eps, *more, score=score)


def corrected_first(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, *, score):
    for n in range(eps.shape[1]):
        for k in range(corrector_eps.shape[2]):
            x = x + step[n] / 2 * score(x, times[n], theta) + np.sqrt(step[n]) * corrector_eps[:, n, k]
        drift = slope[n] * x - diffusion[n] ** 2 * score(x, times[n], theta)
        x = x - h[n] * drift + diffusion[n] * np.sqrt(h[n]) * eps[:, n]
    return x


def of_kernel(name):
    """The usual log-density, with the prior exchanged at the state that the flow ends in."""

    def log_density(x, *rest, score, process, method, steps):
        t0, t1, low, high, theta = rest[-5:]
        flow, options = usual("probability_flow"), {"score": score, "method": method, "steps": steps}
        z = flow(np, x, t0, t1, low, high, theta, process=process, **options)
        _, std = usual("perturbation_kernel")(np, t1, low, high, process=process)
        own = high if process == "ve" else 1.0
        normal = lambda s: -np.sum(z**2, axis=1) / (2 * s**2) - z.shape[1] * np.log(s)
        return usual(name)(np, x, *rest, process=process, **options) + normal(std) - normal(own)

    return log_density


def by_taylor(x, x0, x0_prev, lam, step, step_prev, *, process):
    """As diffusers and the authors' code have it under these words."""
    each = lambda a: np.reshape(a, (-1,) + (1,) * (x.ndim - 1))
    lam, h, before = each(lam), each(step), each(step_prev)
    alpha, sigma = (lambda v: 1.0, lambda v: np.exp(-v)) if process == "ve" else (
        lambda v: (1 + np.exp(-2 * v)) ** -0.5, lambda v: (1 + np.exp(2 * v)) ** -0.5)
    first, slope = np.exp(-h) - 1, (x0 - x0_prev) * h / before
    moved = alpha(lam + h) * ((first / h + 1) * slope - first * x0)
    return sigma(lam + h) / sigma(lam) * x + moved


SOLVERS = ("odeint", "odeint_checkpointed", "odeint_running_cost", "odeint_adjoint", "cnf_log_density",
           "ffjord_log_density", "cnf_log_density_adjoint", "probability_flow",
           "probability_flow_log_density", "probability_flow_log_density_estimate")  # fmt: skip
PRIOR = "the prior has the deviation of the kernel at t₁"
SPHERE = lambda v: unit(v) * v.shape[2] ** 0.5
FOLLOWING = [
    ("gaussian_log_density", "without the constant ½ log 2π", without_constant),
    ("gaussian_log_density", "without the constant ½ log 2π; the negative log-density, a loss",
     lambda x, mean, logvar: nll(mean, x, np.exp(logvar))),
    ("bernoulli_log_likelihood", "the continuous Bernoulli law, with its normaliser", continuous),
    ("discretized_logistic_log_likelihood",
     "the density at the level times 2δ, where the chance of the bin is below 10⁻⁵", published),
    ("free_bits_kl", "the floor for every example, not for the mean of the batch", each_floored),
    ("free_bits_kl", "one floor of Z λ₀ for the sum of an example", sum_floored),
    ("elbo", "the encoder gives log σ, not log σ²", bound("elbo", factor=2.0)),
    ("elbo", "for gaussian without the constant ½ log 2π", bound("elbo", more=np.log(2 * np.pi) / 2)),
    ("importance_weighted_bound", "for gaussian without the constant ½ log 2π",
     bound("importance_weighted_bound", more=np.log(2 * np.pi) / 2)),
    *BOUNDS, *LAYERS, *CONVOLUTIONS,
    ("gaussian_reparameterization", "log-variances clamped to [−30, 20]", clamped),
    ("sliced_score_matching", "directions divided by their length", sliced("sliced_score_matching", unit)),
    ("sliced_score_matching", "directions on the sphere of radius √D", sliced("sliced_score_matching", SPHERE)),
    ("sliced_score_matching_vr", "directions on the sphere of radius √D", sliced("sliced_score_matching_vr", SPHERE)),
    ("ancestral_step", "no noise at t = 1, where ᾱ_{t−1} = 1", masked),
    ("perturbation_kernel", "for ve std = σ(t)", exploding),
    ("continuous_score_matching", "for ve std = σ(t)", matching),
    ("mala_log_ratio", "energies and their gradients", of_energies),
    ("edm_preconditioning", "the noise told relative to the data", relative),
    ("reverse_euler_maruyama", "no noise in the last step", last_mean),
    ("predictor_corrector", "corrector first, at the old time", corrected_first),
    ("dpm_solver_pp_2m_step", 'the solver type "heun" or "taylor"', by_taylor),
    ("affine_coupling", "shifted before it is scaled", revnet),
    ("affine_coupling", "for sigmoid e^s = σ(r + 2) + 10⁻³", bounded_below),
    ("boltzmann_conditional", "W y + b, for a symmetric W without a diagonal",
     lambda y, W, b, temperature: 1 / (1 + np.exp(-(np.dot(y, W.T) + b) / temperature))),
    ("boltzmann_conditional", "no unit meets itself",
     lambda y, W, b, temperature: usual("boltzmann_conditional")(np, y, W * (1 - np.eye(len(W))), b, temperature)),
    ("boltzmann_conditional", "spins s = 2y − 1", ising),
    ("dbm_mean_field", "from a pass upwards with 2 W¹, whatever start is given", from_below),
    ("boltzmann_energy", "pairs i < j above the diagonal",
     lambda y, W, b: -np.sum(np.dot(y, np.triu(W, 1)) * y, axis=1) - np.dot(y, b)),
    ("boltzmann_energy", "no unit meets itself",
     lambda y, W, b: -np.einsum("bi,ij,bj->b", y, W * (1 - np.eye(len(W))), y) / 2 - np.dot(y, b)),
    ("boltzmann_energy", "spins s = 2y − 1", lambda y, W, b: usual("boltzmann_energy")(np, 2 * y - 1, W, b)),
    ("made", "hidden degrees 1 … D in turn", of_degrees(lambda width, many: 1 + np.arange(width) % many)),
    ("made", "hidden degrees 0 … D − 1, spread evenly",
     of_degrees(lambda width, many: np.round(np.linspace(1.0, many, width)) - 1)),
    ("planar_transform", "for softplus k = log(1 + sp(κ)) − 1", softplus_twice),
    ("gan_discriminator_loss", "data are labelled 0.9", smoothed),
    ("inception_score", "its logarithm, in nats", information),
    ("jensen_shannon_divergence", "the distance, its square root", distance),
    ("cross_entropy", "labels smoothed by a tenth", smooth_labels),
    ("score_function_estimator", POLICY, policy),
    ("leave_one_out_estimator", POLICY, policy_of_others),
    ("info_nce", "the mean of both directions", contrast_of_both),
    ("info_nce", "cosines for products", of_cosines(contrast)),
    ("info_nce", "cosines, the mean of both directions", of_cosines(contrast_of_both)),
    ("frechet_inception_distance", "covariances with 1/B and 1/M", of_moments),
    ("frechet_distance", "the distance d itself, not squared", of_no_square),
    ("kernel_inception_distance", "biased, of all pairs over B² and M²", biased),
    ("maximum_mean_discrepancy", "its root, of what is below zero none", root_of_kernels),
    ("wasserstein_distance_1d", "of order two, its square", squares_of_quantiles),
    ("energy_distance", "unbiased, of pairs of two points alone", of_pairs_of_two),
    ("energy_distance", "its root, a metric of laws", lambda x, y: np.sqrt(usual("energy_distance")(np, x, y))),
    ("power_iteration", "10⁻¹² is added to every norm", guarded),
    ("gradient_penalty", "1e-12 under the root", of_guarded_root),
    *((name, RULE, solver(name, rule=True)) for name in SOLVERS),
    ("probability_flow_log_density", PRIOR, of_kernel("probability_flow_log_density")),
    ("probability_flow_log_density_estimate", PRIOR, of_kernel("probability_flow_log_density_estimate")),
    ("odeint_adjoint", "t₀ integrated along the way", solver("odeint_adjoint", by_the_way=True)),
    ("cnf_log_density_adjoint", "t₁ integrated along the way", solver("cnf_log_density_adjoint", by_the_way=True)),
    ("odeint_adjoint", f"{RULE}, t₀ integrated along the way", solver("odeint_adjoint", True, True)),
    ("cnf_log_density_adjoint", f"{RULE}, t₁ integrated along the way", solver("cnf_log_density_adjoint", True, True)),
]  # fmt: skip
