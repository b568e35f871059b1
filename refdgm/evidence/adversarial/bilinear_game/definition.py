"""Steps of two players, one after the other, each as the textbooks have it."""


def bilinear_game(xp, x, y, matrix, step, *, method, steps):
    slope_x = lambda y: y @ xp.transpose(matrix)
    slope_y = lambda x: x @ matrix
    for _ in range(steps):
        if method == "simultaneous":
            x, y = x - step * slope_x(y), y + step * slope_y(x)
        elif method == "alternating":
            x = x - step * slope_x(y)
            y = y + step * slope_y(x)
        else:
            half_x, half_y = x - step * slope_x(y), y + step * slope_y(x)
            x, y = x - step * slope_x(half_y), y + step * slope_y(half_x)
    return x, y


def bilinear_game__usual(xp, x, y, matrix, step, *, method, steps):
    """The step size in the matrix, once for all steps."""
    return bilinear_game(xp, x, y, step * matrix, 1.0, method=method, steps=steps)
