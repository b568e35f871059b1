"""What a bare `refdgm check` puts to the check: a right function, one of another convention, and a wrong one.

Each is written as people write it and differentiated by HIPS autograd; `gradcheck` passes all three.
"""

import autograd.numpy as np


def softmax(logits):  # type: ignore[no-untyped-def]  # as its author would
    """Right."""
    weights = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return weights / np.sum(weights, axis=-1, keepdims=True)


def gaussian_kl(mean, logvar):  # type: ignore[no-untyped-def]
    """Right for a logvar that is log σ, and wrong for log σ²."""
    return 0.5 * np.sum(mean**2 + np.exp(2 * logvar) - 1 - 2 * logvar, axis=-1)


def gumbel_softmax(logits, gumbel, tau):  # type: ignore[no-untyped-def]
    """Wrong: the noise belongs inside, (logits + gumbel) / tau."""
    return softmax(logits / tau + gumbel)
