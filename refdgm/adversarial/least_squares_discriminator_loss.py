"""What a discriminator is trained with, by squares."""

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
    source="mao2017lsgan",
    bounds={"B": SOME, "M": SOME},
    conventions={
        "without the halves": {"value": scale(2.0)},
        "half of it, a mean over both classes": {"value": scale(0.5)},
    },
)
def least_squares_discriminator_loss(real: Array, fake: Array) -> Result:
    """A regression of labels, 1 for data and 0 for samples:

        J = ½ mean (a − 1)² + ½ mean b²                                       (1)

    Cotangents for J_bar:

        a_bar = J_bar (a − 1)/B,   b_bar = J_bar b/M                          (2)

    Two means, each over its own batch. For laws p of data and q of samples the best score is p/(p + q), and J there
    ½ Σ pq/(p + q). Scores are numbers as they come: a logistic function before them would bring back the flat ends that
    squares are to avoid. The generator's ½ mean (b − 1)² is the term of data, asked for samples.
    Source: Mao et al. (2017), with labels 1 and 0.
    """
    xp = namespace(real)
    off = real - 1

    def pullback(loss_bar: Array) -> dict[str, Array]:
        return {"real": loss_bar * off / real.shape[0], "fake": loss_bar * fake / fake.shape[0]}    # (2)

    return (xp.mean(off * off) + xp.mean(fake * fake)) / 2, pullback          # (1)
