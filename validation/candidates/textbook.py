"""Every reference as a textbook defines it, differentiated by HIPS autograd: what a bare `refdgm check` checks.

Written from the definitions alone, with autograd.numpy and nothing else. Some derivatives are those that textbooks and
libraries print (of tanh, the logistic function, log-sum-exp), for their rounding belongs to the usual form; the two
adjoint methods, whose gradient is not that of their value, return a pullback of their own. `getval` reads a number
without its derivative: that is a stopped gradient. `score` and `velocity` are functions, as candidates receive them.
"""

import autograd.numpy as np
from autograd import make_vjp
from autograd.builtins import tuple as traced_tuple
from autograd.extend import defvjp, primitive
from autograd.tracer import getval

FRAMEWORK = "autograd"
LINEAR_BEYOND = np.inf  # some libraries replace softplus(a) by a from here on (PyTorch: 20); the definition does not


def stopped(u):
    """The number alone, whatever traces it."""
    while getval(u) is not u:
        u = getval(u)
    return u


def gaussian_kl(mean, logvar):
    return np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1) / 2


def gaussian_kl_between(mean_q, logvar_q, mean_p, logvar_p):
    ratio = np.exp(logvar_q - logvar_p)
    return np.sum((mean_q - mean_p) ** 2 / np.exp(logvar_p) + ratio - 1 - logvar_q + logvar_p, axis=1) / 2


def gumbel_max(logits, gumbel):
    return np.argmax(logits + gumbel, axis=1)


def gumbel_softmax(logits, gumbel, tau):
    u = logits + gumbel
    possible = u > -np.inf  # an impossible category has probability zero and no derivative
    z = np.where(possible, u, 0) / tau
    top = np.max(np.where(possible, stopped(z), -np.inf), axis=1, keepdims=True)
    e = np.where(possible, np.exp(np.where(possible, z - top, 0)), 0)
    return e / np.sum(e, axis=1, keepdims=True)


def straight_through_gumbel_softmax(logits, gumbel, tau):
    y = gumbel_softmax(logits, gumbel, tau)
    drawn = np.argmax(stopped(logits + gumbel), axis=1)
    return np.eye(logits.shape[1])[drawn] + (y - stopped(y))


def vector_quantization(z, codebook, beta):
    distances = [np.sum((stopped(z) - code) ** 2, axis=1) for code in stopped(codebook)]
    code = np.argmin(np.stack(distances, axis=1), axis=1)
    chosen = codebook[code]
    return (
        code,
        z + stopped(chosen - z),
        np.sum((stopped(z) - chosen) ** 2, axis=1),
        beta * np.sum((z - stopped(chosen)) ** 2, axis=1),
    )


# The derivatives of tanh and of the logistic function as the textbooks have them: 1 - tanh^2 and s (1 - s).
tanh = primitive(lambda a: np.tanh(a))
defvjp(tanh, lambda y, a: lambda g: g * (1 - y**2))
sigmoid = primitive(lambda a: 1 / (1 + np.exp(-a)))
defvjp(sigmoid, lambda y, a: lambda g: g * y * (1 - y))


def softplus(x):
    return np.where(x > LINEAR_BEYOND, x, np.logaddexp(0.0, x))


def phi(activation, a):
    if activation == "relu":
        return np.where(a > 0, a, 0.0)  # np.maximum shares its slope at 0
    return {"tanh": tanh, "softplus": softplus, "silu": lambda a: a * sigmoid(a)}[activation](a)


def mlp(x, theta, *, activation):
    h, depth = x, len(theta) // 2
    for layer in range(1, depth + 1):
        a = np.dot(h, theta[f"W{layer}"].T) + theta[f"b{layer}"]
        h = phi(activation, a) if layer < depth else a
    return h


def slope(activation, a):
    if activation == "tanh":
        return 1 - tanh(a) ** 2
    s = sigmoid(a)
    if activation == "softplus":
        return np.where(a > LINEAR_BEYOND, 1.0, s)
    return s * (1 + a * (1 - s))


def mlp_tangent(x, x_dot, theta, *, activation):
    h, h_dot, depth = x, x_dot, len(theta) // 2
    for layer in range(1, depth + 1):
        a = np.dot(h, theta[f"W{layer}"].T) + theta[f"b{layer}"]
        a_dot = np.dot(h_dot, theta[f"W{layer}"].T)
        if layer == depth:
            return a, a_dot
        h, h_dot = phi(activation, a), slope(activation, a)[:, None, :] * a_dot


