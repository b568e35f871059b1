"""Mistakes in groups of channels: other means, other deviations, and gradients. ϵ outside the root is a convention."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.layers.group_norm import group_norm
from refdgm.namespace import Array, namespace

BODY = group_norm.body
Back = Callable[[Array], Any]


def over(*axes: int) -> Back:
    """The mean over these axes, at every place."""
    return lambda x: namespace(x).mean(x, axis=axes, keepdims=True) + 0 * x


MEAN = over(2, 3)


def of_strangers(x: Array) -> Array:
    """The mean of channels that are G apart."""
    xp = namespace(x)
    b, groups, many, pixels = x.shape
    return xp.reshape(over(1, 3)(xp.reshape(x, (b, many, groups, pixels))), x.shape)


def of_neighbours_in_memory(x: Array) -> Array:
    """The mean of as many numbers as a group has, one after the other, with the channels last."""
    xp = namespace(x)
    b, groups, many, pixels = x.shape
    last = xp.reshape(xp.permute_dims(x, (0, 3, 1, 2)), (b, groups, many * pixels))
    means = xp.mean(last, axis=2, keepdims=True) + 0 * last
    return xp.permute_dims(xp.reshape(means, (b, pixels, groups, many)), (0, 2, 3, 1))


def over_all(x: Array) -> Array:
    return namespace(x).sum(x, axis=(0, 3))


def normalised(x: Array, weight: Array, bias: Array, eps: Array, mean: Back = MEAN, power: float = -0.5,
               factor: float = 1.0) -> Any:
    """w c (factor mean(c²) + ϵ)^power + b, rightly differentiated, for a mean that is its own transpose."""
    w = weight[:, :, None]
    c = x - mean(x)
    square = factor * mean(c * c) + eps
    scale = square**power

    def pullback(bar: Array) -> dict[str, Array]:
        h = bar * w
        c_bar = h * scale + 2 * factor * c * mean(power * h * c * scale / square)
        return {"x": c_bar - mean(c_bar), "weight": over_all(bar * c * scale), "bias": over_all(bar)}

    return w * c * scale + bias[:, :, None], pullback


def parts(x: Array, eps: Array) -> tuple[Array, Array]:
    """n and r."""
    c = x - MEAN(x)
    r = namespace(x).sqrt(MEAN(c * c) + eps)
    return c / r, r


def replaced(found: Any, **bars: Back) -> Any:
    """The gradients of these arguments are others."""
    value, right = found
    return value, lambda bar: right(bar) | {name: of(bar) for name, of in bars.items()}


VALUE = ("value", "gradient.x", "gradient.weight")


@mistake(group_norm, *VALUE)
def every_channel_by_itself(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """Moments over the pixels of one channel: instance normalisation; right for D = 1."""
    return normalised(x, weight, bias, eps, over(3))


@mistake(group_norm, *VALUE)
def all_groups_as_one(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """Moments over all channels: the groups are forgotten; right for G = 1."""
    return normalised(x, weight, bias, eps, over(1, 2, 3))


@mistake(group_norm, *VALUE)
def channels_dealt_out(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """Channel c is in group c mod G, not in c/D: groups of channels that are G apart."""
    return normalised(x, weight, bias, eps, of_strangers)


@mistake(group_norm, *VALUE)
def moments_of_the_batch(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """Moments over the examples too: batch normalisation of groups; right for B = 1."""
    return normalised(x, weight, bias, eps, over(0, 2, 3))


@mistake(group_norm, *VALUE)
def moments_of_a_pixel(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """Moments over the channels of a group at one pixel; right for N = 1."""
    return normalised(x, weight, bias, eps, over(2))


@mistake(group_norm, *VALUE)
def variance_for_the_deviation(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """c over mean(c²) + ϵ: the root is forgotten."""
    return normalised(x, weight, bias, eps, power=-1.0)


@mistake(group_norm, *VALUE, seen="pytorch/pytorch #22617")
def variance_of_a_sample(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """Σ c²/(D N − 1): what a library's `var` gives unless it is told."""
    many = x.shape[2] * x.shape[3]
    return normalised(x, weight, bias, eps, factor=many / max(many - 1, 1))


