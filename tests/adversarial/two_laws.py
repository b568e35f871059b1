"""Two laws of four states, and batches that hold each state as often as they say."""

import numpy as np

DATA, SAMPLES = np.array([5, 2, 1, 0]), np.array([1, 3, 2, 6])  # counts
P, Q = DATA / np.sum(DATA), SAMPLES / np.sum(SAMPLES)


def batches(score):
    """The scores of both batches, from that of each state."""
    return np.repeat(score, DATA), np.repeat(score, SAMPLES)


def by_state(g):
    """The gradient in the score of each state, data and samples together."""
    data, samples = batches(np.arange(4))
    return np.array([np.sum(g["real"][data == s]) + np.sum(g["fake"][samples == s]) for s in range(4)])
