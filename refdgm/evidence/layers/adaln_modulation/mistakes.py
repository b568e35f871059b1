"""Mistakes in modulated vectors. A scale that is the whole factor is a convention."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.layers.adaln_modulation import adaln_modulation
from refdgm.namespace import Array, namespace

BODY = adaln_modulation.body
Back = Callable[[Array], Any]


def mean(x: Array) -> Array:
    return namespace(x).mean(x, axis=-1, keepdims=True)


def over_positions(x: Array) -> Array:
    return namespace(x).sum(x, axis=1)


def parts(x: Array, eps: Array, power: float = 0.5, many: float = 0.0) -> tuple[Array, Array, Array]:
    """n, what it is c over, and (Σ c²/many + ϵ)."""
    c = x - mean(x)
    square = mean(c * c) * (x.shape[2] / (many or x.shape[2])) + eps
    r = square**power
    return c / r, r, square


def modulated(x: Array, shift: Array, scale: Array, eps: Array, power: float = 0.5, many: float = 0.0) -> Any:
    """(1 + γ) c (Σ c²/many + ϵ)^−power + β, rightly differentiated."""
    n, r, square = parts(x, eps, power, many)
    factor, part = 1 + scale[:, None, :], 2 * power * (x.shape[2] / (many or x.shape[2]))

    def pullback(bar: Array) -> dict[str, Array]:
        h = factor * bar
        c = n * r
        c_bar = h / r - part * c * mean(h * n) / square
        return {"x": c_bar - mean(c_bar), "shift": over_positions(bar), "scale": over_positions(bar * n)}

    return factor * n + shift[:, None, :], pullback


def replaced(found: Any, **bars: Back) -> Any:
    """The gradients of these arguments are others."""
    value, right = found
    return value, lambda bar: right(bar) | {name: of(bar) for name, of in bars.items()}


def projected(x: Array, eps: Array, h: Array) -> Array:
    n, r, _ = parts(x, eps)
    return (h - mean(h) - n * mean(h * n)) / r


# Wrong equations, rightly differentiated


@mistake(adaln_modulation, "value", "gradient.x", "gradient.scale")
def not_normalised(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """(1 + γ) ∘ x + β: the norm is left out."""
    factor = 1 + scale[:, None, :]
    return factor * x + shift[:, None, :], lambda bar: {
        "x": factor * bar, "shift": over_positions(bar), "scale": over_positions(bar * x)}


@mistake(adaln_modulation)
def modulated_before_the_norm(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """The norm of (1 + γ) ∘ x + β."""
    xp = namespace(x)
    factor = 1 + scale[:, None, :]
    inner = factor * x + shift[:, None, :]

    def pullback(bar: Array) -> dict[str, Array]:
        back = projected(inner, eps, bar)
        return {"x": factor * back, "shift": over_positions(back), "scale": over_positions(back * x)}

    return parts(inner, eps)[0] + xp.zeros_like(x), pullback


@mistake(adaln_modulation, "value", "gradient.shift", "gradient.scale")
def shift_scaled_too(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """(1 + γ) ∘ (n + β)."""
    n, _, _ = parts(x, eps)
    factor, moved = 1 + scale[:, None, :], n + shift[:, None, :]
    return factor * moved, lambda bar: {"x": projected(x, eps, factor * bar), "shift": over_positions(factor * bar),
                                        "scale": over_positions(bar * moved)}


@mistake(adaln_modulation, "value", "gradient.x", "gradient.scale")
def one_taken_off(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """(1 − γ) ∘ n + β: the sign of the scale."""
    value, right = BODY(x, shift, -scale, eps)
    return value, lambda bar: (lambda grads: grads | {"scale": -grads["scale"]})(right(bar))


@mistake(adaln_modulation, "value", "gradient.x", "gradient.scale")
def variance_for_the_deviation(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """c over mean(c²) + ϵ: the root is forgotten."""
    return modulated(x, shift, scale, eps, power=1.0)


@mistake(adaln_modulation, "value", "gradient.x", "gradient.scale")
def variance_of_a_sample(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """Σ c²/(D − 1)."""
    return modulated(x, shift, scale, eps, many=max(x.shape[2] - 1, 1))


@mistake(adaln_modulation)
def of_the_first_example(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """γ and β of the first example for the whole batch; right for B = 1."""
    xp = namespace(x)
    value, right = BODY(x, shift[:1, :] + 0 * shift, scale[:1, :] + 0 * scale, eps)

    def pullback(bar: Array) -> dict[str, Array]:
        grads, first = right(bar), xp.reshape(xp.arange(x.shape[0], device=x.device) == 0, (x.shape[0], 1))
        summed = lambda g: xp.where(first, xp.sum(g, axis=0, keepdims=True), 0 * g)
        return {"x": grads["x"], "shift": summed(grads["shift"]), "scale": summed(grads["scale"])}

    return value, pullback


@mistake(adaln_modulation, "value")
def shift_not_added(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """y = (1 + γ) ∘ n, and β learns all the same."""
    return BODY(x, 0 * shift, scale, eps)[0], BODY(x, shift, scale, eps)[1]


# The value is right, a gradient is not


@mistake(adaln_modulation, "gradient.x")
def one_forgotten_on_the_way_back(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """h = γ ∘ y_bar: of a scale of zero nothing reaches x."""
    return replaced(BODY(x, shift, scale, eps), x=lambda bar: projected(x, eps, scale[:, None, :] * bar))


@mistake(adaln_modulation, "gradient.x")
def scale_left_out_of_the_gradient(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """h = y_bar: right where γ = 0, as a network begins."""
    return replaced(BODY(x, shift, scale, eps), x=lambda bar: projected(x, eps, bar))


@mistake(adaln_modulation, "gradient.x")
def scale_behind_the_means(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """(1 + γ) times the norm's gradient of y_bar."""
    return replaced(BODY(x, shift, scale, eps), x=lambda bar: (1 + scale[:, None, :]) * projected(x, eps, bar))


