"""The slope of an expectation by the logarithm of the law that is drawn from."""

from collections.abc import Mapping

from refdgm.declaration.domain import DATA, real, scale
from refdgm.declaration.symbols import Bound, Some
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference

LOG_PROB = real("B", "R", meaning="log q of each draw")
COST = "f, what each draw costs"


def held_weights(held: Mapping[str, Array], log_prob: Array, cost: Array, baseline: Array) -> Array:
    """What `score_function_estimator` differentiates: mean f + sg(f − b) (log q − sg(log q))."""
    weight = held["cost"] - held["baseline"][:, None]
    return namespace(cost).mean(cost + weight * (log_prob - held["log_prob"]), axis=-1)


@reference(
    args={
        "log_prob": LOG_PROB,
        "cost": real("B", "R", meaning=COST, nonempty=("R", Some("draw", "a mean over none is no number"))),
        "baseline": real("B", kind=DATA, meaning="b, a number that does not know the draws; 0 for none"),
    },
    wrt=("log_prob", "cost"),
    result=real("B", meaning="J, the mean cost"),
    source="williams1992reinforce",
    derivative_of=held_weights,
    conventions={"rewards, of which the negative mean is lowered": {"cost": scale(-1.0), "baseline": scale(-1.0)}},
)
def score_function_estimator(log_prob: Array, cost: Array, baseline: Array) -> Result:
    """The mean cost of draws, with the slope of the expectation that it estimates: REINFORCE.

        J = 1/R Σ_r f_r                                                       (1)

    Cotangents for J_bar, that of log q_r and that of f_r:

        J_bar (f_r − b)/R,   f_bar_r = J_bar/R                                (2)

    A draw of a discrete law has no slope in the law's parameters; its probability has, ∂ E f = E f ∂ log q. The
    gradient of log q_r is handed to what made it, a log-softmax or a density, with the draw held. b changes no
    expectation, for E ∂ log q = 0, if it does not depend on the draws of its example: a mean of the costs themselves
    does (`leave_one_out_estimator`). f_bar is for what f depends on otherwise. Not the derivative of its value, as
    `derivative_of` says. Training code often writes mean (f − b) log q with f and b held: another number with the same
    slope.
    Source: Williams (1992), theorem 1; Glynn (1990) for simulation.
    """
    xp = namespace(cost)
    draws = cost.shape[1]
    above = cost - baseline[:, None]

    def pullback(mean_bar: Array) -> dict[str, Array]:
        each = mean_bar[:, None] / draws
        return {"log_prob": each * above, "cost": each + xp.zeros_like(cost)}    # (2)

    return xp.mean(cost, axis=-1), pullback                                   # (1)


def held_others(held: Mapping[str, Array], log_prob: Array, cost: Array) -> Array:
    """What `leave_one_out_estimator` differentiates: mean f + sg(f − b) (log q − sg(log q)), b of the others."""
    xp, f = namespace(cost), held["cost"]
    others = (xp.sum(f, axis=-1, keepdims=True) - f) / (f.shape[1] - 1)
    return xp.mean(cost + (f - others) * (log_prob - held["log_prob"]), axis=-1)


@reference(
    args={"log_prob": LOG_PROB, "cost": real("B", "R", meaning=COST)},
    wrt=("log_prob", "cost"),
    result=real("B", meaning="J, the mean cost"),
    source="kool2019buy",
    derivative_of=held_others,
    bounds={"R": Bound(2, why="each draw is compared with the others; with one use score_function_estimator")},
    conventions={"rewards, of which the negative mean is lowered": {"cost": scale(-1.0)}},
)
def leave_one_out_estimator(log_prob: Array, cost: Array) -> Result:
    """The mean cost of draws, with a slope in which each draw has the mean of the others for its baseline.

        J = 1/R Σ_r f_r,   b_r = 1/(R − 1) Σ_{s≠r} f_s                           (1)

    Cotangents for J_bar, that of log q_r and that of f_r:

        J_bar (f_r − b_r)/R = J_bar (f_r − mean f)/(R − 1),   f_bar_r = J_bar/R  (2)

    b_r does not know draw r, so that the slope has no bias. The mean of all costs does: with it, and R for R − 1, the
    expectation is short by 1 − 1/R. The R draws belong to one example; those of others have other laws. Equal costs
    have a slope of exactly 0. Divided by a standard deviation, as in group-relative policy optimisation, it is another
    estimator.
    Source: Kool, van Hoof & Welling (2019); Mnih & Rezende (2016) for the same baseline in a bound.
    """
    xp = namespace(cost)
    draws = cost.shape[1]
    apart = cost - cost[:, :1]                                                # so that equal costs are exactly 0
    above = apart - xp.mean(apart, axis=-1, keepdims=True)

    def pullback(mean_bar: Array) -> dict[str, Array]:
        return {"log_prob": mean_bar[:, None] / (draws - 1) * above,          # (2)
                "cost": mean_bar[:, None] / draws + xp.zeros_like(cost)}

    return xp.mean(cost, axis=-1), pullback                                   # (1)
