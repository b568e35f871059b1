"""Mistakes in turned pairs. Which components are a pair, and which way they turn, are conventions."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.layers.rotary_embedding import rotary_embedding
from refdgm.namespace import Array, namespace

BODY = rotary_embedding.body


def turning(x: Array, position: Array, omega: Array) -> Any:
    """Pairs turned by these frequencies."""
    xp, n = namespace(x), omega.shape[0]
    sine, cosine = xp.sin(position[:, None] * omega), xp.cos(position[:, None] * omega)
    turn = lambda v, by: xp.concat([v[:, :, :n] * cosine - v[:, :, n : 2 * n] * by,
                                    v[:, :, n : 2 * n] * cosine + v[:, :, :n] * by, v[:, :, 2 * n :]], axis=-1)
    y = turn(x, sine)

    def pullback(bar: Array) -> dict[str, Array]:
        across = bar[:, :, n : 2 * n] * y[:, :, :n] - bar[:, :, :n] * y[:, :, n : 2 * n]
        return {"x": turn(bar, -sine), "position": xp.sum(omega * across, axis=(0, 2))}

    return y, pullback


def frequencies(x: Array, base: Array, of: Callable[[Array, int], Array]) -> Array:
    """base to the power of minus what `of` makes of i and n."""
    xp, n = namespace(x), x.shape[2] // 2
    return base ** -of(xp.arange(n, dtype=x.dtype, device=x.device), max(n, 1))


def replaced(found: Any, name: str, of: Callable[[Array, dict[str, Array]], Array]) -> Any:
    value, right = found
    return value, lambda bar: (g := right(bar)) | {name: of(bar, g)}


# Wrong equations, rightly differentiated


@mistake(rotary_embedding)
def growing_frequencies(x: Array, position: Array, base: Array) -> Any:
    """c^{i/n}: the minus of the exponent is lost."""
    return turning(x, position, frequencies(x, base, lambda i, n: -i / n))


@mistake(rotary_embedding)
def exponent_over_all_components(x: Array, position: Array, base: Array) -> Any:
    """i/2n for i/n: the exponent counts pairs, and is divided by the number of components."""
    return turning(x, position, frequencies(x, base, lambda i, n: i / (2 * n)))


@mistake(rotary_embedding)
def exponent_doubled(x: Array, position: Array, base: Array) -> Any:
    """2i/n for i/n: the exponent counts components, and is divided by the number of pairs."""
    return turning(x, position, frequencies(x, base, lambda i, n: 2 * i / n))


@mistake(rotary_embedding)
def one_sign_for_both(x: Array, position: Array, base: Array) -> Any:
    """x_{n+i} cos − x_i sin: both halves have the minus, which is no turn, and changes lengths."""
    n = x.shape[2] // 2
    xp = namespace(x)
    angle = position[:, None] * frequencies(x, base, lambda i, n: i / n)
    sine, cosine, omega = xp.sin(angle), xp.cos(angle), frequencies(x, base, lambda i, n: i / n)
    one, other = x[:, :, :n], x[:, :, n : 2 * n]

    def pullback(bar: Array) -> dict[str, Array]:
        low, high = bar[:, :, :n], bar[:, :, n : 2 * n]
        speed = -low * (one * sine + other * cosine) - high * (other * sine + one * cosine)
        return {"x": xp.concat([low * cosine - high * sine, high * cosine - low * sine, bar[:, :, 2 * n :]], axis=-1),
                "position": xp.sum(omega * speed, axis=(0, 2))}

    return xp.concat([one * cosine - other * sine, other * cosine - one * sine, x[:, :, 2 * n :]], axis=-1), pullback


@mistake(rotary_embedding, "value", "gradient.position")
def added_in_place_of_turned(x: Array, position: Array, base: Array) -> Any:
    """Sines and cosines are added, as those of an absolute position."""
    xp, n = namespace(x), x.shape[2] // 2
    omega = frequencies(x, base, lambda i, n: i / n)
    angle = position[:, None] * omega
    wave = xp.concat([xp.sin(angle), xp.cos(angle), 0 * x[0, :, 2 * n :]], axis=-1)
    _, right = BODY(x, position, base)

    def pullback(bar: Array) -> dict[str, Array]:
        along = bar[:, :, :n] * xp.cos(angle) - bar[:, :, n : 2 * n] * xp.sin(angle)
        return {"x": right(bar)["x"], "position": xp.sum(omega * along, axis=(0, 2))}

    return x + wave, pullback


# The value is right, a gradient is not


@mistake(rotary_embedding, "gradient.x")
def turned_on(x: Array, position: Array, base: Array) -> Any:
    """x_bar is turned the way that x was, not back: the sine has its sign."""
    return replaced(BODY(x, position, base), "x", lambda bar, g: BODY(bar, position, base)[0])


@mistake(rotary_embedding, "gradient.x")
def passed_through(x: Array, position: Array, base: Array) -> Any:
    """x_bar = y_bar: the turn is taken for a constant that is added."""
    return replaced(BODY(x, position, base), "x", lambda bar, g: bar + 0 * x)


@mistake(rotary_embedding, "gradient.x")
def halves_of_the_cotangent_exchanged(x: Array, position: Array, base: Array) -> Any:
    """The cotangents of both halves change places."""
    xp, n = namespace(x), x.shape[2] // 2
    swap = lambda v: xp.concat([v[:, :, n : 2 * n], v[:, :, :n], v[:, :, 2 * n :]], axis=-1)
    return replaced(BODY(x, position, base), "x", lambda bar, g: swap(g["x"]))


@mistake(rotary_embedding, "gradient.position")
def frequency_forgotten(x: Array, position: Array, base: Array) -> Any:
    """t_bar without ω: the chain rule stops at the angle."""
    xp, n = namespace(x), x.shape[2] // 2
    y, _ = BODY(x, position, base)
    return replaced(BODY(x, position, base), "position", lambda bar, g: xp.sum(
        bar[:, :, n : 2 * n] * y[:, :, :n] - bar[:, :, :n] * y[:, :, n : 2 * n], axis=(0, 2)))


@mistake(rotary_embedding, "gradient.position")
def position_without_a_gradient(x: Array, position: Array, base: Array) -> Any:
    """t_bar = 0: cosines and sines come from a table."""
    return replaced(BODY(x, position, base), "position", lambda bar, g: 0 * g["position"])


@mistake(rotary_embedding)
def positions_counted_from_one(x: Array, position: Array, base: Array) -> Any:
    """t + 1 for t: the first position is turned too, which no product of queries and keys tells."""
    return BODY(x, position + 1, base)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(rotary_embedding, seen="bkitano/llama-from-scratch #8", blind=True)
def counted_from_minus_one(x: Array, position: Array, base: Array) -> Any:
    """c^{−(i−1)/n}: the fastest pair turns by c^{1/n} a step, not by one."""
    return turning(x, position, frequencies(x, base, lambda i, n: (i - 1) / n))


@mistake(rotary_embedding, "gradient.x", seen="huggingface/candle #3612", blind=True)
def inputs_without_a_gradient(x: Array, position: Array, base: Array) -> Any:
    """x_bar = 0: a fused kernel has no backward pass, and says nothing."""
    return replaced(BODY(x, position, base), "x", lambda bar, g: 0 * g["x"])


@mistake(rotary_embedding, seen="EleutherAI/gpt-neox #1003; sgl-project/sglang-jax #1472", blind=True)
def angle_in_half_precision(x: Array, position: Array, base: Array) -> Any:
    """ω t keeps eleven bits, so that neighbours late in a sequence are turned alike."""
    xp = namespace(x)
    omega = frequencies(x, base, lambda i, n: i / n)
    angle = position[:, None] * omega
    size = 2.0 ** (xp.floor(xp.log(xp.maximum(xp.abs(angle), 1e-30)) / 0.6931471805599453) - 10)
    rounded = xp.round(angle / size) * size
    n = omega.shape[0]
    sine, cosine = xp.sin(rounded), xp.cos(rounded)
    turn = lambda v, by: xp.concat([v[:, :, :n] * cosine - v[:, :, n : 2 * n] * by,
                                    v[:, :, n : 2 * n] * cosine + v[:, :, :n] * by, v[:, :, 2 * n :]], axis=-1)
    y = turn(x, sine)

    def pullback(bar: Array) -> dict[str, Array]:
        across = bar[:, :, n : 2 * n] * y[:, :, :n] - bar[:, :, :n] * y[:, :, n : 2 * n]
        return {"x": turn(bar, -sine), "position": xp.sum(omega * across, axis=(0, 2))}

    return y, pullback
