"""Mistakes in the loss of a critic. −J is a convention and none of them."""

from typing import Any

from refdgm.adversarial.wasserstein_critic_loss import wasserstein_critic_loss
from refdgm.evidence.adversarial.two_batches import one_mean, two_means, two_sums
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

BODY = wasserstein_critic_loss.body


def term(sign: float, a: Array) -> tuple[Array, Array]:
    return sign * a, sign * namespace(a).ones_like(a)


@mistake(wasserstein_critic_loss)
def one_mean_over_both(real: Array, fake: Array) -> Any:
    """(Σ b − Σ a)/(B + M), as of labels ±1 over both batches in one: a half where the sizes agree."""
    return one_mean(real, fake, term(-1, real), term(1, fake))


@mistake(wasserstein_critic_loss)
def sums(real: Array, fake: Array) -> Any:
    """Sums over the batches."""
    return two_sums(real, fake, term(-1, real), term(1, fake))


@mistake(wasserstein_critic_loss)
def logistic(real: Array, fake: Array) -> Any:
    """mean log(1 + e^{−a}) + mean log(1 + eᵇ): the loss of a discriminator."""
    xp = namespace(real)
    up = lambda a: (xp.maximum(a, 0 * a) + xp.log1p(xp.exp(-xp.abs(a))), 1 / (1 + xp.exp(-a)))
    value, slope = up(-real)
    return two_means(real, fake, (value, -slope), up(fake))


@mistake(wasserstein_critic_loss)
def magnitude(real: Array, fake: Array) -> Any:
    """|mean b − mean a|: the critic may turn round, and is raised where it is right."""
    xp = namespace(real)
    value, right = BODY(real, fake)
    return xp.abs(value), lambda bar: right(bar * xp.sign(value))


@mistake(wasserstein_critic_loss, "value")
def samples_alone_reported(real: Array, fake: Array) -> Any:
    """The mean of the samples' scores is what is logged."""
    return namespace(real).mean(fake), BODY(real, fake)[1]


@mistake(wasserstein_critic_loss, "gradient.fake")
def samples_over_the_data(real: Array, fake: Array) -> Any:
    """b_bar = J_bar/B: right for batches of one size."""
    value, right = BODY(real, fake)
    return value, lambda bar: (g := right(bar)) | {"fake": g["fake"] * (fake.shape[0] / real.shape[0])}


@mistake(wasserstein_critic_loss, "gradient.real")
def data_over_the_samples(real: Array, fake: Array) -> Any:
    """a_bar = −J_bar/M: right for batches of one size."""
    value, right = BODY(real, fake)
    return value, lambda bar: (g := right(bar)) | {"real": g["real"] * (real.shape[0] / fake.shape[0])}


@mistake(wasserstein_critic_loss, "gradient.fake")
def samples_detached(real: Array, fake: Array) -> Any:
    """The scores of samples are held, and not the samples."""
    value, right = BODY(real, fake)
    return value, lambda bar: right(bar) | {"fake": 0 * fake}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(wasserstein_critic_loss, "value", "gradient.real", blind=True)
def both_added(real: Array, fake: Array) -> Any:
    """mean b + mean a: one sign is lost."""
    return two_means(real, fake, term(1, real), term(1, fake))


@mistake(wasserstein_critic_loss, "gradient.real", "gradient.fake", seen="keras-team/keras-contrib #537", blind=True)
def signs_of_the_gradient(real: Array, fake: Array) -> Any:
    """The gradient of −J with the value of J."""
    value, right = BODY(real, fake)
    return value, lambda bar: right(-bar)


@mistake(wasserstein_critic_loss, "value", "gradient.real", blind=True)
def data_beyond_the_samples(real: Array, fake: Array) -> Any:
    """As many data as there are samples, and the rest of the longer batch is dropped, as zip does."""
    xp, many = namespace(real), min(real.shape[0], fake.shape[0])
    kept = xp.concat([xp.ones_like(real[:many]), xp.zeros_like(real[many:])]) / many
    return xp.mean(fake) - xp.sum(real * kept), lambda bar: BODY(real, fake)[1](bar) | {"real": -bar * kept}
