"""What a generator is trained with, at the discriminator's logits of its samples."""

from refdgm.declaration.domain import DATA, real, word
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.activation import shares
from refdgm.reference import reference


@reference(
    args={
        "fake": real("B", kind=DATA, meaning="a, logits of the samples: D = σ(a) is how far they pass for data"),
        "objective": word("minimax", "non_saturating", "probability", meaning="log(1 − D), −log D or −D",
                          refused={"saturating": "it is minimax, which saturates where samples are rejected",
                                   "hinge": "its generator's loss is −f, a sign",
                                   "wasserstein": "its generator's loss is −f, a sign"}),
    },
    wrt=("fake",),
    result=real("B", meaning="J, of each sample"),
    source="goodfellow2014gan",
)
def gan_generator_loss(fake: Array, *, objective: str) -> Result:
    """What a generator lowers; with D = σ(a),

        minimax          J = log(1 − D) = −log(1 + eᵃ)                        (1)
        non_saturating   J = −log D = log(1 + e^{−a})                         (2)
        probability      J = −D                                               (3)

    Cotangent for J_bar:

        a_bar = −J_bar σ(a),   −J_bar σ(−a)   or   −J_bar σ(a) σ(−a)          (4)

    All three fall as D rises, and differ in where. A sample that is seen through, D ≈ 0, moves minimax and probability
    by D alone, and non_saturating by 1 − D. Minimax is minus the discriminator's own loss, a game of sum zero;
    non_saturating has the same points of rest, and is what code has. Of a trained discriminator minimax descends
    2 JSD(p, q), non_saturating KL(q ‖ p) − 2 JSD(p, q). A generator's own gradient is that of its pullback, from the
    discriminator's, from a_bar; the discriminator's parameters are held.
    Source: Goodfellow et al. (2014), section 3.
    """
    xp = namespace(fake)
    n, d = shares(fake)
    passed, rejected = n / (n + d), d / (n + d)  # D and 1 − D
    if objective == "minimax":
        loss, slope = -(xp.maximum(fake, 0) + xp.log1p(n * d)), -passed       # (1, 4)
    elif objective == "non_saturating":
        loss, slope = xp.maximum(-fake, 0) + xp.log1p(n * d), -rejected       # (2, 4)
    else:
        loss, slope = -passed, -(passed * rejected)                           # (3, 4)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        return {"fake": loss_bar * slope}                                     # (4)

    return loss, pullback
