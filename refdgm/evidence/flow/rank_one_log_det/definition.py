"""The determinant of the sum; of the matrix with a border; and the lemma, as those write it who use it."""

from refdgm.evidence.flow.log_abs_det.definition import eliminated, log_abs_det


def rank_one_log_det(xp, matrix, u, v):
    return log_abs_det(xp, matrix + u[:, :, None] * v[:, None, :])


def rank_one_log_det__bordered(xp, matrix, u, v):
    """det (A, u; −vᵀ, 1), from which the last row is eliminated."""
    corner = xp.ones((matrix.shape[0], 1, 1))
    below = xp.concatenate([-v[:, None, :], corner], axis=2)
    return log_abs_det(xp, xp.concatenate([xp.concatenate([matrix, u[:, :, None]], axis=2), below], axis=1))


def rank_one_log_det__lemma(xp, matrix, u, v):
    """log |det A| + log |1 + vᵀq| with A q = u, solved from below."""
    total, ratio = solved(xp, matrix, u, v)
    return total + ratio


def rank_one_log_det__gram(xp, matrix, u, v):
    """½ log det (A Aᵀ) in the place of log |det A|: a volume, as flows on manifolds have it."""
    gram = xp.sum(matrix[:, :, None, :] * matrix[:, None, :, :], axis=-1)
    return log_abs_det(xp, gram) / 2 + solved(xp, matrix, u, v)[1]


def solved(xp, matrix, u, v):
    """log |det A| and log |1 + vᵀq|."""
    q, total = xp.zeros((matrix.shape[0], 0)), xp.zeros(matrix.shape[0])
    for row in eliminated(xp, xp.concatenate([matrix, u[:, :, None]], axis=2))[::-1]:
        top = (row[:, 0, -1] - xp.sum(row[:, 0, 1:-1] * q, axis=1)) / row[:, 0, 0]
        q, total = xp.concatenate([top[:, None], q], axis=1), total + xp.log(xp.abs(row[:, 0, 0]))
    return total, xp.log(xp.abs(1 + xp.sum(v * q, axis=1)))
