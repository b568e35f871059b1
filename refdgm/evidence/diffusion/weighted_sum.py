"""k √ᾱⁱ √(1 − ᾱ)ʲ x + …: weighted sums of two arrays, rightly differentiated whatever the exponents are."""

from typing import Any

from refdgm.namespace import Array
from refdgm.numerics.components import against, inner

Weight = tuple[float, int, int]  # k, i, j


def weight(of: Weight, alpha_prod: Array) -> tuple[Array, Array]:
    """A weight and its derivative with respect to ᾱ."""
    k, i, j = of
    number = k * alpha_prod ** (i / 2) * (1 - alpha_prod) ** (j / 2)
    return number, number * (i / alpha_prod - j / (1 - alpha_prod)) / 2


def mixture(parts: dict[str, tuple[Array, Weight]], alpha_prod: Array) -> Any:
    """Σ weight · array, with the cotangents of the arrays by name and that of ᾱ."""
    weights = {name: weight(of, alpha_prod) for name, (_, of) in parts.items()}
    value = sum(against(weights[name][0], x) * x for name, (x, _) in parts.items())

    def pullback(bar: Array) -> dict[str, Array]:
        return {name: against(weights[name][0], x) * bar for name, (x, _) in parts.items()} | {
            "alpha_prod": sum(weights[name][1] * inner(bar, x) for name, (x, _) in parts.items())
        }

    return value, pullback


def without(found: Any, name: str) -> Any:
    """The same with one argument detached."""
    value, right = found
    return value, lambda bar: (g := right(bar)) | {name: 0 * g[name]}


def times(found: Any, name: str, factor: float) -> Any:
    """The same with one cotangent multiplied."""
    value, right = found
    return value, lambda bar: (g := right(bar)) | {name: factor * g[name]}
