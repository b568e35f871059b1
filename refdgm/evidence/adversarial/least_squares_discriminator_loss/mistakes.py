"""Mistakes in the squares of a discriminator. Twice and half of it are conventions and none of them."""

from typing import Any

from refdgm.adversarial.least_squares_discriminator_loss import least_squares_discriminator_loss
from refdgm.evidence.adversarial.two_batches import one_mean, two_means, two_sums
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

BODY = least_squares_discriminator_loss.body


def square(a: Array, label: float, weight: float = 0.5) -> tuple[Array, Array]:
    """weight (a − label)² and its slope."""
    return weight * (a - label) ** 2, 2 * weight * (a - label)


@mistake(least_squares_discriminator_loss)
def one_mean_over_both(real: Array, fake: Array) -> Any:
    """½ (Σ + Σ)/(B + M): the larger batch counts more."""
    return one_mean(real, fake, square(real, 1.0), square(fake, 0.0))


@mistake(least_squares_discriminator_loss)
def sums(real: Array, fake: Array) -> Any:
    """Sums over the batches."""
    return two_sums(real, fake, square(real, 1.0), square(fake, 0.0))


@mistake(least_squares_discriminator_loss)
def labels_swapped(real: Array, fake: Array) -> Any:
    """0 for data and 1 for samples."""
    return two_means(real, fake, square(real, 0.0), square(fake, 1.0))


@mistake(least_squares_discriminator_loss, "value", "gradient.fake")
def half_in_one_term(real: Array, fake: Array) -> Any:
    """½ mean (a − 1)² + mean b²."""
    return two_means(real, fake, square(real, 1.0), square(fake, 0.0, 1.0))


@mistake(least_squares_discriminator_loss)
def magnitudes(real: Array, fake: Array) -> Any:
    """½ mean |a − 1| + ½ mean |b|."""
    xp = namespace(real)
    return two_means(real, fake, (xp.abs(real - 1) / 2, xp.sign(real - 1) / 2), (xp.abs(fake) / 2, xp.sign(fake) / 2))


@mistake(least_squares_discriminator_loss, "value")
def data_alone_reported(real: Array, fake: Array) -> Any:
    """The term of the data is what is logged."""
    return namespace(real).mean(square(real, 1.0)[0]), BODY(real, fake)[1]


@mistake(least_squares_discriminator_loss, "gradient.fake")
def samples_over_the_data(real: Array, fake: Array) -> Any:
    """b_bar over B: right for batches of one size."""
    value, right = BODY(real, fake)
    return value, lambda bar: (g := right(bar)) | {"fake": g["fake"] * (fake.shape[0] / real.shape[0])}


@mistake(least_squares_discriminator_loss, "gradient.real")
def label_without_gradient(real: Array, fake: Array) -> Any:
    """a_bar = J_bar a/B: the label is lost."""
    value, right = BODY(real, fake)
    return value, lambda bar: right(bar) | {"real": bar * real / real.shape[0]}


@mistake(least_squares_discriminator_loss, "gradient.real", "gradient.fake")
def slopes_doubled(real: Array, fake: Array) -> Any:
    """2 (a − 1)/B and 2 b/M: the halves are in the value alone."""
    value, right = BODY(real, fake)
    return value, lambda bar: right(2 * bar)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(least_squares_discriminator_loss,
         seen="hwalsuklee/tensorflow-generative-model-collections #19; simontomaskarlsson/CycleGAN-Keras #22",
         blind=True)
def of_probabilities(real: Array, fake: Array) -> Any:
    """σ at the end of the discriminator, whose flat ends squares are to avoid."""
    xp = namespace(real)
    p, q = 1 / (1 + xp.exp(-real)), 1 / (1 + xp.exp(-fake))
    (a, slope_a), (b, slope_b) = square(p, 1.0), square(q, 0.0)
    return two_means(real, fake, (a, slope_a * p / (1 + xp.exp(real))), (b, slope_b * q / (1 + xp.exp(fake))))


@mistake(least_squares_discriminator_loss, "value", "gradient.fake", blind=True)
def samples_labelled_minus_one(real: Array, fake: Array) -> Any:
    """−1 for samples and 1 for data: another code of the paper's family, whose best score is (p − q)/(p + q)."""
    return two_means(real, fake, square(real, 1.0), square(fake, -1.0))


@mistake(least_squares_discriminator_loss, "value", "gradient.real", blind=True)
def smoothed_label(real: Array, fake: Array) -> Any:
    """0.9 for data, a habit of cross-entropy."""
    return two_means(real, fake, square(real, 0.9), square(fake, 0.0))


@mistake(least_squares_discriminator_loss, "value", "gradient.fake", blind=True)
def trained_as_the_generator(real: Array, fake: Array) -> Any:
    """½ mean (b − 1)² for samples: the generator's term."""
    return two_means(real, fake, square(real, 1.0), square(fake, 1.0))
