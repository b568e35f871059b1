"""What a critic is trained with: the difference of two means."""

from refdgm.declaration.domain import DATA, real, scale
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference

SOME = Bound(1, why="a mean of none is none; leave out the step")


@reference(
    args={
        "real": real("B", kind=DATA, meaning="a, scores of data"),
        "fake": real("M", kind=DATA, meaning="b, scores of samples"),
    },
    wrt=("real", "fake"),
    result=real(meaning="J"),
    source="arjovsky2017wasserstein",
    bounds={"B": SOME, "M": SOME},
    conventions={
        "the distance that it estimates, −J": {"value": scale(-1.0)},
    },
)
def wasserstein_critic_loss(real: Array, fake: Array) -> Result:
    """What a critic lowers, to score data high and samples low:

        J = mean b − mean a                                                   (1)

    Cotangents for J_bar:

        a_bar = −J_bar/B,   b_bar = J_bar/M                                   (2)

    Two means, each over its own batch. For a critic whose slope is at most one, −J is no more than the Wasserstein
    distance of the batches, and equals it for the best one; for any other it means nothing, and has no bound. Nothing
    else is in it: what holds the slope, a clip, a penalty or a spectral norm, is another term. Both signs of critic and
    generator may be turned together, which is the same game; one alone is another.
    Source: Arjovsky, Chintala & Bottou (2017), algorithm 1.
    """
    xp = namespace(real)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        return {
            "real": -loss_bar * xp.ones_like(real) / real.shape[0],           # (2)
            "fake": loss_bar * xp.ones_like(fake) / fake.shape[0],
        }

    return xp.mean(fake) - xp.mean(real), pullback                            # (1)
