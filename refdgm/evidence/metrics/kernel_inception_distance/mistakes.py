"""Mistakes in the Kernel Inception distance. The biased estimate is a variant."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.metrics.kernel_inception_distance import kernel_inception_distance
from refdgm.namespace import Array, namespace

BODY = kernel_inception_distance.body


def three_means(real: Array, fake: Array, weights: tuple[float, float, float], *, power: int = 3, one: float = 1.0,
                scale: float | None = None, diagonal: bool = False) -> Any:
    """w₁ Σ k(x, x) + w₂ Σ k(y, y) + w₃ Σ k(x, y) of the kernel (γ⟨a, b⟩ + c)ⁿ, with the diagonals or without."""
    xp = namespace(real)
    gamma = 1 / real.shape[1] if scale is None else scale
    first, second, third = weights

    def kept(table: Array) -> Array:
        return table if diagonal else table * (1 - xp.eye(table.shape[0], dtype=table.dtype, device=table.device))

    s, o, c = gamma * (real @ real.T) + one, gamma * (fake @ fake.T) + one, gamma * (real @ fake.T) + one
    value = first * xp.sum(kept(s**power)) + second * xp.sum(kept(o**power)) + third * xp.sum(c**power)

    def pullback(bar: Array) -> dict[str, Array]:
        size, crossed = bar * power * gamma, third * c ** (power - 1)
        return {"real": size * (2 * first * kept(s ** (power - 1)) @ real + crossed @ fake),
                "fake": size * (2 * second * kept(o ** (power - 1)) @ fake + crossed.T @ real)}

    return value, pullback


def usual(real: Array, fake: Array) -> tuple[float, float, float]:
    b, m = real.shape[0], fake.shape[0]
    return 1 / (b * (b - 1)), 1 / (m * (m - 1)), -2 / (b * m)


@mistake(kernel_inception_distance)
def no_two(real: Array, fake: Array) -> Any:
    """The mean over pairs of both batches is taken off once."""
    first, second, third = usual(real, fake)
    return three_means(real, fake, (first, second, third / 2))


@mistake(kernel_inception_distance)
def of_degree_two(real: Array, fake: Array) -> Any:
    """(s + 1)²: a kernel of degree two, which sees no third moments."""
    return three_means(real, fake, usual(real, fake), power=2)


@mistake(kernel_inception_distance)
def without_the_one(real: Array, fake: Array) -> Any:
    """s³: third moments alone, so that neither means nor variances are seen."""
    return three_means(real, fake, usual(real, fake), one=0.0)


@mistake(kernel_inception_distance)
def squares_of_the_numbers(real: Array, fake: Array) -> Any:
    """Without the diagonals, over B² and M² all the same."""
    b, m = real.shape[0], fake.shape[0]
    return three_means(real, fake, (1 / b**2, 1 / m**2, -2 / (b * m)))


@mistake(kernel_inception_distance, "value")
def its_magnitude(real: Array, fake: Array) -> Any:
    """Its root, of a negative number that of its magnitude: what is not estimated without a bias."""
    value, right = BODY(real, fake)
    xp = namespace(real)
    return xp.sqrt(xp.abs(value)), right


@mistake(kernel_inception_distance, "gradient.real")
def one_argument_of_the_kernel(real: Array, fake: Array) -> Any:
    """x_bar without the two of pairs of x: k(xᵢ, xⱼ) is differentiated in one of its arguments."""
    first, second, third = usual(real, fake)
    once = three_means(real, fake, (first / 2, second, third))[1]
    value, right = BODY(real, fake)
    return value, lambda bar: right(bar) | {"real": once(bar)["real"]}


@mistake(kernel_inception_distance, "gradient.fake")
def data_held_across(real: Array, fake: Array) -> Any:
    """y_bar of the pairs of samples alone: what draws them to the data is lost."""
    first, second, _ = usual(real, fake)
    own = three_means(real, fake, (first, second, 0.0))[1]
    value, right = BODY(real, fake)
    return value, lambda bar: right(bar) | {"fake": own(bar)["fake"]}


@mistake(kernel_inception_distance, "gradient.fake")
def diagonal_in_the_slope(real: Array, fake: Array) -> Any:
    """y_bar with every sample as its own pair."""
    every = three_means(real, fake, usual(real, fake), diagonal=True)[1]
    value, right = BODY(real, fake)
    return value, lambda bar: right(bar) | {"fake": every(bar)["fake"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(kernel_inception_distance, seen="shogun-toolbox/shogun #5133", blind=True)
def diagonal_kept(real: Array, fake: Array) -> Any:
    """All pairs over B(B − 1) and M(M − 1): the diagonals are in the sums, and not in the divisors."""
    return three_means(real, fake, usual(real, fake), diagonal=True)


@mistake(kernel_inception_distance, blind=True)
def components_not_divided(real: Array, fake: Array) -> Any:
    """(⟨a, b⟩/3 + 1)³, with the number of colours for that of components."""
    other = 1 / 3 if real.shape[1] != 3 else 1.0
    return three_means(real, fake, usual(real, fake), scale=other)


@mistake(kernel_inception_distance, "value", "gradient.fake", blind=True)
def one_number_for_both(real: Array, fake: Array) -> Any:
    """Pairs of samples are divided by B(B − 1): right for batches of one size."""
    first, _, third = usual(real, fake)
    return three_means(real, fake, (first, first, third))
