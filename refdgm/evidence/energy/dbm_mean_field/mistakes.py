"""Mistakes in the mean field of a deep Boltzmann machine."""

from typing import Any

from refdgm.energy.dbm_mean_field import dbm_mean_field
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.halves import halves

BODY = dbm_mean_field.body
MEANS = ("mean1", "mean2")
GRADIENTS = ("gradient.v", "gradient.start", "gradient.W1", "gradient.W2", "gradient.c1", "gradient.c2")


def steps(given: tuple[Array, ...], sweep: list[tuple[int, float]]) -> Any:
    """The half steps of `sweep`, rightly differentiated: which layer is set, and how much counts what is above it."""
    v, start, W1, W2, c1, c2 = given
    xp = namespace(v)
    below, mean1, mean2, kept = v @ W1.T + c1, None, start, []
    for layer, weight in sweep:
        if layer == 1:
            read, (mean1, off) = mean2, halves(below + weight * (mean2 @ W2))
            kept.append((1, weight, read, mean1 * off))
        else:
            read, (mean2, off) = mean1, halves(mean1 @ W2.T + c2)
            kept.append((2, weight, read, mean2 * off))

    def pullback(bar1: Array, bar2: Array) -> dict[str, Array]:
        total, w2, c2_bar = 0 * bar1, 0 * W2, 0 * c2
        for layer, weight, read, slope in reversed(kept):
            if layer == 1:
                a = bar1 * slope
                total, w2 = total + a, w2 + weight * (read.T @ a)
                bar1, bar2 = 0 * bar1, bar2 + weight * (a @ W2.T)
            else:
                a = bar2 * slope
                w2, c2_bar = w2 + a.T @ read, c2_bar + xp.sum(a, axis=0)
                bar1, bar2 = bar1 + a @ W2, 0 * bar2
        return {"v": total @ W1, "start": bar2, "W1": total.T @ v, "W2": w2, "c1": xp.sum(total, axis=0), "c2": c2_bar}

    return (mean1, mean2), pullback


def passes(iterations: int, weight: float = 1.0) -> list[tuple[int, float]]:
    return [(1, weight), (2, 1.0)] * iterations


def with_gradients(given: tuple[Array, ...], iterations: int, make: Any) -> Any:
    """The right means, and of the gradients what `make` says of them and of the cotangents."""
    means, right = BODY(*given, iterations=iterations)
    return means, lambda *bars: (g := right(*bars)) | make(g, bars, means)


@mistake(dbm_mean_field)
def nothing_from_above(v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array, *, iterations: int) -> Any:
    """μ¹ = σ(W¹ v + c¹): a pass upwards through two restricted machines."""
    return steps((v, start, W1, W2, c1, c2), passes(iterations, 0.0))


@mistake(dbm_mean_field)
def doubled_from_above(v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array, *, iterations: int) -> Any:
    """2 W²ᵀ μ², as the middle layer has it while its machines are trained one by one."""
    return steps((v, start, W1, W2, c1, c2), passes(iterations, 2.0))


@mistake(dbm_mean_field)
def one_pass_too_many(v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array, *, iterations: int) -> Any:
    """N + 1 passes."""
    return BODY(v, start, W1, W2, c1, c2, iterations=iterations + 1)


@mistake(dbm_mean_field, "mean1", *GRADIENTS)
def first_layer_once_more(v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array,
                          *, iterations: int) -> Any:
    """μ¹ is set once more after the last μ²."""
    return steps((v, start, W1, W2, c1, c2), [*passes(iterations), (1, 1.0)])


@mistake(dbm_mean_field)
def start_of_a_half(v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array, *, iterations: int) -> Any:
    """½ for whatever start is given, which then has no gradient."""
    means, right = BODY(v, 0 * start + 0.5, W1, W2, c1, c2, iterations=iterations)
    return means, lambda *bars: (g := right(*bars)) | {"start": 0 * g["start"]}


@mistake(dbm_mean_field, *GRADIENTS)
def last_pass_alone(v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array, *, iterations: int) -> Any:
    """The pullback of the last pass, from means that are held: the start has no part, and earlier passes none."""
    before = BODY(v, start, W1, W2, c1, c2, iterations=iterations - 1)[0][1] if iterations > 1 else start
    means, right = BODY(v, before, W1, W2, c1, c2, iterations=1)
    return means, lambda *bars: (g := right(*bars)) | {"start": 0 * g["start"]}


