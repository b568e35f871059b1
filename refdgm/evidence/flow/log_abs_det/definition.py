"""The pivots of Gauss's elimination, and the sum of their logarithms."""


def eliminated(xp, matrix):
    """The rows (B, 1, ·) that are left of (B, D, D or more), from their pivot on: the largest of its column, of nearly
    equal ones the last."""
    found = []
    for _ in range(matrix.shape[1]):
        place = xp.arange(matrix.shape[1])
        size = matrix[:, :, 0] * matrix[:, :, 0] * (1 + place / 64) + 2.0**-1000 * place
        chosen = xp.eye(matrix.shape[1])[xp.argmax(size, axis=1)]
        top = xp.sum(chosen[:, :, None] * matrix, axis=1, keepdims=True)
        found.append(top)
        here = chosen[:, 1:, None]
        exchanged = here * matrix[:, :1] + (1 - here) * matrix[:, 1:]
        matrix = (exchanged - exchanged[:, :, :1] / top[:, :, :1] * top)[:, :, 1:]
    return found


def log_abs_det(xp, matrix):
    return sum([xp.log(xp.abs(row[:, 0, 0])) for row in eliminated(xp, matrix)], xp.zeros(matrix.shape[0]))


def log_abs_det__heights(xp, matrix):
    """In units of rows and columns, every row less what the rows before it have of it: its height above their span."""
    rows = xp.max(xp.abs(matrix), axis=2, keepdims=True)
    columns = xp.max(xp.abs(matrix / rows), axis=1, keepdims=True)
    matrix, total = matrix / rows / columns, xp.sum(xp.log(rows[:, :, 0]) + xp.log(columns[:, 0]), axis=1)
    for _ in range(matrix.shape[1]):
        square = xp.sum(matrix[:, :1] ** 2, axis=2, keepdims=True)
        total = total + xp.log(square[:, 0, 0]) / 2
        matrix = matrix[:, 1:] - xp.sum(matrix[:, 1:] * matrix[:, :1], axis=2, keepdims=True) / square * matrix[:, :1]
    return total
