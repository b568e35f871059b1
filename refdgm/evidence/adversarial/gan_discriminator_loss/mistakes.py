"""Mistakes in the loss of a discriminator. Half of it and −J are conventions and none of them."""

from typing import Any

from refdgm.adversarial.gan_discriminator_loss import gan_discriminator_loss
from refdgm.evidence.adversarial.two_batches import one_mean, two_means, two_sums
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

BODY = gan_discriminator_loss.body


def sigmoid(a: Array) -> Array:
    return 1 / (1 + namespace(a).exp(-a))


def up(a: Array) -> tuple[Array, Array]:
    """log(1 + eᵃ) and its slope."""
    xp = namespace(a)
    return xp.maximum(a, 0 * a) + xp.log1p(xp.exp(-xp.abs(a))), sigmoid(a)


def down(a: Array) -> tuple[Array, Array]:
    """log(1 + e^{−a}) and its slope."""
    value, slope = up(-a)
    return value, -slope


@mistake(gan_discriminator_loss)
def one_mean_over_both(real: Array, fake: Array) -> Any:
    """(Σ + Σ)/(B + M): the larger batch counts more; half of the loss where the sizes agree."""
    return one_mean(real, fake, down(real), up(fake))


@mistake(gan_discriminator_loss)
def sums(real: Array, fake: Array) -> Any:
    """Sums over the batches."""
    return two_sums(real, fake, down(real), up(fake))


@mistake(gan_discriminator_loss)
def sigmoid_twice(real: Array, fake: Array) -> Any:
    """Probabilities where logits are asked for: σ before a loss that has its own."""
    p, q = sigmoid(real), sigmoid(fake)
    (a, slope_a), (b, slope_b) = down(p), up(q)
    return two_means(real, fake, (a, slope_a * p * sigmoid(-real)), (b, slope_b * q * sigmoid(-fake)))


@mistake(gan_discriminator_loss, "value")
def data_alone_reported(real: Array, fake: Array) -> Any:
    """The term of the data is what is logged."""
    return namespace(real).mean(down(real)[0]), BODY(real, fake)[1]


@mistake(gan_discriminator_loss, "gradient.fake")
def samples_detached(real: Array, fake: Array) -> Any:
    """The logits of samples are held, and not the samples: the discriminator learns from data alone."""
    value, right = BODY(real, fake)
    return value, lambda bar: right(bar) | {"fake": 0 * fake}


@mistake(gan_discriminator_loss, "gradient.fake")
def samples_over_the_data(real: Array, fake: Array) -> Any:
    """b_bar over B: right for batches of one size."""
    value, right = BODY(real, fake)
    return value, lambda bar: (g := right(bar)) | {"fake": g["fake"] * (fake.shape[0] / real.shape[0])}


@mistake(gan_discriminator_loss, "gradient.real")
def slope_of_the_other_class(real: Array, fake: Array) -> Any:
    """a_bar = −J_bar σ(a)/B."""
    value, right = BODY(real, fake)
    return value, lambda bar: right(bar) | {"real": -bar * sigmoid(real) / real.shape[0]}


@mistake(gan_discriminator_loss, "gradient.real", "gradient.fake")
def gradient_for_the_probability(real: Array, fake: Array) -> Any:
    """−1/D and 1/(1 − D): the slope of the logistic function is forgotten."""
    value, _ = BODY(real, fake)
    return value, lambda bar: {"real": -bar / sigmoid(real) / real.shape[0],
                               "fake": bar / sigmoid(-fake) / fake.shape[0]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(gan_discriminator_loss, seen="https-deeplearning-ai/GANs-Public #1; keras-team/keras-io #361", blind=True)
def labels_swapped(real: Array, fake: Array) -> Any:
    """0 for data and 1 for samples."""
    return two_means(real, fake, up(real), down(fake))


@mistake(gan_discriminator_loss, "value", "gradient.fake", seen="PrashanthaTP/wav2mov #6", blind=True)
def all_are_data(real: Array, fake: Array) -> Any:
    """1 for samples too: the generator's loss is taken for theirs."""
    return two_means(real, fake, down(real), down(fake))


@mistake(gan_discriminator_loss, seen="archsyscall/GANs-TensorFlow2 #3", blind=True)
def kept_from_zero(real: Array, fake: Array) -> Any:
    """log(D + 10⁻¹⁰) and log(1 − D + 10⁻¹⁰)."""
    xp = namespace(real)
    def held(a: Array) -> tuple[Array, Array]:
        left = sigmoid(-a)
        return -xp.log(left + 1e-10), left * sigmoid(a) / (left + 1e-10)

    value, slope = held(-real)
    return two_means(real, fake, (value, -slope), held(fake))


@mistake(gan_discriminator_loss, seen="soumith/ganhacks #10", blind=True)
def both_sides_smoothed(real: Array, fake: Array) -> Any:
    """Labels 0.9 and 0.1: the best logit is no longer log(p/q)."""
    (a, slope_a), (b, slope_b) = down(real), up(fake)
    return two_means(real, fake, (a + 0.1 * real, slope_a + 0.1), (b - 0.1 * fake, slope_b - 0.1))


@mistake(gan_discriminator_loss, "value", "gradient.fake", blind=True)
def samples_at_half_weight(real: Array, fake: Array) -> Any:
    """½ before one term: the classes no longer count alike."""
    value, slope = up(fake)
    return two_means(real, fake, down(real), (value / 2, slope / 2))
