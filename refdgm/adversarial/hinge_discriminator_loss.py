"""What a discriminator is trained with, by margins."""

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
    source="lim2017geometric",
    bounds={"B": SOME, "M": SOME},
    conventions={
        "half of it, a mean over both classes": {"value": scale(0.5)},
        "V, which is raised, of minima": {"value": scale(-1.0)},
    },
)
def hinge_discriminator_loss(real: Array, fake: Array) -> Result:
    """Scores above 1 for data and below −1 for samples, and no further:

        J = mean max(0, 1 − a) + mean max(0, 1 + b)                           (1)

    Cotangents for J_bar, with [·] one where true, else zero:

        a_bar = −J_bar [a < 1]/B,   b_bar = J_bar [b > −1]/M                  (2)

    At a margin itself the slope is zero, as where ReLU has it. Two means, each over its own batch. For laws p of data
    and q of samples the best score is the sign of p − q, and J there 2 (1 − TV(p, q)). The generator's loss beside it
    is the mean of −b, without a hinge, which would leave samples alone where they pass. Scores are no probabilities:
    of these none reaches the margin of samples.
    Source: Lim & Ye (2017); Miyato et al. (2018), negated.
    """
    xp = namespace(real)
    short, over = real < 1, fake > -1
    of_data, of_samples = xp.maximum(1 - real, 0), xp.maximum(1 + fake, 0)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        return {
            "real": -(loss_bar * xp.astype(short, real.dtype)) / real.shape[0],    # (2)
            "fake": loss_bar * xp.astype(over, fake.dtype) / fake.shape[0],
        }

    return xp.mean(of_data) + xp.mean(of_samples), pullback                   # (1)
