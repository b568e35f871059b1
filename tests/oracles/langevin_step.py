"""x + (η/2) s + √η ε."""


def value(xp, x, score, eps, step):
    return x + (step / 2) * score + xp.sqrt(step) * eps
