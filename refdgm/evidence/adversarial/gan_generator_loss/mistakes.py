"""Mistakes in what a generator is trained with."""

from typing import Any

from refdgm.adversarial.gan_generator_loss import gan_generator_loss
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

BODY = gan_generator_loss.body


def sigmoid(a: Array) -> Array:
    return 1 / (1 + namespace(a).exp(-a))


@mistake(gan_generator_loss)
def trained_as_the_discriminator(fake: Array, *, objective: str) -> Any:
    """The label of samples, not that of data: log D, −log(1 − D) and −(1 − D)."""
    value, right = BODY(-fake, objective=objective)
    return value, lambda bar: {"fake": -right(bar)["fake"]}


@mistake(gan_generator_loss)
def sigmoid_twice(fake: Array, *, objective: str) -> Any:
    """D is taken for a logit: a last layer of σ before a loss that has one of its own."""
    p = sigmoid(fake)
    value, right = BODY(p, objective=objective)
    return value, lambda bar: {"fake": right(bar)["fake"] * p * sigmoid(-fake)}


@mistake(gan_generator_loss)
def binary_logarithm(fake: Array, *, objective: str) -> Any:
    """In bits, where there is a logarithm."""
    bits = 1.0 if objective == "probability" else 1.4426950408889634
    value, right = BODY(fake, objective=objective)
    return bits * value, lambda bar: right(bits * bar)


@mistake(gan_generator_loss, "value")
def another_loss_reported(fake: Array, *, objective: str) -> Any:
    """−log D is what is logged, whatever is trained with."""
    shown = "probability" if objective == "non_saturating" else "non_saturating"
    return BODY(fake, objective=shown)[0], BODY(fake, objective=objective)[1]


@mistake(gan_generator_loss, "gradient.fake")
def gradient_of_minimax(fake: Array, *, objective: str) -> Any:
    """a_bar = −J_bar σ(a) with every value: that of the game, which vanishes where samples are seen through."""
    return BODY(fake, objective=objective)[0], BODY(fake, objective="minimax")[1]


@mistake(gan_generator_loss, "gradient.fake")
def gradient_for_the_probability(fake: Array, *, objective: str) -> Any:
    """dJ/dD: the slope σ(a) σ(−a) of the logistic function is forgotten."""
    value, right = BODY(fake, objective=objective)
    return value, lambda bar: {"fake": right(bar)["fake"] / (sigmoid(fake) * sigmoid(-fake))}


@mistake(gan_generator_loss, "gradient.fake")
def slopes_exchanged(fake: Array, *, objective: str) -> Any:
    """σ(−a) for σ(a), and the other way about; with −D, σ²."""
    def pullback(bar: Array) -> dict[str, Array]:
        slopes = {"minimax": sigmoid(-fake), "non_saturating": sigmoid(fake), "probability": sigmoid(fake) ** 2}
        return {"fake": -bar * slopes[objective]}

    return BODY(fake, objective=objective)[0], pullback


@mistake(gan_generator_loss, "gradient.fake")
def gradient_of_the_mean(fake: Array, *, objective: str) -> Any:
    """The gradient is that of the mean over the batch, whatever comes from above; right for one sample."""
    value, right = BODY(fake, objective=objective)
    return value, lambda bar: right(bar / max(bar.shape[0], 1))


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(gan_generator_loss, seen="carpedm20/DCGAN-tensorflow #33; ronny3050/AdvFaces #5", blind=True)
def non_saturating_for_minimax(fake: Array, *, objective: str) -> Any:
    """−log D, which everybody uses, where the game's own log(1 − D) is asked for."""
    return BODY(fake, objective="non_saturating" if objective == "minimax" else objective)


@mistake(gan_generator_loss, seen="llSourcell/Generative_Adversarial_networks_LIVE #5", blind=True)
def minimax_for_non_saturating(fake: Array, *, objective: str) -> Any:
    """log(1 − D) where −log D is asked for."""
    return BODY(fake, objective="minimax" if objective == "non_saturating" else objective)


@mistake(gan_generator_loss, seen="blmoistawinde/ml_equations_latex #4", blind=True)
def one_less_the_logarithm(fake: Array, *, objective: str) -> Any:
    """1 − log D for log(1 − D)."""
    if objective != "minimax":
        return BODY(fake, objective=objective)
    value, right = BODY(fake, objective="non_saturating")
    return 1 + value, right


@mistake(gan_generator_loss, seen="Zeleni9/pytorch-wgan #53", blind=True)
def ascended(fake: Array, *, objective: str) -> Any:
    """−J: the generator learns to be seen through."""
    value, right = BODY(fake, objective=objective)
    return -value, lambda bar: right(-bar)


@mistake(gan_generator_loss, seen="archsyscall/GANs-TensorFlow2 #3", blind=True)
def kept_from_zero(fake: Array, *, objective: str) -> Any:
    """log(D + 10⁻¹⁰) and log(1 − D + 10⁻¹⁰): what is seen through is no worse than 23, and has no slope."""
    xp = namespace(fake)
    if objective == "probability":
        return BODY(fake, objective=objective)
    sign = 1 if objective == "minimax" else -1
    left = sigmoid(-sign * fake)
    return sign * xp.log(left + 1e-10), lambda bar: {"fake": -bar * left * sigmoid(sign * fake) / (left + 1e-10)}


@mistake(gan_generator_loss, "gradient.fake", blind=True)
def held_in_the_weight(fake: Array, *, objective: str) -> Any:
    """With −D the slope −σ(a): D is differentiated as if it were its logarithm."""
    value, right = BODY(fake, objective=objective)
    return value, BODY(fake, objective="minimax")[1] if objective == "probability" else right
