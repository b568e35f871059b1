"""The trace of a Jacobian, and its estimate along directions."""

from refdgm.evidence import traced


def jacobian_trace(xp, x, theta, *, score):
    """The sum of the diagonal of the whole Jacobian."""
    jacobian = score.jacobian(x, theta)
    return sum(jacobian[:, d, d] for d in range(x.shape[1]))


def jacobian_trace__usual(xp, x, theta, *, score):
    return traced.with_trace(lambda x: score(x, theta), x)[1]


def hutchinson_trace(xp, x, probe, theta, *, score):
    """The mean of v^T J v over the probes, with the whole Jacobian J."""
    return quadratic_form(xp, score.jacobian(x, theta), probe)


def quadratic_form(xp, jacobian, probe):
    """The mean of v^T J v."""
    total = 0
    for r in range(probe.shape[1]):
        v = probe[:, r]
        total = total + xp.sum(v[:, :, None] * jacobian * v[:, None, :], axis=(1, 2))
    return total / probe.shape[1]


def hutchinson_trace__usual(xp, x, probe, theta, *, score):
    _, forms = traced.with_quadratic_forms(lambda x: score(x, theta), x, probe)
    return sum(form for _, form in forms) / probe.shape[1]
