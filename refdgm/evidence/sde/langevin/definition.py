"""One step of Langevin dynamics, and a chain of them."""


def langevin_step(xp, x, score, eps, step):
    """x + (η/2) s + √η ε."""
    return x + (step / 2) * score + xp.sqrt(step) * eps


def langevin_chain(xp, x, eps, step, theta, *, score):
    """The step, T times."""
    for t in range(eps.shape[1]):
        x = langevin_step(xp, x, score(x, theta), eps[:, t], step)
    return x
