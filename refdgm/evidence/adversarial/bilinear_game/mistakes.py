"""Mistakes in the bilinear game. That x raises V and y lowers it is a convention and none of them."""

from typing import Any

from refdgm.adversarial.bilinear_game import bilinear_game
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

BODY = bilinear_game.body
OUTPUTS = ("x_last", "y_last")
GRADIENTS = ("gradient.x", "gradient.y", "gradient.matrix", "gradient.step")


def linear(x: Array, y: Array, matrix: Array, step: Array, steps: int, moves: list[tuple[Any, ...]]) -> Any:
    """A chain of moves, each of which adds c M b to a variable or c Mᵀ b: (variable, c, from), rightly differentiated.

    Variables are x, y and the points u, w at which gradients are taken; a move of "u" or "w" starts at x or y, or,
    where "from" is no number, it is a copy."""
    xp = namespace(x)
    m, upper = step * matrix, {"x": True, "u": True, "y": False, "w": False}
    state, tape = {"x": x, "y": y, "u": x, "w": y}, []
    for _ in range(steps):
        for target, start, factor, source in moves:
            push = state[source] @ (m.T if upper[target] else m) if factor else 0 * state[target]
            tape.append((target, start, factor, source, state[source]))
            state = state | {target: state[start] + factor * push}

    def pullback(x_bar: Array, y_bar: Array) -> dict[str, Array]:
        bars = {"x": x_bar, "y": y_bar, "u": 0 * x_bar, "w": 0 * y_bar}
        m_bar = xp.zeros_like(m)
        for target, start, factor, source, at in reversed(tape):
            bar = bars[target]
            bars = bars | {target: 0 * bar}
            bars = bars | {start: bars[start] + bar}
            if factor:
                bars = bars | {source: bars[source] + factor * (bar @ (m if upper[target] else m.T))}
                m_bar = m_bar + factor * (bar.T @ at if upper[target] else at.T @ bar)
        return {"x": bars["x"] + bars["u"], "y": bars["y"] + bars["w"], "matrix": step * m_bar,
                "step": xp.sum(matrix * m_bar)}

    return (state["x"], state["y"]), pullback


COPIES = [("u", "x", 0, "y"), ("w", "y", 0, "x")]
HALF = [("u", "x", -1, "y"), ("w", "y", 1, "x")]
MOVES = {
    "simultaneous": [*COPIES, ("x", "x", -1, "w"), ("y", "y", 1, "u")],
    "alternating": [("x", "x", -1, "y"), ("y", "y", 1, "x")],
    "extragradient": [*HALF, ("x", "x", -1, "w"), ("y", "y", 1, "u")],
}


def turned(matrix: Array) -> Array:
    """A square matrix the wrong way round; others would not fit and stay."""
    return matrix.T if matrix.shape[0] == matrix.shape[1] else matrix


