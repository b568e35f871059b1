"""Other likelihoods, draws and losses of the field, as their authors write them."""

import autograd.numpy as np


def ising(y, W, b, temperature):
    field = np.dot(2 * y - 1, (W + W.T) / 2 * (1 - np.eye(len(W)))) + b
    return 0.5 * (1 + np.tanh(field / temperature))


def without_constant(x, mean, logvar):
    return -np.sum((x - mean) ** 2 / np.exp(logvar) + logvar, axis=1) / 2


def nll(mean, x, variance):
    """As torch.nn.functional.gaussian_nll_loss has it."""
    return np.sum((np.log(variance) + (mean - x) ** 2 / variance) / 2, axis=1)


def clamped(mean, logvar, eps):
    """As latent-diffusion has it."""
    return mean + np.exp(0.5 * np.clip(logvar, -30.0, 20.0)) * eps


def continuous(logits, x):
    """The cross-entropy, and the normaliser by its limit where it has no quotient."""
    small = np.abs(logits) < 1e-3
    size = np.where(small, 1.0, np.abs(logits))
    whole = np.log(size * (1 + np.exp(-size)) / (1 - np.exp(-size)))
    more = np.where(small, np.log(2.0) + logits**2 / 12 - 7 * logits**4 / 1440, whole)
    each = x * logits - np.logaddexp(0.0, logits) + more
    return np.sum(np.reshape(each, (len(each), -1)), axis=1)


def guarded(W, u, *, iterations):
    """An ε in the divisor, as published ports have it."""
    for _ in range(iterations):
        v = np.dot(W.T, u)
        v = v / (np.sqrt(np.sum(v**2)) + 1e-12)
        u = np.dot(W, v)
        u = u / (np.sqrt(np.sum(u**2)) + 1e-12)
    return u, v


def smoothed(real, fake):
    """Cross-entropy with the label 0.9 for data, and 0 for samples."""
    up = lambda a: np.logaddexp(0.0, a)
    return np.mean(0.9 * up(-real) + 0.1 * up(real)) + np.mean(up(fake))


def distance(logits_p, logits_q):
    """The square root, as SciPy has it; 0 is left alone, for there is no slope there."""
    logs = lambda a: a - np.max(a, axis=1, keepdims=True) - np.log(np.sum(np.exp(
        a - np.max(a, axis=1, keepdims=True)), axis=1, keepdims=True))
    x, y = logs(logits_p), logs(logits_q)
    d = np.abs(x - y)
    t, far = np.tanh(np.minimum(d, 1.0) / 2), np.maximum(d, 1.0)
    near = t * np.minimum(d, 1.0) + np.log1p(-(t**2))
    apart = far * np.tanh(far / 2) - far + 2 * np.log(2.0) - 2 * np.log1p(np.exp(-far))
    value = np.sum((np.exp(x) + np.exp(y)) / 4 * np.where(d < 1, near, apart), axis=1)
    return np.where(value > 0, np.sqrt(np.where(value > 0, value, 1.0)), 0.0)
