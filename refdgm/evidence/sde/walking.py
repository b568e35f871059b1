"""Langevin steps in a row with parts to take out: what the mistakes of chains are made of."""

from collections.abc import Callable
from typing import Any

from refdgm.namespace import Array, namespace

Theta = dict[str, Array]


def root(step: Array) -> tuple[Array, Array]:
    """√η and its derivative."""
    r = namespace(step).sqrt(step)
    return r, 1 / (2 * r)


def the_step_itself(step: Array) -> tuple[Array, Array]:
    """η: the noise is multiplied by the step."""
    return step, namespace(step).ones_like(step)


def moved(
    x: Array, score: Array, eps: Array, step: Array, drift: float = 0.5,
    spread: Callable[[Array], tuple[Array, Array]] = root, paced: bool = True,
) -> Any:
    """x + drift · η s + spread(η) ε, rightly differentiated; without the η of the drift where it is not `paced`."""
    xp = namespace(x)
    width, slope = spread(step)
    pace, of_drift = (drift * step, drift) if paced else (drift, 0.0)

    def pullback(bar: Array) -> dict[str, Array]:
        return {"x": 1 * bar, "score": pace * bar, "step": xp.sum(bar * (of_drift * score + slope * eps))}

    return x + pace * score + width * eps, pullback


def walked(
    x: Array, eps: list[Array], steps: list[Any], fields: list[Any], drift: float = 0.5,
    spread: Callable[[Array], tuple[Array, Array]] = root, bent: bool = True,
    paced: bool = True,
) -> Any:
    """Steps with the step sizes and pulled-back fields of a list, and a pullback that hands back the cotangents of the
    start, of every step size, and what each field's own pullback gave; `bent` = False forgets the score's
    Jacobian in the cotangent of the state."""
    kept: list[Any] = []
    for noise, step, field in zip(eps, steps, fields, strict=True):
        s, right = field(x)
        x, back = moved(x, s, noise, step, drift, spread, paced)
        kept.append((back, right))

    def pullback(bar: Array) -> tuple[Array, list[Array], list[Any]]:
        step_bars: list[Array] = []
        field_bars: list[Any] = []
        for back, right in reversed(kept):
            g = back(bar)
            inner = right(g["score"])
            step_bars.insert(0, g["step"])
            field_bars.insert(0, inner)
            bar = g["x"] + inner.get("x", inner.get("z")) if bent else g["x"]
        return bar, step_bars, field_bars

    return x, pullback


def summed(theta: Theta, field_bars: list[Any]) -> Theta:
    xp = namespace(next(iter(theta.values())))
    total = {name: xp.zeros_like(entry) for name, entry in theta.items()}
    for g in field_bars:
        total = {name: entry + g["theta"][name] for name, entry in total.items()}
    return total
