"""Guidance: the difference of two predictions, and how far it is followed."""


def classifier_free_guidance(xp, eps_cond, eps_uncond, gamma):
    difference = eps_cond - eps_uncond
    yield "difference", "ε_c − ε_u, with the condition less without it", difference
    yield "followed", "γ (ε_c − ε_u); γ = 1 is the plain conditional model, the paper has w = γ − 1", gamma * difference
    yield "value", "ε_hat = ε_u + γ (ε_c − ε_u), (1)", eps_uncond + gamma * difference
