"""The target's and the proposal's densities of the way back over those of the way there, as a logarithm."""


def flat(xp, x):
    return xp.reshape(x, (x.shape[0], -1))


def mala_log_ratio(xp, x, y, score_x, score_y, log_density_x, log_density_y, step):
    """-|y - x - step/2 s|^2 / (2 step), multiplied out, less the -|y - x|^2 / (2 step) that both have: a quotient
    hides that answers to short numbers are exact."""
    d, s_x, s_y = flat(xp, y - x), flat(xp, score_x), flat(xp, score_y)
    there = xp.sum(d * s_x, axis=1) / 2 - step * xp.sum(s_x**2, axis=1) / 8
    back = -xp.sum(d * s_y, axis=1) / 2 - step * xp.sum(s_y**2, axis=1) / 8
    return log_density_y + back - (log_density_x + there)


def mala_log_ratio__usual(xp, x, y, score_x, score_y, log_density_x, log_density_y, step):
    """The logarithms of the two normal densities."""
    there = -xp.sum(flat(xp, y - (x + step / 2 * score_x)) ** 2, axis=1) / (2 * step)
    back = -xp.sum(flat(xp, x - (y + step / 2 * score_y)) ** 2, axis=1) / (2 * step)
    return log_density_y + back - (log_density_x + there)


def mala_log_ratio__parts(xp, x, y, score_x, score_y, log_density_x, log_density_y, step):
    """The densities first, and the exponents over one denominator."""
    there = xp.sum(flat(xp, (y - x) - step * score_x / 2) ** 2, axis=1)
    back = xp.sum(flat(xp, (x - y) - step * score_y / 2) ** 2, axis=1)
    return (log_density_y - log_density_x) + (there - back) / (2 * step)


def mala_log_ratio__leapfrog(xp, x, y, score_x, score_y, log_density_x, log_density_y, step):
    """As one leapfrog step: the kinetic energies of the momentum that leaves and of the one that arrives."""
    root = xp.sqrt(step)
    leaves = (y - x) / root - root / 2 * score_x
    arrives = leaves + root / 2 * (score_x + score_y)
    kinetic = xp.sum(flat(xp, leaves) ** 2, axis=1) / 2 - xp.sum(flat(xp, arrives) ** 2, axis=1) / 2
    return log_density_y - log_density_x + kinetic


def mala_log_ratio__precision(xp, x, y, score_x, score_y, log_density_x, log_density_y, step):
    """Energies of the two ways, with the precision of the proposal as a factor."""
    precision = 0.5 / step
    there = precision * xp.sum(flat(xp, y - x - step * score_x / 2) ** 2, axis=1) - log_density_x
    back = precision * xp.sum(flat(xp, x - y - step * score_y / 2) ** 2, axis=1) - log_density_y
    return there - back


def mala_log_ratio__distributions(xp, x, y, score_x, score_y, log_density_x, log_density_y, step):
    """The two normal densities whole, with the constant and the deviation of every component."""
    density = lambda r: xp.sum(-flat(xp, r) ** 2 / (2 * step) - xp.log(step) / 2 - xp.log(2 * xp.pi) / 2, axis=1)
    there, back = density(y - (x + step / 2 * score_x)), density(x - (y + step / 2 * score_y))
    return log_density_y + back - log_density_x - there