@mistake(bilinear_game)
def both_descend(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """y' = y − Mᵀ x*: nobody raises V."""
    moves = [(t, s, -1 if t in ("y", "w") and c else c, f) for t, s, c, f in MOVES[method]]
    return linear(x, y, matrix, step, steps, moves)


@mistake(bilinear_game)
def y_moves_first(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """With alternating steps y moves, and then x against the new y."""
    return linear(x, y, matrix, step, steps, MOVES[method][::-1] if method == "alternating" else MOVES[method])


@mistake(bilinear_game)
def extragradient_from_the_half_point(x: Array, y: Array, matrix: Array, step: Array, *, method: str,
                                      steps: int) -> Any:
    """x' = x* − M y*: two steps for one, where the second starts again at x."""
    moves = [*HALF, ("x", "u", -1, "w"), ("y", "w", 1, "u")]
    return linear(x, y, matrix, step, steps, moves if method == "extragradient" else MOVES[method])


@mistake(bilinear_game)
def half_of_the_step(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """The middle point by η/2: the midpoint rule, which spirals out."""
    moves = [(t, s, c / 2 if t in ("u", "w") else c, f) for t, s, c, f in MOVES[method]]
    return linear(x, y, matrix, step, steps, moves)


@mistake(bilinear_game)
def one_step_less(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """T − 1 steps."""
    return linear(x, y, matrix, step, steps - 1, MOVES[method])


@mistake(bilinear_game)
def square_matrix_transposed(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """Aᵀ for A: only those that are not square complain."""
    value, right = BODY(x, y, turned(matrix), step, method=method, steps=steps)
    return value, lambda *bars: (g := right(*bars)) | {"matrix": turned(g["matrix"])}


@mistake(bilinear_game, "gradient.matrix")
def square_gradient_transposed(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """M_bar = y_bar x*ᵀ − y* x_barᵀ: only those that are not square complain."""
    value, right = BODY(x, y, matrix, step, method=method, steps=steps)
    return value, lambda *bars: (g := right(*bars)) | {"matrix": turned(g["matrix"])}


@mistake(bilinear_game, "gradient.x")
def straight_through_x(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """The cotangent of x is handed on as it came: y has not looked at x."""
    value, right = BODY(x, y, matrix, step, method=method, steps=steps)
    return value, lambda x_bar, y_bar: right(x_bar, y_bar) | {"x": +x_bar}


@mistake(bilinear_game, "gradient.y")
def straight_through_y(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """The cotangent of y is handed on as it came: x has not looked at y."""
    value, right = BODY(x, y, matrix, step, method=method, steps=steps)
    return value, lambda x_bar, y_bar: right(x_bar, y_bar) | {"y": +y_bar}


@mistake(bilinear_game, "gradient.step")
def step_gradient_of_the_first_order(x: Array, y: Array, matrix: Array, step: Array, *, method: str,
                                     steps: int) -> Any:
    """η_bar = T (⟨y_bar, Aᵀx⟩ − ⟨x_bar, Ay⟩), at the start: all powers of η but the first are dropped."""
    xp = namespace(x)
    value, right = BODY(x, y, matrix, step, method=method, steps=steps)
    return value, lambda x_bar, y_bar: right(x_bar, y_bar) | {
        "step": steps * (xp.sum(y_bar * (x @ matrix)) - xp.sum(x_bar * (y @ matrix.T)))}


@mistake(bilinear_game, "gradient.step")
def step_not_in_the_matrix(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """η_bar = ⟨A, A_bar⟩, where it is that over η."""
    value, right = BODY(x, y, matrix, step, method=method, steps=steps)
    return value, lambda *bars: (g := right(*bars)) | {"step": step * g["step"]}


@mistake(bilinear_game, *GRADIENTS)
def gradients_of_the_simultaneous(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """One method's value with another's gradients."""
    return (BODY(x, y, matrix, step, method=method, steps=steps)[0],
            BODY(x, y, matrix, step, method="simultaneous", steps=steps)[1])


@mistake(bilinear_game, *OUTPUTS)
def reported_before_the_last_step(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """The points before the last step are handed out; the gradients are those of all."""
    value = linear(x, y, matrix, step, steps - 1, MOVES[method])[0]
    return value, BODY(x, y, matrix, step, method=method, steps=steps)[1]


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(bilinear_game, blind=True)
def new_x_at_once(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """x is overwritten before y looks at it: simultaneous steps that alternate."""
    return BODY(x, y, matrix, step, method="alternating" if method == "simultaneous" else method, steps=steps)


@mistake(bilinear_game, blind=True)
def old_x_for_alternating(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """Both gradients are taken first, as of one loss, and then both players move: alternating steps that do not."""
    return BODY(x, y, matrix, step, method="simultaneous" if method == "alternating" else method, steps=steps)


@mistake(bilinear_game, blind=True)
def half_point_alternates(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """With extragradient y* = y + Mᵀ x*: x is overwritten within the half step."""
    moves = [("u", "x", -1, "y"), ("w", "y", 1, "u"), ("x", "x", -1, "w"), ("y", "y", 1, "u")]
    return linear(x, y, matrix, step, steps, moves if method == "extragradient" else MOVES[method])


@mistake(bilinear_game, *GRADIENTS, blind=True)
def half_point_held(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """Extragradient's x* and y* are taken for numbers, as where the half step is done without a graph."""
    value, right = BODY(x, y, matrix, step, method=method, steps=steps)
    if method != "extragradient":
        return value, right
    xp, m, points = namespace(x), step * matrix, []
    for _ in range(steps):
        near_x, near_y = x - y @ m.T, y + x @ m
        points.append((near_x, near_y))
        x, y = x - near_y @ m.T, y + near_x @ m

    def pullback(x_bar: Array, y_bar: Array) -> dict[str, Array]:
        m_bar = xp.zeros_like(m)
        for near_x, near_y in points:
            m_bar = m_bar + near_x.T @ y_bar - x_bar.T @ near_y
        return {"x": +x_bar, "y": +y_bar, "matrix": step * m_bar, "step": xp.sum(matrix * m_bar)}

    return value, pullback


@mistake(bilinear_game, "gradient.matrix", "gradient.step", blind=True)
def last_step_alone(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Any:
    """M_bar of the last step alone, as if the other steps had another matrix."""
    value, right = BODY(x, y, matrix, step, method=method, steps=steps)
    start = linear(x, y, matrix, step, steps - 1, MOVES[method])[0]
    last = BODY(*start, matrix, step, method=method, steps=1)[1]
    return value, lambda *bars: right(*bars) | {name: last(*bars)[name] for name in ("matrix", "step")}