@mistake(dbm_mean_field, "gradient.W2")
def way_up_alone(v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array, *, iterations: int) -> Any:
    """W_bar² of μ² = σ(W² μ¹ + c²) alone: that W² is read downwards too is forgotten."""
    found, right = steps((v, start, W1, W2, c1, c2), passes(iterations))

    def pullback(*bars: Array) -> dict[str, Array]:
        moved = 0 * W2
        state, kept, below = start, [], v @ W1.T + c1
        for _ in range(iterations):
            mean1, off1 = halves(below + state @ W2)
            state, off2 = halves(mean1 @ W2.T + c2)
            kept.append((mean1, mean1 * off1, state * off2))
        bar1, bar2 = bars
        for mean1, slope1, slope2 in reversed(kept):
            a2 = bar2 * slope2
            moved = moved + a2.T @ mean1
            bar1, bar2 = 0 * bar1, ((bar1 + a2 @ W2) * slope1) @ W2.T
        return right(*bars) | {"W2": moved}

    return found, pullback


@mistake(dbm_mean_field, "gradient.start")
def start_without_gradient(v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array,
                           *, iterations: int) -> Any:
    """The start is held."""
    return with_gradients((v, start, W1, W2, c1, c2), iterations, lambda g, bars, means: {"start": 0 * g["start"]})


@mistake(dbm_mean_field, "gradient.c2")
def last_bias_alone(v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array, *, iterations: int) -> Any:
    """c_bar² of the last pass, though c² is read in each; right for one pass."""
    return with_gradients((v, start, W1, W2, c1, c2), iterations, lambda g, bars, means: {
        "c2": namespace(v).sum(bars[1] * means[1] * (1 - means[1]), axis=0)})


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(dbm_mean_field, seen="sphinxteam/Boltzmann.jl #15", blind=True)
def samples_fed_on(v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array, *, iterations: int) -> Any:
    """States for means between the layers: each is on where its mean is above ½, and no gradient passes."""
    xp = namespace(v)
    hard = lambda x: xp.astype(x > 0.5, x.dtype)
    before = start
    for _ in range(iterations):
        first, off1 = halves(v @ W1.T + hard(before) @ W2 + c1)
        read, (before, off2) = before, halves(hard(first) @ W2.T + c2)

    def pullback(bar1: Array, bar2: Array) -> dict[str, Array]:
        a1, a2 = bar1 * first * off1, bar2 * before * off2
        return {"v": a1 @ W1, "start": 0 * start, "W1": a1.T @ v, "W2": a2.T @ hard(first) + hard(read).T @ a1,
                "c1": xp.sum(a1, axis=0), "c2": xp.sum(a2, axis=0)}

    return (first, before), pullback


@mistake(dbm_mean_field, "gradient.v", blind=True)
def data_of_the_last_pass(v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array,
                          *, iterations: int) -> Any:
    """v_bar of the last pass, though the data are read in each; right for one pass."""
    before = BODY(v, start, W1, W2, c1, c2, iterations=iterations - 1)[0][1] if iterations > 1 else start
    last = BODY(v, before, W1, W2, c1, c2, iterations=1)[1]
    return with_gradients((v, start, W1, W2, c1, c2), iterations, lambda g, bars, means: {"v": last(*bars)["v"]})


@mistake(dbm_mean_field, *GRADIENTS[2:], blind=True)
def parameters_by_the_example(v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array, *,
                              iterations: int) -> Any:
    """A mean over the batch for the parameters, whatever comes from above; right for one example."""
    many = max(v.shape[0], 1)
    return with_gradients((v, start, W1, W2, c1, c2), iterations,
                          lambda g, bars, means: {name: g[name] / many for name in ("W1", "W2", "c1", "c2")})


@mistake(dbm_mean_field, blind=True)
def both_layers_at_once(v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array, *, iterations: int) -> Any:
    """Both from old means, that of the first layer from ½ at the start: it may oscillate."""
    xp = namespace(v)
    below, kept = v @ W1.T + c1, []
    first, second = 0 * below + 0.5, start
    for _ in range(iterations):
        read = first, second
        first, off1 = halves(below + read[1] @ W2)
        second, off2 = halves(read[0] @ W2.T + c2)
        kept.append((read, first * off1, second * off2))

    def pullback(bar1: Array, bar2: Array) -> dict[str, Array]:
        total, w2, c2_bar = 0 * bar1, 0 * W2, 0 * c2
        for read, slope1, slope2 in reversed(kept):
            a1, a2 = bar1 * slope1, bar2 * slope2
            total, w2, c2_bar = total + a1, w2 + a2.T @ read[0] + read[1].T @ a1, c2_bar + xp.sum(a2, axis=0)
            bar1, bar2 = a2 @ W2, a1 @ W2.T
        return {"v": total @ W1, "start": bar2, "W1": total.T @ v, "W2": w2, "c1": xp.sum(total, axis=0), "c2": c2_bar}

    return (first, second), pullback
