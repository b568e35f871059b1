"""What the losses of discriminators have in common: two batches, of different sizes, and a mean of each."""

from collections.abc import Callable, Sequence
from typing import Any

from refdgm.evidence.ask import Ask, both, scaled, thirds
from refdgm.namespace import Array, namespace

NOTES = {
    "more_samples": "more samples than data: a mean over both together weighs them by their numbers",
    "more_data": "more data than samples",
    "one_of_each": "one datum and one sample: no mean can be wrong",
    "one_sample": "a single sample, or a single example of data",
    "told_apart": "data high and samples low, as of a discriminator that is ahead",
    "deceived": "data low and samples high, as of one that is behind",
    "one_half": "logits of zero: D is one half, as where training ends",
    "full": "numbers that use all bits of a float64: products and sums round",
}
MANY = {"B": 7, "M": 13}
FEW = {"B": 11, "M": 2}


def batches(near: Sequence[Ask], far: float, apart: Callable[..., Any], low: float = 1.0) -> list[Ask]:
    """The cases of such a loss: `near` are its own, `apart` moves data and samples, `far` scales the last."""
    return [
        Ask("plain numbers, more samples than data", ("primes", "more_samples"), sizes={"B": 3, "M": 5}),
        Ask("plain numbers, more data than samples", ("primes", "more_data"), sizes={"B": 5, "M": 3}),
        Ask("seven data, thirteen samples", ("primes", "more_samples"), sizes=MANY),
        Ask("eleven data, two samples", ("primes", "more_data"), sizes=FEW),
        Ask("two data, eleven samples", ("primes", "more_samples"), sizes={"B": 2, "M": 11}),
        Ask("as many data as samples", ("square",), sizes={"B": 5, "M": 5}),
        Ask("as many data as samples, three", ("square",), sizes={"B": 3, "M": 3}),
        Ask("one datum and one sample", ("single_example", "one_of_each"), sizes={"B": 1, "M": 1}),
        Ask("one datum, three samples", ("single_example", "more_samples"), sizes={"B": 1, "M": 3}),
        Ask("five data, one sample", ("one_sample",), sizes={"B": 5, "M": 1}),
        Ask("told apart", ("primes", "told_apart"), sizes=MANY, change=apart(4.0)),
        Ask("told apart, more data", ("primes", "told_apart"), sizes=FEW, change=apart(9.0)),
        Ask("deceived", ("primes", "deceived"), sizes=MANY, change=apart(-4.0)),
        Ask("deceived, more data", ("primes", "deceived"), sizes=FEW, change=apart(-9.0)),
        Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny", MANY),
        Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", MANY),
        Ask("magnitudes from 1e-3 to 20, more data", ("primes", "mixed"), "mixed", FEW),
        Ask("numbers of the order of 15", ("primes", "extreme"), "extreme", FEW),
        Ask("numbers around 30", ("primes", "offset"), "offset", MANY),
        Ask("large numbers", ("primes", "extreme"), "extreme", MANY,
            change=both(scaled(far, "real"), scaled(-far, "fake"))),
        Ask("numbers of 53 bits", ("primes", "full"), sizes=MANY, change=thirds),
        *near,
    ]


def two_means(real: Array, fake: Array, of_real: tuple[Array, Array], of_fake: tuple[Array, Array]) -> Any:
    """The mean of one and of the other, each given with its slope."""
    xp = namespace(real)
    return xp.mean(of_real[0]) + xp.mean(of_fake[0]), lambda bar: {
        "real": bar * of_real[1] / real.shape[0], "fake": bar * of_fake[1] / fake.shape[0]}


def one_mean(real: Array, fake: Array, of_real: tuple[Array, Array], of_fake: tuple[Array, Array]) -> Any:
    """The mean over both batches as one."""
    xp, many = namespace(real), real.shape[0] + fake.shape[0]
    return (xp.sum(of_real[0]) + xp.sum(of_fake[0])) / many, lambda bar: {
        "real": bar * of_real[1] / many, "fake": bar * of_fake[1] / many}


def two_sums(real: Array, fake: Array, of_real: tuple[Array, Array], of_fake: tuple[Array, Array]) -> Any:
    """Sums for means."""
    xp = namespace(real)
    return xp.sum(of_real[0]) + xp.sum(of_fake[0]), lambda bar: {"real": bar * of_real[1], "fake": bar * of_fake[1]}