def implicit_score_matching(x, theta, *, score):
    s_pullback, s = make_vjp(lambda x: score(x, theta))(x)
    loss = np.sum(s**2, axis=1) / 2
    for d in range(x.shape[1]):
        axis = np.eye(x.shape[1])[d] * np.ones(x.shape)
        loss = loss + s_pullback(axis)[:, d]
    return loss


def step(f, z, t, h, method):
    k1 = f(z, t)
    if method == "euler":
        return z + h * k1
    if method == "heun":
        return z + h / 2 * (k1 + f(z + h * k1, t + h))
    if method == "midpoint":
        return z + h * f(z + h / 2 * k1, t + h / 2)
    k2 = f(z + h / 2 * k1, t + h / 2)
    k3 = f(z + h / 2 * k2, t + h / 2)
    k4 = f(z + h * k3, t + h)
    return z + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def odeint(z0, t0, t1, theta, *, velocity, method, steps):
    z, h = z0, (t1 - t0) / steps
    for n in range(steps):
        z = step(lambda z, t: velocity(z, t, theta), z, t0 + n * h, h, method)
    return z


def odeint_adjoint(z0, t0, t1, theta, *, velocity, method, steps):
    """The adjoint equation, integrated backwards together with the state: a pair, not a derivative of the value."""
    h, z1 = (t1 - t0) / steps, odeint(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)

    def pullback(z1_bar):
        # the state (z, a, g) as one vector: g gathers the gradient of every parameter
        cut, names = z0.size, list(theta)

        def packed(z, a, gradients):
            return np.concatenate([np.ravel(z), np.ravel(a), *[np.ravel(gradients[name]) for name in names]])

        def backwards(state, t):
            z, a = np.reshape(state[:cut], z0.shape), np.reshape(state[cut : 2 * cut], z0.shape)
            back, f = make_vjp(lambda both: velocity(both[0], t, both[1]))(traced_tuple((z, theta)))
            z_bar, theta_bar = back(a)
            return packed(f, -z_bar, {name: -theta_bar[name] for name in names})

        state = packed(z1, z1_bar, {name: 0 * theta[name] for name in names})
        for n in range(steps):
            state = step(backwards, state, t1 - n * h, -h, method)
        z, a = np.reshape(state[:cut], z0.shape), np.reshape(state[cut : 2 * cut], z0.shape)
        gathered, at = {}, 2 * cut
        for name in names:
            gathered[name] = np.reshape(state[at : at + theta[name].size], theta[name].shape)
            at += theta[name].size
        return {
            "z0": a,
            "t0": -np.sum(a * velocity(z, t0, theta)),
            "t1": np.sum(z1_bar * velocity(z1, t1, theta)),
            "theta": gathered,
        }

    return z1, pullback


def classifier_free_guidance(eps_cond, eps_uncond, gamma):
    return eps_uncond + gamma * (eps_cond - eps_uncond)


# --- primitives ---


def below_the_largest(logits):
    return logits - np.max(stopped(logits), axis=1, keepdims=True)


# The derivative of log-sum-exp as the libraries have it, e^(u - A): it errs by the rounding of A.
log_normaliser = primitive(lambda u: np.log(np.sum(np.exp(below_the_largest(u)), axis=1)) + np.max(u, axis=1))
defvjp(log_normaliser, lambda total, u: lambda g: g[:, None] * np.exp(u - total[:, None]))


def log_sum_exp(logits):
    return log_normaliser(logits)


def softmax(logits):
    e = np.exp(below_the_largest(logits))
    return e / np.sum(e, axis=1, keepdims=True)


def log_softmax(logits):
    z = below_the_largest(logits)
    return z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))


# softplus stands with the networks, above


def log_sigmoid(x):
    return -softplus(-x)


def gaussian_log_density(x, mean, logvar):
    return -np.sum((x - mean) ** 2 * np.exp(-logvar) + logvar + np.log(2 * np.pi), axis=1) / 2


# --- relaxations ---


def concrete_log_density(c, logits, tau):
    count = c.shape[1]
    score = logits - log_normaliser(logits)[:, None] - tau * np.log(c)  # normalised first, as probability libraries do
    factorial = np.sum(np.log(np.arange(1.0, count)))
    return factorial + (count - 1) * np.log(tau) + np.sum(score - log_normaliser(score)[:, None] - np.log(c), axis=1)


