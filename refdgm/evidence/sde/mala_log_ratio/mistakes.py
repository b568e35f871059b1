"""Mistakes in the ratio of a Langevin proposal. ε = η/2 is a convention, as energies are."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner
from refdgm.sde.mala_log_ratio import mala_log_ratio

BODY = mala_log_ratio.body
PATH = ("gradient.x", "gradient.y", "gradient.score_x", "gradient.score_y")
OF_PROPOSAL = ("value", *PATH, "gradient.step")
DENSITIES = ("gradient.log_density_x", "gradient.log_density_y")


def squares(args: Any, back: tuple[float, float, float], there: tuple[float, float, float], power: int = 1,
            over: float = 2.0, densities: float = 1.0, share: float = 1.0) -> Any:
    """densities · (ℓ_y − ℓ_x) − share · (‖a d + b η s_y + c η s_x‖² of `back` − that of `there`) / (over · η^power),
    rightly differentiated."""
    x, y, score_x, score_y, log_density_x, log_density_y, step = args
    xp, d = namespace(x), y - x
    rows = [(a * d + b * step * score_y + c * step * score_x, (a, b, c), sign)
            for (a, b, c), sign in ((back, -share), (there, share))]
    scale = 1 / (over * step**power)
    total = sum(sign * inner(row, row) for row, _, sign in rows)
    value = densities * (log_density_y - log_density_x) + scale * total

    def pullback(bar: Array) -> dict[str, Array]:
        d_bar, x_bar, y_bar = 0 * d, 0 * d, 0 * d
        step_bar = -power * xp.sum(bar * total) * scale / step
        for row, (a, b, c), sign in rows:
            row_bar = against(2 * sign * scale * bar, x) * row
            d_bar, x_bar, y_bar = d_bar + a * row_bar, x_bar + c * step * row_bar, y_bar + b * step * row_bar
            step_bar = step_bar + xp.sum(row_bar * (b * score_y + c * score_x))
        return {"x": -d_bar, "y": d_bar, "score_x": x_bar, "score_y": y_bar, "log_density_x": -densities * bar,
                "log_density_y": densities * bar, "step": step_bar}

    return value, pullback


BACK, THERE = (1.0, 0.5, 0.0), (1.0, 0.0, -0.5)


@mistake(mala_log_ratio, seen="blackjax-devs/blackjax #653")
def ways_exchanged(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array, log_density_y: Array,
                   step: Array) -> Any:
    """−A: the energy of the way there where that of the way back belongs, and the other way round."""
    args = x, y, score_x, score_y, log_density_x, log_density_y, step
    return squares(args, BACK, THERE, densities=-1.0, share=-1.0)


@mistake(mala_log_ratio, *OF_PROPOSAL)
def proposals_exchanged(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array,
                        log_density_y: Array, step: Array) -> Any:
    """log q(y|x) − log q(x|y): the proposal's densities are exchanged and the target's are not."""
    return squares((x, y, score_x, score_y, log_density_x, log_density_y, step), BACK, THERE, share=-1.0)


@mistake(mala_log_ratio, *OF_PROPOSAL, seen="Ciela-Institute/caustics #388")
def no_proposal(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array, log_density_y: Array,
                step: Array) -> Any:
    """A = ℓ_y − ℓ_x: right for a proposal that does not care which way it goes, as a random walk's."""
    return squares((x, y, score_x, score_y, log_density_x, log_density_y, step), BACK, THERE, share=0.0)


@mistake(mala_log_ratio, *OF_PROPOSAL)
def back_by_the_score_at_x(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array,
                           log_density_y: Array, step: Array) -> Any:
    """The way back is drawn with the score at x: ‖x − y − (η/2) s_x‖²."""
    return squares((x, y, score_x, score_y, log_density_x, log_density_y, step), (1.0, 0.0, 0.5), THERE)


@mistake(mala_log_ratio, "value", "gradient.x", "gradient.y", "gradient.score_y")
def back_against_the_score(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array,
                           log_density_y: Array, step: Array) -> Any:
    """The way back runs down: ‖x − y + (η/2) s_y‖²."""
    return squares((x, y, score_x, score_y, log_density_x, log_density_y, step), (1.0, -0.5, 0.0), THERE)


@mistake(mala_log_ratio, *OF_PROPOSAL)
def full_drifts(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array, log_density_y: Array,
                step: Array) -> Any:
    """q has the mean x + η s and the variance η: the drift of one convention with the noise of the other."""
    return squares((x, y, score_x, score_y, log_density_x, log_density_y, step), (1.0, 1.0, 0.0), (1.0, 0.0, -1.0))


