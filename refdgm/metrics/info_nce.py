"""Which of many keys belongs to a query."""

from refdgm.declaration.domain import DATA, Exchange, positive, real
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, Result, namespace
from refdgm.primitives.softmax import log_softmax
from refdgm.reference import reference

EXCHANGES = {
    "a scale 1/τ in place of τ": Exchange(
        "tau", "logit_scale", "1/τ",
        there=lambda x: 1 / x["tau"],
        back=lambda x: 1 / x["logit_scale"],
        pulled=lambda x, bar: {"tau": -bar["tau"] * x["tau"] * x["tau"]},
    ),
    "a logarithm t in place of τ, the scale is eᵗ": Exchange(
        "tau", "log_scale", "−log τ",
        there=lambda x: -namespace(x["tau"]).log(x["tau"]),
        back=lambda x: namespace(x["log_scale"]).exp(-x["log_scale"]),
        pulled=lambda x, bar: {"tau": -bar["tau"] * x["tau"]},
    ),
}


@reference(
    args={
        "query": real("B", "D", kind=DATA, meaning="q, one for each pair"),
        "key": real("B", "D", kind=DATA, meaning="k, of each pair: that of its query, a negative of others"),
        "tau": positive(meaning="τ, the temperature"),
    },
    wrt=("query", "key", "tau"),
    result=real(meaning="J, the mean over queries"),
    source="oord2018representation",
    bounds={"B": Bound(1, why="a choice among no keys is none")},
    exchanges=EXCHANGES,
)
def info_nce(query: Array, key: Array, tau: Array) -> Result:
    """The cross-entropy of telling a query's own key from those of the others.

        ℓ_ij = ⟨q_i, k_j⟩/τ,   d_ij = ℓ_ij − ℓ_ii                            (1)
        J = −mean_i log softmax(ℓ_i)_i = mean_i log Σ_j e^{d_ij}             (2)

    Cotangents for J_bar, c_bar that of d:

        c_bar_ij = J_bar/B (softmax(d_i)_j − δ_ij)                           (3)
        q_bar_i = Σ_j c_bar_ij k_j / τ,   k_bar_j = Σ_i c_bar_ij q_i / τ     (4)
        τ_bar = −Σ_ij c_bar_ij d_ij / τ                                      (5)

    The own key is one of those in the sum, and τ divides it as well. The softmax is over keys; the mean of both
    directions, in which queries are told from one another too, is a variant. The vectors are taken as they are: who
    wants cosines brings them to length one before. A row of c_bar sums to zero, so that (5) may count from ℓ_ii, and
    what is added to all keys is not seen. No pair has a loss of its own, for each is a negative of the others: B is the
    number of choices and part of the loss, and the expectation of log B − J is at most the information of query and
    key.
    Source: van den Oord, Li & Vinyals (2018), section 2.3; τ as in later work.
    """
    xp = namespace(query)
    many = query.shape[0]
    places = xp.arange(many, device=query.device)
    own = places[:, None] == places[None, :]
    products = query @ key.T / tau
    d = products - xp.sum(xp.where(own, products, 0.0), axis=1)[:, None]      # (1)
    s, to_logits = log_softmax.body(d)
    loss = -xp.sum(xp.where(own, s, 0.0)) / many                              # (2)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        d_bar = to_logits(xp.where(own, -loss_bar / many, 0.0))["logits"]   # (3)
        return {"query": d_bar @ key / tau, "key": d_bar.T @ query / tau,     # (4)
                "tau": -xp.sum(d_bar * d) / tau}                              # (5)

    return loss, pullback