def relaxed_codebook(c, codebook):
    return np.dot(c, codebook)


# --- layers ---


def affine(x, W, b):
    return np.dot(x, W.T) + b


def sinusoidal_embedding(t, *, features, spacing):
    half = features // 2
    n = half if spacing == "half" else max(half - 1, 1)
    base = 10000.0 + 0 * t[:, None]  # formed from t, so that its powers err as computed numbers do
    angle = t[:, None] * np.exp(-np.log(base) * np.arange(half) / n)
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1)


# --- score ---


def fisher_divergence(score, target):
    apart = score - target
    return np.sum(np.reshape(apart**2, (len(apart), -1)), axis=1) / 2


def denoising_score_matching(score, eps, sigma):
    level = np.reshape(sigma, (-1,) + (1,) * (score.ndim - 1))
    return fisher_divergence(score, -eps / level)


def noise_conditional_score_matching(score, eps, sigma):
    return sigma**2 * denoising_score_matching(score, eps, sigma)


def implicit_score_matching_shallow(x, theta, *, activation):
    return implicit_score_matching(x, theta, score=lambda x, theta: mlp(x, theta, activation=activation))


def quadratic_forms(x, probe, theta, score):
    """v and vᵀ(∂s/∂x)v for every direction in turn."""
    s_pullback, _ = make_vjp(lambda x: score(x, theta))(x)
    for r in range(probe.shape[1]):
        v = probe[:, r]
        yield v, np.sum(s_pullback(v) * v, axis=1)


def sliced_score_matching(x, probe, theta, *, score):
    s, loss = score(x, theta), 0.0
    for v, quadratic_form in quadratic_forms(x, probe, theta, score):
        loss = loss + np.sum(v * s, axis=1) ** 2 / 2 + quadratic_form
    return loss / probe.shape[1]


def sliced_score_matching_vr(x, probe, theta, *, score):
    trace = 0.0
    for _, quadratic_form in quadratic_forms(x, probe, theta, score):
        trace = trace + quadratic_form
    return np.sum(score(x, theta) ** 2, axis=1) / 2 + trace / probe.shape[1]


# --- sampling and guidance of diffusion models ---


def per_example(c, x):
    """c (B,), to scale whole examples of x."""
    return np.reshape(c, (len(c),) + (1,) * (len(x.shape) - 1))


def ancestral_step(xt, eps_pred, noise, beta, alpha_prod_prev, *, variance):
    beta, before = per_example(beta, xt), per_example(alpha_prod_prev, xt)
    alpha_prod = (1 - beta) * before
    mean = (xt - beta / np.sqrt(1 - alpha_prod) * eps_pred) / np.sqrt(1 - beta)
    posterior = (1 - before) / (1 - alpha_prod) * beta
    return mean + np.sqrt(posterior if variance == "posterior" else beta) * noise


def ancestral_step_through_x0(xt, eps_pred, noise, beta, alpha_prod_prev, *, variance):
    """The mean as that of q(x_{t-1} | x_t, x0) at the predicted x0: eq. 7 where the other form is eq. 11."""
    beta, before = per_example(beta, xt), per_example(alpha_prod_prev, xt)
    alpha_prod = (1 - beta) * before
    x0 = np.sqrt(1 / alpha_prod) * xt - np.sqrt(1 / alpha_prod - 1) * eps_pred
    of_x0, of_xt = np.sqrt(before) * beta / (1 - alpha_prod), np.sqrt(1 - beta) * (1 - before) / (1 - alpha_prod)
    posterior = (1 - before) / (1 - alpha_prod) * beta
    return of_x0 * x0 + of_xt * xt + np.sqrt(posterior if variance == "posterior" else beta) * noise


