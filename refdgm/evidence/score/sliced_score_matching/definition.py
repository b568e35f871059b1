"""Score matching along directions: the mean of the quadratic forms of the score's Jacobian, and half a square."""

from refdgm.evidence import traced


def sliced_score_matching(xp, x, probe, theta, *, score):
    """Half the square of v's and the score's product plus v's quadratic form of the Jacobian, the mean over the v."""
    s, jacobian = score(x, theta), score.jacobian(x, theta)
    projections = xp.sum(probe * s[:, None, :], axis=2)
    quadratic_forms = xp.sum((probe @ jacobian) * probe, axis=2)
    return xp.sum(projections**2 / 2 + quadratic_forms, axis=1) / probe.shape[1]


def sliced_score_matching__usual(xp, x, probe, theta, *, score):
    s, forms = traced.with_quadratic_forms(lambda x: score(x, theta), x, probe)
    return sum(xp.sum(v * s, axis=1) ** 2 / 2 + form for v, form in forms) / probe.shape[1]


def sliced_score_matching_vr(xp, x, probe, theta, *, score):
    """Half the squared norm of the score plus the mean of the quadratic forms of its Jacobian."""
    s, jacobian = score(x, theta), score.jacobian(x, theta)
    quadratic_forms = xp.sum((probe @ jacobian) * probe, axis=2)
    return xp.sum(s**2, axis=1) / 2 + xp.sum(quadratic_forms, axis=1) / probe.shape[1]


def sliced_score_matching_vr__usual(xp, x, probe, theta, *, score):
    s, forms = traced.with_quadratic_forms(lambda x: score(x, theta), x, probe)
    return xp.sum(s**2, axis=1) / 2 + sum(form for _, form in forms) / probe.shape[1]
