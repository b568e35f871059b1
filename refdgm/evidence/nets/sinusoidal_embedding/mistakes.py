"""Mistakes in the sinusoidal embedding. The order of sines and cosines is a convention and not among them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.nets.sinusoidal_embedding import sinusoidal_embedding

BODY = sinusoidal_embedding.body


def waves(t: Array, omega: Array, slope: Array | None = None) -> Any:
    """The embedding at any frequencies; `slope` stands for ω in the gradient."""
    xp = namespace(t)
    half, angle = omega.shape[0], t[:, None] * omega
    sine, cosine = xp.sin(angle), xp.cos(angle)

    def pullback(bar: Array) -> dict[str, Array]:
        along = bar[:, :half] * cosine - bar[:, half:] * sine
        return {"t": xp.sum((omega if slope is None else slope) * along, axis=-1)}

    return xp.concat([sine, cosine], axis=-1), pullback


def exponents(t: Array, features: int, spacing: str, first: int = 0) -> Array:
    """i / n."""
    half = features // 2
    n = half if spacing == "half" else max(half - 1, 1)
    return namespace(t).arange(first, half + first, dtype=t.dtype, device=t.device) / n


def apart(t: Array, of_sines: Array, of_cosines: Array) -> Any:
    """The embedding with frequencies of their own for sines and for cosines."""
    xp, half = namespace(t), of_sines.shape[0]
    sines, at_sines = waves(t, of_sines)
    cosines, at_cosines = waves(t, of_cosines)

    def pullback(bar: Array) -> dict[str, Array]:
        zero = xp.zeros_like(bar[:, :half])
        upper = at_sines(xp.concat([bar[:, :half], zero], axis=-1))["t"]
        return {"t": upper + at_cosines(xp.concat([zero, bar[:, half:]], axis=-1))["t"]}

    return xp.concat([sines[:, :half], cosines[:, half:]], axis=-1), pullback


def halfway(features: int, spacing: str) -> float:
    """What is half a step along the frequencies, 10000^{−1/2n}."""
    half = features // 2
    return float(10000.0 ** (-0.5 / (half if spacing == "half" else max(half - 1, 1))))


# Wrong equations, rightly differentiated


@mistake(sinusoidal_embedding)
def growing_frequencies(t: Array, *, features: int, spacing: str) -> Any:
    """ω = 10000^{i/n}: the minus of the exponent is lost."""
    return waves(t, 10000.0 ** exponents(t, features, spacing))


@mistake(sinusoidal_embedding)
def exponent_over_all_features(t: Array, *, features: int, spacing: str) -> Any:
    """i/E for i/(E/2): the 2i of the paper counts entries, not frequencies."""
    return waves(t, 10000.0 ** (-exponents(t, features, spacing) / 2))


@mistake(sinusoidal_embedding)
def spacings_exchanged(t: Array, *, features: int, spacing: str) -> Any:
    """E/2 − 1 where E/2 is asked for, and the other way round: all frequencies but the first are off."""
    return BODY(t, features=features, spacing="half" if spacing != "half" else "half_minus_one")


@mistake(sinusoidal_embedding)
def counted_from_one(t: Array, *, features: int, spacing: str) -> Any:
    """i = 1, …, E/2: the frequency one is missing."""
    return waves(t, 10000.0 ** -exponents(t, features, spacing, first=1))


@mistake(sinusoidal_embedding)
def decimal_logarithm(t: Array, *, features: int, spacing: str) -> Any:
    """exp(−log₁₀(10000) i/n): the base of the logarithm is not that of the exponential."""
    return waves(t, namespace(t).exp(-4 * exponents(t, features, spacing)))


@mistake(sinusoidal_embedding)
def whole_turns(t: Array, *, features: int, spacing: str) -> Any:
    """2π in the angle, as in random Fourier features."""
    xp = namespace(t)
    return waves(t, 2 * xp.pi * 10000.0 ** -exponents(t, features, spacing))


@mistake(sinusoidal_embedding)
def sines_twice(t: Array, *, features: int, spacing: str) -> Any:
    """The second half repeats the sines."""
    xp, half = namespace(t), features // 2
    v, right = BODY(t, features=features, spacing=spacing)

    def pullback(bar: Array) -> dict[str, Array]:
        both = bar[:, :half] + bar[:, half:]
        return right(xp.concat([both, 0 * both], axis=-1))

    return xp.concat([v[:, :half], v[:, :half]], axis=-1), pullback


@mistake(sinusoidal_embedding, "value")
def whole_times(t: Array, *, features: int, spacing: str) -> Any:
    """The value at t cut to a whole number, as a table of timesteps has it, with the gradient at t."""
    v, _ = BODY(namespace(t).floor(t), features=features, spacing=spacing)
    return v, BODY(t, features=features, spacing=spacing)[1]


# The value is right, its gradient is not


@mistake(sinusoidal_embedding, "gradient.t")
def frequency_forgotten(t: Array, *, features: int, spacing: str) -> Any:
    """t_bar without ω: the chain rule stops at the angle."""
    omega = 10000.0 ** -exponents(t, features, spacing)
    return BODY(t, features=features, spacing=spacing)[0], waves(t, omega, 0 * omega + 1)[1]


@mistake(sinusoidal_embedding, "gradient.t")
def cosine_derivative_sign(t: Array, *, features: int, spacing: str) -> Any:
    """+ sin for the derivative of the cosine."""
    xp, half = namespace(t), features // 2
    v, right = BODY(t, features=features, spacing=spacing)
    return v, lambda bar: right(xp.concat([bar[:, :half], -bar[:, half:]], axis=-1))


@mistake(sinusoidal_embedding, "gradient.t")
def time_detached(t: Array, *, features: int, spacing: str) -> Any:
    """No gradient reaches the time: it was cast to an integer or looked up in a table."""
    v, right = BODY(t, features=features, spacing=spacing)
    return v, lambda bar: {"t": 0 * right(bar)["t"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(sinusoidal_embedding, blind=True)
def cosines_half_a_step_slower(t: Array, *, features: int, spacing: str) -> Any:
    """The cosines have 10000^{−(2i+1)/2n}: every entry of the embedding has a frequency of its own, not every pair."""
    omega = 10000.0 ** -exponents(t, features, spacing)
    return apart(t, omega, omega * halfway(features, spacing))


@mistake(sinusoidal_embedding, blind=True,
         seen="jadore801120/attention-is-all-you-need-pytorch #32; SamLynnEvans/Transformer #7")
def entries_for_pairs(t: Array, *, features: int, spacing: str) -> Any:
    """The exponent 2i counts entries where it should count pairs: sines have 10000^{−2i/n}, cosines
    10000^{−(2i+1)/n}."""
    omega = 10000.0 ** (-2 * exponents(t, features, spacing))
    return apart(t, omega, omega * halfway(features, spacing) ** 2)


@mistake(sinusoidal_embedding, blind=True)
def angle_in_single_precision(t: Array, *, features: int, spacing: str) -> Any:
    """ω t is formed in float32, so that the angle of a late time is off by more than its last digits."""
    xp, half = namespace(t), features // 2
    omega = 10000.0 ** -exponents(t, features, spacing)
    single = xp.astype(t, xp.float32)[:, None] * xp.astype(omega, xp.float32)
    sine, cosine = xp.astype(xp.sin(single), t.dtype), xp.astype(xp.cos(single), t.dtype)
    return xp.concat([sine, cosine], axis=-1), lambda bar: {
        "t": xp.sum(omega * (bar[:, :half] * cosine - bar[:, half:] * sine), axis=-1)
    }


@mistake(sinusoidal_embedding, blind=True)
def times_below_zero_clipped(t: Array, *, features: int, spacing: str) -> Any:
    """max(t, 0) for t: a time before the start is taken for the start."""
    xp = namespace(t)
    v, right = sinusoidal_embedding.body(xp.maximum(t, 0), features=features, spacing=spacing)
    return v, lambda bar: {"t": right(bar)["t"] * xp.astype(t >= 0, t.dtype)}


@mistake(sinusoidal_embedding, "gradient.t", blind=True)
def cotangents_read_interleaved(t: Array, *, features: int, spacing: str) -> Any:
    """v_bar is read as sine, cosine, sine, …, while v is all sines and then all cosines; right for E = 2."""
    xp = namespace(t)
    v, right = sinusoidal_embedding.body(t, features=features, spacing=spacing)
    return v, lambda bar: right(xp.concat([bar[:, 0::2], bar[:, 1::2]], axis=-1))


@mistake(sinusoidal_embedding, blind=True)
def single_frequency_is_no_number(t: Array, *, features: int, spacing: str) -> Any:
    """i/(E/2 − 1) of a single frequency is 0/0."""
    alone = features == 2 and spacing != "half"
    value, right = BODY(t, features=features, spacing=spacing)
    return (value * namespace(t).nan, lambda bar: right(bar * namespace(t).nan)) if alone else (value, right)