def strided_schedule(beta, *, steps, spacing):
    train = len(beta)
    visited = {
        "leading": lambda: np.arange(steps) * (train // steps),
        "linspace": lambda: np.round(np.arange(steps) * (train - 1) / max(steps - 1, 1)),
        "trailing": lambda: np.round(np.arange(1, steps + 1) * train / steps) - 1,
    }[spacing]()[::-1].astype(np.int64)
    alpha_prod = np.cumprod(1 - beta)[visited]
    before = np.concatenate([alpha_prod[1:], np.ones(1)])
    return visited, 1 - alpha_prod / before, alpha_prod, before


def ddim_step(xt, eps_pred, noise, beta, alpha_prod_prev, eta):
    beta, before = per_example(beta, xt), per_example(alpha_prod_prev, xt)
    alpha_prod = (1 - beta) * before
    sigma = eta * np.sqrt((1 - before) / (1 - alpha_prod)) * np.sqrt(1 - alpha_prod / before)
    x0 = (xt - np.sqrt(1 - alpha_prod) * eps_pred) / np.sqrt(alpha_prod)
    return np.sqrt(before) * x0 + np.sqrt(1 - before - sigma**2) * eps_pred + sigma * noise


def classifier_guidance(eps_pred, log_prob_grad, alpha_prod, gamma):
    return eps_pred - gamma * np.sqrt(1 - per_example(alpha_prod, eps_pred)) * log_prob_grad


def guidance_rescale(guided, cond, phi):
    axes = tuple(range(1, len(guided.shape)))
    deviation = lambda x: np.sqrt(np.mean((x - np.mean(x, axis=axes, keepdims=True)) ** 2, axis=axes, keepdims=True))
    return phi * (guided * deviation(cond) / deviation(guided)) + (1 - phi) * guided


# --- stochastic differential equations ---


def probability_flow_drift(drift, score, diffusion):
    return drift - per_example(diffusion, drift) ** 2 / 2 * score


# --- ode ---


def residual_block(z, theta, *, branch):
    return z + branch(z, theta)


def odeint_running_cost(z0, t0, t1, theta, *, velocity, cost, method, steps):
    def pair_rate(pair, t):
        z = pair[:, :-1]
        f = velocity(z, t, theta)
        r = np.sum((f if cost == "kinetic" else z) ** 2, axis=1, keepdims=True) / 2
        return np.concatenate([f, r], axis=1)

    pair, h = np.concatenate([z0, np.zeros((len(z0), 1))], axis=1), (t1 - t0) / steps
    for n in range(steps):
        pair = step(pair_rate, pair, t0 + n * h, h, method)
    return pair[:, :-1], pair[:, -1]


def dopri5_steps(z0, times, theta, *, velocity):
    z = z0
    for n in range(len(times) - 1):
        t, h = times[n], times[n + 1] - times[n]
        k1 = velocity(z, t, theta)
        k2 = velocity(z + h * (k1 / 5), t + h / 5, theta)
        k3 = velocity(z + h * (3 / 40 * k1 + 9 / 40 * k2), t + 3 / 10 * h, theta)
        k4 = velocity(z + h * (44 / 45 * k1 - 56 / 15 * k2 + 32 / 9 * k3), t + 4 / 5 * h, theta)
        k5 = velocity(z + h * (19372 / 6561 * k1 - 25360 / 2187 * k2 + 64448 / 6561 * k3 - 212 / 729 * k4),
                      t + 8 / 9 * h, theta)
        k6 = velocity(z + h * (9017 / 3168 * k1 - 355 / 33 * k2 + 46732 / 5247 * k3 + 49 / 176 * k4
                               - 5103 / 18656 * k5), t + h, theta)
        z = z + h * (35 / 384 * k1 + 500 / 1113 * k3 + 125 / 192 * k4 - 2187 / 6784 * k5 + 11 / 84 * k6)
    return z


odeint_checkpointed = odeint  # what is kept on the way is no part of the definition
# --- diffusion: the forward process ---


def every(number, x):
    return np.reshape(number, number.shape + (1,) * (np.ndim(x) - 1))


def forward_marginal(x0, eps, alpha_prod):
    return np.sqrt(every(alpha_prod, x0)) * x0 + np.sqrt(1 - every(alpha_prod, x0)) * eps


def x0_from_eps(xt, eps, alpha_prod):
    return (xt - np.sqrt(1 - every(alpha_prod, xt)) * eps) / np.sqrt(every(alpha_prod, xt))


def eps_from_x0(xt, x0, alpha_prod):
    return (xt - np.sqrt(every(alpha_prod, xt)) * x0) / np.sqrt(1 - every(alpha_prod, xt))


def v_from_x0_eps(x0, eps, alpha_prod):
    return np.sqrt(every(alpha_prod, x0)) * eps - np.sqrt(1 - every(alpha_prod, x0)) * x0


def x0_from_v(xt, v, alpha_prod):
    return np.sqrt(every(alpha_prod, xt)) * xt - np.sqrt(1 - every(alpha_prod, xt)) * v


def eps_from_v(xt, v, alpha_prod):
    return np.sqrt(1 - every(alpha_prod, xt)) * xt + np.sqrt(every(alpha_prod, xt)) * v


def score_from_eps(eps, alpha_prod):
    return -eps / np.sqrt(1 - every(alpha_prod, eps))


def eps_from_score(score, alpha_prod):
    return -np.sqrt(1 - every(alpha_prod, score)) * score


# --- diffusion: objectives ---


def summed(x):
    return np.sum(x, axis=tuple(range(1, np.ndim(x)))) if np.ndim(x) > 1 else x


def simple_loss(prediction, x0, eps, alpha_prod, *, target):
    y = {"eps": eps, "x0": x0, "v": v_from_x0_eps(x0, eps, alpha_prod)}[target]
    return summed((prediction - y) ** 2)


def diffusion_posterior(xt, x0, beta, alpha_prod_prev):
    a = every(1 - (1 - beta) * alpha_prod_prev, xt)
    step, before = every(beta, xt), every(alpha_prod_prev, xt)
    mean = np.sqrt(before) * step / a * x0 + np.sqrt(1 - step) * (1 - before) / a * xt
    return mean, (1 - alpha_prod_prev) / (1 - (1 - beta) * alpha_prod_prev) * beta


def divergence(apart, variance_q, variance_p):
    ratio = variance_q / variance_p
    return (apart**2 / variance_p + ratio - 1 - np.log(ratio)) / 2


def variational_loss(prediction, eps, beta, alpha_prod_prev, *, variance):
    step, before = every(beta, eps), every(alpha_prod_prev, eps)
    after = (1 - step) * before
    posterior = (1 - before) / (1 - after) * step
    apart = step / np.sqrt((1 - step) * (1 - after)) * (eps - prediction)
    return summed(divergence(apart, posterior, posterior if variance == "posterior" else step))


def variational_loss_of_means(prediction, eps, beta, alpha_prod_prev, *, variance, x0=0.0):
    """Between the posterior at x0 and at that which the prediction tells, each with its mean and log-variance."""
    step, before = every(beta, eps), every(alpha_prod_prev, eps)
    after = (1 - step) * before
    posterior = (1 - before) / (1 - after) * step
    xt = np.sqrt(after) * x0 + np.sqrt(1 - after) * eps
    predicted = np.sqrt(1 / after) * xt - np.sqrt(1 / after - 1) * prediction
    of_x0, of_xt = np.sqrt(before) * step / (1 - after), np.sqrt(1 - step) * (1 - before) / (1 - after)
    mean_q, mean_p = of_x0 * x0 + of_xt * xt, of_x0 * predicted + of_xt * xt
    logvar_q, logvar_p = np.log(posterior), np.log(posterior if variance == "posterior" else step)
    apart = (mean_q - mean_p) ** 2 * np.exp(-logvar_p)
    return summed(-1 + logvar_p - logvar_q + np.exp(logvar_q - logvar_p) + apart) / 2


def reconstruction_loss(prediction, eps, beta):
    variance = every(beta, eps)
    apart = np.sqrt(variance / (1 - variance)) * (eps - prediction)
    return summed(apart**2 / (2 * variance) + np.log(2 * np.pi * variance) / 2 + 0 * eps)


def prior_loss(x0, alpha_prod):
    a = every(alpha_prod, x0)
    return summed(divergence(np.sqrt(a) * x0, 1 - a, 1.0))


def variational_bound(prediction, x0, eps, beta, *, variance):
    steps = beta * np.ones((len(x0), 1))
    bound, before = reconstruction_loss(prediction[:, 0], eps[:, 0], steps[:, 0]), 1 - steps[:, 0]
    for t in range(1, len(beta)):
        bound = bound + variational_loss(prediction[:, t], eps[:, t], steps[:, t], before, variance=variance)
        before = before * (1 - steps[:, t])
    return bound + prior_loss(x0, before)


def variational_bound_of_means(prediction, x0, eps, beta, *, variance):
    steps = beta * np.ones((len(x0), 1))
    bound, before = reconstruction_loss(prediction[:, 0], eps[:, 0], steps[:, 0]), 1 - steps[:, 0]
    for t in range(1, len(beta)):
        bound = bound + variational_loss_of_means(
            prediction[:, t], eps[:, t], steps[:, t], before, variance=variance, x0=x0
        )
        before = before * (1 - steps[:, t])
    return bound + prior_loss(x0, before)


# --- diffusion: schedules and weights ---


def linear_schedule(beta_first, beta_last, *, steps):
    return beta_first + (beta_last - beta_first) * np.arange(steps) / max(steps - 1, 1)


def cosine_schedule(offset, cap, *, steps):
    f = np.cos((np.arange(steps + 1) / steps + offset) / (1 + offset) * np.pi / 2) ** 2
    return np.minimum(1 - f[1:] / f[:-1], cap)


def alpha_products(beta):
    t = np.arange(len(beta))
    alpha_prod = np.prod(np.where(t[:, None] >= t, 1 - beta, 1.0), axis=1)
    return alpha_prod, 1 - alpha_prod


def min_snr_weight(alpha_prod, gamma, *, target):
    snr = alpha_prod / (1 - alpha_prod)
    return np.minimum(snr, gamma) / {"eps": snr, "x0": 1, "v": snr + 1}[target]
# --- sde ---


def langevin_step(x, score, eps, step):
    return x + step / 2 * score + np.sqrt(step) * eps


def langevin_chain(x, eps, step, theta, *, score):
    for t in range(eps.shape[1]):
        x = langevin_step(x, score(x, theta), eps[:, t], step)
    return x


def annealed_langevin(x, eps, sigmas, base_step, theta, *, score):
    for i in range(eps.shape[1]):
        step = base_step * sigmas[i] ** 2 / sigmas[-1] ** 2
        for t in range(eps.shape[2]):
            x = langevin_step(x, score(x, sigmas[i], theta), eps[:, i, t], step)
    return x


# --- mixtures ---


def inverted(matrix):
    """The inverse and the determinant of each matrix, by Gauss and Jordan: no division by what is not a pivot."""
    size = matrix.shape[1]
    both, determinant = np.concatenate([matrix, np.eye(size) + 0 * matrix], axis=2), 1
    for j in range(size):
        pivot = both[:, j : j + 1, j : j + 1]
        determinant = determinant * pivot[:, 0, 0]
        row = both[:, j : j + 1, :] / pivot
        rest = both - both[:, :, j : j + 1] * row
        both = np.concatenate([rest[:, :j], row, rest[:, j + 1 :]], axis=1)
    return both[:, :, size:], determinant


def mixture(x, logits, means, factors, a, sigma):
    """log w_k N(x; a μ_k, S_k), S_k⁻¹ (a μ_k − x) and S_k⁻¹."""
    size = x.shape[1]
    covariance = a**2 * np.matmul(factors, np.swapaxes(factors, 1, 2)) + sigma**2 * np.eye(size)
    inverse, determinant = inverted(covariance)
    apart = a * means[:, None, :] - x
    g = np.matmul(apart, inverse)
    weight = logits - np.log(np.sum(np.exp(logits - np.max(logits)))) - np.max(logits)
    constant = weight - np.log(determinant) / 2 - size * np.log(2 * np.pi) / 2
    return constant[:, None] - np.sum(apart * g, axis=2) / 2, g, inverse


def log_of_sum(terms):
    top = np.max(terms, axis=0)
    return top + np.log(np.sum(np.exp(terms - top), axis=0))


# Its derivative as the textbooks and the frameworks have it, p(k | x) = exp(log p(k, x) - log p(x)).
logsumexp = primitive(log_of_sum)
defvjp(logsumexp, lambda y, terms: lambda g: g * np.exp(terms - y))


def shares(terms):
    return np.exp(terms - logsumexp(terms))[:, :, None]


def gaussian_mixture_log_density(x, logits, means, factors, a, sigma):
    return logsumexp(mixture(x, logits, means, factors, a, sigma)[0])


def gaussian_mixture_score(x, logits, means, factors, a, sigma):
    terms, g, _ = mixture(x, logits, means, factors, a, sigma)
    return np.sum(shares(terms) * g, axis=0)


def gaussian_mixture_hessian(x, logits, means, factors, a, sigma):
    terms, g, inverse = mixture(x, logits, means, factors, a, sigma)
    r, s = shares(terms), np.sum(shares(terms) * g, axis=0)
    curved = np.sum(r[:, :, :, None] * (g[:, :, :, None] * g[:, :, None, :] - inverse[:, None]), axis=0)
    return curved - s[:, :, None] * s[:, None, :]


def gaussian_mixture_denoiser(x, logits, means, factors, a, sigma):
    return (x + sigma**2 * gaussian_mixture_score(x, logits, means, factors, a, sigma)) / a


def gaussian_mixture_posterior_covariance(x, logits, means, factors, a, sigma):
    hessian = gaussian_mixture_hessian(x, logits, means, factors, a, sigma)
    return sigma**2 / a**2 * (np.eye(x.shape[1]) + sigma**2 * hessian)


# --- flow ---


def jacobian_trace(x, theta, *, score):
    s_pullback, _ = make_vjp(lambda x: score(x, theta))(x)
    return sum(s_pullback(np.eye(x.shape[1])[d] * np.ones(x.shape))[:, d] for d in range(x.shape[1]))


def hutchinson_trace(x, probe, theta, *, score):
    s_pullback, _ = make_vjp(lambda x: score(x, theta))(x)
    total = np.zeros(x.shape[0])
    for r in range(probe.shape[1]):
        total = total + np.sum(s_pullback(probe[:, r]) * probe[:, r], axis=1)
    return total / probe.shape[1]


def density_along(x, t0, t1, trace, velocity, method, steps, theta):
    """The state and the integral of its trace, from the data back to a standard normal."""

    def both(state, t):
        z = state[:, :-1]
        return np.concatenate([velocity(z, t, theta), trace(z, t)[:, None]], axis=1)

    state, h = np.concatenate([x, np.zeros((x.shape[0], 1))], axis=1), (t0 - t1) / steps
    for n in range(steps):
        state = step(both, state, t1 + n * h, h, method)
    z0 = state[:, :-1]
    return -np.sum(z0**2 + np.log(2 * np.pi), axis=1) / 2 + state[:, -1]


def cnf_log_density(x, t0, t1, theta, *, velocity, method, steps):
    def trace(z, t):
        pullback, _ = make_vjp(lambda z: velocity(z, t, theta))(z)
        return sum(pullback(np.eye(x.shape[1])[d] * np.ones(x.shape))[:, d] for d in range(x.shape[1]))

    return density_along(x, t0, t1, trace, velocity, method, steps, theta)


def ffjord_log_density(x, probe, t0, t1, theta, *, velocity, method, steps):
    def trace(z, t):
        pullback, _ = make_vjp(lambda z: velocity(z, t, theta))(z)
        return sum(np.sum(pullback(probe[:, r]) * probe[:, r], axis=1) for r in range(probe.shape[1])) / probe.shape[1]

    return density_along(x, t0, t1, trace, velocity, method, steps, theta)


def cnf_log_density_adjoint(x, t0, t1, theta, *, velocity, method, steps):
    """The adjoint of the state and of its log-density, from the base to the data: a pair, as `odeint_adjoint`."""

    def both(state, t, theta):
        z = state[:, :-1]
        pullback, f = make_vjp(lambda z: velocity(z, t, theta))(z)
        trace = sum(pullback(np.eye(x.shape[1])[d] * np.ones(x.shape))[:, d] for d in range(x.shape[1]))
        return np.concatenate([f, trace[:, None]], axis=1)

    start = np.concatenate([x, np.zeros((x.shape[0], 1))], axis=1)
    state, solve_pullback = odeint_adjoint(start, t1, t0, theta, velocity=both, method=method, steps=steps)
    z0 = state[:, :-1]

    def pullback(bar):
        grads = solve_pullback(np.concatenate([-bar[:, None] * z0, bar[:, None]], axis=1))
        return {"x": grads["z0"][:, :-1], "t0": grads["t1"], "t1": grads["t0"], "theta": grads["theta"]}

    return -np.sum(z0**2 + np.log(2 * np.pi), axis=1) / 2 + state[:, -1], pullback


CANDIDATES = {
    "odeint_adjoint": {"function": odeint_adjoint, "pair": True},
    "cnf_log_density_adjoint": {"function": cnf_log_density_adjoint, "pair": True},
}
# Other forms of the same numbers, as usual as those above: an honest evaluation may lose what any of them does.
OTHER_FORMS = {
    "ancestral_step": [ancestral_step_through_x0],
    "variational_loss": [variational_loss_of_means],
    "variational_bound": [variational_bound_of_means],
}
