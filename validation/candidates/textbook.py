"""Every reference as a textbook defines it, differentiated by HIPS autograd: what a bare `refdgm check` checks.

Written from the definitions alone, with autograd.numpy and nothing else. `getval` reads a number without its
derivative: that is a stopped gradient. `score` and `velocity` are functions, as every candidate receives them.
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


def softplus(a):
    return np.where(a > LINEAR_BEYOND, a, np.logaddexp(0.0, a))


def phi(activation, a):
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


def per_example(x):
    return np.sum(x, axis=tuple(range(1, np.ndim(x)))) if np.ndim(x) > 1 else x


def simple_loss(prediction, x0, eps, alpha_prod, *, target):
    y = {"eps": eps, "x0": x0, "v": v_from_x0_eps(x0, eps, alpha_prod)}[target]
    return per_example((prediction - y) ** 2)


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
    return per_example(divergence(apart, posterior, posterior if variance == "posterior" else step))


def reconstruction_loss(prediction, eps, beta):
    variance = every(beta, eps)
    apart = np.sqrt(variance / (1 - variance)) * (eps - prediction)
    return per_example(apart**2 / (2 * variance) + np.log(2 * np.pi * variance) / 2 + 0 * eps)


def prior_loss(x0, alpha_prod):
    a = every(alpha_prod, x0)
    return per_example(divergence(np.sqrt(a) * x0, 1 - a, 1.0))


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


CANDIDATES = {"odeint_adjoint": {"function": odeint_adjoint, "pair": True}}