@mistake(group_norm, "value")
def bias_not_added(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """y = w ∘ n, and b learns all the same."""
    return BODY(x, weight, 0 * bias, eps)[0], BODY(x, weight, bias, eps)[1]


# The value is right, a gradient is not


@mistake(group_norm, "gradient.x")
def mean_held(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """x_bar without −mean(h): the mean is taken for a constant."""
    n, r = parts(x, eps)
    return replaced(BODY(x, weight, bias, eps),
                    x=lambda bar: (bar * weight[:, :, None] - n * MEAN(bar * weight[:, :, None] * n)) / r)


@mistake(group_norm, "gradient.x")
def deviation_held(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """x_bar = (h − mean(h))/r: the deviation is taken for a constant."""
    _, r = parts(x, eps)
    return replaced(BODY(x, weight, bias, eps),
                    x=lambda bar: (bar * weight[:, :, None] - MEAN(bar * weight[:, :, None])) / r)


@mistake(group_norm, "gradient.x")
def means_of_a_channel(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """mean(h) and mean(h ∘ n) are over the pixels of one channel; right for D = 1."""
    n, r = parts(x, eps)

    def x_bar(bar: Array) -> Array:
        h, mean = bar * weight[:, :, None], over(3)
        return (h - mean(h) - n * mean(h * n)) / r

    return replaced(BODY(x, weight, bias, eps), x=x_bar)


@mistake(group_norm, "gradient.x")
def weight_behind_the_means(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """The projection of y_bar, weighed afterwards: right where the weights of a group are equal."""
    n, r = parts(x, eps)
    return replaced(BODY(x, weight, bias, eps),
                    x=lambda bar: weight[:, :, None] * (bar - MEAN(bar) - n * MEAN(bar * n)) / r)


@mistake(group_norm, "gradient.x")
def weight_left_out_of_the_gradient(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """x_bar of y_bar in place of w ∘ y_bar."""
    n, r = parts(x, eps)
    return replaced(BODY(x, weight, bias, eps), x=lambda bar: (bar - MEAN(bar) - n * MEAN(bar * n)) / r)


@mistake(group_norm, "gradient.weight")
def weight_meets_what_is_not_divided(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """w_bar = Σ y_bar ∘ c: of c, not of n."""
    return replaced(BODY(x, weight, bias, eps), weight=lambda bar: over_all(bar * (x - MEAN(x))))


@mistake(group_norm, "gradient.weight")
def weight_meets_the_inputs(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """w_bar = Σ y_bar ∘ x: of what came in."""
    return replaced(BODY(x, weight, bias, eps), weight=lambda bar: over_all(bar * x))


@mistake(group_norm, "gradient.weight", "gradient.bias")
def one_sum_for_a_group(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """w_bar and b_bar are summed over the channels of a group too; right for D = 1."""
    n, _ = parts(x, eps)
    group = lambda x: namespace(x).sum(x, axis=1, keepdims=True) + 0 * weight
    return replaced(BODY(x, weight, bias, eps), weight=lambda bar: group(over_all(bar * n)),
                    bias=lambda bar: group(over_all(bar)))


@mistake(group_norm, "gradient.weight", "gradient.bias")
def of_the_last_example(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """w_bar and b_bar of the last example: the others were overwritten, not added to; right for B = 1."""
    n, _ = parts(x, eps)
    return replaced(BODY(x, weight, bias, eps), weight=lambda bar: over_all((bar * n)[-1:, ...]),
                    bias=lambda bar: over_all(bar[-1:, ...]))


@mistake(group_norm, "gradient.bias")
def bias_weighed(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """b_bar = Σ h."""
    return replaced(BODY(x, weight, bias, eps), bias=lambda bar: over_all(bar * weight[:, :, None]))


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(group_norm, *VALUE, seen="tensorflow/addons #751", blind=True)
def reshaped_with_the_channels_last(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """Channels last are reshaped into groups without being transposed: a group is some pixels with all channels."""
    return normalised(x, weight, bias, eps, of_neighbours_in_memory)


@mistake(group_norm, "gradient.weight", seen="tenstorrent/tt-metal #56202", blind=True)
def weight_meets_the_moments_of_another_group(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """w_bar with the mean and the deviation of group c mod G in place of c/D."""
    xp = namespace(x)
    b, groups, many, pixels = x.shape
    _, r = parts(x, eps)

    def dealt(of: Array) -> Array:
        """What every group has, at the channels whose number leaves its own when divided by G."""
        each = xp.reshape(of[:, :, 0, :1], (b, 1, groups, 1))
        return xp.reshape(each + 0 * xp.reshape(x, (b, many, groups, pixels)), x.shape)

    return replaced(BODY(x, weight, bias, eps),
                    weight=lambda bar: over_all(bar * (x - dealt(MEAN(x))) / dealt(r)))


@mistake(group_norm, "gradient.weight", "gradient.bias", seen="paiml/aprender #2200", blind=True)
def nothing_to_learn(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """w_bar and b_bar are zero, or none: the result has lost its way back to them."""
    return replaced(BODY(x, weight, bias, eps), weight=lambda bar: 0 * weight, bias=lambda bar: 0 * bias)
