"""The first variance, plus equal steps towards the last; of one step there is no other."""


def value(xp, beta_first, beta_last, *, steps):
    return xp.stack([beta_first + (beta_last - beta_first) * t / max(steps - 1, 1) for t in range(steps)])