@mistake(adaln_modulation, "gradient.x")
def mean_held(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """x_bar without −mean(h)."""
    n, r, _ = parts(x, eps)

    def x_bar(bar: Array) -> Array:
        h = (1 + scale[:, None, :]) * bar
        return (h - n * mean(h * n)) / r

    return replaced(BODY(x, shift, scale, eps), x=x_bar)


@mistake(adaln_modulation, "gradient.x")
def deviation_held(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """x_bar = (h − mean(h))/r."""
    def x_bar(bar: Array) -> Array:
        h = (1 + scale[:, None, :]) * bar
        return (h - mean(h)) / parts(x, eps)[1]

    return replaced(BODY(x, shift, scale, eps), x=x_bar)


@mistake(adaln_modulation, "gradient.scale")
def scale_meets_the_inputs(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """γ_bar = Σ y_bar ∘ x: of what came in, not of n."""
    return replaced(BODY(x, shift, scale, eps), scale=lambda bar: over_positions(bar * x))


@mistake(adaln_modulation, "gradient.scale")
def scale_meets_the_result(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """γ_bar = Σ y_bar ∘ y."""
    value, right = BODY(x, shift, scale, eps)
    return replaced((value, right), scale=lambda bar: over_positions(bar * value))


@mistake(adaln_modulation, "gradient.shift", "gradient.scale")
def of_the_last_position(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """γ_bar and β_bar of the last position: the others were overwritten; right for N = 1."""
    n, _, _ = parts(x, eps)
    return replaced(BODY(x, shift, scale, eps), shift=lambda bar: over_positions(bar[:, -1:, :]),
                    scale=lambda bar: over_positions((bar * n)[:, -1:, :]))


@mistake(adaln_modulation, "gradient.shift", "gradient.scale")
def mean_over_positions(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """γ_bar and β_bar are means over the positions; right for N = 1."""
    n, _, _ = parts(x, eps)
    many = max(x.shape[1], 1)
    return replaced(BODY(x, shift, scale, eps), shift=lambda bar: over_positions(bar) / many,
                    scale=lambda bar: over_positions(bar * n) / many)


@mistake(adaln_modulation, "gradient.shift", "gradient.scale")
def summed_over_the_batch(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """Every example gets the sum of all, as of a weight and a bias; right for B = 1."""
    xp = namespace(x)
    value, right = BODY(x, shift, scale, eps)
    total = lambda g: xp.sum(g, axis=0, keepdims=True) + 0 * g
    return replaced((value, right), shift=lambda bar: total(right(bar)["shift"]),
                    scale=lambda bar: total(right(bar)["scale"]))


@mistake(adaln_modulation, "gradient.shift")
def shift_weighed(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """β_bar = Σ h."""
    return replaced(BODY(x, shift, scale, eps), shift=lambda bar: over_positions((1 + scale[:, None, :]) * bar))


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(adaln_modulation, seen="huggingface/diffusers #10198", blind=True)
def halves_exchanged(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """γ is taken for β and β for γ: weights of one library, whose halves are in the other order, in another."""
    value, right = BODY(x, scale, shift, eps)
    return value, lambda bar: (lambda g: {"x": g["x"], "shift": g["scale"], "scale": g["shift"]})(right(bar))


@mistake(adaln_modulation, seen="huggingface/diffusers #7369", blind=True)
def examples_for_positions(x: Array, shift: Array, scale: Array, eps: Array) -> Any:
    """The axis of positions is not put in: position n has γ and β of example n (mod B); right for B = 1."""
    xp = namespace(x)
    b, many = x.shape[:2]
    n, _, _ = parts(x, eps)
    row = lambda stop: xp.arange(stop, device=x.device)
    table = xp.astype(row(many)[:, None] % b == row(b), x.dtype)
    factor = 1 + table @ scale

    def pullback(bar: Array) -> dict[str, Array]:
        back = lambda g: xp.matrix_transpose(table) @ xp.sum(g, axis=0)
        return {"x": projected(x, eps, factor * bar), "shift": back(bar), "scale": back(bar * n)}

    return factor * n + table @ shift, pullback
