"""What a discriminator is trained with: two classes, and the probability of each."""

from refdgm.declaration.domain import DATA, real, scale
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.activation import shares
from refdgm.reference import reference

SOME = Bound(1, why="a mean of none is none; leave out the step")


@reference(
    args={
        "real": real("B", kind=DATA, meaning="a, logits of data"),
        "fake": real("M", kind=DATA, meaning="b, logits of samples"),
    },
    wrt=("real", "fake"),
    result=real(meaning="J"),
    source="goodfellow2014gan",
    bounds={"B": SOME, "M": SOME},
    conventions={
        "half of it, a mean over both classes": {"value": scale(0.5)},
        "V, which is raised": {"value": scale(-1.0)},
    },
)
def gan_discriminator_loss(real: Array, fake: Array) -> Result:
    """What a discriminator lowers, D = σ(logit) being the probability that something is one of the data:

        J = −mean log D(data) − mean log (1 − D(samples))
          = mean log(1 + e^{−a}) + mean log(1 + eᵇ)                           (1)

    Cotangents for J_bar:

        a_bar = −J_bar σ(−a)/B,   b_bar = J_bar σ(b)/M                        (2)

    Two means, each over its own batch, whose sizes need not agree: the classes count alike. −J is the paper's V, and
    J its cross-entropy with labels 1 and 0, doubled. For laws p of data and q of samples the best logit is log(p/q),
    and J there log 4 − 2 JSD(p, q): at most log 4, where nothing can be told apart. A sample that is seen through,
    b ≪ 0, hardly moves J; what that does to a generator is told by gan_generator_loss.
    Source: Goodfellow et al. (2014), eq. 1, negated.
    """
    xp = namespace(real)
    (n, d), (m, e) = shares(real), shares(fake)
    of_data = xp.maximum(-real, 0) + xp.log1p(n * d)
    of_samples = xp.maximum(fake, 0) + xp.log1p(m * e)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        return {
            "real": -loss_bar * (d / (n + d)) / real.shape[0],                # (2)
            "fake": loss_bar * (m / (m + e)) / fake.shape[0],
        }

    return xp.mean(of_data) + xp.mean(of_samples), pullback                   # (1)