@mistake(mala_log_ratio, *OF_PROPOSAL)
def variance_doubled(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array, log_density_y: Array,
                     step: Array) -> Any:
    """The squares are divided by 4η with half drifts: the noise of one convention with the drift of the other."""
    return squares((x, y, score_x, score_y, log_density_x, log_density_y, step), BACK, THERE, over=4.0)


@mistake(mala_log_ratio, *OF_PROPOSAL)
def step_is_the_deviation(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array,
                          log_density_y: Array, step: Array) -> Any:
    """The squares are divided by 2η², as if η were the deviation of the noise."""
    return squares((x, y, score_x, score_y, log_density_x, log_density_y, step), BACK, THERE, power=2)


@mistake(mala_log_ratio, "value", *DENSITIES)
def densities_exchanged(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array,
                        log_density_y: Array, step: Array) -> Any:
    """ℓ_x − ℓ_y: energies where log-densities belong, with the scores of log-densities."""
    return squares((x, y, score_x, score_y, log_density_x, log_density_y, step), BACK, THERE, densities=-1.0)


@mistake(mala_log_ratio, "gradient.step")
def step_of_the_means_alone(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array,
                            log_density_y: Array, step: Array) -> Any:
    """η_bar of the means of q: that it is its variance too is forgotten."""
    ratio, right = BODY(x, y, score_x, score_y, log_density_x, log_density_y, step)
    slope = inner(y - x + step / 2 * score_y, score_y) + inner(y - x - step / 2 * score_x, score_x)
    return ratio, lambda bar: right(bar) | {"step": -namespace(x).sum(bar * slope) / (2 * step)}


@mistake(mala_log_ratio, "gradient.score_x", "gradient.score_y")
def scores_detached(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array, log_density_y: Array,
                    step: Array) -> Any:
    """The scores are computed without gradient."""
    ratio, right = BODY(x, y, score_x, score_y, log_density_x, log_density_y, step)
    return ratio, lambda bar: right(bar) | {"score_x": 0 * x, "score_y": 0 * y}


@mistake(mala_log_ratio, "gradient.x")
def state_held(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array, log_density_y: Array,
               step: Array) -> Any:
    """x_bar of the way there alone: the mean x + (η/2) s_x is differentiated, where the way back ends is not."""
    ratio, right = BODY(x, y, score_x, score_y, log_density_x, log_density_y, step)
    return ratio, lambda bar: right(bar) | {"x": against(-bar / step, x) * (y - x - step / 2 * score_x)}


@mistake(mala_log_ratio, *DENSITIES)
def densities_detached(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array,
                       log_density_y: Array, step: Array) -> Any:
    """The log-densities are computed without gradient."""
    ratio, right = BODY(x, y, score_x, score_y, log_density_x, log_density_y, step)
    return ratio, lambda bar: right(bar) | {"log_density_x": 0 * bar, "log_density_y": 0 * bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(mala_log_ratio, blind=True)
def cut_off(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array, log_density_y: Array,
            step: Array) -> Any:
    """min(A, 0): the logarithm of the probability; right where the way back is less likely."""
    ratio, right = BODY(x, y, score_x, score_y, log_density_x, log_density_y, step)
    below = namespace(x).astype(ratio < 0, ratio.dtype)
    return below * ratio, lambda bar: right(below * bar)


@mistake(mala_log_ratio, blind=True)
def decided_together(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array, log_density_y: Array,
                     step: Array) -> Any:
    """The ratios of all examples are added up, and all have the sum; right for one example."""
    xp = namespace(x)
    ratio, right = BODY(x, y, score_x, score_y, log_density_x, log_density_y, step)
    return xp.sum(ratio) + 0 * ratio, lambda bar: right(xp.sum(bar) + 0 * bar)


@mistake(mala_log_ratio, *OF_PROPOSAL, blind=True)
def mean_of_squares(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array, log_density_y: Array,
                    step: Array) -> Any:
    """The squares of the proposal are averaged over components, where a density multiplies; right for one component."""
    args = x, y, score_x, score_y, log_density_x, log_density_y, step
    return squares(args, BACK, THERE, share=1 / max(dimension(x), 1))


@mistake(mala_log_ratio, "gradient.step", blind=True)
def step_averaged(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array, log_density_y: Array,
                  step: Array) -> Any:
    """η_bar is a mean over the batch, where what is shared receives the sum; right for one example."""
    ratio, right = BODY(x, y, score_x, score_y, log_density_x, log_density_y, step)
    return ratio, lambda bar: (g := right(bar)) | {"step": g["step"] / max(x.shape[0], 1)}
