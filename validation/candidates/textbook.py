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


CANDIDATES = {"odeint_adjoint": {"function": odeint_adjoint, "pair": True}}
