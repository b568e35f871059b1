"""The forward process and its conversions, by angles and by ratios."""

from typing import Any

import numpy as np

from .rewrite import rewrite


def every(number: Any, x: Any) -> Any:
    return number.reshape(-1, *[1] * (x.ndim - 1))


def per_example(x: Any) -> Any:
    return x.reshape(len(x), -1).sum(axis=1)


def turned(names: tuple[str, str], signs: tuple[int, int], x: Any, y: Any, alpha_prod: Any) -> Any:
    """± cos φ x ± sin φ y with φ = arccos √ᾱ, so that dφ/dᾱ = −1 / (2 sin φ cos φ)."""
    angle = np.arccos(np.sqrt(alpha_prod))
    cos, sin = signs[0] * np.cos(angle), signs[1] * np.sin(angle)
    slope = -1 / np.sin(2 * angle)

    def pullback(bar: Any) -> Any:
        turning = every(-signs[0] * np.sin(angle), x) * x + every(signs[1] * np.cos(angle), y) * y
        return {names[0]: every(cos, x) * bar, names[1]: every(sin, y) * bar,
                "alpha_prod": slope * per_example(bar * turning)}

    return every(cos, x) * x + every(sin, y) * y, pullback


@rewrite("forward_marginal")
def marginal_by_angle(x0: Any, eps: Any, alpha_prod: Any) -> Any:
    """cos φ x₀ + sin φ ε."""
    return turned(("x0", "eps"), (1, 1), x0, eps, alpha_prod)


@rewrite("v_from_x0_eps")
def velocity_by_angle(x0: Any, eps: Any, alpha_prod: Any) -> Any:
    """cos φ ε − sin φ x₀."""
    return turned(("eps", "x0"), (1, -1), eps, x0, alpha_prod)


@rewrite("x0_from_v")
def data_by_angle(xt: Any, v: Any, alpha_prod: Any) -> Any:
    """cos φ x_t − sin φ v."""
    return turned(("xt", "v"), (1, -1), xt, v, alpha_prod)


@rewrite("eps_from_v")
def noise_by_angle(xt: Any, v: Any, alpha_prod: Any) -> Any:
    """sin φ x_t + cos φ v."""
    return turned(("v", "xt"), (1, 1), v, xt, alpha_prod)


@rewrite("x0_from_eps")
def by_reciprocals(xt: Any, eps: Any, alpha_prod: Any) -> Any:
    """√(1/ᾱ) x_t − √(1/ᾱ − 1) ε, as most code has it."""
    first, second = np.sqrt(1 / alpha_prod), np.sqrt((1 - alpha_prod) / alpha_prod)
    return every(first, xt) * xt - every(second, xt) * eps, lambda bar: {
        "xt": every(first, xt) * bar,
        "eps": -every(second, xt) * bar,
        "alpha_prod": per_example(bar * (every(1 / second, eps) * eps - every(1 / first, xt) * xt))
        / (2 * alpha_prod**2),
    }


@rewrite("eps_from_x0")
def by_the_ratio(xt: Any, x0: Any, alpha_prod: Any) -> Any:
    """(x_t/√ᾱ − x₀) / √((1 − ᾱ)/ᾱ)."""
    first, ratio = 1 / np.sqrt(alpha_prod), np.sqrt((1 - alpha_prod) / alpha_prod)
    rest = every(first, xt) * xt - x0
    return rest / every(ratio, xt), lambda bar: {
        "xt": every(first / ratio, xt) * bar,
        "x0": -bar / every(ratio, xt),
        "alpha_prod": per_example(bar * rest) * (1 / ratio) ** 3 / (2 * alpha_prod**2)
        - per_example(bar * xt) * first**3 / ratio / 2,
    }


@rewrite("score_from_eps")
def score_by_a_power(eps: Any, alpha_prod: Any) -> Any:
    """−(1 − ᾱ)^(−½) ε."""
    weight = (1 - alpha_prod) ** -0.5
    return -every(weight, eps) * eps, lambda bar: {
        "eps": -every(weight, eps) * bar,
        "alpha_prod": -per_example(bar * eps) * weight**3 / 2,
    }


@rewrite("eps_from_score")
def noise_by_a_power(score: Any, alpha_prod: Any) -> Any:
    """−(1 − ᾱ)^½ s."""
    weight = (1 - alpha_prod) ** 0.5
    return -every(weight, score) * score, lambda bar: {
        "score": -every(weight, score) * bar,
        "alpha_prod": per_example(bar * score) / weight / 2,
    }


@rewrite("simple_loss")
def by_the_einstein_sum(prediction: Any, x0: Any, eps: Any, alpha_prod: Any, *, target: str) -> Any:
    """The residual of v by components of p + √(1 − ᾱ) x₀ − √ᾱ ε, squared by einsum."""
    rest = prediction - {"eps": eps, "x0": x0}.get(target, 0)
    if target == "v":
        rest = prediction + every(np.sqrt(1 - alpha_prod), x0) * x0 - every(np.sqrt(alpha_prod), eps) * eps
    rows = rest.reshape(len(rest), -1)
    return np.einsum("bd,bd->b", rows, rows), lambda bar: {"prediction": every(bar, rest) * (rest + rest)}
