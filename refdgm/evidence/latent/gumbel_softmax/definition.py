"""Categories drawn by Gumbel noise, and relaxed at a temperature; the forms are those of `softmax`."""

from refdgm.evidence import traced
from refdgm.evidence.primitives.softmax.definition import log_softmax__usual


def gumbel_max(xp, logits, gumbel):
    """The category with the largest perturbed logit."""
    return xp.argmax(logits + gumbel, axis=1)


def gumbel_softmax(xp, logits, gumbel, tau):
    """Softmax of the perturbed logits at a temperature, as the quotient that defines it."""
    weights = xp.exp((logits + gumbel) / tau)
    return weights / xp.sum(weights, axis=1, keepdims=True)


def gumbel_softmax__differentiated(xp, logits, gumbel, tau):
    """One category's odds against each of the others, where nothing cancels."""
    u, columns = logits + gumbel, range(logits.shape[1])
    against = [[xp.exp((u[:, i] - u[:, j]) / tau) for i in columns if i != j] for j in columns]
    return xp.stack([1 / (xp.exp(0 * u[:, j]) + sum(against[j])) for j in columns], axis=1)


def cooled(xp, u, tau, seen):
    """An impossible category, of a logit −∞, has probability zero and no derivative; `seen` is the maximum's."""
    possible = u > -xp.inf
    z = xp.where(possible, u, 0) / tau
    top = xp.max(xp.where(possible, seen(z), -xp.inf), axis=1, keepdims=True)
    e = xp.where(possible, xp.exp(xp.where(possible, z - top, 0)), 0)
    return e / xp.sum(e, axis=1, keepdims=True)


def gumbel_softmax__usual(xp, logits, gumbel, tau):
    return cooled(xp, logits + gumbel, tau, traced.stopped)


def gumbel_softmax__shifted(xp, logits, gumbel, tau):
    """Differentiated through the maximum."""
    return cooled(xp, logits + gumbel, tau, lambda z: z)


def gumbel_softmax__normalised(xp, logits, gumbel, tau):
    """The logits made log-probabilities first."""
    return gumbel_softmax__usual(xp, log_softmax__usual(xp, logits), gumbel, tau)


def straight_through_gumbel_softmax(xp, logits, gumbel, tau):
    """One-hot of the largest perturbed logit; differentiated as if it were the softmax."""
    return xp.eye(logits.shape[1])[xp.argmax(logits + gumbel, axis=1)]


def straight_through_gumbel_softmax__held(xp, held, logits, gumbel, tau):
    return gumbel_softmax__differentiated(xp, logits, gumbel, tau)


def straight_through_gumbel_softmax__usual(xp, logits, gumbel, tau):
    return passed(xp, logits, gumbel, tau, gumbel_softmax__usual)


def straight_through_gumbel_softmax__shifted(xp, logits, gumbel, tau):
    return passed(xp, logits, gumbel, tau, gumbel_softmax__shifted)


def straight_through_gumbel_softmax__normalised(xp, logits, gumbel, tau):
    return passed(xp, logits, gumbel, tau, gumbel_softmax__normalised)


def passed(xp, logits, gumbel, tau, relaxed):
    """The draw plus the relaxation less itself, without its gradient."""
    y = relaxed(xp, logits, gumbel, tau)
    return straight_through_gumbel_softmax(xp, *map(traced.stopped, (logits, gumbel, tau))) + (y - traced.stopped(y))
