"""Steps between noise levels with other weights: what the mistakes of steps and of samplers are made of."""

from typing import Any

from refdgm.namespace import Array
from refdgm.numerics.components import against, inner


def weighed(args: tuple[Array, ...], of_x: Any, of_first: Any, of_second: Any) -> Any:
    """k x + f D + g D′, rightly differentiated; each takes q = σ′/σ and returns the weight and its slope in q."""
    x, first, second, sigma, sigma_next = args
    q = against(sigma_next / sigma, x)
    (k, k_slope), (f, f_slope), (g, g_slope) = of_x(q), of_first(q), of_second(q)

    def pullback(bar: Array) -> dict[str, Array]:
        slope = inner(bar, k_slope * x + f_slope * first + g_slope * second) / sigma
        return {"x": k * bar, "denoised": f * bar, "denoised_next": g * bar, "sigma": -(sigma_next / sigma) * slope,
                "sigma_next": slope}

    return k * x + f * first + g * second, pullback


def kept(q: Array) -> Any:
    """The right weight of x."""
    return q, 1 + 0 * q


def first_kept(q: Array) -> Any:
    """The right weight of D."""
    return (1 - q) * (2 - 1 / q) / 2, 1 / (2 * q * q) - 1


def second_kept(q: Array) -> Any:
    """The right weight of D′."""
    return (1 - q) / q / 2, -1 / (2 * q * q)


def half_of_the_step(q: Array) -> Any:
    return (1 - q) / 2, -0.5 + 0 * q


def over_the_old_level(*args: Array) -> Any:
    """The second slope is (x_e − D′)/σ."""
    return weighed(args, lambda q: ((1 + q * q) / 2, q), lambda q: ((1 - q) * q / 2, 0.5 - q), half_of_the_step)


def to_the_mean(*args: Array) -> Any:
    """Euler's step to the mean of D and D′."""
    return weighed(args, kept, half_of_the_step, half_of_the_step)


def by_one_slope(*args: Array) -> Any:
    """Euler's step; D′ has no influence."""
    return weighed(args, kept, lambda q: (1 - q, -1 + 0 * q), lambda q: (0 * q, 0 * q))
