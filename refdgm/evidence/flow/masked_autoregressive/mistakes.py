"""Mistakes in masked autoregressive flows and in their inverses."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.flow.in_turn import Step, Triple, one_by_one
from refdgm.flow.masked_autoregressive import log_scale, masked_autoregressive, masked_autoregressive_inverse
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field

Theta = dict[str, Array]
Point = Callable[[Array, Array, Array], Array]
Slopes = Callable[[Array, Array, Array], Triple]
DATA = "gradient.x", "gradient.scale_theta"
NOISE = "gradient.z", "gradient.shift_theta", "gradient.scale_theta"


def exp(a: Array) -> Array:
    return namespace(a).exp(a)


def scaled(x: Array, mu: Array, alpha: Array) -> Array:
    return (x - mu) * exp(-alpha)


def slopes(x: Array, mu: Array, alpha: Array) -> Triple:
    """∂z/∂x, ∂z/∂μ, ∂z/∂α, component by component."""
    return exp(-alpha), -exp(-alpha), -scaled(x, mu, alpha)


def flow(x: Array, shift_theta: Theta, scale_theta: Theta, conditioner: Field, scale: str, value: Point = scaled,
         by: Slopes = slopes, counted: Any = -1.0, learnt: Slopes | None = None, log_det: float = 1.0,
         bound: bool = True, networks: tuple[float, float] = (1.0, 1.0)) -> Any:
    """As `masked_autoregressive`, with another point, counted log-scales, or gradient: `learnt` are the slopes that the
    networks are told, `log_det` times ℓ_bar with them, `bound` whether with tanh's, `networks` times what x_bar has of
    them."""
    xp = namespace(x)
    mu, of_shift = conditioner.vjp(x, shift_theta)
    a, of_scale = conditioner.vjp(x, scale_theta)
    alpha, slope = log_scale(a, scale)
    slope = slope if bound else 0 * slope + 1

    def pullback(z_bar: Array, log_det_bar: Array) -> dict[str, Any]:
        _, by_mu, by_alpha = (learnt or by)(x, mu, alpha)
        first = of_shift(z_bar * by_mu)
        second = of_scale(slope * (z_bar * by_alpha + log_det * counted * log_det_bar[:, None]))
        direct = z_bar * by(x, mu, alpha)[0]
        return {"x": direct + networks[0] * first["x"] + networks[1] * second["x"],
                "shift_theta": first["theta"], "scale_theta": second["theta"]}

    return (value(x, mu, alpha), xp.sum(counted * alpha, axis=1)), pullback


def but_one(x: Array, d: int) -> Array:
    """Ones, and a zero at component d."""
    xp = namespace(x)
    return xp.astype(xp.arange(x.shape[1], device=x.device) != d % max(x.shape[1], 1), x.dtype)


# From data to noise: wrong equations, rightly differentiated


@mistake(masked_autoregressive, "z", *(f"gradient.{name}" for name in masked_autoregressive.wrt))
def shift_after_scale(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """z = x e^{−α} − μ: the inverse of (x + μ) e^α, not of μ + z e^α."""
    return flow(x, shift_theta, scale_theta, conditioner, scale, lambda x, mu, alpha: x * exp(-alpha) - mu,
                lambda x, mu, alpha: (exp(-alpha), 0 * mu - 1, -x * exp(-alpha)))


@mistake(masked_autoregressive, "log_det", *DATA)
def log_det_sign(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """ℓ = Σ α: that of the way back, with the point of the way there."""
    return flow(x, shift_theta, scale_theta, conditioner, scale, counted=1.0)


@mistake(masked_autoregressive, "log_det", *DATA)
def log_det_averaged(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """The mean of the log-scales for their sum; right for one component."""
    return flow(x, shift_theta, scale_theta, conditioner, scale, counted=-1.0 / max(x.shape[1], 1))


@mistake(masked_autoregressive, "z", *(f"gradient.{name}" for name in masked_autoregressive.wrt))
def half_a_log_variance(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """e^{−α/2} in the point, as of log-variances, and all of α in ℓ, as of log-deviations."""
    return flow(x, shift_theta, scale_theta, conditioner, scale, lambda x, mu, alpha: scaled(x, mu, alpha / 2),
                lambda x, mu, alpha: (exp(-alpha / 2), -exp(-alpha / 2), -scaled(x, mu, alpha / 2) / 2))


@mistake(masked_autoregressive)
def networks_exchanged(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """What the one network says is taken for the shift, and it was the log-scale: two halves of one output, the wrong
    way round."""
    outputs, back = masked_autoregressive.body(x, scale_theta, shift_theta, conditioner=conditioner, scale=scale)
    return outputs, lambda *bars: (g := back(*bars)) | {"shift_theta": g["scale_theta"],
                                                        "scale_theta": g["shift_theta"]}


@mistake(masked_autoregressive)
def networks_at_the_noise(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """μ and α are asked at z, component after component: the inverse autoregressive flow, another density."""
    step = Step(lambda x, mu, grow: (x - mu) / grow,
                lambda x, mu, grow: (1 / grow, -1 / grow, -(x - mu) / grow), sign=-1.0)
    outputs, back = one_by_one(x, shift_theta, scale_theta, conditioner, scale, step)
    return outputs, lambda *bars: {"x" if name == "z" else name: g for name, g in back(*bars).items()}


# From data to noise: the values are right, a gradient is not


@mistake(masked_autoregressive, "gradient.x")
def networks_held(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """x_bar = e^{−α} z_bar alone: what the networks see is taken for a constant."""
    return flow(x, shift_theta, scale_theta, conditioner, scale, networks=(0.0, 0.0))


@mistake(masked_autoregressive, "gradient.x")
def scale_network_held(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """x_bar without the pullback of the log-scales."""
    return flow(x, shift_theta, scale_theta, conditioner, scale, networks=(1.0, 0.0))


@mistake(masked_autoregressive, *DATA)
def log_det_learns_nothing(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """ℓ_bar reaches no network: the scales shrink what they can, for nothing holds them."""
    return flow(x, shift_theta, scale_theta, conditioner, scale, log_det=0.0)


@mistake(masked_autoregressive, *DATA)
def scale_told_the_data(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """a_bar with x e^{−α} for z: e^{−α} is differentiated as if it met x before the shift."""
    return flow(x, shift_theta, scale_theta, conditioner, scale,
                learnt=lambda x, mu, alpha: (exp(-alpha), -exp(-alpha), -x * exp(-alpha)))


@mistake(masked_autoregressive, "gradient.x", "gradient.shift_theta")
def shift_learns_upwards(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """The pullback of m at +e for −e."""
    return flow(x, shift_theta, scale_theta, conditioner, scale,
                learnt=lambda x, mu, alpha: (exp(-alpha), exp(-alpha), -scaled(x, mu, alpha)))


@mistake(masked_autoregressive, *DATA)
def bound_without_its_slope(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                            scale: str) -> Any:
    """α′ = 1 where α is a tanh; right without a bound."""
    return flow(x, shift_theta, scale_theta, conditioner, scale, bound=False)


# From noise to data: wrong equations, rightly differentiated


@mistake(masked_autoregressive_inverse)
def scale_after_shift(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """x = (z + μ) e^α: the order of the way there."""
    return one_by_one(z, shift_theta, scale_theta, conditioner, scale, Step(
        lambda z, mu, grow: (z + mu) * grow, lambda z, mu, grow: (grow, grow, (z + mu) * grow)))


@mistake(masked_autoregressive_inverse, "x", *NOISE)
def last_component_left_at_zero(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                                scale: str) -> Any:
    """The loop runs D − 1 times, and the last component is what it was made of."""
    step = Step(order=lambda many: list(range(many - 1)))
    (x, log_det), back = one_by_one(z, shift_theta, scale_theta, conditioner, scale, step)
    return (x * but_one(z, -1), log_det), lambda x_bar, log_det_bar: back(x_bar * but_one(z, -1), log_det_bar)


@mistake(masked_autoregressive_inverse, "log_det", *NOISE)
def log_det_at_the_start(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """ℓ of the first evaluation, at zeros."""
    return one_by_one(z, shift_theta, scale_theta, conditioner, scale, Step(counted=0))


@mistake(masked_autoregressive_inverse)
def asked_once_at_the_noise(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                            scale: str) -> Any:
    """x = μ(z) + z e^{α(z)}, at once: the fast way of another flow, and the inverse of none that was asked for."""
    outputs, back = flow(z, shift_theta, scale_theta, conditioner, scale, lambda z, mu, alpha: mu + z * exp(alpha),
                         lambda z, mu, alpha: (exp(alpha), 0 * mu + 1, z * exp(alpha)), counted=1.0)
    return outputs, lambda *bars: {"z" if name == "x" else name: g for name, g in back(*bars).items()}


# From noise to data: the values are right, a gradient is not


def inverse(z: Array, shift_theta: Theta, scale_theta: Theta, conditioner: Field, scale: str, bound: bool = True,
            grown: bool = True, sign: float = 1.0, sweeps: int | None = None, log_det: tuple[float, float] = (1.0, 1.0),
            direct: tuple[str, ...] = ()) -> Any:
    """As `masked_autoregressive_inverse`, with another pullback: `log_det` times ℓ_bar in the system and in θ_bar,
    `sign` times what comes from later components, `sweeps` of the whole for one component after the other; x_bar for v
    in `direct`."""
    xp, body = namespace(z), masked_autoregressive_inverse.body
    outputs, _ = body(z, shift_theta, scale_theta, conditioner=conditioner, scale=scale)
    _, of_shift = conditioner.vjp(outputs[0], shift_theta)
    a, of_scale = conditioner.vjp(outputs[0], scale_theta)
    alpha, slope = log_scale(a, scale)
    slope = slope if bound else 0 * slope + 1
    by_alpha = z * xp.exp(alpha) if grown else z

    def pullback(x_bar: Array, log_det_bar: Array) -> dict[str, Any]:
        a_bar = lambda v, of: slope * (v * by_alpha + log_det[of] * log_det_bar[:, None])
        v = x_bar
        for _ in range(z.shape[1] if sweeps is None else sweeps):
            v = x_bar + sign * (of_shift(v)["x"] + of_scale(a_bar(v, 0))["x"])
        at = lambda name: x_bar if name in direct else v
        return {"z": xp.exp(alpha) * at("z"), "shift_theta": of_shift(at("shift_theta"))["theta"],
                "scale_theta": of_scale(a_bar(at("scale_theta"), 1))["theta"]}

    return outputs, pullback


@mistake(masked_autoregressive_inverse, "gradient.shift_theta", "gradient.scale_theta")
def theta_of_the_last_pass(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                           scale: str) -> Any:
    """θ_bar from the networks' last evaluation with x_bar for v: a component moves those after it, and that is not
    learnt."""
    return inverse(z, shift_theta, scale_theta, conditioner, scale, direct=("shift_theta", "scale_theta"))


@mistake(masked_autoregressive_inverse, "gradient.z")
def noise_moves_its_component_alone(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                                    scale: str) -> Any:
    """z_bar = e^α x_bar: the diagonal of the triangle for the triangle."""
    return inverse(z, shift_theta, scale_theta, conditioner, scale, direct=("z",))


@mistake(masked_autoregressive_inverse, *NOISE)
def log_det_not_in_the_system(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                              scale: str) -> Any:
    """ℓ_bar reaches θ_a, and not the components on which α depends."""
    return inverse(z, shift_theta, scale_theta, conditioner, scale, log_det=(0.0, 1.0))


@mistake(masked_autoregressive_inverse, "gradient.scale_theta")
def log_det_not_in_theta(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """ℓ_bar reaches the components, and not θ_a by itself."""
    return inverse(z, shift_theta, scale_theta, conditioner, scale, log_det=(1.0, 0.0))


@mistake(masked_autoregressive_inverse, *NOISE)
def slope_of_the_exponent_forgotten(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                                    scale: str) -> Any:
    """a_bar = v z + ℓ_bar for v z e^α + ℓ_bar."""
    return inverse(z, shift_theta, scale_theta, conditioner, scale, grown=False)


@mistake(masked_autoregressive_inverse, *NOISE, name="bound_without_its_slope")
def inverse_bound_without_its_slope(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                                    scale: str) -> Any:
    """α′ = 1 where α is a tanh; right without a bound."""
    return inverse(z, shift_theta, scale_theta, conditioner, scale, bound=False)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(masked_autoregressive, "z", *(f"gradient.{name}" for name in masked_autoregressive.wrt), blind=True,
         seen="gpapamak/maf #5")
def scaled_twice(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """What is scaled already is scaled once more, and counted once in ℓ."""
    return flow(x, shift_theta, scale_theta, conditioner, scale, lambda x, mu, alpha: scaled(x, mu, 2 * alpha),
                lambda x, mu, alpha: (exp(-2 * alpha), -exp(-2 * alpha), -2 * scaled(x, mu, 2 * alpha)))


@mistake(masked_autoregressive, blind=True)
def first_component_passed_through(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                                   scale: str) -> Any:
    """z_1 = x_1, for there is nothing to condition it on: its two biases play no part."""
    rest = but_one(x, 0)
    return flow(x, shift_theta, scale_theta, conditioner, scale,
                lambda x, mu, alpha: scaled(x, rest * mu, rest * alpha),
                lambda x, mu, alpha: (exp(-rest * alpha), -rest * exp(-alpha), -rest * scaled(x, mu, alpha)),
                counted=-rest)


@mistake(masked_autoregressive, "log_det", *DATA, blind=True)
def last_log_scale_not_counted(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                               scale: str) -> Any:
    """The sum over the log-scales ends before its last term."""
    return flow(x, shift_theta, scale_theta, conditioner, scale, counted=-but_one(x, -1))


@mistake(masked_autoregressive, "gradient.scale_theta", blind=True)
def scale_gradient_averaged(x: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                            scale: str) -> Any:
    """θ_bar_a is a mean over the batch, θ_bar_m a sum; right for one example."""
    outputs, back = masked_autoregressive.body(x, shift_theta, scale_theta, conditioner=conditioner, scale=scale)
    return outputs, lambda *bars: (g := back(*bars)) | {
        "scale_theta": {n: e / max(x.shape[0], 1) for n, e in g["scale_theta"].items()}}


@mistake(masked_autoregressive_inverse, "log_det", *NOISE, blind=True, seen="ikostrikov/pytorch-flows #16",
         name="log_det_sign")
def inverse_log_det_sign(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field, scale: str) -> Any:
    """ℓ = −Σ α in the inverse too."""
    return one_by_one(z, shift_theta, scale_theta, conditioner, scale, Step(sign=-1.0))


@mistake(masked_autoregressive_inverse, blind=True, seen="rll/deepul #10")
def filled_in_another_order(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                            scale: str) -> Any:
    """The components are drawn from the last to the first, against the order of the masks: none sees another."""
    step = Step(order=lambda many: list(range(many - 1, -1, -1)))
    return one_by_one(z, shift_theta, scale_theta, conditioner, scale, step)


@mistake(masked_autoregressive_inverse, "log_det", *NOISE, blind=True)
def log_det_an_evaluation_too_early(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                                    scale: str) -> Any:
    """ℓ of the last evaluation but one: the last log-scale has not seen the component before it; right for D = 1."""
    return one_by_one(z, shift_theta, scale_theta, conditioner, scale, Step(counted=max(z.shape[1] - 2, 0)))


@mistake(masked_autoregressive_inverse, *NOISE, blind=True)
def one_sweep_of_the_system(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                            scale: str) -> Any:
    """v = x_bar + the pullbacks at x_bar, once for all components; right for D ≤ 2."""
    return inverse(z, shift_theta, scale_theta, conditioner, scale, sweeps=1)


@mistake(masked_autoregressive_inverse, *NOISE, blind=True)
def system_with_the_sign_of_the_other_way(z: Array, shift_theta: Theta, scale_theta: Theta, *, conditioner: Field,
                                          scale: str) -> Any:
    """v_d = x_bar_d − …: the minus of x − μ stands in the system of μ + z e^α."""
    return inverse(z, shift_theta, scale_theta, conditioner, scale, sign=-1.0)
