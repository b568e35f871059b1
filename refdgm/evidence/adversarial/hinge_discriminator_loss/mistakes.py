"""Mistakes in the hinge loss of a discriminator. Half of it and −J are conventions and none of them."""

from typing import Any

from refdgm.adversarial.hinge_discriminator_loss import hinge_discriminator_loss
from refdgm.evidence.adversarial.two_batches import one_mean, two_means, two_sums
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

BODY = hinge_discriminator_loss.body


def hinge(sign: float, a: Array, margin: float = 1.0) -> tuple[Array, Array]:
    """max(0, margin + sign a) and its slope."""
    xp = namespace(a)
    over = xp.astype(margin + sign * a > 0, a.dtype)
    return over * (margin + sign * a), sign * over


@mistake(hinge_discriminator_loss)
def one_mean_over_both(real: Array, fake: Array) -> Any:
    """(Σ + Σ)/(B + M): the larger batch counts more."""
    return one_mean(real, fake, hinge(-1, real), hinge(1, fake))


@mistake(hinge_discriminator_loss)
def sums(real: Array, fake: Array) -> Any:
    """Sums over the batches."""
    return two_sums(real, fake, hinge(-1, real), hinge(1, fake))


@mistake(hinge_discriminator_loss)
def no_margin(real: Array, fake: Array) -> Any:
    """max(0, −a) and max(0, b): a perceptron, which rests as soon as the signs are right."""
    return two_means(real, fake, hinge(-1, real, 0.0), hinge(1, fake, 0.0))


@mistake(hinge_discriminator_loss)
def squared(real: Array, fake: Array) -> Any:
    """The squares of both hinges."""
    (a, slope_a), (b, slope_b) = hinge(-1, real), hinge(1, fake)
    return two_means(real, fake, (a * a, 2 * a * slope_a), (b * b, 2 * b * slope_b))


@mistake(hinge_discriminator_loss, "value")
def data_alone_reported(real: Array, fake: Array) -> Any:
    """The term of the data is what is logged."""
    return namespace(real).mean(hinge(-1, real)[0]), BODY(real, fake)[1]


@mistake(hinge_discriminator_loss, "gradient.fake")
def samples_over_the_data(real: Array, fake: Array) -> Any:
    """b_bar over B: right for batches of one size."""
    value, right = BODY(real, fake)
    return value, lambda bar: (g := right(bar)) | {"fake": g["fake"] * (fake.shape[0] / real.shape[0])}


@mistake(hinge_discriminator_loss, "gradient.real", "gradient.fake")
def slopes_without_the_hinge(real: Array, fake: Array) -> Any:
    """∓1 everywhere: scores beyond their margins are pushed on."""
    xp = namespace(real)
    value, _ = BODY(real, fake)
    return value, lambda bar: {"real": -bar * xp.ones_like(real) / real.shape[0],
                               "fake": bar * xp.ones_like(fake) / fake.shape[0]}


@mistake(hinge_discriminator_loss, "gradient.real")
def data_pushed_down(real: Array, fake: Array) -> Any:
    """The sign of a_bar."""
    value, right = BODY(real, fake)
    return value, lambda bar: (g := right(bar)) | {"real": -g["real"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(hinge_discriminator_loss, seen="descriptinc/melgan-neurips #31", blind=True)
def minima_for_maxima(real: Array, fake: Array) -> Any:
    """min(0, 1 − a) + min(0, 1 + b): what is right already is pushed on, without an end."""
    (a, slope_a), (b, slope_b) = hinge(1, real, -1.0), hinge(-1, fake, -1.0)
    return two_means(real, fake, (-a, -slope_a), (-b, -slope_b))


@mistake(hinge_discriminator_loss, seen="grey-eye/talking-heads #42", blind=True)
def of_probabilities(real: Array, fake: Array) -> Any:
    """σ at the end of the discriminator: no score reaches a margin."""
    xp = namespace(real)
    p, q = 1 / (1 + xp.exp(-real)), 1 / (1 + xp.exp(-fake))
    (a, slope_a), (b, slope_b) = hinge(-1, p), hinge(1, q)
    return two_means(real, fake, (a, slope_a * p * (1 - p)), (b, slope_b * q * (1 - q)))


@mistake(hinge_discriminator_loss, seen="lucidrains/stylegan2-pytorch #69", blind=True)
def signs_exchanged(real: Array, fake: Array) -> Any:
    """max(0, 1 + a) + max(0, 1 − b): data low and samples high."""
    return two_means(real, fake, hinge(1, real), hinge(-1, fake))


@mistake(hinge_discriminator_loss, "value", "gradient.fake", blind=True)
def samples_without_a_hinge(real: Array, fake: Array) -> Any:
    """max(0, 1 − a) + (1 + b): the second hinge is lost, and samples sink without an end."""
    return two_means(real, fake, hinge(-1, real), (1 + fake, namespace(fake).ones_like(fake)))
