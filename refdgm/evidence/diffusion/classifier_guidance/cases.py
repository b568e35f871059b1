"""Guidance by a classifier, at every level of noise."""

from refdgm.evidence.ask import Ask, both, put, scaled, thirds
from refdgm.evidence.diffusion.levels import NOTES as OF_LEVELS

NOTES = {
    **OF_LEVELS,
    "strong": "γ as it is used in practice",
    "away_from_label": "γ below zero: away from the label",
    "unguided": "γ = 0: the prediction itself; the gradients of the classifier and of ᾱ are exactly zero",
    "bayes": "γ = 1: the score of p(x | y)",
    "little_noise": "1 − ᾱ of the order of 1e-4, and down to 2⁻²⁰",
    "much_noise": "ᾱ of the order of 1e-5",
}
VECTOR = {"B": 5, "...": (3,)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
LITTLE = [0.9999, 0.9995, 1 - 2.0**-14, 1 - 2.0**-17, 1 - 2.0**-20]
MUCH = [1e-3, 3e-4, 1e-4, 3e-5, 1e-5]
LIST = [
    Ask("a drawn γ", sizes=VECTOR),
    Ask("γ = −3/4", ("primes", "away_from_label"), sizes=VECTOR, change=put(gamma=-0.75)),
    Ask("γ = 0", ("primes", "unguided"), sizes=VECTOR, change=put(gamma=0.0)),
    Ask("γ = 1", ("primes", "bayes"), sizes=VECTOR, change=put(gamma=1.0)),
    Ask("matrices", sizes={"B": 5, "...": (3, 2)}, change=put(gamma=3.5)),
    Ask("γ = 3.5", ("primes", "strong"), sizes=VECTOR, change=put(gamma=3.5)),
    Ask("γ = 10", ("primes", "strong"), sizes=VECTOR, change=put(gamma=10.0)),
    Ask("γ = 1024", ("primes", "strong"), sizes=VECTOR, change=put(gamma=1024.0)),
    Ask("little noise", ("primes", "little_noise"), sizes=VECTOR, change=put(alpha_prod=LITTLE, gamma=3.5)),
    Ask("little noise, γ = 1", ("primes", "little_noise", "bayes"), sizes=VECTOR,
        change=put(alpha_prod=LITTLE, gamma=1.0)),
    Ask("much noise", ("primes", "much_noise"), sizes=VECTOR, change=put(alpha_prod=MUCH, gamma=3.5)),
    Ask("much noise, γ = −3/4", ("primes", "much_noise", "away_from_label"), sizes=VECTOR,
        change=put(alpha_prod=MUCH, gamma=-0.75)),
    Ask("images", ("image",), sizes=IMAGE, change=put(gamma=3.5)),
    Ask("images, little noise", ("image", "little_noise"), sizes=IMAGE, change=put(alpha_prod=LITTLE, gamma=10.0)),
    Ask("as many components as examples", ("square",), sizes={"B": 3, "...": (3,)}, change=put(gamma=3.5)),
    Ask("square images, as many as pixels in a row", ("square", "image"), sizes={"B": 3, "...": (3, 3)},
        change=put(gamma=-0.75)),
    Ask("one number an example", ("no_axes",), sizes={"B": 5, "...": ()}, change=put(gamma=3.5)),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (3,)}, change=put(gamma=3.5)),
    Ask("numbers around 30", ("primes", "offset"), "offset", VECTOR, change=put(gamma=3.5)),
    Ask("predictions of the order of 1e-5", ("primes", "tiny"), "tiny", VECTOR),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR, change=put(gamma=-0.75)),
    Ask("a sure classifier: gradients of the order of 2⁻³⁰", ("primes",), sizes=VECTOR,
        change=both(scaled(2.0**-30, "log_prob_grad"), put(gamma=10.0))),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
]

CASES = {"classifier_guidance": LIST}
