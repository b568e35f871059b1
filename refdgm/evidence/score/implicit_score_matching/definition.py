"""Half the squared norm of the score plus the trace of its Jacobian, diagonal entry by diagonal entry."""

from refdgm.evidence import traced
from refdgm.evidence.nets.mlp.definition import SPELLINGS, jacobian, layers, mlp


def implicit_score_matching(xp, x, theta, *, score):
    whole = score.jacobian(x, theta)
    trace = sum(whole[:, d, d] for d in range(x.shape[1]))
    return xp.sum(score(x, theta) ** 2, axis=1) / 2 + trace


def implicit_score_matching__usual(xp, x, theta, *, score):
    s, trace = traced.with_trace(lambda x: score(x, theta), x)
    return xp.sum(s**2, axis=1) / 2 + trace


def implicit_score_matching_shallow(xp, x, theta, *, activation):
    """Of a perceptron."""
    s, whole = mlp(xp, x, theta, activation=activation), jacobian(xp, x, theta, activation)
    trace = sum(whole[:, d, d] for d in range(x.shape[1]))
    return xp.sum(s**2, axis=1) / 2 + trace


def implicit_score_matching_shallow__usual(xp, x, theta, *, activation, spelling=0):
    network = lambda x, theta: layers(xp, x, theta, SPELLINGS[activation][spelling])
    return implicit_score_matching__usual(xp, x, theta, score=network)


def implicit_score_matching_shallow__linear(xp, x, theta, *, activation):
    return implicit_score_matching_shallow__usual(xp, x, theta, activation=activation, spelling=-1)
