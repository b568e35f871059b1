"""The mean distance of quantiles."""


def quantiles(xp, x, y):
    """Of both batches at the middles of as many parts of the whole as there are pairs of both."""
    return xp.repeat(xp.sort(x), len(y)), xp.repeat(xp.sort(y), len(x))


def wasserstein_distance_1d(xp, real, fake):
    mine, others = quantiles(xp, real, fake)
    return xp.sum(xp.abs(mine - others)) / (len(real) * len(fake))


def wasserstein_distance_1d__of_edges(xp, real, fake):
    """The parts of the whole as numbers, i/B and j/M in one order: what lies between two of them rounds."""
    ends = [xp.arange(1, len(x) + 1) / len(x) for x in (real, fake)]
    edges = xp.sort(xp.concatenate([xp.zeros(1), *ends]))
    middles = (edges[1:] + edges[:-1]) / 2
    pick = lambda x, at: xp.sort(x)[xp.sum(middles[:, None] > at[None, :-1], axis=1)]
    return xp.sum((edges[1:] - edges[:-1]) * xp.abs(pick(real, ends[0]) - pick(fake, ends[1])))


def wasserstein_distance_1d__of_parts(xp, real, fake):
    """The same with every end added up from the weights before it, as libraries of transport have it."""
    up_to = lambda n: 1.0 * (xp.arange(n)[:, None] >= xp.arange(n))
    added = lambda x: up_to(len(x)) @ ((0 * x + 1) / len(x))
    ends = [added(x) for x in (real, fake)]
    edges = xp.sort(xp.concatenate([xp.zeros(1), *ends]))
    middles = (edges[1:] + edges[:-1]) / 2
    pick = lambda x, at: xp.sort(x)[xp.sum(middles[:, None] > at[None, :-1], axis=1)]
    return xp.sum((edges[1:] - edges[:-1]) * xp.abs(pick(real, ends[0]) - pick(fake, ends[1])))


def wasserstein_distance_1d__of_steps(xp, real, fake):
    """Gaps between neighbours of both batches, times |F − G|: a slope is a difference of two of these."""
    both = xp.sort(xp.concatenate([real, fake]))
    below = lambda x: xp.sum(x[:, None] <= both[None, :-1], axis=0) / len(x)
    return xp.sum(xp.abs(below(real) - below(fake)) * (both[1:] - both[:-1]))
