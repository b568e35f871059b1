"""Mistakes in the step of DPM-Solver++(2M)."""

from typing import Any

from refdgm.diffusion.dpm_solver_pp_2m_step import dpm_solver_pp_2m_step
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against

STEP = dpm_solver_pp_2m_step.body
DATA = ("value", "gradient.x0", "gradient.x0_prev")


def weights(lam: Array, step: Array, process: str) -> tuple[Array, Array, Array]:
    """σ′/σ, α′ and α."""
    xp = namespace(lam)
    one = xp.ones_like(lam)
    if process == "ve":
        return xp.exp(-step), one, one
    n = xp.sqrt((xp.exp(2 * lam) + xp.exp(-2 * step)) / (1 + xp.exp(2 * lam)))
    alpha = 1 / xp.sqrt(1 + xp.exp(-2 * lam))
    return xp.exp(-step) / n, alpha / n, alpha


def weighed(args: tuple[Array, Array, Array], of_x: Array, of_data: Array, share: Array) -> Any:
    """k x + a (x₀ + c (x₀ − x₀⁻)), rightly differentiated."""
    x, x0, x0_prev = args
    k, a, c = (against(number, x) for number in (of_x, of_data, share))
    return k * x + a * (x0 + c * (x0 - x0_prev)), lambda bar: {
        "x": k * bar, "x0": (1 + c) * a * bar, "x0_prev": -c * a * bar}


def with_data(args: tuple[Array, Array, Array], step: Any, of_data: Any = None, share: Any = None) -> Any:
    """The right weight of x, and another of the data or of the extrapolation; `step` is (λ, h, h₀, process)."""
    lam, h, before, process = step
    xp = namespace(lam)
    k, alpha, _ = weights(lam, h, process)
    x = args[0]
    right = STEP(*args, lam, h, before, process=process)
    value, back = weighed(args, k, -alpha * xp.expm1(-h) if of_data is None else of_data,
                          h / (2 * before) if share is None else share)
    return value, lambda bar: back(bar) | {"x": right[1](bar)["x"] + 0 * x}


@mistake(dpm_solver_pp_2m_step, *DATA)
def ratio_upside_down(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """c = h₀/(2h): r in place of 1/r. Right for equal steps, and of order two wherever steps change slowly."""
    return with_data((x, x0, x0_prev), (lam, step, step_prev, process), share=step_prev / (2 * step))


@mistake(dpm_solver_pp_2m_step, *DATA)
def extrapolated_to_the_end(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """c = h/h₀: the prediction at the end of the step, not at its middle."""
    return with_data((x, x0, x0_prev), (lam, step, step_prev, process), share=step / step_prev)


@mistake(dpm_solver_pp_2m_step, *DATA)
def extrapolated_backwards(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """x₀ + c (x₀⁻ − x₀): towards the step before."""
    return with_data((x, x0, x0_prev), (lam, step, step_prev, process), share=-step / (2 * step_prev))


@mistake(dpm_solver_pp_2m_step, *DATA)
def data_of_the_old_time(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """α for α′; right for ve, where both are one."""
    of_data = -weights(lam, step, process)[2] * namespace(x).expm1(-step)
    return with_data((x, x0, x0_prev), (lam, step, step_prev, process), of_data)


@mistake(dpm_solver_pp_2m_step, *DATA)
def sign_of_the_data(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """+α′ (e^{−h} − 1) D, which is negative: the data are subtracted."""
    value, right = STEP(x, -x0, -x0_prev, lam, step, step_prev, process=process)
    return value, lambda bar: {name: g if name == "x" else -g for name, g in right(bar).items()}


@mistake(dpm_solver_pp_2m_step, "value", "gradient.x")
def state_scaled_the_wrong_way(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """σ/σ′ x for σ′/σ x: the noise grows."""
    value, right = STEP(x, x0, x0_prev, lam, step, step_prev, process=process)
    k = against(weights(lam, step, process)[0], x)
    return value + (1 / k - k) * x, lambda bar: right(bar) | {"x": bar / k}


@mistake(dpm_solver_pp_2m_step, "gradient.x0")
def extrapolation_detached(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """x_bar₀ = P: the difference of the predictions is taken without gradient."""
    value, right = STEP(x, x0, x0_prev, lam, step, step_prev, process=process)
    return value, lambda bar: (g := right(bar)) | {"x0": g["x0"] + g["x0_prev"]}


@mistake(dpm_solver_pp_2m_step, "gradient.x")
def state_gradient_by_the_step_alone(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """x_bar = α′/α y_bar, of a state that is scaled like the signal, where it shrinks like the noise."""
    value, right = STEP(x, x0, x0_prev, lam, step, step_prev, process=process)
    _, after, alpha = weights(lam, step, process)
    return value, lambda bar: right(bar) | {"x": against(after / alpha, x) * bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(dpm_solver_pp_2m_step, *DATA, seen="crowsonkb/k-diffusion #56", blind=True)
def length_of_the_step_before(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """e^{−h₀} − 1 in the weight of the data: less blur, of another equation; right for equal steps."""
    of_data = -weights(lam, step, process)[1] * namespace(x).expm1(-step_prev)
    return with_data((x, x0, x0_prev), (lam, step, step_prev, process), of_data)


@mistake(dpm_solver_pp_2m_step, "gradient.x0_prev", blind=True)
def kept_prediction_without_a_graph(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """The prediction of the step before has been stored detached: x₀⁻ receives nothing."""
    value, right = STEP(x, x0, x0_prev, lam, step, step_prev, process=process)
    return value, lambda bar: right(bar) | {"x0_prev": 0 * bar}


@mistake(dpm_solver_pp_2m_step, *DATA, blind=True)
def first_order_alone(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """D = x₀: the first order at every step, as where the count of predictions is never raised."""
    return with_data((x, x0, x0_prev), (lam, step, step_prev, process), share=0 * step)


@mistake(dpm_solver_pp_2m_step, *DATA, blind=True)
def length_for_its_exponential(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """α′ h D: Euler's step in λ for the linear part that can be integrated exactly."""
    of_data = weights(lam, step, process)[1] * step
    return with_data((x, x0, x0_prev), (lam, step, step_prev, process), of_data)


@mistake(dpm_solver_pp_2m_step, blind=True)
def whole_logarithm_of_the_ratio(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """λ is taken for log(α²/σ²): α² = 1/(1 + e^{−λ}), and σ = e^{−λ/2} for ve."""
    return STEP(x, x0, x0_prev, lam / 2, step / 2, step_prev / 2, process=process)


@mistake(dpm_solver_pp_2m_step, blind=True)
def times_of_the_first_example(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """The λ and h of the first example serve the whole batch; right for the equal times of a sampler."""
    args = (lam[:1] + 0 * lam, step[:1] + 0 * step, step_prev[:1] + 0 * step_prev)
    return STEP(x, x0, x0_prev, *args, process=process)
